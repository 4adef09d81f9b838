"""From words about time to the stretch that is meant, in the coach's zone."""

from datetime import timedelta

import pytest

from bots.flows.spans import off_span, opening_span
from builders.times import at, between
from scheduling.errors import HoursRefused
from scheduling.grammar.when import parse_when
from scheduling.moments import Interval
from wording.times import Reader

BERLIN = "Europe/Berlin"
NOW = at("2026-11-23 10:02", BERLIN)
READER = Reader(BERLIN, "en", NOW)
TWO_HOURS = timedelta(hours=2)


def opening(text: str, reader: Reader = READER) -> Interval | None:
    when = parse_when(text, now=reader.local(reader.now))
    return opening_span(when, reader, TWO_HOURS)


def off(text: str, reader: Reader = READER) -> Interval:
    return off_span(parse_when(text, now=reader.local(reader.now)), reader)


class TestOpening:
    @pytest.mark.parametrize(
        ("text", "start", "end"),
        [
            ("sat 10:00 2h", "2026-11-28 10:00", "2026-11-28 12:00"),
            ("sat 10:00", "2026-11-28 10:00", "2026-11-28 12:00"),
            ("sat 10:00 90 min", "2026-11-28 10:00", "2026-11-28 11:30"),
            ("sat 10-13", "2026-11-28 10:00", "2026-11-28 13:00"),
            ("15:00", "2026-11-23 15:00", "2026-11-23 17:00"),
            ("08:00", "2026-11-24 08:00", "2026-11-24 10:00"),
        ],
    )
    def test_given_a_line_when_read_then_it_is_two_hours_unless_said(
        self, text: str, start: str, end: str
    ) -> None:
        assert opening(text) == between(start, end, BERLIN)

    def test_given_an_end_before_its_beginning_when_read_then_it_is_refused_not_made_a_night(
        self,
    ) -> None:
        with pytest.raises(HoursRefused, match="backwards"):
            opening("sat 18-16")

        assert opening("sat 22-2") == between("2026-11-28 22:00", "2026-11-29 02:00", BERLIN)

    def test_given_a_day_alone_when_read_then_the_time_is_missing(self) -> None:
        assert opening("sat") is None

    def test_given_several_days_when_read_then_it_is_too_long(self) -> None:
        with pytest.raises(HoursRefused) as refused:
            opening("24 dec - 26 dec 10:00")

        assert refused.value.problem == "too_long"

    def test_given_a_time_in_a_spring_gap_when_read_then_it_does_not_exist(self) -> None:
        with pytest.raises(HoursRefused) as refused:
            opening("28 mar 2027 02:30 1h")

        assert refused.value.problem == "gap"


class TestOff:
    @pytest.mark.parametrize(
        ("text", "start", "end"),
        [
            ("wed", "2026-11-25 00:00", "2026-11-26 00:00"),
            ("24 dec - 2 jan", "2026-12-24 00:00", "2027-01-03 00:00"),
            ("tomorrow 12-14", "2026-11-24 12:00", "2026-11-24 14:00"),
            ("tomorrow afternoon", "2026-11-24 12:00", "2026-11-24 18:00"),
            ("tomorrow 15:00", "2026-11-24 15:00", "2026-11-25 00:00"),
        ],
    )
    def test_given_a_line_when_read_then_it_is_days_or_hours_of_one(
        self, text: str, start: str, end: str
    ) -> None:
        assert off(text) == between(start, end, BERLIN)

    def test_given_today_when_read_then_it_begins_now(self) -> None:
        assert off("today") == between("2026-11-23 10:02", "2026-11-24 00:00", BERLIN)

    def test_given_hours_that_are_over_when_read_then_they_are_refused(self) -> None:
        with pytest.raises(HoursRefused) as refused:
            off("today 8-9")

        assert refused.value.problem == "past"

    def test_given_the_day_the_clocks_go_back_when_read_then_it_has_25_hours(self) -> None:
        span = off("31 oct 2027")

        assert span.length == timedelta(hours=25)
