"""Text on its way to a chat: what cannot be sent is taken out, what is too long is cut."""

import re
import unicodedata
from typing import Any

ELLIPSIS = "…"
_JOINER = "\u200d"
# Tabs become spaces; other controls, and the marks that turn the reading direction of what
# follows, would only hide what is written. Chats take most of them out by themselves.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]")
_MODIFIERS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_FLAGS = range(0x1F1E6, 0x1F200)
_LONGEST_CLUSTER = 64


def sendable(text: str) -> str:
    """Return the text without what cannot be sent: controls, lone surrogates, overrides."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    text = _UNSEEN.sub("", text)
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def storable(value: Any) -> Any:
    """Return what came as JSON without the one character that no database column holds.

    Raises:
        RecursionError: it is nested deeper than anybody writes.
    """
    match value:
        case str():
            return value.replace("\x00", "")
        case list():
            return [storable(each) for each in value]
        case dict():
            return {storable(name): storable(each) for name, each in value.items()}
        case _:
            return value


def width(text: str) -> int:
    """Return the length chats count: UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int) -> str:
    """Return the text within ``limit`` UTF-16 units, an ellipsis standing for what went.

    It is cut between characters as people see them: never inside a flag, a family or an accent.
    """
    if width(text) <= limit:
        return text
    if limit <= 0:
        return ""
    end, used = 0, 0
    for end, character in enumerate(text):  # noqa: B007  # the first index that no longer fits
        used += 2 if character > "\uffff" else 1
        if used > limit - 1:
            break
    return text[: _boundary(text, end)].rstrip() + ELLIPSIS


def _boundary(text: str, end: int) -> int:
    """Return the last place at or before ``end`` between two visible characters."""
    for place in range(end, max(end - _LONGEST_CLUSTER, 0), -1):
        if not _joined(text, place):
            return place
    return end if end > _LONGEST_CLUSTER else 0


def _joined(text: str, place: int) -> bool:
    """Say whether the characters before and after the place make one visible character."""
    before, after = text[place - 1], text[place]
    if after == _JOINER or before == _JOINER or unicodedata.category(after).startswith("M"):
        return True
    code = ord(after)
    if code in _MODIFIERS or code in _TAGS:
        return True
    if code not in _FLAGS:
        return False
    flags = 0
    while place - 1 - flags >= 0 and ord(text[place - 1 - flags]) in _FLAGS:
        flags += 1
    return flags % 2 == 1
