"""Making a booking: of a hold, or at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from scheduling import text
from scheduling.commands import BookSlot, ConfirmHold
from scheduling.errors import AnswerMissing, HoldGone, NotAllowed
from scheduling.expiry import expire_overdue
from scheduling.ground import (
    Ground,
    insist,
    made_by,
    next_plan,
    occupied,
    read_day_book,
    remember_undo,
    tell,
    with_seat,
)
from scheduling.holding import free_earlier, lock_for
from scheduling.ids import RequestId
from scheduling.model import Attendance, Booking, BookingStatus, EventType, SeatStatus
from scheduling.moments import seconds
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Card
from scheduling.plan import Act, nudge_for_host, pending_deadline, reminders_for
from scheduling.ports import Transaction
from scheduling.rules import refusal
from scheduling.seats import Place, admit, blank_booking, joined, new_seat, read_place

_KEPT = frozenset({"enough_notice", "within_horizon", "not_too_many"})
"""What a hold has promised: the minutes spent on answering take none of it back."""


def confirm(tx: Transaction, ground: Ground, command: ConfirmHold) -> Booking:
    """Consume the actor's hold."""
    actor = command.actor
    booking = tx.bookings.get(command.booking_id)
    tx.lock_hosts({booking.host_id, actor.person_id})
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()  # after the lock: one clock decides whether the hold still stands
    expire_overdue(tx, ground, [booking.host_id], now)
    booking = tx.bookings.get(command.booking_id)
    kind = tx.event_types.get(booking.event_type_id)
    seat = booking.seat_of(actor.person_id)
    if seat is None:
        raise NotAllowed
    own = booking.id if booking.seats_used == 1 else None
    start = booking.time.start
    if seat.status is not SeatStatus.HELD or not booking.status.is_live:
        book, _ = read_day_book(tx, ground, kind.id, start, now=now, asker_id=actor.person_id)
        raise HoldGone(start, still_free=refusal(book, start) is None)
    book, _ = read_day_book(
        tx, ground, kind.id, start, now=now, asker_id=actor.person_id, excluding=own
    )
    insist(book, start, waiving=_KEPT)
    answers = _checked(kind, command.answers)
    asks = ground.policy.asks_host(approval=kind.approval, via_link=command.via_link)
    status = _status_after(booking, asks=asks)
    fresh = status is not booking.status
    seat = replace(seat, status=_seat_in(status), answers=answers, expires_at=None)
    booking = _settle(tx, ground, booking, seat, status, now)
    tx.outbox.retire(booking.id, [NotificationKind.HOLD_EXPIRED], person_id=actor.person_id)
    made_now = _Made(command.request_id, command.card, now, fresh)
    _announce(tx, ground, kind, booking, seat, made_now)
    return booking


def book(tx: Transaction, ground: Ground, command: BookSlot) -> Booking:
    """Hold and confirm at once."""
    actor = command.actor
    kind = tx.event_types.get(command.event_type_id)
    locked = lock_for(tx, kind.host_id, actor.person_id)
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    admit(tx, ground, kind, actor, via_link=command.via_link)
    expire_overdue(tx, ground, [kind.host_id], now)
    free_earlier(tx, ground, actor.person_id, locked, now)
    place = read_place(tx, ground, kind, command.start, actor, now)
    answers = _checked(kind, command.answers)
    asks = ground.policy.asks_host(approval=kind.approval, via_link=command.via_link)
    status = _status_after(place.group, asks=asks)
    if place.group is None:
        booking = _booking_at(place, ground, command.request_id, status, answers)
        (seat,) = booking.seats
        tx.bookings.add(booking)
        tx.bookings.claim(booking, occupied(kind, booking.time), booking.expires_at)
    else:
        seat = new_seat(place, place.group, _seat_in(status), answers, None)
        booking = _settle(tx, ground, joined(place.group, seat), seat, status, now)
    fresh = place.group is None or status is not place.group.status
    made_now = _Made(command.request_id, command.card, now, fresh)
    _announce(tx, ground, kind, booking, seat, made_now)
    return booking


