"""One read for everybody who asks the same thing at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedReads(Generic[T]):
    """Lets callers share reads that have not begun yet.

    A caller never gets a read that began before it asked, so what it is told is at least as new
    as its question: whoever comes while a read runs waits for the next one, together with all
    others who do.
    """

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[T]] = {}
        self._next: dict[Hashable, asyncio.Task[T]] = {}

    async def get(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """Return what the next read of this key says; raises what it raises."""
        task = self._next.get(key)
        if task is None:
            task = asyncio.create_task(self._read(key, read, self._running.get(key)))
            self._next[key] = task
        # One caller who gives up takes nobody else's answer away.
        return await asyncio.shield(task)

    async def _read(
        self, key: Hashable, read: Callable[[], Awaitable[T]], before: asyncio.Task[T] | None
    ) -> T:
        if before is not None:
            await asyncio.wait({before})
        task = self._next.pop(key)
        self._running[key] = task
        try:
            return await read()
        finally:
            if self._running.get(key) is task:
                del self._running[key]
