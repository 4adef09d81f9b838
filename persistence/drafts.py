"""Where conversations stand, so that a restart forgets no choice made."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from persistence.mapping import AnyRow
from persistence.prepared import Prepared
from persistence.reader import DialectName, Reader
from persistence.store import Writer
from persistence.tables import MICROSECOND, drafts
from scheduling.ids import DraftId, OrganizationId, PersonId
from scheduling.people import Platform, Recipient
from scheduling.ports import Draft, DraftChanged

_DRAFT = Prepared(
    select(drafts).where(
        drafts.c.organization_id == bindparam("org"), drafts.c.id == bindparam("this")
    )
)
_CHANGE = Prepared(
    update(drafts).where(
        drafts.c.organization_id == bindparam("org"),
        drafts.c.id == bindparam("this"),
        drafts.c.revision == bindparam("seen"),
    )
)


class SqlDrafts:
    """See scheduling.ports.Drafts."""

    def __init__(self, writer: Writer, reader: Reader, dialect: DialectName) -> None:
        self._writer, self._reader = writer, reader

    async def get(self, organization_id: OrganizationId, draft_id: DraftId) -> Draft | None:
        """Return it as it stands."""
        row = await self._reader.one(_DRAFT, {"org": organization_id, "this": draft_id})
        return None if row is None else _draft_of(row)

    async def awaiting(self, organization_id: OrganizationId, chat: Recipient) -> Draft | None:
        """Return the draft of the chat that last began to wait for typed text."""
        row = await self._reader.first(
            select(drafts)
            .where(_awaits_in(organization_id, chat))
            .order_by(drafts.c.awaits_since.desc())
            .limit(1)
        )
        return None if row is None else _draft_of(row)

    async def save(self, draft: Draft, now: datetime) -> Draft:
        """Insert it (revision 1), or store it over its present revision, raised by one.

        Raises:
            DraftChanged: another action has stored it since it was read, or it is forgotten.
        """
        # A power cut that takes it back takes the end of its update back as well, which is then
        # handled once more: that waits in the same log, behind it.
        return await self._writer.run(
            lambda connection: _save(connection, draft, now), lasting=False
        )

    async def attach(self, draft: Draft, message_id: str) -> None:
        """Remember the card that shows it; the revision stays."""
        statement = (
            update(drafts).where(_is(draft.organization_id, draft.id)).values(message_id=message_id)
        )

        def work(connection: Connection) -> None:
            connection.execute(statement)

        await self._writer.run(work)

    async def hush(self, draft: Draft) -> None:
        """Let it wait for typed text no longer; the revision stays, so its buttons still act."""
        statement = (
            update(drafts)
            .where(_is(draft.organization_id, draft.id))
            .values(awaits="", awaits_since=None)
        )

        def work(connection: Connection) -> None:
            connection.execute(statement)

        await self._writer.run(work)

    async def forget(self, before: datetime) -> int:
        """Delete drafts last stored before then, and return how many."""
        statement = delete(drafts).where(drafts.c.updated_at < before)
        return await self._writer.run(lambda connection: connection.execute(statement).rowcount)


def _save(connection: Connection, draft: Draft, now: datetime) -> Draft:
    values: dict[str, Any] = {
        "person_id": draft.person_id,
        "platform": draft.chat.platform.value,
        "tenant": draft.chat.tenant,
        "chat_id": draft.chat.chat_id,
        "flow": draft.flow,
        "data": json.dumps(dict(draft.data)),
        "awaits": draft.awaits,
        "message_id": draft.message_id,
        "awaits_since": _since(connection, draft, now) if draft.awaits else None,
        "updated_at": now,
    }
    key = {"org": draft.organization_id, "this": draft.id, "seen": draft.revision}
    if _CHANGE.run(connection, {**key, **values, "revision": draft.revision + 1}):
        return replace(draft, revision=draft.revision + 1)
    known = connection.execute(select(drafts.c.id).where(_is(draft.organization_id, draft.id)))
    if draft.revision > 1 or known.first() is not None:
        raise DraftChanged(draft.id)
    connection.execute(
        insert(drafts).values(
            organization_id=draft.organization_id, id=draft.id, revision=1, **values
        )
    )
    return draft


def _since(connection: Connection, draft: Draft, now: datetime) -> datetime:
    """Return a moment after every other question of the chat, also when the clock stands."""
    latest = connection.execute(
        select(func.max(drafts.c.awaits_since)).where(_awaits_in(draft.organization_id, draft.chat))
    ).scalar()
    return now if latest is None else max(now, latest + MICROSECOND)


def _is(organization_id: OrganizationId, draft_id: DraftId) -> ColumnElement[bool]:
    return and_(drafts.c.organization_id == organization_id, drafts.c.id == draft_id)


def _awaits_in(organization_id: OrganizationId, chat: Recipient) -> ColumnElement[bool]:
    return and_(
        drafts.c.organization_id == organization_id,
        drafts.c.platform == chat.platform.value,
        drafts.c.tenant == chat.tenant,
        drafts.c.chat_id == chat.chat_id,
        drafts.c.awaits_since.is_not(None),
    )


def _draft_of(row: AnyRow) -> Draft:
    return Draft(
        organization_id=OrganizationId(row.organization_id),
        id=DraftId(row.id),
        person_id=PersonId(row.person_id),
        chat=Recipient(Platform(row.platform), row.tenant, row.chat_id),
        flow=row.flow,
        data=json.loads(row.data),
        awaits=row.awaits,
        revision=row.revision,
        message_id=row.message_id,
    )
