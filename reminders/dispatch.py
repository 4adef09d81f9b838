"""Drains the outbox: claims under a lease, sends with no transaction open, settles once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog
from prometheus_client import CollectorRegistry

from reminders.delivery import DEFERRED, Attempt, Delivery, after_unknown
from reminders.metrics import DispatchMetrics
from reminders.pace import Gate, Pace
from reminders.ports import DeliveryPorts
from reminders.settling import Settling
from scheduling.errors import StoreUnavailable
from scheduling.ids import OrganizationId, PersonId
from scheduling.notifications import Urgency
from scheduling.people import Platform
from scheduling.ports import Claimed, Outcome, Settlement

_OVERDUE_AFTER = timedelta(seconds=60)
_SECOND = timedelta(seconds=1)
_STALLED_AFTER = timedelta(seconds=30)
_LOOK_BACK = timedelta(seconds=10)
_LEAST_PAUSE = timedelta(milliseconds=20)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchLimits:
    """How much is under way at once, and for how long; one lease covers one send."""

    lease: timedelta = timedelta(seconds=28)
    """Where another process takes over from a killed one, somebody who just pressed "Book it"
    waits that long for the answer."""
    send_within: timedelta = timedelta(seconds=20)
    parallel: int = 32
    more_for_answers: int = 8
    """Sends that only answers to a press may use, so that no crowd of reminders delays them."""
    failures: int = 5
    """Defects of ours (not refusals) after which a row is given up."""
    idle: timedelta = timedelta(seconds=5)
    """Looks for due rows at least this often, should nobody wake it."""
    drain: timedelta = timedelta(seconds=5)


_Lane = tuple[OrganizationId, PersonId]


class Dispatcher:
    """Drains the outbox: answers first, then by due time, one at a time for each person.

    Several may run on one database: a row belongs to whoever holds its lease. A row is sent at
    most twice, and twice only when it cannot be known whether the first one arrived.
    """

    name = "dispatcher"

    def __init__(
        self,
        ports: DeliveryPorts,
        *,
        paces: Mapping[Platform, Pace],
        registry: CollectorRegistry,
        limits: DispatchLimits | None = None,
    ) -> None:
        self._ports, self._limits = ports, limits or DispatchLimits()
        self._gate = Gate(paces)
        self._delivery = Delivery(ports, self._gate, self._limits.send_within)
        self._metrics = DispatchMetrics(registry)
        self._settling = Settling(ports, self._gate, self._metrics, self._limits.failures)
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._claiming: asyncio.Task[None] | None = None
        self._flights: set[asyncio.Task[None]] = set()
        self._lanes: WeakValueDictionary[_Lane, asyncio.Lock] = WeakValueDictionary()
        self._stopping = False
        self._store_lost_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._looked_back_at: datetime | None = None
        self._oldest: datetime | None = None

    @property
    def gate(self) -> Gate:
        """Return the pace, for whoever else writes to the platforms."""
        return self._gate

    def wake(self) -> None:
        """Look for due rows now; cheap, callable from any thread, repeats are one."""
        if self._loop is None or self._loop.is_closed():
            self._woken.set()
        else:
            self._loop.call_soon_threadsafe(self._woken.set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Drain the outbox inside the block; leaving lets sends under way finish."""
        self._loop = asyncio.get_running_loop()
        self._stopping = self._settling.stopping = False
        self._claiming = asyncio.create_task(self._claim_for_ever(), name="dispatcher")
        try:
            yield
        finally:
            await self._drain()
            self._loop = None

    async def run_once(self) -> int:
        """Deliver what is due and may go now; return how many attempts that took."""
        count = 0
        while claimed := await self._claim():
            self._start(claimed)
            count += len(claimed)
            await asyncio.wait(self._flights)
        return count

    def trouble(self, now: datetime) -> str | None:
        """Say what keeps notifications from being sent."""
        if self._claiming is None or self._claiming.done():
            return "not running"
        if self._store_lost_at is not None:
            return f"the database cannot be reached for {now - self._store_lost_at}"
        if self._looked_at is not None and now - self._looked_at > _STALLED_AFTER:
            return f"has not looked for {now - self._looked_at}"
        if self._oldest is not None and now - self._oldest > _OVERDUE_AFTER:
            return f"notifications are overdue by {now - self._oldest}"
        return None

    # --- claiming --------------------------------------------------------------------------

    async def _claim_for_ever(self) -> None:
        while not self._stopping:
            self._woken.clear()
            self._looked_at = now = self._ports.clock.now()
            has_found = False
            try:
                claimed = await self._claim()
                self._start(claimed)
                has_found = bool(claimed)
                await self._look_at_oldest(now)
            except StoreUnavailable:
                self._store_lost_at = self._store_lost_at or now
            except Exception:  # an edge: a defect in one look must not be the last look
                _log.exception("dispatch.claim_failed")
            else:
                self._store_lost_at = None
            if not has_found:
                await self._wait()

    async def _claim(self) -> list[Claimed]:
        """Lease as many rows as may go now; only answers where there is no room for others."""
        now, limits = self._ports.clock.now(), self._limits
        self._gate.notice(now)
        free = limits.parallel - len(self._flights)
        room = min(free, self._gate.room(now))
        if room > 0:
            return await self._ports.outbox.claim_due(now, limit=room, lease=limits.lease)
        room = min(free + limits.more_for_answers, self._gate.room(now, answers_only=True))
        if room <= 0:
            return []
        return await self._ports.outbox.claim_due(
            now, limit=room, lease=limits.lease, max_urgency=Urgency.ANSWER
        )

    async def _look_at_oldest(self, now: datetime) -> None:
        """Note since when the row that waits longest could have been claimed."""
        if self._looked_back_at is None or abs(now - self._looked_back_at) >= _LOOK_BACK:
            self._looked_back_at = now
            self._oldest = await self._ports.outbox.next_due()

    async def _wait(self) -> None:
        """Wait until somebody wakes us, there is room again, or it is time to look anyway."""
        pause = self._limits.idle
        full = len(self._flights) >= self._limits.parallel
        if not full and (room_in := self._gate.room_in(self._ports.clock.now())):
            pause = min(pause, max(room_in, _LEAST_PAUSE))
        woken = asyncio.ensure_future(self._woken.wait())
        tick = asyncio.ensure_future(self._ports.clock.sleep(pause))
        try:
            await asyncio.wait({woken, tick}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            tick.cancel()
            await asyncio.wait({woken, tick})

    # --- delivering ------------------------------------------------------------------------

    def _start(self, claimed: list[Claimed]) -> None:
        lease_until = self._ports.clock.now() + self._limits.lease
        for row in claimed:
            sent = self._settling.sent_before(row.notification.id)
            attempt = Attempt(row, lease_until, sent=sent)
            # Created in the order claimed, and a lane's lock is fair: each person's order stays.
            task = asyncio.create_task(self._work(attempt), name=f"send {row.notification.id}")
            self._flights.add(task)
            task.add_done_callback(self._landed)
        self._metrics.in_flight.set(len(self._flights))

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flights.discard(task)
        self._metrics.in_flight.set(len(self._flights))
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("dispatch.attempt_failed", exc_info=error)
        self._woken.set()

    async def _work(self, attempt: Attempt) -> None:
        """Deliver one row behind earlier ones of the same person, and settle it."""
        notification = attempt.notification
        lane = self._lanes.setdefault(
            (notification.organization_id, notification.person_id), asyncio.Lock()
        )
        try:
            async with lane:
                settlement = await self._deliver(attempt)
        except asyncio.CancelledError:
            await self._settling.settle(attempt, self._interrupted(attempt))
            raise
        if settlement is None:
            self._settling.lost(attempt)
        else:
            await self._settling.settle(attempt, settlement)

    async def _deliver(self, attempt: Attempt) -> Settlement | None:
        now = self._ports.clock.now()
        if self._stopping:
            return Settlement(Outcome.RETRY, now, "stopping")
        try:
            settlement = await self._delivery.deliver(attempt)
        except StoreUnavailable:
            return self._interrupted(attempt, _SECOND)
        except Exception as error:  # the edge: one bad row must not stop the others
            _log.exception("dispatch.failed", kind=attempt.notification.kind)
            if attempt.begun and attempt.sent is None:
                return after_unknown(attempt, self._ports.clock.now(), type(error).__name__)
            return self._settling.after_failure(attempt)
        if settlement is not None and settlement.reason == DEFERRED:
            return self._settling.backed_off(attempt, settlement)
        return settlement

    def _interrupted(self, attempt: Attempt, pause: timedelta = timedelta()) -> Settlement:
        now = self._ports.clock.now()
        if attempt.begun and attempt.sent is None:
            return after_unknown(attempt, now, "interrupted")
        return Settlement(Outcome.RETRY, now + pause, "interrupted", attempt.sent)

    # --- stopping --------------------------------------------------------------------------

    async def _drain(self) -> None:
        """Claim nothing more; let sends finish, put back what has not begun."""
        self._stopping = self._settling.stopping = True
        self._woken.set()
        looking = {self._claiming} if self._claiming is not None else set()
        # A claim under way is waited for: cancelled, its rows would rest until the lease ends.
        await _finish(looking, timedelta(seconds=2))
        await _finish(set(self._flights), self._limits.drain)


async def _finish(tasks: set[asyncio.Task[None]], patience: timedelta) -> None:
    """Wait for the tasks, then cancel those that are late."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=patience.total_seconds())
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=1)
