"""Messages made of plain lines over buttons, the way most cards are."""

from collections.abc import Iterable, Sequence

from scheduling.messages import Button, ChatMessage, Plain


def card(*lines: str, rows: Iterable[Sequence[Button]] = ()) -> ChatMessage:
    """Return a message of these lines; empty lines, and rows without a button, are left out."""
    text = "\n".join(line for line in lines if line)
    return ChatMessage((Plain(text),), tuple(tuple(row) for row in rows if row))


def in_rows(buttons: Sequence[Button], width: int) -> list[tuple[Button, ...]]:
    """Return the buttons broken into rows of at most ``width``."""
    return [tuple(buttons[begin : begin + width]) for begin in range(0, len(buttons), width)]
