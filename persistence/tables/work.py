"""What is owed, what came in, who is at it, and what happened."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint, text

from persistence.tables.base import (
    belongs,
    flag,
    id_key,
    instant,
    metadata,
    organization_key,
    whole,
    words,
)

requests = Table(
    "requests",
    metadata,
    organization_key(),
    Column("request_id", Text, primary_key=True),
    words("subject"),
    instant("made_at"),
)

undos = Table(
    "undos",
    metadata,
    organization_key(),
    id_key(),
    words("person_id"),
    words("payload"),
    instant("until"),
)

audit = Table(
    "audit",
    metadata,
    organization_key(),
    id_key(),
    instant("happened_at"),
    words("actor_id", null=True),
    words("verb"),
    words("subject"),
    words("detail"),
    Index(None, "organization_id", "subject"),
)

outbox = Table(
    "outbox",
    metadata,
    organization_key(),
    id_key(),
    words("kind"),
    words("person_id"),
    words("dedupe_key"),
    words("booking_id", null=True),
    whole("plan_revision", null=True),
    words("card_platform", null=True),
    words("card_tenant", null=True),
    words("card_chat_id", null=True),
    words("card_message_id", null=True),
    words("payload"),
    whole("urgency"),
    instant("due_at"),
    instant("useful_until", null=True),
    words("state"),
    whole("attempts"),
    instant("next_attempt_at"),
    instant("lease_until", null=True),
    whole("token"),
    flag("maybe_sent"),
    words("reason", null=True),
    words("sent_card", null=True),
    instant("created_at", null=True),
    instant("finished_at", null=True),
    words("session_id", null=True),
    words("chat_platform", null=True),
    words("chat_tenant", null=True),
    words("chat_id", null=True),
    UniqueConstraint("organization_id", "dedupe_key"),
    # One step per urgency to what is due; a leased row comes due when its lease ends.
    Index(
        "ix_outbox_due",
        "urgency",
        "next_attempt_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(None, "organization_id", "booking_id"),
    Index(
        "ix_outbox_session",
        "organization_id",
        "session_id",
        sqlite_where=text("session_id IS NOT NULL"),
        postgresql_where=text("session_id IS NOT NULL"),
    ),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    words("organization_id"),
    words("platform"),
    words("tenant"),
    words("key"),
    words("conversation"),
    words("payload"),
    words("state"),
    whole("attempts"),
    words("reason", null=True),
    instant("received_at"),
    UniqueConstraint("organization_id", "platform", "tenant", "key"),
    # Oldest first over all chats, and within one chat; neither sees what is done.
    Index(
        "ix_inbox_waiting",
        "organization_id",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_inbox_conversation",
        "organization_id",
        "platform",
        "tenant",
        "conversation",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(None, "received_at"),
    sqlite_autoincrement=True,
)

conversation_leases = Table(
    "conversation_leases",
    metadata,
    organization_key(),
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("conversation", Text, primary_key=True),
    whole("token"),
    instant("lease_until"),
)

leases = Table(
    "leases",
    metadata,
    organization_key(),
    Column("name", Text, primary_key=True),
    words("holder"),
    whole("fence"),
    instant("lease_until"),
)

memory = Table(
    "memory", metadata, organization_key(), Column("key", Text, primary_key=True), words("value")
)

chat_pauses = Table(
    "chat_pauses",
    metadata,
    organization_key(),
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("chat_id", Text, primary_key=True),
    instant("until"),
)
"""Chats a platform told us to leave alone for a while; outlives a restart."""

drafts = Table(
    "drafts",
    metadata,
    organization_key(),
    id_key(),
    words("person_id"),
    words("platform"),
    words("tenant"),
    words("chat_id"),
    words("flow"),
    words("data"),
    words("awaits"),
    whole("revision"),
    words("message_id", null=True),
    instant("awaits_since", null=True),
    instant("updated_at"),
    Index(
        "ix_drafts_awaiting",
        "organization_id",
        "platform",
        "tenant",
        "chat_id",
        "awaits_since",
        sqlite_where=text("awaits_since IS NOT NULL"),
        postgresql_where=text("awaits_since IS NOT NULL"),
    ),
    Index(None, "updated_at"),
)

sent_files = Table(
    "sent_files",
    metadata,
    organization_key(),
    Column("booking_id", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    words("platform"),
    words("tenant"),
    words("chat_id"),
    words("message_id"),
    whole("sequence"),
    belongs("booking_id", "bookings"),
)
