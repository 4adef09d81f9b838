"""The clock, whoever wakes whom, and what runs while slotbook runs."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Now, and waiting; the only source of either."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""

    async def sleep(self, length: timedelta) -> None:
        """Wait; the fake one returns when it has been advanced past the end."""


class WakeUp(Protocol):
    """Tells the dispatcher that rows may be due, so that nobody waits for the next tick."""

    def __call__(self) -> None:
        """Wake it; cheap, callable from any thread, repeats are one."""


class Part(Protocol):
    """Something that runs while slotbook runs."""

    @property
    def name(self) -> str: ...

    def running(self) -> AbstractAsyncContextManager[None]:
        """Run it inside the block; leaving drains it."""

    def trouble(self, now: datetime) -> str | None:
        """Say what is wrong with it, for /healthz; None when it is alive."""
