"""Times as a person reads them, in their zone and by their locale."""

from datetime import date, timedelta

import pytest

from builders.people import a_person
from builders.times import at
from wording.times import Reader, city, utc_offset

NOW = at("2026-11-23 09:02")
LISBON = Reader("Europe/Lisbon", "en", NOW)
START, END = at("2026-11-24 15:00"), at("2026-11-24 16:00")


class TestDaysAndTimes:
    def test_given_a_time_when_written_then_the_day_comes_first(self) -> None:
        assert LISBON.range(START, END) == "Tue 24 Nov, 15:00-16:00"
        assert LISBON.day_time(START) == "Tue 24 Nov, 15:00"

    def test_given_another_zone_when_written_then_it_is_that_clock(self) -> None:
        assert LISBON.elsewhere("Europe/Berlin").range(START, END) == "Tue 24 Nov, 16:00-17:00"
        assert LISBON.elsewhere("Asia/Tokyo").day(START) == "Wed 25 Nov"

    def test_given_another_year_when_written_then_it_is_named(self) -> None:
        assert LISBON.day(at("2027-01-04 10:00")) == "Mon 4 Jan 2027"

    def test_given_a_country_of_twelve_hours_when_written_then_so_are_times(self) -> None:
        new_york = Reader("America/New_York", "en", NOW)

        assert new_york.time(START) == "10:00 AM"
        assert new_york.range(START, END) == "Tue 24 Nov, 10:00-11:00 AM"
        assert new_york.time_range(at("2026-11-24 16:30"), at("2026-11-24 17:30")) == (
            "11:30 AM-12:30 PM"
        )

    def test_given_a_locale_with_a_country_then_it_decides_and_not_the_zone(self) -> None:
        assert Reader("Europe/Lisbon", "en-US", NOW).time(START) == "3:00 PM"
        assert Reader("America/New_York", "en-GB", NOW).time(START) == "10:00"

    def test_given_an_hour_that_repeats_when_written_then_it_says_which(self) -> None:
        berlin = Reader("Europe/Berlin", "en", NOW)

        assert berlin.time(at("2026-10-25 00:30")) == "02:30 CEST"
        assert berlin.time(at("2026-10-25 01:30")) == "02:30 CET"
        assert berlin.time(at("2026-10-25 02:30")) == "03:30"

    def test_given_a_zone_without_letters_then_the_repeated_hour_names_its_offset(self) -> None:
        azores = Reader("Atlantic/Azores", "en", NOW)

        assert azores.time(at("2026-10-25 00:30")) == "00:30 UTC"
        assert azores.time(at("2026-10-25 01:30")) == "00:30 UTC-1"

    def test_given_several_days_then_the_end_names_its_day(self) -> None:
        assert LISBON.range(START, at("2026-11-26 15:00")) == (
            "Tue 24 Nov, 15:00 - Thu 26 Nov, 15:00"
        )

    @pytest.mark.parametrize(
        ("moment", "words"),
        [
            ("2026-11-23 09:07", "09:07"),
            ("2026-11-24 11:00", "Tue 11:00"),
            ("2026-11-29 11:00", "Sun 11:00"),
            ("2026-11-30 11:00", "Mon 30 Nov, 11:00"),
            ("2026-11-22 11:00", "Sun 22 Nov, 11:00"),
        ],
    )
    def test_given_a_moment_when_near_then_little_is_said(self, moment: str, words: str) -> None:
        assert LISBON.near(at(moment)) == words

    def test_given_a_stretch_of_days_then_its_months_are_named(self) -> None:
        assert LISBON.months(date(2026, 11, 23), date(2026, 11, 30)) == "Nov 2026"
        assert LISBON.months(date(2026, 11, 23), date(2026, 12, 6)) == "Nov-Dec 2026"
        assert LISBON.months(date(2026, 12, 23), date(2027, 1, 6)) == "Dec 2026-Jan 2027"

    def test_given_a_locale_with_a_country_then_its_week_begins_as_there(self) -> None:
        assert LISBON.first_weekday == 0
        assert Reader("America/New_York", "en-US", NOW).first_weekday == 6


class TestWhatIsLeft:
    @pytest.mark.parametrize(
        ("left", "words"),
        [
            (timedelta(seconds=20), "In 1 minute"),
            (timedelta(minutes=4), "In 4 minutes"),
            (timedelta(minutes=59, seconds=58), "In 1 hour"),
            (timedelta(minutes=75), "In 1 hour 15 min"),
            (timedelta(hours=5), "Today"),
            (timedelta(hours=20), "Tomorrow"),
            (timedelta(days=3), ""),
            (timedelta(), ""),
        ],
    )
    def test_given_time_left_when_said_then_it_is_what_is_left(
        self, left: timedelta, words: str
    ) -> None:
        assert LISBON.ahead(NOW + left) == words

    def test_given_lengths_then_they_read_short_or_long(self) -> None:
        assert LISBON.length(timedelta(hours=1)) == "1 hour"
        assert LISBON.short_length(timedelta(minutes=60)) == "60 min"
        assert LISBON.short_length(timedelta(hours=4)) == "4 h"
        assert LISBON.short_length(timedelta(days=60)) == "60 days"
        assert LISBON.short_length(timedelta(minutes=150)) == "2 h 30 min"


class TestPlaces:
    @pytest.mark.parametrize(
        ("zone", "name"),
        [
            ("Europe/Lisbon", "Lisbon"),
            ("America/Argentina/Buenos_Aires", "Buenos Aires"),
            ("America/Sao_Paulo", "São Paulo"),
            ("America/New_York", "New York"),
            ("UTC", "UTC"),
            ("Etc/GMT-3", "UTC+3"),
        ],
    )
    def test_given_a_zone_then_it_is_called_by_its_city(self, zone: str, name: str) -> None:
        assert city(zone) == name

    def test_given_a_zone_then_its_distance_from_utc_can_be_said(self) -> None:
        assert utc_offset("Europe/Berlin", NOW) == "UTC+1"
        assert utc_offset("Asia/Kolkata", NOW) == "UTC+5:30"
        assert utc_offset("America/St_Johns", NOW) == "UTC-3:30"
        assert utc_offset("Europe/Lisbon", NOW) == "UTC"

    def test_given_somebody_without_a_zone_then_times_are_utc_by_name(self) -> None:
        reader = Reader.of(a_person(zone=None), NOW)

        assert (reader.city, reader.time(START)) == ("UTC", "15:00")
