"""/session: a complete line posts at once, with Undo; one that lacks something is completed."""

from dataclasses import replace
from datetime import timedelta

from bots.chat import Turn
from bots.flows.hosting_parts import target_of
from bots.flows.lengths import read_length
from bots.flows.sessions.members import find_all
from bots.flows.sessions.parts import SessionParts, packed, unpacked, view_of
from bots.flows.sessions.planning import Plan, read_plan
from bots.flows.sessions.posting import Posting
from bots.flows.turns import press_of, reader_of, typed_line, typed_text
from bots.router import Router
from scheduling.errors import HoursRefused, InputRefused, NotOrganizer, SlotRefused
from scheduling.grammar.session_line import SessionLine, SessionNotUnderstood, parse_session
from scheduling.grammar.when import When, WhenNotUnderstood, parse_when
from scheduling.moments import from_seconds
from scheduling.people import Recipient
from scheduling.ports import Draft
from wording import session_answers as words
from wording.refusals import not_understood, sentence
from wording.times import Reader

FLOW = "session"
LINE = "sessionl"
_ZONE = "session"
_LONGEST = timedelta(hours=12)


class Asking:
    """Reads what is wanted, asks for what is missing, and posts."""

    def __init__(self, parts: SessionParts) -> None:
        self._parts, self._posting = parts, Posting(parts)

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("session", self.on_command, in_groups=True)
        router.press("slen", self.on_length)
        router.press("sat", self.on_start)
        router.press("sask", self.on_anyway)
        router.press("sweek", self.on_week_after)
        router.press("snew", self.on_new_time, in_groups=True)
        router.press("suse", self.on_use)
        for awaits, read in (
            ("stitle", self.on_title_typed),
            ("slen", self.on_length_typed),
            ("speople", self.on_people_typed),
            ("sstart", self.on_time_typed),
        ):
            router.text(awaits, read)
        self._parts.zones.continue_with(_ZONE, self._after_zone)

    # --- ways in ---

    async def on_command(self, turn: Turn) -> None:
        """Follow a line typed in a group or channel; elsewhere say where it belongs."""
        line, group = typed_line(turn), turn.incoming.group
        if group is None:
            await turn.say(words.only_in_groups(self._reader(turn), line))
            return
        kept = packed(group, line)
        if await self._parts.zones.known(turn, then=_ZONE, text=kept):
            await self.follow_line(turn, group, line)

    async def _after_zone(self, turn: Turn, kept: str) -> None:
        await self.follow_line(turn, *unpacked(kept))

    async def follow_line(self, turn: Turn, group: Recipient, text: str) -> None:
        """Go as far as the line says."""
        reader = self._reader(turn)
        try:
            line = parse_session(text, now=reader.local(reader.now))
            plan = await self._with_people(turn, read_plan(group, line, reader), line)
        except SessionNotUnderstood as error:
            await self._say_not_understood(turn, group, error)
            return
        except HoursRefused as error:
            draft = await self._open(turn, await self._timeless(turn, group, text))
            await self._ask_time(turn, draft, words.span_problem(reader, error.problem))
            return
        await self.go_on(turn, await self._open(turn, plan))

    async def _timeless(self, turn: Turn, group: Recipient, text: str) -> Plan:
        """Return what a line tells besides its time, which cannot be."""
        reader = self._reader(turn)
        line = replace(parse_session(text, now=reader.local(reader.now)), when=None)
        return await self._with_people(turn, read_plan(group, line, reader), line)

    async def _with_people(self, turn: Turn, plan: Plan, line: SessionLine) -> Plan:
        found = await find_all(turn, self._parts.finders, line.people)
        ids = (*plan.people, *(person.id for person in found.people))
        return replace(plan, people=tuple(dict.fromkeys(ids)), unknown=found.unknown)

    async def begin(self, turn: Turn, plan: Plan) -> None:
        """Go on with what is known already, asking for the rest."""
        await self.go_on(turn, await self._open(turn, plan))

    async def _open(self, turn: Turn, plan: Plan) -> Draft:
        return await self._parts.desk.open(turn, FLOW, plan.data)

    async def _say_not_understood(
        self, turn: Turn, group: Recipient, error: SessionNotUnderstood
    ) -> None:
        data = {**Plan(group).data, "line": error.suggestion}
        draft = await self._parts.desk.open(turn, LINE, data)
        reader = self._reader(turn)
        use = words.suggestion(reader, target_of(draft), error.suggestion)
        await self._parts.desk.show(turn, draft, not_understood(error, reader, use=use))

    async def on_use(self, turn: Turn) -> None:
        """Follow the line that was suggested."""
        draft = await self._parts.desk.pressed(turn, LINE)
        if draft is not None:
            await self.follow_line(turn, Plan.of(draft).group, str(draft.data.get("line", "")))

    async def on_new_time(self, turn: Turn) -> None:
        """Ask again for a session that was called off: the same but for its time."""
        view = await view_of(turn, self._parts)
        session = view.session
        if not view.is_organizer:
            raise NotOrganizer(session.organizer_id)
        others = [each for each in view.members if each != session.organizer_id]
        plan = Plan(
            group=session.group,
            title=session.title,
            minutes=session.duration // timedelta(minutes=1),
            people=tuple(others),
            seats=0 if others else session.capacity,
            minimum=session.minimum or 0,
        )
        await self._ask_time(turn, await self._open(turn, plan))

    # --- what is missing ---

    async def go_on(self, turn: Turn, draft: Draft) -> None:
        """Ask for the next thing that is missing, or post."""
        plan = Plan.of(draft)
        if not plan.title:
            await self._ask(turn, draft, "stitle")
        elif not plan.minutes:
            await self._ask(turn, draft, "slen")
        elif not plan.seats and not plan.people:
            await self._ask(turn, draft, "speople")
        elif plan.seats and plan.start is None:
            await self._ask_time(turn, draft)
        else:
            await self._post(turn, draft)

    async def _ask(self, turn: Turn, draft: Draft, awaits: str, problem: str = "") -> None:
        reader, plan = self._reader(turn), Plan.of(draft)
        draft = await self._parts.desk.save(draft, plan.data, awaits=awaits)
        if awaits == "slen":
            shown = words.need_length(reader, target_of(draft), plan.title, problem)
        elif awaits == "speople":
            shown = words.need_people(reader, plan.title, plan.unknown, problem)
        else:
            shown = words.need_title(reader, problem)
        await self._parts.desk.show(turn, draft, shown)

    async def _ask_time(self, turn: Turn, draft: Draft, problem: str = "") -> None:
        plan = Plan.of(draft)
        draft = await self._parts.desk.save(draft, plan.data, awaits="sstart")
        message = words.need_start(self._reader(turn), plan.title, problem)
        await self._parts.desk.show(turn, draft, message)

    async def on_title_typed(self, turn: Turn, draft: Draft) -> None:
        """Take the title."""
        title = " ".join(typed_text(turn).split())[:200]
        await self._store(turn, draft, replace(Plan.of(draft), title=title))

    async def on_length(self, turn: Turn) -> None:
        """Take one of the lengths offered."""
        if draft := await self._fresh(turn):
            minutes = press_of(turn).argument
            plan = Plan.of(draft)
            if minutes.isdecimal() and int(minutes) in words.LENGTHS:
                plan = replace(plan, minutes=int(minutes))
            await self._store(turn, draft, plan)

    async def on_length_typed(self, turn: Turn, draft: Draft) -> None:
        """Take a length that was typed."""
        length = read_length(typed_text(turn))
        minutes = length // timedelta(minutes=1) if length and length <= _LONGEST else 0
        await self._store(turn, draft, replace(Plan.of(draft), minutes=minutes))

    async def on_people_typed(self, turn: Turn, draft: Draft) -> None:
        """Take people, or seats for whoever joins."""
        reader, plan = self._reader(turn), Plan.of(draft)
        try:
            line = parse_session(typed_text(turn), now=reader.local(reader.now))
        except SessionNotUnderstood:
            line = SessionLine()
        plan = replace(plan, seats=line.seats or 0, minimum=line.minimum or plan.minimum)
        plan = await self._with_people(turn, plan, line)
        await self._store(turn, draft, plan)

    async def on_time_typed(self, turn: Turn, draft: Draft) -> None:
        """Take a time that was typed."""
        reader, plan = self._reader(turn), Plan.of(draft)
        try:
            when = self._when(turn)
            timed = plan.at(when, reader)
        except WhenNotUnderstood as error:
            draft = await self._parts.desk.save(draft, plan.data, awaits="sstart")
            await self._parts.desk.show(turn, draft, not_understood(error, reader, use=None))
            return
        except HoursRefused as error:
            await self._ask_time(turn, draft, words.span_problem(reader, error.problem))
            return
        await self._store(turn, draft, timed)

    def _when(self, turn: Turn) -> When:
        reader = self._reader(turn)
        return parse_when(typed_text(turn), now=reader.local(reader.now))

    async def on_start(self, turn: Turn) -> None:
        """Take a start that was offered near a taken one."""
        if draft := await self._fresh(turn):
            argument = press_of(turn).argument
            start = from_seconds(int(argument)) if argument.isdecimal() else None
            await self._store(turn, draft, replace(Plan.of(draft), start=start, stretch=None))

    async def _store(self, turn: Turn, draft: Draft, plan: Plan) -> None:
        await self.go_on(turn, await self._parts.desk.save(draft, plan.data))

    async def _fresh(self, turn: Turn) -> Draft | None:
        """Return the pressed draft; a press on an older card shows where things stand."""
        draft = await self._parts.desk.pressed(turn, FLOW)
        if draft is not None and press_of(turn).revision != draft.revision:
            await turn.toast(self._reader(turn).say("odd.over"))
            return None
        return draft

    # --- posting ---

    async def _post(self, turn: Turn, draft: Draft, *, anyway: bool = False) -> None:
        """Post what is complete; what the core refuses of it is asked again."""
        plan = Plan.of(draft)
        try:
            if plan.seats:
                await self._posting.open(turn, draft, plan)
            else:
                await self._posting.ask(turn, draft, plan, anyway=anyway)
        except SlotRefused as error:
            await self._say_taken(turn, draft, plan, error)
        except InputRefused as error:
            await self._say_refused(turn, draft, plan, error)

    async def _say_taken(self, turn: Turn, draft: Draft, plan: Plan, error: SlotRefused) -> None:
        reader = self._reader(turn)
        draft = await self._parts.desk.save(draft, plan.data, awaits="sstart")
        message = words.start_taken(
            reader, target_of(draft), sentence(error, reader), error.alternatives
        )
        await self._parts.desk.show(turn, draft, message)

    async def _say_refused(self, turn: Turn, draft: Draft, plan: Plan, error: InputRefused) -> None:
        """Ask anew for the one thing that cannot be; the rest is kept."""
        reader = self._reader(turn)
        match error.field:
            case "title":
                await self._ask(turn, draft, "stitle", sentence(error, reader))
            case "duration" | "length":
                await self._ask(turn, draft, "slen", reader.say("session.bad_length"))
            case "people":
                fewer = await self._parts.desk.save(draft, replace(plan, people=()).data)
                problem = reader.say("session.too_many_people", count=error.limit or 0)
                await self._ask(turn, fewer, "speople", problem)
            case "seats" | "minimum":
                anew = replace(plan, seats=0, minimum=0)
                fewer = await self._parts.desk.save(draft, anew.data)
                await self._ask(turn, fewer, "speople", reader.say("session.bad_seats"))
            case _:
                far = "too_far" if error.problem == "too_long" else "past"
                await self._ask_time(turn, draft, words.span_problem(reader, far))

    async def on_anyway(self, turn: Turn) -> None:
        """Ask although no time suits all."""
        if draft := await self._fresh(turn):
            await self._post(turn, draft, anyway=True)

    async def on_week_after(self, turn: Turn) -> None:
        """Look seven days later."""
        if draft := await self._fresh(turn):
            plan = Plan.of(draft)
            later = plan.searched(self._reader(turn)).week_after()
            await self._store(turn, draft, replace(plan, start=None, stretch=later))

    # --- small things ---

    def _reader(self, turn: Turn) -> Reader:
        return reader_of(turn, self._parts.clock)
