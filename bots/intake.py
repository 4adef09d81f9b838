"""Durable intake: updates are rows before they are work, and worked off in their order."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from structlog.contextvars import bound_contextvars

from scheduling.errors import (
    ChatMoved,
    DeliveryDeferred,
    DeliveryUnknown,
    RecipientUnreachable,
    StoreUnavailable,
)
from scheduling.people import Platform
from scheduling.ports import Clock, ConversationClaim, Inbound, Inbox, InboxRow

PARK_AFTER = 3
"""Tries of an update that fails for reasons of its own before it is set aside."""
_BEGUN_AT_MOST = 40
"""An update begun this often has ended the process each time."""
_HOPE = timedelta(minutes=30)
"""An answer that cannot be sent for so long is given up; what it did stays done."""
_LONGEST_PAUSE = timedelta(minutes=1)
_AGAIN_SOON = timedelta(milliseconds=500)
_STORE_PAUSE = timedelta(seconds=1)
_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_log = structlog.get_logger(__name__)


class Adapter(Protocol):
    """A chat platform's side of the intake."""

    async def handle(self, inbound: Inbound) -> None:
        """Do what the update asks, and answer it; safe to repeat.

        StoreUnavailable and DeliveryDeferred have it repeated later; other errors count against
        the update.
        """

    async def apologize(self, inbound: Inbound, code: str) -> None:
        """Tell the person that it did not work, naming the code the log has; never raises."""


