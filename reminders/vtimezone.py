"""VTIMEZONE components: what a zone's clock does over the years of an event.

icalendar's own generator writes the onset of a change by the clock after it, RFC 5545 wants the
clock before it: its summer time would begin an hour late, and a lesson on that morning be shown
at the wrong hour.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from scheduling.moments import zone

# No zone has changed its clock twice within so short a time.
_STRIDE = timedelta(days=7)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=256)
def vtimezone(zone_name: str, first_year: int, last_year: int) -> Timezone:
    """Return the zone's rules for these local years, both included; not to be changed.

    Raises:
        UnknownZone: there is no such zone.
    """
    tz = zone(zone_name)
    begin = datetime(first_year, 1, 1, tzinfo=tz).astimezone(UTC)
    end = datetime(last_year + 1, 1, 1, tzinfo=tz).astimezone(UTC)
    component = Timezone()
    component.add("tzid", zone_name)
    component.add_component(_observance(begin, begin, tz))
    for change in _changes(tz, begin, end):
        component.add_component(_observance(change - _SECOND, change, tz))
    return component


def _observance(
    before: datetime, onset: datetime, tz: ZoneInfo
) -> TimezoneStandard | TimezoneDaylight:
    offset_from = before.astimezone(tz).utcoffset() or timedelta()
    local = onset.astimezone(tz)
    observance = TimezoneDaylight() if local.dst() else TimezoneStandard()
    observance.add("dtstart", (onset + offset_from).replace(tzinfo=None))
    observance.add("tzoffsetfrom", offset_from)
    observance.add("tzoffsetto", local.utcoffset() or timedelta())
    observance.add("tzname", local.tzname() or tz.key)
    return observance


def _changes(tz: ZoneInfo, begin: datetime, end: datetime) -> list[datetime]:
    """Return the instants at which the zone's clock, or its name, changes."""
    found = []
    left = begin
    while left < end:
        right = min(left + _STRIDE, end)
        if _rule(tz, left) != _rule(tz, right):
            change = _bisect(tz, left, right)
            if change < end:
                found.append(change)
        left = right
    return found


def _bisect(tz: ZoneInfo, left: datetime, right: datetime) -> datetime:
    before = _rule(tz, left)
    while right - left > _SECOND:
        middle = left + (right - left) // 2
        middle = middle.replace(microsecond=0)
        if _rule(tz, middle) == before:
            left = middle
        else:
            right = middle
    return right


def _rule(tz: ZoneInfo, moment: datetime) -> tuple[timedelta | None, str | None, bool]:
    local = moment.astimezone(tz)
    return local.utcoffset(), local.tzname(), bool(local.dst())
