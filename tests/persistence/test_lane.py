"""The writer lane: who waits shares a commit, who refuses hurts nobody, who is locked out lives."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from builders.times import at
from doubles import FakeClock
from persistence import lane as lane_module
from persistence.database import open_database
from persistence.lane import WriterLane
from scheduling.errors import StoreInUse, StoreUnavailable


class Refused(Exception):
    pass


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "lane.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE seen (name TEXT PRIMARY KEY, padding TEXT)")
    connection.close()
    return file


@pytest.fixture
async def lane(path: Path) -> AsyncIterator[WriterLane]:
    writer = WriterLane(str(path))
    writer.start()
    yield writer
    writer.stop()


def writes(name: str, padding: str = "") -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.execute(
            text("INSERT INTO seen VALUES (:name, :padding)"), {"name": name, "padding": padding}
        )
        return name

    return work


def names(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name FROM seen ORDER BY name").fetchall()
    connection.close()
    return [row[0] for row in rows]


class Gate:
    """Work that keeps the lane busy until it is opened, so that others gather behind it."""

    def __init__(self) -> None:
        self.begun, self._open = threading.Event(), threading.Event()

    def open(self) -> None:
        self._open.set()

    def __call__(self, _: Connection) -> None:
        self.begun.set()
        assert self._open.wait(10)


async def gathered(lane: WriterLane, *works: Callable[[Connection], Any]) -> list[Any]:
    """Run works that are all waiting when the lane gets to them."""
    gate = Gate()
    before = asyncio.create_task(lane.run(gate))
    await asyncio.to_thread(gate.begun.wait)
    waiting = [asyncio.create_task(lane.run(work)) for work in works]
    await asyncio.wait(waiting, timeout=0)
    gate.open()
    await before
    return await asyncio.gather(*waiting, return_exceptions=True)


def noting(statements: list[str], word: str) -> Callable[[Connection], None]:
    """Return work that lets the lane's connection note what it runs of that word."""

    def note(sql: str) -> None:
        if word in sql:
            statements.append(sql)

    def work(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        raw.set_trace_callback(note)

    return work


class TestCommits:
    async def test_given_work_when_run_then_its_answer_comes_after_the_commit(
        self, lane: WriterLane, path: Path
    ) -> None:
        answer = await lane.run(writes("a"))

        assert (answer, names(path)) == ("a", ["a"])

    async def test_given_twenty_who_wait_when_run_then_they_share_one_commit(
        self, lane: WriterLane, path: Path
    ) -> None:
        commits: list[str] = []
        await lane.run(noting(commits, "COMMIT"))
        commits.clear()

        await gathered(lane, *(writes(f"{n:02}") for n in range(20)))

        assert len(names(path)) == 20
        assert commits == ["COMMIT"] * 2, "one for the gate, one for the twenty"

    async def test_given_one_that_raises_when_run_with_others_then_only_its_writes_are_gone(
        self, lane: WriterLane, path: Path
    ) -> None:
        def refuse(connection: Connection) -> None:
            writes("refused")(connection)
            raise Refused

        answers = await gathered(lane, writes("a"), refuse, writes("b"))

        assert [answers[0], answers[2]] == ["a", "b"]
        assert isinstance(answers[1], Refused)
        assert names(path) == ["a", "b"]

    async def test_given_one_the_database_refuses_when_run_with_others_then_they_are_kept(
        self, lane: WriterLane, path: Path
    ) -> None:
        answers = await gathered(lane, writes("a"), writes("a"), writes("b"))

        assert isinstance(answers[1], IntegrityError)
        assert names(path) == ["a", "b"]

    async def test_given_a_savepoint_of_its_own_when_rolled_back_then_the_rest_is_kept(
        self, lane: WriterLane, path: Path
    ) -> None:
        def work(connection: Connection) -> None:
            writes("before")(connection)
            with contextlib.suppress(IntegrityError), connection.begin_nested():
                writes("inside")(connection)
                writes("before")(connection)
            writes("after")(connection)

        await lane.run(work)

        assert names(path) == ["after", "before"]

    async def test_given_works_when_handed_in_then_they_run_in_that_order(
        self, lane: WriterLane
    ) -> None:
        order: list[int] = []

        await gathered(lane, *(lambda _, n=n: order.append(n) for n in range(30)))

        assert order == list(range(30))


class TestPowerCuts:
    async def test_given_work_that_must_last_when_run_then_the_disk_is_waited_for(
        self, lane: WriterLane
    ) -> None:
        def waits(connection: Connection) -> bool:
            return bool(connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2)

        alone = [await lane.run(waits, lasting=lasting) for lasting in (False, True, False, True)]
        together = await gathered(lane, waits, waits)

        assert alone == [False, True, False, True]
        assert together == [True, True]

    async def test_given_work_of_both_kinds_when_run_together_then_all_of_it_lasts(
        self, lane: WriterLane
    ) -> None:
        def waits(connection: Connection) -> bool:
            return bool(connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2)

        gate = Gate()
        before = asyncio.create_task(lane.run(gate, lasting=False))
        await asyncio.to_thread(gate.begun.wait)
        waiting = [asyncio.create_task(lane.run(waits, lasting=last)) for last in (False, True)]
        await asyncio.wait(waiting, timeout=0)
        gate.open()
        await before

        assert await asyncio.gather(*waiting) == [True, True]


class TestCancelledCallers:
    async def test_given_a_caller_that_goes_away_when_it_is_run_then_the_work_is_whole(
        self, lane: WriterLane, path: Path
    ) -> None:
        gate = Gate()
        before = asyncio.create_task(lane.run(gate))
        await asyncio.to_thread(gate.begun.wait)
        caller = asyncio.create_task(lane.run(writes("a")))
        await asyncio.wait([caller], timeout=0)

        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        gate.open()
        await before
        await lane.run(writes("b"))

        assert names(path) == ["a", "b"]


class TestTrouble:
    @pytest.fixture
    def short_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lane_module, "LOCK_WAIT_SECONDS", 0.05)

    @pytest.mark.usefixtures("short_wait")
    async def test_given_another_program_that_writes_when_locked_out_then_it_says_so_and_recovers(
        self, path: Path
    ) -> None:
        lane = WriterLane(str(path))
        lane.start()
        await lane.run(writes("before"))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreUnavailable, match="locked"):
            await lane.run(writes("during"))
        trouble = lane.trouble
        other.execute("ROLLBACK")
        await lane.run(writes("after"))

        other.close()
        assert trouble is not None
        assert lane.trouble is None
        assert names(path) == ["after", "before"]
        lane.stop()

    async def test_given_a_full_disk_when_written_then_nobody_is_confirmed_and_it_recovers(
        self, lane: WriterLane, path: Path
    ) -> None:
        await lane.run(writes("before"))

        def fill(connection: Connection) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        await lane.run(fill)

        answers = await gathered(lane, writes("small"), writes("big", "x" * 100_000))

        assert [type(answer) for answer in answers] == [StoreUnavailable] * 2
        assert lane.trouble is not None
        assert "full" in lane.trouble
        assert names(path) == ["before"]
        # A new connection was opened, and knows nothing of the bound.
        assert await lane.run(writes("again", "x" * 100_000)) == "again"
        assert lane.trouble is None

    async def test_given_a_stopped_lane_when_asked_then_it_does_not_hang(self, path: Path) -> None:
        lane = WriterLane(str(path))
        lane.start()
        lane.stop()

        with pytest.raises(StoreUnavailable):
            await lane.run(writes("late"))

        assert lane.trouble is not None

    async def test_given_work_in_hand_when_stopped_then_it_is_finished(self, path: Path) -> None:
        lane = WriterLane(str(path))
        lane.start()
        gate = Gate()
        first = asyncio.create_task(lane.run(gate))
        await asyncio.to_thread(gate.begun.wait)
        second = asyncio.create_task(lane.run(writes("handed in")))
        await asyncio.wait([second], timeout=0)

        stopping = asyncio.create_task(asyncio.to_thread(lane.stop))
        gate.open()
        await asyncio.gather(first, second, stopping)

        assert names(path) == ["handed in"]

    async def test_given_work_that_ends_an_iteration_when_run_then_its_caller_hears_of_it(
        self, lane: WriterLane
    ) -> None:
        def work(_: Connection) -> None:
            next(iter(()))

        async with asyncio.timeout(5):
            with pytest.raises(RuntimeError, match="StopIteration"):
                await lane.run(work)


