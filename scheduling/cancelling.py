"""Ending a booking, or one's seat in it; and taking that back within a minute."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from scheduling import text
from scheduling.commands import CancelBooking
from scheduling.errors import BookingChanged, PastCutOff, ReasonMissing
from scheduling.expiry import expire_overdue
from scheduling.ground import (
    SEATED,
    Ground,
    attendees,
    check_fresh,
    check_side,
    hoping,
    in_line,
    made_by,
    names,
    next_plan,
    remember_undo,
    seated,
    tell,
    with_seats,
)
from scheduling.model import Attendance, Booking, BookingStatus, EventType, SeatStatus
from scheduling.moments import seconds
from scheduling.notifications import NotificationKind
from scheduling.people import Card, Person
from scheduling.plan import PLANNED, Act
from scheduling.ports import Transaction
from scheduling.sessions.following import booking_ended, session_of
from scheduling.sessions.news import called_off_in_thread
from scheduling.waitlist import offer_free


def cancel(tx: Transaction, ground: Ground, command: CancelBooking) -> Booking:
    """End the booking (the host, or the last attendee), or leave the group."""
    actor_id = command.actor.person_id
    booking = tx.bookings.get(command.booking_id)
    tx.lock_hosts({booking.host_id, actor_id})
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    expire_overdue(tx, ground, [booking.host_id], now)
    booking = tx.bookings.get(command.booking_id)
    by_host = check_side(booking, actor_id)
    check_fresh(booking, command.seen_version)
    reason = text.clean_or_none("reason", command.reason, text.REASON_LIMIT)
    check_cancellable(booking, now)
    actor = tx.people.get(actor_id)
    words = Words(actor, command.request_id, now, command.card, reason)
    if by_host:
        booking = end_all(tx, ground, booking, words)
    else:
        kind = tx.event_types.get(booking.event_type_id)
        seat = _own_seat(booking, kind, words)
        booking = give_up_seat(tx, ground, booking, seat, words)
    tx.requests.record(command.request_id, booking.id, now)
    return booking


def check_cancellable(booking: Booking, now: datetime) -> None:
    """Refuse what is over, or no booking (any more).

    Raises:
        BookingChanged: there is nothing to cancel.
    """
    live = booking.status in {BookingStatus.PENDING, BookingStatus.CONFIRMED}
    if not live or booking.time.end <= now:
        raise BookingChanged(booking)


class Words:
    """Who cancels, when, and what they say with it."""

    def __init__(
        self,
        actor: Person,
        cause: str,
        now: datetime,
        card: Card | None,
        reason: str | None,
        *,
        correction: bool = False,
        host_knows: bool = False,
    ) -> None:
        self.actor, self.cause, self.now = actor, cause, now
        self.card, self.reason, self.correction = card, reason, correction
        self.host_knows = host_knows

    def act(self, undo_until: datetime | None, facts: Mapping[str, str | int]) -> Act:
        """Return what is told to everybody."""
        told: dict[str, str | int] = dict(facts)
        if self.reason:
            told["reason"] = self.reason
        if self.correction:
            told["correction"] = 1
        return Act(
            kind=NotificationKind.CANCELLED,
            by=self.actor,
            cause=self.cause,
            now=self.now,
            card=self.card,
            undo_until=undo_until,
            facts=told,
        )


def end_all(tx: Transaction, ground: Ground, booking: Booking, words: Words) -> Booking:
    """Cancel for everybody; the time is kept until undo has passed, so that undo is a promise."""
    came, hoped = attendees(tx, booking), hoping(tx, booking)
    before = {seat.id: seat.status.value for seat in seated(booking)}
    # Who comes back to a line comes back as waiting: an offer's time goes on meanwhile.
    before |= {seat.id: SeatStatus.WAITLISTED.value for seat in in_line(booking)}
    keeps = not words.correction
    until = words.now + ground.policy.undo_ttl if keeps else None
    ended = replace(
        next_plan(booking),
        status=BookingStatus.CANCELLED,
        cancelled_by=words.actor.id,
        reason=words.reason,
        expires_at=None,
        undo_until=until,
    )
    cancelled = [
        replace(seat, status=SeatStatus.CANCELLED, expires_at=None)
        for seat in booking.seats
        if seat.status.uses_seat or seat.status is SeatStatus.WAITLISTED
    ]
    ended = with_seats(tx, ended, cancelled)
    tx.bookings.update(ended)
    if session := session_of(tx, ended):
        session = booking_ended(tx, session)
        # Told in the thread once it is for good: what is undone there was never off.
        facts = {"reason": words.reason} if words.reason else {}
        tx.outbox.add(called_off_in_thread(session, ended, until or words.now, facts))
    if keeps:
        tx.bookings.claim_until(ended.id, until)
    else:
        tx.bookings.release(ended.id)
    tx.outbox.retire(ended.id, [*PLANNED, NotificationKind.SEAT_OFFERED])
    act = words.act(until, {"names": names(came)})
    host = [] if words.host_knows else [tx.people.get(ended.host_id)]
    tell(tx, act, ended, [*came, *hoped, *host])
    deadline = seconds(booking.expires_at) if booking.expires_at else None
    remember_undo(
        tx,
        ended,
        words.actor.id,
        "cancel",
        seats=before,
        status=booking.status.value,
        deadline=deadline,
    )
    tx.audit.add(words.actor.id, "cancelled", ended.id, {})
    return ended


def give_up_seat(
    tx: Transaction, ground: Ground, booking: Booking, seat: Attendance, words: Words
) -> Booking:
    """Take one person's seat back; without anybody left, that cancels what the host did not make.

    A group session stays on for whoever comes next: its organizer made it.
    """
    made_by_host = session_of(tx, booking) is not None
    others = any(other.id != seat.id and other.status.uses_seat for other in booking.seats)
    if not others and not made_by_host:
        return end_all(tx, ground, booking, words)
    keeps = not words.correction
    until = words.now + ground.policy.undo_ttl if keeps else None
    # Kept as a hold of the person who leaves, so that nobody sits down before undo has passed.
    left = replace(
        seat, status=SeatStatus.HELD if keeps else SeatStatus.CANCELLED, expires_at=until
    )
    booking = with_seats(tx, booking, [left])
    booking = replace(booking, undo_until=until)
    if not seated(booking) and not made_by_host:
        booking = _held_only(tx, booking)
    tx.bookings.update(booking)
    if not keeps:
        booking = offer_free(tx, ground, booking, words.now)
    tx.outbox.retire(booking.id, PLANNED, person_id=seat.person_id)
    act = words.act(until, {"names": words.actor.name, "seat": 1})
    tell(tx, act, booking, [words.actor, tx.people.get(booking.host_id)])
    remember_undo(tx, booking, words.actor.id, "leave", seat=seat.id, status=seat.status.value)
    tx.audit.add(words.actor.id, "left", booking.id, {})
    return booking


def _held_only(tx: Transaction, booking: Booking) -> Booking:
    """Make a booking in which nobody sits any more what it is: held, as long as its holds."""
    ends = [seat.expires_at for seat in booking.seats if seat.status.uses_seat and seat.expires_at]
    end = max(ends) if ends else None
    tx.outbox.retire(booking.id, PLANNED)
    tx.bookings.claim_until(booking.id, end)
    return replace(next_plan(booking), status=BookingStatus.HELD, expires_at=end)


def _own_seat(booking: Booking, kind: EventType, words: Words) -> Attendance:
    """Return the attendee's seat, if they may still give it up by themselves."""
    seat = booking.seat_of(words.actor.id)
    if seat is None or seat.status not in SEATED:
        raise BookingChanged(booking)
    if seat.status is SeatStatus.PENDING:
        return seat  # a request can always be withdrawn
    if words.now > booking.time.start - kind.cut_off:
        raise PastCutOff(booking, kind.cut_off)
    if kind.reason_required and not words.reason:
        raise ReasonMissing(booking)
    return seat
