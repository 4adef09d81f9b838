"""When several people are all free, in words and as the facts of a picture."""

from collections.abc import Sequence
from datetime import date

from scheduling.messages import Button, ButtonStyle, ChatMessage, CopyText
from scheduling.moments import Interval, local_day
from scheduling.people import Person
from scheduling.sessions.model import FreeTimes
from wording.hours import hour_names
from wording.lines import card
from wording.pictures import Block, BlockKind, Day, Week
from wording.session_answers import without_hours
from wording.times import Reader
from wording.zones import Target

_MOST = 6
_MINUTE = 60


def names(reader: Reader, people: Sequence[Person]) -> str:
    """Return "Bo, Ana and Cem"."""
    return reader.listing([each.first_name for each in people])


def problem(text: str) -> ChatMessage:
    """Say what is wrong with the line, and nothing else."""
    return card(text)


def nobody_to_compare(
    reader: Reader, hidden: Sequence[Person], unknown: Sequence[str]
) -> ChatMessage:
    """Say whose time could not be looked at, and how to ask."""
    return card(*_left_out(reader, hidden, unknown), reader.say("compare.need_people"))


def free_card(
    reader: Reader,
    target: Target,
    found: FreeTimes,
    days: Sequence[date],
    free: Sequence[Interval],
    *,
    hidden: Sequence[Person],
    unknown: Sequence[str],
    asks: bool,
) -> ChatMessage:
    """Tell the common free time by days, who was left out, and the way to ask for a session."""
    everybody = names(reader, found.people)
    lines = [_day_line(reader, day, free) for day in days]
    if any(lines):
        head = reader.say("compare.free", names=everybody, city=reader.city)
    else:
        head = reader.say("compare.none", names=everybody)
    without = [each for each in found.people if each.id in found.without_hours]
    notes = _left_out(reader, hidden, unknown)
    if without:
        notes.insert(0, without_hours(reader, without))
    rows: list[tuple[Button, ...]] = []
    week = target.button(reader.say("session.week_after"), "cmpweek")
    if asks and any(lines):
        ask = target.button(reader.say("compare.ask"), "cmpask", style=ButtonStyle.PRIMARY)
        rows.append((ask, week))
    elif any(lines):
        line = reader.say("compare.line", names=" ".join(_handles(found)))
        rows.append((CopyText(reader.say("compare.copy"), line[:256]), week))
    else:
        rows.append((week,))
    return card(head, *lines, *notes, rows=rows)


def _handles(found: FreeTimes) -> list[str]:
    return [f"@{each.first_name.lower()}" for each in found.people[1:]]


def _left_out(reader: Reader, hidden: Sequence[Person], unknown: Sequence[str]) -> list[str]:
    notes = []
    if hidden:
        notes.append(reader.say("compare.hidden", count=len(hidden), names=names(reader, hidden)))
    if unknown:
        listed = reader.listing(list(unknown))
        notes.append(reader.say("compare.unknown", names=listed))
    return notes


def _day_line(reader: Reader, day: date, free: Sequence[Interval]) -> str:
    """Return "Tue 24 Nov   09:00-11:00, 13:00-14:00"; empty for a day without any."""
    spans = _of_day(reader, day, free)
    if not spans:
        return ""
    times = [reader.time_range(each.start, each.end) for each in spans[:_MOST]]
    words = reader.say("compare.day", day=reader.date_name(day), times=", ".join(times))
    if len(spans) > _MOST:
        words += reader.say("compare.and_more", count=len(spans) - _MOST)
    return words


def _of_day(reader: Reader, day: date, free: Sequence[Interval]) -> list[Interval]:
    whole = local_day(day, reader.zone)
    return [
        Interval(max(each.start, whole.start), min(each.end, whole.end))
        for each in free
        if each.overlaps(whole)
    ]


def picture_of(
    reader: Reader, people: Sequence[Person], days: Sequence[date], free: Sequence[Interval]
) -> Week:
    """Return the days as a picture's facts: what is green suits all."""
    columns = tuple(
        Day(
            title=reader.date_name(day).rsplit(" ", 1)[0],
            blocks=tuple(_block(reader, each) for each in _of_day(reader, day, free)),
            note=reader.say("compare.nothing"),
            marked=day == reader.today,
        )
        for day in days
    )
    return Week(
        title=names(reader, people),
        subtitle=reader.say(
            "compare.subtitle",
            first=reader.date_name(days[0]),
            last=reader.date_name(days[-1]),
            city=reader.city,
        ),
        days=columns,
        hours=hour_names(reader),
        legend=((BlockKind.FREE, reader.say("compare.letter"), reader.say("compare.all_free")),),
    )


def _block(reader: Reader, time: Interval) -> Block:
    start, end = reader.local(time.start), reader.local(time.end)
    first = start.hour * _MINUTE + start.minute
    last = end.hour * _MINUTE + end.minute
    label = reader.time_range(time.start, time.end)
    return Block(first, last if end.date() == start.date() else 24 * _MINUTE, BlockKind.FREE, label)
