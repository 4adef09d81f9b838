"""The rules a start must pass, in the order a person would hear them.

Each rule says which starts it forbids, as half-open spans of seconds. Listing sweeps the grid
past all of them at once, deciding looks one start up; both ask the same rules about the same day
book, so what is shown and what is accepted cannot drift apart.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.availability import Span, sweep
from scheduling.daybook import DayBook
from scheduling.errors import (
    AlreadyIn,
    BeyondHorizon,
    CapReached,
    InThePast,
    NoticeTooShort,
    OutsideAvailability,
    OwnTime,
    SlotRefused,
    SlotTaken,
    TooManyBookings,
)
from scheduling.moments import EPOCH, from_seconds, seconds

_SECOND = timedelta(seconds=1)
_EVER: Span = (-(1 << 62), 1 << 62)
_NEVER: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Forbids spans of starts, and says why of one of them."""

    name: str
    forbidden: Callable[[DayBook], Sequence[Span]]
    why: Callable[[DayBook, int], SlotRefused]
    of_new_times: bool = False
    """Not asked of whoever joins a group that takes place in any case."""

    def objection(self, book: DayBook, start: int) -> SlotRefused | None:
        """Return why the start is forbidden, or None."""
        if any(lo <= start < hi for lo, hi in self.forbidden(book)):
            return self.why(book, start)
        return None


@dataclass(frozen=True, slots=True)
class GridRule(Rule):
    """Allows the starts on the grid of the host's free time, and forbids all others."""

    def objection(self, book: DayBook, start: int) -> SlotRefused | None:
        """Return why the start is not one of the grid, or None."""
        on_grid = sweep(book.open_time, (), book.duration, book.step, (start, start + 1))
        return None if on_grid else self.why(book, start)


def _past(book: DayBook) -> Sequence[Span]:
    return ((_EVER[0], seconds(book.now) + 1),)


def _within_notice(book: DayBook) -> Sequence[Span]:
    earliest = -((EPOCH - book.now - book.event_type.minimum_notice) // _SECOND)  # rounded up
    return ((_EVER[0], earliest),)


def _after_horizon(book: DayBook) -> Sequence[Span]:
    return ((seconds(book.now + book.event_type.horizon) + 1, _EVER[1]),)


def _in_time_off(book: DayBook) -> Sequence[Span]:
    reach = book.duration - 1
    return [(lo - reach, hi) for lo, hi in book.off]


def _capped(book: DayBook) -> Sequence[Span]:
    return [cap.span for cap in book.caps]


def _cap_reached(book: DayBook, start: int) -> SlotRefused:
    cap = next(cap for cap in book.caps if cap.span[0] <= start < cap.span[1])
    return CapReached(from_seconds(start), cap.per, cap.cap)


def _own_time(book: DayBook) -> Sequence[Span]:
    return (_EVER,) if book.asker_is_host else _NEVER


def _too_many(book: DayBook) -> Sequence[Span]:
    asked = book.asker_id is not None and book.limit is not None
    return (_EVER,) if asked and book.asker_coming >= (book.limit or 0) else _NEVER


def _already_in(book: DayBook) -> Sequence[Span]:
    return [(start, start + 1) for start, group in book.groups.items() if group.asker_in]


def _taken(book: DayBook) -> Sequence[Span]:
    """A start is forbidden when its occupied span would share an instant with another."""
    kind = book.event_type
    reach = book.duration + kind.buffer_after // _SECOND - 1
    before = kind.buffer_before // _SECOND
    return [(lo - reach, hi + before) for lo, hi in book.busy]


RULES: tuple[Rule, ...] = (
    Rule("not_in_the_past", _past, lambda _, start: InThePast(from_seconds(start))),
    Rule(
        "enough_notice",
        _within_notice,
        lambda book, start: NoticeTooShort(from_seconds(start), book.event_type.minimum_notice),
    ),
    Rule(
        "within_horizon",
        _after_horizon,
        lambda book, start: BeyondHorizon(from_seconds(start), book.event_type.horizon),
    ),
    Rule("not_time_off", _in_time_off, lambda _, start: OutsideAvailability(from_seconds(start))),
    GridRule(
        "inside_availability",
        lambda _: _NEVER,
        lambda _, start: OutsideAvailability(from_seconds(start)),
        of_new_times=True,
    ),
    Rule("under_the_caps", _capped, _cap_reached, of_new_times=True),
    Rule("not_own_time", _own_time, lambda _, start: OwnTime(from_seconds(start))),
    Rule("not_too_many", _too_many, lambda book, _: TooManyBookings(book.limit or 0)),
    Rule(
        "not_already_in",
        _already_in,
        lambda book, start: AlreadyIn(from_seconds(start), book.groups[start].booking_id),
    ),
    Rule("seat_left", _taken, lambda _, start: SlotTaken(from_seconds(start)), of_new_times=True),
)


def refusal(book: DayBook, start: datetime, *, waiving: Container[str] = ()) -> SlotRefused | None:
    """Return the first rule's objection, or None when the start may be offered and booked.

    ``waiving`` names rules that are not asked: what a hold has promised stays promised.
    """
    if start.microsecond:
        return OutsideAvailability(start)  # grids are made of whole seconds
    instant = seconds(start)
    joins = instant in book.joinable
    asked = (r for r in RULES if r.name not in waiving and not (joins and r.of_new_times))
    return next((why for rule in asked if (why := rule.objection(book, instant))), None)


def list_slots(book: DayBook) -> list[int]:
    """Return every start within the book's span that no rule objects to, by time."""
    forbidden = sorted(span for rule in RULES for span in rule.forbidden(book))
    free = sweep(book.open_time, forbidden, book.duration, book.step, book.within)
    joined = [
        start
        for start in book.joinable
        if book.within[0] <= start < book.within[1] and refusal(book, from_seconds(start)) is None
    ]
    return sorted({*free, *joined}) if joined else free


def seats_left(book: DayBook, start: int) -> int:
    """Return how many seats a listed start still has."""
    group = book.joinable.get(start)
    return group.capacity - group.seats_used if group else book.event_type.capacity
