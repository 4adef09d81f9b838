"""What is said about a coach's hours: asked for, previewed, saved, extra time, time off."""

from collections.abc import Sequence
from datetime import date, timedelta

from scheduling.grammar.hours_line import MinuteRange
from scheduling.hours import Schedule
from scheduling.messages import Action, ButtonStyle, ChatMessage, Picture
from scheduling.model import BookingDetails
from scheduling.moments import Interval
from scheduling.opening_hours import HoursPreview
from scheduling.ports import HoursOverview
from wording.lines import card, in_rows
from wording.pictures import Block, BlockKind, Day, Week
from wording.times import Reader
from wording.week_text import (
    Ranges,
    clock_text,
    dated_lines,
    days_text,
    range_text,
    ranges_text,
    span_text,
    weekly_lines,
    wrapped,
)
from wording.zones import Target

PRESETS = (
    ("hours.preset_office", "mon-fri 9-17"),
    ("hours.preset_evenings", "mon-fri 17-21"),
    ("hours.preset_weekends", "sat-sun 10-16"),
    ("hours.preset_lunch", "mon-fri 9-12, 13-17"),
)
"""Label and hours line of each ready-made week."""
LENGTHS = (15, 30, 60, 120)
"""Minutes of the ready-made session lengths."""

_MOST_SHOWN = 4


# --- asking ---


def ask_hours(reader: Reader, target: Target) -> ChatMessage:
    """Ask for the week, with four ready-made ones."""
    presets = [
        target.button(reader.say(key), "hours", f"p{index}")
        for index, (key, _) in enumerate(PRESETS)
    ]
    back = target.button(reader.say("nav.back"), "hrsback")
    return card(
        reader.say("hours.ask"),
        reader.say("hours.ask_hint"),
        rows=[*in_rows(presets, 2), (back,)],
    )


def use_label(reader: Reader, suggestion: str) -> str:
    """Return the label of the button that takes a suggested line."""
    return reader.say("hours.use", line=suggestion)


def ask_length(reader: Reader, target: Target, problem: str = "") -> ChatMessage:
    """Ask how long one session is."""
    lengths = [
        target.button(reader.short_length(timedelta(minutes=m)), "dur", str(m)) for m in LENGTHS
    ]
    back = target.button(reader.say("nav.back"), "chghrs")
    return card(problem, reader.say("hours.ask_length"), rows=[lengths, (back,)])


# --- the week as it would be, and as it is ---


def first_week(
    reader: Reader,
    preview: HoursPreview,
    duration: timedelta,
    target: Target,
    picture: Picture | None,
) -> ChatMessage:
    """Show a new coach's week before it is saved; without its picture, with a button for it."""
    later = () if picture else (target.button(reader.say("hours.picture"), "hrspic"),)
    said = card(
        reader.say("hours.your_week", city=_schedule_reader(reader, preview.schedule).city),
        *week_lines(reader, preview.schedule),
        " ".join(
            filter(None, [sessions_text(reader, preview, duration), _first_free(reader, preview)])
        ),
        rows=[
            (
                target.button(
                    reader.say("hours.save_and_link"), "savehrs", style=ButtonStyle.PRIMARY
                ),
                target.button(reader.say("hours.change"), "chghrs"),
                target.button(reader.say("hours.change_length"), "dur"),
                *later,
            )
        ],
    )
    return ChatMessage(said.parts, said.rows, picture=picture)


def changed_week(
    reader: Reader, preview: HoursPreview, until: date | None, target: Target
) -> ChatMessage:
    """Show a coach's week as it would be, marking what changes and what stays outside."""
    return card(
        reader.say("hours.your_week", city=_schedule_reader(reader, preview.schedule).city),
        *week_lines(reader, preview.schedule),
        reader.say("hours.until", day=reader.date_name(until)) if until else "",
        " ".join([_week_hours(reader, preview), _changes(reader, preview)]),
        _outside(reader, preview.outside),
        _first_free(reader, preview) if preview.sessions_a_week is not None else "",
        rows=[
            (
                target.button(reader.say("hours.save"), "savehrs", style=ButtonStyle.PRIMARY),
                target.button(reader.say("hours.edit"), "chghrs"),
                target.button(reader.say("hours.picture"), "hrspic"),
            )
        ],
    )


def saved(reader: Reader, undo_id: str) -> ChatMessage:
    """Say that the hours count from now on."""
    undo = Action(reader.say("hours.undo"), "undohrs", undo_id)
    return card(reader.say("hours.saved"), rows=[(undo, Action(reader.say("hours.share"), "link"))])


