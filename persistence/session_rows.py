"""Sessions inside a transaction."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from persistence.booking_mapping import seat_of
from persistence.mapping import AnyRow, Values
from persistence.prepared import all_of
from persistence.session_mapping import (
    member_of,
    member_values,
    option_of,
    option_values,
    session_card_values,
    session_of,
    session_values,
    vote_of,
    vote_values,
)
from persistence.session_statements import (
    ADD_SESSION,
    ASKING,
    BUSY_OF,
    CHANGE_CARD,
    CHANGE_SESSION,
    DUE,
    MEMBERS,
    OPTIONS,
    OVERDUE_OFFERS,
    SESSION,
    SESSION_FOR_UPDATE,
    SESSION_OF_BOOKING,
    SESSIONS_OF_GROUP,
    SOFT_BUSY,
    VOTES,
    Part,
)
from persistence.tables import micros
from persistence.topics import SqlTopicRows
from scheduling.errors import NotFound
from scheduling.ids import BookingId, OrganizationId, PersonId, SessionId
from scheduling.model import Attendance
from scheduling.moments import Interval
from scheduling.people import Recipient
from scheduling.ports import about_host, about_person, about_session
from scheduling.sessions.model import Session, SessionStatus

PARTS = {"members": MEMBERS.rows, "options": OPTIONS.rows, "votes": VOTES.rows}
"""What is read of sessions besides their rows; each takes their ids."""


def assembled(rows: Iterable[AnyRow], parts: Mapping[str, Sequence[AnyRow]]) -> list[Session]:
    """Build the sessions of these rows out of the rows of their parts, in the rows' order."""
    of: dict[str, defaultdict[str, list[AnyRow]]] = {name: defaultdict(list) for name in PARTS}
    for name, found in parts.items():
        for row in found:
            of[name][row.session_id].append(row)
    return [
        session_of(
            row,
            map(member_of, of["members"][row.id]),
            map(option_of, of["options"][row.id]),
            map(vote_of, of["votes"][row.id]),
        )
        for row in rows
    ]


def in_span(
    organization_id: OrganizationId, person_ids: Sequence[PersonId], span: Interval
) -> Values:
    """Return the parameters of what is asked about people and a span."""
    people = list(dict.fromkeys(person_ids))
    return {"org": organization_id, "people": people, "from": span.start, "to": span.end}


def busy_by_person(
    rows: Iterable[AnyRow], person_ids: Iterable[PersonId]
) -> dict[PersonId, list[Interval]]:
    """Group spans by person, in order; everybody asked about has an entry."""
    busy: dict[PersonId, list[Interval]] = {person_id: [] for person_id in person_ids}
    for row in sorted(rows, key=lambda row: (row.starts_at, row.ends_at)):
        busy[PersonId(row.person_id)].append(Interval(row.starts_at, row.ends_at))
    return busy


def soft_busy_of(
    rows: Iterable[AnyRow], person_ids: Iterable[PersonId]
) -> dict[PersonId, list[Interval]]:
    """Return the candidates by person; one that somebody cannot make keeps nothing of theirs."""
    concerned = (row for row in rows if row.person_id not in json.loads(row.missing))
    return busy_by_person(concerned, person_ids)


