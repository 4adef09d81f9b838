"""The real clock; the only place that asks the machine what time it is."""

import asyncio
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Now and waiting, as the machine has them."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)

    async def sleep(self, length: timedelta) -> None:
        """Wait on the event loop; a length of zero or less only lets others run."""
        await asyncio.sleep(max(0.0, length.total_seconds()))
