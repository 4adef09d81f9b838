"""Bookings with all that a message about them needs, read together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import BindParameter, and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence.booking_mapping import booking_of
from persistence.booking_rows import seats_by_booking
from persistence.booking_statements import SEATS
from persistence.mapping import AnyRow, event_type_of, person_of
from persistence.prepared import Prepared
from persistence.tables import OF_BOOKING, attendances, bookings, event_types, people, person_roles
from scheduling.ids import BookingId, OrganizationId, PersonId
from scheduling.model import Booking, BookingDetails, BookingStatus, EventType
from scheduling.people import Person

_SHOWN_SEATS = ("held", "pending", "accepted", "offered")
_ORG: BindParameter[str] = bindparam("org")
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)

PEOPLE_AND_ROLES = (
    select(people, person_roles.c.role)
    .outerjoin(
        person_roles,
        and_(
            person_roles.c.organization_id == people.c.organization_id,
            person_roles.c.person_id == people.c.id,
        ),
    )
    .where(people.c.organization_id == _ORG)
)
"""One row per role; somebody without any has one with none."""
PEOPLE = Prepared(PEOPLE_AND_ROLES.where(people.c.id.in_(_IDS)))
EVENT_TYPES = Prepared(
    select(event_types).where(event_types.c.organization_id == _ORG, event_types.c.id.in_(_IDS))
)


async def details_of(
    connection: AsyncConnection, organization_id: OrganizationId, rows: Sequence[AnyRow]
) -> list[BookingDetails]:
    """Return the bookings of these rows with seats, type and people, in the rows' order."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    seats = seats_by_booking(
        await SEATS.all_async(connection, {"org": organization_id, "ids": ids})
    )
    found = [booking_of(row, seats.get(row.id, ())) for row in rows]
    kinds = sorted({booking.event_type_id for booking in found})
    types = await EVENT_TYPES.all_async(connection, {"org": organization_id, "ids": kinds})
    by_id = {row.id: event_type_of(row) for row in types}
    humans = await people_by_id(connection, organization_id, _concerned(found))
    met = await _times_met(connection, organization_id, found)
    return [
        with_people(booking, by_id[booking.event_type_id], humans, met.get(booking.id, 0))
        for booking in found
    ]


def with_people(
    booking: Booking,
    event_type: EventType,
    humans: Mapping[PersonId, Person],
    times_met: int = 0,
) -> BookingDetails:
    """Put a booking together with its type, its host and whoever has a seat that counts."""
    return BookingDetails(
        booking=booking,
        event_type=event_type,
        host=humans[booking.host_id],
        people=tuple(
            humans[seat.person_id]
            for seat in booking.seats
            if seat.status.value in _SHOWN_SEATS and seat.person_id in humans
        ),
        times_met=times_met,
    )


async def people_by_id(
    connection: AsyncConnection, organization_id: OrganizationId, ids: Sequence[PersonId]
) -> dict[PersonId, Person]:
    """Return the people of these ids, with their roles."""
    return people_of(await PEOPLE.all_async(connection, {"org": organization_id, "ids": list(ids)}))


def people_of(rows: Iterable[AnyRow]) -> dict[PersonId, Person]:
    """Build people from rows of one role each."""
    # One row per role; somebody without any has one with none.
    several: defaultdict[str, list[AnyRow]] = defaultdict(list)
    for row in rows:
        several[row.id].append(row)
    return {
        PersonId(person_id): person_of(same[0], [row.role for row in same if row.role is not None])
        for person_id, same in several.items()
    }


def _concerned(found: Iterable[Booking]) -> list[PersonId]:
    concerned: set[PersonId] = set()
    for booking in found:
        concerned.add(booking.host_id)
        concerned.update(seat.person_id for seat in booking.seats)
    return sorted(concerned)


async def _times_met(
    connection: AsyncConnection, organization_id: OrganizationId, found: Sequence[Booking]
) -> dict[BookingId, int]:
    """Return how often the first attendee of each pending booking met its host before."""
    met: dict[BookingId, int] = {}
    for booking in found:
        first = next((s for s in booking.seats if s.status.value in _SHOWN_SEATS), None)
        # Asked only where the host decides: a feed of hundreds must not count for each.
        if first is None or booking.status is not BookingStatus.PENDING:
            continue
        met[booking.id] = (
            await connection.execute(
                select(func.count())
                .select_from(attendances)
                .join(bookings, OF_BOOKING)
                .where(
                    attendances.c.organization_id == organization_id,
                    attendances.c.person_id == first.person_id,
                    attendances.c.status == "accepted",
                    bookings.c.host_id == booking.host_id,
                    bookings.c.status.in_(("confirmed", "completed")),
                    bookings.c.starts_at < booking.time.start,
                    bookings.c.id != booking.id,
                )
            )
        ).scalar_one()
    return met
