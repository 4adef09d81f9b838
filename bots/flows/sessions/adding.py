"""Further times for a question that is asked already, or others instead of all of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bots.chat import Turn
from bots.flows.hosting_parts import request_of, target_of
from bots.flows.sessions.parts import SessionParts, tell, view_of
from bots.flows.spans import opening_span
from bots.flows.turns import press_of, reader_of, typed_text
from bots.router import Router
from scheduling.errors import HoursRefused, InputRefused, SessionChanged
from scheduling.grammar.when import WhenNotUnderstood, parse_when
from scheduling.moments import Interval, from_seconds, seconds
from scheduling.ports import Draft
from scheduling.sessions.commands import AddTimes
from wording import session_answers as words
from wording.refusals import not_understood
from wording.session_view import SessionView

FLOW = "saddt"
_DAYS = timedelta(days=14)
_OFFERED = 6
_AFRESH = 3


class Adding:
    """Offers times that suit all, and takes what is typed."""

    def __init__(self, parts: SessionParts) -> None:
        self._parts = parts

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("sadd", self.on_add, in_groups=True)
        router.press("saddt", self.on_time)
        router.text(FLOW, self.on_typed)

    async def on_add(self, turn: Turn) -> None:
        """Ask the organizer for a time; argument "new" puts others in the place of all."""
        view, press = await view_of(turn, self._parts), press_of(turn)
        if not view.is_organizer:
            await turn.toast(view.say("session.only", organizer=view.organizer), alert=True)
            return
        if not view.session.is_open:
            await turn.toast(words.stands(view), alert=True)
            return
        if not turn.incoming.private:
            await turn.toast(view.say("session.need_times"), alert=True)
            return
        starts = await self._free(turn, view)
        instead = press.argument == "new"
        data = {"session": view.session.id, "instead": instead, "starts": _kept(starts)}
        draft = await self._parts.desk.open(turn, FLOW, data, awaits=FLOW)
        await self._offer(turn, draft, starts, instead=instead)

    async def _offer(
        self,
        turn: Turn,
        draft: Draft,
        starts: Sequence[datetime],
        *,
        instead: bool = False,
        problem: str = "",
    ) -> None:
        reader = reader_of(turn, self._parts.clock)
        message = words.offer_times(
            reader, target_of(draft), starts, problem=problem, several=instead
        )
        await self._parts.desk.show(turn, draft, message)

    async def _free(self, turn: Turn, view: SessionView) -> list[datetime]:
        """Return further starts that suit all who are asked."""
        now = self._parts.clock.now()
        asked = {option.time.start for option in view.session.options}
        others = [each for each in view.members if each != view.session.organizer_id]
        try:
            found = await self._parts.sessions.common_times(
                turn.incoming.actor,
                others,
                view.session.duration,
                Interval(now + timedelta(hours=1), now + _DAYS),
                count=_OFFERED + len(asked),
            )
        except InputRefused:
            return []
        free = [each.time.start for each in found.times if not each.missing]
        return sorted(each for each in free if each not in asked)[:_OFFERED]

    async def on_time(self, turn: Turn) -> None:
        """Take one of the times offered, or all of them."""
        draft = await self._parts.desk.pressed(turn, FLOW)
        if draft is None:
            return
        argument = press_of(turn).argument
        if argument == "all":
            chosen = _starts(draft)[:_AFRESH]
        else:
            chosen = [from_seconds(int(argument))] if argument.isdecimal() else []
        if chosen:
            await self._add(turn, draft, chosen)

    async def on_typed(self, turn: Turn, draft: Draft) -> None:
        """Take a time that was typed."""
        reader = reader_of(turn, self._parts.clock)
        try:
            when = parse_when(typed_text(turn), now=reader.local(reader.now))
            span = opening_span(when, reader, timedelta(hours=1))
        except WhenNotUnderstood as error:
            await self._parts.desk.show(turn, draft, not_understood(error, reader, use=None))
            return
        except HoursRefused as error:
            problem = words.span_problem(reader, error.problem)
            await self._offer(turn, draft, _starts(draft), problem=problem)
            return
        if span is None:
            await self._offer(turn, draft, _starts(draft))
        elif span.start <= reader.now:
            problem = words.span_problem(reader, "past")
            await self._offer(turn, draft, _starts(draft), problem=problem)
        else:
            await self._add(turn, draft, [span.start])

    async def _add(self, turn: Turn, draft: Draft, starts: Sequence[datetime]) -> None:
        view = await view_of(turn, self._parts, str(draft.data.get("session", "")))
        length = view.session.duration
        command = AddTimes(
            actor=turn.incoming.actor,
            session_id=view.session.id,
            request_id=request_of(turn, draft),
            times=tuple(Interval(start, start + length) for start in starts),
            instead=bool(draft.data.get("instead")),
        )
        try:
            await self._parts.sessions.add_times(command)
        except SessionChanged:
            now = await view_of(turn, self._parts, view.session.id)
            await turn.toast(words.stands(now), alert=True)
        except InputRefused:
            problem = view.say("session.no_more_times")
            await self._offer(turn, draft, _starts(draft), problem=problem)
        else:
            await self._parts.desk.hush(turn)
            await tell(turn, words.plain(view, "session.added"))


def _kept(starts: Sequence[datetime]) -> list[int]:
    return [seconds(start) for start in starts]


def _starts(draft: Draft) -> list[datetime]:
    found = draft.data.get("starts")
    kept = found if isinstance(found, list) else []
    return [from_seconds(each) for each in kept if isinstance(each, int)]
