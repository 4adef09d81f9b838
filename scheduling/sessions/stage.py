"""What every use case on group sessions stands on: who may, what was done already, in which order.

Locks are taken in one order. A question still open is locked by its own row first, then the hosts
by id. A session that has a time is locked by its organizer alone, since whoever changes its seats
or ends its booking comes by that lock in any case (the host's own list, time off, expiry) and
often without knowing of a session. So nobody who holds a host ever waits for a session's row, and
nobody who holds a question's row waits for another's.
"""

from scheduling.errors import NotOrganizer, SessionChanged
from scheduling.ids import PersonId, RequestId, SessionId
from scheduling.model import Booking
from scheduling.ports import Transaction
from scheduling.sessions.model import Session


def made_session(tx: Transaction, request_id: RequestId) -> Session | None:
    """Return the session the first delivery of this action made or changed, as it stands now."""
    subject = tx.requests.made(request_id)
    return tx.sessions.get(SessionId(subject)) if subject else None


def lock_open(tx: Transaction, session_id: SessionId) -> Session:
    """Lock a question by its own row and return it as it stands.

    A session with a time is returned unlocked: the caller refuses it, or locks its host.
    """
    session = tx.sessions.get(session_id)
    if not session.is_open:
        return session
    return tx.sessions.lock(session_id)


def lock_timed(
    tx: Transaction, session: Session, *others: PersonId
) -> tuple[Session, Booking | None]:
    """Lock the organizer of a session that has a time (and more people), and read it again."""
    tx.lock_hosts({session.organizer_id, *others})
    session = tx.sessions.get(session.id)
    return session, tx.bookings.get(session.booking_id) if session.booking_id else None


def check_organizer(tx: Transaction, session: Session, person_id: PersonId) -> None:
    """Check that the person may decide for everybody: the organizer, or an admin in their place.

    Raises:
        NotOrganizer: neither.
    """
    if person_id != session.organizer_id and not tx.people.get(person_id).is_admin:
        raise NotOrganizer(session.organizer_id)


def check_seen(session: Session, seen_version: int | None) -> None:
    """Refuse a button made for an earlier state of the session.

    Raises:
        SessionChanged: it was settled, called off, or asked anew since.
    """
    if seen_version is not None and seen_version != session.version:
        raise SessionChanged(session)
