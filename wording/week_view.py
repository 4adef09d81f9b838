"""A coach's week: in words, and as the facts of a picture."""

from collections.abc import Sequence
from datetime import date, timedelta

from scheduling.messages import Action, Button, ChatMessage, Picture, Plain
from scheduling.model import BookingStatus
from scheduling.moments import Interval, local_day
from wording.agenda import DayFacts, short_day, stretches, who_text
from wording.hours import hour_names
from wording.pictures import Block, BlockKind, Day, Week
from wording.times import Reader

FROM_PICTURE = 1
"""Revision of the week's buttons under a picture: the next one takes its place."""


def week_message(text: str, picture: Picture, rows: tuple[tuple[Button, ...], ...]) -> ChatMessage:
    """Return the week as words and picture."""
    return ChatMessage((Plain(text),), rows, picture=picture)


def week_message_rows(reader: Reader, monday: date) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons under a week's picture."""
    before, after = monday - timedelta(days=7), monday + timedelta(days=7)
    steps = [
        Action(
            reader.say("agenda.back_to", day=_week_name(reader, before)),
            "week",
            revision=FROM_PICTURE,
            argument=before.isoformat(),
        ),
        Action(
            reader.say("agenda.on_to", day=_week_name(reader, after)),
            "week",
            revision=FROM_PICTURE,
            argument=after.isoformat(),
        ),
    ]
    first_shown = max(monday, reader.today) if monday <= reader.today < after else monday
    day = Action(reader.say("agenda.day_view"), "agenda", argument=first_shown.isoformat())
    return (tuple(steps), (day,))


def _week_name(reader: Reader, monday: date) -> str:
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        return f"{monday.day}-{sunday.day} {reader.month_name(sunday)}"
    return f"{monday.day} {reader.month_name(monday)} - {sunday.day} {reader.month_name(sunday)}"


def week_text(reader: Reader, days: Sequence[DayFacts]) -> str:
    """Return the week in words: per day what is booked and what is free."""
    count = sum(len(facts.sessions) for facts in days)
    title = reader.say(
        "agenda.week_heading", week=_week_name(reader, days[0].day), count=count, city=reader.city
    )
    return "\n".join([title, *(_day_line(reader, facts) for facts in days)])


def _day_line(reader: Reader, facts: DayFacts) -> str:
    parts = []
    if facts.booked:
        parts.append(reader.say("agenda.week_booked", count=len(facts.booked)))
    if facts.free:
        parts.append(reader.say("agenda.week_free", times=stretches(reader, facts.free[:4])))
    if facts.off and not facts.free:
        parts.append(reader.say("agenda.off"))
    return reader.say(
        "agenda.week_line",
        day=short_day(reader, facts.day),
        what=" · ".join(parts) or reader.say("hours.closed"),
    )


def week_grid(reader: Reader, days: Sequence[DayFacts]) -> Week:
    """Return the facts of a week as a picture's grid."""
    legend = {
        BlockKind.FREE: "free",
        BlockKind.BOOKED: "booked",
        BlockKind.ASKED: "asked",
        BlockKind.OFF: "off",
    }
    count = sum(len(facts.sessions) for facts in days)
    return Week(
        reader.say("agenda.picture_title", week=_week_name(reader, days[0].day)),
        reader.say("agenda.picture_note", city=reader.city, count=count),
        tuple(_column(reader, facts) for facts in days),
        hour_names(reader),
        tuple(
            (kind, reader.say(f"agenda.letter_{name}"), reader.say(f"agenda.{name}_name"))
            for kind, name in legend.items()
        ),
    )


def _column(reader: Reader, facts: DayFacts) -> Day:
    off = [_block(reader, facts.day, time, BlockKind.OFF, "") for time in facts.off]
    free = [
        _block(reader, facts.day, time, BlockKind.FREE, reader.time_range(time.start, time.end))
        for time in facts.free
    ]
    booked = [
        _block(
            reader,
            facts.day,
            details.booking.time,
            BlockKind.ASKED
            if details.booking.status is BookingStatus.PENDING
            else BlockKind.BOOKED,
            who_text(reader, details),
            reader.time_range(details.booking.time.start, details.booking.time.end),
        )
        for details in facts.booked
    ]
    blocks = tuple(block for block in (*off, *free, *booked) if block is not None)
    return Day(
        short_day(reader, facts.day),
        blocks,
        reader.say("hours.closed"),
        marked=facts.day == reader.today,
    )


def _block(
    reader: Reader, day: date, time: Interval, kind: BlockKind, label: str, detail: str = ""
) -> Block | None:
    """Return the part of an interval that lies on the day, in minutes of the wall clock."""
    whole = local_day(day, reader.zone)
    start, end = max(time.start, whole.start), min(time.end, whole.end)
    if start >= end:
        return None
    first, last = reader.local(start), reader.local(end)
    begin = first.hour * 60 + first.minute
    stop = 1440 if end == whole.end else last.hour * 60 + last.minute
    # Where clocks go back, an end can stand before its start on the wall.
    return Block(begin, max(stop, begin + 15), kind, label, detail)
