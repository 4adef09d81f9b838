"""Word of changes: to the keeper of this process at once, to other processes soon after."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import structlog

from scheduling.errors import StoreUnavailable
from scheduling.ids import OrganizationId
from scheduling.ports import Changes, Clock, Store, Transaction

P = ParamSpec("P")
T = TypeVar("T")

APART = timedelta(milliseconds=50)
"""Many commits within that time are announced as one."""
_AFTER_TROUBLE = timedelta(seconds=1)
_log = structlog.get_logger(__name__)


class TellingStore:
    """The store, telling somebody after every commit."""

    def __init__(self, store: Store, *told: Callable[[], None]) -> None:
        self._store, self._told = store, told

    async def transact(
        self,
        organization_id: OrganizationId,
        function: "Callable[Concatenate[Transaction, P], T]",
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a function in one transaction, then tell; see Store.transact."""
        result = await self._store.transact(organization_id, function, *args, **kwargs)
        for tell in self._told:
            tell()
        return result


class Announcer:
    """Tells other processes that something changed, outside the transaction and seldom enough."""

    name = "announcer"

    def __init__(self, changes: Changes, clock: Clock) -> None:
        self._changes, self._clock = changes, clock
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def note(self) -> None:
        """Note a commit of this process; cheap, repeats are one."""
        self._changed.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Announce inside the block; a last change is announced on leaving."""
        self._task = asyncio.create_task(self._announce_for_ever(), name="announcer")
        try:
            yield
        finally:
            self._task.cancel()
            await asyncio.wait({self._task})
            if self._changed.is_set():
                await self._announce()

    def trouble(self, now: datetime) -> str | None:
        """Say what keeps other processes from hearing of changes."""
        return "not running" if self._task is None or self._task.done() else None

    async def _announce_for_ever(self) -> None:
        while True:
            await self._changed.wait()
            told = await self._announce()
            await self._clock.sleep(APART if told else _AFTER_TROUBLE)

    async def _announce(self) -> bool:
        self._changed.clear()
        try:
            await self._changes.announce()
        except StoreUnavailable:
            self._changed.set()
            return False
        except Exception:  # an edge: one failed word must not be the last one
            _log.exception("live.not_announced")
            return False
        return True
