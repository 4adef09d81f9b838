"""Telegram as one face of slotbook: everything it needs, built in one place."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from telegram import User
from telegram.error import InvalidToken, TelegramError

from bots.patience import pause_after
from bots.telegram import limits
from bots.telegram.adapter import Surroundings, TelegramAdapter
from bots.telegram.api import TelegramBot, hush_libraries
from bots.telegram.commands import CommandMenu
from bots.telegram.excuses import Excuses
from bots.telegram.failures import in_short
from bots.telegram.intake import TelegramIntake
from bots.telegram.messenger import TelegramMessenger
from bots.telegram.polling import TelegramPolling
from bots.telegram.webhook import TelegramWebhook
from scheduling.errors import DeliveryDeferred, StoreUnavailable
from scheduling.ports import Clock, Inbound, Inbox, Leases, Memory

_PAYLOAD = re.compile(f"[A-Za-z0-9_-]{{0,{limits.START_PAYLOAD}}}", re.ASCII)
_SOON = timedelta(seconds=2)
_PUBLISH_TRIES = 5
_DEFECT = "stopped by a defect; see the log"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramConfig:
    """The settings of Telegram, as the wiring hands them in."""

    token: str = field(repr=False)
    holder: str
    """Names this process among those that may poll. Where no two can run on one database, it
    should always be the same, so that a restart goes on without waiting for a lease to end."""
    api_url: str = "https://api.telegram.org"
    webhook_url: str | None = None
    """Public https address of the webhook route; None polls."""
    webhook_secret: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("a webhook without a secret would take updates from anybody")


class TelegramFace:
    """The bot: its messenger, its links, and the part that keeps its connections.

    It can be built without Telegram being there; ``running`` goes on trying until it is. What
    sends through it (the dispatcher, the worker) runs inside that block; ``receiver`` is a part
    of its own, so that a process may send without receiving, and stops receiving first.
    """

    name = "telegram"

    def __init__(
        self,
        config: TelegramConfig,
        around: Surroundings,
        *,
        inbox: Inbox,
        leases: Leases,
        memory: Memory,
        wake: Callable[[], None],
    ) -> None:
        hush_libraries()
        clock = around.clock
        self._clock, self._memory = clock, memory
        self._bot = TelegramBot(config.token, config.api_url)
        self._username: str | None = None
        self._introduced = asyncio.Event()
        self._trouble: str | None = None
        self._task: asyncio.Task[None] | None = None
        menu = CommandMenu(self._bot, around.router, memory)
        self.messenger = TelegramMessenger(self._bot)
        excuses = Excuses(self._bot, self.messenger, lambda: self._username)
        self.intake = TelegramIntake(
            inbox, clock, self._bot.tenant, wake, config.webhook_secret, excuses
        )
        self._adapter = TelegramAdapter(
            self._bot, self.messenger, menu, excuses, self, lambda: self._username, around
        )
        source = (
            TelegramWebhook(self._bot, clock, config.webhook_url, config.webhook_secret)
            if config.webhook_url and config.webhook_secret
            else TelegramPolling(self._bot, self.intake, leases, clock, config.holder)
        )
        self.receiver = TelegramReceiver(source, menu, clock, self._introduced)

    @property
    def tenant(self) -> str:
        """Return the bot's id, the tenant of its accounts and chats."""
        return self._bot.tenant

    async def handle(self, inbound: Inbound) -> None:
        """Handle a stored update; see TelegramAdapter."""
        await self._adapter.handle(inbound)

    async def apologize(self, inbound: Inbound, code: str) -> None:
        """Tell a person that it did not work; see TelegramAdapter."""
        await self._adapter.apologize(inbound, code)

    def deep_link(self, payload: str) -> str:
        """Return the address that opens the bot with /start and the payload.

        Raises:
            ValueError: the payload is longer than 64, or not of letters, digits, "-" and "_".
            DeliveryDeferred: Telegram has never told us the bot's name yet.
        """
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError(f"no link can carry {payload!r}")
        if self._username is None:
            raise DeliveryDeferred(_SOON, whole_bot=True)
        address = f"https://t.me/{self._username}"
        return f"{address}?start={payload}" if payload else address

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Learn who we are inside the block; leaving closes the connections."""
        with suppress(StoreUnavailable):
            self._username = await self._memory.recall(self._name_key)
        self._task = asyncio.create_task(self._begin(), name=self.name)
        try:
            yield
        finally:
            self._task.cancel()
            await asyncio.wait({self._task})
            await self._adapter.close()
            await self._bot.close_connections()

    def trouble(self, now: datetime) -> str | None:
        """Say what is wrong between Telegram and us."""
        if self._task is None:
            return "not running"
        if self._task.done() and not self._introduced.is_set():
            return _DEFECT
        return self._trouble

    @property
    def _name_key(self) -> str:
        return f"telegram-username:{self.tenant}"

    async def _begin(self) -> None:
        try:
            await self._introduce()
        except Exception:  # the edge of this part: trouble() tells, the log says why
            _log.exception("telegram.stopped")

    async def _introduce(self) -> None:
        """Learn who we are; the Bot API may start later than we do."""
        failures = 0
        while (me := await self._ask_who_we_are()) is None:
            failures += 1
            await self._clock.sleep(pause_after(failures))
        username = me.username or me.first_name  # every bot has one, but for stand-ins
        if username != self._username:
            self._username = username
            with suppress(StoreUnavailable):
                await self._memory.remember(self._name_key, username)
        _log.info("telegram.ready", username=username, bot=self.tenant)
        self._introduced.set()

    async def _ask_who_we_are(self) -> User | None:
        try:
            me = await self._bot.get_me()
        except TelegramError as error:
            trouble = (
                "Telegram does not know this token"
                if isinstance(error, InvalidToken)
                else f"Telegram cannot be reached ({in_short(error)})"
            )
            if trouble != self._trouble:
                _log.warning("telegram.not_there", trouble=trouble)
            self._trouble = trouble
            return None
        self._trouble = None
        return me


class TelegramReceiver:
    """The part that receives updates, and keeps the menus in step while it does."""

    name = "telegram-intake"

    def __init__(
        self,
        source: TelegramPolling | TelegramWebhook,
        menu: CommandMenu,
        clock: Clock,
        introduced: asyncio.Event,
    ) -> None:
        self._source, self._menu, self._clock = source, menu, clock
        self._introduced = introduced
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Receive updates inside the block; leaving stops at once, nothing is lost by it."""
        self._task = asyncio.create_task(self._run(), name=self.name)
        try:
            yield
        finally:
            self._task.cancel()
            await asyncio.wait({self._task})

    def trouble(self, now: datetime) -> str | None:
        """Say what keeps updates from coming."""
        if self._task is None:
            return "not running"
        if self._task.done():
            return _DEFECT
        return self._source.trouble(now)

    async def _run(self) -> None:
        try:
            await self._introduced.wait()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._source.run())
                tasks.create_task(self._publish())
        except Exception:  # the edge of this part: trouble() tells, the log says why
            _log.exception("telegram.stopped")

    async def _publish(self) -> None:
        """Set menus and descriptions beside the work; failing is harmless."""
        for failures in range(1, _PUBLISH_TRIES + 1):
            try:
                await self._menu.publish()
            except TelegramError as error:
                _log.info("telegram.menu_not_set", reason=in_short(error))
                await self._clock.sleep(pause_after(failures))
            except Exception:  # an edge: an ornament must never end the receiving beside it
                _log.exception("telegram.menu_not_set")
                return
            else:
                return
