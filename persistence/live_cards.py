"""Cards that are kept right: which are open, which are stale, and in whose hands.

Transactions only append changes (persistence/topics.py); the keeper alone counts them onto the
cards, here. A card is stale while ``changed`` is above ``drawn``, what the keeper knew when it
began to draw: so a change that comes while a card is drawn leaves it stale.

On PostgreSQL spreading holds an advisory lock, and opening a card holds the same one shared. So
a card is either open before a change is spread, and marked, or opened after it, and then finds
the change among those of the last half minute: a card may have been drawn before the change it
misses was committed, and is opened only when it has been sent.
"""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from persistence.live_statements import (
    ADD_TOPIC,
    ANYTHING_TO_DO,
    CARD_OF_MESSAGE,
    CHANGED_LATELY,
    DROP_CARD,
    DROP_OLD_CHANGES,
    DROP_TOPIC,
    DROP_TOPICS,
    INSERTS,
    IS_HELD,
    KEEP_OTHERS_OUT,
    KEEP_SPREADING_OUT,
    LEASE,
    MARK,
    OLD_CARDS,
    PUT_OFF,
    RIGHT_AGAIN,
    STALE,
    STALE_AT_ONCE,
    TAKE_CHANGES,
    TOPICS_OF,
    note_topics,
    watch,
)
from persistence.mapping import AnyRow, Values, card_of
from persistence.reader import DialectName, Reader
from persistence.store import Writer
from persistence.tables import live_cards
from scheduling.ids import OrganizationId, PersonId, new_id
from scheduling.people import Card, Platform
from scheduling.ports import LiveCard, StaleCard

LATELY = timedelta(seconds=30)
"""Longer than from drawing a card to having sent it."""
_CHANGES_AT_ONCE = 5_000
_TOPICS_AT_ONCE = 500


class SqlLiveCards:
    """See scheduling.ports.LiveCards."""

    def __init__(self, writer: Writer, reader: Reader, dialect: DialectName) -> None:
        self._writer, self._reader, self._dialect = writer, reader, dialect
        self._note_topics = note_topics(INSERTS[dialect])
        self._watch = watch(INSERTS[dialect])

    async def watch(self, live: LiveCard, now: datetime) -> None:
        """Keep this card from now on; the same message again replaces what was known of it."""
        await self._writer.run(lambda connection: self._open(connection, live, now), lasting=False)

    async def forget(self, card: Card) -> None:
        """Keep it no longer."""
        # Most messages that are shown were never kept: those cost no write.
        if not await self._reader.all(CARD_OF_MESSAGE, _message(card)):
            return

        def work(connection: Connection) -> None:
            for row in CARD_OF_MESSAGE.all(connection, _message(card)):
                _drop(connection, row)

        await self._writer.run(work, lasting=False)

    async def stale(
        self, now: datetime, *, platform: Platform, limit: int, lease: timedelta
    ) -> list[StaleCard]:
        """Lease cards whose topics changed since they were drawn, last opened first."""
        values = {"platform": platform.value, "now": now}
        if await self._reader.one(ANYTHING_TO_DO, values) is None:
            return []

        def work(connection: Connection) -> list[StaleCard]:
            self._spread(connection, now)
            rows = connection.execute(STALE, {**values, "most": limit}).all()
            if not rows:
                return []
            connection.execute(LEASE, [{**_this(row), "until": now + lease} for row in rows])
            topics = _topics_of(connection, rows)
            return [StaleCard(_live_of(row, topics[row.id]), row.token + 1) for row in rows]

        return await self._writer.run(work, lasting=False)

    async def refreshed(self, stale: StaleCard, now_shows: LiveCard | None) -> None:
        """Note that it is right again, and what it shows now; None: keep it no longer."""
        await self._writer.run(
            lambda connection: self._settle(connection, stale, now_shows), lasting=False
        )

    async def postpone(self, stale: StaleCard, until: datetime) -> None:
        """Try it again then."""

        def work(connection: Connection) -> None:
            if row := _row_of(connection, stale):
                held = {**_this(row), "held": stale.token, "until": until}
                connection.execute(PUT_OFF, held)

        await self._writer.run(work, lasting=False)

    async def tidy(self, before: datetime) -> int:
        """Forget cards opened before then, and changes that every card has seen."""

        def work(connection: Connection) -> int:
            self._alone(connection)
            rows = connection.execute(OLD_CARDS, {"before": before}).all()
            for row in rows:
                _drop(connection, row)
            connection.execute(DROP_OLD_CHANGES, {"before": before})
            return len(rows)

        return await self._writer.run(work, lasting=False)

    # --- inside a transaction --------------------------------------------------------------

    def _open(self, connection: Connection, live: LiveCard, now: datetime) -> None:
        if self._dialect == "postgresql":
            connection.execute(KEEP_SPREADING_OUT)
        values = {
            "organization_id": live.organization_id,
            "id": new_id(),
            **_message(live.card),
            **_shown(live),
            "kind": live.kind,
            "subject": live.subject,
            "person_id": live.person_id,
            "opened_at": now,
            "changed": 0,
            "drawn": 0,
            "token": 0,
            "again_at": live.again_at,
            "due_at": live.again_at,
        }
        card_id = connection.execute(self._watch, values).scalar_one()
        this = {"org": live.organization_id, "this": card_id}
        _put_topics(connection, this, live.topics)
        lately = {
            "org": live.organization_id,
            "topics": sorted(live.topics),
            "before": now - LATELY,
        }
        if connection.execute(CHANGED_LATELY, lately).first() is not None:
            connection.execute(STALE_AT_ONCE, this)

    def _spread(self, connection: Connection, now: datetime) -> None:
        self._alone(connection)
        taken = _CHANGES_AT_ONCE
        while taken == _CHANGES_AT_ONCE:
            rows = connection.execute(TAKE_CHANGES, {"most": _CHANGES_AT_ONCE}).all()
            taken = len(rows)
            topics: defaultdict[str, set[str]] = defaultdict(set)
            for row in rows:
                topics[row.organization_id].add(row.topic)
            for organization_id, changed in topics.items():
                self._tell(connection, organization_id, sorted(changed), now)

    def _tell(
        self, connection: Connection, organization_id: str, topics: list[str], now: datetime
    ) -> None:
        connection.execute(
            self._note_topics,
            [
                {"organization_id": organization_id, "topic": topic, "changed_at": now}
                for topic in topics
            ],
        )
        for first in range(0, len(topics), _TOPICS_AT_ONCE):
            some = topics[first : first + _TOPICS_AT_ONCE]
            connection.execute(MARK, {"org": organization_id, "topics": some, "now": now})

    def _settle(self, connection: Connection, stale: StaleCard, now_shows: LiveCard | None) -> None:
        row = _row_of(connection, stale)
        if row is None:
            return
        this = _this(row)
        held = {**this, "held": stale.token}
        if connection.execute(IS_HELD, held).first() is None:
            return
        if now_shows is None:
            _drop(connection, row)
            return
        if now_shows.card != stale.live.card:
            self._move(connection, row, now_shows.card)
        shown = {f"now_{name}": value for name, value in _shown(now_shows).items()}
        connection.execute(RIGHT_AGAIN, {**held, **shown, "then": now_shows.again_at})
        _put_topics(connection, this, now_shows.topics)

    def _move(self, connection: Connection, row: AnyRow, card: Card) -> None:
        for other in CARD_OF_MESSAGE.all(connection, _message(card)):
            if other.organization_id == row.organization_id:
                _drop(connection, other)
        connection.execute(
            live_cards.update()
            .where(live_cards.c.organization_id == row.organization_id, live_cards.c.id == row.id)
            .values(_message(card))
        )

    def _alone(self, connection: Connection) -> None:
        if self._dialect == "postgresql":
            connection.execute(KEEP_OTHERS_OUT)


