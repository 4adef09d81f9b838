"""What a person sees in a chat, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: what it says, what it does (``callback_data``, ``url``, ...)."""

    text: str
    action: str
    value: Any
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document or photo in a message."""

    file_id: str
    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as a person sees it. ``seq`` is the number of its last change."""

    id: int
    seq: int
    date: int
    from_bot: bool
    text: str
    html: str
    entities: tuple[dict[str, Any], ...]
    rows: tuple[tuple[Button, ...], ...]
    document: Attachment | None
    photo_id: str | None
    edits: int
    silent: bool
    deleted: bool
    raw: dict[str, Any]

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> list[list[str]]:
        """The button texts as they stand in rows."""
        return [[button.text for button in row] for row in self.rows]

    def button(self, label: str) -> Button | None:
        """The button with this text, else the first whose text begins with it."""
        same = [button for button in self.buttons if button.text == label]
        alike = [button for button in self.buttons if button.text.startswith(label)]
        return next(iter(same + alike), None)


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a press: a short line, or an alert to be closed."""

    callback_id: str
    message_id: int
    text: str | None
    alert: bool
    url: str | None
    seq: int


class NothingSuch(AssertionError):
    """What was waited for did not come; the text shows what was there instead."""


def read_messages(chat: dict[str, Any]) -> list[SeenMessage]:
    return [_message(view) for view in chat["messages"]]


def _message(view: dict[str, Any]) -> SeenMessage:
    document = view["document"]
    return SeenMessage(
        id=view["id"],
        seq=view["seq"],
        date=view["date"],
        from_bot=view["from_bot"],
        text=view["text"],
        html=view["html"],
        entities=tuple(view["entities"]),
        rows=tuple(_row(number, row) for number, row in enumerate(view["keyboard"])),
        document=Attachment(**document) if document else None,
        photo_id=view["photo"]["file_id"] if view["photo"] else None,
        edits=view["edits"],
        silent=view["silent"],
        deleted=view["deleted"],
        raw=view,
    )


def _row(number: int, row: Sequence[dict[str, Any]]) -> tuple[Button, ...]:
    return tuple(
        Button(button["text"], button["action"], button["value"], number, column)
        for column, button in enumerate(row)
    )


def read_toasts(chat: dict[str, Any]) -> list[Toast]:
    toasts = [Toast(**toast) for toast in chat["toasts"]]
    return sorted(toasts, key=lambda toast: toast.seq)


def told(chat: dict[str, Any]) -> str:
    lines = []
    for message in read_messages(chat)[-8:]:
        who = "bot" if message.from_bot else "you"
        gone = " (deleted)" if message.deleted else ""
        file = f" [{message.document.name}]" if message.document else ""
        lines.append(f"  #{message.id} seq {message.seq} {who}{gone}: {message.text!r}{file}")
        lines.extend(f"      {row}" for row in message.labels)
    return "\n".join(lines) or "  nothing"
