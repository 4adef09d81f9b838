"""Group sessions: who is asked, which times, and what everybody answers."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, UniqueConstraint, text

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

sessions = Table(
    "sessions",
    metadata,
    organization_key(),
    id_key(),
    words("organizer_id"),
    words("title"),
    whole("duration"),
    words("status"),
    words("group_platform"),
    words("group_tenant"),
    words("group_chat_id"),
    words("request_id"),
    instant("created_at"),
    whole("capacity"),
    whole("minimum", null=True),
    instant("decide_by", null=True),
    words("event_type_id", null=True),
    words("booking_id", null=True),
    words("card_platform", null=True),
    words("card_tenant", null=True),
    words("card_chat_id", null=True),
    words("card_message_id", null=True),
    whole("version"),
    instant("undo_until", null=True),
    belongs("organizer_id", "people"),
    belongs("event_type_id", "event_types"),
    belongs("booking_id", "bookings"),
    CheckConstraint("duration > 0 AND capacity > 0", name="sizes"),
    UniqueConstraint("organization_id", "booking_id"),
    Index(None, "organization_id", "organizer_id"),
    Index(None, "organization_id", "event_type_id"),
    # What the clock asks for: only sessions in which something can still become due.
    Index(
        "ix_sessions_due",
        "organization_id",
        "decide_by",
        sqlite_where=text("status IN ('asking', 'on') AND decide_by IS NOT NULL"),
        postgresql_where=text("status IN ('asking', 'on') AND decide_by IS NOT NULL"),
    ),
)

session_members = Table(
    "session_members",
    metadata,
    organization_key(),
    Column("session_id", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    whole("position"),
    flag("hours_known"),
    instant("nudged_at", null=True),
    belongs("session_id", "sessions"),
    belongs("person_id", "people"),
    Index(None, "organization_id", "person_id"),
)

session_options = Table(
    "session_options",
    metadata,
    organization_key(),
    id_key(),
    words("session_id"),
    words("letter"),
    whole("position"),
    instant("starts_at"),
    instant("ends_at"),
    words("missing"),
    belongs("session_id", "sessions"),
    CheckConstraint("starts_at < ends_at", name="not_empty"),
    Index(None, "organization_id", "session_id"),
)

session_votes = Table(
    "session_votes",
    metadata,
    organization_key(),
    Column("option_id", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    words("session_id"),
    whole("position"),
    words("answer"),
    belongs("option_id", "session_options"),
    belongs("session_id", "sessions"),
    belongs("person_id", "people"),
    Index(None, "organization_id", "session_id"),
    Index(None, "organization_id", "person_id"),
)
