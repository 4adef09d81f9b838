"""The references of a booking: bare drivers that write what it writes, and decide nothing."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rows import Statement


def connect(path: Path) -> sqlite3.Connection:
    """Open an SQLite file as durable as slotbook does."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def write(connection: sqlite3.Connection, booking: Sequence[Statement]) -> None:
    """Write one booking's rows."""
    for statement, rows in booking:
        if len(rows) == 1:
            connection.execute(statement, rows[0])
        else:
            connection.executemany(statement, rows)


def write_each(connection: sqlite3.Connection, bookings: Sequence[Sequence[Statement]]) -> None:
    """Write bookings one after the other, each in a transaction of its own."""
    for booking in bookings:
        connection.execute("BEGIN IMMEDIATE")
        write(connection, booking)
        connection.execute("COMMIT")


@dataclass(slots=True)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class RawLane:
    """One thread over sqlite3: whoever waits shares one commit, each in a savepoint."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it when what it was given is done."""
        self._jobs.put(None)
        self._thread.join()
        self._connection.close()

    async def run(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Return what the function returns, after the commit."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        self._jobs.put(job)
        return await job.future

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            with suppress(queue.Empty):
                while len(jobs) < 64 and (more := self._jobs.get_nowait()) is not None:
                    jobs.append(more)
            self._connection.execute("BEGIN IMMEDIATE")
            results: list[Any] = []
            try:
                for each in jobs:
                    self._connection.execute("SAVEPOINT one")
                    results.append(each.work(self._connection))
                    self._connection.execute("RELEASE one")
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:  # a defect of the benchmark: nobody may wait for ever
                results = [error for _ in jobs]
            jobs[0].loop.call_soon_threadsafe(_settle, jobs, results)


def _settle(jobs: list[_Job], results: list[Any]) -> None:
    for job, result in zip(jobs, results, strict=True):
        if isinstance(result, sqlite3.Error):
            job.future.set_exception(result)
        else:
            job.future.set_result(result)
