"""From a question to a time: by the votes, by the deadline, or by the organizer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from scheduling.errors import InThePast, SessionChanged, SlotTaken
from scheduling.expiry import expire_overdue
from scheduling.ground import Ground
from scheduling.ids import PersonId, RequestId
from scheduling.people import Person
from scheduling.plan import reminders_for
from scheduling.ports import Transaction
from scheduling.sessions.commands import SettleSession
from scheduling.sessions.counting import best_at_deadline, coming
from scheduling.sessions.missing import with_missing
from scheduling.sessions.model import Option, Session, SessionStatus
from scheduling.sessions.news import settled, thread_reminder, unsettled
from scheduling.sessions.stage import (
    check_organizer,
    check_seen,
    lock_open,
    made_session,
)
from scheduling.sessions.taking_place import take_place


def settle(tx: Transaction, ground: Ground, command: SettleSession) -> Session:
    """Take a candidate because the organizer says so."""
    actor_id = command.actor.person_id
    session = lock_open(tx, command.session_id)
    if made := made_session(tx, command.request_id):
        return made
    check_organizer(tx, session, actor_id)
    check_seen(session, command.seen_version)
    if not session.is_open:
        raise SessionChanged(session)
    now = ground.clock.now()
    option = session.option(command.option_id)
    if option is None:
        raise SessionChanged(session)  # asked anew with other times meanwhile
    if option.time.start <= now:
        raise InThePast(option.time.start)
    hosts = _lock_members(tx, ground, session, now)
    session = with_missing(tx, session, now)
    option = session.option(option.id) or option
    if any(host in option.missing for host in hosts):
        refused = SlotTaken(option.time.start)
        others = (o.time.start for o in session.options if not set(hosts) & set(o.missing))
        refused.alternatives = tuple(start for start in others if start > now)[:3]
        raise refused
    by = tx.people.get(actor_id)
    session = _settle(tx, ground, session, option, now, "organizer", command.request_id, by)
    tx.requests.record(command.request_id, session.id, now)
    return session


def decide(tx: Transaction, ground: Ground, session: Session, now: datetime) -> Session:
    """Do what the deadline asks of a locked question: settle by most votes, or say it cannot be."""
    hosts = _lock_members(tx, ground, session, now)
    session = with_missing(tx, session, now)
    for option in best_at_deadline(session, hosts, now):
        return _settle(tx, ground, session, option, now, "deadline", _of_time(session), None)
    session = replace(
        session,
        status=SessionStatus.UNSETTLED,
        decide_by=None,
        version=session.version + 1,
        undo_until=None,
    )
    tx.sessions.update(session)
    tx.outbox.add(unsettled(session, now))
    tx.audit.add(None, "session_unsettled", session.id, {})
    return session


def settle_on_first_free(
    tx: Transaction,
    ground: Ground,
    session: Session,
    choices: Sequence[Option],
    now: datetime,
    *,
    how: str,
) -> Session | None:
    """Settle a locked question on the first of these that is still free for all, if any is."""
    _lock_members(tx, ground, session, now)
    # Looked at again behind the locks: what was free when the vote was stored may be booked now.
    session = with_missing(tx, session, now)
    for choice in choices:
        option = session.option(choice.id)
        if option and not option.missing:
            return _settle(tx, ground, session, option, now, how, _of_time(session), None)
    tx.sessions.update(session)
    return None


def _lock_members(
    tx: Transaction, ground: Ground, session: Session, now: datetime
) -> list[PersonId]:
    """Lock everybody whose time the session takes, in id order; return the hosts among them.

    Hosts are the organizer and members who are coaches: their seats keep them busy for others,
    so whoever books them queues behind this, or this behind them.
    """
    people = [member.person_id for member in session.members]
    tx.lock_hosts({session.organizer_id, *people})
    expire_overdue(tx, ground, people, now)
    coaches = [person for person in people if tx.people.get(person).is_coach]
    return list(dict.fromkeys([session.organizer_id, *coaches]))


def _settle(
    tx: Transaction,
    ground: Ground,
    session: Session,
    option: Option,
    now: datetime,
    how: str,
    request_id: RequestId,
    by: Person | None,
) -> Session:
    attending = [p for p in coming(session, option) if p != session.organizer_id]
    kind, booking = take_place(tx, session, option.time, attending, request_id, now)
    session = replace(
        session,
        status=SessionStatus.ON,
        event_type_id=kind.id,
        booking_id=booking.id,
        decide_by=None,
        version=session.version + 1,
        undo_until=None,
    )
    tx.sessions.update(session)
    people = [tx.people.get(person) for person in (session.organizer_id, *attending)]
    tx.outbox.add(
        settled(session, booking, now, how, by),
        *thread_reminder(session, booking, now),
        *reminders_for(booking, kind, people, policy=ground.policy, now=now),
    )
    actor_id = by.id if by else None
    tx.audit.add(actor_id, "session_settled", session.id, {"how": how, "option": option.letter})
    return session


def _of_time(session: Session) -> RequestId:
    """Return the name of what votes or time did to this state of the session, once."""
    return RequestId(f"settled:{session.id}:{session.version}")
