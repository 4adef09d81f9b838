"""The booking window drawn: who, what, day, time, questions; the same for moving."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from bots.flows.choices import Choices
from bots.slack.modals.choices import Group, grouped_select, select, typeahead
from bots.slack.modals.elements import Choice, Json, context, field, line, modal, section
from bots.slack.modals.offers import ANYBODY, Offered, kind_of
from scheduling.model import EventType
from scheduling.moments import seconds
from scheduling.slots import Slot
from scheduling.text import ANSWER_LIMIT
from wording.picker import part_of
from wording.times import Reader
from wording.view import type_label

CALLBACK = "sb.book"
WHO, WHAT, DAY, PART, TIME = (
    "sb.book.who",
    "sb.book.what",
    "sb.book.day",
    "sb.book.part",
    "sb.book.time",
)
QUESTION = "sb.answer."
LATER = "after."
"""Begins the value of the option that turns to later days, or back to the first."""
FIRST = "first"
LENGTH = "m"
"""Begins the value of a length instead of a type."""


def window(
    choices: Choices,
    offered: Offered,
    *,
    draft_id: str,
    asks: bool = False,
    fault: str = "",
    turn: int = 0,
) -> Json:
    """Return the window as things stand.

    ``fault`` says why a time could not be had; ``turn`` counts how often the time was emptied.
    ``asks``: the host has to say yes first.
    """
    reader, moving = offered.reader, offered.moving is not None
    say = reader.say
    title = say("slack.move_title" if moving else "slack.book_title")
    if not moving and offered.nobody and choices.coach is None:
        blocks = [_who(choices, offered)]
    else:
        blocks = [] if moving else [_who(choices, offered)]
        blocks += _body(choices, offered, asks=asks, fault=fault, turn=turn)
    return modal(
        CALLBACK,
        title,
        blocks,
        close=say("slack.not_now"),
        submit=say("slack.move" if moving else "slack.ask" if asks else "slack.book"),
        metadata=draft_id,
        tells_closing=True,
    )


def empty(reader: Reader, text: str, *, title: str) -> Json:
    """Return a window that has nothing to choose from."""
    return modal(CALLBACK, title, [section(text)], close=reader.say("slack.close"))


def _body(choices: Choices, offered: Offered, *, asks: bool, fault: str, turn: int) -> list[Json]:
    reader = offered.reader
    blocks: list[Json] = []
    if offered.moving is not None:
        time = offered.moving.booking.time
        now = reader.range(time.start, time.end)
        blocks += [section(reader.say("slack.moving", time=now))]
    else:
        blocks += _what(choices, offered)
    if not choices.types:
        return [*blocks, *_fault(fault)]
    if not offered.days:
        return [*blocks, *_fault(fault), section(_nothing(choices, offered))]
    blocks.append(_day(choices, offered, turn))
    key = _digest(*choices.types, str(choices.day), str(turn))
    blocks += _parts(choices, offered, key)
    blocks.append(_time(choices, offered, key))
    blocks += _fault(fault)
    blocks += _notes(choices, offered, asks=asks)
    kind = kind_of(offered.kinds, choices)
    known = len(choices.types) == 1 or choices.start is not None
    if kind and known and offered.moving is None:
        blocks += _questions(kind)
    return blocks


def _who(choices: Choices, offered: Offered) -> Json:
    reader = offered.reader
    chosen: Choice | None = None
    if choices.text == ANYBODY:
        chosen = Choice(reader.say("slack.anybody"), ANYBODY)
    elif offered.coach is not None:
        chosen = Choice(offered.coach.name, offered.coach.id)
    element = typeahead(WHO, reader.say("slack.who_search"), chosen)
    return field("who", reader.say("slack.who"), element, follows=True)


def _what(choices: Choices, offered: Offered) -> list[Json]:
    reader = offered.reader
    if choices.text == ANYBODY:
        options = [
            Choice(reader.short_length(each), f"{LENGTH}{int(each.total_seconds()) // 60}")
            for each in offered.lengths
        ]
        chosen = ""
        if choices.types and offered.kinds:
            chosen = f"{LENGTH}{int(offered.kinds[0].duration.total_seconds()) // 60}"
        label, block_id = reader.say("slack.how_long"), "what.any"
    else:
        options = [Choice(type_label(reader, kind), kind.id) for kind in offered.kinds]
        chosen = choices.types[0] if choices.types else ""
        label, block_id = reader.say("slack.what"), f"what.{choices.coach or ''}"
    if not options:
        host = offered.coach.first_name if offered.coach else ""
        words = reader.say("pick.no_types", host=host) if host else reader.say("slack.nobody")
        return [section(words)]
    element = select(WHAT, reader.say("slack.what_pick"), options, chosen)
    return [field(block_id, label, element, follows=True)]


def _day(choices: Choices, offered: Offered, turn: int) -> Json:
    reader = offered.reader
    options = [Choice(reader.date_name(day), day.isoformat()) for day in offered.days]
    if choices.page is not None:
        options.insert(0, Choice(reader.say("slack.first_days"), f"{LATER}{FIRST}"))
    if offered.later is not None:
        label = reader.say("slack.later_days", day=reader.date_name(offered.later))
        options.append(Choice(label, f"{LATER}{offered.later.isoformat()}"))
    chosen = choices.day.isoformat() if choices.day else ""
    element = select(DAY, reader.say("slack.day_pick"), options, chosen)
    # A window keeps what was chosen in a field as long as the field's id stays.
    key = _digest(*choices.types, str(choices.page), str(turn))
    return field(f"day.{key}", reader.say("slack.day"), element, follows=True)


def _parts(choices: Choices, offered: Offered, key: str) -> list[Json]:
    """Return the choice between parts of a day that has more times than one list holds."""
    if not offered.stretches:
        return []
    reader = offered.reader
    options = [
        Choice(reader.time_range(span.start, span.end), str(number))
        for number, span in enumerate(offered.stretches)
    ]
    element = select(PART, reader.say("slack.what_pick"), options, choices.part or "0")
    return [field(f"part.{key}", reader.say("slack.part"), element, follows=True)]


def _time(choices: Choices, offered: Offered, key: str) -> Json:
    reader = offered.reader
    groups: dict[str, list[Choice]] = {}
    for slot in offered.slots:
        heading = part_of(reader.local(slot.start))
        groups.setdefault(heading, []).append(
            Choice(_time_label(slot, offered, choices), time_value(slot, choices))
        )
    chosen = ""
    if choices.start is not None:
        chosen = f"{seconds(choices.start)}.{choices.number}"
    element = grouped_select(
        TIME,
        reader.say("slack.time_pick", city=reader.city),
        [Group(reader.say(f"slack.{name}"), tuple(several)) for name, several in groups.items()],
        chosen,
    )
    return field(f"time.{key}.{choices.part}", reader.say("slack.time"), element, follows=True)


def time_value(slot: Slot, choices: Choices) -> str:
    """Return what the option of a start carries: the instant, and the place of its type."""
    return f"{seconds(slot.start)}.{choices.types.index(slot.event_type_id)}"


def _time_label(slot: Slot, offered: Offered, choices: Choices) -> str:
    reader = offered.reader
    words = {"range": reader.time_range(slot.start, slot.end), "city": reader.city}
    if len(choices.types) > 1:
        host = offered.hosts[slot.host_id].first_name
        same = [s for s in offered.slots if (s.start, s.host_id) == (slot.start, slot.host_id)]
        if len(same) == 1:
            return reader.say("slack.time_option_host", host=host, **words)
        title = next(k.title for k in offered.kinds if k.id == slot.event_type_id)
        return reader.say("slack.time_option_title", host=host, title=title, **words)
    if offered.kinds and offered.kinds[0].capacity > 1:
        return reader.say("slack.time_option_seats", count=slot.seats_left, **words)
    return reader.say("slack.time_option", **words)


def _fault(fault: str) -> list[Json]:
    return [section(fault, block_id="fault")] if fault else []


def _notes(choices: Choices, offered: Offered, *, asks: bool) -> list[Json]:
    """Return the small print under the time: until when it is kept, and what to know."""
    reader, lines = offered.reader, list[str]()
    if offered.kept_until is not None:
        lines.append(reader.say("booking.kept", time=reader.time(offered.kept_until)))
    elif choices.start is not None and choices.hold and not offered.moving:
        button = reader.say("slack.ask" if asks else "slack.book")
        lines.append(reader.say("slack.let_go", time=reader.time(choices.start), button=button))
    kind = kind_of(offered.kinds, choices)
    if asks and kind and kind.host_id in offered.hosts:
        lines.append(reader.say("booking.asks", host=offered.hosts[kind.host_id].first_name))
    if offered.clash is not None:
        booking = offered.clash.booking
        lines.append(
            reader.say(
                "booking.overlap",
                title=booking.title,
                host=offered.clash.host.first_name,
                time=reader.time_range(booking.time.start, booking.time.end),
            )
        )
    return [context(*lines, block_id="notes")] if lines else []


def _questions(kind: EventType) -> list[Json]:
    return [
        field(
            f"q.{kind.id}.{question.key}",
            question.text,
            line(f"{QUESTION}{question.key}", most=ANSWER_LIMIT, several=True),
            optional=not question.required,
        )
        for question in kind.questions
    ]


def _nothing(choices: Choices, offered: Offered) -> str:
    reader = offered.reader
    horizon = max(kind.horizon for kind in offered.kinds)
    words = {"length": reader.short_length(horizon)}
    if len(choices.types) > 1 or not offered.hosts:
        return reader.say("slack.nothing_free_any", **words)
    host = next(iter(offered.hosts.values())).first_name
    return reader.say("slack.nothing_free", host=host, **words)


def near_text(reader: Reader, problem: str, start: datetime, near: Sequence[datetime]) -> str:
    """Return the fault with the nearest free times, as short as they are clear."""
    if not near:
        return problem
    day: date = reader.local(start).date()
    times = [
        reader.time(each) if reader.local(each).date() == day else reader.near_with_day(each)
        for each in sorted(near)
    ]
    return reader.say("slack.near", problem=problem, times=", ".join(times))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]
