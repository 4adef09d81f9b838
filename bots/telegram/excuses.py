"""What people hear while the database is away: once each, instead of silence."""

import json
from collections.abc import Callable, Sequence

import structlog
from telegram.error import TelegramError

from bots.telegram import limits
from bots.telegram.api import TelegramBot
from bots.telegram.messenger import TelegramMessenger
from bots.telegram.payloads import NotAnUpdate
from bots.telegram.updates import Heard, read_update
from bots.text import cut
from scheduling.errors import DeliveryError
from scheduling.messages import ChatMessage, Plain
from scheduling.people import Platform, Recipient
from wording import edge
from wording.catalogue import FALLBACK

_log = structlog.get_logger(__name__)


class Excuses:
    """Tells who waits that the answer comes later; the update itself is kept and handled then."""

    def __init__(
        self,
        bot: TelegramBot,
        messenger: TelegramMessenger,
        username: Callable[[], str | None],
    ) -> None:
        self._bot, self._messenger, self._username = bot, messenger, username
        self._told: set[str] = set()

    def over(self) -> None:
        """Forget who was told: the database is back."""
        self._told.clear()

    async def make(self, updates: Sequence[object]) -> None:
        """Tell everybody behind these updates who was not told yet; never raises."""
        for update in updates:
            try:
                event = read_update(json.dumps(update), self._username() or "")
            except NotAnUpdate:
                continue
            if isinstance(event, Heard) and event.private:
                await self.make_to(event)

    def is_due(self, heard: Heard) -> bool:
        """Say whether this person is to be told now; asked again, no more."""
        # A press spins until it is answered, so each is told; of messages one per chat is enough.
        key = heard.pressed.query_id if heard.pressed else f"chat {heard.chat_id}"
        if key in self._told:
            return False
        self._told.add(key)
        return True

    async def make_to(self, heard: Heard) -> None:
        """Tell the person behind one update, unless they were told; never raises."""
        if not self.is_due(heard):
            return
        words = edge.later(heard.sender.language or FALLBACK)
        try:
            if heard.pressed:
                text = cut(words, limits.CALLBACK_ANSWER)
                await self._bot.answer_callback_query(heard.pressed.query_id, text)
            else:
                chat = Recipient(Platform.TELEGRAM, self._bot.tenant, heard.chat_id)
                message = ChatMessage((Plain(words),), silent=True)
                await self._messenger.send(chat, message, thread_id=heard.thread_id)
        except (TelegramError, DeliveryError) as error:
            _log.info("telegram.excuse_lost", reason=type(error).__name__)
