"""What every use case on bookings stands on: who may, what is overdue, what a start meets."""

import json
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scheduling.daybook import DayBook, WindowCache, day_book
from scheduling.errors import BookingChanged, NotAllowed
from scheduling.ids import BookingId, EventTypeId, PersonId, RequestId
from scheduling.model import Attendance, Booking, EventType, SeatStatus
from scheduling.moments import Interval, seconds, zone
from scheduling.notifications import Notification
from scheduling.people import Person
from scheduling.plan import Act, notifications_for
from scheduling.policy import Policy
from scheduling.ports import Clock, Transaction
from scheduling.rules import refusal
from scheduling.slots import instant_span

SEATED = frozenset({SeatStatus.ACCEPTED, SeatStatus.PENDING})
"""Seats of people who come, or have asked to."""
_IN_LINE = frozenset({SeatStatus.WAITLISTED, SeatStatus.OFFERED})


@dataclass(frozen=True, slots=True)
class Ground:
    """What transaction functions need beside the transaction."""

    clock: Clock
    policy: Policy
    windows: WindowCache


def made_by(tx: Transaction, request_id: RequestId) -> Booking | None:
    """Return the booking the first delivery of this action made or changed, as it stands now."""
    subject = tx.requests.made(request_id)
    return tx.bookings.get(BookingId(subject)) if subject else None


def read_day_book(
    tx: Transaction,
    ground: Ground,
    event_type_id: EventTypeId,
    start: datetime,
    *,
    now: datetime,
    asker_id: PersonId | None,
    excluding: BookingId | None = None,
) -> tuple[DayBook, str]:
    """Read what decides one start, under the host's lock; also return the host's zone."""
    span = instant_span(start)
    rows = tx.daybook_rows(event_type_id, span, asker_id=asker_id, now=now, excluding=excluding)
    within = (seconds(span.start), seconds(span.end) + 1)
    if missing := ground.windows.missing(rows.heads, within):
        ground.windows.learn(rows.heads, tx.hours.schedules(missing), within)
    windows = ground.windows.windows(rows.heads, within)
    book = day_book(
        rows,
        windows,
        span,
        now=now,
        limit=ground.policy.bookings_per_person,
        moving=excluding is not None,
    )
    return book, rows.host_zone


def insist(book: DayBook, start: datetime, *, waiving: Container[str] = ()) -> None:
    """Raise the first objection to the start."""
    if objection := refusal(book, start, waiving=waiving):
        raise objection


def occupied(kind: EventType, time: Interval) -> Interval:
    """Return the time of a booking with its buffers."""
    return Interval(time.start - kind.buffer_before, time.end + kind.buffer_after)


def wall(start: datetime, zone_name: str) -> str:
    """Return the start as the host reads it."""
    return start.astimezone(zone(zone_name)).strftime("%Y-%m-%dT%H:%M")


def next_plan(booking: Booking) -> Booking:
    """Return the booking with its revisions raised for a change of time or status."""
    return replace(
        booking,
        plan_revision=booking.plan_revision + 1,
        version=booking.version + 1,
        sequence=booking.sequence + int(booking.files_sent),
    )


def with_seat(booking: Booking, seat: Attendance) -> Booking:
    """Return the booking with this seat added, or in the place of its earlier state."""
    if any(known.id == seat.id for known in booking.seats):
        seats = tuple(seat if known.id == seat.id else known for known in booking.seats)
    else:
        seats = (*booking.seats, seat)
    return replace(booking, seats=seats)


def with_seats(tx: Transaction, booking: Booking, seats: Iterable[Attendance]) -> Booking:
    """Store changed seats and return the booking with them."""
    for seat in seats:
        tx.bookings.put_seat(seat)
        booking = with_seat(booking, seat)
    return booking


def seated(booking: Booking) -> list[Attendance]:
    """Return the seats of those who come or have asked to, in the order they came."""
    return [seat for seat in booking.seats if seat.status in SEATED]


def in_line(booking: Booking) -> list[Attendance]:
    """Return the seats of those who wait for one, or have been offered one."""
    return [seat for seat in booking.seats if seat.status in _IN_LINE]


def hoping(tx: Transaction, booking: Booking) -> list[Person]:
    """Return who waits for a seat, or has been offered one."""
    return [tx.people.get(seat.person_id) for seat in in_line(booking)]


def attendees(tx: Transaction, booking: Booking) -> list[Person]:
    """Return who comes or has asked to."""
    return [tx.people.get(seat.person_id) for seat in seated(booking)]


def check_fresh(booking: Booking, seen_version: int | None) -> None:
    """Refuse a button made for an earlier state of the booking.

    Raises:
        BookingChanged: it was changed since.
    """
    if seen_version is not None and seen_version != booking.version:
        raise BookingChanged(booking)


def check_side(booking: Booking, person_id: PersonId) -> bool:
    """Return whether the person is the host.

    Raises:
        NotAllowed: the person is neither the host nor has ever had a seat.
    """
    if person_id == booking.host_id:
        return True
    if booking.seat_of(person_id) is None:
        raise NotAllowed
    return False


def tell(
    tx: Transaction,
    act: Act,
    booking: Booking,
    readers: Iterable[Person],
    later: Iterable[Notification] = (),
) -> None:
    """Plan to tell every reader of an act, and what follows from it later."""
    tx.outbox.add(*notifications_for(act, booking, readers), *later)


def undo_id(booking_id: BookingId, person_id: PersonId) -> str:
    """Return the name under which a person's last change of a booking can be undone."""
    return f"{booking_id}:{person_id}"


def remember_undo(
    tx: Transaction, booking: Booking, person_id: PersonId, did: str, **facts: object
) -> None:
    """Let the person take back what they just did, until the booking's ``undo_until``."""
    if booking.undo_until:
        payload = json.dumps({"did": did, "plan": booking.plan_revision, **facts})
        tx.undos.put(undo_id(booking.id, person_id), person_id, payload, booking.undo_until)


def names(people: Iterable[Person]) -> str:
    """Return names for messages about seats that count no more."""
    return ", ".join(person.name for person in people)
