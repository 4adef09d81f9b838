"""Moments as people write them."""

from datetime import UTC, datetime, timedelta

from scheduling.grammar.hours_line import MinuteRange
from scheduling.moments import Interval, zone


def at(text: str, zone_name: str = "UTC", *, fold: int = 0) -> datetime:
    """Return "2030-01-07 09:00" in a zone as the UTC instant; ``fold=1`` its second reading."""
    wall = datetime.fromisoformat(text).replace(tzinfo=zone(zone_name), fold=fold)
    return wall.astimezone(UTC)


def between(start: str, end: str, zone_name: str = "UTC") -> Interval:
    """Return the interval from one moment to another."""
    return Interval(at(start, zone_name), at(end, zone_name))


def hours(text: str) -> tuple[MinuteRange, ...]:
    """Return "9-12, 13:30-17, 22-26" as ranges of minutes of a day."""
    return tuple(_range(part.strip()) for part in text.split(",") if part.strip())


def minutes(count: float) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=count)


def _range(text: str) -> MinuteRange:
    start, end = (_minute(part) for part in text.split("-"))
    return MinuteRange(start, end)


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute or 0)