class TestLog:
    @pytest.fixture(autouse=True)
    def small_bound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lane_module, "_CHECKPOINT_AFTER", 15)

    async def test_given_a_grown_log_when_it_was_moved_then_it_begins_anew_and_stays_small(
        self, lane: WriterLane, path: Path
    ) -> None:
        moved: list[str] = []
        await lane.run(noting(moved, "wal_checkpoint"))

        for number in range(300):
            await lane.run(writes(f"{number:03}", "x" * 1_000))

        assert path.with_name("lane.db-wal").stat().st_size < 300_000
        assert 2 <= len(moved) <= 30, "now and then, not after every commit"

    async def test_given_a_read_that_stays_when_the_log_grows_then_it_is_tried_now_and_then(
        self, lane: WriterLane, path: Path
    ) -> None:
        moved: list[str] = []
        await lane.run(noting(moved, "wal_checkpoint"))
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM seen").fetchall()

        for number in range(300):
            await lane.run(writes(f"{number:03}", "x" * 1_000))
        reader.close()

        assert path.with_name("lane.db-wal").stat().st_size > 1_000_000
        assert 2 <= len(moved) <= 30


class TestOneProcess:
    async def test_given_an_open_file_when_a_second_opens_it_then_it_is_refused(
        self, sqlite_url: str, clock: FakeClock
    ) -> None:
        async with open_database(sqlite_url, clock):
            with pytest.raises(StoreInUse):
                async with open_database(sqlite_url, clock):
                    pass

    async def test_given_a_closed_file_when_opened_again_then_it_is_free(
        self, sqlite_url: str, clock: FakeClock
    ) -> None:
        async with open_database(sqlite_url, clock):
            pass

        async with open_database(sqlite_url, clock) as database:
            assert await database.memory.recall("x") is None

    async def test_given_an_open_file_when_a_command_writes_beside_it_then_both_see_it(
        self, sqlite_url: str, clock: FakeClock
    ) -> None:
        async with (
            open_database(sqlite_url, clock) as service,
            open_database(sqlite_url, clock, lock=False) as command,
        ):
            await command.memory.remember("x", "by the command")

            assert await service.memory.recall("x") == "by the command"

    async def test_given_a_read_when_the_lane_is_busy_then_it_does_not_wait(
        self, sqlite_url: str, clock: FakeClock
    ) -> None:
        async with open_database(sqlite_url, clock) as database:
            gate = Gate()
            busy = asyncio.create_task(database.writer.run(gate))
            await asyncio.to_thread(gate.begun.wait)

            async with asyncio.timeout(5):
                read = await database.outbox.overdue(at("2030-01-07 09:00"))

            gate.open()
            await busy
            assert read == 0
