"""What becomes of a group session when its booking ends, comes back, or moves.

A session that has a time is changed only behind the lock of its organizer, who hosts the
booking: whatever path ends that booking (the organizer's own list, time off, the session's card)
already stands behind it. Only a question still open is locked by its own row, and that always
before any host: see scheduling/sessions/stage.py.
"""

from dataclasses import replace
from datetime import datetime

from scheduling.model import Booking
from scheduling.notifications import Notification, NotificationKind
from scheduling.ports import Transaction
from scheduling.sessions.model import Session, SessionStatus
from scheduling.sessions.news import thread_reminder


def session_of(tx: Transaction, booking: Booking) -> Session | None:
    """Return the group session that the booking is the time of."""
    return tx.sessions.by_booking(booking.id) if booking.capacity > 1 else None


def booking_ended(tx: Transaction, session: Session) -> Session:
    """Call the session off with its booking; telling the thread is the caller's."""
    ended = session.ended()
    tx.sessions.update(ended)
    return ended


def booking_back(tx: Transaction, session: Session, booking: Booking, now: datetime) -> None:
    """Have the session on again with its booking; the thread never heard otherwise."""
    tx.outbox.retire(booking.id, [NotificationKind.SESSION_CALLED_OFF])
    back = replace(session, status=SessionStatus.ON, version=session.version + 1)
    tx.sessions.update(back)
    tx.outbox.add(*thread_reminder(back, booking, now))


def reminder_of_thread(tx: Transaction, booking: Booking, now: datetime) -> list[Notification]:
    """Plan the thread's reminder for the time the booking has now."""
    session = session_of(tx, booking)
    return thread_reminder(session, booking, now) if session else []
