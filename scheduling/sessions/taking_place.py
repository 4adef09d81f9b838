"""The booking a group session becomes: hosted by its organizer, with a seat for everybody in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scheduling.calendars import calendar_of
from scheduling.errors import SlotTaken
from scheduling.ground import wall
from scheduling.ids import (
    AttendanceId,
    BookingId,
    EventTypeId,
    PersonId,
    RequestId,
    new_code,
    new_id,
)
from scheduling.model import Attendance, Booking, BookingStatus, EventType, Listing, SeatStatus
from scheduling.moments import Interval, zone_data_version
from scheduling.people import Person
from scheduling.ports import Transaction
from scheduling.sessions.model import Session

MOST_SEATS = 200
AHEAD = timedelta(days=400)
"""How far ahead a session, or a candidate for one, may begin."""


def take_place(
    tx: Transaction,
    session: Session,
    time: Interval,
    people: Sequence[PersonId],
    request_id: RequestId,
    now: datetime,
) -> tuple[EventType, Booking]:
    """Claim the organizer's time and seat these people; the organizer's lock is held.

    The event type is the session's own, in nobody's list: only the session seats people.

    Raises:
        SlotTaken: the organizer has something else then.
    """
    organizer = tx.people.get(session.organizer_id)
    taken = tx.sessions.busy_of([organizer.id], time, now).get(organizer.id, ())
    if any(each.overlaps(time) for each in taken):
        raise SlotTaken(time.start)
    kind = _event_type(tx, session, organizer)
    booking = _booking(kind, organizer, time, people, request_id, now)
    tx.event_types.add(kind)
    tx.bookings.add(booking)
    tx.bookings.claim(booking, time, None)
    return kind, booking


def _event_type(tx: Transaction, session: Session, organizer: Person) -> EventType:
    calendar = calendar_of(tx, organizer)
    return EventType(
        organization_id=session.organization_id,
        id=EventTypeId(new_id()),
        calendar_id=calendar.id,
        host_id=organizer.id,
        code=new_code(),
        title=session.title,
        duration=session.duration,
        step=session.duration,
        horizon=AHEAD,
        capacity=session.capacity,
        listing=Listing.OFF,
        cut_off=timedelta(),
    )


def _booking(
    kind: EventType,
    organizer: Person,
    time: Interval,
    people: Sequence[PersonId],
    request_id: RequestId,
    now: datetime,
) -> Booking:
    booking_id, zone_name = BookingId(new_id()), organizer.zone or "UTC"
    return Booking(
        organization_id=kind.organization_id,
        id=booking_id,
        event_type_id=kind.id,
        calendar_id=kind.calendar_id,
        host_id=organizer.id,
        time=time,
        host_wall=wall(time.start, zone_name),
        host_zone=zone_name,
        zone_data=zone_data_version(),
        status=BookingStatus.CONFIRMED,
        title=kind.title,
        place=None,
        video=None,
        capacity=kind.capacity,
        uid=f"{booking_id}@slotbook",
        request_id=request_id,
        created_at=now,
        seats=tuple(
            Attendance(AttendanceId(new_id()), booking_id, person_id, SeatStatus.ACCEPTED)
            for person_id in people
        ),
    )
