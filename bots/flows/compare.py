"""/compare @a @b [range]: when several people are all free, in words and as a picture."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bots.chat import Turn
from bots.flows.hosting_parts import drawn, target_of
from bots.flows.sessions.asking import Asking
from bots.flows.sessions.members import find_all
from bots.flows.sessions.parts import SessionParts, packed, unpacked
from bots.flows.sessions.planning import Plan
from bots.flows.turns import press_of, reader_of, typed_line
from bots.router import Router
from scheduling.errors import HoursRefused, InputRefused
from scheduling.grammar.session_line import SessionNotUnderstood, parse_session
from scheduling.moments import Interval, local_day
from scheduling.people import Person, Platform, Recipient
from scheduling.ports import Draft
from scheduling.sessions.model import FreeTimes
from wording import comparing as words
from wording.refusals import not_understood
from wording.session_answers import span_problem
from wording.times import Reader

FLOW = "compare"
_MINUTES = 30
_SHOWN = timedelta(days=7)
_NOWHERE = Recipient(Platform.TELEGRAM, "", "")


@dataclass(frozen=True, slots=True)
class _Shown:
    """Whose time is looked at, and who was named besides."""

    plan: Plan
    hidden: tuple[Person, ...] = ()


class Comparing:
    """Shows common free time of people whose calendars anybody may book."""

    def __init__(self, parts: SessionParts, asking: Asking) -> None:
        self._parts, self._asking = parts, asking

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("compare", self.on_command, in_groups=True)
        router.press("cmpweek", self.on_week_after)
        router.press("cmpask", self.on_ask)
        self._parts.zones.continue_with("compare", self._after_zone)

    async def on_command(self, turn: Turn) -> None:
        """Follow a line such as "@ana @bo next week"."""
        group, line = turn.incoming.group or _NOWHERE, typed_line(turn)
        kept = packed(group, line)
        if await self._parts.zones.known(turn, then="compare", text=kept):
            await self._follow(turn, group, line)

    async def _after_zone(self, turn: Turn, kept: str) -> None:
        await self._follow(turn, *unpacked(kept))

    async def _follow(self, turn: Turn, group: Recipient, text: str) -> None:
        reader = reader_of(turn, self._parts.clock)
        try:
            line = parse_session(text, now=reader.local(reader.now))
            plan = Plan(group, minutes=line.duration or _MINUTES).at(line.when, reader)
        except SessionNotUnderstood as error:
            await turn.show(not_understood(error, reader, use=None))
            return
        except HoursRefused as error:
            await turn.show(words.problem(span_problem(reader, error.problem)))
            return
        found = await find_all(turn, self._parts.finders, line.people)
        open_ids = await self._open_to_all(turn)
        seen = [each for each in found.people if each.id in open_ids]
        hidden = tuple(each for each in found.people if each.id not in open_ids)
        plan = replace(plan, people=tuple(p.id for p in seen), unknown=found.unknown)
        if not seen:
            await turn.show(words.nobody_to_compare(reader, hidden, found.unknown))
            return
        draft = await self._parts.desk.open(turn, FLOW, plan.data)
        await self._show(turn, draft, _Shown(plan, hidden))

    async def _open_to_all(self, turn: Turn) -> set[str]:
        """Return whose calendars anybody here may look into: those of listed coaches."""
        entries = await self._parts.queries.coaches(turn.incoming.organization_id)
        return {entry.person.id for entry in entries}

    async def _show(self, turn: Turn, draft: Draft, shown: _Shown) -> None:
        reader, plan = reader_of(turn, self._parts.clock), shown.plan
        span = _week(plan.searched(reader, whole_days=True).span, reader)
        try:
            found = await self._parts.sessions.free_times(turn.incoming.actor, plan.people, span)
        except InputRefused as error:
            problem = "past" if error.problem == "not_valid" else "too_far"
            await turn.show(words.problem(span_problem(reader, problem)))
            return
        free = _common(found, plan.duration)
        days = _days(span, reader)
        week = words.picture_of(reader, found.people, days, free)
        message = words.free_card(
            reader,
            target_of(draft),
            found,
            days,
            free,
            hidden=shown.hidden,
            unknown=plan.unknown,
            asks=plan.group != _NOWHERE,
        )
        await turn.busy()
        names = words.names(reader, found.people)
        picture = await drawn(week, reader.say("compare.alt", names=names))
        await self._parts.desk.show(turn, draft, replace(message, picture=picture))

    async def on_week_after(self, turn: Turn) -> None:
        """Look seven days later."""
        draft = await self._parts.desk.pressed(turn, FLOW)
        if draft is None:
            return
        reader, plan = reader_of(turn, self._parts.clock), Plan.of(draft)
        later = plan.searched(reader, whole_days=True).week_after()
        plan = replace(plan, start=None, stretch=later)
        await self._show(turn, await self._parts.desk.save(draft, plan.data), _Shown(plan))

    async def on_ask(self, turn: Turn) -> None:
        """Go on to a group session with these people, in the group it was asked in."""
        draft = await self._parts.desk.pressed(turn, FLOW)
        if draft is None or press_of(turn).subject != draft.id:
            return
        reader, plan = reader_of(turn, self._parts.clock), Plan.of(draft)
        if plan.group == _NOWHERE:
            await turn.toast(reader.say("odd.over"))
            return
        titled = replace(plan, minutes=0, title="")
        await self._asking.begin(turn, titled)


def register_compare(router: Router, parts: SessionParts) -> None:
    """Register comparing beside the sessions it leads to."""
    Comparing(parts, Asking(parts)).register(router)


def _week(span: Interval, reader: Reader) -> Interval:
    """Return at most a week of it: what a picture and a message can show."""
    first = reader.local(span.start).date()
    end = local_day(first + _SHOWN - timedelta(days=1), reader.zone).end
    return Interval(span.start, min(span.end, end))


def _days(span: Interval, reader: Reader) -> list[date]:
    first = reader.local(span.start).date()
    last = reader.local(span.end - timedelta(seconds=1)).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _common(found: FreeTimes, least: timedelta) -> list[Interval]:
    """Return when all are free for at least so long, by start."""
    common: list[Interval] | None = None
    for person in found.people:
        own = found.free.get(person.id, ())
        if common is None:
            common = list(own)
            continue
        both = ((a, b) for a in common for b in own if a.overlaps(b))
        common = [Interval(max(a.start, b.start), min(a.end, b.end)) for a, b in both]
    return sorted(each for each in common or () if each.length >= least)
