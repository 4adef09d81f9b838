"""Seats of a session: taken, given back, waited for, offered; always behind its organizer's lock.

The joiner's own row is locked with it, in id order: a coach's seat keeps them busy for those who
would book them, so whoever books them queues behind the join, or the join behind them.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from scheduling.errors import (
    AlreadyIn,
    NotAllowed,
    OfferGone,
    OwnTime,
    SessionChanged,
    SessionFull,
    TooManyBookings,
)
from scheduling.expiry import expire_overdue
from scheduling.ground import SEATED, Ground, made_by, remember_undo, tell, with_seats
from scheduling.ids import AttendanceId, new_id
from scheduling.model import Attendance, Booking, BookingStatus, SeatStatus
from scheduling.notifications import NotificationKind
from scheduling.people import Person
from scheduling.plan import PLANNED, Act, reminders_for
from scheduling.ports import Transaction
from scheduling.sessions.commands import AnswerOffer, ChangeSession, JoinSession, LeaveSession
from scheduling.sessions.model import Session, SessionStatus
from scheduling.sessions.news import seat_waiting
from scheduling.sessions.stage import lock_timed
from scheduling.slots import instant_span
from scheduling.waitlist import forget_offer, lapse_offers, line_of, offer_free


@dataclass(frozen=True, slots=True)
class _Scene:
    """A session and its booking behind their lock, overdue seats ended, and who acts."""

    tx: Transaction
    ground: Ground
    command: ChangeSession
    session: Session
    booking: Booking
    person: Person
    now: datetime

    @property
    def seat(self) -> Attendance | None:
        """Return the person's newest seat, in whatever state."""
        return self.booking.seat_of(self.person.id)

    def done(self, booking: Booking, verb: str) -> Booking:
        """Write down what was done, for the record and for a repeat."""
        self.tx.audit.add(self.person.id, verb, booking.id, {"session": self.session.id})
        self.tx.requests.record(self.command.request_id, booking.id, self.now)
        return booking


def join(tx: Transaction, ground: Ground, command: JoinSession) -> Booking:
    """Sit down, or stand in line."""
    scene = _set(tx, ground, command)
    if isinstance(scene, Booking):
        return scene
    booking, seat, start = scene.booking, scene.seat, scene.booking.time.start
    if start <= scene.now:
        raise SessionChanged(scene.session)
    if scene.person.id == booking.host_id:
        raise OwnTime(start)
    if seat and seat.status is SeatStatus.ACCEPTED:
        raise AlreadyIn(start, booking.id)
    if seat and seat.status is SeatStatus.OFFERED:
        return _sit(scene, seat)
    kept = seat is not None and seat.status is SeatStatus.HELD  # left it within the last minute
    # A free seat is anybody's: to those in line it was offered when it became free.
    if kept or booking.seats_used < booking.capacity:
        _check_number(scene)
        return _sit(scene, seat)
    if seat and seat.status is SeatStatus.WAITLISTED:
        return _wait(scene, seat)
    if not command.waiting:
        raise SessionFull(scene.session)
    return _wait(scene, _fresh(booking, scene.person, SeatStatus.WAITLISTED))


def leave(tx: Transaction, ground: Ground, command: LeaveSession) -> Booking:
    """Give up the seat, the offer or the place in the line; the next in line hears at once."""
    scene = _set(tx, ground, command)
    if isinstance(scene, Booking):
        return scene
    seat = scene.seat
    if seat is None:
        raise NotAllowed
    if seat.status in SEATED or seat.status is SeatStatus.HELD:
        return scene.done(_stand_up(scene, seat), "left")
    if seat.status in {SeatStatus.OFFERED, SeatStatus.WAITLISTED}:
        return scene.done(_step_out(scene, seat), "stopped_waiting")
    raise SessionChanged(scene.session)  # they left before, by another button


def answer_offer(tx: Transaction, ground: Ground, command: AnswerOffer) -> Booking:
    """Take the offered seat, or pass it on."""
    scene = _set(tx, ground, command)
    if isinstance(scene, Booking):
        return scene
    seat = scene.seat
    if seat is None:
        raise NotAllowed
    if seat.id != command.seat_id or seat.status is not SeatStatus.OFFERED:
        raise OfferGone(waiting=seat.status is SeatStatus.WAITLISTED)
    if command.take:
        return _sit(scene, seat)
    return scene.done(_step_out(scene, seat), "offer_passed")


