"""Reads through the async engine; they never wait for the writer lane."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

from sqlalchemy import Executable, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from persistence.lane import is_unavailable
from persistence.mapping import AnyRow
from persistence.prepared import Prepared
from scheduling.errors import StoreUnavailable

DialectName = Literal["sqlite", "postgresql"]


def insert_for(dialect: DialectName) -> Callable[..., sqlite.Insert | postgresql.Insert]:
    """Return the database's own ``insert``, which can say what becomes of a conflict."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


class Reader:
    """Runs selects."""

    def __init__(self, url: str, dialect: DialectName, size: int) -> None:
        self.dialect: DialectName = dialect
        if dialect == "sqlite":
            self._engine = create_async_engine(
                url, pool_size=size, max_overflow=0, pool_reset_on_return=None
            )
            event.listen(self._engine.sync_engine, "connect", _only_queries)
            event.listen(self._engine.sync_engine, "reset", _end_snapshot)
        else:
            self._engine = create_async_engine(url, pool_size=size, max_overflow=0)

    async def stop(self) -> None:
        """Close the connections."""
        await self._engine.dispose()

    async def all(self, select: Prepared, values: Mapping[str, Any]) -> list[Any]:
        """Return every row of one prepared select, on the shortest way.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        async with self._connection() as connection:
            return await select.all_async(connection, values)

    async def one(self, select: Prepared, values: Mapping[str, Any]) -> Any | None:
        """Return the first row of one prepared select, or None."""
        return next(iter(await self.all(select, values)), None)

    async def rows(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> Sequence[AnyRow]:
        """Return every row of one select.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        async with self._connection() as connection:
            return (await connection.execute(statement, parameters or {})).all()

    async def first(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> AnyRow | None:
        """Return the first row of one select, or None."""
        async with self._connection() as connection:
            return (await connection.execute(statement, parameters or {})).first()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection on which every select sees the same moment of the database."""
        async with self._connection() as connection:
            if self.dialect == "sqlite":
                # The driver begins nothing before a select; without this each one would see its
                # own moment.
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.execute_fetchall("BEGIN DEFERRED")
                yield connection
            else:
                yield await connection.execution_options(isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                yield connection
        except PoolTimeout as error:
            raise StoreUnavailable("too many reads wait") from error
        except DBAPIError as error:
            if error.connection_invalidated or self._is_trouble(error):
                raise StoreUnavailable(type(error.orig).__name__) from error
            raise

    def _is_trouble(self, error: DBAPIError) -> bool:
        if self.dialect == "sqlite":
            return is_unavailable(error.orig)
        return isinstance(error, OperationalError | InterfaceError)


def _only_queries(connection: Any, _: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("query_only=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _end_snapshot(connection: Any, _: object, __: object) -> None:
    # Every rollback is a turn of the driver's thread and back; one select has begun nothing.
    if connection.driver_connection.in_transaction:
        connection.rollback()
