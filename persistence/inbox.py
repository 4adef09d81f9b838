"""Durable intake: updates as rows, worked off chat by chat under leases.

Only storing an update waits for the disk: the platform forgets it after our answer. Leases,
attempts and ends need to outlive the process, not a power cut: what that takes back is handled
once more, which the request ids make harmless.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from persistence.mapping import AnyRow
from persistence.prepared import Prepared
from persistence.reader import DialectName, Reader, insert_for
from persistence.store import Writer
from persistence.tables import EPOCH, conversation_leases, inbox
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId
from scheduling.people import Platform
from scheduling.ports import ConversationClaim, Inbound, InboxRow

KEPT = timedelta(hours=48)
"""How long platforms may deliver an update again: so long handled ones are remembered."""

_TRIES = 8

# Partial indexes are used only where the condition stands literally.
_WAITING = inbox.c.state == literal_column("'waiting'")


class SqlInbox:
    """See scheduling.ports.Inbox."""

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        dialect: DialectName,
        organization_id: OrganizationId = DEFAULT_ORGANIZATION,
    ) -> None:
        self._writer, self._reader, self._org = writer, reader, organization_id
        insert = insert_for(dialect)
        self._put = Prepared(
            insert(inbox)
            .on_conflict_do_nothing(index_elements=["organization_id", "platform", "tenant", "key"])
            .returning(inbox.c.id)
        )
        self._lease = Prepared(_lease_statement(dialect))

    async def put(self, updates: Sequence[Inbound]) -> int:
        """Store what is new, commit, and return how many were; safe to repeat."""
        values = [{"organization_id": self._org, **_values(one)} for one in updates]

        def work(connection: Connection) -> int:
            return sum(len(self._put.all(connection, one)) for one in values)

        return await self._writer.run(work) if values else 0

    async def claim(self, now: datetime, lease: timedelta) -> ConversationClaim | None:
        """Take the conversation with the oldest waiting update that nobody works on."""

        def work(connection: Connection) -> ConversationClaim | None:
            for _ in range(_TRIES):
                row = _OLDEST_FREE.first(connection, {"of_organization": self._org, "now": now})
                if row is None:
                    return None
                values = {**row._asdict(), "lease_until": now + lease, "now": now}
                leased = self._lease.first(connection, values)
                if leased is not None:
                    place = (Platform(row.platform), row.tenant, row.conversation)
                    return ConversationClaim(*place, leased.token, now + lease)
                # On PostgreSQL another worker committed between the two statements: look again.
            return None

        return await self._writer.run(work, lasting=False)

    async def next(self, claim: ConversationClaim) -> InboxRow | None:
        """Return its oldest waiting update and count the attempt.

        None when there is none, or when the claim is no longer ours.
        """

        def work(connection: Connection) -> InboxRow | None:
            if not self._ours(connection, claim):
                return None
            row = _OLDEST_OF.first(connection, self._key(claim))
            if row is None:
                return None
            _COUNT_ATTEMPT.run(connection, {"this": row.id})
            return InboxRow(row.id, _inbound_of(row), row.attempts + 1)

        return await self._writer.run(work, lasting=False)

    async def finish(self, claim: ConversationClaim, row: InboxRow, *, parked: str = "") -> None:
        """Mark it handled, or parked with the reason; a claim that is not ours changes nothing."""
        state, reason = ("parked", parked) if parked else ("handled", None)

        def work(connection: Connection) -> None:
            if self._ours(connection, claim):
                _FINISH.run(connection, {"this": row.id, "end": state, "why": reason})

        await self._writer.run(work, lasting=False)

    async def renew(self, claim: ConversationClaim, until: datetime) -> bool:
        """Keep it until then; False when it was let go, or is another's by now."""
        values = {**self._key(claim), "ours": claim.token, "until": until}
        return await self._writer.run(
            lambda connection: _RENEW.run(connection, values) == 1, lasting=False
        )

    async def release(self, claim: ConversationClaim) -> None:
        """Let it go; one that is another's by now is left alone."""
        values = {**self._key(claim), "ours": claim.token, "until": EPOCH}
        await self._writer.run(lambda connection: _END.run(connection, values), lasting=False)

    async def waiting(self) -> int:
        """Return how many updates are not handled yet."""
        row = await self._reader.first(select(func.count()).select_from(inbox).where(_WAITING))
        return 0 if row is None else row[0]

    async def forget(self, before: datetime) -> int:
        """Delete handled and parked updates older than that, and return how many.

        Whatever is asked for, those of the 48 hours before the latest update stay.
        """

        def work(connection: Connection) -> int:
            latest = connection.execute(select(func.max(inbox.c.received_at))).scalar()
            if latest is None:
                return 0
            oldest_kept = min(before, latest - KEPT)
            return connection.execute(_forget, {"before": oldest_kept}).rowcount

        return await self._writer.run(work)

    def _ours(self, connection: Connection, claim: ConversationClaim) -> bool:
        values = {**self._key(claim), "ours": claim.token}
        return _OURS_NOW.first(connection, values) is not None

    def _key(self, claim: ConversationClaim) -> dict[str, Any]:
        return {
            "of_organization": self._org,
            "of_platform": claim.platform.value,
            "of_tenant": claim.tenant,
            "of_conversation": claim.conversation,
        }


