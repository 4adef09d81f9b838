"""What the booking window shows: who, what, which days and times are free now; read anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import compress

from bots.flows.choices import Choices
from bots.flows.parts import BookingParts
from bots.flows.picker import span_of
from scheduling.errors import NotFound
from scheduling.ids import BookingId, EventTypeId, OrganizationId, PersonId
from scheduling.model import BookingDetails, EventType, Listing
from scheduling.moments import Interval
from scheduling.people import Person
from scheduling.ports import CoachEntry
from scheduling.slots import Slot
from wording.times import Reader

ANYBODY = "any"
"""Stands in ``Choices.text`` for "whoever is free"."""
_DAYS_READ = 120
_DAYS_SHOWN = 99
_TIMES_AT_ONCE = 100
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Offered:
    """Everything the window is drawn from."""

    reader: Reader
    coach: Person | None
    kinds: tuple[EventType, ...]
    """What the coach offers; the one chosen first where several are merged."""
    lengths: tuple[timedelta, ...]
    """To choose from for anybody's time."""
    hosts: Mapping[PersonId, Person]
    days: tuple[date, ...]
    later: date | None
    slots: tuple[Slot, ...]
    """The free starts of the chosen day, those of the chosen stretch."""
    stretches: tuple[Interval, ...]
    """Where a day has more starts than one list holds: the first and last start of each part."""
    kept_until: datetime | None = None
    clash: BookingDetails | None = None
    moving: BookingDetails | None = None

    @property
    def nobody(self) -> bool:
        """Say whether there is nothing to choose from at all."""
        return not self.kinds and not self.lengths


