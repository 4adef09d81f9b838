"""Finding a time together in a window: from a line that lacks something, a message, App Home."""

import asyncio
import re
from dataclasses import replace

from bots.flows.lengths import read_number
from bots.flows.sessions.planning import Plan, read_plan
from bots.flows.turns import typed_line
from bots.slack.modals import session_view as views
from bots.slack.modals.doors import open_shell
from bots.slack.modals.drafts import ModalDrafts, values_of
from bots.slack.modals.notices import over
from bots.slack.modals.parts import SurfaceParts
from bots.slack.modals.session_posting import SessionPosting
from bots.slack.modals.session_view import Wanted
from bots.slack.modals.values import Values
from bots.slack.places import read_place
from bots.slack.surface import Answer, Errors, SlackSurfaces, Surface, Update
from scheduling.errors import DeliveryDeferred, HoursRefused, InputRefused
from scheduling.grammar.session_line import SessionLine, SessionNotUnderstood, parse_session
from scheduling.grammar.when import WhenNotUnderstood, parse_when
from scheduling.ids import PersonId
from scheduling.people import Person, Platform, Recipient
from scheduling.ports import Draft
from scheduling.sessions.model import CommonTimes
from scheduling.text import TITLE_LIMIT, clean
from wording import session_answers as words
from wording.refusals import sentence
from wording.times import Reader

FLOW = views.ASK
TOGETHER = "sb.together"
"""The button in App Home."""
_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,30})(?:\|[^<>]*)?>")
_MOST_TIMES = 3
_FRIDAY = 4
_MOST_PEOPLE = 19


