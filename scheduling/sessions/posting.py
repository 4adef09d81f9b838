"""Where the card of a session stands: posted once more, or in a group that has moved."""

from dataclasses import replace
from datetime import datetime

from scheduling.errors import SessionChanged
from scheduling.ground import Ground
from scheduling.people import Recipient
from scheduling.ports import Transaction
from scheduling.sessions.commands import ChangeSession
from scheduling.sessions.model import Session, SessionStatus
from scheduling.sessions.news import posted
from scheduling.sessions.stage import check_organizer, made_session


def post_again(tx: Transaction, ground: Ground, command: ChangeSession) -> Session:
    """Plan the card anew, where the first could not be posted."""
    session = tx.sessions.get(command.session_id)
    tx.lock_hosts([session.organizer_id])
    if made := made_session(tx, command.request_id):
        return made
    session = tx.sessions.get(command.session_id)
    check_organizer(tx, session, command.actor.person_id)
    if session.status is SessionStatus.CALLED_OFF:
        raise SessionChanged(session)
    now = ground.clock.now()
    if session.card is None:
        tx.outbox.add(posted(session, now, command.request_id))
    tx.requests.record(command.request_id, session.id, now)
    return session


def move_group(tx: Transaction, ground: Ground, old: Recipient, new_chat_id: str) -> int:
    """Let the sessions of a group live where the group went; their cards are posted there anew."""
    group = replace(old, chat_id=new_chat_id)
    now = ground.clock.now()
    found = tx.sessions.of_group(old)
    # Questions by their own rows first, then the organizers of the others: see stage.py.
    for question in sorted(s.id for s in found if s.is_open):
        tx.sessions.lock(question)
    tx.lock_hosts({session.organizer_id for session in found})
    count = 0
    for seen in found:
        session = tx.sessions.get(seen.id)
        if session.group == old and _lies_ahead(tx, session, now):
            moved = replace(session, group=group, card=None)
            tx.sessions.update(moved)
            tx.outbox.add(posted(moved, now, f"moved:{new_chat_id}"))
            count += 1
    return count


def _lies_ahead(tx: Transaction, session: Session, now: datetime) -> bool:
    if session.booking_id is None:
        return session.is_open
    return tx.bookings.get(session.booking_id).time.end > now
