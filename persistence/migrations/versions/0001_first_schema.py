"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What stands here is history: it must make the same tables for ever, whatever tables.py says.
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
_SQLITE_FENCE = (
    f"CREATE TRIGGER occupied_spans_overlap_insert BEFORE INSERT ON occupied_spans "
    f"BEGIN {_CLASH} END",
    f"CREATE TRIGGER occupied_spans_overlap_update BEFORE UPDATE OF host_id, starts_at, ends_at "
    f"ON occupied_spans BEGIN {_CLASH} END",
)
_POSTGRESQL_FENCE = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE occupied_spans ADD CONSTRAINT occupied_spans_overlap EXCLUDE USING gist "
    "(organization_id WITH =, host_id WITH =, int8range(starts_at, ends_at) WITH &&)",
)


def upgrade() -> None:
    """Make every table, the rule against overlaps, and the default organization."""
    _make_tables()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_FENCE if is_sqlite else _POSTGRESQL_FENCE:
        op.get_bind().exec_driver_sql(statement)
    op.execute("INSERT INTO organizations (id, name, created_at) VALUES ('default', 'slotbook', 0)")


def _make_tables() -> None:
    op.create_table(
        "audit",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_audit")),
    )
    op.create_index(
        op.f("ix_audit_organization_id_subject"),
        "audit",
        ["organization_id", "subject"],
        unique=False,
    )
    op.create_table(
        "chat_pauses",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "platform", "tenant", "chat_id", name=op.f("pk_chat_pauses")
        ),
    )
    op.create_table(
        "conversation_leases",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id",
            "platform",
            "tenant",
            "conversation",
            name=op.f("pk_conversation_leases"),
        ),
    )
    op.create_table(
        "drafts",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("awaits", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("awaits_since", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_drafts")),
    )
    op.create_index(
        "ix_drafts_awaiting",
        "drafts",
        ["organization_id", "platform", "tenant", "chat_id", "awaits_since"],
        unique=False,
        sqlite_where=sa.text("awaits_since IS NOT NULL"),
        postgresql_where=sa.text("awaits_since IS NOT NULL"),
    )
    op.create_index(op.f("ix_drafts_updated_at"), "drafts", ["updated_at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint(
            "organization_id",
            "platform",
            "tenant",
            "key",
            name=op.f("uq_inbox_organization_id_platform_tenant_key"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_inbox_conversation",
        "inbox",
        ["organization_id", "platform", "tenant", "conversation", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(op.f("ix_inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["organization_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "invites",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "code_hash", name=op.f("pk_invites")),
    )
    op.create_table(
        "leases",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_leases")),
    )
    op.create_table(
        "memory",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "key", name=op.f("pk_memory")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_table(
        "outbox",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("booking_id", sa.Text(), nullable=True),
        sa.Column("plan_revision", sa.Integer(), nullable=True),
        sa.Column("card_platform", sa.Text(), nullable=True),
        sa.Column("card_tenant", sa.Text(), nullable=True),
        sa.Column("card_chat_id", sa.Text(), nullable=True),
        sa.Column("card_message_id", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("useful_until", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("maybe_sent", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sent_card", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "organization_id", "dedupe_key", name=op.f("uq_outbox_organization_id_dedupe_key")
        ),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["urgency", "next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        op.f("ix_outbox_organization_id_booking_id"),
        "outbox",
        ["organization_id", "booking_id"],
        unique=False,
    )
    op.create_table(
        "people",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("quiet_start", sa.Integer(), nullable=True),
        sa.Column("quiet_end", sa.Integer(), nullable=True),
        sa.Column("reminders", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("cap_per_day", sa.Integer(), nullable=True),
        sa.Column("cap_per_week", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_people")),
    )
    op.create_table(
        "requests",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "request_id", name=op.f("pk_requests")),
    )
    op.create_table(
        "undos",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_undos")),
    )
    op.create_table(
        "calendars",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "owner_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_calendars_organization_id_owner_id_people"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_calendars")),
    )
    op.create_index(
        op.f("ix_calendars_organization_id_owner_id"),
        "calendars",
        ["organization_id", "owner_id"],
        unique=False,
    )
    op.create_table(
        "chat_accounts",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=True),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_chat_accounts_organization_id_person_id_people"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "platform", "tenant", "account_id", name=op.f("pk_chat_accounts")
        ),
    )
    op.create_index(
        op.f("ix_chat_accounts_organization_id_person_id"),
        "chat_accounts",
        ["organization_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_chat_accounts_platform_tenant_account_id"),
        "chat_accounts",
        ["platform", "tenant", "account_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_chat_accounts_platform_tenant_chat_id"),
        "chat_accounts",
        ["platform", "tenant", "chat_id"],
        unique=False,
    )
    op.create_table(
        "feed_tokens",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_feed_tokens_organization_id_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_feed_tokens")),
    )
    op.create_index(op.f("ix_feed_tokens_token_hash"), "feed_tokens", ["token_hash"], unique=True)
    op.create_table(
        "person_roles",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_person_roles_organization_id_person_id_people"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "person_id", "role", name=op.f("pk_person_roles")
        ),
    )
    op.create_table(
        "schedules",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekly", sa.Text(), nullable=False),
        sa.Column("dated", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "owner_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_schedules_organization_id_owner_id_people"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_schedules")),
    )
    op.create_index(
        op.f("ix_schedules_organization_id_owner_id"),
        "schedules",
        ["organization_id", "owner_id"],
        unique=False,
    )
    op.create_table(
        "time_off",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_time_off_not_empty")),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_time_off_organization_id_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_time_off")),
    )
    op.create_index(
        op.f("ix_time_off_organization_id_person_id_ends_at"),
        "time_off",
        ["organization_id", "person_id", "ends_at"],
        unique=False,
    )
    op.create_table(
        "calendar_schedules",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("calendar_id", sa.Text(), nullable=False),
        sa.Column("schedule_id", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "calendar_id"],
            ["calendars.organization_id", "calendars.id"],
            name=op.f("fk_calendar_schedules_organization_id_calendar_id_calendars"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "schedule_id"],
            ["schedules.organization_id", "schedules.id"],
            name=op.f("fk_calendar_schedules_organization_id_schedule_id_schedules"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "calendar_id", "schedule_id", name=op.f("pk_calendar_schedules")
        ),
    )
    op.create_table(
        "event_types",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("calendar_id", sa.Text(), nullable=False),
        sa.Column("host_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("buffer_before", sa.Integer(), nullable=False),
        sa.Column("buffer_after", sa.Integer(), nullable=False),
        sa.Column("minimum_notice", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("cap_per_day", sa.Integer(), nullable=True),
        sa.Column("cap_per_week", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("video", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("approval", sa.Boolean(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("cut_off", sa.Integer(), nullable=False),
        sa.Column("reason_required", sa.Boolean(), nullable=False),
        sa.Column("reminders", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "duration > 0 AND step > 0 AND capacity > 0", name=op.f("ck_event_types_sizes")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "calendar_id"],
            ["calendars.organization_id", "calendars.id"],
            name=op.f("fk_event_types_organization_id_calendar_id_calendars"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "host_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_event_types_organization_id_host_id_people"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_event_types")),
        sa.UniqueConstraint(
            "organization_id", "code", name=op.f("uq_event_types_organization_id_code")
        ),
    )
    op.create_index(
        op.f("ix_event_types_organization_id_host_id"),
        "event_types",
        ["organization_id", "host_id"],
        unique=False,
    )
    op.create_table(
        "openings",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("calendar_id", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_openings_not_empty")),
        sa.ForeignKeyConstraint(
            ["organization_id", "calendar_id"],
            ["calendars.organization_id", "calendars.id"],
            name=op.f("fk_openings_organization_id_calendar_id_calendars"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_openings")),
    )
    op.create_index(
        op.f("ix_openings_organization_id_calendar_id_ends_at"),
        "openings",
        ["organization_id", "calendar_id", "ends_at"],
        unique=False,
    )
    op.create_table(
        "bookings",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event_type_id", sa.Text(), nullable=False),
        sa.Column("calendar_id", sa.Text(), nullable=False),
        sa.Column("host_id", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("host_wall", sa.Text(), nullable=False),
        sa.Column("host_zone", sa.Text(), nullable=False),
        sa.Column("zone_data", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("video", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("plan_revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("undo_until", sa.BigInteger(), nullable=True),
        sa.Column("moved_from_start", sa.BigInteger(), nullable=True),
        sa.Column("moved_from_end", sa.BigInteger(), nullable=True),
        sa.Column("files_sent", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_bookings_not_empty")),
        sa.ForeignKeyConstraint(
            ["organization_id", "event_type_id"],
            ["event_types.organization_id", "event_types.id"],
            name=op.f("fk_bookings_organization_id_event_type_id_event_types"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "host_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_bookings_organization_id_host_id_people"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("organization_id", "uid", name=op.f("uq_bookings_organization_id_uid")),
    )
    op.create_index(
        "ix_bookings_ending",
        "bookings",
        ["organization_id", "ends_at"],
        unique=False,
        sqlite_where=sa.text("status = 'confirmed'"),
        postgresql_where=sa.text("status = 'confirmed'"),
    )
    op.create_index(
        "ix_bookings_expiring",
        "bookings",
        ["organization_id", "expires_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('held', 'pending')"),
        postgresql_where=sa.text("status IN ('held', 'pending')"),
    )
    op.create_index(
        op.f("ix_bookings_organization_id_event_type_id_starts_at"),
        "bookings",
        ["organization_id", "event_type_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_bookings_organization_id_host_id_starts_at"),
        "bookings",
        ["organization_id", "host_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_bookings_organization_id_starts_at"),
        "bookings",
        ["organization_id", "starts_at"],
        unique=False,
    )
    op.create_table(
        "attendances",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("booking_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("coming", sa.Boolean(), nullable=False),
        sa.Column("late_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "booking_id"],
            ["bookings.organization_id", "bookings.id"],
            name=op.f("fk_attendances_organization_id_booking_id_bookings"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_attendances_organization_id_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_attendances")),
    )
    op.create_index(
        "ix_attendances_held",
        "attendances",
        ["organization_id", "expires_at"],
        unique=False,
        sqlite_where=sa.text("status = 'held'"),
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_index(
        op.f("ix_attendances_organization_id_booking_id"),
        "attendances",
        ["organization_id", "booking_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_attendances_organization_id_person_id_status"),
        "attendances",
        ["organization_id", "person_id", "status"],
        unique=False,
    )
    op.create_table(
        "occupied_spans",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("booking_id", sa.Text(), nullable=False),
        sa.Column("host_id", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "ends_at - starts_at <= 2678400000000", name=op.f("ck_occupied_spans_not_endless")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_occupied_spans_not_empty")),
        sa.ForeignKeyConstraint(
            ["organization_id", "booking_id"],
            ["bookings.organization_id", "bookings.id"],
            name=op.f("fk_occupied_spans_organization_id_booking_id_bookings"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "booking_id", "host_id", name=op.f("pk_occupied_spans")
        ),
    )
    op.create_index(
        "ix_occupied_spans_expiring",
        "occupied_spans",
        ["organization_id", "expires_at"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_occupied_spans_organization_id_host_id_ends_at_starts_at"),
        "occupied_spans",
        ["organization_id", "host_id", "ends_at", "starts_at"],
        unique=False,
    )
    op.create_table(
        "sent_files",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("booking_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "booking_id"],
            ["bookings.organization_id", "bookings.id"],
            name=op.f("fk_sent_files_organization_id_booking_id_bookings"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "booking_id", "person_id", name=op.f("pk_sent_files")
        ),
    )