class InboxWorker:
    """Works off the inbox: each conversation in order, conversations side by side.

    A conversation is claimed under a lease that is renewed while its updates are handled, so
    several workers, in one process or in many, never work on the same chat. What fails for
    reasons of its own is tried PARK_AFTER times, then set aside so that later updates proceed.
    """

    name = "intake"

    def __init__(
        self,
        inbox: Inbox,
        clock: Clock,
        adapters: Mapping[Platform, Adapter],
        *,
        lease: timedelta = timedelta(seconds=15),
        parallel: int = 16,
        tick: timedelta = timedelta(seconds=1),
        drain: timedelta = timedelta(seconds=8),
    ) -> None:
        self._inbox, self._clock, self._adapters = inbox, clock, adapters
        self._lease, self._tick, self._drain_time = lease, tick, drain
        self._free = asyncio.Semaphore(parallel)
        self._woken = asyncio.Event()
        self._working: set[asyncio.Task[None]] = set()
        self._failures: dict[int, int] = {}
        self._waiting_since: dict[int, datetime] = {}
        self._claiming: asyncio.Task[None] | None = None
        self._store_lost_at: datetime | None = None

    def wake(self) -> None:
        """Look for work now; repeats are one. To be called on the event loop."""
        self._woken.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work off the inbox inside the block; leaving lets updates in hand finish."""
        self._claiming = asyncio.create_task(self._claim_for_ever(), name="intake")
        try:
            yield
        finally:
            await _end(self._claiming)
            await self._drain()

    def trouble(self, now: datetime) -> str | None:
        """Say what keeps updates from being handled."""
        if self._claiming is None or self._claiming.done():
            return "not running"
        if self._store_lost_at is not None:
            return f"the database cannot be reached for {now - self._store_lost_at}"
        return None

    async def work_off(self) -> None:
        """Handle everything that waits now and return; what is put off stays."""
        while await self._claim_one() or self._working:
            if self._working:
                await asyncio.wait(self._working, return_when=asyncio.FIRST_COMPLETED)

    async def _drain(self) -> None:
        if self._working:
            _, late = await asyncio.wait(self._working, timeout=self._drain_time.total_seconds())
            for task in late:
                # Its update stays unfinished in the inbox and is handled after the restart.
                await _end(task)

    async def _claim_for_ever(self) -> None:
        while True:
            self._woken.clear()
            try:
                if await self._claim_one():
                    continue
            except Exception:  # an edge: a defect in one look must not be the last look
                _log.exception("intake.claim_failed")
            waiting = asyncio.create_task(self._woken.wait())
            ticking = asyncio.create_task(self._clock.sleep(self._tick))
            try:
                await asyncio.wait({waiting, ticking}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await _end(waiting)
                await _end(ticking)

    async def _claim_one(self) -> bool:
        """Begin one conversation, as soon as there is room for it; False when none waits."""
        await self._free.acquire()
        try:
            claim = await self._inbox.claim(self._clock.now(), self._lease)
        except StoreUnavailable:
            self._note_lost_store()
            claim = None
        except BaseException:
            self._free.release()
            raise
        else:
            self._store_lost_at = None
        if claim is None:
            self._free.release()
            return False
        task = asyncio.create_task(self._work_on(claim), name=f"chat {claim.conversation}")
        self._working.add(task)
        task.add_done_callback(self._done)
        return True

    def _done(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        self._free.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("intake.conversation_failed", exc_info=error)
        # An update may have come after the last look into the chat and before its release.
        self._woken.set()

    def _note_lost_store(self) -> None:
        if self._store_lost_at is None:
            self._store_lost_at = self._clock.now()
            _log.warning("intake.store_lost")

    async def _work_on(self, claim: ConversationClaim) -> None:
        """Handle the conversation's updates until none waits or one has to wait."""
        renewing = asyncio.create_task(self._renew(claim))
        handling = asyncio.create_task(self._handle_all(claim))
        try:
            await asyncio.wait({renewing, handling}, return_when=asyncio.FIRST_COMPLETED)
            # Ended first: a renewal still on its way would undo the letting go.
            await _end(renewing)
            if handling.done():
                await self._let_go(claim, handling.result())
            else:
                _log.warning("intake.lease_lost", conversation=claim.conversation)
        except StoreUnavailable:
            self._note_lost_store()
        except asyncio.CancelledError:
            await _end(handling)
            await self._inbox.release(claim)
            raise
        finally:
            await _end(renewing)
            await _end(handling)

    async def _renew(self, claim: ConversationClaim) -> None:
        """Keep the claim; returning means it is another's."""
        while True:
            await self._clock.sleep(self._lease / 3)
            try:
                if not await self._inbox.renew(claim, self._clock.now() + self._lease):
                    return
            except StoreUnavailable:
                continue  # two more tries fit into the lease

    async def _let_go(self, claim: ConversationClaim, pause: timedelta | None) -> None:
        if pause is None:
            await self._inbox.release(claim)
        else:
            # The claim is kept so long and then falls free by itself, in whatever process.
            await self._inbox.renew(claim, self._clock.now() + pause)

    async def _handle_all(self, claim: ConversationClaim) -> timedelta | None:
        """Handle what waits in the conversation; returns how long it has to rest, if it has."""
        while (row := await self._inbox.next(claim)) is not None:
            with bound_contextvars(platform=row.inbound.platform.value, update=row.inbound.key):
                pause = await self._handle(claim, row)
            if pause is not None:
                return pause
        return None

    async def _handle(self, claim: ConversationClaim, row: InboxRow) -> timedelta | None:
        """Handle one update; returns how long to wait before it is tried again, if it is."""
        adapter = self._adapters.get(row.inbound.platform)
        if adapter is None:
            await self._inbox.finish(claim, row, parked="nobody speaks this platform")
            return None
        if row.attempts > _BEGUN_AT_MOST:
            await self._park(claim, row, adapter, None)
            return None
        try:
            await adapter.handle(row.inbound)
        except StoreUnavailable:
            self._note_lost_store()
            return _STORE_PAUSE
        except DeliveryDeferred as wait:
            now = self._clock.now()
            if now - self._waiting_since.setdefault(row.id, now) < _HOPE:
                return max(wait.retry_after, _pause_before(row.attempts + 1))
            await self._inbox.finish(claim, row, parked="could not be answered in time")
        except (RecipientUnreachable, ChatMoved, DeliveryUnknown) as end:
            _log.info("intake.answer_lost", reason=type(end).__name__)
            await self._inbox.finish(claim, row)
        except Exception as error:  # the edge: whatever else comes here is a defect of ours
            return await self._failed(claim, row, adapter, error)
        else:
            await self._inbox.finish(claim, row)
        self._forget(row)
        return None

    async def _failed(
        self, claim: ConversationClaim, row: InboxRow, adapter: Adapter, error: Exception
    ) -> timedelta | None:
        failures = self._failures.get(row.id, 0) + 1
        if failures < PARK_AFTER and row.attempts < PARK_AFTER:
            self._failures[row.id] = failures
            return _AGAIN_SOON
        await self._park(claim, row, adapter, error)
        return None

    async def _park(
        self,
        claim: ConversationClaim,
        row: InboxRow,
        adapter: Adapter,
        error: Exception | None,
    ) -> None:
        code = new_error_code()
        _log.error("intake.parked", code=code, exc_info=error)
        reason = type(error).__name__ if error else "never finished"
        await self._inbox.finish(claim, row, parked=f"{code} {reason}")
        self._forget(row)
        await adapter.apologize(row.inbound, code)

    def _forget(self, row: InboxRow) -> None:
        self._failures.pop(row.id, None)
        self._waiting_since.pop(row.id, None)


def _pause_before(attempt: int) -> timedelta:
    return min(_AGAIN_SOON * (1 << min(attempt - 2, 10)), _LONGEST_PAUSE)


def new_error_code() -> str:
    """Return four characters that tie what a person saw to a line of the log."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(4))


async def _end(task: "asyncio.Task[object]") -> None:
    """Cancel the task and wait until it has gone; what it failed of is logged by its owner."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()
