"""Time inside slotbook: aware UTC datetimes, half-open intervals, zones from one source."""

import importlib.metadata
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduling.errors import UnknownZone

# One copy of the zone data, the tzdata package: the system's copy may disagree with it by an
# hour for future dates (measured: Vancouver 2027), and a booking must not depend on the host.
zoneinfo.reset_tzpath(to=())

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1)
def zone_data_version() -> str:
    """Return the version of the zone data every conversion uses, such as "2026.6"."""
    return importlib.metadata.version("tzdata")


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every IANA zone name known here."""
    return frozenset(zoneinfo.available_timezones())


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone of that name.

    Raises:
        UnknownZone: there is no such zone in the data.
    """
    if name not in zone_names():
        raise UnknownZone(name)
    return ZoneInfo(name)


def utc(moment: datetime) -> datetime:
    """Return the same instant in UTC; a naive moment is a ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC)


def seconds(moment: datetime) -> int:
    """Return whole seconds since the epoch, rounded down."""
    return (moment - EPOCH) // timedelta(seconds=1)


def from_seconds(value: int) -> datetime:
    """Return the UTC moment that many seconds after the epoch."""
    return EPOCH + timedelta(seconds=value)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open stretch of time [start, end), both aware and in UTC, never empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for moment in (self.start, self.end):
            if moment.tzinfo is not UTC:
                raise ValueError("an interval is written in UTC")
        if self.start >= self.end:
            raise ValueError("an interval ends after it starts")

    @property
    def length(self) -> timedelta:
        """Return end minus start."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Say whether the two share an instant; touching ends do not."""
        return self.start < other.end and other.start < self.end


def local_day(day: date, zone_name: str) -> Interval:
    """Return the local calendar day as an interval; 23, 24 or 25 hours, or a zone's oddity."""
    tz = zone(zone_name)
    start = datetime(day.year, day.month, day.day, tzinfo=tz)
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=tz)
    return Interval(start.astimezone(UTC), end.astimezone(UTC))
