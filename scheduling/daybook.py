"""The day book: everything that decides a start, frozen, and the cache of working windows."""

import threading
from bisect import bisect_left, bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from scheduling.availability import DAY, Span, Stretch, day_spans, stretches, utc_day, without
from scheduling.hours import Opening, Schedule, ScheduleHead, TimeOff
from scheduling.ids import PersonId, ScheduleId
from scheduling.model import EventType
from scheduling.moments import EPOCH, Interval, local_day, seconds, zone
from scheduling.ports import DayBookRows, GroupTime

_SECOND = timedelta(seconds=1)
# A day's hours end at most two days after it began, on whatever side of the date line.
_MARGIN = 3
_SLACK = 7 * DAY
_LONGEST = 800
_Key = tuple[ScheduleId, date | None]


@dataclass(frozen=True, slots=True)
class CapSpan:
    """A day or week of the host in which no further booking may begin."""

    span: Span
    per: str
    cap: int


@dataclass(frozen=True, slots=True)
class DayBook:
    """What listing and deciding both look at; instants are whole seconds since the epoch."""

    event_type: EventType
    now: datetime
    within: Span
    """Starts the book can speak of; it knows nothing beyond."""
    open_time: Sequence[Stretch]
    """Hours and openings of the calendar, by start."""
    off: Sequence[Span]
    """The host's time off where no later opening wins over it."""
    busy: Sequence[Span]
    groups: Mapping[int, GroupTime]
    """The event type's own live times with more than one seat, by start."""
    joinable: Mapping[int, GroupTime]
    """Those that have a seat left; empty for a move, which needs a time of its own."""
    caps: Sequence[CapSpan]
    asker_id: PersonId | None
    asker_is_host: bool
    asker_coming: int
    limit: int | None
    """How many coming bookings the asker may have; None for a move, which adds none."""

    @property
    def duration(self) -> int:
        """Return the length of a booking in seconds."""
        return self.event_type.duration // _SECOND

    @property
    def step(self) -> int:
        """Return the distance of starts in seconds."""
        return self.event_type.step // _SECOND


