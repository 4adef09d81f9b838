"""Holding a start, and making a booking of it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduling import text
from scheduling.commands import BookSlot, ConfirmHold, HoldSlot, ReleaseHold
from scheduling.errors import (
    AnswerMissing,
    EventTypeOff,
    HoldGone,
    NotAllowed,
    SlotTaken,
    StudentsClosed,
    TooManyHolds,
)
from scheduling.expiry import expire_overdue, let_seat_go
from scheduling.ground import (
    Ground,
    insist,
    made_by,
    next_plan,
    occupied,
    read_day_book,
    remind_all,
    remind_one,
    tell,
    wall,
    with_seat,
)
from scheduling.ids import AttendanceId, BookingId, PersonId, RequestId, new_id
from scheduling.model import (
    Attendance,
    Booking,
    BookingStatus,
    EventType,
    Listing,
    SeatStatus,
)
from scheduling.moments import Interval, seconds, zone_data_version
from scheduling.notifications import NotificationKind
from scheduling.people import Actor, Card
from scheduling.plan import Act, end_of_hold, nudge_for_host
from scheduling.policy import Policy, StudentsPolicy
from scheduling.ports import Transaction
from scheduling.rules import refusal

_DAY = timedelta(days=1)
_KEPT = frozenset({"enough_notice", "within_horizon", "not_too_many"})
"""What a hold has promised: the minutes spent on answering take none of it back."""


def hold(tx: Transaction, ground: Ground, command: HoldSlot) -> Booking:
    """Keep a start for the actor."""
    actor_id = command.actor.person_id
    kind = tx.event_types.get(command.event_type_id)
    # Everything this may touch is locked at once, in id order: the host, the hosts of holds it
    # gives back, and the actor, so that one person's presses queue behind each other.
    others = {booking.host_id for booking in tx.bookings.held_by(actor_id)}
    locked = {kind.host_id, actor_id} | others
    tx.lock_hosts(locked)
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    _admit(tx, ground, kind, command.actor, via_link=command.via_link)
    expire_overdue(tx, [kind.host_id], now)
    if tx.bookings.holds_since(actor_id, now - _DAY) >= ground.policy.holds_per_day:
        raise TooManyHolds(ground.policy.holds_per_day)
    _free_earlier(tx, actor_id, locked)
    end = min(now + ground.policy.hold_ttl, command.start)
    place = _read_place(tx, ground, kind, command.start, command.actor, now)
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


def release(tx: Transaction, command: ReleaseHold) -> None:
    """Give a hold back; what is no hold of the actor any more stays as it is."""
    booking = tx.bookings.get(command.booking_id)
    actor_id = command.actor.person_id
    tx.lock_hosts({booking.host_id, actor_id})
    booking = tx.bookings.get(command.booking_id)
    seat = booking.seat_of(actor_id)
    if seat is None:
        raise NotAllowed
    if seat.status is SeatStatus.HELD:
        let_seat_go(tx, booking, seat, verb="hold_released", by=actor_id)


def confirm(tx: Transaction, ground: Ground, command: ConfirmHold) -> Booking:
    """Consume the actor's hold."""
    actor = command.actor
    booking = tx.bookings.get(command.booking_id)
    tx.lock_hosts({booking.host_id, actor.person_id})
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()  # after the lock: one clock decides whether the hold still stands
    expire_overdue(tx, [booking.host_id], now)
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
    asks = _asks(ground.policy, kind, via_link=command.via_link)
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
    tx.lock_hosts({kind.host_id, actor.person_id})
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    _admit(tx, ground, kind, actor, via_link=command.via_link)
    expire_overdue(tx, [kind.host_id], now)
    place = _read_place(tx, ground, kind, command.start, actor, now)
    answers = _checked(kind, command.answers)
    asks = _asks(ground.policy, kind, via_link=command.via_link)
    status = _status_after(place.group, asks=asks)
    if place.group is None:
        booking = _booking_at(place, ground, command.request_id, status, answers)
        (seat,) = booking.seats
        tx.bookings.add(booking)
        tx.bookings.claim(booking, occupied(kind, booking.time), booking.expires_at)
    else:
        seat = _new_seat(place, place.group, _seat_in(status), answers, None)
        booking = _settle(tx, ground, _joined(place.group, seat), seat, status, now)
    fresh = place.group is None or status is not place.group.status
    made_now = _Made(command.request_id, command.card, now, fresh)
    _announce(tx, ground, kind, booking, seat, made_now)
    return booking


def pending_deadline(policy: Policy, start: datetime, now: datetime) -> datetime:
    """Return until when the host may answer: never after the start, else at least a little."""
    wanted = min(now + policy.pending_ttl, start - policy.pending_lead)
    return min(max(wanted, now + policy.pending_least), start)


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


# --- steps --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """A start that nothing objects to, and the group that takes place then, if there is one."""

    kind: EventType
    start: datetime
    person_id: PersonId
    host_zone: str
    group: Booking | None
    now: datetime


@dataclass(frozen=True, slots=True)
class _Made:
    request_id: RequestId
    card: Card | None
    now: datetime
    fresh: bool
    """The booking, and not only the seat, has just come to be what it is."""


