"""What platforms tell of accounts, and workspaces that installed the app."""

from sqlalchemy import Column, Index, Table, Text

from persistence.tables.base import flag, instant, metadata, organization_key, words

profiles = Table(
    "profiles",
    metadata,
    organization_key(),
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    words("name"),
    words("zone", null=True),
    words("locale", null=True),
    words("standing"),
    flag("is_workspace_admin"),
    words("email", null=True),
    instant("fetched_at"),
)

guest_channels = Table(
    "guest_channels",
    metadata,
    organization_key(),
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("chat_id", Text, primary_key=True),
    instant("opened_at"),
)
"""A row stands here as long as guests may enter."""

installations = Table(
    "installations",
    metadata,
    organization_key(),
    Column("workspace", Text, primary_key=True),
    words("team_id"),
    words("enterprise_id", null=True),
    words("team_name"),
    words("sealed_token"),
    words("bot_user_id"),
    words("bot_id"),
    words("app_id"),
    words("scopes"),
    words("installed_by"),
    instant("installed_at"),
    Index(None, "workspace", unique=True),
)
"""``workspace`` is the team, or the enterprise where the whole of it installed the app."""

oauth_states = Table(
    "oauth_states",
    metadata,
    organization_key(),
    Column("state_hash", Text, primary_key=True),
    words("cookie_hash"),
    instant("expires_at"),
    Index(None, "expires_at"),
)
