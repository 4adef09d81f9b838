"""From what was said about time to the stretch of time that is meant, in one zone."""

from datetime import UTC, date, datetime, timedelta

from scheduling.errors import HoursRefused
from scheduling.grammar.when import When
from scheduling.moments import Interval, local_day
from wording.times import Reader

_DAY = 1440
_LONGEST_NIGHT = 12 * 60
_REACH_DAYS = 3 * 366
_PARTS = {"morning": (0, 12 * 60), "afternoon": (12 * 60, 18 * 60), "evening": (18 * 60, _DAY)}


def within_reach(day: date, today: date) -> bool:
    """Say whether a day is near enough to count with; forged and mistyped years are not."""
    return abs((day - today).days) <= _REACH_DAYS


def moment_of(day: date, minute: int, reader: Reader) -> datetime:
    """Return the instant at which the reader's wall shows that minute of the day.

    Raises:
        HoursRefused: "gap": the clocks skip it on that day.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
    moment = reader.at(wall)
    if reader.local(moment).replace(tzinfo=None) != wall:
        raise HoursRefused("gap")
    return moment


def opening_span(when: When, reader: Reader, usual: timedelta) -> Interval | None:
    """Return the extra time meant, ``usual`` long unless said; None when no time was said.

    Raises:
        HoursRefused: "gap", "backwards", "too_far" or "too_long" (several days cannot be one
            opening).
    """
    if when.at is None:
        return None
    _check_reach(when, reader)
    day = _day_of(when, reader, when.at)
    if when.last not in (None, when.on):
        raise HoursRefused("too_long")
    start = moment_of(day, when.at, reader)
    if when.until is not None:
        if when.until > _DAY and when.until - when.at > _LONGEST_NIGHT:
            raise HoursRefused("backwards")  # 18-16 is a slip rather than 22 hours
        return _between(start, moment_of(day, when.until, reader))
    length = timedelta(minutes=when.duration) if when.duration else usual
    return Interval(start, start + length)


def off_span(when: When, reader: Reader) -> Interval:
    """Return the time off meant: whole days, a part of one, or hours of it; never the past.

    Hours without an end last until the end of the day.

    Raises:
        HoursRefused: "past", "gap", "backwards" or "too_far".
    """
    _check_reach(when, reader)
    span = _off_span(when, reader)
    if span.end <= reader.now:
        raise HoursRefused("past")
    return Interval(max(span.start, _whole_minute(reader.now)), span.end)


def _check_reach(when: When, reader: Reader) -> None:
    for day in (when.on, when.last):
        if day is not None and not within_reach(day, reader.today):
            raise HoursRefused("past" if day < reader.today else "too_far")


def _off_span(when: When, reader: Reader) -> Interval:
    if when.at is not None:
        day = _day_of(when, reader, when.at)
        start = moment_of(day, when.at, reader)
        if when.until is not None:
            return _between(start, moment_of(day, when.until, reader))
        if when.duration:
            return Interval(start, start + timedelta(minutes=when.duration))
        return Interval(start, local_day(day, reader.zone).end)
    first = when.on or reader.today
    last = when.last or first
    whole = Interval(
        local_day(first, reader.zone).start,
        local_day(last, reader.zone).end,
    )
    if when.part is None or last != first:
        return whole
    begin, end = _PARTS[when.part]
    start = moment_of(first, begin, reader) if begin else whole.start
    return Interval(start, moment_of(first, end, reader) if end < _DAY else whole.end)


def _day_of(when: When, reader: Reader, minute: int) -> date:
    """Return the day said; without one the next on which that time is still to come."""
    if when.on is not None:
        return when.on
    today = reader.today
    now = reader.local(reader.now)
    later = minute > now.hour * 60 + now.minute
    return today if later else today + timedelta(days=1)


def _between(start: datetime, end: datetime) -> Interval:
    if end <= start:
        raise HoursRefused("backwards")
    return Interval(start, end)


def _whole_minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
