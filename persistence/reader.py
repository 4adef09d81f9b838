"""Reads in threads of their own; they never wait for the writer lane.

Why threads and not the async drivers: a read of a few rows takes some ten microseconds, but going
through an async engine it changed threads half a dozen times (measured: 520 us a read, 200 us of
them on the event loop, against 60 and 15 here). One hand-over there and one back is all it takes,
for as many selects as belong together.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Engine, Executable, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from persistence.lane import is_unavailable
from persistence.mapping import AnyRow
from persistence.prepared import Prepared, execute
from scheduling.errors import StoreUnavailable

DialectName = Literal["sqlite", "postgresql"]
T = TypeVar("T")

_PATIENCE = 30.0
_AT_THE_END = 5.0
_MOST_ON_SQLITE = 4
_BEGIN = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


class Reader:
    """Runs selects, on up to ``size`` connections side by side."""

    def __init__(self, url: str, dialect: DialectName, size: int) -> None:
        self.dialect: DialectName = dialect
        self._engine = _engine(url, dialect)
        # On SQLite more threads would only take turns: the work is done in this process.
        self._most = min(size, _MOST_ON_SQLITE) if dialect == "sqlite" else size
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []
        self._stopping = False

    async def stop(self) -> None:
        """Finish what was asked for and close the connections."""
        self._stopping = True
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join, _AT_THE_END)
        self._engine.dispose()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run several selects on one moment of the database, and return what the function does.

        It runs in another thread, must not write, and may run twice: where a connection turns
        out to be dead, it is repeated on a new one.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        return await self._run(work, snapshot=True)

    async def all(self, select: Prepared, values: Mapping[str, Any]) -> list[Any]:
        """Return every row of one prepared select, on the shortest way.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        return await self._run(lambda connection: select.all(connection, values))

    async def one(self, select: Prepared, values: Mapping[str, Any]) -> Any | None:
        """Return the first row of one prepared select, or None."""
        return await self._run(lambda connection: select.first(connection, values))

    async def rows(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> Sequence[AnyRow]:
        """Return every row of one select.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        return await self._run(lambda connection: connection.execute(statement, parameters).all())

    async def first(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> AnyRow | None:
        """Return the first row of one select, or None."""
        return await self._run(lambda connection: connection.execute(statement, parameters).first())

    async def _run(self, work: Callable[[Connection], T], *, snapshot: bool = False) -> T:
        if self._stopping:
            raise StoreUnavailable("the reader has stopped")
        job = _Job(work, snapshot, asyncio.get_running_loop().create_future())
        self._jobs.put(job)
        if not self._idle.acquire(blocking=False) and len(self._threads) < self._most:
            thread = threading.Thread(target=self._work_off, name="slotbook-reader", daemon=True)
            self._threads.append(thread)
            thread.start()
        try:
            async with asyncio.timeout(_PATIENCE):
                result: T = await job.future
        except TimeoutError as error:
            raise StoreUnavailable("too many reads wait") from error
        return result

    # --- in the threads ------------------------------------------------------------------------

    def _work_off(self) -> None:
        kept = _Kept(self._engine, self.dialect)
        while (job := self._jobs.get()) is not None:
            if not job.future.done():  # given up meanwhile
                job.answer(*_outcome(kept, job))
            self._idle.release()
        kept.close()


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Connection], Any]
    snapshot: bool
    future: asyncio.Future[Any]

    def answer(self, result: Any, error: BaseException | None) -> None:
        # The loop may be gone when a caller was abandoned at shutdown.
        with contextlib.suppress(RuntimeError):
            self.future.get_loop().call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class _Kept:
    """The connection of one thread: opened when it is needed, let go of when it fails."""

    def __init__(self, engine: Engine, dialect: DialectName) -> None:
        self._engine, self._dialect = engine, dialect
        self._connection: Connection | None = None

    def run(self, job: _Job) -> Any:
        is_new = self._connection is None
        try:
            return self._run(job)
        except DBAPIError as error:
            if is_new or not error.connection_invalidated:
                raise
        return self._run(job)

    def is_trouble(self, error: DBAPIError) -> bool:
        if self._dialect == "sqlite":
            return is_unavailable(error.orig)
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(DBAPIError):
                self._connection.invalidate()  # a rollback would be the next thing to fail
                self._connection.close()
            self._connection = None

    def _run(self, job: _Job) -> Any:
        if self._connection is None:
            self._connection = self._engine.connect()
        connection = self._connection
        try:
            if job.snapshot:
                execute(connection, _BEGIN[self._dialect])
            result = job.work(connection)
            if job.snapshot:
                # With a rollback psycopg would forget which statements it has prepared.
                execute(connection, "COMMIT")
            if connection.in_transaction():  # as SQLAlchemy sees it
                connection.rollback()
        except BaseException:
            self.close()
            raise
        return result


def _outcome(kept: _Kept, job: _Job) -> tuple[Any, BaseException | None]:
    try:
        return kept.run(job), None
    except DBAPIError as error:
        if not kept.is_trouble(error):
            return None, error
        trouble = StoreUnavailable(type(error.orig).__name__)
        trouble.__cause__ = error
        return None, trouble
    except StopIteration as error:
        # A future refuses to carry it, and its caller would wait for ever.
        return None, RuntimeError(f"the read raised {error!r}")
    except BaseException as error:  # whatever the work raises is its caller's
        return None, error


def _engine(url: str, dialect: DialectName) -> Engine:
    if dialect == "postgresql":
        # One select is a transaction of its own; several begin theirs themselves.
        return create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": 5},
        )
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _only_queries)
    return engine


def _only_queries(connection: Any, _: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("query_only=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
