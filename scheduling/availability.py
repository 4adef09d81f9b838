"""Working hours as integers: wall time becomes instants once per local day, never per slot.

An instant is open when the clock on the host's wall, at that instant, reads a time within the
hours. So an hour that a spring gap skips does not exist, one that repeats in autumn is there
twice, and hours that begin inside a gap begin where the gap ends.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduling.grammar.hours_line import MinuteRange
from scheduling.hours import Schedule
from scheduling.moments import zone

DAY = 86_400
_HOUR = 3_600
_NONE = timedelta()
_SECOND = timedelta(seconds=1)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
# Further than any zone is from UTC, so that every reading of a local day is looked at.
_FARTHEST = 26 * _HOUR

Span = tuple[int, int]
"""Half-open, in whole seconds since the epoch."""
Stretch = tuple[int, int, int]
"""Start and end of one day's hours, and how far the open time around them reaches."""


def day_spans(schedule: Schedule, first: date, last: date) -> list[Span]:
    """Return the open spans of every local date from first to last, each date merged in itself.

    Spans of neighbouring dates may touch or overlap: hours belong to the date they begin on.
    """
    tz = zone(schedule.zone)
    week = [_wall_spans(schedule.weekly.get(day, ())) for day in range(7)]
    dated = {day.toordinal(): ranges for day, ranges in schedule.dated.items()}
    found: list[Span] = []
    begin, end = first.toordinal(), last.toordinal()
    offset, after = _offset_at_midnight(tz, begin), _offset_at_midnight(tz, begin + 1)
    for ordinal in range(begin, end + 1):
        # Hours may run on over the next midnight, so the offset must last until the one after.
        later = _offset_at_midnight(tz, ordinal + 2)
        spans = week[(ordinal + 6) % 7]
        if ordinal in dated:
            spans = _wall_spans(dated[ordinal])
        midnight = (ordinal - _EPOCH_DAY) * DAY
        if offset == after == later:
            base = midnight - offset
            found += [(base + start, base + end) for start, end in spans]
        elif spans:
            found += _merged(_over_a_change(tz, midnight, spans))
        offset, after = after, later
    return found


def stretches(spans: Iterable[Span]) -> list[Stretch]:
    """Return the spans by start, each with the end of the unbroken open time it lies in."""
    found: list[Stretch] = []
    group: list[Span] = []
    reach = 0
    for span in sorted(spans):
        if span[0] > reach or not group:
            found += [(start, end, reach) for start, end in group]
            group, reach = [span], span[1]
        else:
            group.append(span)
            reach = max(reach, span[1])
    found += [(start, end, reach) for start, end in group]
    return found


def without(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    """Return what is left of the spans outside the holes."""
    left = list(spans)
    for lo, hi in holes:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, lo)), (max(start, hi), end))
            if piece[0] < piece[1]
        ]
    return left


def sweep(
    open_time: Iterable[Stretch], forbidden: Sequence[Span], duration: int, step: int, within: Span
) -> list[int]:
    """Return the starts within a span that lie on a grid and in no forbidden span, by time.

    Each stretch begins a grid of its own, by elapsed time; a start needs its whole duration of
    unbroken open time. ``forbidden`` holds spans of starts, sorted.
    """
    first, end = within
    found: list[int] = []
    at, count = 0, len(forbidden)
    tangled = False
    for start, stop, reach in open_time:
        limit = min(stop, reach - duration + 1, end)
        position = start if start >= first else start + -(-(first - start) // step) * step
        if position >= limit:
            continue
        if found and position <= found[-1]:
            tangled = True  # two grids overlap: unite them at the end
        while at < count and forbidden[at][1] <= start:
            at += 1
        look = at
        while look < count and position < limit:
            lo, hi = forbidden[look]
            if lo >= limit:
                break
            if lo > position:
                found += range(position, lo, step)
                position += -(-(lo - position) // step) * step
            if hi > position:
                position += -(-(hi - position) // step) * step
            look += 1
        if position < limit:
            found += range(position, limit, step)
    return sorted(set(found)) if tangled else found


def utc_day(instant: int) -> date:
    """Return the UTC date of an instant."""
    return date.fromordinal(_EPOCH_DAY + instant // DAY)


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _wall_spans(ranges: Iterable[MinuteRange]) -> list[Span]:
    """Return a day's hours in seconds from its midnight on the wall, merged."""
    return _merged((r.start * 60, r.end * 60) for r in ranges)


def _offset_at_midnight(tz: ZoneInfo, ordinal: int) -> int:
    """Return the offset in seconds before whatever happens at that local midnight.

    Enough to see a change by: where one midnight has two offsets, or none, the next differs.
    """
    day = date.fromordinal(ordinal)
    offset = datetime(day.year, day.month, day.day, tzinfo=tz).utcoffset()
    return (offset or _NONE) // _SECOND


def _over_a_change(tz: ZoneInfo, midnight: int, spans: Iterable[Span]) -> Iterable[Span]:
    """Yield the instants of a day's hours around a change of the offset."""
    for first, last in ((midnight + start, midnight + end) for start, end in spans):
        for lo, hi, offset in _segments(tz, first - _FARTHEST, last + _FARTHEST):
            start, end = max(lo, first - offset), min(hi, last - offset)
            if start < end:
                yield start, end


def _segments(tz: ZoneInfo, first: int, last: int) -> Iterable[tuple[int, int, int]]:
    """Yield the parts of [first, last) in which the offset stays the same."""
    begin, offset = first, _offset(tz, first)
    for mark in range(first + _HOUR, last + _HOUR, _HOUR):
        if _offset(tz, mark) != offset:
            low, high = mark - _HOUR, mark
            while high - low > 1:
                middle = (low + high) // 2
                if _offset(tz, middle) == offset:
                    low = middle
                else:
                    high = middle
            yield begin, high, offset
            begin, offset = high, _offset(tz, high)
    yield begin, last + _HOUR, offset


def _offset(tz: ZoneInfo, instant: int) -> int:
    local = datetime.fromtimestamp(instant, UTC).astimezone(tz)
    return (local.utcoffset() or _NONE) // _SECOND
