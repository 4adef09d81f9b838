"""Word of commits between processes: LISTEN and NOTIFY on PostgreSQL, silence on SQLite.

Only a hint: what changed stands in the rows, and whoever hears looks there. So a word that was
lost costs a moment, and after every new connection one is assumed.

The word goes out in a transaction of its own. NOTIFY takes a lock of the whole database until
its commit: inside a booking's transaction all bookings would commit one after another.
"""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, NullPool, bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from persistence.store import Writer
from scheduling.ids import new_id
from scheduling.ports import Clock

_CHANNEL = "slotbook_changes"
_NOTIFY = select(func.pg_notify(_CHANNEL, bindparam("from")))
_AFTER_TROUBLE = timedelta(seconds=2)
# A server that vanished without a word would otherwise leave us listening to nothing.
_KEEPALIVE = {
    "connect_timeout": 5,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class SilentChanges:
    """See scheduling.ports.Changes: one process has nobody else to hear from."""

    async def announce(self) -> None:
        """Do nothing: nobody listens."""

    async def heard(self) -> None:
        """Wait for ever."""
        await asyncio.get_running_loop().create_future()

    async def stop(self) -> None:
        """Nothing was opened."""


class PostgresChanges:
    """See scheduling.ports.Changes; listens on a connection of its own that heals itself."""

    def __init__(self, writer: Writer, url: str, clock: Clock) -> None:
        self._writer, self._clock = writer, clock
        self._engine = create_async_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=_KEEPALIVE
        )
        self._me = new_id()
        self._word = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def announce(self) -> None:
        """Tell the other processes that something changed."""

        def work(connection: Connection) -> None:
            connection.execute(_NOTIFY, {"from": self._me})

        await self._writer.run(work, lasting=False)

    async def heard(self) -> None:
        """Wait until another process announces, or may have while nobody listened."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen_for_ever(), name="listening")
        await self._word.wait()
        self._word.clear()

    async def stop(self) -> None:
        """Close the connection."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait({self._listening})
        await self._engine.dispose()

    async def _listen_for_ever(self) -> None:
        failures = (DBAPIError, OSError, self._engine.dialect.loaded_dbapi.Error)
        while True:
            try:
                await self._listen()
            except failures:
                await self._clock.sleep(_AFTER_TROUBLE)

    async def _listen(self) -> None:
        async with self._engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(f"LISTEN {_CHANNEL}")
            self._word.set()
            async for word in driver.notifies():
                if word.payload != self._me:
                    self._word.set()
