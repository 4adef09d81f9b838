"""What App Home shows of one person, read at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bots.slack.modals.parts import SurfaceParts
from scheduling.ids import BookingId, PersonId
from scheduling.model import BookingStatus, EventType
from scheduling.moments import Interval
from scheduling.people import Person, Platform
from scheduling.policy import StudentsPolicy
from scheduling.ports import HoursOverview
from scheduling.sessions.model import SessionDetails
from scheduling.slots import Slot
from wording.times import Reader
from wording.view import View

_AHEAD = timedelta(days=60)
_BEFORE = timedelta(days=400)
_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """Everything on the page."""

    person: Person
    reader: Reader
    attended: tuple[View, ...]
    """To come, by start."""
    seats: Mapping[BookingId, SessionDetails]
    """The group sessions among them."""
    hosted: tuple[View, ...]
    """Confirmed, to come or running, by start."""
    requests: tuple[View, ...]
    questions: tuple[SessionDetails, ...]
    """That wait for this person's answer."""
    overview: HoursOverview | None
    kinds: tuple[EventType, ...]
    people: tuple[tuple[Person, Slot | None], ...]
    """Whom one can book, with the first free time."""
    on_telegram: frozenset[PersonId]
    was_booked: bool
    """Somebody has booked this person before, or will come."""


class HomeReader:
    """Reads it."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts, self._queries = parts, parts.booking.queries

    async def read(self, person: Person) -> HomeFacts:
        """Return what stands on this person's page now."""
        now = self._parts.booking.clock.now()
        organization_id = person.organization_id
        found = await self._queries.bookings_of(organization_id, person.id, now=now)
        attended = tuple(View.of(details, person, now) for details in found)
        hosted, requests, before = await self._hosted(person)
        if not person.is_coach:
            # Of a group session that somebody called they are the host: theirs like any other.
            attended = tuple(sorted((*attended, *hosted), key=lambda view: view.start))
        return HomeFacts(
            person=person,
            reader=Reader.of(person, now),
            attended=attended,
            seats=await self._seats(attended),
            hosted=hosted,
            requests=requests,
            questions=tuple(
                await self._parts.session_reads.open_questions(organization_id, person.id)
            ),
            overview=await self._queries.hours(organization_id, person.id, now),
            kinds=tuple(await self._queries.event_types_of(organization_id, person.id)),
            people=await self._people(person),
            on_telegram=await self._on_telegram((*hosted, *requests)),
            was_booked=before or bool(hosted),
        )

    async def _hosted(self, person: Person) -> tuple[tuple[View, ...], tuple[View, ...], bool]:
        now = self._parts.booking.clock.now()
        span = Interval(now - _BEFORE, now + _AHEAD)
        every = await self._queries.hosted(person.organization_id, person.id, span)
        coming = [View.of(d, person, now) for d in every if d.booking.time.end > now]
        confirmed = _of(coming, BookingStatus.CONFIRMED)
        before = any(details.booking.time.end <= now for details in every)
        return confirmed, _of(coming, BookingStatus.PENDING), before

    async def _seats(self, attended: tuple[View, ...]) -> dict[BookingId, SessionDetails]:
        seats: dict[BookingId, SessionDetails] = {}
        for view in attended:
            booking = view.booking
            if booking.capacity > 1 and not view.is_host:
                details = await self._parts.session_reads.session_of_booking(
                    booking.organization_id, booking.id
                )
                if details is not None:
                    seats[booking.id] = details
        return seats

    async def _people(self, person: Person) -> tuple[tuple[Person, Slot | None], ...]:
        by_link = self._parts.booking.policy.students is StudentsPolicy.LINK
        if by_link and not (person.is_coach or person.is_admin):
            return ()
        entries = await self._queries.coaches(person.organization_id)
        others = [entry for entry in entries if entry.person.id != person.id][:_PEOPLE]
        finder = self._parts.booking.finder
        return tuple(
            [
                (
                    entry.person,
                    await finder.first_free(
                        person.organization_id,
                        [kind.id for kind in entry.event_types],
                        asker_id=person.id,
                    ),
                )
                for entry in others
            ]
        )

    async def _on_telegram(self, views: tuple[View, ...]) -> frozenset[PersonId]:
        """Return who of those who come is used to read us in Telegram."""
        everybody = {person.id: person for view in views for person in view.details.people}
        found: set[PersonId] = set()
        for person in everybody.values():
            accounts = await self._queries.accounts(person.organization_id, person.id)
            if accounts and accounts[0].key.platform is Platform.TELEGRAM:
                found.add(person.id)
        return frozenset(found)


def _of(views: list[View], status: BookingStatus) -> tuple[View, ...]:
    return tuple(view for view in views if view.booking.status is status)