def _same_conversation(one: Table, other: Table) -> ColumnElement[bool]:
    return and_(
        one.c.organization_id == other.c.organization_id,
        one.c.platform == other.c.platform,
        one.c.tenant == other.c.tenant,
        one.c.conversation == other.c.conversation,
    )


def _this_conversation(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.organization_id == bindparam("of_organization"),
        table.c.platform == bindparam("of_platform"),
        table.c.tenant == bindparam("of_tenant"),
        table.c.conversation == bindparam("of_conversation"),
    )


_leased = conversation_leases
_oldest_free = (
    select(inbox.c.organization_id, inbox.c.platform, inbox.c.tenant, inbox.c.conversation)
    .select_from(inbox.outerjoin(_leased, _same_conversation(inbox, _leased)))
    .where(
        inbox.c.organization_id == bindparam("of_organization"),
        _WAITING,
        or_(_leased.c.lease_until.is_(None), _leased.c.lease_until <= bindparam("now")),
    )
    .order_by(inbox.c.id)
    .limit(1)
)
_oldest_of = select(inbox).where(_this_conversation(inbox), _WAITING).order_by(inbox.c.id).limit(1)
_this = inbox.c.id == bindparam("this")
_OLDEST_FREE, _OLDEST_OF = Prepared(_oldest_free), Prepared(_oldest_of)
_COUNT_ATTEMPT = Prepared(update(inbox).where(_this).values(attempts=inbox.c.attempts + 1))
# Telephone numbers and people's words are in there; once handled, its key is all that is needed.
_left_of_it = case((bindparam("end") == "handled", ""), else_=inbox.c.payload)
_FINISH = Prepared(
    update(inbox)
    .where(_this, _WAITING)
    .values(state=bindparam("end"), reason=bindparam("why"), payload=_left_of_it)
)
_forget = delete(inbox).where(
    inbox.c.received_at < bindparam("before"), inbox.c.state.in_(["handled", "parked"])
)
# Locked, so that on PostgreSQL nobody takes the conversation before this transaction ends.
_OURS_NOW = Prepared(
    select(_leased.c.token)
    .where(_this_conversation(_leased), _leased.c.token == bindparam("ours"))
    .with_for_update()
)
_end = (
    update(_leased)
    .where(_this_conversation(_leased), _leased.c.token == bindparam("ours"))
    .values(lease_until=bindparam("until"))
)
# A renewal that comes after the release must not keep the conversation for nobody.
_END, _RENEW = Prepared(_end), Prepared(_end.where(_leased.c.lease_until > EPOCH))


def _lease_statement(dialect: DialectName) -> ReturningInsert[int]:
    insert = insert_for(dialect)
    new = insert(_leased).values(token=1)
    # One statement decides: of two workers the second sees the first's lease and gets no row.
    return new.on_conflict_do_update(
        index_elements=["organization_id", "platform", "tenant", "conversation"],
        set_={"token": _leased.c.token + 1, "lease_until": new.excluded.lease_until},
        where=_leased.c.lease_until <= bindparam("now"),
    ).returning(_leased.c.token)


def _values(one: Inbound) -> dict[str, Any]:
    return {
        "platform": one.platform.value,
        "tenant": one.tenant,
        "key": one.key,
        "conversation": one.conversation,
        "payload": one.payload,
        "state": "waiting",
        "attempts": 0,
        "received_at": one.received_at,
    }


def _inbound_of(row: AnyRow) -> Inbound:
    return Inbound(
        platform=Platform(row.platform),
        tenant=row.tenant,
        key=row.key,
        conversation=row.conversation,
        payload=row.payload,
        received_at=row.received_at,
    )
