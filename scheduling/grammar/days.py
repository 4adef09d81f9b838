"""Days as people name them from today: 'tomorrow', 'next tue', 'this week', 'mon - wed'."""

from datetime import date, timedelta

from scheduling.grammar.dates import LONGEST_DAYS, SEPARATORS, read_dates
from scheduling.grammar.lexer import Cursor, Token
from scheduling.grammar.refusal import Stuck
from scheduling.grammar.words import DAY_NAMES

Span = tuple[date, date]


def read_days(cursor: Cursor, today: date) -> Span | None:
    """Read a day or a range of days, as its first and last day.

    A weekday is the first such day after today; 'this' also allows today, and 'next' skips
    what is left of the present week (Monday to Sunday). Raises Stuck for days that no calendar
    has, a weekday that its date belies, and a range that ends before it begins.
    """
    since = cursor.at
    if cursor.take("until"):
        span = _read_one(cursor, today)
        first = today if span else None
    else:
        span = _read_one(cursor, today)
        first = span[0] if span else None
        before = cursor.at
        later = None
        if first and span and span[0] == span[1] and cursor.take(*SEPARATORS):
            later = _read_one(cursor, first)
        if later is None:
            cursor.at = before
        span = later or span
    if first is None or span is None:
        return None
    if not 0 <= (span[1] - first).days <= LONGEST_DAYS:
        raise cursor.stuck(since, through=cursor.at - 1)
    return first, span[1]


def _read_one(cursor: Cursor, today: date) -> Span | None:
    """Read one day, dated or named, or a week."""
    return read_dates(cursor, today) or _read_named(cursor, today) or _read_week(cursor, today)


def _read_named(cursor: Cursor, today: date) -> Span | None:
    """Read 'today', 'tue', 'this fri', 'next tue', 'tue next week' or 'tue, 24 dec'."""
    before = cursor.at
    if token := cursor.take("relative day"):
        day = today + timedelta(days=token.number)
        return day, day
    which = cursor.take("this")
    token = _weekday(cursor)
    if token is None:
        cursor.at = before
        return None
    day = _weekday_from(today, token.number, which.number if which else None)
    if which is None:
        day = _corrected(cursor, token, today) or day
    return day, day


def _weekday_from(today: date, weekday: int, which: int | None) -> date:
    after = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if which == 0 and today.weekday() == weekday:
        return today
    this_week = after - today < timedelta(days=7 - today.weekday())
    return after + timedelta(days=7) if which == 1 and this_week else after


def _corrected(cursor: Cursor, weekday: Token, today: date) -> date | None:
    """Read the date or the week that says which of the weekdays is meant."""
    before = cursor.at
    cursor.take("comma")
    if span := read_dates(cursor, today):
        if span[0].weekday() != weekday.number:
            raise Stuck(weekday.start, weekday.end, (DAY_NAMES[span[0].weekday()],))
        if span[0] == span[1]:
            return span[0]
    elif span := _read_week(cursor, today):
        return _monday(span[0]) + timedelta(days=weekday.number)
    cursor.at = before
    return None


def _read_week(cursor: Cursor, today: date) -> Span | None:
    """Read 'this week' (from today on), 'next week', 'weekend', or a weekday of one of these."""
    before = cursor.at
    which = cursor.take("this")
    weeks_on = timedelta(days=7 * (which.number if which else 0))
    monday = _monday(today) + weeks_on
    if cursor.take("weekend"):
        return max(monday + timedelta(days=5), today), monday + timedelta(days=6)
    if which and cursor.peek().numbers == (7,) and cursor.take("long unit"):
        after = cursor.at
        cursor.take("comma", "filler")
        if weekday := _weekday(cursor):
            day = monday + timedelta(days=weekday.number)
            return day, day
        cursor.at = after
        return max(monday, today), monday + timedelta(days=6)
    cursor.at = before
    return None


def _weekday(cursor: Cursor) -> Token | None:
    """Read one weekday, but not 'weekdays'."""
    return cursor.take("days") if len(cursor.peek().numbers) == 1 else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
