"""Calling a session off, by its organizer or for want of people; and taking the posting back."""

from dataclasses import dataclass, replace
from datetime import datetime

from scheduling import text
from scheduling.errors import SessionChanged, UndoGone
from scheduling.ground import Ground, attendees, hoping, next_plan, with_seats
from scheduling.ids import PersonId
from scheduling.model import Booking, BookingStatus, SeatStatus
from scheduling.notifications import NotificationKind
from scheduling.plan import PLANNED
from scheduling.ports import Transaction
from scheduling.sessions.commands import CallOff, ChangeSession, UndoSession
from scheduling.sessions.following import booking_ended
from scheduling.sessions.model import UNDONE, Session
from scheduling.sessions.news import called_off_for, called_off_in_thread
from scheduling.sessions.stage import (
    check_organizer,
    check_seen,
    lock_open,
    lock_timed,
    made_session,
)


@dataclass(frozen=True, slots=True)
class Ending:
    """Who ends it and why; ``facts`` go with every message."""

    by: PersonId | None
    reason: str | None
    now: datetime
    facts: dict[str, str | int]


def call_off(tx: Transaction, ground: Ground, command: CallOff) -> Session:
    """End the question or the session."""
    actor_id = command.actor.person_id
    session = _locked(tx, command)
    if made := made_session(tx, command.request_id):
        return made
    now = ground.clock.now()
    check_organizer(tx, session, actor_id)
    reason = text.clean_or_none("reason", command.reason, text.REASON_LIMIT)
    actor = tx.people.get(actor_id)
    facts: dict[str, str | int] = {"by": actor.id, "by_name": actor.name}
    if reason:
        facts["reason"] = reason
    ending = Ending(actor_id, reason, now, facts)
    if session.is_open:
        check_seen(session, command.seen_version)
        session = end_question(tx, session, ending)
    else:
        session, booking = lock_timed(tx, session, actor_id)
        check_seen(session, command.seen_version)
        session = end_session(tx, session, _standing(session, booking, now), ending)
    tx.requests.record(command.request_id, session.id, now)
    return session


def undo(tx: Transaction, ground: Ground, command: UndoSession) -> Session:
    """Take the posting back, while nobody but the organizer has had a part in it."""
    actor_id = command.actor.person_id
    session = _locked(tx, command)
    if made := made_session(tx, command.request_id):
        return made
    now = ground.clock.now()
    check_organizer(tx, session, actor_id)
    if session.undo_until is None or session.undo_until <= now:
        raise UndoGone
    ending = Ending(actor_id, UNDONE, now, {"reason": UNDONE})
    if session.is_open:
        if any(vote.person_id != session.organizer_id for vote in session.votes):
            raise UndoGone
        session = end_question(tx, session, ending)
    else:
        session, booking = lock_timed(tx, session, actor_id)
        standing = _standing(session, booking, now)
        named = {member.person_id for member in session.members}
        if any(seat.person_id not in named for seat in standing.seats):
            raise UndoGone  # somebody joined of their own accord
        session = end_session(tx, session, standing, ending)
    tx.requests.record(command.request_id, session.id, now)
    return session


def end_question(tx: Transaction, session: Session, ending: Ending) -> Session:
    """End a locked question; its candidates are free with the same commit."""
    ended = session.ended()
    tx.sessions.update(ended)
    if ending.reason != UNDONE:
        tx.outbox.add(called_off_in_thread(ended, None, ending.now, ending.facts))
    tx.audit.add(ending.by, "session_called_off", ended.id, dict(ending.facts))
    return ended


def end_session(tx: Transaction, session: Session, booking: Booking, ending: Ending) -> Session:
    """End a session whose organizer is locked: its time is free at once, and everybody is told."""
    told = [*attendees(tx, booking), *hoping(tx, booking)]
    ended = replace(
        next_plan(booking),
        status=BookingStatus.CANCELLED,
        cancelled_by=ending.by,
        reason=ending.reason,
        expires_at=None,
        undo_until=None,
    )
    gone = [
        replace(seat, status=SeatStatus.CANCELLED, expires_at=None)
        for seat in booking.seats
        if seat.status.uses_seat or seat.status is SeatStatus.WAITLISTED
    ]
    tx.bookings.update(with_seats(tx, ended, gone))
    tx.bookings.release(ended.id)
    tx.outbox.retire(ended.id, [*PLANNED, NotificationKind.SEAT_OFFERED])
    session = booking_ended(tx, session)
    if ending.reason != UNDONE:
        tx.outbox.add(called_off_in_thread(session, ended, ending.now, ending.facts))
    tx.outbox.add(
        *(
            called_off_for(session, ended, person.id, ending.now, ending.facts)
            for person in told
            if person.id != ending.by
        )
    )
    tx.audit.add(ending.by, "session_called_off", session.id, dict(ending.facts))
    return session


def _locked(tx: Transaction, command: ChangeSession) -> Session:
    """Return the session, locked if it is a question.

    Raises:
        SessionChanged: it was settled while this waited for its row, which is ours now; going on
            to its host would be the wrong order of locks.
    """
    before = tx.sessions.get(command.session_id)
    session = lock_open(tx, command.session_id)
    has_time_now = before.is_open and not session.is_open
    if has_time_now and not tx.requests.made(command.request_id):
        raise SessionChanged(session)
    return session


def _standing(session: Session, booking: Booking | None, now: datetime) -> Booking:
    """Return the booking of a session that still lies ahead.

    Raises:
        SessionChanged: it was called off already, or it is over.
    """
    live = booking is not None and booking.status is BookingStatus.CONFIRMED
    if booking is None or not live or booking.time.end <= now:
        raise SessionChanged(session)
    return booking
