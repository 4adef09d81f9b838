"""Organizations, people, their accounts, and the codes that let them in."""

from sqlalchemy import Column, Index, Table, Text

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

organizations = Table("organizations", metadata, id_key(), words("name"), instant("created_at"))

people = Table(
    "people",
    metadata,
    organization_key(),
    id_key(),
    words("name"),
    words("zone", null=True),
    words("locale"),
    words("phone", null=True),
    words("email", null=True),
    whole("quiet_start", null=True),
    whole("quiet_end", null=True),
    words("reminders", null=True),
    words("about", null=True),
    whole("cap_per_day", null=True),
    whole("cap_per_week", null=True),
    whole("version"),
)

person_roles = Table(
    "person_roles",
    metadata,
    organization_key(),
    Column("person_id", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    belongs("person_id", "people"),
)

chat_accounts = Table(
    "chat_accounts",
    metadata,
    organization_key(),
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    words("person_id"),
    words("chat_id", null=True),
    words("username", null=True),
    words("language", null=True),
    flag("reachable"),
    instant("last_seen"),
    words("name", null=True),
    words("zone", null=True),
    belongs("person_id", "people"),
    Index(None, "organization_id", "person_id"),
    Index(None, "platform", "tenant", "account_id"),
    Index(None, "platform", "tenant", "chat_id"),
)

invites = Table(
    "invites",
    metadata,
    organization_key(),
    Column("code_hash", Text, primary_key=True),
    instant("expires_at"),
    words("used_by", null=True),
)

feed_tokens = Table(
    "feed_tokens",
    metadata,
    organization_key(),
    Column("person_id", Text, primary_key=True),
    words("token_hash"),
    instant("created_at"),
    belongs("person_id", "people"),
    Index(None, "token_hash", unique=True),
)

connect_codes = Table(
    "connect_codes",
    metadata,
    organization_key(),
    Column("code_hash", Text, primary_key=True),
    words("person_id"),
    instant("expires_at"),
    belongs("person_id", "people"),
    Index(None, "organization_id", "person_id"),
)
