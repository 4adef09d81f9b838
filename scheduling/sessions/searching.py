"""Reads what several people have on, and finds the times they share."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from scheduling.errors import InputRefused
from scheduling.ids import OrganizationId, PersonId
from scheduling.moments import Interval
from scheduling.people import Actor, Person
from scheduling.ports import Clock, HoursOverview, Queries, SessionReads
from scheduling.sessions.asking import MOST_PEOPLE
from scheduling.sessions.common_times import (
    FreeTime,
    find_times,
    free_time,
    nearest_free,
    open_hours,
)
from scheduling.sessions.model import CommonTimes, FreeTimes

_LONGEST_SEARCH = timedelta(days=100)
_AROUND = timedelta(days=7)
_SECOND = timedelta(seconds=1)


class Search:
    """Looks for time that several people share; reads only."""

    def __init__(self, queries: Queries, reads: SessionReads, clock: Clock) -> None:
        self._queries, self._reads, self._clock = queries, reads, clock

    async def common_times(
        self,
        actor: Actor,
        people: Sequence[PersonId],
        duration: timedelta,
        span: Interval,
        *,
        count: int,
        step: timedelta,
    ) -> CommonTimes:
        """See SessionService.common_times."""
        ahead = self._ahead(span)
        persons = await self._people(actor, people)
        free, unknown = await self._free(actor, persons, ahead)
        times = find_times(free, actor.person_id, duration, ahead, count=count, step=step)
        return CommonTimes(tuple(persons), tuple(times), tuple(unknown))

    async def free_times(
        self, actor: Actor, people: Sequence[PersonId], span: Interval
    ) -> FreeTimes:
        """See SessionService.free_times."""
        ahead = self._ahead(span)
        persons = await self._people(actor, people)
        free, unknown = await self._free(actor, persons, ahead)
        return FreeTimes(
            tuple(persons), {one.person_id: one.intervals() for one in free}, tuple(unknown)
        )

    async def near(
        self, actor: Actor, start: datetime, duration: timedelta
    ) -> tuple[datetime, ...]:
        """Return the starts nearest to a moment at which the actor is free."""
        now = self._clock.now()
        span = Interval(max(now + _SECOND, start - _AROUND), max(start, now) + _AROUND)
        person = await self._queries.person(actor.organization_id, actor.person_id)
        free, _ = await self._free(actor, [person], span)
        return nearest_free(free[0], start, duration, timedelta(minutes=15))

    def _ahead(self, span: Interval) -> Interval:
        now = self._clock.now()
        if span.end <= now + _SECOND:
            raise InputRefused("range", "not_valid")
        if span.length > _LONGEST_SEARCH:
            raise InputRefused("range", "too_long", _LONGEST_SEARCH.days)
        return Interval(max(span.start, now + _SECOND), span.end)

    async def _people(self, actor: Actor, people: Sequence[PersonId]) -> list[Person]:
        """Return the actor and everybody named, once each.

        Raises:
            InputRefused: nobody but the actor, or too many.
        """
        ids = list(dict.fromkeys([actor.person_id, *people]))
        if len(ids) == 1:
            raise InputRefused("people", "empty")
        if len(ids) > MOST_PEOPLE:
            raise InputRefused("people", "too_long", MOST_PEOPLE)
        organization_id = actor.organization_id
        return list(
            await asyncio.gather(*(self._queries.person(organization_id, each) for each in ids))
        )

    async def _free(
        self, actor: Actor, people: Sequence[Person], span: Interval
    ) -> tuple[list[FreeTime], list[PersonId]]:
        """Return everybody's free time, and who has set no hours."""
        organization_id, ids = actor.organization_id, [person.id for person in people]
        hours = await asyncio.gather(*(self._hours(organization_id, each) for each in ids))
        busy = await self._reads.busy_of(organization_id, ids, span)
        soft = await self._reads.soft_busy(organization_id, ids, span)
        asking = next(person for person in people if person.id == actor.person_id)
        free = [
            free_time(
                person.id,
                open_hours(person.id, known, person.zone or asking.zone or "UTC", span),
                [*busy.get(person.id, ()), *soft.get(person.id, ())],
                span,
            )
            for person, known in zip(people, hours, strict=True)
        ]
        unknown = [person for person, known in zip(ids, hours, strict=True) if known is None]
        return free, unknown

    async def _hours(
        self, organization_id: OrganizationId, person_id: PersonId
    ) -> HoursOverview | None:
        return await self._queries.hours(organization_id, person_id, self._clock.now())