def _set(tx: Transaction, ground: Ground, command: ChangeSession) -> _Scene | Booking:
    """Lock, and return the scene; or the booking as it stands when this is a repeat.

    Raises:
        SessionChanged: it has no time yet, was called off, or is over.
    """
    actor_id = command.actor.person_id
    session = tx.sessions.get(command.session_id)
    session, booking = lock_timed(tx, session, actor_id)
    if made := made_by(tx, command.request_id):
        return made
    now = ground.clock.now()
    if session.status is not SessionStatus.ON or booking is None:
        raise SessionChanged(session)
    expire_overdue(tx, ground, [session.organizer_id], now)
    booking = lapse_offers(tx, ground, tx.bookings.get(booking.id), now)
    if booking.status is not BookingStatus.CONFIRMED or booking.time.end <= now:
        raise SessionChanged(session)
    return _Scene(tx, ground, command, session, booking, tx.people.get(actor_id), now)


def _sit(scene: _Scene, before: Attendance | None) -> Booking:
    """Give the person a seat of their own, whatever place they had before."""
    tx, now, person = scene.tx, scene.now, scene.person
    # A new one, so that what was planned or retired with an earlier seat is planned anew.
    seat = _fresh(scene.booking, person, SeatStatus.ACCEPTED)
    left = [replace(before, status=SeatStatus.CANCELLED, expires_at=None)] if before else []
    booking = with_seats(tx, scene.booking, [*left, seat])
    booking = replace(booking, undo_until=now + scene.ground.policy.undo_ttl)
    tx.bookings.update(booking)
    if before:
        forget_offer(tx, booking, before)
    kind = tx.event_types.get(booking.event_type_id)
    act = Act(
        kind=NotificationKind.BOOKED,
        by=person,
        cause=scene.command.request_id,
        now=now,
        card=scene.command.card,
        undo_until=booking.undo_until,
    )
    later = reminders_for(booking, kind, [person], policy=scene.ground.policy, now=now)
    tell(tx, act, booking, [person], later)
    remember_undo(tx, booking, person.id, "book", seat=seat.id)
    return scene.done(booking, "joined")


def _wait(scene: _Scene, seat: Attendance) -> Booking:
    booking = with_seats(scene.tx, scene.booking, [seat])
    place = 1 + [waiting.id for waiting in line_of(booking)].index(seat.id)
    scene.tx.outbox.add(
        seat_waiting(
            booking,
            seat,
            scene.session.id,
            scene.now,
            place=place,
            cause=scene.command.request_id,
            card=scene.command.card,
        )
    )
    return scene.done(booking, "waits")


def _stand_up(scene: _Scene, seat: Attendance) -> Booking:
    """Free a seat at once: here the next in line is waiting, so no minute of undo is kept."""
    tx, person = scene.tx, scene.person
    gone = replace(seat, status=SeatStatus.CANCELLED, expires_at=None)
    booking = with_seats(tx, scene.booking, [gone])
    tx.outbox.retire(booking.id, PLANNED, person_id=person.id)
    act = Act(
        kind=NotificationKind.CANCELLED,
        by=person,
        cause=scene.command.request_id,
        now=scene.now,
        card=scene.command.card,
        facts={"names": person.name, "seat": 1},
    )
    tell(tx, act, booking, [person])
    return offer_free(tx, scene.ground, booking, scene.now)


def _step_out(scene: _Scene, seat: Attendance) -> Booking:
    """Keep no place; an offer goes on to those who have had none."""
    declined = replace(seat, status=SeatStatus.DECLINED, expires_at=None)
    booking = with_seats(scene.tx, scene.booking, [declined])
    forget_offer(scene.tx, booking, seat)
    if seat.status is SeatStatus.OFFERED:
        booking = offer_free(scene.tx, scene.ground, booking, scene.now, again=False)
    return booking


def _fresh(booking: Booking, person: Person, status: SeatStatus) -> Attendance:
    return Attendance(AttendanceId(new_id()), booking.id, person.id, status)


def _check_number(scene: _Scene) -> None:
    """Refuse whoever has as many coming bookings as one person may.

    Raises:
        TooManyBookings: carries the limit.
    """
    rows = scene.tx.daybook_rows(
        scene.booking.event_type_id,
        instant_span(scene.booking.time.start),
        asker_id=scene.person.id,
        now=scene.now,
    )
    limit = scene.ground.policy.bookings_per_person
    if rows.asker_coming >= limit:
        raise TooManyBookings(limit)
