"""A coach's day: what is booked, what is free, what waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduling.messages import Action, Button, ChatMessage
from scheduling.model import BookingDetails, BookingStatus, SeatStatus
from scheduling.moments import Interval
from wording.lines import card
from wording.times import Reader

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
    return reader.say("agenda.free", times=stretches(reader, facts.free))


def stretches(reader: Reader, gaps: Sequence[Interval]) -> str:
    """Return "09:00-11:00, 13:00-14:00"."""
    return ", ".join(reader.time_range(gap.start, gap.end) for gap in gaps)


def session_line(reader: Reader, details: BookingDetails) -> str:
    """Return "11:00-12:00  Leo Brandt · coming"."""
    time = details.booking.time
    return reader.say(
        "agenda.line",
        time=reader.time_range(time.start, time.end),
        who=who_text(reader, details),
        state=state_text(reader, details),
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


def state_text(reader: Reader, details: BookingDetails) -> str:
    """Return "coming", "15 min late", "no answer yet": how those who booked stand."""
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
        reader.say("agenda.back_to", day=short_day(reader, before)),
        "agenda",
        argument=before.isoformat(),
    )
    ahead = Action(
        reader.say("agenda.on_to", day=short_day(reader, after)),
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
            day=short_day(reader, facts.day),
        ),
        "off",
        argument=facts.day.isoformat(),
    )
    close = Action(reader.say("agenda.close_free"), "shutday", argument=facts.day.isoformat())
    return [(close, cannot)] if facts.free else [(cannot,)]


def short_day(reader: Reader, day: date) -> str:
    """Return "Wed 25"."""
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
