"""The hours line: a week of opening hours, and dates that differ, in one typed line."""

from datetime import date, timedelta
from difflib import get_close_matches

from scheduling.grammar.clocks import (
    DAY,
    MinuteRange,
    likely_end,
    range_readings,
    read_clock,
    short,
)
from scheduling.grammar.dates import SEPARATORS, read_dates, read_day_name
from scheduling.grammar.hours_text import HoursLine, Ranges, format_hours_line
from scheduling.grammar.lexer import Cursor, normalized
from scheduling.grammar.refusal import NotUnderstood, Stuck, explain, shortened
from scheduling.grammar.words import DAY_NAMES, ENGLISH

__all__ = [
    "HoursLine",
    "HoursNotUnderstood",
    "MinuteRange",
    "format_hours_line",
    "parse_hours_line",
]

_LONGEST_TEXT = 1000
_EXAMPLE = "mon-fri 9-17"
_SKIPPED = frozenset({"mark", "filler", "at"})
_DAY_KINDS = ("days", "short day", "weekend")
_JOINTS = ("comma", "and")
_KNOWN = [
    phrase
    for phrase, meaning in ENGLISH.items()
    if meaning.kind in ("days", "weekend", "month", "off", "except", "until", "clock", "all day")
]


class HoursNotUnderstood(NotUnderstood):
    """The hours line could not be read."""


def parse_hours_line(text: str, *, today: date) -> HoursLine:
    """Read an hours line; a date without a year is the next one from `today` on.

    Later hours of a day replace earlier ones. Hours that can be meant in two ways ("9-5") are
    not guessed: the suggestion says the likelier one outright.

    Raises:
        HoursNotUnderstood: any part of the text was not understood.
    """
    if len(text) > _LONGEST_TEXT:
        raise HoursNotUnderstood("", shortened(text), _EXAMPLE)
    plain = normalized(text)

    def read(attempt: str) -> HoursLine:
        return _Reader(attempt, today).line()

    try:
        return read(plain)
    except Stuck:
        raise HoursNotUnderstood(*explain(plain, read, _EXAMPLE)) from None


