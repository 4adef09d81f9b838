"""The Messenger port over one Telegram bot."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

import structlog
from telegram import (
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError

from bots.telegram import limits
from bots.telegram.api import TelegramBot
from bots.telegram.failures import (
    cannot_be_parsed,
    delivery_error,
    in_short,
    is_about_an_address,
    may_be_sent_anew,
    shows_it_already,
)
from bots.telegram.render import Drawn, Keyboard, draw, draw_keyboard
from scheduling.errors import CardGone
from scheduling.messages import ChatMessage, File, OpenUrl
from scheduling.people import THREAD, Card, Platform, Recipient

T = TypeVar("T")
Post = Callable[[str, str | None, Keyboard | None], Awaitable[T]]

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_log = structlog.get_logger(__name__)


class Kind(StrEnum):
    """What a message of ours is, as a suffix of its id: Telegram edits each kind its own way."""

    TEXT = ""
    PHOTO = "p"
    DOCUMENT = "d"


def card_for(chat: Recipient, message_id: int, kind: Kind) -> Card:
    """Return the card of a message of ours."""
    return Card(chat, f"{message_id}{kind}")


def read_card(card: Card) -> tuple[int, Kind]:
    """Return Telegram's number of the message, and its kind."""
    number = card.message_id.rstrip("pd")
    return int(number), Kind(card.message_id[len(number) :])


def kind_of(message: ChatMessage) -> Kind:
    """Return what the message becomes when sent."""
    if message.picture is not None:
        return Kind.PHOTO
    return Kind.TEXT if message.file is None else Kind.DOCUMENT


def chat_number(chat: Recipient) -> int | str:
    """Return the chat's id the way Telegram counts; a public @name stays one."""
    bare = chat.chat_id.partition(THREAD)[0]
    try:
        return int(bare)
    except ValueError:
        return bare


def answered(chat: Recipient) -> ReplyParameters | None:
    """Return which message is replied to: a thread is the replies to its first message."""
    _, _, message_id = chat.chat_id.partition(THREAD)
    number = message_id.rstrip("pd")
    if not number.isdecimal():
        return None
    # Whoever deleted the card still hears the news.
    return ReplyParameters(int(number), allow_sending_without_reply=True)


