"""Holding a start while somebody answers, and giving it back."""

from dataclasses import replace
from datetime import datetime, timedelta

from scheduling.commands import HoldSlot, ReleaseHold
from scheduling.errors import NotAllowed, TooManyHolds
from scheduling.expiry import expire_overdue, let_seat_go
from scheduling.ground import Ground, made_by, occupied, with_seat
from scheduling.ids import PersonId, RequestId
from scheduling.model import Attendance, Booking, BookingStatus, SeatStatus
from scheduling.moments import seconds
from scheduling.plan import end_of_hold
from scheduling.ports import Transaction
from scheduling.seats import Place, admit, blank_booking, joined, new_seat, read_place

_DAY = timedelta(days=1)


def hold(tx: Transaction, ground: Ground, command: HoldSlot) -> Booking:
    """Keep a start for the actor."""
    actor_id = command.actor.person_id
    kind = tx.event_types.get(command.event_type_id)
    locked = lock_for(tx, kind.host_id, actor_id)
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    admit(tx, ground, kind, command.actor, via_link=command.via_link)
    expire_overdue(tx, ground, [kind.host_id], now)
    if tx.bookings.holds_since(actor_id, now - _DAY) >= ground.policy.holds_per_day:
        raise TooManyHolds(ground.policy.holds_per_day)
    free_earlier(tx, ground, actor_id, locked, now)
    end = min(now + ground.policy.hold_ttl, command.start)
    place = read_place(tx, ground, kind, command.start, command.actor, now)
    booking, seat = _hold_seat(tx, place, command.request_id, end)
    if command.card:
        facts: dict[str, str | int] = {
            "request": command.request_id,
            "event_type": kind.id,
            "start": seconds(command.start),
        }
        if command.draft_id:
            facts["draft"] = command.draft_id
        tx.outbox.add(end_of_hold(booking, seat, end, command.card, facts))
    tx.audit.add(actor_id, "held", booking.id, {"start": seconds(command.start)})
    tx.requests.record(command.request_id, booking.id, now)
    return booking


def release(tx: Transaction, ground: Ground, command: ReleaseHold) -> None:
    """Give a hold back; what is no hold of the actor any more stays as it is."""
    booking = tx.bookings.get(command.booking_id)
    actor_id = command.actor.person_id
    tx.lock_hosts({booking.host_id, actor_id})
    booking = tx.bookings.get(command.booking_id)
    seat = booking.seat_of(actor_id)
    if seat is None:
        raise NotAllowed
    if seat.status is SeatStatus.HELD:
        let_seat_go(
            tx, ground, booking, seat, ground.clock.now(), verb="hold_released", by=actor_id
        )


def lock_for(tx: Transaction, host_id: PersonId, actor_id: PersonId) -> set[PersonId]:
    """Lock everything taking a start may touch, at once and in id order; return whom.

    That is the host, the hosts of holds the actor gives back with it, and the actor, so that
    one person's presses queue behind each other.
    """
    others = {booking.host_id for booking in tx.bookings.held_by(actor_id)}
    locked = {host_id, actor_id} | others
    tx.lock_hosts(locked)
    return locked


def free_earlier(
    tx: Transaction, ground: Ground, person_id: PersonId, locked: set[PersonId], now: datetime
) -> None:
    """Give back what the person holds: one hold each, and the newest wish counts."""
    for booking in tx.bookings.held_by(person_id):
        seat = booking.seat_of(person_id)
        # A hold taken between reading and locking lies with a host that is not ours to touch
        # now; it ends by itself in minutes.
        if seat and seat.status is SeatStatus.HELD and booking.host_id in locked:
            let_seat_go(tx, ground, booking, seat, now, verb="hold_replaced", by=person_id)


def _hold_seat(
    tx: Transaction, place: Place, request_id: RequestId, end: datetime
) -> tuple[Booking, Attendance]:
    """Hold a seat in the group, or a new booking that claims the time."""
    if place.group is None:
        booking = replace(blank_booking(place, request_id), expires_at=end)
        seat = new_seat(place, booking, SeatStatus.HELD, (), end)
        booking = with_seat(booking, seat)
        tx.bookings.add(booking)
        tx.bookings.claim(booking, occupied(place.kind, booking.time), end)
        return booking, seat
    seat = new_seat(place, place.group, SeatStatus.HELD, (), end)
    booking = joined(place.group, seat)
    tx.bookings.put_seat(seat)
    if booking.status is BookingStatus.HELD and booking.expires_at:
        booking = replace(booking, expires_at=max(booking.expires_at, end))
        tx.bookings.update(booking)
        tx.bookings.claim_until(booking.id, booking.expires_at)
    return booking, seat
