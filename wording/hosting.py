"""What a coach hears on the way to a booking link, and about the link."""

from collections.abc import Sequence
from urllib.parse import urlencode

from scheduling.messages import (
    Action,
    Button,
    ButtonStyle,
    ChatMessage,
    CopyText,
    OpenUrl,
    Picture,
    Plain,
)
from scheduling.model import EventType
from scheduling.people import Person
from wording.lines import card, in_rows
from wording.times import Reader
from wording.zones import Target

_MOST_TYPES = 20


def coaches_only(reader: Reader) -> ChatMessage:
    """Answer a coach's command given by somebody who offers no time."""
    return card(
        reader.say("hosting.coaches_only"),
        rows=[(Action(reader.say("hosting.offer"), "offer", style=ButtonStyle.PRIMARY),)],
    )


def menu(reader: Reader) -> ChatMessage:
    """Show a coach the ways to everything."""
    return card(
        reader.say("hosting.menu"),
        rows=[
            (
                Action(reader.say("hosting.agenda"), "agenda"),
                Action(reader.say("hosting.hours"), "hours", argument="show"),
            ),
            (
                Action(reader.say("hosting.link"), "link"),
                Action(reader.say("hosting.types"), "mytypes"),
            ),
            (
                Action(reader.say("hours.time_off"), "off"),
                Action(reader.say("hours.extra_time"), "open"),
            ),
            (
                Action(reader.say("hosting.me"), "me"),
                Action(reader.say("hosting.help"), "help"),
            ),
        ],
    )


# --- signing up ---


def ask_invite(reader: Reader, *, wrong: bool) -> ChatMessage:
    """Ask for an invite code."""
    problem = reader.say("hosting.invite_wrong") if wrong else ""
    back = Action(reader.say("nav.back"), "help")
    return card(problem, reader.say("hosting.ask_invite"), rows=[(back,)])


def asked_admins(reader: Reader, target: Target) -> ChatMessage:
    """Say that an admin decides, and keep the week at hand."""
    return card(
        reader.say("hosting.asked_admins"),
        rows=[(target.button(reader.say("hosting.save_again"), "savehrs"),)],
    )


def left(reader: Reader) -> ChatMessage:
    """Say that nothing was begun, and keep both ways open."""
    return card(
        reader.say("hosting.left"),
        rows=[
            (
                Action(reader.say("hosting.offer"), "offer"),
                Action(reader.say("welcome.book"), "newbook"),
            )
        ],
    )


# --- the link ---


def link_card(
    reader: Reader,
    event_type: EventType,
    address: str,
    *,
    nicer: int,
    fresh: bool,
    share: Action | None = None,
) -> ChatMessage:
    """Show a booking link; ``nicer`` counts how many of three additions are made.

    ``share`` is the button that puts a card before others in this chat.
    """
    first = reader.say(
        "hosting.link_works" if fresh else "hosting.link_of",
        title=event_type.title,
        length=reader.short_length(event_type.duration),
    )
    shown = address.removeprefix("https://").removeprefix("http://")
    forward = "https://t.me/share/url?" + urlencode(
        {"url": address, "text": reader.say("hosting.share_text", title=event_type.title)}
    )
    return card(
        first,
        shown,
        rows=[
            (
                CopyText(reader.say("hosting.copy"), address),
                share or OpenUrl(reader.say("hosting.share"), forward),
            ),
            (
                Action(reader.say("hosting.qr"), "qr", event_type.id),
                Action(reader.say("hosting.see_as_student"), "preview", event_type.id),
            ),
            (Action(reader.say("hosting.nicer", done=nicer), "nicer", event_type.id),),
        ],
    )


def shared_card(
    reader: Reader, event_type: EventType, host: Person, telegram: str | None
) -> ChatMessage:
    """Show everybody in a channel what can be booked; ``telegram`` is its link there, if any."""
    book = Action(
        reader.say("hosting.shared_book"), "pick", event_type.id, style=ButtonStyle.PRIMARY
    )
    there = (OpenUrl(reader.say("hosting.shared_telegram"), telegram),) if telegram else ()
    titled = reader.say("hosting.shared_title", what=_titled(reader, event_type), host=host.name)
    return card(titled, host.about or "", rows=[(book, *there)])


