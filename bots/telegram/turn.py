"""One turn of a conversation in Telegram: how a flow answers there."""

import asyncio

import structlog
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bots.chat import Incoming
from bots.patience import patiently
from bots.telegram import limits
from bots.telegram.api import TelegramBot
from bots.telegram.failures import in_short
from bots.telegram.messenger import TelegramMessenger, chat_number
from bots.text import cut, sendable
from scheduling.messages import ChatMessage, Plain
from scheduling.people import Card
from scheduling.ports import Clock

_log = structlog.get_logger(__name__)


class PressAnswer:
    """The one answer every press gets: a toast when the flow has one in time, else a blank one.

    Telegram lets the button spin until it is answered, so a blank answer goes out as soon as the
    flow shows something, and after ANSWER_WITHIN in any case.
    """

    def __init__(self, bot: TelegramBot, clock: Clock, query_id: str) -> None:
        self._bot, self._clock, self._query_id = bot, clock, query_id
        self._given: asyncio.Task[None] | None = None
        self._timer = asyncio.create_task(self._run_out())

    @property
    def is_given(self) -> bool:
        """Say whether the press has been answered, so that a toast would come too late."""
        return self._given is not None

    def give(self, text: str = "", *, alert: bool = False) -> None:
        """Answer now, beside whatever else happens; a second time changes nothing."""
        if self._given is None:
            self._given = asyncio.create_task(self._send(text, alert))

    def open(self, link: str) -> None:
        """Answer by opening the private chat behind a start link."""
        if self._given is None:
            self._given = asyncio.create_task(self._send("", alert=False, link=link))

    async def finish(self) -> None:
        """Answer at the latest now, and wait until the answer is out."""
        self.give()
        self._timer.cancel()
        if self._given is not None:
            await self._given

    async def _run_out(self) -> None:
        await self._clock.sleep(limits.ANSWER_WITHIN)
        self.give()

    async def _send(self, text: str, alert: bool, link: str | None = None) -> None:
        words = cut(sendable(text), limits.CALLBACK_ANSWER)
        try:
            await self._bot.answer_callback_query(
                self._query_id, text=words or None, show_alert=alert or None, url=link
            )
        except BadRequest as error:
            # Too old after a break, or answered before a crash: nobody waits for it any more.
            _log.debug("telegram.press_too_old", reason=error.message)
        except TelegramError as error:
            _log.info("telegram.press_not_answered", reason=in_short(error))


class TelegramTurn:
    """What a flow may do to answer in Telegram; it raises a DeliveryError when it cannot."""

    def __init__(
        self,
        incoming: Incoming,
        messenger: TelegramMessenger,
        bot: TelegramBot,
        clock: Clock,
        *,
        query_id: str | None = None,
        thread_id: int | None = None,
    ) -> None:
        self._incoming = incoming
        self._messenger, self._bot, self._clock = messenger, bot, clock
        self._thread_id = thread_id
        self._shown = incoming.card
        self._answer = PressAnswer(bot, clock, query_id) if query_id is not None else None

    @property
    def incoming(self) -> Incoming:
        """Return who said what."""
        return self._incoming

    async def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer the press with a short text; after a command, or when it is late, say it."""
        if self._answer is None or self._answer.is_given:
            await self.say(ChatMessage((Plain(text),), silent=True))
            return
        self._answer.give(text, alert=alert)

    async def show(self, message: ChatMessage) -> Card:
        """Edit the card this turn is about; without one, send it and keep to it."""
        self._stop_spinning()
        if self._shown is None:
            self._shown = await self.say(message)
        else:
            self._shown = await self.redraw(self._shown, message)
        return self._shown

    async def redraw(self, card: Card, message: ChatMessage) -> Card:
        """Edit a card of ours in this chat; one that cannot be edited is sent anew."""
        self._stop_spinning()
        typed = self._incoming.card is None
        return await patiently(
            lambda: self._messenger.edit(card, message, thread_id=self._thread_id, repeats=typed),
            self._clock,
        )

    async def say(self, message: ChatMessage) -> Card:
        """Send a new message."""
        self._stop_spinning()
        return await patiently(
            lambda: self._messenger.send(self._incoming.chat, message, thread_id=self._thread_id),
            self._clock,
        )

    async def busy(self) -> None:
        """Show that the bot is writing; it goes by itself after some seconds."""
        try:
            await self._bot.send_chat_action(
                chat_number(self._incoming.chat), ChatAction.TYPING, self._thread_id
            )
        except TelegramError as error:
            _log.debug("telegram.sign_of_life_lost", reason=in_short(error))

    async def finish(self) -> None:
        """End the turn: a press that nobody answered is answered now."""
        if self._answer is not None:
            await self._answer.finish()

    def _stop_spinning(self) -> None:
        if self._answer is not None:
            self._answer.give()
