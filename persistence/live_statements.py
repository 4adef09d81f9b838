"""The statements of cards that are kept right, and of the changes that concern them."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from persistence.prepared import Prepared
from persistence.reader import DialectName
from persistence.tables import (
    EPOCH,
    Instant,
    changed_topics,
    changes,
    live_card_topics,
    live_cards,
)

_ORG: BindParameter[str] = bindparam("org")
_TOPICS: BindParameter[list[str]] = bindparam("topics", expanding=True)
_NOW = bindparam("now", type_=Instant)
_UNTIL = bindparam("until", type_=Instant)
_BEFORE = bindparam("before", type_=Instant)
_THEN = bindparam("then", type_=Instant)
_MOST = bindparam("most", type_=Integer)
_AT_ONCE = bindparam("at_once", EPOCH, type_=Instant)

_CARDS_LOCK = 7_305_815_441_002
"""PostgreSQL's advisory lock: see persistence/live_cards.py."""
KEEP_OTHERS_OUT = text(f"SELECT pg_advisory_xact_lock({_CARDS_LOCK})")
KEEP_SPREADING_OUT = text(f"SELECT pg_advisory_xact_lock_shared({_CARDS_LOCK})")

Inserts = Callable[..., Any]
INSERTS: Mapping[DialectName, Inserts] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}

_STALE = and_(
    live_cards.c.platform == bindparam("platform"),
    # Partial indexes are used only where the condition stands literally.
    literal_column("due_at IS NOT NULL"),
    live_cards.c.due_at <= _NOW,
)
ANYTHING_TO_DO = Prepared(
    select(literal_column("1")).where(
        or_(exists(select(changes.c.id)), exists(select(live_cards.c.id).where(_STALE)))
    )
)

# --- spreading: from changes to cards --------------------------------------------------------

TAKE_CHANGES = (
    delete(changes)
    .where(changes.c.id.in_(select(changes.c.id).order_by(changes.c.id).limit(_MOST)))
    .returning(changes.c.organization_id, changes.c.topic)
)
MARK = (
    update(live_cards)
    .where(
        live_cards.c.organization_id == _ORG,
        live_cards.c.id.in_(
            select(live_card_topics.c.card_id).where(
                live_card_topics.c.organization_id == _ORG, live_card_topics.c.topic.in_(_TOPICS)
            )
        ),
    )
    .values(
        changed=live_cards.c.changed + 1,
        # In somebody's hands it stays there; who holds it sees the count rise.
        due_at=func.coalesce(live_cards.c.held_until, _NOW, type_=Instant),
    )
)


def note_topics(insert_of: Inserts) -> Any:
    """Return the statement that notes when the cards were told of topics."""
    new = insert_of(changed_topics)
    return new.on_conflict_do_update(
        index_elements=["organization_id", "topic"], set_={"changed_at": new.excluded.changed_at}
    )


# --- the keeper's side -----------------------------------------------------------------------

STALE = (
    select(live_cards)
    .where(_STALE)
    .order_by(live_cards.c.opened_at.desc())
    .limit(_MOST)
    .with_for_update(skip_locked=True)
)
_THIS = and_(live_cards.c.organization_id == _ORG, live_cards.c.id == bindparam("this"))
_HELD = and_(_THIS, live_cards.c.token == bindparam("held"))
LEASE = (
    update(live_cards)
    .where(_THIS)
    .values(
        token=live_cards.c.token + 1,
        drawn=live_cards.c.changed,
        held_until=_UNTIL,
        due_at=_UNTIL,
    )
)
TOPICS_OF = Prepared(
    select(live_card_topics.c.organization_id, live_card_topics.c.card_id, live_card_topics.c.topic)
    .where(
        live_card_topics.c.organization_id.in_(bindparam("orgs", expanding=True)),
        live_card_topics.c.card_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(live_card_topics.c.topic)
)
_IS_OVERTAKEN: ColumnElement[bool] = live_cards.c.changed > live_cards.c.drawn
RIGHT_AGAIN = (
    update(live_cards)
    .where(_HELD)
    .values(
        held_until=None,
        due_at=case((_IS_OVERTAKEN, _AT_ONCE), else_=_THEN),
        again_at=_THEN,
        shown=bindparam("now_shown", type_=Text),
        data=bindparam("now_data", type_=Text),
    )
)
PUT_OFF = update(live_cards).where(_HELD).values(held_until=_UNTIL, due_at=_UNTIL)
IS_HELD = select(live_cards.c.id).where(_HELD).with_for_update()

# --- opening and forgetting ------------------------------------------------------------------

MESSAGE = ("platform", "tenant", "chat_id", "message_id")
CARD_OF_MESSAGE = Prepared(
    select(live_cards.c.organization_id, live_cards.c.id).where(
        *(live_cards.c[column] == bindparam(column) for column in MESSAGE)
    )
)
CHANGED_LATELY: Select[Any] = (
    select(literal_column("1"))
    .where(
        changed_topics.c.organization_id == _ORG,
        changed_topics.c.topic.in_(_TOPICS),
        changed_topics.c.changed_at > _BEFORE,
    )
    .limit(1)
)
STALE_AT_ONCE = (
    update(live_cards).where(_THIS).values(changed=live_cards.c.changed + 1, due_at=_AT_ONCE)
)
ADD_TOPIC = insert(live_card_topics)
DROP_TOPIC = delete(live_card_topics).where(
    live_card_topics.c.organization_id == _ORG,
    live_card_topics.c.card_id == bindparam("this"),
    live_card_topics.c.topic == bindparam("old"),
)
DROP_TOPICS = delete(live_card_topics).where(
    live_card_topics.c.organization_id == _ORG, live_card_topics.c.card_id == bindparam("this")
)
DROP_CARD = delete(live_cards).where(_THIS)
_OLD = and_(
    live_cards.c.opened_at < _BEFORE,
    or_(live_cards.c.again_at.is_(None), live_cards.c.again_at < _BEFORE),
)
OLD_CARDS = select(live_cards.c.organization_id, live_cards.c.id).where(_OLD)
DROP_OLD_CHANGES = delete(changed_topics).where(changed_topics.c.changed_at < _BEFORE)


def watch(insert_of: Inserts) -> Any:
    """Return the statement that opens a card, or opens it anew."""
    new = insert_of(live_cards)
    taken = ("kind", "subject", "person_id", "shown", "data", "opened_at", "again_at")
    return new.on_conflict_do_update(
        index_elements=[*MESSAGE, "organization_id"],
        set_={
            **{column: new.excluded[column] for column in taken},
            # Whoever was drawing it drew what stood there before.
            "token": live_cards.c.token + 1,
            "drawn": live_cards.c.changed,
            "held_until": None,
            "due_at": new.excluded.again_at,
        },
    ).returning(live_cards.c.id)
