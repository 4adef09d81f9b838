"""Choosing whom, which day and which time: the free ones, and the way to the next free one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduling.ids import EventTypeId, PersonId
from scheduling.messages import Action, Button, ButtonStyle, ChatMessage
from scheduling.model import BookingDetails, EventType
from scheduling.moments import seconds
from scheduling.people import Person
from scheduling.slots import Slot
from wording.lines import card, in_rows
from wording.times import Reader
from wording.view import type_label
from wording.zones import Target

TIMES_AT_ONCE = 20
"""A day of half hours: to ask for the part of the day first would be a tap more."""
TIMES_IN_PART = 40
"""More than that in a part of the day are chosen by the hour first."""

_PARTS = (("morning", 0, 12), ("afternoon", 12, 18), ("evening", 18, 24))


@dataclass(frozen=True, slots=True)
class Offer:
    """What is picked from: event types whose free times are shown together, with their hosts."""

    event_types: tuple[EventType, ...]
    hosts: Mapping[PersonId, Person]
    moving: BookingDetails | None = None
    """The booking that gets another time, instead of a new one."""
    others: bool = False
    """There are other coaches to choose from."""

    @property
    def first(self) -> EventType:
        return self.event_types[0]

    @property
    def host(self) -> Person:
        return self.hosts[self.first.host_id]

    @property
    def is_single(self) -> bool:
        return len(self.event_types) == 1

    def number(self, event_type_id: EventTypeId) -> int:
        """Return the place of a type in the offer, which is what buttons carry."""
        return next(n for n, t in enumerate(self.event_types) if t.id == event_type_id)

    def argument(self, slot: Slot) -> str:
        """Return what a button for that start carries."""
        return f"{seconds(slot.start)}.{self.number(slot.event_type_id)}"


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of weeks with the days that have free time."""

    first: date
    """The first day drawn; a day on which the reader's weeks begin."""
    weeks: int
    live: frozenset[date]
    first_free: Slot | None
    earlier: date | None
    later: date | None
    """Where the pages before and after begin, when there is free time."""
    why: str = ""
    """Why nothing is free, when that is not the coach's doing."""


# --- whom and what ---


def event_types(
    reader: Reader,
    target: Target,
    host: Person,
    offered: Sequence[EventType],
    *,
    ended: bool = False,
    others: bool = False,
) -> ChatMessage:
    """List what a coach offers; ``ended`` says first that the one asked for is not among it."""
    key = "welcome.ended" if ended else "pick.types"
    if not offered:
        key = "pick.no_types"
    rows: list[Sequence[Button]] = [
        (target.button(type_label(reader, each), "types", each.id),) for each in offered
    ]
    if others:
        rows.append((target.button(reader.say("pick.other_coaches"), "coaches", "all"),))
    words = reader.say(key, host=host.first_name)
    return card(words, host.about or "", rows=rows)


