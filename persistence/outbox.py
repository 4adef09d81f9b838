"""The dispatcher's side of the outbox: claim under a lease, settle once.

``next_attempt_at`` is the one column that says when a row may be taken: its due time at first,
then the end of the lease, the next try, or the end of its chat's pause. So what is due is one
step in an index, and the cost of looking follows the due rows, never the stored ones.

Claiming and settling do not wait for SQLite's disk: where a power cut takes them back, what was
sent in the moments before is sent once more.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from persistence.chats import move_chat
from persistence.mapping import AnyRow, notification_of
from persistence.prepared import Prepared
from persistence.reader import DialectName, Reader
from persistence.store import Writer
from persistence.tables import (
    chat_accounts,
    chat_pauses,
    outbox,
)
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId
from scheduling.notifications import NotificationState, Urgency
from scheduling.people import THREAD, Card, Recipient
from scheduling.ports import Claimed, Outcome, Settlement

_STATE_AFTER = {
    Outcome.SENT: NotificationState.SENT,
    Outcome.STALE: NotificationState.SUPERSEDED,
    Outcome.EXPIRED: NotificationState.EXPIRED,
    Outcome.UNREACHABLE: NotificationState.UNDELIVERABLE,
    Outcome.RETRY: NotificationState.WAITING,
    Outcome.UNKNOWN: NotificationState.WAITING,
}

# Partial indexes are used only where the condition stands literally.
_WAITING = outbox.c.state == literal_column("'waiting'")


class SqlOutbox:
    """See scheduling.ports.Outbox."""

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        dialect: DialectName,
        organization_id: OrganizationId = DEFAULT_ORGANIZATION,
    ) -> None:
        self._writer, self._reader = writer, reader
        insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
        new = insert(chat_pauses).values(organization_id=organization_id)
        self._pause = new.on_conflict_do_update(
            index_elements=["organization_id", "platform", "tenant", "chat_id"],
            set_={"until": new.excluded.until},
            where=chat_pauses.c.until < new.excluded.until,
        )

    async def claim_due(
        self, now: datetime, *, limit: int, lease: timedelta, max_urgency: int = 9
    ) -> list[Claimed]:
        """Lease due rows, most urgent first, then by due time; expired leases count as due.

        A row whose lease ran out comes back with ``maybe_sent`` set. Rows whose chat is paused
        are put off until the pause ends.
        """
        return await self._writer.run(
            lambda connection: _claim(connection, now, limit, now + lease, max_urgency),
            lasting=False,
        )

    async def still_ours(self, claimed: Claimed) -> bool:
        """Say whether the row still waits under our token; asked right before sending."""
        return await self._reader.one(_STILL_OURS, _key(claimed)) is not None

    async def settle(self, claimed: Claimed, settlement: Settlement, now: datetime) -> bool:
        """Write how it ended; False (and no change) when the lease is no longer ours.

        Raises:
            ValueError: it is to be tried again, but not said when.
        """
        values = {**_key(claimed), **_end_of(settlement, now)}
        statement = _MAYBE_SENT if settlement.outcome is Outcome.UNKNOWN else _SETTLE
        return await self._writer.run(
            lambda connection: statement.run(connection, values) == 1, lasting=False
        )

    async def next_due(self) -> datetime | None:
        """Return when the next row may be claimed; in the past when one could be now."""
        rows = await self._reader.rows(_next_due)
        return min((row.at for row in rows if row.at is not None), default=None)

    async def overdue(self, now: datetime) -> int:
        """Return how many rows were due before now and are in nobody's hands."""
        row = await self._reader.first(_overdue, {"now": now})
        return 0 if row is None else row[0]

    async def defer_chat(self, chat: Recipient, until: datetime) -> None:
        """Nothing is claimed for this chat before then; kept in the rows, so it outlives us."""
        values = {**_chat(chat), "chat_id": _whole(chat.chat_id), "until": until}

        def work(connection: Connection) -> None:
            connection.execute(self._pause, values)

        await self._writer.run(work)

    async def move_chat(self, chat: Recipient, new_chat_id: str) -> None:
        """Write the chat's new id wherever the old one is kept; harmless to repeat."""
        await self._writer.run(lambda connection: move_chat(connection, chat, new_chat_id))

    async def states(self) -> Mapping[NotificationState, int]:
        """Return how many rows stand in each state; a state without rows is not named."""
        rows = await self._reader.rows(_states)
        return {NotificationState(row.state): row.rows for row in rows}


