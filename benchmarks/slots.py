"""G1: the free starts of one host over 30 days, against a plain uncached sweep.

Both get the same schedule and the same busy spans in seconds, and give the same starts. Warm
is what a service that has listed this host before pays: the windows are cached, the day book is
built from the rows of one read. Cold pays for the windows as well.
"""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.table import Result, at_most, best
from scheduling.daybook import WindowCache, day_book
from scheduling.grammar.hours_line import MinuteRange
from scheduling.hours import Schedule, ScheduleHead
from scheduling.ids import (
    DEFAULT_ORGANIZATION,
    CalendarId,
    EventTypeId,
    PersonId,
    ScheduleId,
    StartCode,
)
from scheduling.model import EventType
from scheduling.moments import Interval, seconds
from scheduling.ports import DayBookRows
from scheduling.rules import list_slots

_NOW = datetime(2030, 1, 7, 8, 0, tzinfo=UTC)
_DAYS = 30
_ZONE = "Europe/Berlin"
_HOURS = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))
_HOST = PersonId("host")

Span = tuple[int, int]


def run() -> list[Result]:
    """Measure 50 and 500 bookings, warm and cold."""
    results = []
    for count in (50, 500):
        busy = _busy(count)
        ours, cold = _Ours(busy), _Ours(busy)

        def warm_once(ours: "_Ours" = ours) -> list[int]:
            return ours.list()

        def cold_once(ours: "_Ours" = cold) -> list[int]:
            ours.forget()
            return ours.list()

        def reference_once(busy: tuple[Span, ...] = busy) -> list[int]:
            return plain_sweep(busy)

        if not warm_once() == cold_once() == reference_once():
            raise AssertionError("the two do not list the same starts")
        reference = best(reference_once, 9, 60)
        name = f"G1 slots of 1 host, 30 days, {count} bookings"
        results.append(at_most(f"{name}, warm", best(warm_once, 9, 60), reference, 0.7))
        results.append(at_most(f"{name}, cold", best(cold_once, 9, 60), reference, 1.2))
    return results


def plain_sweep(busy: tuple[Span, ...]) -> list[int]:
    """List the starts the straight way: each day's hours to instants, then one merge."""
    tz = ZoneInfo(_ZONE)
    duration, step = 3600, 1800
    now = int(_NOW.timestamp())
    end = now + _DAYS * 86_400
    first = _NOW.astimezone(tz).date()
    starts: list[int] = []
    at = 0
    for offset in range(_DAYS + 1):
        day = first + timedelta(days=offset)
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time on purpose
        if day.weekday() >= 5:
            continue
        for begin, close in _HOURS:
            opened = (midnight + timedelta(minutes=begin)).replace(tzinfo=tz)
            closed = (midnight + timedelta(minutes=close)).replace(tzinfo=tz)
            start, last = int(opened.timestamp()), int(closed.timestamp()) - duration
            while start <= last:
                while at < len(busy) and busy[at][1] <= start:
                    at += 1
                taken = at < len(busy) and busy[at][0] < start + duration
                if not taken and now < start < end:
                    starts.append(start)
                start += step
    return starts


class _Ours:
    """What the service does between the read and the answer."""

    def __init__(self, busy: tuple[Span, ...]) -> None:
        weekly = {day: tuple(MinuteRange(*span) for span in _HOURS) for day in range(5)}
        self._schedule = Schedule(ScheduleId("hours"), _HOST, "Hours", _ZONE, weekly)
        self._head = ScheduleHead(self._schedule.id, 1, _ZONE, None)
        self._rows = _rows(busy, self._head)
        self._span = Interval(_NOW, _NOW + timedelta(days=_DAYS))
        self._within = (seconds(self._span.start), seconds(self._span.end) + 1)
        self._cache = WindowCache()

    def forget(self) -> None:
        """Begin with nothing cached."""
        self._cache = WindowCache()

    def list(self) -> list[int]:
        """Return the free starts."""
        heads, within = [self._head], self._within
        if self._cache.missing(heads, within):
            self._cache.learn(heads, [self._schedule], within)
        windows = self._cache.windows(heads, within)
        book = day_book(self._rows, windows, self._span, now=_NOW, limit=30)
        return list_slots(book)


def _rows(busy: tuple[Span, ...], head: ScheduleHead) -> DayBookRows:
    kind = EventType(
        organization_id=DEFAULT_ORGANIZATION,
        id=EventTypeId("type"),
        calendar_id=CalendarId("calendar"),
        host_id=_HOST,
        code=StartCode("code"),
        title="Session",
        duration=timedelta(minutes=60),
        step=timedelta(minutes=30),
    )
    return DayBookRows(
        event_type=kind,
        host_zone=_ZONE,
        host_cap_per_day=None,
        host_cap_per_week=None,
        heads=(head,),
        openings=(),
        time_off=(),
        busy=busy,
        groups=(),
        starts=(),
        asker_id=PersonId("student"),
        asker_is_host=False,
        asker_coming=0,
    )


def _busy(count: int) -> tuple[Span, ...]:
    """Return that many bookings, none overlapping another, spread over the time."""
    chance = random.Random(7)
    length = 1800 if count <= 100 else 900
    places = _DAYS * 86_400 // length
    begin = int(_NOW.timestamp())
    chosen = sorted(chance.sample(range(places), count))
    return tuple((begin + place * length, begin + (place + 1) * length) for place in chosen)
