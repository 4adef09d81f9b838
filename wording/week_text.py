"""A week of hours in words: days with the same hours share a line, closed days come last."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from scheduling.grammar.hours_line import MinuteRange
from scheduling.moments import Interval
from wording.times import Reader

Ranges = tuple[MinuteRange, ...]

_DAY = 1440
_MOST_DATES = 6
# A day on which no zone changed its clocks: wall times are written, not instants.
_PLAIN_DAY = datetime(2001, 1, 10)  # noqa: DTZ001  # a wall time


def range_text(reader: Reader, hours: MinuteRange) -> str:
    """Return "09:00-12:00" the way this reader writes times, or "all day"."""
    if hours.end - hours.start == _DAY:
        return reader.say("hours.all_day")
    return reader.time_range(_moment(reader, hours.start), _moment(reader, hours.end))


def clock_text(reader: Reader, minute: int) -> str:
    """Return a local minute of the day as "09:00" or "9:00 AM"."""
    return reader.time(_moment(reader, minute))


def _moment(reader: Reader, minute: int) -> datetime:
    return reader.at(_PLAIN_DAY + timedelta(minutes=minute))


def ranges_text(reader: Reader, ranges: Ranges) -> str:
    """Return "09:00-12:00, 13:00-17:00", or "closed"."""
    return ", ".join(range_text(reader, hours) for hours in ranges) or reader.say("hours.closed")


def days_text(reader: Reader, days: Sequence[int]) -> str:
    """Return "Mon, Tue, Thu, Fri"; three and more in a row become "Mon-Wed"."""
    runs: list[list[int]] = []
    order = [(reader.first_weekday + step) % 7 for step in range(7)]
    for position in sorted(order.index(day) for day in days):
        if runs and position == runs[-1][-1] + 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    names = [[reader.weekday_name(order[position]) for position in run] for run in runs]
    return ", ".join(f"{n[0]}-{n[-1]}" if len(n) > 2 else ", ".join(n) for n in names)


def weekly_lines(reader: Reader, weekly: Mapping[int, Ranges]) -> list[str]:
    """Return one line per group of days with the same hours."""
    groups: dict[Ranges, list[int]] = {}
    for step in range(7):
        day = (reader.first_weekday + step) % 7
        groups.setdefault(tuple(weekly.get(day, ())), []).append(day)
    ordered = sorted(groups.items(), key=lambda group: not group[0])
    return [
        reader.say("hours.line", days=days_text(reader, days), hours=ranges_text(reader, ranges))
        for ranges, days in ordered
    ]


def dated_lines(reader: Reader, dated: Mapping[date, Ranges]) -> list[str]:
    """Return one line per run of dates with the same hours, from today on; the rest is counted."""
    coming = {day: ranges for day, ranges in sorted(dated.items()) if day >= reader.today}
    runs: list[list[date]] = []
    for day in coming:
        last = runs[-1][-1] if runs else None
        if last and day - last == timedelta(days=1) and coming[day] == coming[last]:
            runs[-1].append(day)
        else:
            runs.append([day])
    lines = [
        reader.say(
            "hours.line",
            days=dates_text(reader, run[0], run[-1]),
            hours=ranges_text(reader, coming[run[0]]),
        )
        for run in runs[:_MOST_DATES]
    ]
    if rest := len(runs) - len(lines):
        lines.append(reader.say("hours.more_dates", count=rest))
    return lines


def dates_text(reader: Reader, first: date, last: date) -> str:
    """Return "Thu 24 Dec" or "Thu 24 Dec - Sat 2 Jan 2027"."""
    if first == last:
        return reader.date_name(first)
    return f"{reader.date_name(first)} - {reader.date_name(last)}"


def span_text(reader: Reader, time: Interval) -> str:
    """Return an interval as people say it: whole days by their dates, else with its times."""
    start, end = reader.local(time.start), reader.local(time.end)
    ends_a_day = (end.hour, end.minute) == (0, 0)
    last = (end - timedelta(microseconds=1)).date()
    if ends_a_day and (start.hour, start.minute) == (0, 0):
        return dates_text(reader, start.date(), last)
    if start.date() == last:
        return reader.range(time.start, time.end)
    return f"{reader.day_time(time.start)} - {reader.day_time(time.end)}"


def merged(spans: Sequence[tuple[datetime, datetime]]) -> list[Interval]:
    """Return the spans in order, those that overlap or touch made one."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return [Interval(start, end) for start, end in joined]


def wrapped(weekly: Mapping[int, Ranges]) -> dict[int, list[tuple[int, int]]]:
    """Return each weekday's own minutes: what crosses midnight is cut there, for a picture."""
    days: dict[int, list[tuple[int, int]]] = {day: [] for day in range(7)}
    for day, ranges in weekly.items():
        for hours in ranges:
            days[day].append((hours.start, min(hours.end, _DAY)))
            if hours.end > _DAY:
                days[(day + 1) % 7].append((0, hours.end - _DAY))
    return {day: _joined(sorted(spans)) for day, spans in days.items()}


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    cuts = [0, *(i for i, (a, b) in enumerate(pairwise(spans), 1) if b[0] > a[1]), len(spans)]
    return [
        (spans[begin][0], max(end for _, end in spans[begin:stop]))
        for begin, stop in pairwise(cuts)
        if begin < stop
    ]
