"""Group sessions, cards that stay right, connected chats, and Slack workspaces."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changed_topics",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "topic", name=op.f("pk_changed_topics")),
    )
    op.create_index(
        op.f("ix_changed_topics_changed_at"), "changed_topics", ["changed_at"], unique=False
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "guest_channels",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "platform", "tenant", "chat_id", name=op.f("pk_guest_channels")
        ),
    )
    op.create_table(
        "installations",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text(), nullable=True),
        sa.Column("team_name", sa.Text(), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("bot_user_id", sa.Text(), nullable=False),
        sa.Column("bot_id", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("installed_by", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "workspace", name=op.f("pk_installations")),
    )
    op.create_index(op.f("ix_installations_workspace"), "installations", ["workspace"], unique=True)
    op.create_table(
        "live_cards",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("again_at", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_live_cards")),
        sa.UniqueConstraint(
            "platform",
            "tenant",
            "chat_id",
            "message_id",
            "organization_id",
            name=op.f("uq_live_cards_message"),
        ),
    )
    op.create_index(op.f("ix_live_cards_opened_at"), "live_cards", ["opened_at"], unique=False)
    op.create_index(
        "ix_live_cards_stale",
        "live_cards",
        ["platform", "opened_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "oauth_states",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("cookie_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "state_hash", name=op.f("pk_oauth_states")),
    )
    op.create_index(
        op.f("ix_oauth_states_expires_at"), "oauth_states", ["expires_at"], unique=False
    )
    op.create_table(
        "profiles",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("is_workspace_admin", sa.Boolean(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "platform", "tenant", "account_id", name=op.f("pk_profiles")
        ),
    )
    op.create_table(
        "connect_codes",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_connect_codes_organization_id_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "code_hash", name=op.f("pk_connect_codes")),
    )
    op.create_index(
        op.f("ix_connect_codes_organization_id_person_id"),
        "connect_codes",
        ["organization_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "live_card_topics",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "card_id"],
            ["live_cards.organization_id", "live_cards.id"],
            name=op.f("fk_live_card_topics_organization_id_card_id_live_cards"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "card_id", "topic", name=op.f("pk_live_card_topics")
        ),
    )
    op.create_index(
        op.f("ix_live_card_topics_organization_id_topic"),
        "live_card_topics",
        ["organization_id", "topic"],
        unique=False,
    )
    op.create_table(
        "sessions",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organizer_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("group_platform", sa.Text(), nullable=False),
        sa.Column("group_tenant", sa.Text(), nullable=False),
        sa.Column("group_chat_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("decide_by", sa.BigInteger(), nullable=True),
        sa.Column("event_type_id", sa.Text(), nullable=True),
        sa.Column("booking_id", sa.Text(), nullable=True),
        sa.Column("card_platform", sa.Text(), nullable=True),
        sa.Column("card_tenant", sa.Text(), nullable=True),
        sa.Column("card_chat_id", sa.Text(), nullable=True),
        sa.Column("card_message_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("undo_until", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("duration > 0 AND capacity > 0", name=op.f("ck_sessions_sizes")),
        sa.ForeignKeyConstraint(
            ["organization_id", "booking_id"],
            ["bookings.organization_id", "bookings.id"],
            name=op.f("fk_sessions_organization_id_booking_id_bookings"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "event_type_id"],
            ["event_types.organization_id", "event_types.id"],
            name=op.f("fk_sessions_organization_id_event_type_id_event_types"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "organizer_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_sessions_organization_id_organizer_id_people"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_sessions")),
        sa.UniqueConstraint(
            "organization_id", "booking_id", name=op.f("uq_sessions_organization_id_booking_id")
        ),
    )
    op.create_index(
        "ix_sessions_due",
        "sessions",
        ["organization_id", "decide_by"],
        unique=False,
        sqlite_where=sa.text("status IN ('asking', 'on') AND decide_by IS NOT NULL"),
        postgresql_where=sa.text("status IN ('asking', 'on') AND decide_by IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_sessions_organization_id_event_type_id"),
        "sessions",
        ["organization_id", "event_type_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sessions_organization_id_organizer_id"),
        "sessions",
        ["organization_id", "organizer_id"],
        unique=False,
    )
    op.create_table(
        "session_members",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hours_known", sa.Boolean(), nullable=False),
        sa.Column("nudged_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_session_members_organization_id_person_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("fk_session_members_organization_id_session_id_sessions"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "session_id", "person_id", name=op.f("pk_session_members")
        ),
    )
    op.create_index(
        op.f("ix_session_members_organization_id_person_id"),
        "session_members",
        ["organization_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "session_options",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_session_options_not_empty")),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("fk_session_options_organization_id_session_id_sessions"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_session_options")),
    )
    op.create_index(
        op.f("ix_session_options_organization_id_session_id"),
        "session_options",
        ["organization_id", "session_id"],
        unique=False,
    )
    op.create_table(
        "session_votes",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("option_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "option_id"],
            ["session_options.organization_id", "session_options.id"],
            name=op.f("fk_session_votes_organization_id_option_id_session_options"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_session_votes_organization_id_person_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("fk_session_votes_organization_id_session_id_sessions"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "option_id", "person_id", name=op.f("pk_session_votes")
        ),
    )
    op.create_index(
        op.f("ix_session_votes_organization_id_person_id"),
        "session_votes",
        ["organization_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_votes_organization_id_session_id"),
        "session_votes",
        ["organization_id", "session_id"],
        unique=False,
    )
    op.create_index(
        "ix_attendances_offered",
        "attendances",
        ["organization_id", "expires_at"],
        unique=False,
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.add_column("chat_accounts", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("chat_accounts", sa.Column("zone", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("session_id", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("chat_platform", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("chat_tenant", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("chat_id", sa.Text(), nullable=True))
    op.create_index(
        "ix_outbox_session",
        "outbox",
        ["organization_id", "session_id"],
        unique=False,
        sqlite_where=sa.text("session_id IS NOT NULL"),
        postgresql_where=sa.text("session_id IS NOT NULL"),
    )
