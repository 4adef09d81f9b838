"""Keeps Telegram's webhook pointed at us, where updates come by webhook."""

from datetime import datetime, timedelta

import structlog
from telegram.error import InvalidToken, TelegramError

from bots.patience import pause_after
from bots.telegram import limits
from bots.telegram.api import TelegramBot
from bots.telegram.failures import in_short
from scheduling.ports import Clock

_LOOK_AGAIN = timedelta(minutes=5)
_log = structlog.get_logger(__name__)


class TelegramWebhook:
    """Sets the webhook at start, verifies it, and looks after it from time to time."""

    def __init__(self, bot: TelegramBot, clock: Clock, url: str, secret: str) -> None:
        self._bot, self._clock, self._url, self._secret = bot, clock, url, secret
        self._trouble: str | None = "the webhook is not set yet"

    def trouble(self, now: datetime) -> str | None:
        """Say what keeps updates from coming."""
        return self._trouble

    async def run(self) -> None:
        """Keep the webhook set, for ever."""
        failures = 0
        while True:
            try:
                await self._set_and_verify()
            except InvalidToken:
                failures += 1
                self._note("Telegram does not know this token")
            except TelegramError as error:
                failures += 1
                self._note(f"Telegram cannot be reached ({in_short(error)})")
            else:
                failures = 0
            await self._clock.sleep(pause_after(failures) if failures else _LOOK_AGAIN)

    async def _set_and_verify(self) -> None:
        info = await self._bot.get_webhook_info()
        # The secret cannot be asked for, so the first look sets the address in any case.
        if info.url != self._url or self._trouble is not None:
            await self._bot.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=limits.ALLOWED_UPDATES,
                max_connections=limits.WEBHOOK_CONNECTIONS,
                drop_pending_updates=False,
            )
            info = await self._bot.get_webhook_info()
        now = self._clock.now()
        if info.url != self._url:
            self._note("Telegram did not keep the webhook's address")
        elif info.last_error_date is not None and now - info.last_error_date < _LOOK_AGAIN:
            self._note(f"Telegram cannot deliver: {info.last_error_message}")
        else:
            self._trouble = None

    def _note(self, trouble: str) -> None:
        if trouble != self._trouble:
            _log.warning("telegram.webhook_trouble", trouble=trouble)
        self._trouble = trouble
