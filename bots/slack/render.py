"""A neutral message as Slack draws it: blocks, and plain words beside them, within the limits.

Everything that goes into mrkdwn passes ``escape``; there is no other way in. Links that Slack
would make by itself are switched off (``verbatim``), so a name can never become a mention, and
an address that somebody wrote stays words: only our own links can be opened.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bots.slack import limits
from bots.slack.commands import as_typed_here
from bots.slack.modals import elements
from bots.slack.text import cut, escape, flat, sendable, tidy_url, width
from scheduling.messages import (
    Button,
    Buttons,
    ChatMessage,
    CopyText,
    Field,
    Link,
    LocalTime,
    Mention,
    Part,
    Plain,
    Quote,
    Strong,
)
from scheduling.moments import seconds
from scheduling.people import Platform

Json = dict[str, Any]

FIELD = "type."
"""Begins the action_id of a field; the id of its draft follows."""
_NOTHING = "…"
_PIECE = 500
"""So many characters stay below a section's limit even if every one is written as an entity."""
_ROOM_FOR_BUTTONS = 10
_USER = re.compile(r"[UW][A-Za-z0-9_-]{1,63}", re.ASCII)
_APART = "\u200b"
"""Where a mark begins or ends inside a word Slack would not see it."""
# The day with its name (today, tomorrow), and the time, in the reader's zone and language.
_TIME_FORMAT = "{day_divider_pretty}, {time}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message as blocks, and as words for notifications, screen readers and when blocks fail."""

    text: str
    blocks: tuple[Json, ...]


def draw(message: ChatMessage) -> Drawn:
    """Return the message's words and buttons.

    A picture without words is described by its ``alt`` text.
    """
    parts = message.parts
    if message.picture is not None and not message.text.strip():
        parts = (*parts, Plain(message.picture.alt))
    canvas = _Canvas()
    for part in parts:
        if isinstance(part, Buttons):
            canvas.row(part.row)
        else:
            canvas.write(part)
    if message.field is not None:
        canvas.field(message.field)
    for row in message.rows:
        canvas.row(row)
    return Drawn(_words(parts), tuple(canvas.done()))


def _words(parts: Iterable[Part]) -> str:
    """Return the words alone, escaped, times with the zone they are told in."""
    whole: list[str] = []
    left = limits.TEXT
    for part in parts:
        text = part.fallback if isinstance(part, LocalTime) else part.text
        for piece in _pieces(as_typed_here(sendable(text))):
            shown = escape(piece)
            if width(shown) > left:
                return "".join(whole).strip() + _NOTHING
            whole.append(shown)
            left -= width(shown)
    return "".join(whole).strip() or _NOTHING