def shared(reader: Reader, event_type: EventType, address: str | None) -> ChatMessage:
    """Say that the card is out; ``address`` leads to it."""
    row = (
        (
            CopyText(reader.say("hosting.copy"), address),
            OpenUrl(reader.say("hosting.shared_open"), address),
        )
        if address
        else ()
    )
    return card(reader.say("hosting.shared", title=event_type.title), address or "", rows=[row])


def share_not_in(reader: Reader, again: Action) -> ChatMessage:
    """Say that the card could not be posted, and how it can."""
    return card(reader.say("hosting.share_not_in"), rows=[(again,)])


def choose_link(reader: Reader, event_types: Sequence[EventType]) -> ChatMessage:
    """Ask of which event type the link is wanted."""
    buttons = [Action(_titled(reader, kind), "link", kind.id) for kind in event_types[:_MOST_TYPES]]
    return card(reader.say("hosting.which_link"), rows=in_rows(buttons, 1))


def no_types(reader: Reader) -> ChatMessage:
    """Say that there is nothing to link to, and what to do."""
    return card(
        reader.say("hosting.no_types"),
        rows=[(Action(reader.say("hosting.types"), "mytypes"),)],
    )


def qr_card(
    reader: Reader, event_type: EventType, host: Person, address: str, png: bytes
) -> ChatMessage:
    """Show the link as a QR picture."""
    text = reader.say(
        "hosting.qr_caption",
        title=event_type.title,
        name=host.name,
        address=address.removeprefix("https://"),
    )
    alt = reader.say("hosting.qr_alt", address=address)
    return ChatMessage((Plain(text),), picture=Picture(png, alt))


def qr_note(reader: Reader, event_type: EventType, host: Person) -> str:
    """Return the line on the QR picture between the code and the address."""
    return reader.say(
        "hosting.qr_note", length=reader.short_length(event_type.duration), name=host.name
    )


def as_student(reader: Reader, event_type: EventType, picker: ChatMessage) -> ChatMessage:
    """Return the student's card as the coach sees it, with the way back to the link."""
    back = Action(reader.say("nav.back"), "link", event_type.id)
    note = Plain(reader.say("hosting.preview_note") + "\n\n")
    return ChatMessage((note, *picker.parts), (*picker.rows, (back,)))


# --- make it nicer ---


def done_of_nicer(event_type: EventType, host: Person) -> tuple[bool, bool, bool]:
    """Say which of the three additions are made: where, about, break."""
    return (
        bool(event_type.place or event_type.video),
        bool(host.about),
        bool(event_type.buffer_before or event_type.buffer_after),
    )


def nicer(reader: Reader, event_type: EventType, host: Person) -> ChatMessage:
    """Offer the three additions; each can wait."""
    where, about, pause = done_of_nicer(event_type, host)
    steps = (
        ("hosting.nicer_where", "where", where, event_type.place or event_type.video),
        ("hosting.nicer_about", "about", about, host.about),
        ("hosting.nicer_break", "after", pause, None),
    )
    rows: list[tuple[Button, ...]] = [
        (
            Action(
                reader.say("hosting.nicer_done" if done else "hosting.nicer_open", what=name),
                "nicer",
                event_type.id,
                argument=field,
            ),
        )
        for key, field, done, _ in steps
        if (name := reader.say(key))
    ]
    told = [
        reader.say("hosting.nicer_line", what=reader.say(key), value=value)
        for key, _, _, value in steps
        if value
    ]
    back = Action(reader.say("nav.back"), "link", event_type.id)
    count = sum((where, about, pause))
    return card(reader.say("hosting.nicer_title", done=count), *told, rows=[*rows, (back,)])


def ask_about(
    reader: Reader, target: Target, present: str | None, *, problem: str = ""
) -> ChatMessage:
    """Ask for the line beside the coach's name."""
    buttons: list[Button] = [target.button(reader.say("nav.back"), "aboutset", "back")]
    if present:
        buttons.insert(0, target.button(reader.say("hosting.remove"), "aboutset", "none"))
    return card(problem, reader.say("hosting.ask_about"), rows=[buttons])


def _titled(reader: Reader, event_type: EventType) -> str:
    return reader.say(
        "hosting.titled",
        title=event_type.title,
        length=reader.short_length(event_type.duration),
    )
