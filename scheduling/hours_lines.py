"""What a typed hours line makes of a schedule."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from scheduling.grammar.hours_line import HoursLine, MinuteRange
from scheduling.hours import Schedule

Ranges = tuple[MinuteRange, ...]


def schedule_with(schedule: Schedule, line: HoursLine, zone_name: str, today: date) -> Schedule:
    """Return the schedule as the line wants it, one version on, in the zone it was typed in.

    A line with weekdays replaces the week: days it does not name are closed. Dates it names are
    set; other dates still to come stay as they are.
    """
    weekly = schedule.weekly
    if line.weekly:
        weekly = {day: ranges for day, ranges in line.weekly.items() if ranges}
    dated = {day: ranges for day, ranges in schedule.dated.items() if day >= today}
    return replace(
        schedule,
        zone=zone_name,
        weekly=weekly,
        dated=dated | dict(line.dated),
        version=schedule.version + 1,
    )


def expiry_with(line: HoursLine, known: date | None) -> date | None:
    """Return the last day of the hours: the line's, or the known one if it names only dates."""
    return line.until if line.weekly or line.until else known


def week_changes(
    before: Mapping[int, Ranges], after: Mapping[int, Ranges]
) -> tuple[tuple[int, Ranges, Ranges], ...]:
    """Return each weekday whose hours differ, with its hours before and after."""
    pairs = ((day, before.get(day, ()), after.get(day, ())) for day in range(7))
    return tuple((day, old, new) for day, old, new in pairs if old != new)


def week_minutes(weekly: Mapping[int, Ranges]) -> int:
    """Return how many minutes of a week are open."""
    return sum(r.end - r.start for ranges in weekly.values() for r in ranges)


def sessions_a_week(weekly: Mapping[int, Ranges], duration: timedelta, step: timedelta) -> int:
    """Return how many sessions one after another fit into a week."""
    length, apart = duration // timedelta(minutes=1), step // timedelta(minutes=1)
    distance = max(length, -(-length // apart) * apart)
    spans = (r.end - r.start for ranges in weekly.values() for r in ranges)
    return sum((span - length) // distance + 1 for span in spans if span >= length)
