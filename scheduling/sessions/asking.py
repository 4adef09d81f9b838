"""Asking people which times suit, with other times, or not at all after all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scheduling import text
from scheduling.errors import InputRefused, InThePast, SessionChanged, TooManyHolds
from scheduling.event_type_change import check_duration
from scheduling.ground import Ground
from scheduling.ids import OptionId, PersonId, SessionId, new_id
from scheduling.moments import Interval
from scheduling.ports import Transaction
from scheduling.sessions.commands import AddTimes, AskTimes
from scheduling.sessions.deadlines import question_deadline
from scheduling.sessions.missing import with_missing
from scheduling.sessions.model import (
    Answer,
    Member,
    Option,
    Session,
    SessionStatus,
    Vote,
)
from scheduling.sessions.news import posted
from scheduling.sessions.stage import check_organizer, check_seen, lock_open, made_session
from scheduling.sessions.taking_place import AHEAD, MOST_SEATS

MOST_PEOPLE = 20
MOST_TIMES = 8
MOST_KEPT = 60
"""Candidate times that may be open around one organizer at once."""


def ask(tx: Transaction, ground: Ground, command: AskTimes) -> Session:
    """Store the question and plan its card."""
    organizer_id = command.actor.person_id
    tx.lock_hosts([organizer_id])  # one person's commands queue, so that a repeat finds the first
    if made := made_session(tx, command.request_id):
        return made
    now = ground.clock.now()
    title = text.clean("title", command.title, text.TITLE_LIMIT)
    check_duration(command.duration)
    others = [person for person in dict.fromkeys(command.members) if person != organizer_id]
    if not others:
        raise InputRefused("people", "empty")
    if len(others) >= MOST_PEOPLE:
        raise InputRefused("people", "too_long", MOST_PEOPLE)
    options = _options(command.times, command.duration, (), now)
    _check_hoarding(tx, organizer_id, now)
    session = Session(
        organization_id=tx.organization_id,
        id=SessionId(new_id()),
        organizer_id=organizer_id,
        title=title,
        duration=command.duration,
        status=SessionStatus.ASKING,
        group=command.group,
        request_id=command.request_id,
        created_at=now,
        capacity=MOST_SEATS,
        decide_by=_deadline(command.decide_by, options, now),
        members=tuple(_member(tx, person_id) for person_id in (organizer_id, *others)),
        options=options,
        undo_until=now + ground.policy.undo_ttl,
    )
    # Whoever offers times can make them, until they say otherwise.
    session = with_missing(tx, _organizer_takes(session, options), now)
    tx.sessions.add(session)
    tx.outbox.add(posted(session, now))
    tx.audit.add(organizer_id, "session_asked", session.id, {"people": len(others)})
    tx.requests.record(command.request_id, session.id, now)
    return session


def add_times(tx: Transaction, ground: Ground, command: AddTimes) -> Session:
    """Offer more times, or others instead; the card is the same one."""
    session = lock_open(tx, command.session_id)
    if made := made_session(tx, command.request_id):
        return made
    now = ground.clock.now()
    check_organizer(tx, session, command.actor.person_id)
    check_seen(session, command.seen_version)
    if not session.is_open:
        raise SessionChanged(session)
    kept = () if command.instead else session.options
    fresh = _options(command.times, session.duration, kept, now)
    options = (*kept, *fresh)
    is_over = session.decide_by is None or session.decide_by <= now
    anew = command.instead or is_over
    session = replace(
        session,
        status=SessionStatus.ASKING,
        options=options,
        votes=() if command.instead else session.votes,
        members=tuple(replace(m, nudged_at=None) for m in session.members)
        if anew
        else session.members,
        decide_by=_deadline(None if anew else session.decide_by, options, now),
        version=session.version + 1,
        undo_until=None,
    )
    session = with_missing(tx, _organizer_takes(session, fresh), now)
    tx.sessions.update(session)
    tx.audit.add(command.actor.person_id, "session_times_added", session.id, {"n": len(fresh)})
    tx.requests.record(command.request_id, session.id, now)
    return session


def _options(
    times: Sequence[Interval], duration: timedelta, kept: tuple[Option, ...], now: datetime
) -> tuple[Option, ...]:
    """Return candidates with letters by time, after those that are kept."""
    known = {option.time for option in kept}
    fresh = sorted(time for time in set(times) if time not in known)
    if not fresh:
        raise InputRefused("times", "empty")
    if len(kept) + len(fresh) > MOST_TIMES:
        raise InputRefused("times", "too_long", MOST_TIMES)
    if any(time.length != duration for time in fresh):
        raise InputRefused("times", "not_valid")
    if fresh[0].start <= now:
        raise InThePast(fresh[0].start)
    letters = "ABCDEFGH"[len(kept) :]
    return tuple(
        Option(OptionId(new_id()), letter, time)
        for letter, time in zip(letters, fresh, strict=False)
    )


def _check_hoarding(tx: Transaction, organizer_id: PersonId, now: datetime) -> None:
    """Refuse more questions to whoever has many open: each keeps times of others (T20).

    Raises:
        TooManyHolds: carries how many times may be kept at once.
    """
    ahead = Interval(now, now + AHEAD)
    kept = tx.sessions.soft_busy([organizer_id], ahead).get(organizer_id, ())
    if len(kept) >= MOST_KEPT:
        raise TooManyHolds(MOST_KEPT)


def _deadline(wanted: datetime | None, options: Sequence[Option], now: datetime) -> datetime:
    """Return when the votes are counted, while at least one candidate still lies ahead."""
    first = min(o.time.start for o in options if o.time.start > now)
    if wanted is None:
        return question_deadline(now, first)
    if wanted <= now:
        raise InputRefused("deadline", "not_valid")
    return min(wanted, max(option.time.start for option in options))


def _member(tx: Transaction, person_id: PersonId) -> Member:
    tx.people.get(person_id)  # NotFound for whoever is not of this organization
    return Member(person_id, hours_known=tx.hours.default_schedule(person_id) is not None)


def _organizer_takes(session: Session, options: Sequence[Option]) -> Session:
    mine = [Vote(option.id, session.organizer_id, Answer.YES) for option in options]
    return replace(session, votes=(*session.votes, *mine))
