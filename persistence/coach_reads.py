"""What coaches offer, and when they are open: reads within a snapshot of the caller."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence.details import people_by_id
from persistence.mapping import (
    AnyRow,
    calendar_of,
    event_type_of,
    opening_of,
    schedule_of,
    time_off_of,
)
from persistence.tables import (
    calendar_schedules,
    calendars,
    event_types,
    openings,
    people,
    person_roles,
    schedules,
    time_off,
)
from scheduling.ids import OrganizationId, PersonId
from scheduling.model import EventType, Listing
from scheduling.people import Role
from scheduling.ports import CoachEntry, HoursOverview

_MOST_COACHES = 500


async def coach_entries(
    connection: AsyncConnection, organization_id: OrganizationId, text: str
) -> list[CoachEntry]:
    """See Queries.coaches."""
    offered: defaultdict[PersonId, list[EventType]] = defaultdict(list)
    for row in await connection.execute(_listed(organization_id)):
        event_type = event_type_of(row)
        offered[event_type.host_id].append(event_type)
    found = await people_by_id(connection, organization_id, list(offered))
    # Compared here, not by LIKE: SQLite folds the case of ASCII letters only.
    wanted = text.casefold().strip()
    return [
        CoachEntry(found[host_id], tuple(types))
        for host_id, types in offered.items()
        if wanted in found[host_id].name.casefold()
        or any(wanted in event_type.title.casefold() for event_type in types)
    ]


def _listed(organization_id: OrganizationId) -> Select[Any]:
    """Select the listed event types of coaches, by the coaches' names."""
    return (
        select(event_types)
        .join(
            people,
            and_(
                people.c.organization_id == event_types.c.organization_id,
                people.c.id == event_types.c.host_id,
            ),
        )
        .join(
            person_roles,
            and_(
                person_roles.c.organization_id == people.c.organization_id,
                person_roles.c.person_id == people.c.id,
                person_roles.c.role == Role.COACH.value,
            ),
        )
        .where(
            event_types.c.organization_id == organization_id,
            event_types.c.listing == Listing.LISTED.value,
        )
        .order_by(func.lower(people.c.name), people.c.id, event_types.c.position)
        .limit(_MOST_COACHES)
    )


async def hours_overview(
    connection: AsyncConnection,
    organization_id: OrganizationId,
    owner_id: PersonId,
    now: datetime,
) -> HoursOverview | None:
    """See Queries.hours."""
    row = (await connection.execute(_first_schedule(organization_id, owner_id))).first()
    if row is None:
        return None
    calendar = await _one(connection, calendars, organization_id, row.calendar_id)
    schedule = await _one(connection, schedules, organization_id, row.schedule_id)
    opened = await _ahead(
        connection, openings, openings.c.calendar_id == row.calendar_id, organization_id, now
    )
    off = await _ahead(connection, time_off, time_off.c.person_id == owner_id, organization_id, now)
    return HoursOverview(
        calendar=calendar_of(calendar),
        schedule=schedule_of(schedule),
        expires_on=None if row.expires_on is None else date.fromisoformat(row.expires_on),
        openings=tuple(opening_of(opening) for opening in opened),
        time_off=tuple(time_off_of(part) for part in off),
    )


def _first_schedule(organization_id: OrganizationId, owner_id: PersonId) -> Select[Any]:
    return (
        select(
            calendars.c.id.label("calendar_id"),
            calendar_schedules.c.schedule_id,
            calendar_schedules.c.expires_on,
        )
        .join(
            calendar_schedules,
            and_(
                calendar_schedules.c.organization_id == calendars.c.organization_id,
                calendar_schedules.c.calendar_id == calendars.c.id,
            ),
        )
        .join(
            schedules,
            and_(
                schedules.c.organization_id == calendars.c.organization_id,
                schedules.c.id == calendar_schedules.c.schedule_id,
            ),
        )
        .where(calendars.c.organization_id == organization_id, calendars.c.owner_id == owner_id)
        .order_by(calendars.c.position, schedules.c.position)
        .limit(1)
    )


async def _one(
    connection: AsyncConnection, table: Any, organization_id: OrganizationId, row_id: str
) -> AnyRow:
    wanted = select(table).where(table.c.organization_id == organization_id, table.c.id == row_id)
    return (await connection.execute(wanted)).one()


async def _ahead(
    connection: AsyncConnection,
    table: Any,
    whose: ColumnElement[bool],
    organization_id: OrganizationId,
    now: datetime,
) -> Sequence[AnyRow]:
    """Return the rows that end after now, by start."""
    wanted = (
        select(table)
        .where(table.c.organization_id == organization_id, whose, table.c.ends_at > now)
        .order_by(table.c.starts_at)
    )
    return (await connection.execute(wanted)).all()
