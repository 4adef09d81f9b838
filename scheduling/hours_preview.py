"""What a line would make of somebody's hours, before anything is saved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduling.availability import stretches
from scheduling.daybook import day_book, windows_of
from scheduling.errors import UnknownZone
from scheduling.grammar.hours_line import HoursLine
from scheduling.hours import Schedule
from scheduling.hours_lines import (
    Ranges,
    expiry_with,
    schedule_with,
    sessions_a_week,
    week_changes,
    week_minutes,
)
from scheduling.ids import CalendarId, EventTypeId, ScheduleId, StartCode
from scheduling.model import BookingDetails, BookingStatus, EventType
from scheduling.moments import Interval, from_seconds, seconds, zone
from scheduling.people import Actor
from scheduling.ports import DayBookRows, HoursOverview, Queries
from scheduling.rules import list_slots

_AHEAD = timedelta(days=400)
_LOOK = timedelta(days=70)
_STANDING = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})


@dataclass(frozen=True, slots=True)
class HoursPreview:
    """What saving a line would make of somebody's hours."""

    schedule: Schedule
    """As it would be."""
    changed: tuple[tuple[int, Ranges, Ranges], ...]
    """Weekday, hours now, hours then; only days that differ."""
    outside: tuple[BookingDetails, ...]
    """Coming bookings that would no longer lie within the hours; they stay all the same."""
    week_minutes: int
    sessions_a_week: int | None
    """How many sessions of the length fit into a week; None without a length."""
    first_free: datetime | None
    """The first start people could book; None within 70 days, or without a length."""


async def preview(
    queries: Queries, actor: Actor, line: HoursLine, duration: timedelta | None, now: datetime
) -> HoursPreview:
    """Work out the preview; see HoursService.preview."""
    zone_name = await _zone_of(queries, actor)
    known = await queries.hours(actor.organization_id, actor.person_id, now)
    blank = Schedule(ScheduleId(""), actor.person_id, "", zone_name, {}, {}, version=0)
    before = known.schedule if known else blank
    after = schedule_with(before, line, zone_name, now.astimezone(zone(zone_name)).date())
    expires_on = expiry_with(line, known.expires_on if known else None)
    types = await queries.event_types_of(actor.organization_id, actor.person_id)
    kind = _kind(actor, types, duration)
    sessions = sessions_a_week(after.weekly, kind.duration, kind.step) if kind else None
    return HoursPreview(
        schedule=after,
        changed=week_changes(before.weekly, after.weekly),
        outside=await _outside(queries, actor, after, expires_on, known, now),
        week_minutes=week_minutes(after.weekly),
        sessions_a_week=sessions,
        first_free=await _first_free(queries, actor, after, expires_on, kind, now),
    )


async def hit_by(queries: Queries, actor: Actor, time: Interval) -> list[BookingDetails]:
    """Return the actor's bookings and requests that share an instant with the time."""
    hosted = await queries.hosted(actor.organization_id, actor.person_id, time)
    return [
        details
        for details in hosted
        if details.booking.status in _STANDING and details.booking.time.overlaps(time)
    ]


async def _zone_of(queries: Queries, actor: Actor) -> str:
    person = await queries.person(actor.organization_id, actor.person_id)
    if person.zone is None:
        raise UnknownZone("")
    return person.zone


async def _outside(
    queries: Queries,
    actor: Actor,
    schedule: Schedule,
    expires_on: date | None,
    known: HoursOverview | None,
    now: datetime,
) -> tuple[BookingDetails, ...]:
    if known is None:
        return ()
    span = Interval(now, now + _AHEAD)
    windows = windows_of(schedule, expires_on, (seconds(span.start), seconds(span.end)))
    openings = [(seconds(o.time.start), seconds(o.time.end)) for o in known.openings]
    free = stretches([*((start, end) for start, end, _ in windows), *openings])
    return tuple(
        details
        for details in await hit_by(queries, actor, span)
        if not any(
            start <= seconds(details.booking.time.start)
            and seconds(details.booking.time.end) <= reach
            for start, _, reach in free
        )
    )


async def _first_free(
    queries: Queries,
    actor: Actor,
    schedule: Schedule,
    expires_on: date | None,
    kind: EventType | None,
    now: datetime,
) -> datetime | None:
    if kind is None:
        return None
    span = Interval(now, now + _LOOK)
    rows = _no_rows(kind, schedule.zone)
    if kind.id:
        (rows,) = await queries.daybook_rows(
            actor.organization_id, [kind.id], span, asker_id=None, now=now
        )
    windows = windows_of(schedule, expires_on, (seconds(span.start), seconds(span.end)))
    book = day_book(replace(rows, event_type=kind), [windows], span, now=now, limit=None)
    free = list_slots(book)
    return from_seconds(free[0]) if free else None


def _kind(actor: Actor, types: Sequence[EventType], duration: timedelta | None) -> EventType | None:
    """Return the type that sessions in a preview are of; a nameless one before there is any."""
    if types:
        first = types[0]
        return first if duration is None else replace(first, duration=duration, step=duration)
    if duration is None:
        return None
    return EventType(
        organization_id=actor.organization_id,
        id=EventTypeId(""),
        calendar_id=CalendarId(""),
        host_id=actor.person_id,
        code=StartCode(""),
        title="",
        duration=duration,
        step=duration,
    )


def _no_rows(kind: EventType, zone_name: str) -> DayBookRows:
    return DayBookRows(
        event_type=kind,
        host_zone=zone_name,
        host_cap_per_day=None,
        host_cap_per_week=None,
        heads=(),
        openings=(),
        time_off=(),
        busy=(),
        groups=(),
        starts=(),
        asker_id=None,
        asker_is_host=False,
        asker_coming=0,
    )
