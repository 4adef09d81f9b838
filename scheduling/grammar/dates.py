"""Dates as people write them, with or without a year."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from scheduling.grammar.lexer import Cursor, Token
from scheduling.grammar.words import MONTH_NAMES

SEPARATORS = ("dash", "to", "until")
LONGEST_DAYS = 366
_LONGEST_OVER_NEW_YEAR_DAYS = 183  # "10 dec - 5 dec" is a slip, not most of a year


@dataclass(frozen=True, slots=True)
class DayName:
    """A day of a month, of a year or of whichever year comes."""

    day: int
    month: int
    year: int | None = None

    def on_or_after(self, day: date) -> date | None:
        """Return the first such date from `day` on, or the one of its year; None if none is."""
        return self._find([self.year] if self.year else range(day.year, day.year + 9), since=day)

    def on_or_before(self, day: date) -> date | None:
        """Return the last such date up to `day`, or the one of its year; None if none is."""
        return self._find([self.year] if self.year else range(day.year, day.year - 9, -1), to=day)

    def _find(
        self, years: list[int] | range, *, since: date = date.min, to: date = date.max
    ) -> date | None:
        for year in years:
            try:
                found = date(year, self.month, self.day)
            except ValueError:
                continue
            if self.year or since <= found <= to:
                return found
        return None

    def written(self, *, existing: bool = False) -> str:
        """Return it as a person would type it, moved to a day that exists if so asked."""
        month, year = min(max(self.month, 1), 12), self.year or 2001
        day = min(max(self.day, 1), monthrange(year, month)[1]) if existing else self.day
        return f"{day} {MONTH_NAMES[month - 1]}" + (f" {self.year}" if self.year else "")


def read_day_name(cursor: Cursor) -> DayName | None:
    """Read '2026-12-24', '24.12.', '24.12.2026', '24th of dec 2026' or 'dec 24'."""
    if token := cursor.take("iso", "dotted"):
        numbers = token.numbers if token.kind == "dotted" else token.numbers[::-1]
        if token.kind == "iso" and not token.numbers[0]:
            raise cursor.stuck(cursor.at - 1, through=cursor.at - 1)
        return DayName(*numbers)
    return _day_then_month(cursor) or _month_then_day(cursor)


def dotted_name(token: Token) -> DayName | None:
    """Return the date that '24.12' may be; None for what can only be a time, like '9.30'."""
    if token.kind != "num" or "." not in token.text:
        return None
    day, month = token.numbers
    return DayName(day, month) if 1 <= day <= 31 and 1 <= month <= 12 else None


def read_dates(cursor: Cursor, today: date) -> tuple[date, date] | None:
    """Read one date or a range of them ('24 dec - 2 jan', '24-26 dec', 'dec 24-26').

    A date without a year is the next one; a range without years is the one that ends next,
    so that it may have begun. Raises Stuck for a day that no calendar has and for a range
    that ends before it begins.
    """
    since = cursor.at
    first = _first_of_range(cursor) or read_day_name(cursor)
    if first is None:
        return None
    before = cursor.at
    last = None
    if cursor.take(*SEPARATORS):
        last = read_day_name(cursor)
        if last is None and cursor.tokens[since].kind == "month" and (day := _day(cursor)):
            last = DayName(day, first.month, first.year)
    if last is None:
        cursor.at = before
        return _one(cursor, since, first, today)
    return _range(cursor, since, first, last, today)


def _one(cursor: Cursor, since: int, name: DayName, today: date) -> tuple[date, date]:
    day = name.on_or_after(today)
    if day is None:
        raise cursor.stuck(since, name.written(existing=True), through=cursor.at - 1)
    return day, day


def _range(
    cursor: Cursor, since: int, first: DayName, last: DayName, today: date
) -> tuple[date, date]:
    from_year = first.on_or_after(today) if first.year else None
    end = last.on_or_after(from_year or today)
    start = first.on_or_before(end) if end else None
    if start is None or end is None:
        repaired = f"{first.written(existing=True)} - {last.written(existing=True)}"
        raise cursor.stuck(since, repaired, through=cursor.at - 1)
    yearless = first.year is None and last.year is None and start.year != end.year
    longest = _LONGEST_OVER_NEW_YEAR_DAYS if yearless else LONGEST_DAYS
    if not 0 <= (end - start).days <= longest:
        swapped = f"{last.written()} - {first.written()}"
        raise cursor.stuck(since, swapped, through=cursor.at - 1)
    return start, end


def _day(cursor: Cursor) -> int | None:
    """Read '24' or '24th', but not the '24' of '24:00', '24h' or '24x'."""
    before = cursor.at
    token = cursor.take("num")
    if token and len(token.numbers) == 1 and 1 <= token.number <= 31:
        cursor.take("ordinal")
        after = cursor.peek()
        loose = not after.attached or after.kind in ("month", "dash", "comma", "semi")
        if loose and after.kind not in ("clock half", "unit", "o'clock"):
            return token.number
    cursor.at = before
    return None


def _first_of_range(cursor: Cursor) -> DayName | None:
    """Read the '24' of '24-26 dec', with its dash still to come."""
    before = cursor.at
    if day := _day(cursor):
        after_day = cursor.at
        if cursor.take(*SEPARATORS) and (last := _day_then_month(cursor)):
            cursor.at = after_day
            return DayName(day, last.month, last.year)
    cursor.at = before
    return None


def _day_then_month(cursor: Cursor) -> DayName | None:
    before = cursor.at
    if day := _day(cursor):
        cursor.take("filler")
        if month := cursor.take("month"):
            return DayName(day, month.number, _year(cursor))
    cursor.at = before
    return None


def _month_then_day(cursor: Cursor) -> DayName | None:
    before = cursor.at
    # "jan 5 dec" is somebody's name and then 5 December.
    if (month := cursor.take("month")) and (day := _day(cursor)) and cursor.peek().kind != "month":
        if cursor.peek().kind == "comma" and cursor.peek(1).kind == "year":
            cursor.at += 1
        return DayName(day, month.number, _year(cursor))
    cursor.at = before
    return None


def _year(cursor: Cursor) -> int | None:
    token = cursor.take("year")
    return token.number if token else None