class _Canvas:
    """Blocks as they grow: words gather until something that is not words comes."""

    def __init__(self) -> None:
        self._blocks: list[Json] = []
        self._words: list[str] = []
        self._size = 0
        self._number = 0
        self._after_mark = False

    def write(self, part: Part) -> None:
        for mark in self._marks(part):
            if self._size + width(mark) > limits.SECTION_TEXT - 10:
                self._flush()
            self._words.append(mark)
            self._size += width(mark)

    def row(self, row: Sequence[Button]) -> None:
        """Draw buttons in a row; what is to be copied becomes words that can be marked."""
        for each in row:
            if isinstance(each, CopyText) and each.text not in "".join(self._words):
                self._flush()
                self._words.append(f"`{escape(each.text.replace('`', chr(39)))}`")
        self._flush()
        drawn: list[Json] = []
        for each in row:
            element = elements.button(each, self._number)
            if element is not None:
                drawn.append(element)
                self._number += 1
        self._blocks += elements.actions(drawn)

    def field(self, field: Field) -> None:
        """Draw a line to type into, sent by the Enter key."""
        self._flush()
        element = elements.line(
            f"{FIELD}{field.draft_id}",
            initial=field.initial,
            placeholder=field.placeholder,
            several=field.multiline,
        )
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
        self._blocks.append(
            {
                "type": "input",
                "dispatch_action": True,
                "label": elements.plain(field.label, limits.LABEL),
                "element": element,
            }
        )

    def done(self) -> list[Json]:
        """Return the blocks; too many words give way, buttons stay as far as they can."""
        self._flush()
        if not self._blocks:
            return [_section(_NOTHING)]
        if len(self._blocks) > limits.BLOCKS:
            return _fewer(self._blocks)
        return self._blocks

    def _flush(self) -> None:
        text = "".join(self._words).strip("\n ")
        self._words, self._size, self._after_mark = [], 0, False
        if text.strip(_APART + " \n"):
            self._blocks.append(_section(text))

    def _marks(self, part: Part) -> Iterator[str]:
        """Yield the part in pieces that must not be cut."""
        match part:
            case Plain(text=text):
                yield from map(self._piece, _pieces(as_typed_here(sendable(text))))
            case Strong(text=text):
                for line in re.split(r"(\n)", sendable(text)):
                    yield from self._bold(line)
            case Quote(text=text):
                yield from self._quote(sendable(text))
            case Link(text=text, url=url):
                yield self._link(cut(sendable(text), _PIECE), url)
            case LocalTime(moment=moment, fallback=fallback):
                shown = escape(cut(flat(fallback), 200)).replace("|", "/").replace("^", "")
                shown = shown.strip() or _NOTHING
                yield f"{self._gap()}<!date^{seconds(moment)}^{_TIME_FORMAT}|{shown}>"
                self._after_mark = True
            case Mention(text=text, account=account):
                rings = account is not None and account.platform is Platform.SLACK
                if rings and account is not None and _USER.fullmatch(account.account_id):
                    yield f"{self._gap()}<@{account.account_id}>"
                    self._after_mark = True
                else:
                    yield from map(self._piece, _pieces(sendable(text)))
            case Buttons():
                return

    def _piece(self, text: str) -> str:
        apart = _APART if self._after_mark and text[:1].isalnum() else ""
        self._after_mark = False
        return apart + escape(text)

    def _bold(self, line: str) -> Iterator[str]:
        words = line.strip()
        if not words:
            yield self._piece(line)
            return
        for piece in _pieces(words):
            text = piece.replace("*", "∗").strip()
            yield f"{self._gap()}*{escape(text)}*" if text else piece
            self._after_mark = True
        if line[-1:].isspace():
            yield self._piece(" ")

    def _quote(self, text: str) -> Iterator[str]:
        if self._words and not self._words[-1].endswith("\n"):
            yield "\n"
        for line in text.strip("\n").split("\n"):
            for piece in _pieces(line) or [""]:
                yield f">{escape(piece)}\n"
        self._after_mark = False

    def _link(self, text: str, url: str) -> str:
        address = tidy_url(url)
        if address is None or width(address) > limits.SECTION_TEXT - 2 * _PIECE:
            return self._piece(cut(text or url, _PIECE))
        label = escape(text).replace("|", "/")
        gap = self._gap()
        self._after_mark = True
        return f"{gap}<{address}|{label}>" if label.strip() else f"{gap}<{address}>"

    def _gap(self) -> str:
        before = self._words[-1][-1:] if self._words else ""
        return _APART if before.isalnum() or before in {"*", "_", "~", "`"} else ""


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _pieces(text: str) -> list[str]:
    """Return the text in lines, long ones in pieces, nothing lost."""
    return [
        line[begin : begin + _PIECE]
        for line in text.splitlines(keepends=True)
        for begin in range(0, len(line), _PIECE)
    ]


def _fewer(blocks: list[Json]) -> list[Json]:
    """Return as many blocks as a message takes: the first words, and the last buttons."""
    kept = limits.BLOCKS - _ROOM_FOR_BUTTONS - 1
    return [*blocks[:kept], _section(_NOTHING), *blocks[-_ROOM_FOR_BUTTONS:]]
