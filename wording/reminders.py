"""Reminders and lateness; the words and buttons follow the time that is really left."""

from datetime import timedelta

from scheduling.messages import Action, Button, ChatMessage, Plain
from wording import buttons
from wording.view import View, may_change

SOON = timedelta(minutes=20)
"""Closer to the start than that, lateness is one tap."""
NEAR = timedelta(hours=3)
"""Closer than that, coming is no question any more."""

_MINUTE = timedelta(minutes=1)
LATE_CHOICES = (5, 10, 15)


def reminder(view: View, *, first: bool) -> ChatMessage:
    """Remind one person; ``first`` adds the way to have fewer of them, once per booking."""
    left = view.start - view.reader.now
    if left <= timedelta():
        return _begun(view)
    if view.is_host:
        return _for_host(view, near=left <= NEAR)
    if left <= NEAR:
        words = view.reader.say(
            "remind.soon",
            ahead=view.reader.ahead(view.start),
            time=view.reader.time(view.start),
            what=_what(view, with_video=left > SOON),
        )
        return _message(view, words, _soon_rows(view, left), first=first)
    return _message(view, _early_words(view), _early_rows(view), first=first)


def _early_words(view: View) -> str:
    ahead = view.reader.ahead(view.start)
    seat = view.booking.seat_of(view.person.id)
    known = "_known" if seat is not None and seat.coming else ""
    return view.reader.say(
        f"remind.day{known}" if ahead else f"remind.far{known}",
        ahead=ahead,
        range=view.range,
        what=view.what,
    )


def _early_rows(view: View) -> tuple[Button, ...]:
    seat = view.booking.seat_of(view.person.id)
    coming = buttons.on_booking(view, view.reader.say("remind.coming"), "coming")
    asked = () if seat is not None and seat.coming else (coming,)
    if may_change(view):
        return (*asked, *buttons.changing(view))
    return (*asked, buttons.cannot_come(view))


def _soon_rows(view: View, left: timedelta) -> tuple[Button, ...]:
    if left <= SOON:
        return (*buttons.join(view), *late_choices(view))
    late = buttons.on_booking(view, view.reader.say("remind.late"), "late")
    last = buttons.cancel(view) if may_change(view) else buttons.cannot_come(view)
    return (*buttons.join(view), late, last)


def late_choices(view: View, above: int = 0) -> tuple[Button, ...]:
    """Return one button per usual lateness, of more than ``above`` minutes."""
    return tuple(
        buttons.on_booking(
            view, view.reader.say("remind.late_by", count=minutes), "late", str(minutes)
        )
        for minutes in LATE_CHOICES
        if minutes > above
    )


def _for_host(view: View, *, near: bool) -> ChatMessage:
    ahead = view.reader.ahead(view.start)
    key = "remind.host" if near else "remind.host_day" if ahead else "remind.host_far"
    words = view.reader.say(
        key,
        ahead=ahead,
        time=view.reader.time(view.start),
        range=view.range,
        title=view.title,
        names=view.others,
    )
    return ChatMessage((Plain(words),), ((*buttons.join(view), buttons.message(view)),))


def _begun(view: View) -> ChatMessage:
    words = view.reader.say("remind.begun", time=view.reader.time(view.start), what=view.what)
    return ChatMessage((Plain(words),), ((*buttons.join(view), buttons.message(view)),))


def _message(view: View, words: str, row: tuple[Button, ...], *, first: bool) -> ChatMessage:
    fewer = ((Action(view.reader.say("remind.fewer"), "fewer"),),) if first else ()
    return ChatMessage((Plain(words),), (row, *fewer))


def _what(view: View, *, with_video: bool) -> str:
    if not (with_video and view.booking.video):
        return view.what
    return view.what + view.reader.say("booking.dot") + view.reader.say("booking.video")


# --- the answers to a reminder's buttons ---


def is_coming(view: View) -> ChatMessage:
    """Answer "I'll be there" in the reminder's own card."""
    ahead = view.reader.ahead(view.start)
    day = view.reader.say("times.day_time", day=ahead, time=view.reader.day(view.start))
    words = view.reader.say(
        "remind.is_coming",
        day=day if ahead else view.reader.day(view.start),
        time=view.reader.time(view.start),
        host=view.host,
    )
    row = buttons.changing(view) if may_change(view) else (buttons.cannot_come(view),)
    return ChatMessage((Plain(words),), (row,))


def is_late(view: View, minutes: int) -> ChatMessage:
    """Answer "10 min late" in the card; zero says that it did not come to that."""
    time = view.reader.time(view.start)
    if not minutes:
        words = view.reader.say("remind.is_on_time", time=time, host=view.others)
        return ChatMessage((Plain(words),), (buttons.join(view),) if buttons.join(view) else ())
    about = view.reader.time(view.start + minutes * _MINUTE)
    words = view.reader.say("remind.is_late", time=time, about=about, host=view.others)
    on_time = buttons.on_booking(view, view.reader.say("remind.on_time"), "late", "0")
    row = (*buttons.join(view), *late_choices(view, above=minutes), on_time)
    return ChatMessage((Plain(words),), (row,))


def ask_how_late(view: View) -> ChatMessage:
    """Answer "Running late" with the usual lengths."""
    words = view.reader.say("remind.late_ask", time=view.reader.time(view.start), what=view.what)
    back = buttons.on_booking(view, view.reader.say("nav.back"), "show")
    return ChatMessage((Plain(words),), ((*late_choices(view), back),))


def cannot_come(view: View) -> ChatMessage:
    """Answer "Can't come" in the card; the time stays the booking's until the host frees it."""
    words = view.reader.say(
        "remind.is_not_coming",
        day=view.reader.day(view.start),
        time=view.reader.time(view.start),
        host=view.host,
    )
    return ChatMessage((Plain(words),), ((buttons.message(view),),))
