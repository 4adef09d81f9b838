"""What is free: reads that list starts by the same rules that decide them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from scheduling.daybook import DayBook, WindowCache, day_book
from scheduling.errors import AlreadyIn, SlotRefused
from scheduling.ids import BookingId, EventTypeId, OrganizationId, PersonId
from scheduling.moments import Interval, from_seconds, seconds, utc
from scheduling.policy import Policy
from scheduling.ports import Clock, Queries
from scheduling.rules import list_slots, refusal, seats_left
from scheduling.shared_reads import SharedReads

_INSTANT = timedelta(seconds=1)
_DAY = timedelta(days=1)
# How far first_free and nearest look, step by step: most answers lie within the first.
_WIDER = (timedelta(days=3), timedelta(days=14), timedelta(days=70), timedelta(days=400))


@dataclass(frozen=True, slots=True)
class Slot:
    """A start at which an event type can be booked now; computed, never stored."""

    start: datetime
    end: datetime
    event_type_id: EventTypeId
    host_id: PersonId
    seats_left: int


class SlotFinder:
    """Lists free starts. ``windows`` is shared with whoever decides them."""

    def __init__(self, queries: Queries, clock: Clock, policy: Policy | None = None) -> None:
        self._queries = queries
        self._clock = clock
        self._policy = policy or Policy()
        self.windows = WindowCache()
        self._shared: SharedReads[tuple[list[datetime], bool]] = SharedReads()

    async def free(
        self,
        organization_id: OrganizationId,
        event_type_ids: Sequence[EventTypeId],
        span: Interval,
        *,
        asker_id: PersonId | None = None,
        excluding: BookingId | None = None,
    ) -> list[Slot]:
        """Return what can be booked within the span, by start, then in the order of the types.

        ``excluding`` is a booking about to be moved: its own time is no obstacle, and not offered.
        """
        books = await self._books(
            organization_id, event_type_ids, span, asker_id=asker_id, excluding=excluding
        )
        present = await self._present(organization_id, excluding)
        slots = [_slot(book, instant) for book in books for instant in _starts(book, present)]
        return sorted(slots, key=_start) if len(books) > 1 else slots

    async def first_free(
        self,
        organization_id: OrganizationId,
        event_type_ids: Sequence[EventTypeId],
        *,
        asker_id: PersonId | None = None,
        after: datetime | None = None,
        excluding: BookingId | None = None,
    ) -> Slot | None:
        """Return the earliest free slot of any of the types, after now or after a moment."""
        begin = max(self._clock.now(), utc(after) + _INSTANT) if after else self._clock.now()
        origin = begin
        present = await self._present(organization_id, excluding)
        for distance in _WIDER:
            span = Interval(begin, origin + distance)
            books = await self._books(
                organization_id, event_type_ids, span, asker_id=asker_id, excluding=excluding
            )
            firsts = [(start[0], book) for book in books if (start := _starts(book, present))]
            if firsts:
                instant, book = min(firsts, key=itemgetter(0))
                return _slot(book, instant)
            begin = span.end
        return None

    async def free_within(
        self,
        organization_id: OrganizationId,
        event_type_ids: Sequence[EventTypeId],
        spans: Sequence[Interval],
        *,
        asker_id: PersonId | None = None,
        excluding: BookingId | None = None,
    ) -> list[bool]:
        """Say of each of some spans, in order of time, whether anything in it can be booked.

        One read, and no slot is made: the days of a month hold thousands.
        """
        whole = Interval(spans[0].start, spans[-1].end)
        books = await self._books(
            organization_id, event_type_ids, whole, asker_id=asker_id, excluding=excluding
        )
        present = await self._present(organization_id, excluding)
        several = [_starts(book, present) for book in books]
        return [any(_begins_within(starts, span) for starts in several) for span in spans]

    async def nearest(
        self,
        organization_id: OrganizationId,
        event_type_id: EventTypeId,
        start: datetime,
        *,
        asker_id: PersonId | None = None,
        excluding: BookingId | None = None,
        count: int = 3,
    ) -> tuple[datetime, ...]:
        """Return up to ``count`` free starts other than this one, the nearest first."""
        start = utc(start)
        center = max(start, self._clock.now())
        found: list[datetime] = []
        for distance in _WIDER:
            free = await self._around(
                organization_id, event_type_id, center, distance, asker_id, excluding
            )
            found = _nearest(free, start, count)
            if len(found) == count and abs(found[-1] - center) <= distance:
                break
        return tuple(found)

    async def refusal(
        self,
        organization_id: OrganizationId,
        event_type_id: EventTypeId,
        start: datetime,
        *,
        asker_id: PersonId | None = None,
        excluding: BookingId | None = None,
    ) -> SlotRefused | None:
        """Return why a start cannot be booked as things stand, or None."""
        begin = utc(start)
        if excluding and await self._start_of(organization_id, excluding) == begin:
            return AlreadyIn(begin, excluding)
        (book,) = await self._books(
            organization_id,
            [event_type_id],
            instant_span(begin),
            asker_id=asker_id,
            excluding=excluding,
            from_now=False,
        )
        return refusal(book, begin)

    async def _books(
        self,
        organization_id: OrganizationId,
        event_type_ids: Sequence[EventTypeId],
        span: Interval,
        *,
        asker_id: PersonId | None,
        excluding: BookingId | None,
        from_now: bool = True,
    ) -> list[DayBook]:
        now = self._clock.now()
        if from_now and span.end <= now:
            return []
        ahead = Interval(max(span.start, now), span.end) if from_now else span
        several = await self._queries.daybook_rows(
            organization_id, event_type_ids, ahead, asker_id=asker_id, now=now, excluding=excluding
        )
        within = (seconds(ahead.start), seconds(ahead.end) + 1)
        heads = list({head.id: head for rows in several for head in rows.heads}.values())
        if missing := self.windows.missing(heads, within):
            schedules = await self._queries.schedules(organization_id, missing)
            self.windows.learn(heads, schedules, within)
        return [
            day_book(
                rows,
                self.windows.windows(rows.heads, within),
                ahead,
                now=now,
                limit=self._policy.bookings_per_person,
                moving=excluding is not None,
            )
            for rows in several
        ]

    async def _around(
        self,
        organization_id: OrganizationId,
        event_type_id: EventTypeId,
        center: datetime,
        distance: timedelta,
        asker_id: PersonId | None,
        excluding: BookingId | None,
    ) -> Sequence[datetime]:
        """Return what is free at least so far on both sides of a moment.

        Where many lose the same time at once they ask the same: the days around it, for anybody.
        Only in a group it matters who asks.
        """
        midnight = center.replace(hour=0, minute=0, second=0, microsecond=0)
        span = Interval(midnight - distance, midnight + distance + _DAY)

        async def for_anybody() -> tuple[list[datetime], bool]:
            books = await self._books(
                organization_id, [event_type_id], span, asker_id=None, excluding=excluding
            )
            starts = [from_seconds(start) for book in books for start in list_slots(book)]
            return starts, any(book.groups for book in books)

        if excluding is None:
            key = (organization_id, event_type_id, span)
            starts, in_groups = await self._shared.get(key, for_anybody)
            if not in_groups:
                return starts
        slots = await self.free(
            organization_id, [event_type_id], span, asker_id=asker_id, excluding=excluding
        )
        return [slot.start for slot in slots]

    async def _present(
        self, organization_id: OrganizationId, booking_id: BookingId | None
    ) -> int | None:
        start = await self._start_of(organization_id, booking_id)
        return None if start is None else seconds(start)

    async def _start_of(
        self, organization_id: OrganizationId, booking_id: BookingId | None
    ) -> datetime | None:
        if booking_id is None:
            return None
        return (await self._queries.booking(organization_id, booking_id)).booking.time.start


def instant_span(start: datetime) -> Interval:
    """Return the span that holds one start only, for reading what decides it."""
    return Interval(start, start + _INSTANT)


def _starts(book: DayBook, present: int | None) -> list[int]:
    """Return the free starts but for the present one of a booking about to be moved."""
    starts = list_slots(book)
    return starts if present is None else [start for start in starts if start != present]


def _begins_within(starts: Sequence[int], span: Interval) -> bool:
    at = bisect_left(starts, seconds(span.start))
    return at < len(starts) and from_seconds(starts[at]) < span.end


def _nearest(free: Sequence[datetime], start: datetime, count: int) -> list[datetime]:
    # Of hundreds in order only the few on each side can be the nearest.
    before, after = bisect_left(free, start), bisect_right(free, start)
    around = [*free[max(0, before - count) : before], *free[after : after + count]]
    return sorted(around, key=lambda moment: (abs(moment - start), moment))[:count]


def _slot(book: DayBook, instant: int) -> Slot:
    start = from_seconds(instant)
    kind = book.event_type
    return Slot(start, start + kind.duration, kind.id, kind.host_id, seats_left(book, instant))


def _start(slot: Slot) -> datetime:
    return slot.start
