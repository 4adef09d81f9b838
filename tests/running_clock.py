"""A clock that goes by itself from an instant of the test's choosing, and can be put forward."""

import asyncio
import time
from datetime import datetime, timedelta


class RunningClock:
    """Goes as fast as the machine's; ``advance`` lets hours pass at once, as a sleeping laptop."""

    def __init__(self, begins: datetime) -> None:
        self._begins = begins
        self._mark = time.monotonic()
        self._put_forward = asyncio.Event()

    def now(self) -> datetime:
        """Return where it stands."""
        return self._begins + timedelta(seconds=time.monotonic() - self._mark)

    def seconds(self) -> float:
        """Return where it stands in seconds since 1970."""
        return self.now().timestamp()

    async def sleep(self, length: timedelta) -> None:
        """Wait until it has passed the end, by going or by being put forward."""
        until = self.now() + length
        while True:
            left = (until - self.now()).total_seconds()
            try:
                async with asyncio.timeout(max(0.0, left)):
                    await self._put_forward.wait()
            except TimeoutError:
                return

    def advance(self, length: timedelta) -> None:
        """Put it forward and wake whoever waited for less."""
        self._begins += length
        self._put_forward.set()
        self._put_forward = asyncio.Event()
