"""A coach's day and week: as text, and as the facts of a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduling.messages import Action, Button, ChatMessage, Picture, Plain
from scheduling.model import BookingDetails, BookingStatus, SeatStatus
from scheduling.moments import Interval, local_day
from wording.hours import hour_names
from wording.lines import card
from wording.pictures import Block, BlockKind, Day, Week
from wording.times import Reader

FROM_PICTURE = 1
"""Revision of the week's buttons under a picture: the next one takes its place."""

_MOST_LINES = 30
_MOST_REQUESTS = 8
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One local day of a coach."""

    day: date
    booked: tuple[BookingDetails, ...]
    """Pending, confirmed and completed, by start."""
    free: tuple[Interval, ...]
    """Stretches in which something can be booked now."""
    times_free: int
    """How many starts that are."""
    off: tuple[Interval, ...] = ()

    @property
    def sessions(self) -> tuple[BookingDetails, ...]:
        """Return what takes place: requests do not count yet."""
        return tuple(d for d in self.booked if d.booking.status is not BookingStatus.PENDING)


def day_card(reader: Reader, facts: DayFacts, requests: int) -> ChatMessage:
    """Show one day: sessions, gaps, and what can be done about it."""
    lines = [session_line(reader, details) for details in facts.booked[:_MOST_LINES]]
    if rest := len(facts.booked) - len(lines):
        lines.append(reader.say("agenda.more", count=rest))
    return card(
        _heading(reader, facts), *lines, _gaps(reader, facts), rows=_rows(reader, facts, requests)
    )


def _heading(reader: Reader, facts: DayFacts) -> str:
    day = reader.date_name(facts.day)
    if not facts.booked:
        key = "agenda.empty" if facts.times_free else "agenda.nothing_open"
        return reader.say(key, day=day, count=facts.times_free)
    if not facts.sessions:
        return reader.say("agenda.only_requests", day=day, count=len(facts.booked))
    first = facts.sessions[0].booking.time.start
    return reader.say(
        "agenda.heading", day=day, count=len(facts.sessions), first=reader.time(first)
    )


def _gaps(reader: Reader, facts: DayFacts) -> str:
    if not facts.booked or not facts.free:
        return ""
    return reader.say("agenda.free", times=_stretches(reader, facts.free))


def _stretches(reader: Reader, stretches: Sequence[Interval]) -> str:
    return ", ".join(reader.time_range(gap.start, gap.end) for gap in stretches)


def session_line(reader: Reader, details: BookingDetails) -> str:
    """Return "11:00-12:00  Leo Brandt · coming"."""
    time = details.booking.time
    return reader.say(
        "agenda.line",
        time=reader.time_range(time.start, time.end),
        who=who_text(reader, details),
        state=_state(reader, details),
    )


def who_text(reader: Reader, details: BookingDetails) -> str:
    """Return the one who comes, or the title with the seats of a group."""
    if details.booking.capacity > 1:
        return reader.say(
            "agenda.group",
            title=details.booking.title,
            used=details.booking.seats_used,
            count=details.booking.capacity,
        )
    return details.people[0].name if details.people else details.booking.title


def _state(reader: Reader, details: BookingDetails) -> str:
    booking = details.booking
    if booking.status is BookingStatus.PENDING:
        return reader.say("agenda.state_asks")
    if booking.status is BookingStatus.COMPLETED:
        return reader.say("agenda.state_over")
    if booking.capacity > 1:
        coming = sum(s.coming for s in booking.seats if s.status.uses_seat)
        key = "agenda.state_group" if coming else "agenda.state_no_answer"
        return reader.say(key, count=coming)
    seat = next((s for s in booking.seats if s.status is SeatStatus.ACCEPTED), None)
    if seat and seat.late_by:
        about = booking.time.start + seat.late_by
        return reader.say("agenda.state_late", time=reader.time(about))
    return reader.say("agenda.state_coming" if seat and seat.coming else "agenda.state_no_answer")


def _rows(reader: Reader, facts: DayFacts, requests: int) -> list[tuple[Button, ...]]:
    before, after = (facts.day + timedelta(days=step) for step in (-1, 1))
    back = Action(
        reader.say("agenda.back_to", day=_short_day(reader, before)),
        "agenda",
        argument=before.isoformat(),
    )
    ahead = Action(
        reader.say("agenda.on_to", day=_short_day(reader, after)),
        "agenda",
        argument=after.isoformat(),
    )
    steps = (back, ahead) if facts.day > reader.today else (ahead,)
    picture = Action(reader.say("agenda.week_picture"), "week", argument=facts.day.isoformat())
    asked = Action(reader.say("agenda.requests", count=requests), "asks")
    rows: list[tuple[Button, ...]] = [(asked,)] if requests else []
    if not facts.booked:
        share = Action(reader.say("hours.share"), "link")
        extra = Action(reader.say("hours.extra_time"), "open")
        return [*rows, (share if facts.times_free else extra,), steps, (picture,)]
    return [*rows, steps, (picture,), *_closing(reader, facts)]


def _closing(reader: Reader, facts: DayFacts) -> list[tuple[Button, ...]]:
    if facts.day < reader.today:
        return []
    today = facts.day == reader.today
    cannot = Action(
        reader.say(
            "agenda.cannot_today" if today else "agenda.cannot_on",
            day=_short_day(reader, facts.day),
        ),
        "off",
        argument=facts.day.isoformat(),
    )
    close = Action(reader.say("agenda.close_free"), "shutday", argument=facts.day.isoformat())
    return [(close, cannot)] if facts.free else [(cannot,)]


def _short_day(reader: Reader, day: date) -> str:
    return reader.say("agenda.short_day", weekday=reader.weekday(day), day=day.day)


def request_list(reader: Reader, requests: Sequence[BookingDetails]) -> ChatMessage:
    """List the bookings that wait for a yes, each with its two answers."""
    if not requests:
        back = Action(reader.say("agenda.back"), "agenda")
        return card(reader.say("agenda.no_requests"), rows=[(back,)])
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    for details in requests[:_MOST_REQUESTS]:
        booking = details.booking
        name = details.people[0].name if details.people else booking.title
        lines.append(
            reader.say(
                "agenda.request",
                time=reader.range(booking.time.start, booking.time.end),
                name=name,
                title=booking.title,
                until=reader.day_time(booking.expires_at or booking.time.start),
            )
        )
        when = reader.near_with_day(booking.time.start)
        yes = reader.say("agenda.approve", time=when)
        no = reader.say("agenda.decline", time=when)
        rows.append(
            (
                Action(yes, "approve", booking.id, booking.version),
                Action(no, "decline", booking.id, booking.version),
            )
        )
    rows.append((Action(reader.say("agenda.back"), "agenda"),))
    return card(reader.say("agenda.requests", count=len(requests)), *lines, rows=rows)


def free_closed(reader: Reader, day: date, kept: int, undo_id: str) -> ChatMessage:
    """Say that the day takes no more bookings."""
    return card(
        reader.say("agenda.free_closed", day=reader.date_name(day)),
        reader.say("hours.kept", count=kept) if kept else "",
        rows=[
            (
                Action(reader.say("hours.undo"), "undohrs", undo_id),
                Action(reader.say("agenda.back"), "agenda", argument=day.isoformat()),
            )
        ],
    )


# --- the week ---


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
        parts.append(reader.say("agenda.week_free", times=_stretches(reader, facts.free[:4])))
    if facts.off and not facts.free:
        parts.append(reader.say("agenda.off"))
    return reader.say(
        "agenda.week_line",
        day=_short_day(reader, facts.day),
        what=" · ".join(parts) or reader.say("hours.closed"),
    )


def week_grid(reader: Reader, days: Sequence[DayFacts]) -> Week:
    """Return the facts of a week as a picture's grid."""
    legend: Mapping[BlockKind, str] = {
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
        _short_day(reader, facts.day),
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