class SessionModal:
    """The window "Find a time together"."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts, self._sessions = parts, parts.sessions
        self._drafts = ModalDrafts(parts.drafts, parts.booking.clock)
        self._posting = SessionPosting(parts)

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens and drives the window."""
        surfaces.command("session", self.on_line, when=self._lacks_something)
        surfaces.action(TOGETHER, self.on_together)
        surfaces.shortcut(views.ASK, self.on_message)
        surfaces.action(views.WEEK, self.on_week_after)
        surfaces.action(views.CHANGE, self.on_change)
        surfaces.submission(views.ASK, self.on_find)
        surfaces.submission(views.FOUND, self._posting.on_post)

    def _lacks_something(self, line: str) -> bool:
        """Say whether the line can be read, and is not all that a session takes."""
        try:
            read = parse_session(line, now=self._parts.booking.clock.now())
        except SessionNotUnderstood:
            return not line.strip()
        if not read.title or not read.duration:
            return True
        if read.seats and not read.people:
            return read.when is None or read.when.at is None
        return not read.people

    # --- opening ---

    async def on_line(self, surface: Surface) -> None:
        """Open it with what the line says."""
        reader = self._reader(surface.incoming.person)
        view_id = await open_shell(surface, reader, reader.say("slack.session_title"))
        if not view_id:
            return
        try:
            line = parse_session(typed_line(surface.turn), now=reader.local(reader.now))
        except SessionNotUnderstood:
            line = SessionLine()
        group = surface.incoming.group
        origin = group.chat_id if group else ""
        plan, fault = self._plan(surface, origin, line, reader)
        users = tuple(found[1] for each in line.people if (found := _MENTION.fullmatch(each)))
        at = reader.day_time(plan.start) if plan.start else ""
        when = views.SAID if plan.stretch else "week"
        wanted = Wanted(plan, users, when, at, origin)
        await self._begin(surface, view_id, wanted, fault)

    def _plan(
        self, surface: Surface, origin: str, line: SessionLine, reader: Reader
    ) -> tuple[Plan, str]:
        group = Recipient(Platform.SLACK, surface.team_id, origin)
        try:
            return read_plan(group, line, reader), ""
        except HoursRefused as error:
            timeless = replace(line, when=None)
            problem = words.span_problem(reader, error.problem)
            return read_plan(group, timeless, reader), problem

    async def on_together(self, surface: Surface) -> None:
        """Open it empty."""
        reader = self._reader(surface.incoming.person)
        view_id = await open_shell(surface, reader, reader.say("slack.session_title"))
        if view_id:
            await self._begin(surface, view_id, Wanted(None))

    async def on_message(self, surface: Surface) -> None:
        """Open it with the writer of a message and those named in it; no history is read."""
        reader = self._reader(surface.incoming.person)
        view_id = await open_shell(surface, reader, reader.say("slack.session_title"))
        if not view_id:
            return
        message = surface.payload.get("message")
        message = message if isinstance(message, dict) else {}
        text = str(message.get("text") or "")
        users = dict.fromkeys([str(message.get("user") or ""), *_MENTION.findall(text)])
        named = tuple(user for user in users if user and user != surface.user_id)
        thread = str(message.get("thread_ts") or message.get("ts") or "")
        channel = surface.channel_id or ""
        origin = f"{channel}#{thread}" if channel and thread else channel
        await self._begin(surface, view_id, Wanted(None, named, origin=origin))

    async def _begin(self, surface: Surface, view_id: str, wanted: Wanted, fault: str = "") -> None:
        """Fill it; whoever may not be asked (bots, people of elsewhere) is left out."""
        people, _ = await self._people(surface, wanted.users)
        reader = self._reader(surface.incoming.person)
        weekend = wanted.when == "week" and reader.today.weekday() > _FRIDAY
        when = "next" if weekend else wanted.when
        wanted = replace(wanted, users=tuple(people), when=when)
        draft = await self._drafts.open(surface, FLOW, wanted.data, view_id)
        view = views.wanted_view(wanted, reader, draft_id=draft.id, fault=fault)
        await surface.update(view, view_id=view_id)

    async def _people(
        self, surface: Surface, users: tuple[str, ...]
    ) -> tuple[dict[str, PersonId], bool]:
        """Return whom the accounts belong to, without the person; and whether all are known."""
        wanted = [user for user in dict.fromkeys(users) if user != surface.user_id][:_MOST_PEOPLE]
        found = await asyncio.gather(*(self._resolve(surface, user) for user in wanted))
        known = {
            user: person.id
            for user, person in zip(wanted, found, strict=True)
            if person is not None and person.id != surface.incoming.person.id
        }
        return known, all(person is not None for person in found)

    async def _resolve(self, surface: Surface, user: str) -> Person | None:
        try:
            return await self._parts.resolve(surface.team_id, user)
        except DeliveryDeferred:
            return None

    # --- finding ---

    async def on_find(self, surface: Surface) -> Answer:
        """Look for times that suit all; with seats and a start alone, post at once."""
        person, values = surface.incoming.person, values_of(surface)
        reader = self._reader(person)
        draft = await self._drafts.own(surface, FLOW)
        if draft is None:
            return Update(over(reader))
        faults: dict[str, str] = {}
        wanted = self._filled(surface, Wanted.of(draft), values, reader, faults)
        people, everybody = await self._people(surface, wanted.users)
        if not everybody:
            faults["people"] = reader.say("slack.session_unknown")
        plan = replace(wanted.sure, people=tuple(people.values()))
        wanted = replace(wanted, plan=plan)
        if not faults and not plan.people and not plan.seats:
            faults["people"] = reader.say("slack.session_nobody")
        elif not faults and not plan.people and plan.start is None:
            faults["at"] = reader.say("slack.session_at_missing")
        if faults:
            return Errors(faults)
        if not plan.people:
            return await self._posting.post(surface, draft, wanted, views.NOW, 0)
        return await self._found(surface, draft, wanted)

    def _filled(
        self,
        surface: Surface,
        wanted: Wanted,
        values: Values,
        reader: Reader,
        faults: dict[str, str],
    ) -> Wanted:
        """Return what is filled in; what cannot be taken is noted under its field."""
        title = ""
        try:
            title = clean("title", values.typed(views.TITLE), TITLE_LIMIT)
        except InputRefused as error:
            faults["title"] = sentence(error, reader)
        seats = self._count(values, views.SEATS, views.SEATS_LIMITS, reader, faults)
        least = self._count(
            values, views.MINIMUM, (1, seats or views.SEATS_LIMITS[1]), reader, faults
        )
        channel = values.conversation(views.WHERE, views.channel_of(wanted))
        if not channel:
            faults["where"] = reader.say("slack.session_where_pick")
        minutes = values.chosen(views.LENGTH)
        when, at = values.chosen(views.WHEN) or "week", values.typed(views.AT).strip()
        said = wanted.plan.stretch if wanted.plan else None
        plan = Plan(
            group=self._group(surface, wanted, channel),
            title=title,
            minutes=int(minutes) if minutes.isdecimal() else 0,
            seats=seats,
            minimum=least,
            stretch=views.stretch_of(when, reader, said),
        )
        if at:
            try:
                plan = plan.at(parse_when(at, now=reader.local(reader.now)), reader)
            except (WhenNotUnderstood, HoursRefused):
                faults["at"] = reader.say("slack.session_at_missing")
        return replace(wanted, plan=plan, users=values.people(views.PEOPLE), when=when, at=at)

    @staticmethod
    def _group(surface: Surface, wanted: Wanted, channel: str) -> Recipient:
        """Return where it is posted: in the thread it came from, unless another is chosen."""
        same = wanted.origin and read_place(wanted.origin).channel == channel
        return Recipient(Platform.SLACK, surface.team_id, wanted.origin if same else channel)

    @staticmethod
    def _count(
        values: Values,
        action_id: str,
        limits: tuple[int, int],
        reader: Reader,
        faults: dict[str, str],
    ) -> int:
        text = values.typed(action_id)
        number = read_number(text) if text.strip() else 0
        least, most = limits
        if number is None or (number and not least <= number <= most):
            block = values.block_of(action_id)
            faults[block] = reader.say("slack.session_number", least=least, most=most)
        return number or 0

    async def _found(self, surface: Surface, draft: Draft, wanted: Wanted) -> Answer:
        reader = self._reader(surface.incoming.person)
        try:
            wanted, found = await self._search(surface, wanted)
        except InputRefused as error:
            field = "people" if error.field == "people" else "at" if wanted.at else "when"
            return Errors({field: words.span_problem(reader, "past")})
        # The newest search counts, whatever was stored meanwhile.
        await self._drafts.note(draft, wanted.data)
        return Update(views.found_view(wanted, found, reader, draft_id=draft.id))

    async def _search(self, surface: Surface, wanted: Wanted) -> tuple[Wanted, CommonTimes]:
        """Return the best times of the stretch."""
        reader, plan = self._reader(surface.incoming.person), wanted.sure
        stretch = plan.searched(reader)
        found = await self._sessions.common_times(
            surface.incoming.actor,
            plan.people,
            plan.duration,
            stretch.span,
            count=60 if stretch.picks else _MOST_TIMES,
        )
        times = [each for each in found.times if stretch.takes(each.time.start, reader)]
        fitting = [each for each in times if not each.missing]
        shown = sorted((fitting or times)[:_MOST_TIMES], key=lambda each: each.time.start)
        missing = tuple(views.names_of(found, reader, each.missing) for each in shown)
        times_shown = tuple(each.time for each in shown)
        return replace(wanted, times=times_shown, missing=missing), found

    async def on_week_after(self, surface: Surface) -> None:
        """Look seven days later."""
        draft = await self._drafts.own(surface, FLOW)
        wanted = Wanted.of(draft) if draft else None
        if draft is None or wanted is None or wanted.plan is None:
            return
        reader = self._reader(surface.incoming.person)
        later = wanted.plan.searched(reader).week_after()
        plan = replace(wanted.plan, start=None, stretch=later)
        wanted, found = await self._search(
            surface, replace(wanted, plan=plan, when=views.SAID, at="")
        )
        await self._drafts.note(draft, wanted.data)
        await surface.update(views.found_view(wanted, found, reader, draft_id=draft.id))

    async def on_change(self, surface: Surface) -> None:
        """Go back to what is wanted, filled in as it was."""
        draft = await self._drafts.own(surface, FLOW)
        if draft is not None:
            reader = self._reader(surface.incoming.person)
            view = views.wanted_view(Wanted.of(draft), reader, draft_id=draft.id)
            await surface.update(view)

    def _reader(self, person: Person) -> Reader:
        return Reader.of(person, self._parts.booking.clock.now())
