"""Times of day and ranges of them, with every reading they can have."""

from dataclasses import dataclass

from scheduling.grammar.lexer import Cursor

DAY = 1440  # minutes
_EARLY = 6 * 60  # hours that begin before this and may be meant for the afternoon are asked about


@dataclass(frozen=True, slots=True)
class MinuteRange:
    """Minutes from local midnight, half-open; an end beyond 1440 lies on the next day.

    Raises:
        ValueError: unless 0 <= start < 1440 and start < end <= start + 1440.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY and self.start < self.end <= self.start + DAY):
            raise ValueError(f"not a range of minutes: {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as written.

    ``twelve``: it may also be 12 hours later, being written neither as "09" nor with am or pm.
    ``suffixed``: am or pm was written. ``exact``: minutes were written ("9:00").
    """

    minute: int
    twelve: bool = False
    suffixed: bool = False
    exact: bool = True


def read_clock(cursor: Cursor) -> Clock | None:
    """Read '9', '09:00', '9.30', '9am', '5 p.m.', '9 o'clock', 'noon', 'midnight'."""
    before = cursor.at
    if token := cursor.take("clock"):
        return Clock(token.number)
    token = cursor.take("num")
    clock = _from_numbers(token.text, token.numbers) if token else None
    if clock and (half := cursor.take("clock half")):
        clock = with_half(clock, half.number)
    elif clock:
        cursor.take("o'clock")
    after = cursor.peek()
    glued = after.attached and after.kind not in ("dash", "comma", "semi", "end")
    if clock is None or glued or after.kind == "unit":
        cursor.at = before
        return None
    return clock


def _from_numbers(text: str, numbers: tuple[int, ...]) -> Clock | None:
    hour, minute = (*numbers, 0)[:2]
    well_written = len(text) <= 2 if len(numbers) == 1 else text[-3] in ":." and len(text) <= 5
    if not well_written or minute > 59 or hour * 60 + minute > DAY:
        return None
    twelve = 1 <= hour <= 12 and not text.startswith("0")
    return Clock(hour * 60 + minute, twelve=twelve, exact=len(numbers) == 2)


def with_half(clock: Clock, half: int) -> Clock | None:
    """Return the clock of '9' with am (0) or pm (720); None for hours that take neither."""
    if not 60 <= clock.minute < 13 * 60:
        return None
    return Clock(clock.minute % 720 + half, suffixed=True)


def range_readings(start: Clock, end: Clock) -> tuple[MinuteRange, ...]:
    """Return what the range can mean, likeliest first; () when it has no length.

    An end that is not after its start lies on the next day. Two readings: '9-5' may be the
    day or the night through, '2-5' the afternoon or before dawn.
    """
    if start.suffixed != end.suffixed and (start.twelve or end.twelve):
        # '9-5pm', '9am-5', '11-1pm': of both halves of the day, the shorter range is meant.
        return min(
            (ranges for a in halves(start) for b in halves(end) if (ranges := _literal(a, b))),
            key=lambda ranges: ranges[0].end - ranges[0].start,
            default=(),
        )
    literal = _literal(start.minute, end.minute)
    if not (start.twelve and end.twelve) or start.minute == end.minute:
        return literal
    if end.minute < start.minute:
        return (MinuteRange(start.minute, end.minute + 720), *literal)
    if start.minute < _EARLY:
        return (MinuteRange(start.minute + 720, end.minute + 720), *literal)
    return literal


def _literal(start: int, end: int) -> tuple[MinuteRange, ...]:
    if start in (end, DAY):
        return ()
    return (MinuteRange(start, end if end > start else end + DAY),)


def halves(clock: Clock) -> tuple[int, ...]:
    """Return the minutes of the day the clock can mean, in order."""
    if not clock.twelve:
        return (clock.minute,)
    return clock.minute % 720, clock.minute % 720 + 720


def short(minute: int) -> str:
    """Return a minute of the day as people type it: '9', '12:30', '24'."""
    hour, rest = divmod(minute if minute <= DAY else minute - DAY, 60)
    return f"{hour}:{rest:02}" if rest else f"{hour}"


def likely_end(start: int) -> str:
    """Return the end to suggest for hours that begin at a minute of the day."""
    if start < 13 * 60:
        return "17"
    return short(min(start + 240, DAY))
