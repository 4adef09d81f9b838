"""A neutral message as Telegram draws it: HTML text and keyboards, within the limits.

Everything that goes into a text passes ``_escape``; there is no other way to HTML.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import KeyboardButtonStyle

from bots.callback_data import encode
from bots.telegram import limits
from bots.text import cut, sendable, width
from scheduling.messages import (
    Action,
    Ask,
    Button,
    Buttons,
    ButtonStyle,
    ChatMessage,
    CopyText,
    Link,
    LocalTime,
    Mention,
    More,
    OpenUrl,
    Part,
    Plain,
    Quote,
    Strong,
)
from scheduling.moments import seconds
from scheduling.people import AccountKey, Platform

Single = Action | OpenUrl | CopyText
Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
_STYLES = {
    ButtonStyle.PRIMARY: KeyboardButtonStyle.PRIMARY,
    ButtonStyle.DANGER: KeyboardButtonStyle.DANGER,
}
_NOTHING = "…"
# Weekday, long date and short time, in the reader's zone and language.
_TIME_FORMAT = "wDt"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A text twice: with its marks, and bare for when Telegram cannot read the marks."""

    html: str
    bare: str


def draw(message: ChatMessage, *, local_times: bool = True) -> Drawn:
    """Return the message's words; beside a picture within the limit of a caption.

    A picture without words is described by its ``alt`` text, for who cannot see it. Without
    ``local_times``, times stand as they are written and not also in the reader's own zone.
    """
    parts = message.parts
    if not local_times:
        parts = tuple(Plain(p.fallback) if isinstance(p, LocalTime) else p for p in parts)
    if message.picture is None and message.file is None:
        return draw_parts(parts, limits.TEXT)
    if message.picture is not None and not message.text.strip():
        parts = (Plain(message.picture.alt),)
    return draw_parts(parts, limits.CAPTION)


def draw_parts(parts: Iterable[Part], limit: int) -> Drawn:
    """Return the parts one after the other, cut where the limit is reached, tags closed."""
    marked: list[str] = []
    bare: list[str] = []
    left = limit
    for part in parts:
        whole = sendable(part.fallback if isinstance(part, LocalTime) else part.text)
        shown = cut(whole, left)
        if shown:
            marked.append(_mark(part, shown))
            bare.append(shown)
        if shown != whole:
            break
        left -= width(shown)
    if not "".join(bare).strip():
        return Drawn(_NOTHING, _NOTHING)
    return Drawn("".join(marked), "".join(bare))


def _mark(part: Part, shown: str) -> str:
    text = _escape(shown)
    match part:
        case Plain() | Buttons():
            return text
        case _ if not shown.strip():
            return text
        case Strong():
            return f"<b>{text}</b>"
        case Quote():
            return f"<blockquote>{text}</blockquote>"
        case Link(url=url):
            return f'<a href="{_escape(url)}">{text}</a>' if _opens(url) else text
        case Mention(account=account):
            return _mention(account, text)
        case LocalTime(moment=moment):
            return f'<tg-time unix="{seconds(moment)}" format="{_TIME_FORMAT}">{text}</tg-time>'


def _mention(account: AccountKey | None, text: str) -> str:
    """Return the name as a link to its account: Telegram rings for who is in the group."""
    if account is None or account.platform is not Platform.TELEGRAM:
        return text
    number = account.account_id
    return f'<a href="tg://user?id={number}">{text}</a>' if number.isdecimal() else text


def _escape(text: str) -> str:
    # The apostrophe stays: Telegram knows no entity name for it, and no value here stands
    # between apostrophes.
    return html.escape(text, quote=False).replace('"', "&quot;")


def _opens(url: str) -> bool:
    """Say whether Telegram takes the address in a link or a button."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not url.isprintable() or " " in url:
        return False
    # Telegram refuses the whole message for one address without a dot in its host.
    return parts.scheme == "tg" or (parts.scheme in {"http", "https"} and "." in host.strip("."))


def draw_keyboard(message: ChatMessage) -> Keyboard | None:
    """Return the buttons of the message, or the keyboard it asks with; None for none."""
    match message.ask:
        case None:
            within = (part.row for part in message.parts if isinstance(part, Buttons))
            return draw_rows((*within, *message.rows))
        case Ask.DONE:
            return ReplyKeyboardRemove()
        case Ask.PHONE | Ask.LOCATION:
            button = KeyboardButton(
                _label(message.ask_label),
                request_contact=message.ask is Ask.PHONE or None,
                request_location=message.ask is Ask.LOCATION or None,
            )
            return ReplyKeyboardMarkup(
                [[button]],
                resize_keyboard=True,
                one_time_keyboard=True,
                input_field_placeholder=cut(button.text, limits.PLACEHOLDER),
            )


def draw_rows(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """Return an inline keyboard; rows too wide are broken, what is beyond the limit left out."""
    drawn: list[list[InlineKeyboardButton]] = []
    left = limits.BUTTONS
    for row in rows:
        plain = (each for button in row for each in _single(button))
        buttons = [button for each in plain if (button := draw_button(each))][:left]
        left -= len(buttons)
        drawn.extend(
            buttons[begin : begin + limits.BUTTONS_IN_ROW]
            for begin in range(0, len(buttons), limits.BUTTONS_IN_ROW)
        )
    return InlineKeyboardMarkup(drawn) if drawn else None


def _single(button: Button) -> tuple[Single, ...]:
    """Return the button, or those of a menu, which Telegram draws side by side."""
    return button.actions if isinstance(button, More) else (button,)


def draw_button(button: Single) -> InlineKeyboardButton | None:
    """Return the button, or None for an address that Telegram would refuse."""
    label = _label(button.label)
    match button:
        case Action():
            return InlineKeyboardButton(
                label, callback_data=encode(button), style=_STYLES.get(button.style)
            )
        case OpenUrl(url=url):
            return InlineKeyboardButton(label, url=url) if _opens(url) else None
        case CopyText(text=text):
            copied = sendable(text)
            fits = 0 < width(copied) <= limits.COPY_TEXT
            return InlineKeyboardButton(label, copy_text=CopyTextButton(copied)) if fits else None


def _label(text: str) -> str:
    words = " ".join(sendable(text).split())
    return cut(words, limits.BUTTON_LABEL) or _NOTHING
