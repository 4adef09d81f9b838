"""One moment or some days, as a person types them beside other words."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from scheduling.grammar.clocks import DAY
from scheduling.grammar.dates import dotted_name
from scheduling.grammar.days import read_days
from scheduling.grammar.lexer import Cursor, normalized
from scheduling.grammar.refusal import NotUnderstood, Stuck, explain, shortened
from scheduling.grammar.suspects import refuse_times_among, refuse_unreadable, spelled_right
from scheduling.grammar.times import Spoken, Times, read_length, read_times

Part = Literal["morning", "afternoon", "evening"]

_LONGEST_TEXT = 500
_EXAMPLE = "tomorrow 17:00"
_LEADING = ("filler", "at", "in")  # said before a time they belong to it, elsewhere to the rest
_PUNCTUATION = ("comma", "semi", "dash", "mark", "unseen")
_PARTS: tuple[Part, ...] = ("morning", "afternoon", "evening")
_PART_HOURS: dict[Part, tuple[int, int]] = {
    "morning": (0, 12),
    "afternoon": (12, 19),
    "evening": (16, 24),
}


@dataclass(frozen=True, slots=True)
class When:
    """What was said about time; None where nothing was.

    ``on`` alone is one day, with ``last`` the days from on to last. ``at`` and ``until`` are
    minutes of wall time on the day ``on``; an ``until`` beyond 1440 lies on the day after.
    ``duration`` is in minutes. ``leftover`` are the words that say nothing about time.
    ``readings`` is empty when there is one reading; else it holds all, the likeliest first,
    which is also what the other fields say.
    """

    on: date | None = None
    last: date | None = None
    at: int | None = None
    until: int | None = None
    part: Part | None = None
    duration: int | None = None
    leftover: str = ""
    readings: tuple["When", ...] = ()


class WhenNotUnderstood(NotUnderstood):
    """The text says nothing about time, or something that cannot be."""


def parse_when(text: str, *, now: datetime) -> When:
    """Read what a text says about time; `now` is the aware local time of the asker.

    Names and other words end up in ``leftover``, in their order. Hours are those of the
    24-hour clock ("tomorrow at 9" is 09:00) except that a bare hour before seven has two
    readings. Weekdays are read as by ``days.read_days``.

    Raises:
        WhenNotUnderstood: no word speaks of time, or some speak of one that does not exist or
            contradict each other.
    """
    if len(text) > _LONGEST_TEXT:
        raise WhenNotUnderstood("", shortened(text), _EXAMPLE)
    plain = normalized(text)
    try:
        return _Reader(plain, text, now).when()
    except Stuck:
        refused = explain(plain, lambda attempt: _Reader(attempt, attempt, now).when(), _EXAMPLE)
        raise WhenNotUnderstood(*refused) from None


class _Reader:
    """Reads one attempt; every method raises Stuck at what cannot be."""

    def __init__(self, text: str, source: str, now: datetime) -> None:
        self._cursor = Cursor(text, frozenset())
        self._source = source  # the text as typed, of which leftovers are cut
        self._now = now
        self._today = now.date()
        self._read: set[int] = set()
        self._days: tuple[date, date] | None = None
        self._times: Spoken | None = None
        self._part: Part | None = None
        self._length: int | None = None
        self._times_at = 0  # the first token of the time
        self._dotted: int | None = None  # the token of "10.12", a date or a time

    def when(self) -> When:
        readers = (
            *(self._read_moment, self._read_distance),
            *(self._read_part, self._read_days, self._read_length),
            *(self._read_dotted, self._read_times),
        )
        cursor = self._cursor
        while not cursor.done:
            since = cursor.at
            refuse_unreadable(cursor)
            for reader in readers:
                cursor.at = since
                if reader():
                    self._read.update(range(since, cursor.at))
                    break
            else:
                cursor.at = since + 1
        self._read_bare_hour()
        refuse_times_among(cursor, self._read)
        if not self._read:
            raise Stuck(0, len(cursor.text), (*spelled_right(cursor), _EXAMPLE))
        self._read_leading_words()
        return self._assembled()

    def _read_moment(self) -> bool:
        """Read '2026-12-24T09:00', with an offset as that instant in the asker's zone."""
        cursor = self._cursor
        token = cursor.take("moment")
        if token is None:
            return False
        since = cursor.at - 1
        try:
            moment = datetime.fromisoformat(token.text.upper())
            moment = moment.astimezone(self._now.tzinfo) if moment.tzinfo else moment
        except (ValueError, OverflowError):
            raise cursor.stuck(since, through=since) from None
        self._take_days(since, moment.date())
        self._take_times(since, _exactly(moment))
        return True

    def _read_distance(self) -> bool:
        """Read 'in 3 days', 'in two weeks', 'in 2 hours'."""
        cursor, since = self._cursor, self._cursor.at
        if not cursor.take("in"):
            return False
        if length := read_length(cursor):
            moment = self._now.astimezone(UTC) + timedelta(minutes=length)
            moment = moment.astimezone(self._now.tzinfo)
            self._take_days(since, moment.date())
            self._take_times(since, _exactly(moment))
            return True
        amount = cursor.take("num", "number", "article")
        unit = cursor.take("long unit")
        if not amount or not unit or len(amount.numbers) != 1:
            return False
        days = amount.number * unit.number
        if days > 366:
            raise cursor.stuck(since, through=cursor.at - 1)
        self._take_days(since, self._today + timedelta(days=days))
        return True

    def _read_part(self) -> bool:
        """Read 'morning', 'this afternoon', 'tonight'."""
        cursor, since = self._cursor, self._cursor.at
        is_today = cursor.peek().kind == "tonight" or cursor.peek().numbers == (0,)
        which = cursor.take("this") if is_today else None
        token = cursor.take("part") if which else cursor.take("part", "tonight")
        if token is None:
            return False
        if self._part is not None:
            raise cursor.stuck(since, through=cursor.at - 1)
        self._part = _PARTS[token.number]
        if which or token.kind == "tonight":
            self._take_days(since, self._today)
        return True

    def _read_days(self) -> bool:
        since = self._cursor.at
        span = read_days(self._cursor, self._today)
        if span:
            self._take_days(since, *span)
        return span is not None

    def _read_length(self) -> bool:
        cursor, since = self._cursor, self._cursor.at
        length = read_length(cursor)
        if length is None:
            return False
        if length > DAY or self._length is not None:
            raise cursor.stuck(since, through=cursor.at - 1)
        self._length = length
        return True

    def _read_dotted(self) -> bool:
        """Read '10.12' outside a range: which it is shows when all has been read."""
        cursor, since = self._cursor, self._cursor.at
        token = cursor.peek()
        name = dotted_name(token)
        told = cursor.peek(-1).kind == "at" or cursor.peek(1).kind in ("dash", "to", "clock half")
        glued = cursor.peek(1).attached and cursor.peek(1).kind not in _PUNCTUATION
        if name is None or told or glued:
            return False
        spoken = read_times(cursor)
        cursor.at = since + 1
        if spoken is None:
            day = name.on_or_after(self._today)
            if day is None:
                raise cursor.stuck(since, name.written(existing=True), through=since)
            self._take_days(since, day)
        elif self._dotted is not None:
            raise cursor.stuck(since, through=since)
        else:
            self._dotted = since
        return True

    def _read_times(self) -> bool:
        cursor, since = self._cursor, self._cursor.at
        told = cursor.peek(-1).kind == "at"
        spoken = read_times(cursor)
        if spoken is None or (spoken.bare and not told):
            return False
        if cursor.tokens[since - 1].kind == "until" and since:
            hint = f"0-{cursor.text[cursor.tokens[since].start : cursor.peek(-1).end]}"
            raise cursor.stuck(since - 1, hint, through=cursor.at - 1)
        self._take_times(since, spoken)
        return True

    def _take_days(self, since: int, first: date, last: date | None = None) -> None:
        if self._days is not None:
            raise self._cursor.stuck(since, through=self._cursor.at - 1)
        self._days = first, last or first

    def _take_times(self, since: int, spoken: Spoken) -> None:
        if self._times is not None:
            raise self._cursor.stuck(since, through=self._cursor.at - 1)
        self._times = spoken
        self._times_at = since

    def _read_bare_hour(self) -> None:
        """Take a lone number for an hour if it follows a time ('tue 9') or begins the text."""
        cursor = self._cursor
        for index in range(len(cursor.tokens)):
            cursor.at = index
            if self._times or index in self._read:
                continue
            spoken = read_times(cursor)
            next_read = cursor.at in self._read or cursor.done
            told = index - 1 in self._read or (index == 0 and next_read)
            if not spoken or not spoken.bare or not told or self._ties(index):
                continue
            self._times, self._times_at = spoken, index
            self._read.add(index)

    def _ties(self, index: int) -> bool:
        """Whether the number belongs to the word after it: '3 days', '10-12-14', '2/3'."""
        after = self._cursor.tokens[index + 1 : index + 2]
        return any(one.attached or one.kind in ("long unit", "ordinal") for one in after)

    def _read_leading_words(self) -> None:
        for index in range(len(self._cursor.tokens) - 2, -1, -1):
            leading = self._cursor.tokens[index].kind in _LEADING
            if leading and index + 1 in self._read:
                self._read.add(index)

    def _assembled(self) -> When:
        other_day = self._settled_dotted()
        first, last = self._days or (None, None)
        base = When(
            on=first,
            last=last if last != first else None,
            part=self._part,
            duration=self._length,
            leftover=self._leftover(),
        )
        readings = [replace(base, at=at, until=until) for at, until in self._fitting_times()]
        if self._times and self._times.midnight and first and base.last is None:
            # "Saturday midnight" ends Saturday for most, and begins it for some.
            readings.insert(0, replace(base, on=first + timedelta(days=1), at=0))
        if other_day:
            readings.append(replace(base, on=other_day))
        if len(readings) < 2:
            return readings[0] if readings else base
        return replace(readings[0], readings=tuple(readings))

    def _settled_dotted(self) -> date | None:
        """Make '10.12' the date or the time that is missing; return the date if both are."""
        if self._dotted is None:
            return None
        name = dotted_name(self._cursor.tokens[self._dotted])
        day = name.on_or_after(self._today) if name else None
        self._cursor.at = self._dotted
        spoken = read_times(self._cursor)
        if day and self._days is None and self._times is not None:
            self._days = day, day
        elif spoken and self._times is None:
            self._times, self._times_at = spoken, self._dotted
            return day if self._days is None else None
        else:
            raise self._cursor.stuck(self._dotted, through=self._dotted)
        return None

    def _fitting_times(self) -> tuple[Times, ...]:
        """Return the readings of the time, which a part of the day narrows to one."""
        if self._times is None:
            return ()
        if self._part is None:
            return self._times.likely
        if self._times.midnight:
            return ()
        begin, end = _PART_HOURS[self._part]
        spoken = (*self._times.likely, *self._times.possible)
        fitting = [one for one in spoken if begin * 60 <= one[0] < end * 60]
        if not fitting:
            raise self._cursor.stuck(self._times_at, through=self._times_at)
        return (fitting[0],)

    def _leftover(self) -> str:
        """Return the words that were not read, as typed."""
        tokens = self._cursor.tokens
        pieces: list[str] = []
        end: int | None = None  # where the unread words before this token end
        for index, token in enumerate(tokens):
            if index in self._read:
                end = None
            elif token.kind not in _PUNCTUATION:
                pieces.append(" " if end is None else self._source[end : token.start])
                pieces.append(self._source[token.start : token.end])
                end = token.end
        return " ".join("".join(pieces).split())


def _exactly(moment: datetime) -> Spoken:
    times: tuple[Times, ...] = ((moment.hour * 60 + moment.minute, None),)
    return Spoken(times, times)