def present_week(reader: Reader, overview: HoursOverview) -> ChatMessage:
    """Show the hours as they stand, with extra time and time off to come."""
    expiry = overview.expires_on
    return card(
        reader.say("hours.your_week", city=_schedule_reader(reader, overview.schedule).city),
        *week_lines(reader, overview.schedule),
        reader.say("hours.until", day=reader.date_name(expiry)) if expiry else "",
        _spans(reader, "hours.extra_times", [o.time for o in overview.openings]),
        _spans(reader, "hours.times_off", [o.time for o in overview.time_off]),
        rows=[
            (
                Action(reader.say("hours.edit"), "hours"),
                Action(reader.say("hours.time_off"), "off"),
                Action(reader.say("hours.extra_time"), "open"),
            ),
            (Action(reader.say("hours.week_picture"), "week"),),
        ],
    )


def week_lines(reader: Reader, schedule: Schedule) -> list[str]:
    """Return the schedule's lines: the week, then dates that differ."""
    own = _schedule_reader(reader, schedule)
    return [*weekly_lines(own, schedule.weekly), *dated_lines(own, schedule.dated)]


def _schedule_reader(reader: Reader, schedule: Schedule) -> Reader:
    # Hours are wall time of the schedule's zone, whatever zone the coach is in today.
    return reader.elsewhere(schedule.zone)


def sessions_text(reader: Reader, preview: HoursPreview, duration: timedelta) -> str:
    """Return "60 min each, 28 a week."."""
    return reader.say(
        "hours.sessions_a_week",
        length=reader.short_length(duration),
        number=preview.sessions_a_week or 0,
    )


def _week_hours(reader: Reader, preview: HoursPreview) -> str:
    hours, minutes = divmod(preview.week_minutes, 60)
    key = "hours.week_hours_minutes" if minutes else "hours.week_hours"
    return reader.say(key, count=hours, minutes=minutes)


def _changes(reader: Reader, preview: HoursPreview) -> str:
    own = _schedule_reader(reader, preview.schedule)
    alike: dict[tuple[Ranges, Ranges], list[int]] = {}
    for weekday, before, after in preview.changed:
        alike.setdefault((tuple(before), tuple(after)), []).append(weekday)
    told = [
        reader.say(
            "hours.change_hours" if after else "hours.change_closes",
            count=len(weekdays),
            day=days_text(own, weekdays),
            hours=ranges_text(own, after),
            was=ranges_text(own, before),
        )
        for (before, after), weekdays in alike.items()
    ]
    if not told:
        return reader.say("hours.no_change")
    return reader.say("hours.changes", changes="; ".join(told))


def _outside(reader: Reader, outside: Sequence[BookingDetails]) -> str:
    if not outside:
        return ""
    times = [reader.day_time(d.booking.time.start) for d in outside[:_MOST_SHOWN]]
    rest = len(outside) - len(times)
    if rest:
        times.append(reader.say("hours.and_more", count=rest))
    return reader.say("hours.outside", count=len(outside), times=reader.listing(times))


def _first_free(reader: Reader, preview: HoursPreview) -> str:
    if preview.first_free is None:
        return reader.say("hours.nothing_free")
    return reader.say("hours.first_free", time=reader.day_time(preview.first_free))


def _spans(reader: Reader, key: str, times: Sequence[Interval]) -> str:
    if not times:
        return ""
    shown = [span_text(reader, time) for time in times[:_MOST_SHOWN]]
    if rest := len(times) - len(shown):
        shown.append(reader.say("hours.and_more", count=rest))
    return reader.say(key, times="; ".join(shown))


def week_grid(reader: Reader, schedule: Schedule, subtitle: str) -> Week:
    """Return the schedule as a picture's grid: weekdays, no dates.

    ``subtitle`` follows the zone's name.
    """
    own = _schedule_reader(reader, schedule)
    minutes = wrapped(schedule.weekly)
    days = []
    for step in range(7):
        day = (own.first_weekday + step) % 7
        blocks = tuple(
            Block(start, end, BlockKind.FREE, range_text(own, MinuteRange(start, end)))
            for start, end in minutes[day]
        )
        days.append(Day(own.weekday_name(day), blocks, own.say("hours.closed")))
    dot = own.say("hours.dot")
    return Week(
        own.say("hours.picture_title"),
        dot.join(filter(None, [own.say("hours.picture_zone", city=own.city), subtitle])),
        tuple(days),
        hour_names(own),
        ((BlockKind.FREE, "", own.say("hours.bookable")),),
    )


def hour_names(reader: Reader) -> tuple[str, ...]:
    """Return what stands beside the hour lines of a picture, for 0 to 24 o'clock."""
    return tuple(clock_text(reader, hour % 24 * 60) for hour in range(25))


def picture_alt(reader: Reader, schedule: Schedule) -> str:
    """Return in words what the picture of a week shows."""
    return "\n".join([reader.say("hours.picture_title"), *week_lines(reader, schedule)])
