"""Messages that are kept right, and what has changed since."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint, text

from persistence.tables.base import (
    belongs,
    id_key,
    instant,
    metadata,
    organization_key,
    whole,
    words,
)

live_cards = Table(
    "live_cards",
    metadata,
    organization_key(),
    id_key(),
    words("platform"),
    words("tenant"),
    words("chat_id"),
    words("message_id"),
    words("kind"),
    words("subject"),
    words("person_id", null=True),
    words("shown"),
    words("data"),
    instant("opened_at"),
    whole("changed"),
    whole("drawn"),
    whole("token"),
    instant("again_at", null=True),
    instant("held_until", null=True),
    instant("due_at", null=True),
    # Whoever asks for a message does not know whose it is.
    UniqueConstraint(
        "platform",
        "tenant",
        "chat_id",
        "message_id",
        "organization_id",
        name="uq_live_cards_message",
    ),
    Index(None, "opened_at"),
    # Only what is stale, in the order of opening.
    Index(
        "ix_live_cards_stale",
        "platform",
        "opened_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)
"""``changed`` counts what happened to the topics, ``drawn`` how much of it the keeper knew when
it last began to draw; ``held_until``: it is in a keeper's hands, or put off, until then.
``due_at``: from when a keeper may take it; NULL while it is right and stays so (``again_at``)."""

live_card_topics = Table(
    "live_card_topics",
    metadata,
    organization_key(),
    Column("card_id", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    belongs("card_id", "live_cards"),
    Index(None, "organization_id", "topic"),
)

changes = Table(
    "changes",
    metadata,
    # Counted, so that rows go to the end: transactions only ever append here.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    words("organization_id"),
    words("topic"),
    sqlite_autoincrement=True,
)
"""What transactions changed, in the words of topics, until the cards know."""

changed_topics = Table(
    "changed_topics",
    metadata,
    organization_key(),
    Column("topic", Text, primary_key=True),
    instant("changed_at"),
    Index(None, "changed_at"),
)
"""When the cards were last told of a topic: a card drawn before and opened after asks here."""
