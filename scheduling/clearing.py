"""Taking a finished booking off one's own list; it frees nothing and tells nobody."""

from dataclasses import replace

from scheduling.commands import ClearFinished
from scheduling.errors import BookingChanged, NotAllowed
from scheduling.ground import Ground
from scheduling.model import Booking
from scheduling.ports import Transaction


def clear(tx: Transaction, ground: Ground, command: ClearFinished) -> Booking:
    """Mark the actor's seat as cleared; repeating it changes nothing."""
    booking = tx.bookings.get(command.booking_id)
    seat = booking.seat_of(command.actor.person_id)
    if seat is None:
        raise NotAllowed
    if booking.status.is_live and booking.time.end > ground.clock.now():
        raise BookingChanged(booking)
    if not seat.cleared:
        tx.bookings.put_seat(replace(seat, cleared=True))
    return tx.bookings.get(command.booking_id)
