"""Reads: side by side, only reads, and whatever goes wrong is told to who asked."""

import asyncio
import threading

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from persistence.database import Database
from scheduling.errors import StoreUnavailable

_ONE = text("SELECT 1 AS one")


def _one(connection: Connection) -> int:
    return int(connection.execute(_ONE).scalar_one())


async def test_given_reads_at_once_when_each_waits_for_the_other_then_they_run_side_by_side(
    database: Database,
) -> None:
    together = threading.Barrier(2, timeout=5)

    def wait(connection: Connection) -> int:
        together.wait()
        return _one(connection)

    assert await asyncio.gather(*(database.reader.read(wait) for _ in range(2))) == [1, 1]


async def test_given_more_reads_than_connections_when_run_then_all_are_answered(
    database: Database,
) -> None:
    reads = (database.reader.read(_one) for _ in range(100))

    assert await asyncio.gather(*reads) == [1] * 100


async def test_given_a_read_that_fails_when_asked_again_then_the_next_one_works(
    database: Database,
) -> None:
    def fail(connection: Connection) -> None:
        _one(connection)
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        await database.reader.read(fail)
    with pytest.raises(DBAPIError):
        await database.reader.rows(text("SELECT nothing FROM nowhere"))
    assert await database.reader.read(_one) == 1


async def test_given_a_read_that_ends_an_iteration_when_run_then_its_caller_hears_of_it(
    database: Database,
) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(RuntimeError, match="StopIteration"):
            await database.reader.read(lambda _: next(iter(())))


async def test_given_a_snapshot_when_it_writes_then_the_database_refuses(
    database: Database,
) -> None:
    with pytest.raises((DBAPIError, StoreUnavailable)):
        await database.reader.read(lambda c: c.execute(text("DELETE FROM requests")))


async def test_given_a_reader_that_was_stopped_when_asked_then_it_says_so(
    database: Database,
) -> None:
    await database.reader.read(_one)
    await database.reader.stop()

    with pytest.raises(StoreUnavailable):
        await database.reader.read(_one)


async def test_given_a_caller_that_gave_up_when_its_read_ends_then_others_go_on(
    database: Database,
) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def wait(connection: Connection) -> int:
        begun.set()
        let_go.wait(5)
        return _one(connection)

    reading = asyncio.create_task(database.reader.read(wait))
    await asyncio.to_thread(begun.wait, 5)
    reading.cancel()
    let_go.set()

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await database.reader.read(_one) == 1
