"""Bookings, seats, and the spans that bookings keep."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, UniqueConstraint, and_, text

from persistence.tables.base import (
    LONGEST_SPAN,
    belongs,
    flag,
    id_key,
    instant,
    metadata,
    organization_key,
    whole,
    words,
)

bookings = Table(
    "bookings",
    metadata,
    organization_key(),
    id_key(),
    words("event_type_id"),
    words("calendar_id"),
    words("host_id"),
    instant("starts_at"),
    instant("ends_at"),
    words("host_wall"),
    words("host_zone"),
    words("zone_data"),
    words("status"),
    words("title"),
    words("place", null=True),
    words("video", null=True),
    whole("capacity"),
    words("uid"),
    words("request_id"),
    instant("created_at"),
    whole("sequence"),
    whole("plan_revision"),
    whole("version"),
    instant("expires_at", null=True),
    words("cancelled_by", null=True),
    words("reason", null=True),
    instant("undo_until", null=True),
    instant("moved_from_start", null=True),
    instant("moved_from_end", null=True),
    flag("files_sent"),
    belongs("event_type_id", "event_types"),
    belongs("host_id", "people"),
    CheckConstraint("starts_at < ends_at", name="not_empty"),
    UniqueConstraint("organization_id", "uid"),
    Index(None, "organization_id", "host_id", "starts_at"),
    Index(None, "organization_id", "event_type_id", "starts_at"),
    # What the sweep asks for: only rows that can become overdue or complete.
    Index(
        "ix_bookings_expiring",
        "organization_id",
        "expires_at",
        sqlite_where=text("status IN ('held', 'pending')"),
        postgresql_where=text("status IN ('held', 'pending')"),
    ),
    Index(None, "organization_id", "starts_at"),
    Index(
        "ix_bookings_ending",
        "organization_id",
        "ends_at",
        sqlite_where=text("status = 'confirmed'"),
        postgresql_where=text("status = 'confirmed'"),
    ),
)

attendances = Table(
    "attendances",
    metadata,
    organization_key(),
    id_key(),
    words("booking_id"),
    words("person_id"),
    words("status"),
    words("answers"),
    flag("coming"),
    whole("late_by", null=True),
    instant("expires_at", null=True),
    flag("cleared"),
    whole("position"),
    belongs("booking_id", "bookings"),
    belongs("person_id", "people"),
    Index(None, "organization_id", "booking_id"),
    Index(None, "organization_id", "person_id", "status"),
    Index(
        "ix_attendances_held",
        "organization_id",
        "expires_at",
        sqlite_where=text("status = 'held'"),
        postgresql_where=text("status = 'held'"),
    ),
    Index(
        "ix_attendances_offered",
        "organization_id",
        "expires_at",
        sqlite_where=text("status = 'offered'"),
        postgresql_where=text("status = 'offered'"),
    ),
)

OF_BOOKING = and_(
    bookings.c.organization_id == attendances.c.organization_id,
    bookings.c.id == attendances.c.booking_id,
)
"""Joins seats with their booking."""

occupied_spans = Table(
    "occupied_spans",
    metadata,
    organization_key(),
    Column("booking_id", Text, primary_key=True),
    Column("host_id", Text, primary_key=True),
    instant("starts_at"),
    instant("ends_at"),
    instant("expires_at", null=True),
    belongs("booking_id", "bookings"),
    CheckConstraint("starts_at < ends_at", name="not_empty"),
    CheckConstraint(f"ends_at - starts_at <= {LONGEST_SPAN}", name="not_endless"),
    # The start as well: what begins too late is passed over without a look at its row.
    Index(None, "organization_id", "host_id", "ends_at", "starts_at"),
    Index(
        "ix_occupied_spans_expiring",
        "organization_id",
        "expires_at",
        sqlite_where=text("expires_at IS NOT NULL"),
        postgresql_where=text("expires_at IS NOT NULL"),
    ),
)
"""A row stands here exactly as long as the booking keeps its host's time."""

FENCE = "occupied_spans_overlap"
"""Name of the rule, on both databases, that one host's occupied spans never overlap."""

# Spans of one host never overlap, so the first to end after the new start is also the first to
# begin: looking at that one is enough, and costs one step in the index.
_CLASH = """
    SELECT RAISE(ABORT, 'occupied_spans_overlap') WHERE EXISTS (
        SELECT 1 FROM (
            SELECT starts_at FROM occupied_spans
            WHERE organization_id = NEW.organization_id AND host_id = NEW.host_id
              AND ends_at > NEW.starts_at AND booking_id <> NEW.booking_id
            ORDER BY ends_at LIMIT 1
        ) WHERE starts_at < NEW.ends_at
    );
"""
SQLITE_FENCE = (
    f"CREATE TRIGGER {FENCE}_insert BEFORE INSERT ON occupied_spans BEGIN {_CLASH} END",
    f"CREATE TRIGGER {FENCE}_update BEFORE UPDATE OF host_id, starts_at, ends_at "
    f"ON occupied_spans BEGIN {_CLASH} END",
)
POSTGRESQL_FENCE = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"ALTER TABLE occupied_spans ADD CONSTRAINT {FENCE} EXCLUDE USING gist "
    "(organization_id WITH =, host_id WITH =, int8range(starts_at, ends_at) WITH &&)",
)
