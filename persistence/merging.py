"""Two people become one: every row that names the one who goes names the other from then on."""

from typing import Any

from sqlalchemy import Connection, Table, and_, delete, func, or_, select, update
from sqlalchemy.exc import DBAPIError

from persistence.booking_rows import overlap_of
from persistence.tables import (
    attendances,
    audit,
    bookings,
    calendars,
    chat_accounts,
    connect_codes,
    drafts,
    event_types,
    feed_tokens,
    invites,
    live_card_topics,
    live_cards,
    occupied_spans,
    outbox,
    people,
    person_roles,
    schedules,
    sent_files,
    session_members,
    session_options,
    session_votes,
    sessions,
    time_off,
    undos,
)
from scheduling.errors import SlotTaken
from scheduling.ids import OrganizationId, PersonId
from scheduling.ports import about_host, about_person

NAMED_ONCE = (
    (person_roles, "person_id", ("role",)),
    (sent_files, "person_id", ("booking_id",)),
    (session_members, "person_id", ("session_id",)),
    (session_votes, "person_id", ("option_id",)),
    (feed_tokens, "person_id", ()),
)
"""Tables whose key holds a person: where both have a row, the one of who stays counts."""
NAMED = (
    (chat_accounts, "person_id"),
    (invites, "used_by"),
    (time_off, "person_id"),
    (bookings, "host_id"),
    (bookings, "cancelled_by"),
    (attendances, "person_id"),
    (occupied_spans, "host_id"),
    (undos, "person_id"),
    (audit, "actor_id"),
    (outbox, "person_id"),
    (drafts, "person_id"),
    (sessions, "organizer_id"),
    (live_cards, "person_id"),
    (live_cards, "subject"),
)
ORDERED = (
    (schedules, "owner_id"),
    (calendars, "owner_id"),
    (event_types, "host_id"),
)
"""Tables with a position among the person's own: what comes is put behind what is there."""
QUOTED = (
    (session_options, "missing"),
    (outbox, "payload"),
    (undos, "payload"),
    (drafts, "data"),
    (live_cards, "data"),
)
"""Columns of JSON text that may quote a person's id."""
FORGOTTEN = ((connect_codes, "person_id"),)


def merge(
    connection: Connection, organization_id: OrganizationId, kept: PersonId, gone: PersonId
) -> list[str]:
    """Make everything of ``gone`` belong to ``kept`` and delete the row; return the topics.

    Raises:
        SlotTaken: both are busy at the same time as hosts.
    """
    _Merging(connection, organization_id, kept, gone).run()
    return [make(person) for make in (about_person, about_host) for person in (kept, gone)]


class _Merging:
    def __init__(
        self, connection: Connection, organization_id: OrganizationId, kept: str, gone: str
    ) -> None:
        self._connection, self._org = connection, organization_id
        self._kept, self._gone = kept, gone

    def run(self) -> None:
        self._lock()
        self._end_double_seats()
        for table, column in FORGOTTEN:
            self._run(delete(table).where(*self._of_gone(table, column)))
        for table, column, rest in NAMED_ONCE:
            self._drop_doubles(table, column, rest)
            self._rename(table, column)
        for table, column in ORDERED:
            self._append(table, column)
        try:
            for table, column in NAMED:
                self._rename(table, column)
        except DBAPIError as error:
            if overlap_of(error):
                raise SlotTaken from error
            raise
        for table, column in QUOTED:
            self._requote(table, column)
        self._retopic()
        self._run(delete(people).where(people.c.organization_id == self._org, self._is_gone()))

    def _lock(self) -> None:
        # Sessions before hosts, as everywhere; SQLite has one writer anyway.
        if self._connection.dialect.name != "postgresql":
            return
        both = (self._kept, self._gone)
        asked = select(session_members.c.session_id).where(
            session_members.c.organization_id == self._org, session_members.c.person_id.in_(both)
        )
        concerned = or_(sessions.c.organizer_id.in_(both), sessions.c.id.in_(asked))
        for table, rows in ((sessions, concerned), (people, people.c.id.in_(both))):
            self._connection.execute(
                select(table.c.id)
                .where(table.c.organization_id == self._org, rows)
                .order_by(table.c.id)
                .with_for_update()
            ).all()

    def _end_double_seats(self) -> None:
        # One person has one seat in a booking. The seat that goes is the one that lets the other
        # be in: waiting or offered where the other one sits.
        mine = (attendances.c.organization_id == self._org,)
        live = ("held", "pending", "accepted", "offered", "waitlisted")
        rows = self._connection.execute(
            select(attendances.c.id, attendances.c.booking_id, attendances.c.status)
            .where(
                *mine,
                attendances.c.person_id.in_((self._kept, self._gone)),
                attendances.c.status.in_(live),
            )
            .order_by(attendances.c.position)
        ).all()
        best: dict[str, str] = {}
        strength = {status: at for at, status in enumerate(("waitlisted", "offered", "held"))}
        for row in sorted(rows, key=lambda row: -strength.get(row.status, len(strength))):
            if best.setdefault(row.booking_id, row.id) != row.id:
                self._run(
                    update(attendances)
                    .where(*mine, attendances.c.id == row.id)
                    .values(status="cancelled", expires_at=None)
                )

    def _drop_doubles(self, table: Table, column: str, rest: tuple[str, ...]) -> None:
        other = table.alias()
        has_own = select(other.c[column]).where(
            other.c.organization_id == self._org,
            other.c[column] == self._kept,
            *(other.c[name] == table.c[name] for name in rest),
        )
        self._run(delete(table).where(*self._of_gone(table, column), has_own.exists()))

    def _append(self, table: Table, column: str) -> None:
        last = self._connection.execute(
            select(func.max(table.c.position)).where(
                table.c.organization_id == self._org, table.c[column] == self._kept
            )
        ).scalar()
        behind = 0 if last is None else last + 1
        self._run(
            update(table)
            .where(*self._of_gone(table, column))
            .values({column: self._kept, "position": table.c.position + behind})
        )

    def _rename(self, table: Table, column: str) -> None:
        self._run(update(table).where(*self._of_gone(table, column)).values({column: self._kept}))

    def _requote(self, table: Table, column: str) -> None:
        quoted, instead = f'"{self._gone}"', f'"{self._kept}"'
        self._run(
            update(table)
            .where(
                table.c.organization_id == self._org,
                table.c[column].contains(quoted, autoescape=True),
            )
            .values({column: func.replace(table.c[column], quoted, instead)})
        )

    def _retopic(self) -> None:
        topics = live_card_topics.c
        for make in (about_person, about_host):
            old, new = make(PersonId(self._gone)), make(PersonId(self._kept))
            other = live_card_topics.alias()
            mine = and_(topics.organization_id == self._org, topics.topic == old)
            double = select(other.c.topic).where(
                other.c.organization_id == self._org,
                other.c.card_id == topics.card_id,
                other.c.topic == new,
            )
            self._run(delete(live_card_topics).where(mine, double.exists()))
            self._run(update(live_card_topics).where(mine).values(topic=new))

    def _of_gone(self, table: Table, column: str) -> tuple[Any, ...]:
        return table.c.organization_id == self._org, table.c[column] == self._gone

    def _is_gone(self) -> Any:
        return people.c.id == self._gone

    def _run(self, statement: Any) -> None:
        self._connection.execute(statement)
