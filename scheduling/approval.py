"""The host's yes and no."""

from dataclasses import replace

from scheduling import text
from scheduling.commands import ApproveBooking, ChangeBooking, DeclineBooking
from scheduling.errors import BookingChanged, NotAllowed
from scheduling.expiry import expire_overdue
from scheduling.ground import (
    Ground,
    attendees,
    check_fresh,
    made_by,
    names,
    next_plan,
    remember_undo,
    seated,
    tell,
    with_seats,
)
from scheduling.model import Booking, BookingStatus, SeatStatus
from scheduling.moments import seconds
from scheduling.notifications import NotificationKind
from scheduling.plan import PLANNED, Act, reminders_for
from scheduling.ports import Transaction


def approve(tx: Transaction, ground: Ground, command: ApproveBooking) -> Booking:
    """Turn a request into a booking."""
    booking = tx.bookings.get(command.booking_id)
    tx.lock_hosts([booking.host_id])
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    expire_overdue(tx, ground, [booking.host_id], now)
    booking = _asked_for(tx, command)
    deadline = booking.expires_at or booking.time.start
    booking = replace(
        next_plan(booking),
        status=BookingStatus.CONFIRMED,
        expires_at=None,
        undo_until=now + ground.policy.undo_ttl,
    )
    accepted = [replace(seat, status=SeatStatus.ACCEPTED) for seat in seated(booking)]
    booking = with_seats(tx, booking, accepted)
    tx.bookings.update(booking)
    tx.bookings.claim_until(booking.id, None)
    tx.outbox.retire(booking.id, PLANNED)
    host = tx.people.get(booking.host_id)
    act = Act(
        kind=NotificationKind.APPROVED,
        by=host,
        cause=command.request_id,
        now=now,
        card=command.card,
        undo_until=booking.undo_until,
    )
    people = [host, *attendees(tx, booking)]
    kind = tx.event_types.get(booking.event_type_id)
    later = reminders_for(booking, kind, people, policy=ground.policy, now=now)
    tell(tx, act, booking, people, later)
    remember_undo(tx, booking, host.id, "approve", deadline=seconds(deadline))
    tx.audit.add(host.id, "approved", booking.id, {})
    tx.requests.record(command.request_id, booking.id, now)
    return booking


def decline(tx: Transaction, ground: Ground, command: DeclineBooking) -> Booking:
    """Give the time of a request back, with words if the host has some."""
    booking = tx.bookings.get(command.booking_id)
    tx.lock_hosts([booking.host_id])
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    expire_overdue(tx, ground, [booking.host_id], now)
    booking = _asked_for(tx, command)
    reason = text.clean_or_none("reason", command.reason, text.REASON_LIMIT)
    asked = attendees(tx, booking)
    declined = [
        replace(seat, status=SeatStatus.DECLINED, expires_at=None)
        for seat in booking.seats
        if seat.status.uses_seat
    ]
    booking = replace(
        next_plan(booking), status=BookingStatus.DECLINED, expires_at=None, reason=reason
    )
    booking = with_seats(tx, booking, declined)
    tx.bookings.update(booking)
    tx.bookings.release(booking.id)
    tx.outbox.retire(booking.id, PLANNED)
    host = tx.people.get(booking.host_id)
    facts: dict[str, str | int] = {"names": names(asked)}
    if reason:
        facts["reason"] = reason
    act = Act(
        kind=NotificationKind.DECLINED,
        by=host,
        cause=command.request_id,
        now=now,
        card=command.card,
        facts=facts,
    )
    tell(tx, act, booking, [host, *asked])
    tx.audit.add(host.id, "declined", booking.id, {})
    tx.requests.record(command.request_id, booking.id, now)
    return booking


def _asked_for(tx: Transaction, command: ChangeBooking) -> Booking:
    """Return the request, if it is one that this host may still answer."""
    booking = tx.bookings.get(command.booking_id)
    if command.actor.person_id != booking.host_id:
        raise NotAllowed
    check_fresh(booking, command.seen_version)
    if booking.status is not BookingStatus.PENDING:
        raise BookingChanged(booking)
    return booking
