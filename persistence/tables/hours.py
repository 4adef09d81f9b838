"""When hosts can be booked, and for what."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, UniqueConstraint

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

schedules = Table(
    "schedules",
    metadata,
    organization_key(),
    id_key(),
    words("owner_id"),
    words("name"),
    words("zone"),
    words("weekly"),
    words("dated"),
    whole("position"),
    whole("version"),
    belongs("owner_id", "people"),
    Index(None, "organization_id", "owner_id"),
)

calendars = Table(
    "calendars",
    metadata,
    organization_key(),
    id_key(),
    words("owner_id"),
    words("name"),
    whole("position"),
    belongs("owner_id", "people"),
    Index(None, "organization_id", "owner_id"),
)

calendar_schedules = Table(
    "calendar_schedules",
    metadata,
    organization_key(),
    Column("calendar_id", Text, primary_key=True),
    Column("schedule_id", Text, primary_key=True),
    words("expires_on", null=True),
    belongs("calendar_id", "calendars"),
    belongs("schedule_id", "schedules"),
)

openings = Table(
    "openings",
    metadata,
    organization_key(),
    id_key(),
    words("calendar_id"),
    instant("starts_at"),
    instant("ends_at"),
    instant("created_at"),
    belongs("calendar_id", "calendars"),
    CheckConstraint("starts_at < ends_at", name="not_empty"),
    Index(None, "organization_id", "calendar_id", "ends_at"),
)

time_off = Table(
    "time_off",
    metadata,
    organization_key(),
    id_key(),
    words("person_id"),
    instant("starts_at"),
    instant("ends_at"),
    instant("created_at"),
    belongs("person_id", "people"),
    CheckConstraint("starts_at < ends_at", name="not_empty"),
    Index(None, "organization_id", "person_id", "ends_at"),
)

event_types = Table(
    "event_types",
    metadata,
    organization_key(),
    id_key(),
    words("calendar_id"),
    words("host_id"),
    words("code"),
    words("title"),
    whole("duration"),
    whole("step"),
    whole("buffer_before"),
    whole("buffer_after"),
    whole("minimum_notice"),
    whole("horizon"),
    whole("cap_per_day", null=True),
    whole("cap_per_week", null=True),
    whole("capacity"),
    words("listing"),
    words("place", null=True),
    words("video", null=True),
    words("description", null=True),
    flag("approval"),
    words("questions"),
    whole("cut_off"),
    flag("reason_required"),
    words("reminders", null=True),
    whole("position"),
    whole("version"),
    belongs("calendar_id", "calendars"),
    belongs("host_id", "people"),
    CheckConstraint("duration > 0 AND step > 0 AND capacity > 0", name="sizes"),
    UniqueConstraint("organization_id", "code"),
    Index(None, "organization_id", "host_id"),
)
