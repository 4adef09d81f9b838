from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.scheduling import a_schedule
from builders.times import at, hours
from scheduling.availability import Span, day_spans, stretches, sweep, without
from scheduling.grammar.hours_line import MinuteRange
from scheduling.hours import Schedule
from scheduling.moments import seconds

MINUTE = 60
QUARTER = 15 * MINUTE  # everything here happens on one: hours, lengths and changes of offset
ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # half an hour
    "Africa/Cairo",  # at midnight
    "Asia/Beirut",  # at midnight
    "America/Santiago",  # at midnight
    "Antarctica/Troll",  # two hours
    "Pacific/Chatham",  # three quarters past
]
HOURS = ["0-24", "0-2, 2:30-6", "1:30-4", "22-26", "23:15-24:45, 9-12"]


@cache
def changes_of(zone_name: str, year: int) -> list[date]:
    """Return the local dates around which a zone changes its offset, found by looking."""
    tz = ZoneInfo(zone_name)
    moments = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=h) for h in range(365 * 24)]
    offsets = [moment.astimezone(tz).utcoffset() for moment in moments]
    return [
        moments[i].astimezone(tz).date()
        for i in range(1, len(moments))
        if offsets[i] != offsets[i - 1]
    ]


def oracle(schedule: Schedule, first: date, last: date, duration: int, step: int) -> list[int]:
    """Return the starts by looking at the host's wall clock in every quarter of an hour."""
    tz = ZoneInfo(schedule.zone)
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=2)
    quarters = ((last - first).days + 6) * 96
    moments = [begin + timedelta(minutes=15 * quarter) for quarter in range(quarters)]
    open_by_day: dict[date, list[int]] = {}
    for moment in moments:
        wall = moment.astimezone(tz).replace(tzinfo=None)
        for day in (wall.date(), wall.date() - timedelta(days=1)):
            if not first <= day <= last:
                continue
            minute = (wall.toordinal() - day.toordinal()) * 1440 + wall.hour * 60 + wall.minute
            ranges = schedule.dated.get(day, schedule.weekly.get(day.weekday(), ()))
            if any(r.start <= minute < r.end for r in ranges):
                open_by_day.setdefault(day, []).append(seconds(moment))
    ever_open = {instant for instants in open_by_day.values() for instant in instants}
    starts = set()
    for instants in open_by_day.values():
        for run in runs(sorted(set(instants))):
            for start in range(run[0], run[-1] + QUARTER, step):
                if all(m in ever_open for m in range(start, start + duration, QUARTER)):
                    starts.add(start)
    return sorted(starts)


def runs(instants: list[int]) -> Iterable[list[int]]:
    run: list[int] = []
    for instant in instants:
        if run and instant != run[-1] + QUARTER:
            yield run
            run = []
        run.append(instant)
    if run:
        yield run


def listed(schedule: Schedule, first: date, last: date, duration: int, step: int) -> list[int]:
    found = stretches(day_spans(schedule, first, last))
    return sweep(found, (), duration, step, (0, 1 << 40))


class TestClockChanges:
    @pytest.mark.parametrize("zone_name", ZONES)
    @pytest.mark.parametrize("text", HOURS)
    def test_given_hours_over_a_change_when_listed_then_they_are_what_the_wall_clock_says(
        self, zone_name: str, text: str
    ) -> None:
        changes = changes_of(zone_name, 2026)
        assert len(changes) == 2
        schedule = a_schedule(text, zone=zone_name)

        for change in changes:
            first, last = change - timedelta(days=1), change + timedelta(days=1)
            for length, step in ((15, 15), (30, 30), (60, 60), (90, 45)):
                expected = oracle(schedule, first, last, length * MINUTE, step * MINUTE)
                assert listed(schedule, first, last, length * MINUTE, step * MINUTE) == expected

    def test_given_a_spring_gap_when_hours_begin_in_it_then_they_begin_where_it_ends(self) -> None:
        schedule = a_schedule("2:30-5", zone="Europe/Berlin")

        spans = day_spans(schedule, date(2026, 3, 29), date(2026, 3, 29))

        berlin = "Europe/Berlin"
        assert spans == [
            (seconds(at("2026-03-29 03:00", berlin)), seconds(at("2026-03-29 05:00", berlin)))
        ]

    def test_given_an_hour_that_repeats_when_listed_then_it_is_offered_twice(self) -> None:
        schedule = a_schedule("1-4", zone="Europe/Berlin")
        day = date(2026, 10, 25)

        starts = listed(schedule, day, day, 3600, 3600)

        berlin = "Europe/Berlin"
        assert starts == [
            seconds(at("2026-10-25 01:00", berlin)),
            seconds(at("2026-10-25 02:00", berlin)),
            seconds(at("2026-10-25 02:00", berlin, fold=1)),
            seconds(at("2026-10-25 03:00", berlin)),
        ]

    def test_given_a_leap_day_when_listed_then_it_is_a_day(self) -> None:
        schedule = a_schedule("9-10", zone="UTC")

        starts = listed(schedule, date(2028, 2, 28), date(2028, 3, 1), 3600, 3600)

        assert starts == [
            seconds(at(f"{day} 09:00")) for day in ("2028-02-28", "2028-02-29", "2028-03-01")
        ]


