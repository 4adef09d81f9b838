"""Finding a seat: who may have one, whether the start allows it, and what it looks like."""

from dataclasses import dataclass
from datetime import datetime

from scheduling.errors import EventTypeOff, NotAllowed, SlotTaken, StudentsClosed
from scheduling.ground import Ground, insist, read_day_book, wall, with_seat
from scheduling.ids import AttendanceId, BookingId, PersonId, RequestId, new_id
from scheduling.model import (
    Attendance,
    Booking,
    BookingStatus,
    EventType,
    Listing,
    SeatStatus,
)
from scheduling.moments import Interval, seconds, zone_data_version
from scheduling.people import Actor
from scheduling.policy import StudentsPolicy
from scheduling.ports import Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """A start that nothing objects to, and the group that takes place then, if there is one."""

    kind: EventType
    start: datetime
    person_id: PersonId
    host_zone: str
    group: Booking | None
    now: datetime


def admit(
    tx: Transaction, ground: Ground, kind: EventType, actor: Actor, *, via_link: bool
) -> None:
    """Check that this person may book this type at all."""
    if kind.listing is Listing.OFF:
        raise EventTypeOff(kind.id, kind.host_id)
    if via_link or kind.host_id == actor.person_id:
        return  # hosts are refused by the rules, with their reason
    if kind.listing is Listing.LINK:
        raise NotAllowed
    if ground.policy.students is StudentsPolicy.LINK:
        person = tx.people.get(actor.person_id)
        if not (person.is_coach or person.is_admin):
            raise StudentsClosed(StudentsPolicy.LINK.value)


def read_place(
    tx: Transaction, ground: Ground, kind: EventType, start: datetime, actor: Actor, now: datetime
) -> Place:
    book, host_zone = read_day_book(tx, ground, kind.id, start, now=now, asker_id=actor.person_id)
    insist(book, start)
    group = None
    if seconds(start) in book.joinable:
        group = tx.bookings.live_at(kind.id, start)
    return Place(kind, start, actor.person_id, host_zone, group, now)


def new_seat(
    place: Place,
    booking: Booking,
    status: SeatStatus,
    answers: tuple[tuple[str, str], ...],
    end: datetime | None,
) -> Attendance:
    seat_id = AttendanceId(new_id())
    return Attendance(seat_id, booking.id, place.person_id, status, answers, expires_at=end)


def joined(group: Booking, seat: Attendance) -> Booking:
    """Return the group with one more seat.

    Raises:
        SlotTaken: there is none left; the host's lock makes this the last word.
    """
    if group.seats_used >= group.capacity:
        raise SlotTaken(group.time.start)
    return with_seat(group, seat)


def blank_booking(place: Place, request_id: RequestId) -> Booking:
    kind, booking_id = place.kind, BookingId(new_id())
    return Booking(
        organization_id=kind.organization_id,
        id=booking_id,
        event_type_id=kind.id,
        calendar_id=kind.calendar_id,
        host_id=kind.host_id,
        time=Interval(place.start, place.start + kind.duration),
        host_wall=wall(place.start, place.host_zone),
        host_zone=place.host_zone,
        zone_data=zone_data_version(),
        status=BookingStatus.HELD,
        title=kind.title,
        place=kind.place,
        video=kind.video,
        capacity=kind.capacity,
        uid=f"{booking_id}@slotbook",
        request_id=request_id,
        created_at=place.now,
    )
