"""Schedules, calendars, openings and time off, and event types, inside a transaction."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from persistence.mapping import (
    calendar_of,
    event_type_of,
    event_type_values,
    opening_of,
    schedule_of,
    schedule_values,
    time_off_of,
)
from persistence.prepared import Prepared
from persistence.tables import (
    calendar_schedules,
    calendars,
    event_types,
    openings,
    schedules,
    sessions,
)
from persistence.tables import time_off as time_off_table
from persistence.topics import SqlTopicRows
from scheduling.errors import NotFound
from scheduling.hours import Calendar, Opening, Schedule, TimeOff
from scheduling.ids import (
    CalendarId,
    EventTypeId,
    OpeningId,
    OrganizationId,
    PersonId,
    ScheduleId,
    TimeOffId,
)
from scheduling.model import EventType
from scheduling.moments import Interval
from scheduling.ports import about_host, about_person


def _next_position(
    connection: Connection, table: Table, organization_id: str, owner: Any, owner_id: str
) -> int:
    last = connection.execute(
        select(func.max(table.c.position)).where(
            table.c.organization_id == organization_id, owner == owner_id
        )
    ).scalar()
    return 0 if last is None else last + 1


class SqlHoursRows:
    """See scheduling.ports.HoursRows."""

    def __init__(
        self, connection: Connection, organization_id: OrganizationId, topics: SqlTopicRows
    ) -> None:
        self._connection, self._org, self._topics = connection, organization_id, topics

    def schedule(self, schedule_id: ScheduleId) -> Schedule:
        found = self.schedules([schedule_id])
        if not found:
            raise NotFound(schedule_id)
        return found[0]

    def schedules(self, ids: Iterable[ScheduleId]) -> list[Schedule]:
        rows = self._connection.execute(
            select(schedules)
            .where(schedules.c.organization_id == self._org, schedules.c.id.in_(list(ids)))
            .order_by(schedules.c.position)
        )
        return [schedule_of(row) for row in rows]

    def put_schedule(self, schedule: Schedule) -> None:
        changed = self._connection.execute(
            update(schedules)
            .where(schedules.c.organization_id == self._org, schedules.c.id == schedule.id)
            .values(schedule_values(schedule))
        )
        if changed.rowcount == 0:
            self._connection.execute(
                insert(schedules).values(
                    organization_id=self._org,
                    id=schedule.id,
                    position=self._position(schedules, schedule.owner_id),
                    **schedule_values(schedule),
                )
            )
        self._topics.touch(about_host(schedule.owner_id))

    def default_schedule(self, owner_id: PersonId) -> Schedule | None:
        row = self._first(schedules, owner_id)
        return None if row is None else schedule_of(row)

    def calendar(self, calendar_id: CalendarId) -> Calendar:
        row = self._connection.execute(
            select(calendars).where(
                calendars.c.organization_id == self._org, calendars.c.id == calendar_id
            )
        ).first()
        if row is None:
            raise NotFound(calendar_id)
        return calendar_of(row)

    def default_calendar(self, owner_id: PersonId) -> Calendar | None:
        row = self._first(calendars, owner_id)
        return None if row is None else calendar_of(row)

    def add_calendar(self, calendar: Calendar) -> None:
        self._connection.execute(
            insert(calendars).values(
                organization_id=self._org,
                id=calendar.id,
                owner_id=calendar.owner_id,
                name=calendar.name,
                position=self._position(calendars, calendar.owner_id),
            )
        )
        self._topics.touch(about_host(calendar.owner_id))

    def link(
        self, calendar_id: CalendarId, schedule_id: ScheduleId, expires_on: date | None
    ) -> None:
        until = None if expires_on is None else expires_on.isoformat()
        changed = self._connection.execute(
            update(calendar_schedules)
            .where(self._link(calendar_id, schedule_id))
            .values(expires_on=until)
        )
        if changed.rowcount == 0:
            self._connection.execute(
                insert(calendar_schedules).values(
                    organization_id=self._org,
                    calendar_id=calendar_id,
                    schedule_id=schedule_id,
                    expires_on=until,
                )
            )
        self._touch_calendar(calendar_id)

    def expiry(self, calendar_id: CalendarId, schedule_id: ScheduleId) -> date | None:
        until = self._connection.execute(
            select(calendar_schedules.c.expires_on).where(self._link(calendar_id, schedule_id))
        ).scalar()
        return None if until is None else date.fromisoformat(until)

    def add_opening(self, opening: Opening) -> None:
        self._connection.execute(
            insert(openings).values(
                organization_id=self._org,
                id=opening.id,
                calendar_id=opening.calendar_id,
                starts_at=opening.time.start,
                ends_at=opening.time.end,
                created_at=opening.created_at,
            )
        )
        self._touch_calendar(opening.calendar_id)

    def remove_opening(self, opening_id: OpeningId) -> bool:
        calendar_id = self._remove(openings, opening_id, openings.c.calendar_id)
        if calendar_id is not None:
            self._touch_calendar(CalendarId(calendar_id))
        return calendar_id is not None

    def add_time_off(self, time_off: TimeOff) -> None:
        self._connection.execute(
            insert(time_off_table).values(
                organization_id=self._org,
                id=time_off.id,
                person_id=time_off.person_id,
                starts_at=time_off.time.start,
                ends_at=time_off.time.end,
                created_at=time_off.created_at,
            )
        )
        self._topics.touch(about_host(time_off.person_id), about_person(time_off.person_id))

    def remove_time_off(self, time_off_id: TimeOffId) -> bool:
        person_id = self._remove(time_off_table, time_off_id, time_off_table.c.person_id)
        if person_id is not None:
            person = PersonId(person_id)
            self._topics.touch(about_host(person), about_person(person))
        return person_id is not None

    def openings(self, calendar_id: CalendarId, span: Interval) -> list[Opening]:
        rows = self._connection.execute(
            select(openings)
            .where(
                openings.c.organization_id == self._org,
                openings.c.calendar_id == calendar_id,
                openings.c.ends_at > span.start,
                openings.c.starts_at < span.end,
            )
            .order_by(openings.c.starts_at)
        )
        return [opening_of(row) for row in rows]

    def time_off(self, person_id: PersonId, span: Interval) -> list[TimeOff]:
        rows = self._connection.execute(
            select(time_off_table)
            .where(
                time_off_table.c.organization_id == self._org,
                time_off_table.c.person_id == person_id,
                time_off_table.c.ends_at > span.start,
                time_off_table.c.starts_at < span.end,
            )
            .order_by(time_off_table.c.starts_at)
        )
        return [time_off_of(row) for row in rows]

    def _link(self, calendar_id: CalendarId, schedule_id: ScheduleId) -> Any:
        return and_(
            calendar_schedules.c.organization_id == self._org,
            calendar_schedules.c.calendar_id == calendar_id,
            calendar_schedules.c.schedule_id == schedule_id,
        )

    def _first(self, table: Table, owner_id: PersonId) -> Any:
        return self._connection.execute(
            select(table)
            .where(table.c.organization_id == self._org, table.c.owner_id == owner_id)
            .order_by(table.c.position)
            .limit(1)
        ).first()

    def _position(self, table: Table, owner_id: PersonId) -> int:
        return _next_position(self._connection, table, self._org, table.c.owner_id, owner_id)

    def _remove(self, table: Table, row_id: str, owner: Any) -> str | None:
        """Delete the row and return whose it was; None when there was none."""
        gone: str | None = self._connection.execute(
            delete(table)
            .where(table.c.organization_id == self._org, table.c.id == row_id)
            .returning(owner)
        ).scalar()
        return gone

    def _touch_calendar(self, calendar_id: CalendarId) -> None:
        self._topics.touch(about_host(self.calendar(calendar_id).owner_id))


_EVENT_TYPE = Prepared(
    select(event_types).where(
        event_types.c.organization_id == bindparam("org"), event_types.c.id == bindparam("this")
    )
)


class SqlEventTypeRows:
    """See scheduling.ports.EventTypeRows."""

    def __init__(
        self, connection: Connection, organization_id: OrganizationId, topics: SqlTopicRows
    ) -> None:
        self._connection, self._org, self._topics = connection, organization_id, topics

    def get(self, event_type_id: EventTypeId) -> EventType:
        row = _EVENT_TYPE.first(self._connection, {"org": self._org, "this": event_type_id})
        if row is None:
            raise NotFound(event_type_id)
        return event_type_of(row)

    def of_host(self, host_id: PersonId) -> list[EventType]:
        rows = self._connection.execute(
            select(event_types)
            .where(
                event_types.c.organization_id == self._org,
                event_types.c.host_id == host_id,
                # Those of group sessions are nobody's to edit or share.
                ~exists().where(
                    sessions.c.organization_id == event_types.c.organization_id,
                    sessions.c.event_type_id == event_types.c.id,
                ),
            )
            .order_by(event_types.c.position)
        )
        return [event_type_of(row) for row in rows]

    def add(self, event_type: EventType) -> None:
        self._connection.execute(
            insert(event_types).values(
                organization_id=self._org,
                id=event_type.id,
                position=_next_position(
                    self._connection,
                    event_types,
                    self._org,
                    event_types.c.host_id,
                    event_type.host_id,
                ),
                version=event_type.version,
                **event_type_values(event_type),
            )
        )
        self._topics.touch(about_host(event_type.host_id))

    def update(self, event_type: EventType) -> None:
        self._connection.execute(
            update(event_types)
            .where(event_types.c.organization_id == self._org, event_types.c.id == event_type.id)
            .values(version=event_types.c.version + 1, **event_type_values(event_type))
        )
        self._topics.touch(about_host(event_type.host_id))
