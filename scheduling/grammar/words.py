"""The words of time in one language, as a table; another language is another table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase stands for: a kind the grammars know, and its numbers."""

    kind: str
    numbers: tuple[int, ...] = ()


Vocabulary = Mapping[str, Meaning]

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTH_NAMES = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)


def _each(kind: str, rows: Iterable[str], first: int) -> dict[str, Meaning]:
    return {
        phrase: Meaning(kind, (number,))
        for number, row in enumerate(rows, first)
        for phrase in row.split()
    }


def _same(kind: str, phrases: str, *numbers: int) -> dict[str, Meaning]:
    """Give all phrases, parted by commas, one meaning."""
    return {phrase.strip(): Meaning(kind, numbers) for phrase in phrases.split(",")}


ENGLISH: Vocabulary = {
    **_each(
        "days",
        (
            "mon monday mondays",
            "tue tues tuesday tuesdays",
            "wed weds wednesday wednesdays",
            "thu thur thurs thursday thursdays",  # codespell:ignore thur
            "fri friday fridays",
            "sat saturday saturdays",
            "sun sunday sundays",
        ),
        0,
    ),
    # Two letters name a day among hours only: elsewhere Mo and Su are people.
    **_each("short day", ("mo", "tu", "we", "th", "fr", "sa", "su"), 0),
    **_same("days", "weekdays, workdays, working days", 0, 1, 2, 3, 4),
    **_same("days", "daily, every day, everyday, each day, all week", 0, 1, 2, 3, 4, 5, 6),
    **_same("weekend", "weekend, weekends", 5, 6),
    **_each(
        "month",
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june"),
            *("jul july", "aug august", "sep sept september", "oct october"),
            *("nov november", "dec december"),
        ),
        1,
    ),
    **_each("number", ("one", "two", "three", "four", "five", "six", "seven"), 1),
    **_each("number", ("eight", "nine", "ten", "eleven", "twelve"), 8),
    **_same("number", "twenty", 20),
    **_same("article", "a, an", 1),
    **_same("unit", "h, hr, hrs, hour, hours", 60),
    **_same("unit", "m, min, mins, minute, minutes", 1),
    **_same("span", "half an hour, half hour", 30),
    **_same("long unit", "day, days", 1),
    **_same("long unit", "week, weeks", 7),
    **_same("clock half", "am, a.m., a.m", 0),
    **_same("clock half", "pm, p.m., p.m", 720),
    **_same("o'clock", "o'clock, o’clock, oclock"),  # codespell:ignore oclock
    **_same("clock", "noon, midday", 720),
    **_same("clock", "midnight", 0),
    **_same("fraction", "half", 30),
    **_same("fraction", "quarter, a quarter", 15),
    **_same("past", "past"),
    **_same("ordinal", "st, nd, rd, th"),  # codespell:ignore nd
    **_same("relative day", "today", 0),
    **_same("relative day", "tomorrow, tmrw, tmr", 1),
    **_same("relative day", "the day after tomorrow, day after tomorrow", 2),
    **_same("relative day", "yesterday", -1),
    **_same("part", "morning", 0),
    **_same("part", "afternoon", 1),
    **_same("part", "evening, night", 2),
    **_same("tonight", "tonight", 2),
    **_same("this", "this", 0),
    **_same("this", "next", 1),
    **_same("all day", "all day, around the clock"),
    **_same("next day", "next day, the next day"),
    **_same("off", "off, closed, none, unavailable"),
    **_same("except", "except, except for, but not, without"),
    **_same("to", "to"),
    **_same("until", "until, till, til, through, thru"),
    **_same("and", "and"),
    **_same("between", "between"),
    **_same("in", "in"),
    **_same("at", "at, around, from, @"),
    **_same("filler", "on, the, of, for, every, each"),
}
