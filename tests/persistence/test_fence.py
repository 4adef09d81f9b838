"""The second fence: the database itself refuses two occupied spans of one host that overlap."""

import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from builders.scheduling import HOST
from builders.stored import a_lesson
from builders.times import at
from doubles import FakeClock
from persistence.booking_rows import overlap_of
from persistence.database import open_database
from persistence.tables import micros
from persistence.urls import driver_url

TEN = micros(at("2030-01-09 10:00"))
MINUTE = 60_000_000
_BOOKINGS = 24

_INSERT = text(
    "INSERT INTO occupied_spans (organization_id, booking_id, host_id, starts_at, ends_at) "
    "VALUES (:organization, :booking, :host, :start, :end)"
)


@pytest.fixture
async def raw(database_url: str, clock: FakeClock) -> Any:
    """Connections past the lane and past the use cases, to a database with many bookings."""
    async with open_database(database_url, clock, pool_size=1) as database:
        stored, kind = await a_lesson(database)
        await stored.host("second", "second calendar")
        for number in range(_BOOKINGS):
            await stored.booking(kind, f"2030-02-{1 + number // 2:02} {number % 2:02}:00")
        rows = await database.reader.rows(text("SELECT id FROM bookings"))

        def release(connection: Connection) -> None:
            connection.execute(text("DELETE FROM occupied_spans"))

        await database.writer.run(release)
    engine = create_engine(driver_url(database_url, is_async=False), poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        _begin_at_once(engine)
    yield engine, [row.id for row in rows]
    engine.dispose()


def _begin_at_once(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=10000")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def claims(engine: Engine, booking: str, start: int, end: int, host: str = HOST) -> bool:
    """Claim the minutes after ten; False when the fence refused."""
    values = {
        "organization": "default",
        "booking": booking,
        "host": host,
        "start": TEN + start * MINUTE,
        "end": TEN + end * MINUTE,
    }
    try:
        with engine.begin() as connection:
            connection.execute(_INSERT, values)
    except DBAPIError as error:
        if overlap_of(error) or getattr(error.orig, "sqlstate", None) == "40P01":
            return False
        raise
    return True


def overlaps(engine: Engine) -> int:
    query = text(
        "SELECT COUNT(*) FROM occupied_spans a JOIN occupied_spans b "
        "ON a.host_id = b.host_id AND a.booking_id < b.booking_id "
        "AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
    )
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def at_once(works: Iterator[Any]) -> list[bool]:
    barrier, answers = threading.Barrier(_BOOKINGS), []

    def run(work: Any) -> None:
        barrier.wait()
        answers.append(work())

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == _BOOKINGS
    return answers


class TestRaces:
    async def test_given_one_time_when_many_connections_claim_it_then_one_gets_it(
        self, raw: Any
    ) -> None:
        engine, bookings = raw

        answers = at_once(
            (lambda booking=booking: claims(engine, booking, 0, 60)) for booking in bookings
        )

        assert answers.count(True) == 1
        assert overlaps(engine) == 0

    async def test_given_times_that_partly_overlap_when_claimed_at_once_then_none_overlap(
        self, raw: Any
    ) -> None:
        engine, bookings = raw
        chance = random.Random(7)
        starts = [chance.randrange(0, 600, 5) for _ in bookings]

        answers = at_once(
            (lambda b=booking, s=start: claims(engine, b, s, s + 45))
            for booking, start in zip(bookings, starts, strict=True)
        )

        assert answers.count(True) >= 2
        assert overlaps(engine) == 0


class TestRule:
    async def test_given_any_spans_when_claimed_one_by_one_then_the_fence_is_exact(
        self, raw: Any
    ) -> None:
        engine, bookings = raw
        chance = random.Random(11)
        taken: list[tuple[int, int]] = []

        for booking in bookings:
            start = chance.randrange(0, 240)
            end = start + chance.randrange(1, 30)
            free = all(end <= other or start >= until for other, until in taken)

            assert claims(engine, booking, start, end) is free, (start, end, taken)

            if free:
                taken.append((start, end))
        assert 5 < len(taken) < len(bookings)

    async def test_given_a_span_when_moved_by_hand_onto_another_then_it_is_refused(
        self, raw: Any
    ) -> None:
        engine, bookings = raw
        claims(engine, bookings[0], 0, 60)
        claims(engine, bookings[1], 60, 120)
        move = text("UPDATE occupied_spans SET starts_at = starts_at - 1 WHERE booking_id = :b")

        with pytest.raises(DBAPIError) as refused, engine.begin() as connection:
            connection.execute(move, {"b": bookings[1]})

        assert overlap_of(refused.value)

    async def test_given_another_host_when_the_time_is_claimed_then_it_is_free(
        self, raw: Any
    ) -> None:
        engine, bookings = raw
        claims(engine, bookings[0], 0, 60)

        assert claims(engine, bookings[1], 0, 60, host="second")

    @pytest.mark.parametrize(("start", "end"), [(60, 60), (60, 0), (0, 32 * 24 * 60)])
    async def test_given_an_empty_or_endless_span_when_claimed_then_it_is_no_span(
        self, raw: Any, start: int, end: int
    ) -> None:
        engine, bookings = raw

        with pytest.raises(DBAPIError, match=r"(?i)check"):
            claims(engine, bookings[0], start, end)
