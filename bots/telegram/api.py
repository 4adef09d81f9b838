"""The Bot API client: python-telegram-bot's Bot, with its sharp edges covered.

What it adds: updates as raw JSON, answers that are not Telegram's told apart from Telegram's
own, and no way for the token to reach a log.
"""

import logging
import os
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest, RequestData

from bots.telegram import limits
from bots.telegram.answers import judged, reduced

# Lengths of time come as timedelta; without it every RetryAfter is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")


def is_on_this_machine(address: str) -> bool:
    """Say whether the address never leaves this machine."""
    return urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}


class Request(HTTPXRequest):
    """One pool of connections to the Bot API."""

    def __init__(self, api_url: str, connections: int, read_timeout: timedelta) -> None:
        super().__init__(
            connection_pool_size=connections,
            connect_timeout=limits.CONNECT_TIMEOUT.total_seconds(),
            read_timeout=read_timeout.total_seconds(),
            write_timeout=read_timeout.total_seconds(),
            pool_timeout=limits.POOL_TIMEOUT.total_seconds(),
            media_write_timeout=limits.UPLOAD_TIMEOUT.total_seconds(),
            # A server on this machine is never behind the proxy of the environment.
            httpx_kwargs={
                "trust_env": not is_on_this_machine(api_url),
                # httpx would close an idle connection after five seconds, and the next press
                # would wait for a handshake.
                "limits": httpx.Limits(
                    max_connections=connections,
                    keepalive_expiry=limits.KEEP_CONNECTION.total_seconds(),
                ),
            },
        )

    async def do_request(  # type: ignore[override]  # timeouts are passed through as they come
        self, url: str, method: str, request_data: RequestData | None = None, **timeouts: float
    ) -> tuple[int, bytes]:
        """Send it, and let only what Telegram itself said through to the library.

        The library takes any 200 for success, any 403 for a blocked bot and logs bodies whole.
        """
        code, payload = await super().do_request(url, method, request_data, **timeouts)
        if 200 <= code <= 299 and payload.startswith(b'{"ok":true,"result":'):
            return code, payload
        return judged(code, payload)


class TelegramBot(Bot):
    """The bot behind one token."""

    def __init__(
        self, token: str, api_url: str, *, read_timeout: timedelta = limits.READ_TIMEOUT
    ) -> None:
        self._polling = Request(api_url, 1, read_timeout)
        self._calls = Request(api_url, limits.CONNECTIONS, read_timeout)
        super().__init__(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            get_updates_request=self._polling,
            request=self._calls,
        )

    def __repr__(self) -> str:
        return "TelegramBot()"

    __str__ = __repr__

    @property
    def tenant(self) -> str:
        """Return the bot's id, which is the first half of every token."""
        number, colon, _ = self.token.partition(":")
        return number if colon and number.isascii() and number.isdigit() else "0"

    async def fetch_updates(self, offset: int | None) -> list[object]:
        """Return what waits as JSON objects, as received; nothing within LONG_POLL is empty.

        The library would parse the whole batch, so that one update it cannot read would keep
        all later ones from ever being seen.

        Raises:
            TelegramError: no answer, or no updates in it.
        """
        data: dict[str, object] = {
            "offset": offset,
            "limit": limits.UPDATES_AT_ONCE,
            "timeout": int(limits.LONG_POLL.total_seconds()),
            "allowed_updates": list(limits.ALLOWED_UPDATES),
        }
        patience = limits.LONG_POLL + limits.READ_TIMEOUT
        found = await self._post("getUpdates", data, read_timeout=patience.total_seconds())
        if not isinstance(found, list):
            raise TelegramError("getUpdates answered with something else")
        return list(found)

    async def _post(  # the library calls every method through it
        self, endpoint: str, data: dict[str, Any] | None = None, **options: Any
    ) -> Any:
        return reduced(endpoint, await super()._post(endpoint, data, **options))

    async def close_connections(self) -> None:
        """Close both pools; the bot cannot be used afterwards."""
        await self._polling.shutdown()
        await self._calls.shutdown()


def hush_libraries() -> None:
    """Keep addresses of requests, which hold the token, out of logs at any level of ours.

    httpx writes them at INFO, python-telegram-bot at DEBUG.
    """
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
