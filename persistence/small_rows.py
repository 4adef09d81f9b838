"""Outbox, audit, requests and undos inside a transaction."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from persistence.mapping import notification_values
from persistence.prepared import Prepared
from persistence.reader import DialectName
from persistence.tables import audit, outbox, requests, undos
from scheduling.ids import BookingId, OrganizationId, PersonId, RequestId, new_id
from scheduling.notifications import Notification, NotificationKind

_ORG: BindParameter[str] = bindparam("org")


def _added_once(insert_of: Callable[..., Any]) -> Prepared:
    statement = insert_of(outbox)
    return Prepared(
        statement.on_conflict_do_nothing(index_elements=["organization_id", "dedupe_key"])
    )


def _put_undo(insert_of: Callable[..., Any]) -> Prepared:
    statement = insert_of(undos)
    changed = {name: statement.excluded[name] for name in ("person_id", "payload", "until")}
    return Prepared(
        statement.on_conflict_do_update(index_elements=["organization_id", "id"], set_=changed)
    )


_ADD: Mapping[DialectName, Prepared] = {
    "sqlite": _added_once(sqlite.insert),
    "postgresql": _added_once(postgresql.insert),
}
_PUT_UNDO: Mapping[DialectName, Prepared] = {
    "sqlite": _put_undo(sqlite.insert),
    "postgresql": _put_undo(postgresql.insert),
}
_WRITE_DOWN = Prepared(insert(audit))
_MADE = Prepared(
    select(requests.c.subject).where(
        requests.c.organization_id == _ORG, requests.c.request_id == bindparam("this")
    )
)
_RECORD = Prepared(insert(requests))


class SqlOutboxRows:
    """See scheduling.ports.OutboxRows."""

    def __init__(
        self, connection: Connection, organization_id: OrganizationId, dialect: DialectName
    ) -> None:
        self._connection, self._org, self._dialect = connection, organization_id, dialect

    def add(self, *notifications: Notification) -> None:
        if not notifications:
            return
        _ADD[self._dialect].run_each(
            self._connection, [notification_values(notification) for notification in notifications]
        )

    def retire(
        self,
        booking_id: BookingId,
        kinds: Iterable[NotificationKind],
        *,
        person_id: PersonId | None = None,
    ) -> None:
        statement = update(outbox).where(
            outbox.c.organization_id == self._org,
            outbox.c.booking_id == booking_id,
            outbox.c.state == "waiting",
            outbox.c.kind.in_([kind.value for kind in kinds]),
        )
        if person_id is not None:
            statement = statement.where(outbox.c.person_id == person_id)
        self._connection.execute(statement.values(state="superseded"))


class SqlAuditRows:
    """See scheduling.ports.AuditRows."""

    def __init__(
        self, connection: Connection, organization_id: OrganizationId, now: Callable[[], datetime]
    ) -> None:
        self._connection, self._org, self._now = connection, organization_id, now

    def add(
        self, actor_id: PersonId | None, verb: str, subject: str, detail: Mapping[str, str | int]
    ) -> None:
        _WRITE_DOWN.run(
            self._connection,
            {
                "organization_id": self._org,
                "id": new_id(),
                "happened_at": self._now(),
                "actor_id": actor_id,
                "verb": verb,
                "subject": subject,
                "detail": json.dumps(dict(detail)),
            },
        )


class SqlRequestRows:
    """See scheduling.ports.RequestRows."""

    def __init__(self, connection: Connection, organization_id: OrganizationId) -> None:
        self._connection, self._org = connection, organization_id

    def made(self, request_id: RequestId) -> str | None:
        row = _MADE.first(self._connection, {"org": self._org, "this": request_id})
        return None if row is None else row.subject

    def record(self, request_id: RequestId, subject: str, now: datetime) -> None:
        _RECORD.run(
            self._connection,
            {
                "organization_id": self._org,
                "request_id": request_id,
                "subject": subject,
                "made_at": now,
            },
        )


class SqlUndoRows:
    """See scheduling.ports.UndoRows."""

    def __init__(
        self, connection: Connection, organization_id: OrganizationId, dialect: DialectName
    ) -> None:
        self._connection, self._org, self._dialect = connection, organization_id, dialect

    def put(self, undo_id: str, person_id: PersonId, payload: str, until: datetime) -> None:
        _PUT_UNDO[self._dialect].run(
            self._connection,
            {
                "organization_id": self._org,
                "id": undo_id,
                "person_id": person_id,
                "payload": payload,
                "until": until,
            },
        )

    def take(self, undo_id: str, person_id: PersonId, now: datetime) -> str | None:
        mine = (
            undos.c.organization_id == self._org,
            undos.c.id == undo_id,
            undos.c.person_id == person_id,
        )
        row = self._connection.execute(select(undos.c.payload, undos.c.until).where(*mine)).first()
        if row is None:
            return None
        self._connection.execute(delete(undos).where(*mine))
        return row.payload if row.until > now else None
