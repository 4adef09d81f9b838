"""When: a table of phrases, a table of refusals, and what holds for any text."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduling.grammar.when import When, WhenNotUnderstood, parse_when
from scheduling.grammar.words import ENGLISH

NOW = datetime(2026, 11, 18, 14, 7, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # a Wednesday
PIECES = [*ENGLISH, "9", "17:00", "9-5", "14-1x", "9.30", "10.12", "24.12.", "2026-12-24", "Ana"]
PHRASES = ["tomorrow 17:00", "next tue afternoon", "24 dec 9am", "sat 10:00 2h", "24 dec - 2 jan"]


def corpus(name: str) -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("=>") for line in lines if line and not line.startswith("#")]
    return [(typed.strip(), expected.strip()) for typed, expected in rows]


def told(when: When) -> str:
    """What was said, in the words of the corpus."""
    if when.readings:
        assert told(when.readings[0]) == told(
            When(when.on, when.last, when.at, when.until, when.part, when.duration, when.leftover)
        )
        return " / ".join(map(told, when.readings))
    parts = [
        f"on {when.on}" if when.on else "",
        f"to {when.last}" if when.last else "",
        f"at {clock(when.at)}" if when.at is not None else "",
        f"until {clock(when.until)}" if when.until is not None else "",
        when.part or "",
        f"for {when.duration}" if when.duration else "",
        f"left {when.leftover}" if when.leftover else "",
    ]
    return " ".join(part for part in parts if part)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def attempt(text: str) -> When | WhenNotUnderstood:
    try:
        return parse_when(text, now=NOW)
    except WhenNotUnderstood as refusal:
        return refusal


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


class TestParseWhen:
    @pytest.mark.parametrize(("typed", "expected"), corpus("when_corpus.txt"))
    def test_given_a_phrase_when_parsed_then_it_says_what_was_meant(
        self, typed: str, expected: str
    ) -> None:
        when = parse_when(typed, now=NOW)

        assert told(when) == expected

    @pytest.mark.parametrize(("typed", "answer"), corpus("when_refused.txt"))
    def test_given_a_slip_when_parsed_then_it_says_what_was_understood_and_what_to_try(
        self, typed: str, answer: str
    ) -> None:
        with pytest.raises(WhenNotUnderstood) as refusal:
            parse_when(typed, now=NOW)

        said = refusal.value
        parts = [part.strip() for part in answer.split("|")]
        assert [said.understood, said.not_understood, said.suggestion] == parts
        assert isinstance(attempt(said.suggestion), When)

    @pytest.mark.parametrize(
        ("today", "phrase", "expected"),
        [
            (16, "mon", 23),  # Monday: a bare weekday is after today
            (16, "this mon", 16),
            (16, "next mon", 23),
            (16, "next tue", 24),  # not tomorrow, which lies in the present week
            (22, "tue", 24),  # Sunday: the coming Tuesday is already in the next week
            (22, "next tue", 24),
            (22, "next sun", 29),
            (22, "weekend", 22),
        ],
    )
    def test_given_a_weekday_when_parsed_then_weeks_run_from_monday_to_sunday(
        self, today: int, phrase: str, expected: int
    ) -> None:
        when = parse_when(phrase, now=NOW.replace(day=today))

        assert when.on == date(2026, 11, expected)

    def test_given_a_clock_change_when_hours_are_added_then_real_hours_pass(self) -> None:
        before_summer = datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))

        when = parse_when("in 1 hour", now=before_summer)

        assert told(when) == "on 2027-03-28 at 03:30"

    def test_given_a_range_under_way_when_parsed_then_it_has_begun(self) -> None:
        when = parse_when("24 dec - 2 jan", now=NOW.replace(month=12, day=28))

        assert (when.on, when.last) == (date(2026, 12, 24), date(2027, 1, 2))

    @pytest.mark.parametrize("mark", ["\x00", "\u202e", "\u2066", "\ud800"])
    def test_given_a_mark_nobody_sees_when_parsed_then_it_is_spelled_out(self, mark: str) -> None:
        with pytest.raises(WhenNotUnderstood) as refusal:
            parse_when(f"ana {mark} tomorrow", now=NOW)

        assert refusal.value.not_understood == f"U+{ord(mark):04X}"
        assert refusal.value.suggestion == "ana tomorrow"

    @pytest.mark.parametrize("text", ["", " ", "\n", "x" * 5000, "x " * 249, "mon " * 125])
    def test_given_nothing_or_too_much_when_parsed_then_something_to_try_is_offered(
        self, text: str
    ) -> None:
        with pytest.raises(WhenNotUnderstood) as refusal:
            parse_when(text, now=NOW)

        assert isinstance(attempt(refusal.value.suggestion), When)

    def test_given_a_mark_that_came_with_a_paste_when_parsed_then_it_is_no_name(self) -> None:
        when = parse_when("\ufefftomorrow\u200b", now=NOW)

        assert told(when) == "on 2026-11-19"

    @given(
        st.lists(st.sampled_from(["Ana", "piano", "Jean-Luc", "K2", "Ölçer", "🙂"]), max_size=3),
        st.sampled_from(PHRASES),
        st.lists(st.sampled_from(["Bo", "lesson", "O'Brien", "मीरा"]), max_size=3),
    )
    def test_given_names_around_a_time_when_parsed_then_they_are_left_as_typed(
        self, before: list[str], phrase: str, after: list[str]
    ) -> None:
        when = parse_when(" ".join([*before, phrase, *after]), now=NOW)

        assert when.leftover == " ".join([*before, *after])
        assert told(when).removesuffix(f" left {when.leftover}") == told(
            parse_when(phrase, now=NOW)
        )

    @given(st.text() | st.lists(st.sampled_from(PIECES)).map(" ".join))
    @example("0001-01-01T00:00+14:00")
    @example("in 999 min")
    @example("until")
    def test_given_any_text_when_parsed_then_all_of_it_is_read_left_or_named(
        self, text: str
    ) -> None:
        said = attempt(text)

        if isinstance(said, When):
            left = words_of(said.leftover)
            assert [word for word in left if word not in words_of(text)] == []
            assert (said.on, said.at, said.part, said.duration) != (None, None, None, None)
        else:
            assert isinstance(attempt(said.suggestion), When)
            if text.isascii() and text.isprintable():
                named = f"{said.understood} {said.not_understood}"
                assert sorted(words_of(named)) == sorted(words_of(text))

    @given(st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001
    def test_given_any_minute_in_iso_when_parsed_then_it_is_that_minute(
        self, moment: datetime
    ) -> None:
        when = parse_when(moment.isoformat(timespec="minutes")[:16], now=NOW)

        assert when.on == moment.date()
        assert when.at == timedelta(hours=moment.hour, minutes=moment.minute) // timedelta(
            minutes=1
        )