def day_book(
    rows: DayBookRows,
    windows: Iterable[Sequence[Stretch]],
    span: Interval,
    *,
    now: datetime,
    limit: int | None,
    moving: bool = False,
) -> DayBook:
    """Freeze rows and the windows of their schedules into a day book for starts in the span."""
    within = (seconds(span.start), -((EPOCH - span.end) // _SECOND))
    openings = [_span(o.time) for o in rows.openings]
    several = list(windows)
    groups = {group.start: group for group in rows.groups}
    joinable = {} if moving else {g.start: g for g in rows.groups if g.seats_used < g.capacity}
    return DayBook(
        event_type=rows.event_type,
        now=now,
        within=within,
        open_time=_united(several, openings),
        off=_off_in_force(rows.time_off, rows.openings) if rows.time_off else (),
        busy=rows.busy,
        groups=groups,
        joinable=joinable,
        caps=_caps_reached(rows) if rows.starts else (),
        asker_id=rows.asker_id,
        asker_is_host=rows.asker_is_host,
        asker_coming=rows.asker_coming,
        limit=None if moving else limit,
    )


class WindowCache:
    """Working windows of schedules, kept while their version is the one asked for.

    Safe to share among threads. It holds at most ``size`` schedules and drops the one unused
    longest.
    """

    def __init__(self, size: int = 2_000) -> None:
        self._size = size
        self._kept: OrderedDict[_Key, _Windows] = OrderedDict()
        self._lock = threading.Lock()

    def missing(self, heads: Iterable[ScheduleHead], span: Span) -> list[ScheduleId]:
        """Return the schedules that must be read before ``windows`` can answer."""
        with self._lock:
            return [head.id for head in heads if not self._has(head, span)]

    def learn(
        self, heads: Iterable[ScheduleHead], schedules: Iterable[Schedule], span: Span
    ) -> None:
        """Work out the windows of schedules that were read, at least over the span."""
        by_id = {schedule.id: schedule for schedule in schedules}
        for head in heads:
            if schedule := by_id.get(head.id):
                entry = _work_out(schedule, head.expires_on, self._widened(schedule, head, span))
                with self._lock:
                    self._kept[head.id, head.expires_on] = entry
                    self._kept.move_to_end((head.id, head.expires_on))
                    while len(self._kept) > self._size:
                        self._kept.popitem(last=False)

    def _widened(self, schedule: Schedule, head: ScheduleHead, span: Span) -> Span:
        # What was known stays known: two who look at different months would otherwise push each
        # other's windows out with every look.
        known = self._kept.get((head.id, head.expires_on))
        if known is None or known.head.version != schedule.version:
            return span
        both = (min(known.covers[0], span[0]), max(known.covers[1], span[1]))
        return both if both[1] - both[0] <= _LONGEST * DAY else span

    def windows(self, heads: Iterable[ScheduleHead], span: Span) -> list[Sequence[Stretch]]:
        """Return each schedule's stretches that can matter for starts within the span.

        A schedule that was changed between reading its head and reading it is answered with the
        newer hours; one that is not known at all has no windows.
        """
        with self._lock:
            entries = [self._kept.get((head.id, head.expires_on)) for head in heads]
        return [entry.around(span) for entry in entries if entry]

    def _has(self, head: ScheduleHead, span: Span) -> bool:
        entry = self._kept.get((head.id, head.expires_on))
        if entry is None or entry.head != head:
            return False
        if not (entry.covers[0] <= span[0] and span[1] <= entry.covers[1]):
            return False
        self._kept.move_to_end((head.id, head.expires_on))
        return True


@dataclass(frozen=True, slots=True)
class _Windows:
    head: ScheduleHead
    covers: Span
    stretches: Sequence[Stretch]
    begins: Sequence[int]

    def around(self, span: Span) -> Sequence[Stretch]:
        """Return the stretches that can hold a start within the span, or follow it on.

        An opening may lead from a start into hours that begin later.
        """
        lo = bisect_left(self.begins, span[0] - _MARGIN * DAY)
        hi = bisect_right(self.begins, span[1] + _MARGIN * DAY)
        return self.stretches[lo:hi]


def windows_of(schedule: Schedule, expires_on: date | None, span: Span) -> Sequence[Stretch]:
    """Return the stretches of a schedule that is not stored, for starts within the span."""
    return _work_out(schedule, expires_on, span).around(span)


def _work_out(schedule: Schedule, expires_on: date | None, span: Span) -> _Windows:
    # Rounded to days and with room ahead, so that "from now on" hits the cache for days.
    covers = (span[0] // DAY * DAY, (span[1] // DAY + 1) * DAY + _SLACK)
    if covers[1] - covers[0] > _LONGEST * DAY:
        covers = span
    first = utc_day(covers[0]) - timedelta(days=_MARGIN)
    # Starts at the very end need to see how far their open time reaches.
    last = utc_day(covers[1]) + timedelta(days=_MARGIN)
    if expires_on is not None:
        last = min(last, expires_on)
    found = stretches(day_spans(schedule, first, last)) if first <= last else []
    head = ScheduleHead(schedule.id, schedule.version, schedule.zone, expires_on)
    return _Windows(head, covers, found, [start for start, _, _ in found])


def _united(windows: list[Sequence[Stretch]], openings: list[Span]) -> Sequence[Stretch]:
    if len(windows) == 1 and not openings:
        return windows[0]
    spans = [(start, end) for several in windows for start, end, _ in several]
    return stretches([*spans, *openings])


def _off_in_force(time_off: Iterable[TimeOff], openings: Iterable[Opening]) -> list[Span]:
    found: list[Span] = []
    for off in time_off:
        later = [_span(o.time) for o in openings if o.created_at > off.created_at]
        found += without([_span(off.time)], later)
    return found


def _caps_reached(rows: DayBookRows) -> list[CapSpan]:
    """Return the days and weeks whose number of bookings has been reached."""
    kind = rows.event_type
    caps = [
        ("day", rows.host_cap_per_day, False),
        ("day", kind.cap_per_day, True),
        ("week", rows.host_cap_per_week, False),
        ("week", kind.cap_per_week, True),
    ]
    found: list[CapSpan] = []
    for per, cap, of_type in caps:
        if cap is None:
            continue
        counted = Counter(
            _first_day(start, per, rows.host_zone)
            for start, event_type_id in rows.starts
            if not of_type or event_type_id == kind.id
        )
        length = 1 if per == "day" else 7
        for day, count in counted.items():
            if count >= cap:
                last = local_day(day + timedelta(days=length - 1), rows.host_zone)
                span = (seconds(local_day(day, rows.host_zone).start), seconds(last.end))
                found.append(CapSpan(span, per, cap))
    return found


def _first_day(start: int, per: str, zone_name: str) -> date:
    from_utc = datetime.fromtimestamp(start, UTC)
    day = from_utc.astimezone(zone(zone_name)).date()
    return day if per == "day" else day - timedelta(days=day.weekday())


def _span(time: Interval) -> Span:
    return seconds(time.start), seconds(time.end)
