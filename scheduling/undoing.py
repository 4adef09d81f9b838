"""Taking back what one just did with a booking."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from scheduling.cancelling import Words, check_cancellable, give_up_seat
from scheduling.commands import UndoChange
from scheduling.errors import BookingChanged, UndoGone
from scheduling.expiry import expire_overdue
from scheduling.ground import (
    SEATED,
    Ground,
    attendees,
    check_side,
    hoping,
    made_by,
    next_plan,
    seated,
    tell,
    undo_id,
    with_seats,
)
from scheduling.ids import AttendanceId, BookingId, PersonId, new_id
from scheduling.model import Booking, BookingStatus, SeatStatus
from scheduling.moments import from_seconds
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Card, Person
from scheduling.plan import PLANNED, Act, nudge_for_host, pending_deadline, reminders_for
from scheduling.ports import Transaction
from scheduling.sessions.following import booking_back, session_of
from scheduling.waitlist import offer_free


def undo(tx: Transaction, ground: Ground, command: UndoChange) -> Booking:
    """Take back the actor's own last change of the booking, told as a short correction."""
    actor_id = command.actor.person_id
    booking = tx.bookings.get(command.booking_id)
    tx.lock_hosts({booking.host_id, actor_id})
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    expire_overdue(tx, ground, [booking.host_id], now)
    booking = tx.bookings.get(command.booking_id)
    check_side(booking, actor_id)
    payload = tx.undos.take(undo_id(booking.id, actor_id), actor_id, now)
    if payload is None:
        raise UndoGone
    did = json.loads(payload)
    if did["plan"] != booking.plan_revision and did["did"] != "leave":
        raise UndoGone  # something else happened since
    booking = _take_back(
        tx, ground, booking, did, _By(actor_id, command.request_id, command.card, now)
    )
    tx.requests.record(command.request_id, booking.id, now)
    return booking


@dataclass(frozen=True, slots=True)
class _By:
    """Who undoes, with which press, when."""

    person_id: PersonId
    cause: str
    card: Card | None
    now: datetime
    host_knows: bool = False


def restore_cancelled(
    tx: Transaction,
    ground: Ground,
    booking_id: BookingId,
    host_id: PersonId,
    cause: str,
    now: datetime,
) -> bool:
    """Bring back what the host's time off cancelled, while its time is kept; else say False."""
    payload = tx.undos.take(undo_id(booking_id, host_id), host_id, now)
    booking = tx.bookings.get(booking_id)
    if payload is None or json.loads(payload)["plan"] != booking.plan_revision:
        return False
    by = _By(host_id, cause, None, now, host_knows=True)
    _take_back(tx, ground, booking, json.loads(payload), by)
    return True


def _take_back(
    tx: Transaction, ground: Ground, booking: Booking, did: dict[str, object], by: _By
) -> Booking:
    match did:
        case {"did": "book"}:
            return _unbook(tx, ground, booking, by)
        case {"did": "cancel", "seats": dict(seats), "status": str(status), "deadline": deadline}:
            end = from_seconds(deadline) if isinstance(deadline, int) else None
            return _restore(tx, ground, booking, seats, BookingStatus(status), end, by)
        case {"did": "leave", "seat": str(seat_id), "status": str(status)}:
            return _come_back(tx, ground, booking, AttendanceId(seat_id), SeatStatus(status), by)
        case {"did": "approve", "deadline": int(deadline)}:
            return _unapprove(tx, ground, booking, from_seconds(deadline), by)
        case _:
            raise UndoGone


def _unbook(tx: Transaction, ground: Ground, booking: Booking, by: _By) -> Booking:
    """End a booking that was just made, whatever the cut-off."""
    seat = booking.seat_of(by.person_id)
    if seat is None or seat.status not in SEATED:
        raise UndoGone
    check_cancellable(booking, by.now)
    actor = tx.people.get(by.person_id)
    words = Words(actor, by.cause, by.now, by.card, None, correction=True)
    return give_up_seat(tx, ground, booking, seat, words)


