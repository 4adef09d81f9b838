"""What ends by itself: holds, requests nobody answered, and times kept for an undo."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from scheduling.ground import Ground, attendees, names, next_plan, tell, with_seats
from scheduling.ids import PersonId
from scheduling.model import Attendance, Booking, BookingStatus, SeatStatus
from scheduling.notifications import NotificationKind
from scheduling.plan import PLANNED, Act
from scheduling.ports import Transaction
from scheduling.waitlist import offer_free

_BATCH = 100


def expire_overdue(
    tx: Transaction,
    ground: Ground,
    host_ids: Sequence[PersonId] | None,
    now: datetime,
    limit: int = _BATCH,
) -> int:
    """End what is overdue of these hosts, whose rows the caller has locked; return how much.

    Every transaction that claims time does this first, so an overdue hold never stands in the
    way of anybody; the sweep that does it for all only makes it timely.
    """
    seats = tx.bookings.overdue_seats(now, host_ids, limit)
    for seat in seats:
        booking = tx.bookings.get(seat.booking_id)
        let_seat_go(tx, ground, booking, seat, now, verb="hold_expired", by=None)
    overdue = tx.bookings.overdue(now, host_ids, limit)
    for booking in overdue:
        _end(tx, booking, now)
    return len(seats) + len(overdue)


def let_seat_go(
    tx: Transaction,
    ground: Ground,
    booking: Booking,
    seat: Attendance,
    now: datetime,
    *,
    verb: str,
    by: PersonId | None,
) -> Booking:
    """End a held seat, and with the last one the held booking around it.

    Where people wait for a seat, the first of them is offered it in the same transaction.
    """
    ended = replace(seat, status=SeatStatus.CANCELLED, expires_at=None)
    booking = with_seats(tx, booking, [ended])
    if booking.status is BookingStatus.HELD:
        booking = _held_by_the_rest(tx, booking)
    booking = offer_free(tx, ground, booking, now)
    if by is not None:
        # Who gave it back has seen so; a hold that ended by itself still owes its card a word.
        tx.outbox.retire(booking.id, [NotificationKind.HOLD_EXPIRED], person_id=seat.person_id)
    tx.audit.add(by, verb, booking.id, {"person": seat.person_id})
    return booking


def _held_by_the_rest(tx: Transaction, booking: Booking) -> Booking:
    """Keep a held booking as long as the longest hold left in it, or end it."""
    ends = [seat.expires_at for seat in booking.seats if seat.status.uses_seat and seat.expires_at]
    if ends:
        booking = replace(booking, expires_at=max(ends))
        tx.bookings.claim_until(booking.id, booking.expires_at)
    else:
        booking = replace(next_plan(booking), status=BookingStatus.EXPIRED, expires_at=None)
        tx.bookings.release(booking.id)
    tx.bookings.update(booking)
    return booking


def _end(tx: Transaction, booking: Booking, now: datetime) -> None:
    if booking.status is BookingStatus.PENDING:
        _expire_request(tx, booking, now)
    elif booking.status is BookingStatus.HELD:
        _expire_hold(tx, booking)
    else:
        tx.bookings.release(booking.id)  # cancelled: the time was kept for its undo alone


def _expire_hold(tx: Transaction, booking: Booking) -> None:
    # The message that shows the hold was planned with it and is due now: it is not retired.
    booking = _closed(tx, booking)
    tx.audit.add(None, "hold_expired", booking.id, {})


def _expire_request(tx: Transaction, booking: Booking, now: datetime) -> None:
    asked = attendees(tx, booking)
    booking = _closed(tx, booking)
    tx.outbox.retire(booking.id, PLANNED)
    act = Act(
        kind=NotificationKind.EXPIRED,
        by=None,
        cause=str(booking.plan_revision),
        now=now,
        facts={"names": names(asked)},
    )
    tell(tx, act, booking, [*asked, tx.people.get(booking.host_id)])
    tx.audit.add(None, "expired", booking.id, {})


def _closed(tx: Transaction, booking: Booking) -> Booking:
    ended = [
        replace(seat, status=SeatStatus.CANCELLED, expires_at=None)
        for seat in booking.seats
        if seat.status.uses_seat
    ]
    closed = replace(next_plan(booking), status=BookingStatus.EXPIRED, expires_at=None)
    closed = with_seats(tx, closed, ended)
    tx.bookings.update(closed)
    tx.bookings.release(closed.id)
    return closed
