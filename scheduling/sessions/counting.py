"""Which candidate a question settles on (R7): pure, the same for the last vote and the deadline."""

from collections.abc import Collection
from datetime import datetime

from scheduling.ids import PersonId
from scheduling.sessions.model import Answer, Option, Session

_COMES = frozenset({Answer.YES, Answer.IF_NEED_BE})


def coming(session: Session, option: Option) -> list[PersonId]:
    """Return the members who said they can make it, the organizer among them."""
    return [
        member.person_id
        for member in session.members
        if session.answer_of(member.person_id, option.id) in _COMES
    ]


def suits_all(session: Session, option: Option) -> bool:
    """Say whether every member can make it, as they say and as far as slotbook knows."""
    return not option.missing and len(coming(session, option)) == len(session.members)


def first_for_all(session: Session, now: datetime) -> list[Option]:
    """Return the candidates that suit all, best first; empty while the question is open."""
    found = [option for option in session.options if suits_all(session, option)]
    return _best_first(session, [option for option in found if option.time.start > now])


def best_at_deadline(session: Session, hosts: Collection[PersonId], now: datetime) -> list[Option]:
    """Return the candidates that may be settled now, best first.

    Most yes, then most if need be, then the earliest; never one to which a host said no or
    where a host is booked meanwhile, and never one that nobody but the organizer takes.
    """
    return _best_first(
        session,
        [
            option
            for option in session.options
            if option.time.start > now
            and not any(_prevented(session, option, host) for host in hosts)
            and any(person != session.organizer_id for person in _attending(session, option))
        ],
    )


def _prevented(session: Session, option: Option, host: PersonId) -> bool:
    return host in option.missing or session.answer_of(host, option.id) is Answer.NO


def _attending(session: Session, option: Option) -> list[PersonId]:
    """Return who comes: those who can, less those who were booked since they said so."""
    return [person for person in coming(session, option) if person not in option.missing]


def _best_first(session: Session, options: list[Option]) -> list[Option]:
    def rank(option: Option) -> tuple[int, int, datetime]:
        answers = [session.answer_of(p, option.id) for p in _attending(session, option)]
        return (
            -answers.count(Answer.YES),
            -answers.count(Answer.IF_NEED_BE),
            option.time.start,
        )

    return sorted(options, key=rank)