class Offers:
    """Reads what is offered to one person."""

    def __init__(self, parts: BookingParts) -> None:
        self._parts = parts

    def reader(self, person: Person) -> Reader:
        """Return the person as somebody who reads times now."""
        return Reader.of(person, self._parts.clock.now())

    async def entries(self, person: Person, text: str = "") -> list[CoachEntry]:
        """Return the coaches of the directory, without the person themselves."""
        found = await self._parts.queries.coaches(person.organization_id, text)
        return [entry for entry in found if entry.person.id != person.id]

    async def of_coach(self, person: Person, coach_id: PersonId) -> tuple[EventType, ...]:
        """Return what everybody may book of one coach."""
        entries = await self.entries(person)
        found = next((each for each in entries if each.person.id == coach_id), None)
        return found.event_types if found else ()

    async def lengths(self, person: Person) -> tuple[timedelta, ...]:
        """Return every length somebody offers."""
        kinds = [kind for entry in await self.entries(person) for kind in entry.event_types]
        return tuple(sorted({kind.duration for kind in kinds}))

    async def of_length(self, person: Person, length: timedelta) -> tuple[EventTypeId, ...]:
        """Return every listed type of that length."""
        entries = await self.entries(person)
        return tuple(k.id for entry in entries for k in entry.event_types if k.duration == length)

    async def came_before(self, person: Person, kind: EventType) -> bool:
        """Say whether the person may book this type as by its link (see Finding)."""
        if kind.listing is Listing.LINK:
            return True
        queries, organization_id = self._parts.queries, person.organization_id
        now = self._parts.clock.now()
        known = [
            *await queries.bookings_of(organization_id, person.id, now=now),
            *await queries.finished_of(organization_id, person.id),
        ]
        return any(details.booking.host_id == kind.host_id for details in known)

    async def read(self, person: Person, choices: Choices) -> tuple[Choices, Offered]:
        """Return what is shown, and the choices with what had to be chosen for the person.

        The only type, and the first day with free time, need no asking.
        """
        moving = await self._moving(person.organization_id, choices.moving)
        offered = await self._kinds(person, choices, moving)
        if not choices.types and len(offered.kinds) == 1:
            choices = self._taking(choices, (offered.kinds[0].id,))
        elif not choices.types and len(offered.lengths) == 1:
            choices = self._taking(choices, await self.of_length(person, offered.lengths[0]))
        if not choices.types:
            return choices, offered
        return await self._times(person, choices, offered, moving)

    @staticmethod
    def _taking(choices: Choices, types: tuple[EventTypeId, ...]) -> Choices:
        return Choices(
            types=types,
            coach=choices.coach,
            text=choices.text,
            via_link=choices.via_link,
            moving=choices.moving,
        )

    async def _moving(
        self, organization_id: OrganizationId, booking_id: BookingId | None
    ) -> BookingDetails | None:
        return (
            await self._parts.queries.booking(organization_id, booking_id) if booking_id else None
        )

    async def _kinds(
        self, person: Person, choices: Choices, moving: BookingDetails | None
    ) -> Offered:
        """Return what there is to choose from, without days and times."""
        reader, queries = self.reader(person), self._parts.queries
        chosen = [await queries.event_type(person.organization_id, each) for each in choices.types]
        hosts: dict[PersonId, Person] = {}
        for kind in chosen:
            if kind.host_id not in hosts:
                hosts[kind.host_id] = await queries.person(person.organization_id, kind.host_id)
        coach: Person | None = None
        kinds: tuple[EventType, ...] = ()
        lengths: tuple[timedelta, ...] = ()
        if choices.text == ANYBODY:
            lengths = await self.lengths(person)
            kinds = tuple(chosen)
        elif moving is not None:
            coach, kinds = moving.host, tuple(chosen)
        elif choices.coach:
            coach = hosts.get(choices.coach) or await self._person(person, choices.coach)
            listed = await self.of_coach(person, choices.coach)
            # A type that is only for people with its link is offered to who came by it.
            extra = tuple(kind for kind in chosen if kind.id not in {each.id for each in listed})
            kinds = (*extra, *listed)
        return Offered(reader, coach, kinds, lengths, hosts, (), None, (), (), moving=moving)

    async def _person(self, person: Person, person_id: PersonId) -> Person | None:
        try:
            return await self._parts.queries.person(person.organization_id, person_id)
        except NotFound:
            return None

    # --- days and times ---

    async def _times(
        self, person: Person, choices: Choices, offered: Offered, moving: BookingDetails | None
    ) -> tuple[Choices, Offered]:
        reader = offered.reader
        days, later = await self._days(person, choices, reader)
        day = choices.day if choices.day in days else next(iter(days), None)
        slots: list[Slot] = []
        if day is not None:
            slots = await self.free(person, choices, span_of(reader, day, day + _DAY))
        pieces = [slots[at : at + _TIMES_AT_ONCE] for at in range(0, len(slots), _TIMES_AT_ONCE)]
        part = int(choices.part) if choices.part.isdecimal() else 0
        part = part if part < len(pieces) else 0
        held, clash = await self._kept(person, choices)
        shown = Offered(
            reader=reader,
            coach=offered.coach,
            kinds=offered.kinds,
            lengths=offered.lengths,
            hosts=offered.hosts,
            days=days,
            later=later,
            slots=tuple(pieces[part]) if pieces else (),
            stretches=tuple(Interval(p[0].start, p[-1].end) for p in pieces) if pieces[1:] else (),
            kept_until=held,
            clash=clash,
            moving=moving,
        )
        return replace(choices, day=day, part=str(part) if part else ""), shown

    async def _days(
        self, person: Person, choices: Choices, reader: Reader
    ) -> tuple[tuple[date, ...], date | None]:
        """Return the days with free time from the page's first on, and where the next page is."""
        begin = max(reader.today, choices.page or reader.today)
        if choices.page is None:
            first = await self.first_free(person, choices)
            if first is None:
                return (), None
            begin = reader.local(first.start).date()
        every = [begin + step * _DAY for step in range(_DAYS_READ)]
        live = await self._parts.finder.free_within(
            person.organization_id,
            choices.types,
            [span_of(reader, day, day + _DAY) for day in every],
            asker_id=await self.asker(person, choices),
            excluding=choices.moving,
        )
        free = list(compress(every, live))
        if len(free) > _DAYS_SHOWN:
            return tuple(free[:_DAYS_SHOWN]), free[_DAYS_SHOWN]
        end = span_of(reader, every[-1], every[-1] + _DAY).end
        after = await self.first_free(person, choices, end - timedelta(seconds=1))
        return tuple(free), reader.local(after.start).date() if after else None

    async def free(self, person: Person, choices: Choices, span: Interval) -> list[Slot]:
        """Return what this person can book, or move to, within the span."""
        return await self._parts.finder.free(
            person.organization_id,
            choices.types,
            span,
            asker_id=await self.asker(person, choices),
            excluding=choices.moving,
        )

    async def first_free(
        self, person: Person, choices: Choices, after: datetime | None = None
    ) -> Slot | None:
        """Return the earliest start."""
        return await self._parts.finder.first_free(
            person.organization_id,
            choices.types,
            asker_id=await self.asker(person, choices),
            after=after,
            excluding=choices.moving,
        )

    async def nearest(
        self, person: Person, choices: Choices, start: datetime
    ) -> tuple[datetime, ...]:
        """Return the free starts nearest to one that has gone."""
        return await self._parts.finder.nearest(
            person.organization_id,
            choices.chosen,
            start,
            asker_id=await self.asker(person, choices),
            excluding=choices.moving,
        )

    async def asker(self, person: Person, choices: Choices) -> PersonId | None:
        """Return whose other bookings matter; a host moving a booking asks nobody."""
        moving = await self._moving(person.organization_id, choices.moving)
        return None if moving and moving.booking.host_id == person.id else person.id

    async def _kept(
        self, person: Person, choices: Choices
    ) -> tuple[datetime | None, BookingDetails | None]:
        """Return until when the chosen time is kept, and what the person has at that time."""
        if choices.start is None or choices.moving or not choices.hold:
            return None, None
        queries, now = self._parts.queries, self._parts.clock.now()
        held = (await queries.booking(person.organization_id, choices.hold)).booking
        seat = held.seat_of(person.id)
        live = seat is not None and seat.expires_at is not None and seat.expires_at > now
        known = await queries.bookings_of(person.organization_id, person.id, now=now)
        clash = [d for d in known if d.booking.id != held.id and d.booking.time.overlaps(held.time)]
        return (seat.expires_at if seat and live else None), next(iter(clash), None)


def kind_of(kinds: Sequence[EventType], choices: Choices) -> EventType | None:
    """Return the type of the time chosen, or the only one there is."""
    if not choices.types:
        return None
    return next((kind for kind in kinds if kind.id == choices.chosen), None)
