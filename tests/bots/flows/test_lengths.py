"""Lengths and numbers as people type them."""

from datetime import timedelta

import pytest

from bots.flows.lengths import read_length, read_lengths, read_number


class TestLength:
    @pytest.mark.parametrize(
        ("text", "minutes"),
        [
            ("45", 45),
            ("45 min", 45),
            ("45m", 45),
            ("1h", 60),
            ("1 h 30", 90),
            ("1h30", 90),
            ("1.5 hours", 90),
            ("2 Days", 2880),
            ("half an hour", 30),
            ("1 week", 10080),
        ],
    )
    def test_given_a_length_when_read_then_it_is_understood(self, text: str, minutes: int) -> None:
        assert read_length(text) == timedelta(minutes=minutes)

    def test_given_a_bare_number_when_the_unit_is_a_day_then_it_counts_days(self) -> None:
        assert read_length("30", unit=1440) == timedelta(days=30)

    @pytest.mark.parametrize("text", ["", "soon", "45 cups", "-5", "1:30", "four", "10 min please"])
    def test_given_anything_else_when_read_then_it_is_none(self, text: str) -> None:
        assert read_length(text) is None


class TestLengths:
    def test_given_several_when_read_then_the_longest_comes_first(self) -> None:
        leads = read_lengths("10 min, 1 day and 1 h")

        assert leads == (timedelta(days=1), timedelta(hours=1), timedelta(minutes=10))

    @pytest.mark.parametrize("text", ["none", " No ", "0"])
    def test_given_a_word_for_none_when_read_then_there_are_none(self, text: str) -> None:
        assert read_lengths(text) == ()

    @pytest.mark.parametrize("text", ["", "1 h, soon", "1 h, 60 min"])
    def test_given_nonsense_or_doubles_when_read_then_it_is_none(self, text: str) -> None:
        assert read_lengths(text) is None


class TestNumber:
    @pytest.mark.parametrize(("text", "number"), [("4", 4), (" 12 ", 12), ("none", 0)])
    def test_given_a_number_when_read_then_it_is_understood(self, text: str, number: int) -> None:
        assert read_number(text) == number

    @pytest.mark.parametrize("text", ["four", "-1", "1.5", "12345", "٣", ""])
    def test_given_anything_else_when_read_then_it_is_none(self, text: str) -> None:
        assert read_number(text) is None
