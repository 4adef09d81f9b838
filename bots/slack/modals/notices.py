"""Answers inside a window: a neutral message drawn as one, with its buttons."""

from dataclasses import replace

from bots.slack.modals.elements import Json, modal, section
from bots.slack.render import draw
from scheduling.messages import ChatMessage
from wording.times import Reader

CALLBACK = "sb.notice"


def notice(reader: Reader, message: ChatMessage, *, title: str = "") -> Json:
    """Return a window that says this; it is closed by hand."""
    # A field would have to be sent with the window, and there is nothing here to send.
    blocks = draw(replace(message, field=None)).blocks
    shown = title or reader.say("slack.notice")
    return modal(CALLBACK, shown, blocks, close=reader.say("slack.done"))


def said(reader: Reader, text: str, *, title: str = "") -> Json:
    """Return a window of plain words."""
    shown = title or reader.say("slack.notice")
    return modal(CALLBACK, shown, [section(text)], close=reader.say("slack.close"))


def over(reader: Reader) -> Json:
    """Return what stands in the place of a window whose choices are gone."""
    return said(reader, reader.say("slack.over"))