def _row_of(connection: Connection, stale: StaleCard) -> Any | None:
    rows = CARD_OF_MESSAGE.all(connection, _message(stale.live.card))
    mine = (row for row in rows if row.organization_id == stale.live.organization_id)
    return next(mine, None)


def _put_topics(connection: Connection, this: Values, topics: frozenset[str]) -> None:
    there = {row.topic for row in _topic_rows(connection, [(this["org"], this["this"])])}
    if gone := sorted(there - topics):
        connection.execute(DROP_TOPIC, [{**this, "old": topic} for topic in gone])
    if new := sorted(topics - there):
        own = {"organization_id": this["org"], "card_id": this["this"]}
        connection.execute(ADD_TOPIC, [{**own, "topic": topic} for topic in new])


def _topics_of(connection: Connection, rows: Any) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {row.id: set() for row in rows}
    for topic in _topic_rows(connection, [(row.organization_id, row.id) for row in rows]):
        found[topic.card_id].add(topic.topic)
    return {card_id: frozenset(topics) for card_id, topics in found.items()}


def _topic_rows(connection: Connection, cards: list[tuple[str, str]]) -> list[Any]:
    organizations, ids = zip(*cards, strict=True)
    values = {"orgs": list(dict.fromkeys(organizations)), "ids": list(ids)}
    return TOPICS_OF.all(connection, values)


def _drop(connection: Connection, row: Any) -> None:
    connection.execute(DROP_TOPICS, _this(row))
    connection.execute(DROP_CARD, _this(row))


def _this(row: Any) -> Values:
    return {"org": row.organization_id, "this": row.id}


def _message(card: Card) -> Values:
    return {
        "platform": card.chat.platform.value,
        "tenant": card.chat.tenant,
        "chat_id": card.chat.chat_id,
        "message_id": card.message_id,
    }


def _shown(live: LiveCard) -> Values:
    return {"shown": live.shown, "data": json.dumps(dict(live.data))}


def _live_of(row: AnyRow, topics: frozenset[str]) -> LiveCard:
    return LiveCard(
        organization_id=OrganizationId(row.organization_id),
        card=card_of(row.platform, row.tenant, row.chat_id, row.message_id),
        kind=row.kind,
        subject=row.subject,
        person_id=None if row.person_id is None else PersonId(row.person_id),
        topics=topics,
        shown=row.shown,
        again_at=row.again_at,
        data=MappingProxyType(json.loads(row.data)),
    )
