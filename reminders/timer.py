"""The clock's tick: APScheduler calls jobs at intervals, and does nothing else here.

What is due stands in the database as instants, so nothing is lost when a tick is, and a restart
begins with every job at once.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduling.errors import StoreUnavailable
from scheduling.ports import Clock

_DRAIN = timedelta(seconds=5)
_SILENT_FOR = timedelta(seconds=30)
_WATCH = timedelta(seconds=5)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something done at intervals, beginning at once; one run at a time.

    ``run`` must be safe to repeat and to skip: a run that takes longer than the interval has the
    next one left out.
    """

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


class Timer:
    """Runs jobs at intervals while its block runs."""

    name = "clock"

    def __init__(self, clock: Clock, jobs: Sequence[Job]) -> None:
        self._clock, self._jobs = clock, tuple(jobs)
        self._quickest = min((job.every for job in jobs), default=_SILENT_FOR)
        self._at_work: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._running = self._stopping = False
        self._ticked_at: datetime | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Tick inside the block; leaving lets jobs under way finish."""
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        for job in self._jobs:
            scheduler.add_job(self._run, "date", args=(job,), id=f"{job.name}, at start")
            scheduler.add_job(
                self._run, "interval", seconds=job.every.total_seconds(), args=(job,), id=job.name
            )
        self._stopping, self._ticked_at = False, self._clock.now()
        scheduler.start()
        watching = asyncio.create_task(self._watch_the_wall(scheduler), name="clock")
        self._running = True
        try:
            yield
        finally:
            self._running, self._stopping = False, True
            watching.cancel()
            # Shutting down cancels what is under way, so that is waited for first.
            await self._drain()
            await _shut_down(scheduler)
            await asyncio.wait({watching})

    def trouble(self, now: datetime) -> str | None:
        """Say whether time stands still."""
        if not self._running:
            return "not running"
        silence = now - self._ticked_at if self._ticked_at else timedelta()
        if silence > max(_SILENT_FOR, 3 * self._quickest):
            return f"no tick for {silence}"
        return None

    async def _watch_the_wall(self, scheduler: AsyncIOScheduler) -> None:
        """Begin anew when the machine's clock was set back.

        APScheduler waits for an instant: after an hour back it would not tick for an hour.
        """
        seen = self._clock.now()
        while True:
            await self._clock.sleep(_WATCH)
            now = self._clock.now()
            if now < seen:
                _log.warning("timer.clock_set_back", by=str(seen - now))
                for job in self._jobs:
                    seconds = job.every.total_seconds()
                    scheduler.reschedule_job(job.name, trigger="interval", seconds=seconds)
            seen = now

    async def _run(self, job: Job) -> None:
        if self._stopping or job.name in self._at_work:
            return
        self._ticked_at = self._clock.now()
        self._at_work.add(job.name)
        self._idle.clear()
        try:
            await job.run()
        except StoreUnavailable:
            _log.warning("timer.store_lost", job=job.name)
        except Exception:  # the edge: a job that fails is tried again at its next time
            _log.exception("timer.job_failed", job=job.name)
        finally:
            self._at_work.discard(job.name)
            if not self._at_work:
                self._idle.set()

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(_DRAIN.total_seconds()):
                await self._idle.wait()
        except TimeoutError:
            _log.warning("timer.cut_off", jobs=sorted(self._at_work))


async def _shut_down(scheduler: AsyncIOScheduler) -> None:
    """Shut it down and wait for that: it only asks the loop to do so."""
    scheduler.shutdown(wait=False)
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_soon_threadsafe(done.set_result, None)
    await done
