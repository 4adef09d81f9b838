"""A chat that got another id: a group that became a supergroup."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    literal_column,
    or_,
    update,
)

from persistence.tables import chat_accounts, drafts, outbox, sent_files
from scheduling.people import THREAD, Recipient

_WAITING = outbox.c.state == literal_column("'waiting'")
_OLD: BindParameter[str] = bindparam("old_chat_id")
_NEW: BindParameter[str] = bindparam("new_chat_id")


def move_chat(connection: Connection, chat: Recipient, new_chat_id: str) -> None:
    """Write the chat's new id wherever the old one is kept; harmless to repeat.

    Sessions are the core's to move: their messages cannot be edited there any more.
    """
    values = {
        "old_platform": chat.platform.value,
        "old_tenant": chat.tenant,
        "old_chat_id": chat.chat_id,
        "new_chat_id": new_chat_id,
    }
    for statement in _MOVES:
        connection.execute(statement, values)


def _in_old_chat(table: Table, prefix: str = "") -> ColumnElement[bool]:
    return and_(
        table.c[f"{prefix}platform"] == bindparam("old_platform"),
        table.c[f"{prefix}tenant"] == bindparam("old_tenant"),
        table.c[f"{prefix}chat_id"] == _OLD,
    )


def _move(table: Table) -> Any:
    return update(table).where(_in_old_chat(table)).values(chat_id=_NEW)


_MOVES = (
    *(_move(table) for table in (chat_accounts, drafts, sent_files)),
    update(outbox).where(_WAITING, _in_old_chat(outbox, "card_")).values(card_chat_id=_NEW),
    # Messages are counted anew in the new chat: an answer to an old one goes there as itself.
    update(outbox)
    .where(
        _WAITING,
        outbox.c.chat_platform == bindparam("old_platform"),
        outbox.c.chat_tenant == bindparam("old_tenant"),
        or_(outbox.c.chat_id == _OLD, outbox.c.chat_id.startswith(_OLD + THREAD)),
    )
    .values(chat_id=_NEW),
)