class TestDays:
    def test_given_hours_over_midnight_when_listed_then_they_belong_to_the_day_they_begin_on(
        self,
    ) -> None:
        schedule = a_schedule({0: hours("22-26")})
        monday, tuesday = date(2030, 1, 7), date(2030, 1, 8)

        assert day_spans(schedule, monday, tuesday) == [
            (seconds(at("2030-01-07 22:00")), seconds(at("2030-01-08 02:00")))
        ]
        assert day_spans(schedule, tuesday, tuesday) == []

    def test_given_a_date_with_other_hours_when_listed_then_they_replace_the_week(self) -> None:
        closed, other = date(2030, 1, 8), date(2030, 1, 9)
        schedule = a_schedule("9-17", dated={closed: (), other: hours("20-21")})

        assert day_spans(schedule, date(2030, 1, 7), other) == [
            (seconds(at("2030-01-07 09:00")), seconds(at("2030-01-07 17:00"))),
            (seconds(at("2030-01-09 20:00")), seconds(at("2030-01-09 21:00"))),
        ]

    def test_given_ranges_that_touch_when_listed_then_they_are_one_stretch_with_one_grid(
        self,
    ) -> None:
        schedule = a_schedule("9-10:30, 10:30-12")
        day = date(2030, 1, 7)

        starts = listed(schedule, day, day, 3600, 3600)

        assert starts == [seconds(at(f"2030-01-07 {h}:00")) for h in ("09", "10", "11")]

    def test_given_days_that_touch_at_midnight_when_listed_then_a_session_may_cross_it(
        self,
    ) -> None:
        schedule = a_schedule("0-24")
        day = date(2030, 1, 7)

        starts = listed(schedule, day, day + timedelta(days=1), 90 * 60, 90 * 60)

        assert seconds(at("2030-01-07 22:30")) in starts
        assert seconds(at("2030-01-08 00:00")) in starts


SPANS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 40)).map(lambda t: (t[0], t[0] + t[1])),
    max_size=12,
)


class TestSweep:
    @given(SPANS, SPANS, st.integers(1, 20), st.integers(1, 15), st.integers(0, 100))
    def test_given_any_spans_when_swept_then_it_is_what_trying_every_instant_gives(
        self, spans: list[Span], forbidden: list[Span], duration: int, step: int, first: int
    ) -> None:
        within = (first, 180)
        open_instants = {i for start, end in spans for i in range(start, end)}
        expected = sorted(
            {
                start
                for begin, end in spans
                for start in range(begin, end, step)
                if within[0] <= start < within[1]
                and all(i in open_instants for i in range(start, start + duration))
                and not any(lo <= start < hi for lo, hi in forbidden)
            }
        )

        assert sweep(stretches(spans), sorted(forbidden), duration, step, within) == expected

    @given(SPANS, SPANS)
    def test_given_holes_when_taken_out_then_only_what_is_outside_is_left(
        self, spans: list[Span], holes: list[Span]
    ) -> None:
        left = {i for start, end in without(spans, holes) for i in range(start, end)}

        expected = {i for start, end in spans for i in range(start, end)}
        assert left == expected - {i for start, end in holes for i in range(start, end)}


WEEKS = st.dictionaries(
    st.integers(0, 6),
    st.lists(
        st.tuples(st.integers(0, 95), st.integers(1, 40)).map(
            lambda t: MinuteRange(t[0] * 15, t[0] * 15 + t[1] * 15)
        ),
        max_size=3,
    ).map(tuple),
)


@given(
    WEEKS,
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2027, 12, 25)),
    st.sampled_from([(30, 30), (60, 45)]),
)
def test_given_any_week_in_any_zone_when_listed_then_it_is_what_the_wall_clock_says(
    week: dict[int, tuple[MinuteRange, ...]],
    zone_name: str,
    first: date,
    lengths: tuple[int, int],
) -> None:
    schedule = a_schedule(week, zone=zone_name)
    last = first + timedelta(days=2)
    duration, step = lengths[0] * MINUTE, lengths[1] * MINUTE

    assert listed(schedule, first, last, duration, step) == oracle(
        schedule, first, last, duration, step
    )
