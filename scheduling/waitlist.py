"""Who waits for a seat in a full group, and how a seat that became free finds the next in line.

Everything here happens behind the lock of the booking's host, like every change of its seats: of
sixty people who want the last seat, and of an offer that is taken and lapses at once, the one who
locks first decides, and the other finds the seats as they then are.
"""

from dataclasses import replace
from datetime import datetime

from scheduling.ground import Ground, with_seat, with_seats
from scheduling.ids import SessionId
from scheduling.model import Attendance, Booking, BookingStatus, SeatStatus
from scheduling.notifications import NotificationKind
from scheduling.people import Person
from scheduling.ports import Transaction
from scheduling.sessions.deadlines import offer_deadline
from scheduling.sessions.news import seat_lapsed, seat_offered


def line_of(booking: Booking) -> list[Attendance]:
    """Return the waiting seats, the next first; who let an offer lapse stands behind the rest."""
    waiting = [seat for seat in booking.seats if seat.status is SeatStatus.WAITLISTED]
    fresh = [seat for seat in waiting if seat.expires_at is None]
    lapsed = [(seat.expires_at, seat) for seat in waiting if seat.expires_at is not None]
    return [*fresh, *(seat for _, seat in sorted(lapsed, key=lambda pair: pair[0]))]


def lapse_offers(tx: Transaction, ground: Ground, booking: Booking, now: datetime) -> Booking:
    """End the offers of this booking whose time is over, and offer their seats to the next.

    Who let one lapse waits on, behind those who have had none; when all of them have had one,
    the seat is open to everybody instead of going round in circles.
    """
    over = [
        seat
        for seat in booking.seats
        if seat.status is SeatStatus.OFFERED and seat.expires_at and seat.expires_at <= now
    ]
    if not over:
        return booking
    booking = with_seats(tx, booking, [replace(s, status=SeatStatus.WAITLISTED) for s in over])
    booking = offer_free(tx, ground, booking, now, again=False)
    session_id = session_id_of(tx, booking)
    for seat in over:
        forget_offer(tx, booking, seat)
        tx.outbox.add(seat_lapsed(booking, seat, session_id, now))
        tx.audit.add(None, "offer_lapsed", booking.id, {"person": seat.person_id})
    return booking


def offer_free(
    tx: Transaction, ground: Ground, booking: Booking, now: datetime, *, again: bool = True
) -> Booking:
    """Offer every free seat to the next in line, each to one person alone.

    ``again`` lets those have their turn whose earlier offer lapsed: a seat that has just become
    free is news to them too.
    """
    if booking.status is not BookingStatus.CONFIRMED or booking.time.start <= now:
        return booking
    for waiting in line_of(booking):
        if booking.seats_used >= booking.capacity:
            break
        if waiting.expires_at is not None and not again:
            continue
        person = tx.people.get(waiting.person_id)
        seat = _offered(ground, booking, waiting, person, now)
        tx.bookings.put_seat(seat)
        booking = with_seat(booking, seat)
        tx.outbox.add(seat_offered(booking, seat, session_id_of(tx, booking), now))
        tx.audit.add(None, "seat_offered", booking.id, {"person": person.id})
    return booking


def forget_offer(tx: Transaction, booking: Booking, seat: Attendance) -> None:
    """See to it that an offer which has ended is not sent any more."""
    tx.outbox.retire(booking.id, [NotificationKind.SEAT_OFFERED], person_id=seat.person_id)


def session_id_of(tx: Transaction, booking: Booking) -> SessionId | None:
    """Return the group session the booking belongs to."""
    session = tx.sessions.by_booking(booking.id) if booking.capacity > 1 else None
    return session.id if session else None


def _offered(
    ground: Ground, booking: Booking, seat: Attendance, person: Person, now: datetime
) -> Attendance:
    until = offer_deadline(ground.policy, now, booking.time.start, person.zone)
    return replace(seat, status=SeatStatus.OFFERED, expires_at=until)
