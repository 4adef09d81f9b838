"""When several people are free: hours in, everything that occupies them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.availability import Span, stretches, without
from scheduling.daybook import windows_of
from scheduling.grammar.hours_line import MinuteRange
from scheduling.hours import Schedule
from scheduling.ids import PersonId, ScheduleId
from scheduling.moments import Interval, from_seconds, seconds
from scheduling.ports import HoursOverview
from scheduling.sessions.model import CommonTime

_WORKING_DAY = (MinuteRange(9 * 60, 17 * 60),)
_WORKING_WEEK = dict.fromkeys(range(5), _WORKING_DAY)
_HOUR = 3_600
_APART = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class FreeTime:
    """One person's free time within a span; ``free`` is sorted and never touches itself."""

    person_id: PersonId
    free: Sequence[Span]

    def has(self, start: int, end: int) -> bool:
        """Say whether the whole of it is free."""
        return any(lo <= start and end <= hi for lo, hi in self.free)

    def intervals(self) -> tuple[Interval, ...]:
        """Return the free time as intervals."""
        return tuple(Interval(from_seconds(lo), from_seconds(hi)) for lo, hi in self.free)


def open_hours(
    person_id: PersonId, hours: HoursOverview | None, zone_name: str, span: Interval
) -> list[Span]:
    """Return the person's open time around the span; without hours, a working week's days."""
    within = (seconds(span.start), seconds(span.end))
    if hours is None:
        week = Schedule(ScheduleId(""), person_id, "", zone_name, _WORKING_WEEK)
        return _united(windows_of(week, None, within))
    windows = windows_of(hours.schedule, hours.expires_on, within)
    opened = [_span(opening.time) for opening in hours.openings]
    off: list[Span] = []
    for time_off in hours.time_off:
        later = [_span(o.time) for o in hours.openings if o.created_at > time_off.created_at]
        off += without([_span(time_off.time)], later)
    spans = [(start, end) for start, end, _ in windows]
    return without(_united(stretches([*spans, *opened])), off)


def free_time(
    person_id: PersonId, open_time: Sequence[Span], busy: Iterable[Interval], span: Interval
) -> FreeTime:
    """Return what is left of the open time within the span."""
    outside = [(-(1 << 62), seconds(span.start)), (seconds(span.end), 1 << 62)]
    taken = [_span(each) for each in busy]
    return FreeTime(person_id, sorted(without(open_time, [*outside, *taken])))


def find_times(
    people: Sequence[FreeTime],
    organizer_id: PersonId,
    duration: timedelta,
    span: Interval,
    *,
    count: int,
    step: timedelta,
) -> list[CommonTime]:
    """Return the best starts of all people, best first; see SessionService.common_times.

    Best are those that miss fewest people; among them full hours before others, then the
    earliest, each on a day (UTC) that has none yet while there is such a day. The organizer is
    never missing: nothing takes place without them.
    """
    length, stride = duration // timedelta(seconds=1), step // timedelta(seconds=1)
    first = -(-seconds(span.start) // stride) * stride
    by_missing: dict[int, list[CommonTime]] = {}
    for start in range(first, seconds(span.end) - length + 1, stride):
        missing = tuple(p.person_id for p in people if not p.has(start, start + length))
        if organizer_id not in missing and len(missing) < max(len(people) - 1, 1):
            time = Interval(from_seconds(start), from_seconds(start + length))
            by_missing.setdefault(len(missing), []).append(CommonTime(time, missing))
    return _spread(by_missing[min(by_missing)], count) if by_missing else []


def nearest_free(
    person: FreeTime, start: datetime, duration: timedelta, step: timedelta, count: int = 3
) -> tuple[datetime, ...]:
    """Return up to ``count`` other starts at which the person is free, the nearest first."""
    length, stride = duration // timedelta(seconds=1), step // timedelta(seconds=1)
    found = [
        from_seconds(begin)
        for lo, hi in person.free
        for begin in range(-(-lo // stride) * stride, hi - length + 1, stride)
        if begin != seconds(start)
    ]
    return tuple(sorted(found, key=lambda moment: (abs(moment - start), moment))[:count])


def _spread(times: Sequence[CommonTime], count: int) -> list[CommonTime]:
    """Choose times that differ: another day before another hour, never two that overlap."""
    ranked = sorted(times, key=lambda found: (_roundness(found.time.start), found.time.start))
    chosen: list[CommonTime] = []
    for apart in (timedelta(days=1), _APART, timedelta()):
        for found in ranked:
            if len(chosen) == count:
                return chosen
            if all(_differs(found.time, known.time, apart) for known in chosen):
                chosen.append(found)
    return chosen


def _roundness(start: datetime) -> int:
    """Return 0 for a full hour, 1 for a half, 2 for anything else."""
    within = seconds(start) % _HOUR
    return 0 if within == 0 else 1 if within == _HOUR // 2 else 2


def _differs(one: Interval, other: Interval, apart: timedelta) -> bool:
    if apart >= timedelta(days=1):
        return one.start.date() != other.start.date()
    return one.start - other.end >= apart or other.start - one.end >= apart


def _united(windows: Iterable[tuple[int, int, int]]) -> list[Span]:
    """Return stretches as spans, those that touch or overlap made one."""
    found: list[Span] = []
    for start, end, _ in windows:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _span(time: Interval) -> Span:
    return seconds(time.start), seconds(time.end)
