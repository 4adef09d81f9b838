"""One's own bookings: those to come, and those that are over."""

from collections.abc import Sequence

from scheduling.messages import Action, Button, ChatMessage, File, Plain
from scheduling.model import BookingStatus
from wording import buttons
from wording.keeping import kept_card
from wording.lines import card, in_rows
from wording.times import Reader
from wording.view import View


def coming(reader: Reader, views: Sequence[View], *, finished: int) -> ChatMessage:
    """List what is to come, each with a button to its card; an empty list says what to do."""
    book = Action(reader.say("welcome.book"), "newbook")
    rows: list[Sequence[Button]] = []
    if views:
        lines = [reader.say("my.title", city=reader.city), *(_line(view) for view in views)]
        rows += in_rows([_open(view) for view in views], 2)
    else:
        lines = [reader.say("my.empty"), reader.say("my.next")]
    last: list[Button] = [book]
    if finished:
        last.append(Action(reader.say("my.finished", count=finished), "mine", argument="over"))
    return card(*lines, rows=[*rows, last])


def finished(reader: Reader, views: Sequence[View]) -> ChatMessage:
    """List what is over, with what clears it from the list."""
    back = Action(reader.say("my.mine"), "mine")
    if not views:
        return card(reader.say("my.finished_empty"), rows=((back,),))
    lines = [reader.say("my.finished_title"), *(_line(view) for view in views)]
    rows: list[Sequence[Button]] = list(in_rows([_open(view) for view in views], 2))
    rows.append((Action(reader.say("my.clear_all"), "clear", argument="all"), back))
    return card(*lines, rows=rows)


def _line(view: View) -> str:
    key = "my.item_pending" if view.booking.status is BookingStatus.PENDING else "my.item"
    return view.reader.say(key, range=view.range, title=view.title, other=view.others)


def _open(view: View) -> Action:
    past = view.start < view.reader.now
    time = view.day_time if past else view.reader.near_with_day(view.start)
    label = view.reader.say("my.open", time=time, other=view.others)
    return buttons.on_booking(view, label, "show")


def with_file_button(view: View, message: ChatMessage) -> ChatMessage:
    """Return the booking's card as /my opens it: with the calendar file, and the way back."""
    row: list[Button] = []
    if view.booking.status in {BookingStatus.CONFIRMED, BookingStatus.PENDING}:
        row.append(buttons.on_booking(view, view.reader.say("booking.file"), "file"))
    row.append(buttons.my_bookings(view))
    opened = message.with_rows(*message.rows, tuple(row))
    return kept_card(view, opened, file="1")


def calendar_file(view: View, file: File) -> ChatMessage:
    """Return the message that carries the file."""
    words = view.reader.say("my.file", time=view.range)
    return ChatMessage((Plain(words),), file=file, silent=True)


def greeting(reader: Reader, name: str, next_one: View | None) -> ChatMessage:
    """Say hello with what comes next (T11)."""
    if next_one is None:
        words = reader.say("welcome.nothing", name=name)
    else:
        words = reader.say("welcome.next", name=name, time=next_one.day_time, other=next_one.others)
    mine = Action(reader.say("welcome.mine"), "mine")
    if next_one is not None and next_one.is_host:
        mine = Action(reader.say("hosting.agenda"), "agenda")
    return card(words, rows=((mine, Action(reader.say("welcome.book"), "newbook")),))


def first_words(reader: Reader, name: str, *, is_coach: bool) -> ChatMessage:
    """Say what this is for, to somebody who has just come."""
    book = Action(reader.say("welcome.book"), "newbook")
    offer = Action(reader.say("welcome.offer"), "offer")
    own = Action(reader.say("welcome.share"), "link")
    return card(reader.say("welcome.hello", name=name), rows=((book, own if is_coach else offer),))