# --- claiming ------------------------------------------------------------------------------

_due = (
    select(outbox)
    .where(
        _WAITING,
        outbox.c.urgency == bindparam("of_urgency"),
        outbox.c.next_attempt_at <= bindparam("now"),
    )
    .order_by(outbox.c.next_attempt_at, outbox.c.due_at)
    .limit(bindparam("most"))
    # On PostgreSQL several dispatchers take different rows instead of waiting for each other.
    .with_for_update(skip_locked=True)
)
_this = and_(
    outbox.c.organization_id == bindparam("of_organization"), outbox.c.id == bindparam("of_id")
)
_take = (
    update(outbox)
    .where(_this)
    .values(
        token=outbox.c.token + 1,
        attempts=outbox.c.attempts + 1,
        maybe_sent=or_(outbox.c.maybe_sent, outbox.c.lease_until.is_not(None)),
        lease_until=bindparam("until"),
        next_attempt_at=bindparam("until"),
    )
)
# The lapsed lease stays, if there was one: the row may still have been sent.
_put_off = update(outbox).where(_this).values(next_attempt_at=bindparam("until"))
_paused_people = (
    select(
        chat_accounts.c.organization_id,
        chat_accounts.c.person_id,
        func.max(chat_pauses.c.until, type_=chat_pauses.c.until.type).label("until"),
    )
    .select_from(
        chat_pauses.join(
            chat_accounts,
            and_(
                chat_accounts.c.organization_id == chat_pauses.c.organization_id,
                chat_accounts.c.platform == chat_pauses.c.platform,
                chat_accounts.c.tenant == chat_pauses.c.tenant,
                chat_accounts.c.chat_id == chat_pauses.c.chat_id,
            ),
        )
    )
    .where(chat_pauses.c.until > bindparam("now"))
    .group_by(chat_accounts.c.organization_id, chat_accounts.c.person_id)
)


@dataclass(frozen=True, slots=True)
class _Pauses:
    """What is not to be written to now: by the chat that a row names, else by the person."""

    chats: Mapping[tuple[str, str, str], datetime]
    people: Mapping[tuple[str, str], datetime]

    def until(self, row: AnyRow) -> datetime | None:
        if row.card_message_id is not None:
            return self._of(row.card_platform, row.card_tenant, row.card_chat_id)
        if row.chat_id is not None:
            return self._of(row.chat_platform, row.chat_tenant, row.chat_id)
        return self.people.get((row.organization_id, row.person_id))

    def _of(self, platform: str, tenant: str, chat_id: str) -> datetime | None:
        return self.chats.get((platform, tenant, _whole(chat_id)))


def _claim(
    connection: Connection, now: datetime, limit: int, until: datetime, max_urgency: int
) -> list[Claimed]:
    pauses = _pauses(connection, now)
    claimed: list[Claimed] = []
    for urgency in sorted(Urgency):
        while urgency <= max_urgency and len(claimed) < limit:
            rows = connection.execute(
                _due, {"of_urgency": urgency, "now": now, "most": limit - len(claimed)}
            ).all()
            paused = [(row, pause) for row in rows if (pause := pauses.until(row)) is not None]
            taken = [row for row in rows if pauses.until(row) is None]
            _run_each(connection, _put_off, ((row, pause) for row, pause in paused))
            _run_each(connection, _take, ((row, until) for row in taken))
            claimed.extend(_claimed_of(row) for row in taken)
            if not paused:
                break
    return claimed