class SqlSessionRows:
    """See scheduling.ports.SessionRows.

    What was read is remembered, so that an update writes only what differs from it: of a hundred
    votes the one that came. The card is written with the same rule; so the dispatcher, which
    learns the message while others vote, is never overwritten by somebody who did not know it.
    """

    def __init__(
        self, connection: Connection, organization_id: OrganizationId, topics: SqlTopicRows
    ) -> None:
        self._connection, self._org, self._topics = connection, organization_id, topics
        self._read: dict[SessionId, Session] = {}

    def get(self, session_id: SessionId) -> Session:
        return self._load(session_id, for_update=False)

    def lock(self, session_id: SessionId) -> Session:
        # SQLite has one writer at a time: there the lane is the lock.
        return self._load(session_id, for_update=self._connection.dialect.name == "postgresql")

    def add(self, session: Session) -> None:
        ADD_SESSION.run(
            self._connection,
            {
                "organization_id": self._org,
                "id": session.id,
                **session_values(session),
                **session_card_values(session.card),
            },
        )
        self._write_parts(session, None)
        self._read[session.id] = session
        self._topics.touch(about_session(session.id), *_seen_by(session), *_kept_of(session))

    def update(self, session: Session) -> None:
        before = self._read.get(session.id) or self.get(session.id)
        this = {"org": self._org, "this": session.id}
        CHANGE_SESSION.run(self._connection, {**this, **session_values(session)})
        if session.card != before.card:
            CHANGE_CARD.run(self._connection, {**this, **session_card_values(session.card)})
        self._write_parts(session, before)
        self._read[session.id] = session
        self._topics.touch(about_session(session.id), *_seen_by(before), *_seen_by(session))
        if _kept(before) != _kept(session):
            self._topics.touch(*_kept_of(before), *_kept_of(session))

    def by_booking(self, booking_id: BookingId) -> Session | None:
        values = {"org": self._org, "booking": booking_id}
        row = SESSION_OF_BOOKING.first(self._connection, values)
        return None if row is None else self.get(SessionId(row.id))

    def of_group(self, group: Recipient) -> list[Session]:
        rows = SESSIONS_OF_GROUP.all(
            self._connection,
            {
                "org": self._org,
                "platform": group.platform.value,
                "tenant": group.tenant,
                "chat": group.chat_id,
            },
        )
        return self._with_parts(rows)

    def asking(self, limit: int) -> list[SessionId]:
        rows = ASKING.all(self._connection, {"org": self._org, "most": limit})
        return [SessionId(row.id) for row in rows]

    def due(self, now: datetime, limit: int) -> list[SessionId]:
        values = {"org": self._org, "now": now, "twice_now": 2 * micros(now), "most": limit}
        return [SessionId(row.id) for row in DUE.all(self._connection, values)]

    def overdue_offers(self, now: datetime, limit: int) -> list[Attendance]:
        values = {"org": self._org, "now": now, "most": limit}
        return [seat_of(row) for row in OVERDUE_OFFERS.all(self._connection, values)]

    def soft_busy(
        self, person_ids: Sequence[PersonId], span: Interval
    ) -> dict[PersonId, list[Interval]]:
        if not person_ids:
            return {}
        rows = SOFT_BUSY.all(self._connection, in_span(self._org, person_ids, span))
        return soft_busy_of(rows, person_ids)

    def busy_of(
        self, person_ids: Sequence[PersonId], span: Interval, now: datetime
    ) -> dict[PersonId, list[Interval]]:
        if not person_ids:
            return {}
        values = {**in_span(self._org, person_ids, span), "now": now}
        return busy_by_person(BUSY_OF.all(self._connection, values), person_ids)

    def _load(self, session_id: SessionId, *, for_update: bool) -> Session:
        statement = SESSION_FOR_UPDATE if for_update else SESSION
        row = statement.first(self._connection, {"org": self._org, "this": session_id})
        if row is None:
            raise NotFound(session_id)
        # After the lock, so that they are as whoever held it before left them.
        return self._with_parts([row])[0]

    def _with_parts(self, rows: Sequence[AnyRow]) -> list[Session]:
        if not rows:
            return []
        ids = [row.id for row in rows]
        parts = all_of(self._connection, PARTS, {"org": self._org, "ids": ids})
        found = assembled(rows, parts)
        self._read.update((session.id, session) for session in found)
        return found

    def _write_parts(self, session: Session, before: Session | None) -> None:
        members, options, votes = _part_rows(session)
        old_members, old_options, old_votes = _part_rows(before)
        # Votes point at candidates: gone before them, and there after them.
        self._remove(VOTES, session.id, old_votes.keys() - votes.keys())
        self._remove(OPTIONS, session.id, old_options.keys() - options.keys())
        self._remove(MEMBERS, session.id, old_members.keys() - members.keys())
        self._put(MEMBERS, session.id, old_members, members)
        self._put(OPTIONS, session.id, old_options, options)
        self._put(VOTES, session.id, old_votes, votes)

    def _remove(self, part: Part, session_id: SessionId, keys: Iterable[tuple[str, ...]]) -> None:
        rows = [self._one_of(part, session_id, key) for key in sorted(keys)]
        if rows:
            part.remove.run_each(self._connection, rows)

    def _put(
        self,
        part: Part,
        session_id: SessionId,
        old: Mapping[tuple[str, ...], Values],
        new: Mapping[tuple[str, ...], Values],
    ) -> None:
        own = {"organization_id": self._org, "session_id": session_id}
        added = [{**own, **values} for key, values in new.items() if key not in old]
        changed = [
            {**self._one_of(part, session_id, key), **values}
            for key, values in new.items()
            if key in old and old[key] != values
        ]
        if added:
            part.add.run_each(self._connection, added)
        if changed:
            part.change.run_each(self._connection, changed)

    def _one_of(self, part: Part, session_id: SessionId, key: tuple[str, ...]) -> Values:
        named = {f"this_{name}": value for name, value in zip(part.key, key, strict=True)}
        return {"org": self._org, "session": session_id, **named}


_Rows = dict[tuple[str, ...], Values]


def _part_rows(session: Session | None) -> tuple[_Rows, _Rows, _Rows]:
    """Return members, candidates and votes by their keys."""
    if session is None:
        return {}, {}, {}
    return (
        {(m.person_id,): member_values(m, at) for at, m in enumerate(session.members)},
        {(o.id,): option_values(o, at) for at, o in enumerate(session.options)},
        {(v.option_id, v.person_id): vote_values(v, at) for at, v in enumerate(session.votes)},
    )


def _seen_by(session: Session) -> list[str]:
    return [about_person(person_id) for person_id in _concerned(session)]


def _kept(session: Session) -> object:
    """Return what decides which times the session keeps softly."""
    if session.status is not SessionStatus.ASKING:
        return None
    return _concerned(session), [(o.time, o.missing) for o in session.options]


def _kept_of(session: Session) -> list[str]:
    if session.status is not SessionStatus.ASKING:
        return []
    return [about_host(person_id) for person_id in _concerned(session)]


def _concerned(session: Session) -> list[PersonId]:
    members = (member.person_id for member in session.members)
    return list(dict.fromkeys((session.organizer_id, *members)))
