"""Answers to the candidates; the last missing one settles the question."""

from dataclasses import replace

from scheduling.errors import NotAllowed, SessionChanged
from scheduling.ground import Ground
from scheduling.ports import Transaction
from scheduling.sessions.commands import CastVotes
from scheduling.sessions.counting import first_for_all
from scheduling.sessions.missing import with_missing
from scheduling.sessions.model import Session, SessionStatus, Vote
from scheduling.sessions.settling import decide, settle_on_first_free
from scheduling.sessions.stage import lock_open, made_session


def vote(tx: Transaction, ground: Ground, command: CastVotes) -> tuple[Session, bool]:
    """Store the answers, and settle when they suit all.

    Also return whether they were counted: a vote that comes when the deadline has passed, but
    before the clock's tick saw it, counts no more; it makes the deadline's decision instead.
    """
    person_id = command.actor.person_id
    session = lock_open(tx, command.session_id)
    if made := made_session(tx, command.request_id):
        return made, True
    if person_id not in {member.person_id for member in session.members}:
        raise NotAllowed
    if session.status is not SessionStatus.ASKING:
        raise SessionChanged(session)
    now = ground.clock.now()
    if session.decide_by and session.decide_by <= now:
        return decide(tx, ground, session, now), False
    if any(session.option(option_id) is None for option_id, _ in command.answers):
        raise SessionChanged(session)  # asked anew with other times meanwhile
    answered = dict(command.answers)
    kept = [v for v in session.votes if v.person_id != person_id or v.option_id not in answered]
    fresh = [Vote(option_id, person_id, answer) for option_id, answer in answered.items()]
    voted = replace(session, votes=(*kept, *fresh))
    voted = with_missing(tx, voted, now)
    if voted != session:
        tx.sessions.update(voted)
        tx.audit.add(person_id, "voted", session.id, {"answers": len(fresh)})
    tx.requests.record(command.request_id, session.id, now)
    choices = first_for_all(voted, now)
    if not choices:
        return voted, True
    settled = settle_on_first_free(tx, ground, voted, choices, now, how="votes")
    return settled or tx.sessions.get(voted.id), True