@dataclass(frozen=True, slots=True)
class _Made:
    request_id: RequestId
    card: Card | None
    now: datetime
    fresh: bool
    """The booking, and not only the seat, has just come to be what it is."""


def _booking_at(
    place: Place,
    ground: Ground,
    request_id: RequestId,
    status: BookingStatus,
    answers: tuple[tuple[str, str], ...],
) -> Booking:
    """Return a booking that needs no hold before it."""
    pending = status is BookingStatus.PENDING
    booking = replace(
        blank_booking(place, request_id),
        status=status,
        expires_at=pending_deadline(ground.policy, place.start, place.now) if pending else None,
        undo_until=place.now + ground.policy.undo_ttl,
    )
    return with_seat(booking, new_seat(place, booking, _seat_in(status), answers, None))


def _checked(kind: EventType, given: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the answers in the order asked; what was not asked is dropped."""
    by_key = dict(given)
    answers: list[tuple[str, str]] = []
    for question in kind.questions:
        answer = text.clean_or_none("answer", by_key.get(question.key), text.ANSWER_LIMIT)
        if answer:
            answers.append((question.key, answer))
        elif question.required:
            raise AnswerMissing(question.key)
    return tuple(answers)


def _status_after(booking: Booking | None, *, asks: bool) -> BookingStatus:
    """Return what a booking becomes by one more confirmed seat.

    The host's yes is to the time: whoever joins a confirmed group needs no other.
    """
    if booking is None or booking.status is BookingStatus.HELD:
        return BookingStatus.PENDING if asks else BookingStatus.CONFIRMED
    return booking.status


def _seat_in(status: BookingStatus) -> SeatStatus:
    return SeatStatus.PENDING if status is BookingStatus.PENDING else SeatStatus.ACCEPTED


def _settle(
    tx: Transaction,
    ground: Ground,
    booking: Booking,
    seat: Attendance,
    status: BookingStatus,
    now: datetime,
) -> Booking:
    """Store the seat and the booking's new status, with the claim lasting as long as it does."""
    changed = with_seat(booking, seat)
    if booking.status is not status:
        pending = status is BookingStatus.PENDING
        end = pending_deadline(ground.policy, booking.time.start, now) if pending else None
        changed = replace(next_plan(changed), status=status, expires_at=end)
        tx.bookings.claim_until(booking.id, end)
    changed = replace(changed, undo_until=now + ground.policy.undo_ttl)
    tx.bookings.put_seat(seat)
    tx.bookings.update(changed)
    return changed


def _announce(
    tx: Transaction,
    ground: Ground,
    kind: EventType,
    booking: Booking,
    seat: Attendance,
    made: _Made,
) -> None:
    """Tell both sides, plan what comes later, and write down what was done."""
    attendee = tx.people.get(seat.person_id)
    host = tx.people.get(booking.host_id)
    pending = seat.status is SeatStatus.PENDING
    act = Act(
        kind=NotificationKind.PENDING if pending else NotificationKind.BOOKED,
        by=attendee,
        cause=made.request_id,
        now=made.now,
        card=made.card,
        undo_until=booking.undo_until,
    )
    later: list[Notification] = []
    if not pending:
        reminded = [attendee, host] if made.fresh else [attendee]
        later = reminders_for(booking, kind, reminded, policy=ground.policy, now=made.now)
    elif made.fresh and booking.expires_at:
        later = nudge_for_host(booking, booking.expires_at, policy=ground.policy, now=made.now)
    tell(tx, act, booking, [attendee, host], later)
    remember_undo(tx, booking, seat.person_id, "book", seat=seat.id)
    tx.audit.add(seat.person_id, act.kind.value, booking.id, {"start": seconds(booking.time.start)})
    tx.requests.record(made.request_id, booking.id, made.now)
