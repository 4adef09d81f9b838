"""The cards of one booking: questions, what will be booked, what is booked, and afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scheduling.messages import Button, ButtonStyle, ChatMessage, Part, Plain, Strong
from scheduling.model import Booking, BookingDetails, BookingStatus, EventType, Question
from scheduling.people import Person
from scheduling.policy import Policy
from wording import buttons
from wording.times import Reader
from wording.view import View, cut_off_of, range_in_city, where_parts
from wording.zones import Target

USUAL_REMINDERS = Policy().reminders
_DAY = timedelta(days=1)
Rows = tuple[tuple[Button, ...], ...]


def question(
    reader: Reader,
    target: Target,
    asked: Question,
    *,
    kept: str | None = None,
    problem: str = "",
) -> ChatMessage:
    """Ask one question of the event type.

    ``kept`` is what was typed before, ``problem`` what was wrong with what was typed now.
    """
    row: list[Button] = []
    parts: list[Part] = [Plain(reader.say("booking.question", question=asked.text))]
    if kept is not None:
        parts = [
            Plain(reader.say("booking.question_kept", question=asked.text)),
            Plain(f"\n{reader.say('news.quoted', text=kept)}"),
        ]
        row.append(target.button(reader.say("booking.keep_answer"), "skip", "keep"))
    if not asked.required:
        row.append(target.button(reader.say("nav.skip"), "skip"))
    row.append(target.button(reader.say("nav.back"), "back"))
    if problem:
        parts.insert(0, Plain(f"{problem}\n"))
    return ChatMessage(tuple(parts), (tuple(row),))


def confirm(
    reader: Reader,
    target: Target,
    held: Booking,
    event_type: EventType,
    host: Person,
    *,
    until: datetime | None,
    asks: bool,
    answers: Sequence[tuple[str, str]] = (),
    clash: BookingDetails | None = None,
) -> ChatMessage:
    """Show what will be booked, and until when it is kept.

    ``asks``: the host has to say yes first. ``clash`` is a booking the reader has at the same
    time: a warning, no obstacle.
    """
    time = held.time
    lines: list[Part] = [
        Strong(range_in_city(reader, host, time.start, time.end, both=True)),
        Plain("\n" + reader.say("booking.what", title=held.title, host=host.first_name)),
        *where_parts(reader, held.place, held.video, link=False),
    ]
    if held.capacity > 1:
        left = held.capacity - held.seats_used + 1
        lines.append(Plain(reader.say("booking.dot") + reader.say("booking.seats", count=left)))
    lines += [Plain(f"\n{reader.say('news.quoted', text=answer)}") for _, answer in answers]
    lines += [Plain(f"\n{line}") for line in _confirm_notes(reader, host, clash, asks=asks)]
    if until is not None:
        lines.append(Plain("\n" + reader.say("booking.kept", time=reader.time(until))))
    go = reader.say("booking.ask" if asks else "booking.book")
    book = target.button(go, "book", style=ButtonStyle.PRIMARY)
    row = [book, target.button(reader.say("nav.back"), "back")]
    if event_type.questions:
        row.insert(1, target.button(reader.say("booking.reask"), "reask"))
    return ChatMessage(tuple(lines), (tuple(row),))


def _confirm_notes(
    reader: Reader, host: Person, clash: BookingDetails | None, *, asks: bool
) -> list[str]:
    notes = []
    if asks:
        notes.append(reader.say("booking.asks", host=host.first_name))
    if clash is not None:
        time = clash.booking.time
        notes.append(
            reader.say(
                "booking.overlap",
                title=clash.booking.title,
                host=clash.host.first_name,
                time=reader.time_range(time.start, time.end),
            )
        )
    return notes


def card(view: View, *, reminders: Sequence[timedelta] = USUAL_REMINDERS) -> ChatMessage:
    """Show how a booking stands now, with what this person can do about it."""
    if view.booking.status.is_live and not view.takes_part:
        return _ended(view, "booking.cancelled")
    match view.booking.status:
        case BookingStatus.CONFIRMED:
            return confirmed(
                view, "booking.booked", undo_until=view.undo_until, reminders=reminders
            )
        case BookingStatus.PENDING:
            return pending(view, undo_until=view.undo_until)
        case BookingStatus.COMPLETED:
            return _over(view)
        case BookingStatus.CANCELLED:
            return cancelled(view, undo_until=view.undo_until)
        case BookingStatus.DECLINED:
            return _ended(view, "booking.declined")
        case BookingStatus.EXPIRED:
            return _ended(view, "booking.expired")
        case BookingStatus.HELD:
            return _ended(view, "refused.changed_held")


def _ended(view: View, key: str) -> ChatMessage:
    words = view.reader.say(key, time=view.day_time, host=view.host)
    return ChatMessage((Plain(words),), ((buttons.another(view), buttons.my_bookings(view)),))


def confirmed(
    view: View,
    first_words: str,
    *,
    undo_until: datetime | None,
    reminders: Sequence[timedelta] = USUAL_REMINDERS,
) -> ChatMessage:
    """Show a booking that stands; ``first_words`` is the key of "Booked. ", "Moved. ", ..."""
    reader = view.reader
    seat = view.booking.seat_of(view.person.id)
    lines: list[Part] = [
        Plain(reader.say(first_words, host=view.host)),
        Strong(view.range_in_city(both=view.booking.place is not None)),
        Plain("\n"),
        *view.what_and_where(link=True),
    ]
    notes = _notes(view, reminders)
    if notes:
        lines.append(Plain("\n" + " ".join(notes)))
    if seat is not None and seat.coming:
        lines.append(Plain("\n" + reader.say("booking.coming", other=view.host)))
    return ChatMessage(tuple(lines), _confirmed_rows(view, buttons.undo(view, undo_until)))


def _confirmed_rows(view: View, undo: tuple[Button, ...]) -> Rows:
    first = (*buttons.join(view), buttons.message(view), buttons.google(view))
    changes = (*buttons.possible(view), *undo)
    return (first, changes) if changes else (first,)


def _notes(view: View, reminders: Sequence[timedelta]) -> list[str]:
    """Return until when it can be changed, and which reminders are still to come."""
    reader = view.reader
    if view.is_host or reader.now >= view.start:
        return []
    until = cut_off_of(view)
    # A seat in a group cannot be moved, so nothing is said of it.
    seat = "_seat" if view.booking.capacity > 1 else ""
    if reader.now <= until:
        notes = [reader.say(f"booking.until{seat}", time=reader.near(until))]
    else:
        notes = [reader.say(f"booking.past_cut_off{seat}", host=view.host)]
    leads = view.person.reminders or view.details.event_type.reminders
    leads = tuple(reminders) if leads is None else leads
    coming = [lead for lead in sorted(leads, reverse=True) if view.start - lead > reader.now]
    if coming:
        notes.append(reader.say("booking.remind", leads=_leads(reader, coming)))
    return notes


def _leads(reader: Reader, leads: Sequence[timedelta]) -> str:
    """Return "the day before, 1 hour and 10 min before"."""
    day_before = [reader.say("booking.day_before")] if leads[0] == _DAY else []
    lengths = [_lead(reader, lead) for lead in (leads[1:] if day_before else leads)]
    named = reader.listing([*day_before, *lengths])
    return reader.say("booking.before", leads=named) if lengths else named


def _lead(reader: Reader, lead: timedelta) -> str:
    hour = timedelta(hours=1)
    return reader.short_length(lead) if lead < hour else reader.length(lead)


def pending(view: View, *, undo_until: datetime | None) -> ChatMessage:
    """Show a request that waits for the host's answer."""
    reader, booking = view.reader, view.booking
    deadline = reader.near(booking.expires_at or view.start)
    first = reader.say("booking.asked", host=view.host, deadline=deadline, time=_clock(view))
    lines = (
        Plain(first + "\n"),
        Strong(view.range_in_city(both=booking.place is not None)),
        Plain("\n"),
        *view.what_and_where(link=False),
    )
    row = (buttons.message(view), buttons.cancel(view), *buttons.undo(view, undo_until))
    return ChatMessage(lines, (row,))


def _clock(view: View) -> str:
    return view.reader.time(view.start)


def cancelled(view: View, *, undo_until: datetime | None, other: str | None = None) -> ChatMessage:
    """Show a booking that was cancelled; ``other`` is who has been told by the reader's act."""
    own = view.booking.cancelled_by in {view.person.id, None}
    if other is None and own and not view.is_host:
        other = view.host
    key = "booking.cancelled_knows" if other else "booking.cancelled"
    words = view.reader.say(key, time=view.day_time, other=other)
    again = () if view.is_host else (buttons.another(view),)
    row = (*buttons.undo(view, undo_until), *again)
    return ChatMessage((Plain(words),), (row,) if row else ())


def _over(view: View) -> ChatMessage:
    words = view.reader.say("booking.over", time=view.range, title=view.title, other=view.others)
    message = buttons.message(view)
    if view.is_host:
        return ChatMessage((Plain(words),), ((message,),))
    clear = buttons.on_booking(view, view.reader.say("booking.clear"), "clear")
    return ChatMessage((Plain(words),), ((buttons.another(view),), (message, clear)))
