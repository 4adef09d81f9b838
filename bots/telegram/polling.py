"""Long polling that loses nothing: an update is confirmed only after it was committed."""

import asyncio
from datetime import datetime, timedelta

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bots.patience import pause_after
from bots.telegram import limits
from bots.telegram.api import TelegramBot
from bots.telegram.failures import in_short, wait_of
from bots.telegram.intake import TelegramIntake
from bots.telegram.updates import update_key
from scheduling.errors import StoreUnavailable
from scheduling.ports import Clock, Leases

LEASE = timedelta(seconds=12)
"""A dead leader is followed that much later at most, plus STANDBY."""
STANDBY = timedelta(seconds=3)
_CONFLICT_PAUSE = timedelta(seconds=5)
_EMPTY_TOO_SOON = timedelta(milliseconds=200)
_log = structlog.get_logger(__name__)


class TelegramPolling:
    """Fetches updates while it holds the lease, so that two processes never poll one token."""

    def __init__(
        self,
        bot: TelegramBot,
        intake: TelegramIntake,
        leases: Leases,
        clock: Clock,
        holder: str,
    ) -> None:
        self._bot, self._intake, self._leases, self._clock = bot, intake, leases, clock
        self._lease, self._holder = f"telegram-polling:{bot.tenant}", holder
        self._failures = 0
        self._trouble: str | None = None
        self._quiet_since = clock.now()

    def trouble(self, now: datetime) -> str | None:
        """Say what keeps updates from coming; a process that stands by has no trouble."""
        return self._trouble

    async def run(self) -> None:
        """Poll for ever, or stand by while another process does; cancelling ends it cleanly."""
        try:
            while True:
                if await self._lead():
                    await self._poll_while_leading()
                await self._clock.sleep(STANDBY)
        finally:
            await self._step_down()

    async def _lead(self) -> bool:
        try:
            fence = await self._leases.acquire(self._lease, self._holder, self._clock.now(), LEASE)
        except StoreUnavailable:
            self._note("the database cannot be reached")
            return False
        if fence is None:
            self._trouble = None
        return fence is not None

    async def _step_down(self) -> None:
        try:
            await self._leases.release(self._lease, self._holder)
        except StoreUnavailable:
            _log.info("telegram.lease_left_to_run_out")

    async def _poll_while_leading(self) -> None:
        polling = asyncio.create_task(self._poll())
        keeping = asyncio.create_task(self._keep_leading())
        try:
            await asyncio.wait({polling, keeping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (polling, keeping):
                task.cancel()
            await asyncio.gather(polling, keeping, return_exceptions=True)
        for task in (polling, keeping):
            if not task.cancelled():
                task.result()

    async def _keep_leading(self) -> None:
        """Renew the lease; returning means that it is no longer ours."""
        held_until = self._clock.now() + LEASE
        while self._clock.now() < held_until:
            await self._clock.sleep(LEASE / 3)
            try:
                now = self._clock.now()
                if await self._leases.acquire(self._lease, self._holder, now, LEASE) is None:
                    break
                held_until = now + LEASE
            except StoreUnavailable:
                continue  # until the lease has run out, nobody else can have it
        _log.warning("telegram.polling_lost_lease")

    async def _poll(self) -> None:
        offset: int | None = None
        while True:
            try:
                offset = await self._fetch(offset)
            except StoreUnavailable:
                await self._pause("the database cannot be reached")
            except Conflict as conflict:
                await self._settle(conflict)
            except InvalidToken:
                await self._pause("Telegram does not know this token")
            except RetryAfter as wait:
                self._note("Telegram asks to wait")
                await self._clock.sleep(wait_of(wait))
            except TelegramError as error:
                await self._pause(f"Telegram cannot be reached ({in_short(error)})")

    async def _fetch(self, offset: int | None) -> int | None:
        """Fetch one batch, store it, and only then return the offset that confirms it."""
        asked_at = self._clock.now()
        updates = await self._bot.fetch_updates(offset)
        answered_at = self._clock.now()
        if updates:
            await self._intake.store(updates)
            keys = [int(key) for update in updates if (key := update_key(update)) is not None]
            self._quiet_since = answered_at
            self._recovered()
            if keys:
                return max(keys) + 1
        self._recovered()
        if answered_at - asked_at < _EMPTY_TOO_SOON:
            # A server that does not wait for updates would otherwise be asked without end.
            await self._clock.sleep(_EMPTY_TOO_SOON)
        return None if answered_at - self._quiet_since > limits.QUIET_UPDATES else offset

    async def _settle(self, conflict: Conflict) -> None:
        if "webhook" in conflict.message.lower():
            # This token was used with a webhook before; polling was chosen now. What waits for
            # the webhook stays and comes by polling.
            _log.warning("telegram.webhook_removed")
            try:
                await self._bot.delete_webhook(drop_pending_updates=False)
            except TelegramError as error:
                await self._pause(f"a webhook is set and cannot be removed ({in_short(error)})")
            return
        self._note("another program polls with the same token")
        await self._clock.sleep(_CONFLICT_PAUSE)

    async def _pause(self, trouble: str) -> None:
        self._failures += 1
        self._note(trouble)
        await self._clock.sleep(pause_after(self._failures))

    def _note(self, trouble: str) -> None:
        if trouble != self._trouble:
            _log.warning("telegram.polling_trouble", trouble=trouble)
        self._trouble = trouble

    def _recovered(self) -> None:
        if self._trouble is not None:
            _log.info("telegram.polling_recovered")
        self._failures, self._trouble = 0, None
