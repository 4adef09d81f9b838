"""G4, G5 and G7: the whole booking use case on SQLite, against bare sqlite3.

The reference writes the very rows of a booking, in a transaction each, on the same disk and as
durably (WAL, synchronous=FULL), and decides nothing. G7's reference is a lane of bare sqlite3
that runs for each caller the statements the use case runs, rules and alternatives left out.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from benchmarks import raw
from benchmarks.rows import BookingRows, Statement
from benchmarks.school import LESSON, School, folder, migrated, school
from benchmarks.table import Result, rates, time
from scheduling.errors import SlotTaken
from scheduling.ids import PersonId
from scheduling.model import Booking

_ROUNDS = 9
_ALONE, _TOGETHER, _CALLERS = 60, 200, 20
_RACERS, _RACES = 500, 5
_MICROSECOND_STEP = LESSON.total_seconds() * 1_000_000


def run() -> list[Result]:
    """Measure the three."""
    with folder() as place:
        return asyncio.run(_measure(place))


async def _measure(place: Path) -> list[Result]:
    path = place / "school.db"
    async with school(migrated(path)) as there:
        await there.book()  # the first one works out the coach's hours
        rows = await _rows_of_one(there, path)
        # Copied now: the references book at times of their own, which the others must not take.
        bare_path, lane_path = _copied(path, place / "raw.db"), _copied(path, place / "lane.db")
        alone, together, bare = await _speeds(there, rows, bare_path)
        race = await _race(there, rows, lane_path)
    return [
        *rates("G4 booking, 1 caller, SQLite", alone, bare, 0.30),
        *rates("G5 booking, 20 callers, SQLite", together, bare, 1.0, 2.0),
        race,
    ]


async def _rows_of_one(there: School, path: Path) -> BookingRows:
    with closing(sqlite3.connect(path)) as connection:
        rows = BookingRows(lambda query: connection.execute(query).fetchall(), "?")
        await there.book()
        rows.take()
    return rows


async def _speeds(
    there: School, rows: BookingRows, path: Path
) -> tuple[list[float], list[float], list[float]]:
    alone, together, bare = [], [], []
    with closing(raw.connect(path)) as connection:
        for number in range(_ROUNDS):
            more = _others(rows, number * _TOGETHER, _TOGETHER)
            began = perf_counter()
            raw.write_each(connection, more)
            bare.append((perf_counter() - began) / _TOGETHER)
            alone.append(await _seconds_each(there, 1, _ALONE))
            together.append(await _seconds_each(there, _CALLERS, _TOGETHER // _CALLERS))
    return alone, together, bare


async def _seconds_each(there: School, callers: int, count: int) -> float:
    """Return how long a booking takes when so many callers make so many, one after the other."""

    async def one_by_one() -> None:
        for _ in range(count):
            await there.book()

    began = perf_counter()
    await asyncio.gather(*(one_by_one() for _ in range(callers)))
    return (perf_counter() - began) / (callers * count)


def _others(rows: BookingRows, begin: int, count: int) -> list[list[Statement]]:
    """Return the rows of bookings at times of their own, made before the clock runs."""
    step = int(_MICROSECOND_STEP)
    return [rows.another((begin + number + 1) * step) for number in range(count)]


# --- many callers on one slot -------------------------------------------------------------------


async def _race(there: School, rows: BookingRows, path: Path) -> Result:
    asked = await _asked_by_a_loser(there)
    lane = raw.RawLane(path)
    ours, bare, exact = [], [], True
    for number in range(_RACES):
        start = next(there.starts)
        began = perf_counter()
        ends = await asyncio.gather(
            *(_try(there, student, start) for student in there.students[:_RACERS])
        )
        ours.append(perf_counter() - began)
        exact = exact and _is_exact(ends)
        (winner,) = _others(rows, number, 1)
        began = perf_counter()
        await asyncio.gather(*(lane.run(_replay(asked, winner)) for _ in range(_RACERS)))
        bare.append(perf_counter() - began)
    lane.stop()
    ratio = median(mine / theirs for mine, theirs in zip(ours, bare, strict=True))
    outcome = "1 booking, 499 refusals" if exact else "a wrong outcome"
    return Result(
        "G7 500 callers on one slot, SQLite",
        f"{time(median(ours))}, {outcome}",
        time(median(bare)),
        f"{ratio:.2f}",
        "exact, under 2",
        exact and ratio < 2,
    )


async def _try(there: School, student: PersonId, start: datetime) -> Booking | SlotTaken:
    try:
        return await there.services.booking.book(there.booking_of(student, start))
    except SlotTaken as refused:
        return refused


def _is_exact(ends: Sequence[Booking | SlotTaken]) -> bool:
    """Say whether one got it and each of the others was told three other times."""
    refused = [end for end in ends if isinstance(end, SlotTaken)]
    return len(refused) == len(ends) - 1 and all(len(end.alternatives) == 3 for end in refused)


async def _asked_by_a_loser(there: School) -> list[str]:
    """Return what the use case asks the database until it knows that a start is taken."""
    taken = await there.book()
    asked: list[str] = []

    def listen(to: Callable[[str], object] | None) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            driver: Any = connection.connection.driver_connection
            driver.set_trace_callback(to)

        return work

    await there.database.writer.run(listen(asked.append))
    await _try(there, there.students[-1], taken.time.start)
    await there.database.writer.run(listen(None))
    return [statement for statement in asked if statement.startswith("SELECT")]


def _replay(asked: list[str], winner: list[Statement]) -> Callable[[sqlite3.Connection], None]:
    def work(connection: sqlite3.Connection) -> None:
        for statement in asked:
            connection.execute(statement).fetchall()
        if winner:
            raw.write(connection, winner)
            winner.clear()  # the first to come has it

    return work


def _copied(path: Path, to: Path) -> Path:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    return to
