"""The schema, once: every table carries its organization, every instant is one integer.

Instants are microseconds since the epoch (exact both ways, the same on both databases);
``organization_id`` stands in every key, so that tenants can be spread over several servers.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

LONGEST_BOOKING = timedelta(days=31)
"""No booking and no occupied span may last longer: what lets range queries stop early."""
LONGEST_SPAN = LONGEST_BOOKING // timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return an aware moment as the integer stored for it."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(value: int) -> datetime:
    """Return the UTC moment an integer stands for."""
    return EPOCH + timedelta(microseconds=value)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment_of(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _organization() -> Column[str]:
    return Column("organization_id", Text, primary_key=True)


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _whole(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _instant(name: str, *, null: bool = False) -> Column[datetime]:
    return Column(name, Instant, nullable=null)


def _belongs(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"]
    )


organizations = Table("organizations", metadata, _id(), _text("name"), _instant("created_at"))

people = Table(
    "people",
    metadata,
    _organization(),
    _id(),
    _text("name"),
    _text("zone", null=True),
    _text("locale"),
    _text("phone", null=True),
    _text("email", null=True),
    _whole("quiet_start", null=True),
    _whole("quiet_end", null=True),
    _text("reminders", null=True),
    _text("about", null=True),
    _whole("cap_per_day", null=True),
    _whole("cap_per_week", null=True),
    _whole("version"),
)

person_roles = Table(
    "person_roles",
    metadata,
    _organization(),
    Column("person_id", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    _belongs("person_id", "people"),
)

chat_accounts = Table(
    "chat_accounts",
    metadata,
    _organization(),
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    _text("person_id"),
    _text("chat_id", null=True),
    _text("username", null=True),
    _text("language", null=True),
    _flag("reachable"),
    _instant("last_seen"),
    _belongs("person_id", "people"),
    Index(None, "organization_id", "person_id"),
    Index(None, "platform", "tenant", "account_id"),
    Index(None, "platform", "tenant", "chat_id"),
)

invites = Table(
    "invites",
    metadata,
    _organization(),
    Column("code_hash", Text, primary_key=True),
    _instant("expires_at"),
    _text("used_by", null=True),
)

feed_tokens = Table(
    "feed_tokens",
    metadata,
    _organization(),
    Column("person_id", Text, primary_key=True),
    _text("token_hash"),
    _instant("created_at"),
    _belongs("person_id", "people"),
    Index(None, "token_hash", unique=True),
)

schedules = Table(
    "schedules",
    metadata,
    _organization(),
    _id(),
    _text("owner_id"),
    _text("name"),
    _text("zone"),
    _text("weekly"),
    _text("dated"),
    _whole("position"),
    _whole("version"),
    _belongs("owner_id", "people"),
    Index(None, "organization_id", "owner_id"),
)

calendars = Table(
    "calendars",
    metadata,
    _organization(),
    _id(),
    _text("owner_id"),
    _text("name"),
    _whole("position"),
    _belongs("owner_id", "people"),
    Index(None, "organization_id", "owner_id"),
)

calendar_schedules = Table(
    "calendar_schedules",
    metadata,
    _organization(),
    Column("calendar_id", Text, primary_key=True),
    Column("schedule_id", Text, primary_key=True),
    _text("expires_on", null=True),
    _belongs("calendar_id", "calendars"),
    _belongs("schedule_id", "schedules"),
)

openings = Table(
    "openings",
    metadata,
    _organization(),
    _id(),
    _text("calendar_id"),
    _instant("starts_at"),
    _instant("ends_at"),
    _instant("created_at"),
    _belongs("calendar_id", "calendars"),
    CheckConstraint("starts_at < ends_at", name="not_empty"),
    Index(None, "organization_id", "calendar_id", "ends_at"),
)

time_off = Table(
    "time_off",
    metadata,
    _organization(),
    _id(),
    _text("person_id"),
    _instant("starts_at"),
    _instant("ends_at"),
    _instant("created_at"),
    _belongs("person_id", "people"),
    CheckConstraint("starts_at < ends_at", name="not_empty"),
    Index(None, "organization_id", "person_id", "ends_at"),
)

event_types = Table(
    "event_types",
    metadata,
    _organization(),
    _id(),
    _text("calendar_id"),
    _text("host_id"),
    _text("code"),
    _text("title"),
    _whole("duration"),
    _whole("step"),
    _whole("buffer_before"),
    _whole("buffer_after"),
    _whole("minimum_notice"),
    _whole("horizon"),
    _whole("cap_per_day", null=True),
    _whole("cap_per_week", null=True),
    _whole("capacity"),
    _text("listing"),
    _text("place", null=True),
    _text("video", null=True),
    _text("description", null=True),
    _flag("approval"),
    _text("questions"),
    _whole("cut_off"),
    _flag("reason_required"),
    _text("reminders", null=True),
    _whole("position"),
    _whole("version"),
    _belongs("calendar_id", "calendars"),
    _belongs("host_id", "people"),
    CheckConstraint("duration > 0 AND step > 0 AND capacity > 0", name="sizes"),
    UniqueConstraint("organization_id", "code"),
    Index(None, "organization_id", "host_id"),
)

bookings = Table(
    "bookings",
    metadata,
    _organization(),
    _id(),
    _text("event_type_id"),
    _text("calendar_id"),
    _text("host_id"),
    _instant("starts_at"),
    _instant("ends_at"),
    _text("host_wall"),
    _text("host_zone"),
    _text("zone_data"),
    _text("status"),
    _text("title"),
    _text("place", null=True),
    _text("video", null=True),
    _whole("capacity"),
    _text("uid"),
    _text("request_id"),
    _instant("created_at"),
    _whole("sequence"),
    _whole("plan_revision"),
    _whole("version"),
    _instant("expires_at", null=True),
    _text("cancelled_by", null=True),
    _text("reason", null=True),
    _instant("undo_until", null=True),
    _instant("moved_from_start", null=True),
    _instant("moved_from_end", null=True),
    _flag("files_sent"),
    _belongs("event_type_id", "event_types"),
    _belongs("host_id", "people"),
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
    _organization(),
    _id(),
    _text("booking_id"),
    _text("person_id"),
    _text("status"),
    _text("answers"),
    _flag("coming"),
    _whole("late_by", null=True),
    _instant("expires_at", null=True),
    _flag("cleared"),
    _whole("position"),
    _belongs("booking_id", "bookings"),
    _belongs("person_id", "people"),
    Index(None, "organization_id", "booking_id"),
    Index(None, "organization_id", "person_id", "status"),
    Index(
        "ix_attendances_held",
        "organization_id",
        "expires_at",
        sqlite_where=text("status = 'held'"),
        postgresql_where=text("status = 'held'"),
    ),
)

occupied_spans = Table(
    "occupied_spans",
    metadata,
    _organization(),
    Column("booking_id", Text, primary_key=True),
    Column("host_id", Text, primary_key=True),
    _instant("starts_at"),
    _instant("ends_at"),
    _instant("expires_at", null=True),
    _belongs("booking_id", "bookings"),
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

requests = Table(
    "requests",
    metadata,
    _organization(),
    Column("request_id", Text, primary_key=True),
    _text("subject"),
    _instant("made_at"),
)

undos = Table(
    "undos",
    metadata,
    _organization(),
    _id(),
    _text("person_id"),
    _text("payload"),
    _instant("until"),
)

audit = Table(
    "audit",
    metadata,
    _organization(),
    _id(),
    _instant("happened_at"),
    _text("actor_id", null=True),
    _text("verb"),
    _text("subject"),
    _text("detail"),
    Index(None, "organization_id", "subject"),
)

outbox = Table(
    "outbox",
    metadata,
    _organization(),
    _id(),
    _text("kind"),
    _text("person_id"),
    _text("dedupe_key"),
    _text("booking_id", null=True),
    _whole("plan_revision", null=True),
    _text("card_platform", null=True),
    _text("card_tenant", null=True),
    _text("card_chat_id", null=True),
    _text("card_message_id", null=True),
    _text("payload"),
    _whole("urgency"),
    _instant("due_at"),
    _instant("useful_until", null=True),
    _text("state"),
    _whole("attempts"),
    _instant("next_attempt_at"),
    _instant("lease_until", null=True),
    _whole("token"),
    _flag("maybe_sent"),
    _text("reason", null=True),
    _text("sent_card", null=True),
    _instant("created_at", null=True),
    _instant("finished_at", null=True),
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
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _text("organization_id"),
    _text("platform"),
    _text("tenant"),
    _text("key"),
    _text("conversation"),
    _text("payload"),
    _text("state"),
    _whole("attempts"),
    _text("reason", null=True),
    _instant("received_at"),
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
    _organization(),
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("conversation", Text, primary_key=True),
    _whole("token"),
    _instant("lease_until"),
)

leases = Table(
    "leases",
    metadata,
    _organization(),
    Column("name", Text, primary_key=True),
    _text("holder"),
    _whole("fence"),
    _instant("lease_until"),
)

memory = Table(
    "memory", metadata, _organization(), Column("key", Text, primary_key=True), _text("value")
)

chat_pauses = Table(
    "chat_pauses",
    metadata,
    _organization(),
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("chat_id", Text, primary_key=True),
    _instant("until"),
)
"""Chats a platform told us to leave alone for a while; outlives a restart."""

drafts = Table(
    "drafts",
    metadata,
    _organization(),
    _id(),
    _text("person_id"),
    _text("platform"),
    _text("tenant"),
    _text("chat_id"),
    _text("flow"),
    _text("data"),
    _text("awaits"),
    _whole("revision"),
    _text("message_id", null=True),
    _instant("awaits_since", null=True),
    _instant("updated_at"),
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
    _organization(),
    Column("booking_id", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    _text("platform"),
    _text("tenant"),
    _text("chat_id"),
    _text("message_id"),
    _whole("sequence"),
    _belongs("booking_id", "bookings"),
)

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
