"""The hours line: a table of phrases, a table of refusals, and what holds for any text."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduling.grammar.hours_line import (
    HoursLine,
    HoursNotUnderstood,
    MinuteRange,
    format_hours_line,
    parse_hours_line,
)
from scheduling.grammar.words import ENGLISH

TODAY = date(2026, 11, 18)  # a Wednesday
PIECES = [*ENGLISH, "9", "17", "9-5", "14-1x", "9:30", "24.12.", "2026-12-24", ";", ",", "-", "Ana"]


def corpus(name: str) -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("=>") for line in lines if line and not line.startswith("#")]
    return [(typed[:-1], expected.strip()) for typed, expected in rows]


def words_of(text: str) -> list[str]:
    return sorted(re.findall(r"\w+", text))


def attempt(text: str) -> HoursLine | HoursNotUnderstood:
    try:
        return parse_hours_line(text, today=TODAY)
    except HoursNotUnderstood as refusal:
        return refusal


@st.composite
def day_hours(draw: st.DrawFn) -> tuple[MinuteRange, ...]:
    """Ranges of a day in order, apart from each other; the last may cross midnight."""
    edges = sorted(draw(st.sets(st.integers(0, 1439), max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    ranges = [MinuteRange(start, end) for start, end in pairs]
    crosses_midnight = draw(st.booleans())
    if ranges and crosses_midnight:
        longest = ranges[-1].start + 1440
        ranges[-1] = MinuteRange(
            ranges[-1].start, draw(st.integers(ranges[-1].end, longest) | st.just(longest))
        )
    return tuple(ranges)


dates = st.dates(date(2020, 1, 1), date(2040, 1, 1))
hours_lines = st.builds(
    HoursLine,
    weekly=st.dictionaries(st.integers(0, 6), day_hours(), min_size=1),
    dated=st.dictionaries(dates, day_hours(), max_size=4),
    until=st.none() | dates,
)


class TestParseHoursLine:
    @pytest.mark.parametrize(("typed", "canonical"), corpus("hours_corpus.txt"))
    def test_given_a_phrase_when_parsed_then_it_means_its_canonical_form(
        self, typed: str, canonical: str
    ) -> None:
        line = parse_hours_line(typed, today=TODAY)

        assert format_hours_line(line) == canonical
        assert parse_hours_line(canonical, today=TODAY) == line

    @pytest.mark.parametrize(("typed", "answer"), corpus("hours_refused.txt"))
    def test_given_a_slip_when_parsed_then_it_says_what_was_understood_and_what_to_try(
        self, typed: str, answer: str
    ) -> None:
        with pytest.raises(HoursNotUnderstood) as refusal:
            parse_hours_line(typed, today=TODAY)

        said = refusal.value
        parts = [part.strip() for part in answer.split("|")]
        assert [said.understood, said.not_understood, said.suggestion] == parts
        parse_hours_line(said.suggestion, today=TODAY)

    def test_given_values_when_parsed_then_they_are_minutes_by_weekday_and_date(self) -> None:
        line = parse_hours_line("mon 22-02; tue off; 24 dec 10-12 until 31 dec", today=TODAY)

        assert line == HoursLine(
            weekly={0: (MinuteRange(1320, 1560),), 1: ()},
            dated={date(2026, 12, 24): (MinuteRange(600, 720),)},
            until=date(2026, 12, 31),
        )

    def test_given_several_lines_when_parsed_then_each_is_a_clause(self) -> None:
        line = parse_hours_line("mon 9-12\r\n\ntue\u00a010-12\n", today=TODAY)

        assert format_hours_line(line) == "mon 09:00-12:00; tue 10:00-12:00"

    @pytest.mark.parametrize("text", ["", "   ", "\n"])
    def test_given_nothing_when_parsed_then_an_example_is_offered(self, text: str) -> None:
        with pytest.raises(HoursNotUnderstood) as refusal:
            parse_hours_line(text, today=TODAY)

        assert refusal.value.suggestion == "mon-fri 9-17"

    def test_given_marks_nobody_sees_when_parsed_then_they_are_spelled_out(self) -> None:
        with pytest.raises(HoursNotUnderstood) as refusal:
            parse_hours_line("mon 9-17\x00 tue \u202e9-17", today=TODAY)

        assert refusal.value.not_understood == "9-17U+0000 U+202E9-17"
        assert refusal.value.suggestion == "mon 9-17 tue 9-17"

    @pytest.mark.parametrize(
        "text", ["x" * 5000, "mon 9-17, " * 500, "mon 9-10 x " * 90, "x " * 499, "1" * 999]
    )
    def test_given_an_endless_text_when_parsed_then_it_is_refused_all_the_same(
        self, text: str
    ) -> None:
        with pytest.raises(HoursNotUnderstood) as refusal:
            parse_hours_line(text, today=TODAY)

        parse_hours_line(refusal.value.suggestion, today=TODAY)

    @given(st.text() | st.lists(st.sampled_from(PIECES)).map(" ".join))
    @example("mon 9-17 until")
    @example("24-")
    @example("0000-01-01 off")
    def test_given_any_text_when_parsed_then_all_of_it_is_read_or_named(self, text: str) -> None:
        said = attempt(text)

        if isinstance(said, HoursLine):
            assert parse_hours_line(format_hours_line(said), today=TODAY) == said
        else:
            assert isinstance(attempt(said.suggestion), HoursLine)
            if text.isascii() and text.isprintable():
                named = f"{said.understood} {said.not_understood}"
                assert words_of(named) == words_of(text)


class TestFormatHoursLine:
    @given(hours_lines)
    def test_given_any_line_when_formatted_then_it_parses_back(self, line: HoursLine) -> None:
        text = format_hours_line(line)

        assert parse_hours_line(text, today=TODAY) == line

    def test_given_more_than_a_year_off_when_formatted_then_it_parses_back(self) -> None:
        days = [date(2026, 1, 1) + timedelta(days=step) for step in range(1000)]
        line = HoursLine(weekly={}, dated=dict.fromkeys(days, ()))

        text = format_hours_line(line)

        assert parse_hours_line(text, today=TODAY) == line


class TestMinuteRange:
    @pytest.mark.parametrize(("start", "end"), [(-1, 5), (1440, 1500), (60, 60), (60, 1501)])
    def test_given_minutes_outside_a_day_when_made_then_it_is_refused(
        self, start: int, end: int
    ) -> None:
        with pytest.raises(ValueError, match="not a range"):
            MinuteRange(start, end)