def _restore(
    tx: Transaction,
    ground: Ground,
    booking: Booking,
    seats: dict[str, str],
    status: BookingStatus,
    deadline: datetime | None,
    by: _By,
) -> Booking:
    """Bring a cancelled booking back: the same booking and UID, at the time kept for it."""
    if booking.status is not BookingStatus.CANCELLED:
        raise UndoGone
    pending = status is BookingStatus.PENDING
    end = max(deadline, by.now) if pending and deadline else None
    if not tx.bookings.claim_until(booking.id, end):
        raise UndoGone
    back = replace(
        next_plan(booking),
        status=status,
        cancelled_by=None,
        reason=None,
        expires_at=end,
        undo_until=None,
    )
    returned = [
        replace(seat, status=SeatStatus(seats[seat.id]))
        for seat in booking.seats
        if seat.id in seats
    ]
    back = with_seats(tx, back, returned)
    tx.bookings.update(back)
    if session := session_of(tx, back):
        booking_back(tx, session, back, by.now)
    kind = tx.event_types.get(back.event_type_id)
    host, came = tx.people.get(back.host_id), attendees(tx, back)
    if pending and end:
        later = nudge_for_host(back, end, policy=ground.policy, now=by.now)
    else:
        later = reminders_for(back, kind, [host, *came], policy=ground.policy, now=by.now)
    readers = [*came, *hoping(tx, back)]
    _tell_back(tx, back, by, readers if by.host_knows else [*readers, host], later)
    return offer_free(tx, ground, back, by.now)


def _come_back(
    tx: Transaction,
    ground: Ground,
    booking: Booking,
    seat_id: AttendanceId,
    status: SeatStatus,
    by: _By,
) -> Booking:
    """Give a person who left a group their seat again, which was kept for them."""
    left = next((seat for seat in booking.seats if seat.id == seat_id), None)
    if left is None or left.status is not SeatStatus.HELD or not booking.status.is_live:
        raise UndoGone
    # A seat of its own, so that reminders retired with the old one are planned anew.
    gone = replace(left, status=SeatStatus.CANCELLED, expires_at=None)
    fresh = replace(left, id=AttendanceId(new_id()), status=status, expires_at=None)
    alone = booking.status is BookingStatus.HELD
    booking = with_seats(tx, booking, [gone, fresh])
    if alone:
        booking = _live_again(tx, ground, booking, status, by.now)
    person, host = tx.people.get(by.person_id), tx.people.get(booking.host_id)
    later: list[Notification] = []
    if booking.status is BookingStatus.CONFIRMED:
        kind = tx.event_types.get(booking.event_type_id)
        reminded = [person, host] if alone else [person]
        later = reminders_for(booking, kind, reminded, policy=ground.policy, now=by.now)
    _tell_back(tx, booking, by, [person, host], later)
    return booking


def _live_again(
    tx: Transaction, ground: Ground, booking: Booking, seat_status: SeatStatus, now: datetime
) -> Booking:
    """Make a booking that only holds were left in what its returned seat is."""
    end, status = None, BookingStatus.CONFIRMED
    if seat_status is SeatStatus.PENDING:
        end = pending_deadline(ground.policy, booking.time.start, now)
        status = BookingStatus.PENDING
    booking = replace(next_plan(booking), status=status, expires_at=end)
    tx.bookings.claim_until(booking.id, end)
    tx.bookings.update(booking)
    return booking


def _unapprove(
    tx: Transaction, ground: Ground, booking: Booking, deadline: datetime, by: _By
) -> Booking:
    """Make a booking a request again, with at least a little time left to answer it."""
    if booking.status is not BookingStatus.CONFIRMED:
        raise BookingChanged(booking)
    end = min(max(deadline, by.now + ground.policy.pending_least), booking.time.start)
    if end <= by.now:
        raise UndoGone
    back = replace(
        next_plan(booking), status=BookingStatus.PENDING, expires_at=end, undo_until=None
    )
    asked = [replace(seat, status=SeatStatus.PENDING) for seat in seated(back)]
    back = with_seats(tx, back, asked)
    tx.bookings.update(back)
    tx.bookings.claim_until(back.id, end)
    tx.outbox.retire(back.id, PLANNED)
    host = tx.people.get(back.host_id)
    act = Act(
        kind=NotificationKind.PENDING,
        by=host,
        cause=by.cause,
        now=by.now,
        card=by.card,
        facts={"correction": 1},
    )
    nudge = nudge_for_host(back, end, policy=ground.policy, now=by.now)
    tell(tx, act, back, [host, *attendees(tx, back)], nudge)
    tx.audit.add(host.id, "unapproved", back.id, {})
    return back


def _tell_back(
    tx: Transaction,
    booking: Booking,
    by: _By,
    readers: list[Person],
    later: list[Notification],
) -> None:
    actor = tx.people.get(by.person_id)
    act = Act(kind=NotificationKind.BACK_ON, by=actor, cause=by.cause, now=by.now, card=by.card)
    tell(tx, act, booking, readers, later)
    tx.audit.add(actor.id, "back_on", booking.id, {})
