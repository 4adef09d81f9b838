"""What is said about extra time and time off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scheduling.messages import Action, ButtonStyle, ChatMessage
from scheduling.model import BookingDetails
from scheduling.moments import Interval
from scheduling.ports import HoursOverview
from wording.lines import card, in_rows
from wording.times import Reader
from wording.week_text import span_text
from wording.zones import Target

_MOST_SHOWN = 4


def ask_open(reader: Reader, problem: str = "") -> ChatMessage:
    """Ask when to open extra time."""
    back = Action(reader.say("nav.back"), "hours", argument="show")
    return card(problem, reader.say("hours.ask_open"), rows=[(back,)])


def opened(reader: Reader, time: Interval, bookable: int | None, opening_id: str) -> ChatMessage:
    """Say that extra time is open."""
    count = bookable or 0
    return card(
        reader.say("hours.opened", time=span_text(reader, time)),
        reader.say("hours.opened_times" if count else "hours.opened_none", count=count),
        rows=[
            (
                Action(reader.say("hours.close_again"), "openend", opening_id),
                Action(reader.say("hours.share"), "link"),
            )
        ],
    )


def opening_closed(reader: Reader, *, found: bool) -> ChatMessage:
    """Say that extra time is gone again, or was already."""
    key = "hours.opening_closed" if found else "hours.opening_gone"
    return card(
        reader.say(key), rows=[(Action(reader.say("hours.my_hours"), "hours", argument="show"),)]
    )


def ask_reading(
    reader: Reader, moments: Sequence[datetime], target: Target, verb: str
) -> ChatMessage:
    """Ask which of two times was meant."""
    choices = [
        target.button(reader.day_time(moment), verb, f"r{index}")
        for index, moment in enumerate(moments)
    ]
    back = target.button(reader.say("nav.back"), verb, "back")
    return card(reader.say("hours.which_time"), rows=[*in_rows(choices, 2), (back,)])


def ask_off(reader: Reader, overview: HoursOverview | None, problem: str = "") -> ChatMessage:
    """Ask when one is off; what is closed already can be opened again."""
    closed = overview.time_off[:_MOST_SHOWN] if overview else ()
    end = [
        (
            Action(
                reader.say("hours.end_off", time=span_text(reader, off.time)),
                "offend",
                off.id,
            ),
        )
        for off in closed
    ]
    days = (
        Action(reader.say("hours.off_today"), "off", argument="today"),
        Action(reader.say("hours.off_tomorrow"), "off", argument="tomorrow"),
    )
    back = Action(reader.say("nav.back"), "hours", argument="show")
    return card(problem, reader.say("hours.ask_off"), rows=[days, *end, (back,)])


def off_over_bookings(
    reader: Reader,
    time: Interval,
    hit: Sequence[BookingDetails],
    target: Target,
) -> ChatMessage:
    """List the sessions that lie in the time off and ask what becomes of them."""
    last = reader.local(time.end - timedelta(microseconds=1))
    same_day = reader.local(time.start).date() == last.date()
    shown = ", ".join(_named(reader, one, same_day=same_day) for one in hit[:8])
    if rest := len(hit) - 8:
        shown = f"{shown}, {reader.say('hours.and_more', count=rest)}" if rest > 0 else shown
    count = len(hit)
    tell = target.button(
        reader.say("hours.tell_all", count=count), "offgo", "tell", style=ButtonStyle.DANGER
    )
    keep = target.button(reader.say("hours.keep_them", count=count), "offgo", "keep")
    back = target.button(reader.say("nav.back"), "offgo", "back")
    return card(
        span_text(reader, time) + ".",
        reader.say("hours.sessions_in_it", count=len(hit), sessions=shown),
        rows=[(tell,), (keep,), (back,)],
    )


def _named(reader: Reader, details: BookingDetails, *, same_day: bool) -> str:
    start = details.booking.time.start
    who = details.people[0].first_name if details.people else details.booking.title
    if len(details.people) > 1:
        who = reader.say("hours.name_and_more", name=who, count=len(details.people) - 1)
    when = reader.time(start) if same_day else reader.day_time(start)
    return reader.say("hours.session_named", name=who, time=when)


def closed(reader: Reader, time: Interval, *, told: int, kept: int, undo_id: str) -> ChatMessage:
    """Say that time off has begun to count, and what became of the sessions in it."""
    what = span_text(reader, time)
    if reader.local(time.start).date() == reader.today and told:
        what = reader.say("hours.for_today") if _within_today(reader, time) else what
    lines = [reader.say("hours.closed_for", time=what)]
    if told:
        lines = [
            reader.say("hours.told", count=told),
            *lines,
            reader.say("hours.will_tell_who_moved"),
        ]
    elif kept:
        lines.append(reader.say("hours.kept", count=kept))
    rows = [(Action(reader.say("hours.undo"), "undohrs", undo_id),)] if undo_id else []
    return card(" ".join(lines), rows=rows)


def _within_today(reader: Reader, time: Interval) -> bool:
    last = reader.local(time.end - timedelta(microseconds=1)).date()
    return reader.local(time.start).date() == last == reader.today


def nothing_closed(reader: Reader) -> ChatMessage:
    """Say that the way back was taken."""
    return card(
        reader.say("hours.nothing_closed"),
        rows=[
            (
                Action(reader.say("hours.time_off"), "off"),
                Action(reader.say("hours.my_hours"), "hours", argument="show"),
            )
        ],
    )


def undone(reader: Reader) -> ChatMessage:
    """Say that the hours are as before."""
    return card(
        reader.say("hours.undone"),
        rows=[(Action(reader.say("hours.my_hours"), "hours", argument="show"),)],
    )


def off_ended(reader: Reader, *, found: bool) -> ChatMessage:
    """Say that closed time is open again, or was already."""
    return card(
        reader.say("hours.off_ended" if found else "hours.off_gone"),
        rows=[(Action(reader.say("hours.my_hours"), "hours", argument="show"),)],
    )


def backwards(reader: Reader) -> str:
    """Return the answer to time that ends before it begins."""
    return reader.say("hours.refused_backwards")


def no_time(reader: Reader) -> str:
    """Return the answer to a day without a time of day."""
    return reader.say("hours.refused_no_time")
