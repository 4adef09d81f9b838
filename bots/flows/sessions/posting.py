"""Puts a complete plan into its group: a question about times, or a time with seats."""

from collections.abc import Sequence
from dataclasses import replace

from bots.chat import Turn
from bots.flows.hosting_parts import request_of, target_of
from bots.flows.sessions.parts import SessionParts, view_of
from bots.flows.sessions.planning import Plan
from bots.flows.turns import reader_of
from scheduling.ports import Draft
from scheduling.sessions.commands import AskTimes, OpenSession
from scheduling.sessions.model import CommonTime, CommonTimes
from wording import session_answers as words

_OPTIONS = 3
_SEARCHED = 60
"""Times looked at where only a part of them is meant."""


class Posting:
    """Finds times and posts; what the core refuses is for the caller to ask again."""

    def __init__(self, parts: SessionParts) -> None:
        self._parts = parts

    async def open(self, turn: Turn, draft: Draft, plan: Plan) -> None:
        """Post a time with seats.

        Raises:
            SlotRefused: the organizer cannot then; carries times near it.
            InputRefused: something in the plan cannot be.
        """
        if plan.start is None:
            raise LookupError("an open session without a start")
        session = await self._parts.sessions.open(
            OpenSession(
                actor=turn.incoming.actor,
                title=plan.title,
                start=plan.start,
                duration=plan.duration,
                group=plan.group,
                request_id=request_of(turn, draft),
                seats=plan.seats,
                minimum=plan.minimum or None,
                members=plan.people,
            )
        )
        view = await view_of(turn, self._parts, session.id)
        message = words.with_unknown(view.reader, words.posted(view), plan.unknown)
        await self._parts.desk.show(turn, draft, message)

    async def ask(self, turn: Turn, draft: Draft, plan: Plan, *, anyway: bool = False) -> None:
        """Ask for votes on the best times that suit all; ``anyway`` on those that suit most.

        Raises:
            InputRefused: something in the plan cannot be.
        """
        found = await self._common_times(turn, plan)
        fitting = [each for each in found.times if not each.missing]
        if fitting or (anyway and found.times):
            await self._post_question(turn, draft, plan, found, fitting or found.times)
        else:
            await self._say_nothing_fits(turn, draft, plan, found)

    async def _common_times(self, turn: Turn, plan: Plan) -> CommonTimes:
        """Return the best times of the plan, those the line did not mean left out."""
        reader = reader_of(turn, self._parts.clock)
        stretch = plan.searched(reader)
        found = await self._parts.sessions.common_times(
            turn.incoming.actor,
            plan.people,
            plan.duration,
            stretch.span,
            count=_SEARCHED if stretch.picks else _OPTIONS,
        )
        meant = [each for each in found.times if stretch.takes(each.time.start, reader)]
        return replace(found, times=tuple(meant[:_OPTIONS]))

    async def _post_question(
        self,
        turn: Turn,
        draft: Draft,
        plan: Plan,
        found: CommonTimes,
        times: Sequence[CommonTime],
    ) -> None:
        session = await self._parts.sessions.ask(
            AskTimes(
                actor=turn.incoming.actor,
                title=plan.title,
                duration=plan.duration,
                members=plan.people,
                times=tuple(sorted(each.time for each in times)),
                group=plan.group,
                request_id=request_of(turn, draft),
            )
        )
        view = await view_of(turn, self._parts, session.id)
        message = words.with_unknown(view.reader, words.asked(view, found), plan.unknown)
        await self._parts.desk.show(turn, draft, message)

    async def _say_nothing_fits(
        self, turn: Turn, draft: Draft, plan: Plan, found: CommonTimes
    ) -> None:
        reader = reader_of(turn, self._parts.clock)
        searched = replace(plan, stretch=plan.searched(reader))
        draft = await self._parts.desk.save(draft, searched.data)
        message = words.nothing_fits(reader, target_of(draft), found)
        await self._parts.desk.show(turn, draft, message)