class _Reader:
    """Reads one attempt at a line; every method raises Stuck where it cannot go on."""

    def __init__(self, text: str, today: date) -> None:
        self._cursor = Cursor(text, _SKIPPED)
        self._today = today
        self._weekly: dict[int, Ranges] = {}
        self._dated: dict[date, Ranges] = {}
        self._until: date | None = None

    def line(self) -> HoursLine:
        while not self._cursor.done:
            if self._cursor.take("semi", *_JOINTS):
                continue
            if self._cursor.take("until"):
                self._read_until()
            else:
                self._read_clause()
        if not self._weekly and not self._dated:
            raise Stuck(0, 0, (_EXAMPLE,))
        return HoursLine(self._weekly, self._dated, self._until)

    def _read_until(self) -> None:
        since = self._cursor.at - 1
        name = read_day_name(self._cursor)
        day = name.on_or_after(self._today) if name else None
        if name and day is None:
            repaired = f"until {name.written(existing=True)}"
            raise self._cursor.stuck(since, repaired, through=self._cursor.at - 1)
        if day is None or self._until:
            raise self._cursor.stuck(since)
        self._until = day

    def _read_clause(self) -> None:
        before = self._cursor.at
        closes = self._cursor.take("off") is not None
        days, dates = self._heads()
        if not days and not dates:
            self._cursor.at = before
            raise self._lost("mon-fri", before=("num", "clock", "between", "all day", "off"))
        ranges = () if closes else self._body()
        self._weekly.update(dict.fromkeys(days, ranges))
        self._dated.update(dict.fromkeys(dates, ranges))
        while self._cursor.take("except"):
            self._read_except(days, dates)

    def _heads(self) -> tuple[list[int], list[date]]:
        """Read the days and dates that hours follow; both empty when there are none."""
        days: list[int] = []
        dates: list[date] = []
        while True:
            before = self._cursor.at
            if days or dates:
                self._cursor.take(*_JOINTS)
            if spanned := read_dates(self._cursor, self._today):
                dates += _each_date(*spanned)
            elif found := self._weekdays():
                if (dated := self._date_of(found, before)) is not None:
                    dates.append(dated)
                else:
                    days += found
            else:
                self._cursor.at = before
                return days, dates

    def _weekdays(self) -> list[int]:
        """Read 'mon', 'weekdays' or 'sat-mon'."""
        cursor = self._cursor
        first = cursor.take(*_DAY_KINDS)
        if first is None:
            return []
        before = cursor.at
        if cursor.take(*SEPARATORS):
            last = cursor.take("days", "short day")
            if last and len(first.numbers) == len(last.numbers) == 1:
                count = (last.number - first.number) % 7 + 1
                return [(first.number + step) % 7 for step in range(count)]
            if cursor.peek().kind == "word":
                raise self._lost("fri")
            if cursor.peek(-1).kind != "dash" or cursor.peek().kind not in ("num", "clock"):
                cursor.at = before  # else the dash only parts the day from its hours: "mon - 9-17"
        return list(first.numbers)

    def _date_of(self, days: list[int], since: int) -> date | None:
        """Read the date in 'thu 24 dec', whose weekday must be right."""
        cursor = self._cursor
        spanned = read_dates(cursor, self._today) if len(days) == 1 else None
        if spanned is None:
            return None
        if spanned[0] != spanned[1] or spanned[0].weekday() != days[0]:
            weekday = next(one for one in cursor.tokens[since:] if one.kind in _DAY_KINDS)
            raise Stuck(weekday.start, weekday.end, (DAY_NAMES[spanned[0].weekday()],))
        return spanned[0]

    def _body(self) -> Ranges:
        """Read the hours after the days; raises Stuck if there are none."""
        cursor = self._cursor
        if cursor.take("off"):
            return ()
        if cursor.take("all day"):
            return (MinuteRange(0, DAY),)
        if cursor.peek().text == "24" and cursor.peek(1).numbers == (60,):
            cursor.at += 2
            return (MinuteRange(0, DAY),)
        ranges = self._ranges()
        if not ranges:
            raise self._lost("9-17")
        return ranges

    def _ranges(self) -> Ranges:
        """Read ranges of hours, merged; () when there are none."""
        cursor, since = self._cursor, self._cursor.at
        ranges: list[MinuteRange] = []
        while True:
            before = cursor.at
            if ranges:
                cursor.take(*_JOINTS)
            found = None if self._date_ahead() else self._range()
            if found is None:
                cursor.at = before
                break
            ranges.append(found)
        merged = _merged([(item.start, item.end) for item in ranges])
        if any(end - start > DAY for start, end in merged):
            raise cursor.stuck(since, "all day", through=cursor.at - 1)
        return tuple(MinuteRange(start, end) for start, end in merged)

    def _date_ahead(self) -> bool:
        before = self._cursor.at
        ahead = read_dates(self._cursor, self._today) is not None
        self._cursor.at = before
        return ahead

    def _range(self) -> MinuteRange | None:
        cursor = self._cursor
        separators = (*SEPARATORS, "and") if cursor.take("between") else SEPARATORS
        since = cursor.at
        start = read_clock(cursor)
        if start is None:
            if cursor.peek().kind == "num":
                raise cursor.stuck(since, through=since)
            return None
        typed = cursor.text[cursor.tokens[since].start : cursor.peek(-1).end]
        hint = f"{typed}-{likely_end(start.minute)}"
        if not cursor.take(*separators):
            raise cursor.stuck(since, hint, through=cursor.at - 1)
        end = read_clock(cursor)
        if end is None:
            raise cursor.stuck(since, hint)
        readings = range_readings(start, end)
        if cursor.take("next day") and end.minute <= start.minute < DAY:
            return MinuteRange(start.minute, end.minute + DAY)
        if cursor.peek(-1).kind == "next day" or len(readings) != 1:
            hints = [f"{short(one.start)}-{short(one.end)}" for one in readings[:1]] or [hint]
            raise cursor.stuck(since, *hints, through=cursor.at - 1)
        return readings[0]

    def _read_except(self, days: list[int], dates: list[date]) -> None:
        """Take hours off the clause, or close some of its days, or dates."""
        cursor, since = self._cursor, self._cursor.at - 1
        but_days, but_dates = self._heads()
        hours = self._ranges()
        if not (but_days or but_dates or hours):
            raise self._lost("12-13")
        if not set(but_days) <= set(days) or (but_dates and hours):
            raise cursor.stuck(since, through=cursor.at - 1)
        if not hours:
            self._weekly.update(dict.fromkeys(but_days, ()))
            self._dated.update(dict.fromkeys(but_dates, ()))
            return
        for day in but_days or days:
            self._weekly[day] = self._cut(self._weekly[day], hours, since)
        for on in () if but_days else dates:
            self._dated[on] = self._cut(self._dated[on], hours, since)

    def _cut(self, ranges: Ranges, hours: Ranges, since: int) -> Ranges:
        left = _without(ranges, hours)
        if any(start >= DAY for start, _ in left):
            # What remains would begin on the next day, which has hours of its own.
            raise self._cursor.stuck(since, through=self._cursor.at - 1)
        return tuple(MinuteRange(start, end) for start, end in left)

    def _lost(self, missing: str, *, before: tuple[str, ...] = ()) -> Stuck:
        """Return the refusal of the next word, or of nothing where `missing` only is missing."""
        token = self._cursor.peek()
        if token.kind in ("end", "semi", "comma", "until", "except", *before):
            return Stuck(token.start, token.start, (missing,))
        alike = get_close_matches(token.text.lower(), _KNOWN, n=3) if token.kind == "word" else []
        return Stuck(token.start, token.end, alike)


def _each_date(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, those that overlap or touch made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _without(ranges: Ranges, cuts: Ranges) -> list[tuple[int, int]]:
    """Return what the cuts leave; a cut after midnight reaches hours that cross it."""
    left = [(item.start, item.end) for item in ranges]
    for cut in cuts:
        for shift in (0, DAY):
            start, end = cut.start + shift, cut.end + shift
            pieces = [(a, min(b, start)) for a, b in left] + [(max(a, end), b) for a, b in left]
            left = sorted({(a, b) for a, b in pieces if a < b})
    return left
