"""Times of day and lengths of time as people say them, with every reading they can have."""

from dataclasses import dataclass

from scheduling.grammar.clocks import DAY, Clock, halves, range_readings, read_clock, with_half
from scheduling.grammar.dates import SEPARATORS, dotted_name
from scheduling.grammar.lexer import Cursor

Times = tuple[int, int | None]  # a start and perhaps an end, in minutes of the day

_USUAL = 7 * 60  # an hour before this, if not written as of 24, may be meant for the afternoon
_MINUTES_TO = (5, 10, 20)  # "one to one" is a kind of lesson, "ten to one" a time


@dataclass(frozen=True, slots=True)
class Spoken:
    """The readings of a time: the likely ones, best first, and all that are possible.

    ``bare``: a lone number, which is an hour only where the words around it make it one.
    """

    likely: tuple[Times, ...]
    possible: tuple[Times, ...]
    bare: bool = False
    midnight: bool = False


def read_times(cursor: Cursor) -> Spoken | None:
    """Read '17:00', 'half past three', 'noon', '10-12' or 'between 9am and 5pm'."""
    since = cursor.at
    separators = (*SEPARATORS, "and") if cursor.take("between") else SEPARATORS
    start = _read_clock(cursor)
    if start is None or start.minute == DAY:
        return None
    after_start = cursor.at
    end = _read_clock(cursor) if cursor.take(*separators) else None
    readings = range_readings(start, end) if end else ()
    if readings and end:
        if all(dotted_name(cursor.tokens[index]) for index in (since, cursor.at - 1)):
            typed = cursor.text[cursor.tokens[since].start : cursor.peek(-1).end]
            raise cursor.stuck(since, typed.replace(".", ":"), through=cursor.at - 1)
        likely = tuple((one.start, one.end) for one in readings)
        later = tuple((a + 720, b + 720) for a, b in likely if start.twelve and end.twelve)
        return Spoken(likely, likely + tuple(one for one in later if one[0] < DAY))
    cursor.at = after_start
    first = cursor.tokens[since]
    bare = cursor.at == since + 1 and first.kind == "num" and len(first.numbers) == 1
    midnight = first.kind == "clock" and start.minute == 0
    possible = tuple((minute, None) for minute in halves(start))
    return Spoken(_likely(start), possible, bare, midnight)


def _likely(clock: Clock) -> tuple[Times, ...]:
    this, later = (clock.minute, None), (clock.minute + 720, None)
    if not clock.twelve or clock.minute >= _USUAL:
        return (this,)
    return (this, later) if clock.exact else (later, this)


def _read_clock(cursor: Cursor) -> Clock | None:
    return _read_past(cursor) or _read_spelled(cursor, told=False) or read_clock(cursor)


def _read_past(cursor: Cursor) -> Clock | None:
    """Read 'half past three', 'quarter to 9', '20 past four' or 'ten to five'."""
    before = cursor.at
    amount = cursor.take("fraction", "number", "num")
    cursor.take("unit")
    minutes = amount.number if amount and len(amount.numbers) == 1 else DAY
    sign = 0
    if cursor.take("past"):
        sign = 1
    elif amount and (amount.kind == "fraction" or minutes in _MINUTES_TO) and cursor.take("to"):
        sign = -1 if amount.kind != "num" else 0  # "10 to 12" is a range
    hour = _read_spelled(cursor, told=True) or read_clock(cursor) if sign else None
    if hour is None or minutes >= 60:
        cursor.at = before
        return None
    minute = (hour.minute + sign * minutes) % DAY
    return Clock(minute, hour.twelve, hour.suffixed, exact=False)


def _read_spelled(cursor: Cursor, *, told: bool) -> Clock | None:
    """Read a spelled hour, if something beside it tells that it is one."""
    before = cursor.at
    told = told or cursor.peek(-1).kind == "at"
    if (token := cursor.take("number")) and token.number <= 12:
        clock = Clock(token.number * 60, twelve=True, exact=False)
        if half := cursor.take("clock half"):
            return with_half(clock, half.number)
        if cursor.take("o'clock") or told:
            return clock
    cursor.at = before
    return None


def read_length(cursor: Cursor) -> int | None:
    """Read '2h', '1h30', '1.5 h', '90 min', 'half an hour' or 'two hours', as minutes."""
    total = 0
    while True:
        before = cursor.at
        if span := cursor.take("span"):
            total += span.number
            continue
        amount = cursor.take("num", "number", "article")
        unit = cursor.take("unit") if amount else None
        minutes = _scaled(amount.text, amount.numbers, unit.number) if amount and unit else None
        if minutes is None:
            cursor.at = before
            return total or None
        total += minutes
        rest, after = cursor.peek(), cursor.peek(1)
        minutes_only = rest.kind == "num" and rest.attached and len(rest.numbers) == 1
        if minutes_only and not (after.attached or after.kind == "unit"):
            cursor.at += 1  # "1h30", while "1h30m" goes round again
            total += rest.number


def _scaled(text: str, numbers: tuple[int, ...], unit: int) -> int | None:
    if len(numbers) == 1:
        return numbers[0] * unit
    scaled = float(text) * unit if "." in text else 0.5
    return int(scaled) if scaled.is_integer() else None
