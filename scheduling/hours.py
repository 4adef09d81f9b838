"""A host's hours: schedules, the calendars that use them, openings and time off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from scheduling.grammar.hours_line import MinuteRange
from scheduling.ids import CalendarId, OpeningId, PersonId, ScheduleId, TimeOffId
from scheduling.moments import Interval


@dataclass(frozen=True, slots=True)
class Schedule:
    """Weekly hours in one zone, with dated overrides; reusable by several calendars."""

    id: ScheduleId
    owner_id: PersonId
    name: str
    zone: str
    weekly: Mapping[int, tuple[MinuteRange, ...]]
    """0 = Monday .. 6; a day that is absent is closed."""
    dated: Mapping[date, tuple[MinuteRange, ...]] = field(default_factory=dict)
    """Hours that replace the weekly ones on one local date; an empty tuple closes it."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class ScheduleHead:
    """What tells whether cached windows of a schedule are still right."""

    id: ScheduleId
    version: int
    zone: str
    expires_on: date | None
    """Last local date on which the calendar uses it; None for no end."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holds a coach's bookings; uses schedules, each link with an optional last day."""

    id: CalendarId
    owner_id: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class Opening:
    """One-off bookable time added by hand."""

    id: OpeningId
    calendar_id: CalendarId
    time: Interval
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Time a person gives on no calendar; an opening added later wins over it."""

    id: TimeOffId
    person_id: PersonId
    time: Interval
    created_at: datetime