def _pauses(connection: Connection, now: datetime) -> _Pauses:
    rows = connection.execute(select(chat_pauses)).all()
    if any(row.until <= now for row in rows):
        connection.execute(delete(chat_pauses).where(chat_pauses.c.until <= now))
    live = {(row.platform, row.tenant, row.chat_id): row.until for row in rows if row.until > now}
    people = connection.execute(_paused_people, {"now": now}).all() if live else []
    return _Pauses(live, {(row.organization_id, row.person_id): row.until for row in people})


def _run_each(
    connection: Connection, statement: Any, rows: Iterable[tuple[AnyRow, datetime]]
) -> None:
    values = [
        {"of_organization": row.organization_id, "of_id": row.id, "until": until}
        for row, until in rows
    ]
    if values:
        connection.execute(statement, values)


def _claimed_of(row: AnyRow) -> Claimed:
    return Claimed(
        notification=notification_of(row),
        attempts=row.attempts + 1,
        token=row.token + 1,
        maybe_sent=row.maybe_sent or row.lease_until is not None,
    )


# --- settling ------------------------------------------------------------------------------

# A row is ended once, by whoever holds it: retired, settled or taken over, it changes no more.
_held = and_(_this, _WAITING, outbox.c.token == bindparam("of_token"))
_STILL_OURS = Prepared(select(outbox.c.id).where(_held))
_settle = (
    update(outbox)
    .where(_held)
    .values(
        state=bindparam("new_state"),
        next_attempt_at=func.coalesce(
            bindparam("retry_at", type_=outbox.c.due_at.type), outbox.c.next_attempt_at
        ),
        lease_until=None,
        reason=bindparam("new_reason"),
        sent_card=bindparam("new_card"),
        finished_at=bindparam("ended_at"),
    )
)
_SETTLE, _MAYBE_SENT = Prepared(_settle), Prepared(_settle.values(maybe_sent=True))


def _key(claimed: Claimed) -> dict[str, Any]:
    return {
        "of_organization": claimed.notification.organization_id,
        "of_id": claimed.notification.id,
        "of_token": claimed.token,
    }


def _end_of(settlement: Settlement, now: datetime) -> dict[str, Any]:
    state = _STATE_AFTER[settlement.outcome]
    ends = state is not NotificationState.WAITING
    if not ends and settlement.retry_at is None:
        raise ValueError(f"{settlement.outcome} needs a time to try again")
    return {
        "new_state": state.value,
        "retry_at": None if ends else settlement.retry_at,
        "new_reason": settlement.reason or None,
        "new_card": _card_text(settlement.sent_card),
        "ended_at": now if ends else None,
    }


def _card_text(card: Card | None) -> str | None:
    return None if card is None else json.dumps({**_chat(card.chat), "message_id": card.message_id})


# --- asking --------------------------------------------------------------------------------

_next_due = union_all(
    *(
        select(func.min(outbox.c.next_attempt_at, type_=outbox.c.due_at.type).label("at")).where(
            _WAITING, outbox.c.urgency == literal_column(str(int(urgency)))
        )
        for urgency in Urgency
    )
)
_overdue = (
    select(func.count())
    .select_from(outbox)
    .where(
        _WAITING,
        outbox.c.due_at < bindparam("now"),
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now")),
    )
)
_states = select(outbox.c.state, func.count().label("rows")).group_by(outbox.c.state)


def _chat(chat: Recipient) -> dict[str, str]:
    return {"platform": chat.platform.value, "tenant": chat.tenant, "chat_id": chat.chat_id}


def _whole(chat_id: str) -> str:
    """Return the chat that a thread is in: platforms pause chats, not threads."""
    return chat_id.partition(THREAD)[0]
