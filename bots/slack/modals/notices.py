"""Answers inside a window: a neutral message drawn as one, with its buttons."""

from bots.slack import limits
from bots.slack.modals.elements import (
    Json,
    actions,
    bold,
    button,
    marked_section,
    modal,
    section,
)
from bots.slack.text import escape, tidy_url
from scheduling.messages import Buttons, ChatMessage, Link, LocalTime, Part, Strong
from wording.times import Reader

CALLBACK = "sb.notice"


def notice(reader: Reader, message: ChatMessage, *, title: str = "") -> Json:
    """Return a window that says this; it is closed by hand."""
    return modal(
        CALLBACK,
        title or reader.say("slack.notice"),
        message_blocks(message),
        close=reader.say("slack.done"),
    )


def said(reader: Reader, text: str, *, title: str = "") -> Json:
    """Return a window of plain words."""
    shown = title or reader.say("slack.notice")
    return modal(CALLBACK, shown, [section(text)], close=reader.say("slack.close"))


def over(reader: Reader) -> Json:
    """Return what stands in the place of a window whose choices are gone."""
    return said(reader, reader.say("slack.over"))


def message_blocks(message: ChatMessage) -> list[Json]:
    """Return a neutral message as blocks."""
    blocks: list[Json] = []
    words: list[str] = []
    number = 0

    def flush() -> None:
        text = "".join(words).strip()
        words.clear()
        if text:
            blocks.append(marked_section(text[: limits.SECTION_TEXT]))

    for part in message.parts:
        if isinstance(part, Buttons):
            flush()
            drawn = [button(each, number + at) for at, each in enumerate(part.row)]
            blocks += actions(each for each in drawn if each)
            number += len(part.row)
        else:
            words.append(_marked(part))
    flush()
    for row in message.rows:
        drawn = [button(each, number + at) for at, each in enumerate(row)]
        blocks += actions(each for each in drawn if each)
        number += len(row)
    return blocks


def _marked(part: Part) -> str:
    match part:
        case LocalTime(fallback=text):
            return escape(text)
        case Strong(text=text):
            return bold(text)
        case Link(text=text, url=url):
            address = tidy_url(url)
            words = escape(text).replace("|", "/")
            return f"<{address}|{words}>" if address else words
        case _:
            return escape(part.text)
