"""Another start for the same booking."""

from dataclasses import replace
from datetime import datetime

from scheduling.commands import MoveBooking
from scheduling.errors import AlreadyIn, BookingChanged, NotAllowed, PastCutOff
from scheduling.expiry import expire_overdue
from scheduling.ground import (
    SEATED,
    Ground,
    attendees,
    check_fresh,
    check_side,
    insist,
    made_by,
    next_plan,
    occupied,
    read_day_book,
    seated,
    tell,
    wall,
    with_seats,
)
from scheduling.model import Attendance, Booking, BookingStatus, EventType, SeatStatus
from scheduling.moments import Interval, seconds, utc, zone_data_version
from scheduling.notifications import NotificationKind
from scheduling.people import Person
from scheduling.plan import PLANNED, Act, nudge_for_host, pending_deadline, reminders_for
from scheduling.ports import Transaction
from scheduling.sessions.following import reminder_of_thread


def move(tx: Transaction, ground: Ground, command: MoveBooking) -> Booking:
    """Give a booking another start; its old time is free with the same commit.

    An attendee who moves a booking of a type with approval asks again: the host's yes was to
    the former time. Whatever the host moves is confirmed by that.
    """
    actor_id = command.actor.person_id
    booking = tx.bookings.get(command.booking_id)
    tx.lock_hosts({booking.host_id, actor_id})
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    expire_overdue(tx, ground, [booking.host_id], now)
    booking = tx.bookings.get(command.booking_id)
    kind = tx.event_types.get(booking.event_type_id)
    by_host = check_side(booking, actor_id)
    start = utc(command.start)
    _check(booking, kind, command, start, now, by_host=by_host)
    book, host_zone = read_day_book(
        tx,
        ground,
        kind.id,
        start,
        now=now,
        asker_id=None if by_host else actor_id,
        excluding=booking.id,
    )
    insist(book, start)
    asks = kind.approval and not by_host
    moved = _moved(ground, booking, kind, start, host_zone, now, asks=asks)
    moved = with_seats(tx, moved, _seats_after(moved, asks=asks))
    tx.bookings.update(moved)
    tx.bookings.claim(moved, occupied(kind, moved.time), moved.expires_at)
    tx.outbox.retire(moved.id, PLANNED)
    actor = tx.people.get(actor_id)
    _announce(tx, ground, kind, moved, actor, command, now, asks=asks)
    tx.audit.add(
        actor_id,
        "moved",
        moved.id,
        {"from": seconds(booking.time.start), "to": seconds(moved.time.start)},
    )
    tx.requests.record(command.request_id, moved.id, now)
    return moved


def _check(
    booking: Booking,
    kind: EventType,
    command: MoveBooking,
    start: datetime,
    now: datetime,
    *,
    by_host: bool,
) -> None:
    check_fresh(booking, command.seen_version)
    if booking.status not in {BookingStatus.PENDING, BookingStatus.CONFIRMED}:
        raise BookingChanged(booking)
    if booking.time.end <= now:
        raise BookingChanged(booking)
    if not by_host:
        seat = booking.seat_of(command.actor.person_id)
        if seat is None or seat.status not in SEATED:
            raise BookingChanged(booking)
        if booking.capacity > 1:
            raise NotAllowed  # the others in the group have plans too
        if booking.status is BookingStatus.CONFIRMED and now > booking.time.start - kind.cut_off:
            raise PastCutOff(booking, kind.cut_off)
    if start == booking.time.start:
        raise AlreadyIn(start, booking.id)


def _moved(
    ground: Ground,
    booking: Booking,
    kind: EventType,
    start: datetime,
    host_zone: str,
    now: datetime,
    *,
    asks: bool,
) -> Booking:
    return replace(
        next_plan(booking),
        time=Interval(start, start + kind.duration),
        host_wall=wall(start, host_zone),
        host_zone=host_zone,
        zone_data=zone_data_version(),
        moved_from=booking.time,
        status=BookingStatus.PENDING if asks else BookingStatus.CONFIRMED,
        expires_at=pending_deadline(ground.policy, start, now) if asks else None,
        undo_until=None,
    )


def _seats_after(booking: Booking, *, asks: bool) -> list[Attendance]:
    """Return the seats as the new time leaves them: nobody has said yet how they come."""
    status = SeatStatus.PENDING if asks else SeatStatus.ACCEPTED
    return [replace(seat, status=status, coming=False, late_by=None) for seat in seated(booking)]


def _announce(
    tx: Transaction,
    ground: Ground,
    kind: EventType,
    moved: Booking,
    actor: Person,
    command: MoveBooking,
    now: datetime,
    *,
    asks: bool,
) -> None:
    facts: dict[str, str | int] = {}
    if moved.moved_from:
        facts = {
            "was": seconds(moved.moved_from.start),
            "was_end": seconds(moved.moved_from.end),
        }
    act = Act(
        kind=NotificationKind.PENDING if asks else NotificationKind.MOVED,
        by=actor,
        cause=command.request_id,
        now=now,
        card=command.card,
        facts=facts,
    )
    people = [*attendees(tx, moved), tx.people.get(moved.host_id)]
    if asks and moved.expires_at:
        later = nudge_for_host(moved, moved.expires_at, policy=ground.policy, now=now)
    else:
        later = reminders_for(moved, kind, people, policy=ground.policy, now=now)
        later += reminder_of_thread(tx, moved, now)
    tell(tx, act, moved, people, later)
