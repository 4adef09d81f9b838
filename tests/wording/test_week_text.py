"""A week of hours in words."""

from datetime import date, timedelta

import pytest

from builders.times import at, between, hours
from scheduling.moments import Interval
from wording.times import Reader
from wording.week_text import (
    dated_lines,
    days_text,
    merged,
    ranges_text,
    span_text,
    weekly_lines,
    wrapped,
)

NOW = at("2026-11-23 09:02")
BERLIN = Reader("Europe/Berlin", "en", NOW)


class TestDays:
    @pytest.mark.parametrize(
        ("days", "text"),
        [
            ([0, 1, 3, 4], "Mon, Tue, Thu, Fri"),
            ([0, 1, 2, 3, 4], "Mon-Fri"),
            ([5, 6], "Sat, Sun"),
            ([2, 5, 6], "Wed, Sat, Sun"),
            ([0, 1, 2, 5, 6], "Mon-Wed, Sat, Sun"),
            ([6], "Sun"),
        ],
    )
    def test_given_weekdays_when_written_then_three_in_a_row_become_a_range(
        self, days: list[int], text: str
    ) -> None:
        assert days_text(BERLIN, days) == text

    def test_given_a_locale_whose_week_begins_on_sunday_when_written_then_it_does(self) -> None:
        american = Reader("America/New_York", "en-US", NOW)

        assert days_text(american, [0, 5, 6]) == "Sun, Mon, Sat"


class TestWeek:
    def test_given_days_alike_when_written_then_they_share_a_line_and_closed_comes_last(
        self,
    ) -> None:
        work = hours("9-12, 13-17")
        weekly = {0: work, 1: work, 2: (), 3: work, 4: work}

        lines = weekly_lines(BERLIN, weekly)

        assert lines == [
            "Mon, Tue, Thu, Fri  09:00-12:00, 13:00-17:00",
            "Wed, Sat, Sun  closed",
        ]

    def test_given_twelve_hour_customs_when_written_then_am_and_pm_stand_there(self) -> None:
        american = Reader("America/New_York", "en-US", NOW)

        assert ranges_text(american, hours("9-12, 13-17")) == "9:00 AM-12:00 PM, 1:00-5:00 PM"

    def test_given_a_night_when_written_then_it_ends_the_next_morning(self) -> None:
        assert ranges_text(BERLIN, hours("22-26")) == "22:00-02:00"

    def test_given_a_whole_day_when_written_then_it_says_so(self) -> None:
        assert ranges_text(BERLIN, hours("0-24")) == "all day"


class TestDates:
    def test_given_a_run_of_closed_dates_when_written_then_it_is_one_line(self) -> None:
        first = date(2026, 12, 24)
        dated = {first + timedelta(days=step): () for step in range(10)}

        assert dated_lines(BERLIN, dated) == ["Thu 24 Dec - Sat 2 Jan 2027  closed"]

    def test_given_dates_that_are_over_when_written_then_they_are_left_out(self) -> None:
        dated = {date(2026, 11, 22): (), date(2026, 11, 23): hours("9-12")}

        assert dated_lines(BERLIN, dated) == ["Mon 23 Nov  09:00-12:00"]

    def test_given_many_dates_when_written_then_the_rest_is_counted(self) -> None:
        dated = {date(2026, 12, 1) + timedelta(days=2 * step): () for step in range(9)}

        lines = dated_lines(BERLIN, dated)

        assert len(lines) == 7
        assert lines[-1] == "and 3 more dates"


class TestSpans:
    @pytest.mark.parametrize(
        ("start", "end", "text"),
        [
            ("2026-11-25 00:00", "2026-11-26 00:00", "Wed 25 Nov"),
            ("2026-12-24 00:00", "2027-01-03 00:00", "Thu 24 Dec - Sat 2 Jan 2027"),
            ("2026-11-25 12:00", "2026-11-25 14:00", "Wed 25 Nov, 12:00-14:00"),
            ("2026-11-25 12:00", "2026-11-26 00:00", "Wed 25 Nov, 12:00-00:00"),
            ("2026-11-25 22:00", "2026-11-26 02:00", "Wed 25 Nov, 22:00 - Thu 26 Nov, 02:00"),
        ],
    )
    def test_given_a_stretch_when_written_then_whole_days_lose_their_times(
        self, start: str, end: str, text: str
    ) -> None:
        span = between(start, end, "Europe/Berlin")

        assert span_text(BERLIN, span) == text

    def test_given_a_day_of_25_hours_when_written_then_it_is_one_day(self) -> None:
        span = between("2026-10-25 00:00", "2026-10-26 00:00", "Europe/Berlin")

        assert span_text(BERLIN, span) == "Sun 25 Oct"

    def test_given_touching_and_overlapping_spans_when_merged_then_they_are_one(self) -> None:
        moments = [at(f"2030-01-07 {hour:02}:00") for hour in range(9, 14)]
        spans = [(moments[1], moments[2]), (moments[0], moments[1]), (moments[3], moments[4])]

        assert merged(spans) == [
            Interval(moments[0], moments[2]),
            Interval(moments[3], moments[4]),
        ]


class TestWrapped:
    def test_given_a_night_when_cut_at_midnight_then_the_rest_is_the_next_days(self) -> None:
        weekly = {5: hours("22-26"), 6: hours("1-3, 22-25")}

        days = wrapped(weekly)

        assert days[5] == [(1320, 1440)]
        assert days[6] == [(0, 180), (1320, 1440)]
        assert days[0] == [(0, 60)]
        assert days[1] == []