def lengths(
    reader: Reader, target: Target, offered: Sequence[timedelta], asked: timedelta | None = None
) -> ChatMessage:
    """Ask how long; ``asked`` is a length that nobody offers."""
    words = reader.say("pick.lengths")
    if asked is not None:
        words = reader.say("pick.no_length", length=reader.short_length(asked))
    minute = timedelta(minutes=1)
    choices = [
        target.button(reader.short_length(each), "length", str(each // minute)) for each in offered
    ]
    return card(words, rows=in_rows(choices, 4))


# --- which day ---


def days(reader: Reader, target: Target, offer: Offer, shown: Days) -> ChatMessage:
    """Draw the weeks as a keyboard in which only days with free time are live."""
    if shown.first_free is None:
        return _nothing(reader, target, offer, shown.why)
    free = reader.day_time(shown.first_free.start)
    rows: list[Sequence[Button]] = [
        (
            target.button(
                reader.say("pick.first_free", time=free),
                "time",
                offer.argument(shown.first_free),
                style=ButtonStyle.PRIMARY,
            ),
        ),
        *_weeks(reader, target, shown),
    ]
    turn: list[Button] = []
    if shown.earlier:
        label = reader.say("nav.earlier")
        turn.append(target.button(label, "month", shown.earlier.isoformat()))
    if shown.later:
        turn.append(target.button(reader.say("nav.later"), "month", shown.later.isoformat()))
    rows += (
        [turn, _elsewhere(reader, target, offer)]
        if len(turn) > 1
        else [(*turn, *_elsewhere(reader, target, offer))]
    )
    last = shown.first + timedelta(days=7 * shown.weeks - 1)
    begin = max(shown.first, reader.today)
    months = reader.months(begin, max(begin, max(shown.live, default=last)))
    zone = reader.say("pick.zone", what=months, city=reader.city)
    return card(_which_day(reader, offer), zone, rows=rows)


def _which_day(reader: Reader, offer: Offer) -> str:
    if offer.moving is not None:
        return reader.say("pick.moving", time=reader.day_time(offer.moving.booking.time.start))
    length = reader.short_length(offer.first.duration)
    if not offer.is_single:
        return reader.say("pick.which_day_any", length=length)
    return reader.say(
        "pick.which_day", title=offer.first.title, length=length, host=offer.host.first_name
    )


def _weeks(reader: Reader, target: Target, shown: Days) -> list[tuple[Button, ...]]:
    order = [(reader.first_weekday + step) % 7 for step in range(7)]
    header = tuple(target.button(reader.weekday_letters(day), "noop") for day in order)
    rows: list[tuple[Button, ...]] = [header]
    for week in range(shown.weeks):
        dates = [shown.first + timedelta(days=7 * week + step) for step in range(7)]
        rows.append(
            tuple(
                target.button(str(day.day) if day in shown.live else "·", "day", day.isoformat())
                for day in dates
            )
        )
    return rows


def _elsewhere(reader: Reader, target: Target, offer: Offer) -> tuple[Button, ...]:
    """Return what leaves the picker: keeping the time, or another coach."""
    if offer.moving is not None:
        time = reader.near_with_day(offer.moving.booking.time.start)
        return (target.button(reader.say("pick.keep", time=time), "keep"),)
    if offer.others:
        return (target.button(reader.say("pick.other_coach"), "coaches", "all"),)
    return ()


def _nothing(reader: Reader, target: Target, offer: Offer, why: str) -> ChatMessage:
    if why:
        return card(why, rows=((Action(reader.say("my.mine"), "mine"),),))
    length = reader.short_length(max(each.horizon for each in offer.event_types))
    key = "pick.nothing" if offer.is_single else "pick.nothing_any"
    words = reader.say(key, host=offer.host.first_name, length=length)
    return card(words, rows=(_elsewhere(reader, target, offer),))


def nothing_on(reader: Reader, day: date, then: Slot | None) -> str:
    """Answer a tap on a day without free time: where the next one is."""
    name = f"{reader.weekday(day)} {day.day}"
    if then is None:
        return reader.say("pick.nothing_more", day=name)
    return reader.say("pick.nothing_on", day=name, next=reader.day(then.start))


# --- which time ---


@dataclass(frozen=True, slots=True)
class Times:
    """The free starts of one day of the reader, and where the next free day is."""

    day: date
    slots: tuple[Slot, ...]
    part: str = ""
    """"morning", "afternoon", "evening", "h09" for one hour, or "" for the whole day."""
    next_day: date | None = None
    note: str = ""
    """Said first: why this is not what was asked for."""


def times(reader: Reader, target: Target, offer: Offer, shown: Times) -> ChatMessage:
    """Show the day's times: some at once, more by part of the day, many by the hour."""
    chosen = [slot for slot in shown.slots if _in_part(reader, slot, shown.part)]
    narrow: list[Button] = []
    parts = {part_of(reader.local(slot.start)) for slot in chosen}
    if not shown.part and len(chosen) > TIMES_AT_ONCE and len(parts) > 1:
        narrow, chosen, key = _part_buttons(reader, target, shown), [], "pick.which_part"
    elif len(chosen) > TIMES_IN_PART:
        narrow, chosen, key = _hour_buttons(reader, target, chosen), [], "pick.which_hour"
    elif shown.slots:
        key = "pick.which_time"
        narrow = _other_parts(reader, target, shown) if shown.part else []
    else:
        key = "pick.day_over" if shown.day < reader.today else "pick.day_full"
    hosts_at = Counter((slot.start, slot.host_id) for slot in chosen)
    labels = [
        _slot_button(reader, target, offer, slot, named=hosts_at[slot.start, slot.host_id] > 1)
        for slot in chosen
    ]
    seats = reader.say("pick.seats_note") if _counts_seats(offer) and labels else ""
    words = reader.say(key, day=reader.date_name(shown.day), city=reader.city)
    rows = (
        *in_rows(labels, _width(labels)),
        *in_rows(narrow, 4),
        _other_days(reader, target, shown),
    )
    return card(shown.note, words, seats, rows=rows)


def looking_at(reader: Reader, start: datetime) -> ChatMessage:
    """Show a sign of life where a typed time is tried, before its card is there."""
    return card(reader.say("pick.looking", time=reader.day_time(start)))


def same_time(reader: Reader, target: Target, offer: Offer, slots: Sequence[Slot]) -> ChatMessage:
    """Offer one time of day on the days it is free."""
    labels = [target.button(reader.day(slot.start), "time", offer.argument(slot)) for slot in slots]
    words = reader.say("pick.same_time", time=reader.time(slots[0].start), city=reader.city)
    back = target.button(reader.say("nav.days"), "day")
    return card(words, rows=(*in_rows(labels, 3), (back,)))


def _width(labels: Sequence[Button]) -> int:
    longest = max((len(button.label) for button in labels), default=0)
    if longest > 10:
        return 2
    return 3 if longest > 8 else 4 if longest > 5 or len(labels) % 5 == 1 else 5


def _slot_button(
    reader: Reader, target: Target, offer: Offer, slot: Slot, *, named: bool
) -> Button:
    """Return the button of a time; ``named`` where its host offers two types at that time."""
    label = reader.time(slot.start)
    if not offer.is_single:
        host = offer.hosts[slot.host_id].first_name
        label = reader.say("pick.time_host", time=label, host=host)
        if named:
            title = offer.event_types[offer.number(slot.event_type_id)].title
            label = reader.say("pick.time_title", time=label, title=title)
    elif _counts_seats(offer):
        label = reader.say("pick.time_seats", time=label, seats=slot.seats_left)
    return target.button(label, "time", offer.argument(slot))


def _counts_seats(offer: Offer) -> bool:
    return offer.is_single and offer.first.capacity > 1


def _other_days(reader: Reader, target: Target, shown: Times) -> tuple[Button, ...]:
    back = target.button(reader.say("nav.days"), "day")
    if shown.next_day is None:
        return (back,)
    label = reader.say("nav.next", what=reader.date_name(shown.next_day))
    if shown.next_day.month == shown.day.month or shown.next_day - shown.day < timedelta(days=7):
        short = f"{reader.weekday(shown.next_day)} {shown.next_day.day}"
        label = reader.say("nav.next", what=short)
    return (back, target.button(label, "day", shown.next_day.isoformat()))


def part_of(moment: datetime) -> str:
    """Return the part of the day of a local time."""
    return next(name for name, begin, end in _PARTS if begin <= moment.hour < end)


def _in_part(reader: Reader, slot: Slot, part: str) -> bool:
    local = reader.local(slot.start)
    if part.startswith("h"):
        return f"h{local.hour:02}" == part
    return not part or part_of(local) == part


def _part_buttons(
    reader: Reader, target: Target, shown: Times, *, without: str = ""
) -> list[Button]:
    counts = {
        name: sum(_in_part(reader, slot, name) for slot in shown.slots) for name, _, _ in _PARTS
    }
    return [
        target.button(reader.say(f"pick.{name}", count=count), "part", name)
        for name, count in counts.items()
        if count and name != without
    ]


def _other_parts(reader: Reader, target: Target, shown: Times) -> list[Button]:
    if shown.part.startswith("h"):
        return _part_buttons(reader, target, shown)
    return _part_buttons(reader, target, shown, without=shown.part)


def _hour_buttons(reader: Reader, target: Target, slots: Sequence[Slot]) -> list[Button]:
    hours: dict[str, list[Slot]] = {}
    for slot in slots:
        hours.setdefault(f"h{reader.local(slot.start).hour:02}", []).append(slot)
    return [
        target.button(
            reader.say("pick.hour", time=reader.time(found[0].start), count=len(found)), "part", key
        )
        for key, found in hours.items()
    ]