def _admit(
    tx: Transaction, ground: Ground, kind: EventType, actor: Actor, *, via_link: bool
) -> None:
    """Check that this person may book this type at all."""
    if kind.listing is Listing.OFF:
        raise EventTypeOff(kind.id, kind.host_id)
    if via_link or kind.host_id == actor.person_id:
        return  # hosts are refused by the rules, with their reason
    if kind.listing is Listing.LINK:
        raise NotAllowed
    if ground.policy.students is StudentsPolicy.LINK:
        person = tx.people.get(actor.person_id)
        if not (person.is_coach or person.is_admin):
            raise StudentsClosed(StudentsPolicy.LINK.value)


def _asks(policy: Policy, kind: EventType, *, via_link: bool) -> bool:
    """Say whether the host's yes is needed."""
    return kind.approval or (policy.students is StudentsPolicy.APPROVED and not via_link)


def _free_earlier(tx: Transaction, person_id: PersonId, locked: set[PersonId]) -> None:
    for booking in tx.bookings.held_by(person_id):
        seat = booking.seat_of(person_id)
        # A hold taken between reading and locking lies with a host that is not ours to touch
        # now; it ends by itself in minutes.
        if seat and seat.status is SeatStatus.HELD and booking.host_id in locked:
            let_seat_go(tx, booking, seat, verb="hold_replaced", by=person_id)


def _read_place(
    tx: Transaction, ground: Ground, kind: EventType, start: datetime, actor: Actor, now: datetime
) -> _Place:
    book, host_zone = read_day_book(tx, ground, kind.id, start, now=now, asker_id=actor.person_id)
    insist(book, start)
    group = None
    if seconds(start) in book.joinable:
        group = tx.bookings.live_at(kind.id, start)
    return _Place(kind, start, actor.person_id, host_zone, group, now)


def _hold_seat(
    tx: Transaction, place: _Place, request_id: RequestId, end: datetime
) -> tuple[Booking, Attendance]:
    """Hold a seat in the group, or a new booking that claims the time."""
    if place.group is None:
        booking = replace(_blank_booking(place, request_id), expires_at=end)
        seat = _new_seat(place, booking, SeatStatus.HELD, (), end)
        booking = with_seat(booking, seat)
        tx.bookings.add(booking)
        tx.bookings.claim(booking, occupied(place.kind, booking.time), end)
        return booking, seat
    seat = _new_seat(place, place.group, SeatStatus.HELD, (), end)
    booking = _joined(place.group, seat)
    tx.bookings.put_seat(seat)
    if booking.status is BookingStatus.HELD and booking.expires_at:
        booking = replace(booking, expires_at=max(booking.expires_at, end))
        tx.bookings.update(booking)
        tx.bookings.claim_until(booking.id, booking.expires_at)
    return booking, seat


def _booking_at(
    place: _Place,
    ground: Ground,
    request_id: RequestId,
    status: BookingStatus,
    answers: tuple[tuple[str, str], ...],
) -> Booking:
    """Return a booking that needs no hold before it."""
    pending = status is BookingStatus.PENDING
    booking = replace(
        _blank_booking(place, request_id),
        status=status,
        expires_at=pending_deadline(ground.policy, place.start, place.now) if pending else None,
        undo_until=place.now + ground.policy.undo_ttl,
    )
    return with_seat(booking, _new_seat(place, booking, _seat_in(status), answers, None))


def _new_seat(
    place: _Place,
    booking: Booking,
    status: SeatStatus,
    answers: tuple[tuple[str, str], ...],
    end: datetime | None,
) -> Attendance:
    seat_id = AttendanceId(new_id())
    return Attendance(seat_id, booking.id, place.person_id, status, answers, expires_at=end)


def _joined(group: Booking, seat: Attendance) -> Booking:
    """Return the group with one more seat.

    Raises:
        SlotTaken: there is none left; the host's lock makes this the last word.
    """
    if group.seats_used >= group.capacity:
        raise SlotTaken(group.time.start)
    return with_seat(group, seat)


def _blank_booking(place: _Place, request_id: RequestId) -> Booking:
    kind, booking_id = place.kind, BookingId(new_id())
    return Booking(
        organization_id=kind.organization_id,
        id=booking_id,
        event_type_id=kind.id,
        calendar_id=kind.calendar_id,
        host_id=kind.host_id,
        time=Interval(place.start, place.start + kind.duration),
        host_wall=wall(place.start, place.host_zone),
        host_zone=place.host_zone,
        zone_data=zone_data_version(),
        status=BookingStatus.HELD,
        title=kind.title,
        place=kind.place,
        video=kind.video,
        capacity=kind.capacity,
        uid=f"{booking_id}@slotbook",
        request_id=request_id,
        created_at=place.now,
    )


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
    tell(tx, act, booking, [attendee, host])
    if pending:
        if made.fresh and booking.expires_at:
            nudge = nudge_for_host(booking, booking.expires_at, policy=ground.policy, now=made.now)
            tx.outbox.add(*nudge)
    elif made.fresh:
        remind_all(tx, ground, booking, kind, made.now)
    else:
        remind_one(tx, ground, booking, kind, attendee, seat, made.now)
    remember_undo(tx, booking, seat.person_id, "book", seat=seat.id)
    tx.audit.add(seat.person_id, act.kind.value, booking.id, {"start": seconds(booking.time.start)})
    tx.requests.record(made.request_id, booking.id, made.now)
