"""Who of the members was booked since a candidate was offered."""

from dataclasses import replace
from datetime import datetime

from scheduling.ids import PersonId
from scheduling.moments import Interval
from scheduling.ports import Transaction
from scheduling.sessions.model import Session


def with_missing(tx: Transaction, session: Session, now: datetime) -> Session:
    """Return the session with everybody's bookings and time off looked at anew.

    Times that suit all are what the search offers; those that do not were offered knowingly
    ("Ask anyway"), and say so from the start.
    """
    if not session.options:
        return session
    times = [option.time for option in session.options]
    span = Interval(min(t.start for t in times), max(t.end for t in times))
    people = [member.person_id for member in session.members]
    busy = tx.sessions.busy_of(people, span, now)
    taken: dict[PersonId, list[Interval]] = {
        person: [*busy.get(person, ()), *(off.time for off in tx.hours.time_off(person, span))]
        for person in people
    }
    options = tuple(
        replace(
            option,
            missing=tuple(p for p in people if any(t.overlaps(option.time) for t in taken[p])),
        )
        for option in session.options
    )
    return replace(session, options=options)
