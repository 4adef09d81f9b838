"""The writer lane of SQLite: one thread, one connection, group commit.

Why one thread: SQLite has one writer at a time anyway; whoever else wants to write waits inside
the database and fails when the wait is over. A queue of our own waits without failing, and lets
everybody who waits share one commit, that is one fsync (measured: twenty callers share it for
less than two pay alone).

Why a savepoint each: a use case that refuses rolls back its own writes only. Why answers after
the commit: "booked" is said when it is on disk, never before.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from scheduling.errors import StoreUnavailable

LOCK_WAIT_SECONDS = 5
_MOST_AT_ONCE = 64
# A commit checkpoints nothing by itself (that would make one caller in many wait for it); the
# lane does it between batches, each time this many rows have been changed: some 4 MB of log.
_CHECKPOINT_AFTER = 700
# The log is written over in place: a commit takes a third less time than into a file that grows
# (measured). Only what a long read made of it is cut off again.
_LOG_LIMIT = 16_000_000

_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)

Work = Callable[[Connection], Any]


@dataclass(slots=True)
class _Job:
    work: Work
    lasting: bool
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


_Answer = tuple[asyncio.Future[Any], Any, BaseException | None]


class WriterLane:
    """Runs functions on the one writing connection, in the order they were handed in."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._engine = _engine(path)
        self._connection: Connection | None = None
        self._lasting = True
        self._changes_moved = 0
        self._stopping = False
        self._trouble: str | None = None
        self._thread = threading.Thread(target=self._run, name="slotbook-writer", daemon=True)

    def start(self) -> None:
        """Begin to work; once."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what was handed in, then end; waits for it."""
        self._stopping = True
        self._jobs.put(None)
        self._thread.join()
        self._engine.dispose()

    @property
    def trouble(self) -> str | None:
        """Say why the last commit failed, or that the thread is dead; None when all is well."""
        return self._trouble if self._thread.is_alive() else "the writer has stopped"

    async def run(self, work: Work, *, lasting: bool = True) -> Any:
        """Run it in the lane and return what it returns, after the commit.

        ``lasting`` waits until the disk has it. Without, it outlives the process but perhaps
        not a power cut: enough for leases and attempts, since no worker outlives one either.

        Cancelling the caller leaves the work in the lane: it commits, or not, as a whole.
        """
        if self._stopping or not self._thread.is_alive():
            raise StoreUnavailable("the writer has stopped")
        loop = asyncio.get_running_loop()
        job = _Job(work, lasting, loop, loop.create_future())
        self._jobs.put(job)
        return await job.future

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            stop = False
            while len(jobs) < _MOST_AT_ONCE:
                try:
                    more = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    stop = True
                    break
                jobs.append(more)
            self._commit_together(jobs)
            if stop:
                break
        self._close()

    def _commit_together(self, jobs: list[_Job]) -> None:
        results: list[tuple[Any, BaseException | None]] = []
        try:
            connection = self._open()
            driver = _driver(connection)
            self._last_beyond_power_cuts(driver, any(job.lasting for job in jobs))
            with connection.begin():
                driver.execute("BEGIN IMMEDIATE")
                results = [_in_savepoint(connection, job.work) for job in jobs]
            self._trouble = None
        except (DBAPIError, sqlite3.Error) as error:
            # Locked by another process, a full disk, an I/O error: nothing of the batch is
            # written, and whoever asked may ask again.
            self._trouble = _reason(error)
            self._close()
            results = [(None, StoreUnavailable(self._trouble)) for _ in jobs]
        _answer(jobs, results)
        self._checkpoint_when_grown()

    def _last_beyond_power_cuts(self, driver: sqlite3.Connection, lasting: bool) -> None:
        # A later lasting commit brings everything before it to the disk as well.
        if lasting is not self._lasting:
            driver.execute(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
            self._lasting = lasting

    def _checkpoint_when_grown(self) -> None:
        if self._connection is None:
            return
        changes = _driver(self._connection).total_changes
        if changes - self._changes_moved > _CHECKPOINT_AFTER:
            # Where a long read keeps the log from beginning anew, it is tried again next time.
            self._changes_moved = changes
            self._checkpoint()

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._lasting = True
            self._changes_moved = 0
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(DBAPIError, sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _checkpoint(self) -> None:
        # PASSIVE never waits for readers; what it cannot move now it moves next time.
        with contextlib.suppress(DBAPIError, sqlite3.Error):
            connection = self._open()
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
            connection.commit()


def _in_savepoint(connection: Connection, work: Work) -> tuple[Any, BaseException | None]:
    driver = _driver(connection)
    driver.execute("SAVEPOINT one")
    try:
        result = work(connection)
    except DBAPIError as error:
        if is_unavailable(error.orig):
            raise  # the database itself is in trouble, not this one statement
        _undo(driver)
        return None, error
    except StopIteration as error:
        _undo(driver)
        # A future refuses to carry it, and its caller would wait for ever.
        return None, RuntimeError(f"the transaction raised {error!r}")
    except BaseException as error:  # whatever the use case raises is its caller's
        _undo(driver)
        return None, error
    driver.execute("RELEASE one")
    return result, None


def _driver(connection: Connection) -> sqlite3.Connection:
    # What the lane itself says (begin, savepoints) goes straight to the driver: it is said for
    # every job, and SQLAlchemy would prepare each time anew.
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def is_unavailable(error: BaseException | None) -> bool:
    """Say whether SQLite cannot write at all now: locked, full, broken or read-only."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _UNAVAILABLE


def _undo(driver: sqlite3.Connection) -> None:
    driver.execute("ROLLBACK TO one")
    driver.execute("RELEASE one")


def _answer(jobs: list[_Job], results: list[tuple[Any, BaseException | None]]) -> None:
    """Wake each loop once for all of the batch: every waking is a system call."""
    answers: dict[asyncio.AbstractEventLoop, list[_Answer]] = {}
    for job, (result, error) in zip(jobs, results, strict=True):
        answers.setdefault(job.loop, []).append((job.future, result, error))
    for loop, several in answers.items():
        # The loop may be gone when a caller was abandoned at shutdown.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, several)


def _settle(answers: list[_Answer]) -> None:
    for future, result, error in answers:
        if future.cancelled():
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return f"{type(original).__name__}: {original}"


def _engine(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # isolation_level None: the driver begins nothing by itself, the lane says when.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={LOCK_WAIT_SECONDS * 1000}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "wal_autocheckpoint=0",
            f"journal_size_limit={_LOG_LIMIT}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def protect(path: Path) -> None:
    """Let only the owner read the file: it holds names, phones and tokens' hashes."""
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(0o600)