class TelegramMessenger:
    """Sends and edits messages of one bot; every method may raise a DeliveryError."""

    def __init__(self, bot: TelegramBot) -> None:
        self._bot = bot
        self._local_times = True

    @property
    def platform(self) -> Platform:
        """Return Telegram."""
        return Platform.TELEGRAM

    async def send(
        self, to: Recipient, message: ChatMessage, *, thread_id: int | None = None
    ) -> Card:
        """Send a new message, into the topic ``thread_id`` of the chat where there is one."""

        async def post(text: str, mode: str | None, keyboard: Keyboard | None) -> Message:
            chat = chat_number(to)
            if message.picture is not None:
                return await self._bot.send_photo(
                    chat,
                    message.picture.png,
                    caption=text,
                    parse_mode=mode,
                    reply_markup=keyboard,
                    disable_notification=message.silent,
                    message_thread_id=thread_id,
                    reply_parameters=answered(to),
                    filename="picture.png",
                )
            if message.file is not None:
                return await self._bot.send_document(
                    chat,
                    message.file.content,
                    caption=text,
                    parse_mode=mode,
                    reply_markup=keyboard,
                    disable_notification=message.silent,
                    message_thread_id=thread_id,
                    reply_parameters=answered(to),
                    filename=file_name(message.file),
                )
            return await self._bot.send_message(
                chat,
                text,
                parse_mode=mode,
                reply_markup=keyboard,
                disable_notification=message.silent,
                message_thread_id=thread_id,
                reply_parameters=answered(to),
                link_preview_options=_NO_PREVIEW,
            )

        try:
            sent = await self._put(message, post)
        except TelegramError as error:
            raise delivery_error(error) from error
        return card_for(to, sent.message_id, kind_of(message))

    async def edit(
        self,
        card: Card,
        message: ChatMessage,
        *,
        thread_id: int | None = None,
        repeats: bool = False,
    ) -> Card:
        """Make the card show this; where Telegram cannot, send it anew and close the old one.

        With ``repeats`` a card that shows it already is sent anew too: an answer to typed words
        that changes nothing on the screen would look like silence.

        It cannot when the old message is gone, when a picture would become words (the other way
        round it can), and when the message asks with a keyboard of the app.
        """
        number, kind = read_card(card)
        wanted = kind_of(message)
        becomes = kind is wanted or (kind, wanted) == (Kind.TEXT, Kind.PHOTO)
        if not becomes or wanted is Kind.DOCUMENT or message.ask is not None:
            return await self._follow(card, message, thread_id)
        try:
            await self._edit(card.chat, number, message)
        except (BadRequest, InvalidToken) as error:
            if shows_it_already(error) and not repeats:
                return card
            if shows_it_already(error) or may_be_sent_anew(error):
                return await self._follow(card, message, thread_id)
            raise delivery_error(error) from error
        except TelegramError as error:
            raise delivery_error(error) from error
        return card_for(card.chat, number, wanted)

    async def refresh(self, card: Card, message: ChatMessage) -> None:
        """Make a card that may be old show this, silently, and never by sending it anew.

        Raises:
            CardGone: it cannot be edited any more.
        """
        number, kind = read_card(card)
        if kind_of(message) is not kind or message.ask is not None:
            raise CardGone("another kind of message")
        try:
            await self._edit(card.chat, number, message)
        except BadRequest as error:
            if shows_it_already(error):
                return
            if may_be_sent_anew(error):
                raise CardGone(error.message) from error
            raise delivery_error(error) from error
        except TelegramError as error:
            raise delivery_error(error) from error

    async def _follow(self, card: Card, message: ChatMessage, thread_id: int | None) -> Card:
        fresh = await self.send(card.chat, message, thread_id=thread_id)
        await self.close(card)
        return fresh

    async def _edit(self, chat: Recipient, number: int, message: ChatMessage) -> None:
        async def post(text: str, mode: str | None, keyboard: Keyboard | None) -> Message | bool:
            buttons = keyboard if isinstance(keyboard, InlineKeyboardMarkup) else None
            if message.picture is not None:
                picture = InputMediaPhoto(
                    message.picture.png, caption=text, parse_mode=mode, filename="picture.png"
                )
                return await self._bot.edit_message_media(
                    picture, chat_number(chat), number, reply_markup=buttons
                )
            return await self._bot.edit_message_text(
                text,
                chat_number(chat),
                number,
                parse_mode=mode,
                reply_markup=buttons,
                link_preview_options=_NO_PREVIEW,
            )

        await self._put(message, post)

    async def send_file(self, to: Recipient, file: File, *, replacing: Card | None) -> Card:
        """Send a document silently, or put it in the place of an earlier one."""
        try:
            if replacing is not None and await self._swap_file(replacing, file):
                return replacing
            sent = await self._bot.send_document(
                chat_number(to),
                file.content,
                filename=file_name(file),
                disable_notification=True,
                disable_content_type_detection=True,
                reply_parameters=answered(to),
            )
        except TelegramError as error:
            raise delivery_error(error) from error
        return card_for(to, sent.message_id, Kind.DOCUMENT)

    async def _swap_file(self, card: Card, file: File) -> bool:
        number, _ = read_card(card)
        document = InputMediaDocument(
            file.content, filename=file_name(file), disable_content_type_detection=True
        )
        try:
            await self._bot.edit_message_media(document, chat_number(card.chat), number)
        except (BadRequest, InvalidToken) as error:
            if shows_it_already(error):
                return True
            if may_be_sent_anew(error):
                return False
            raise
        return True

    async def permalink(self, card: Card) -> str | None:
        """Return None: most chats of Telegram have no addresses."""
        return None

    async def close(self, card: Card) -> None:
        """Take the buttons off a card that another one follows; failing changes nothing."""
        number, _ = read_card(card)
        try:
            await self._bot.edit_message_reply_markup(chat_number(card.chat), number)
        except TelegramError as error:
            _log.debug("telegram.card_not_closed", reason=in_short(error))

    async def _put(self, message: ChatMessage, post: Post[T]) -> T:
        """Post the message; what Telegram dislikes about its looks is left out, never its words."""
        drawn = draw(message, local_times=self._local_times)
        try:
            return await post(drawn.html, ParseMode.HTML, draw_keyboard(message))
        except BadRequest as refusal:
            if cannot_be_parsed(refusal):
                _log.warning("telegram.marks_refused", reason=refusal.message)
                return await self._put_plainer(message, drawn, post)
            if is_about_an_address(refusal):
                _log.warning("telegram.address_refused", reason=refusal.message)
                return await post(drawn.html, ParseMode.HTML, draw_keyboard(_unlinked(message)))
            raise

    async def _put_plainer(self, message: ChatMessage, refused: Drawn, post: Post[T]) -> T:
        """Post without local times, which servers before 2026 do not know, or else bare."""
        plainer = draw(message, local_times=False)
        if plainer.html != refused.html:
            try:
                posted = await post(plainer.html, ParseMode.HTML, draw_keyboard(message))
            except BadRequest as refusal:
                if not cannot_be_parsed(refusal):
                    raise
            else:
                self._local_times = False
                return posted
        return await post(plainer.bare, None, draw_keyboard(message))


def file_name(file: File) -> str:
    """Return the name with its ending kept: phones open a calendar by ".ics" alone."""
    if len(file.name) <= limits.FILE_NAME:
        return file.name
    stem, dot, ending = file.name.rpartition(".")
    return stem[: limits.FILE_NAME - len(ending) - 1] + dot + ending


def _unlinked(message: ChatMessage) -> ChatMessage:
    rows = (tuple(b for b in row if not isinstance(b, OpenUrl)) for row in message.rows)
    return replace(message, rows=tuple(row for row in rows if row))
