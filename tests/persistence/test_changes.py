"""Word of commits between processes."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import make_url

from builders.times import minutes
from doubles import FakeClock
from persistence.changes import SilentChanges
from persistence.database import Database, open_database
from scheduling.ports import Changes

SOON = 5


@pytest.fixture
async def two(postgres_url: str, clock: FakeClock) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes' worth of one PostgreSQL database."""
    async with (
        open_database(postgres_url, clock, pool_size=2) as one,
        open_database(postgres_url, clock, pool_size=2) as other,
    ):
        yield one, other


async def heard(changes: Changes) -> None:
    """Wait for a word, as long as a machine that is busy may need."""
    await asyncio.wait_for(changes.heard(), SOON)


async def hears_nothing(changes: Changes) -> bool:
    """Say whether nothing is heard for a moment."""
    try:
        await asyncio.wait_for(changes.heard(), 0.2)
    except TimeoutError:
        return True
    return False


@pytest.mark.postgres
class TestPostgres:
    async def test_given_another_process_when_it_announces_then_it_is_heard(
        self, two: tuple[Database, Database]
    ) -> None:
        one, other = two
        await heard(other.changes)  # whoever begins to listen looks once

        await one.changes.announce()

        await heard(other.changes)

    async def test_given_several_words_when_nobody_waited_then_one_look_is_enough(
        self, two: tuple[Database, Database]
    ) -> None:
        one, other = two
        await heard(other.changes)
        for _ in range(5):
            await one.changes.announce()
        await heard(other.changes)

        await hears_nothing(other.changes)  # the last of the five may still be on its way
        assert await hears_nothing(other.changes)

    async def test_given_a_word_of_its_own_when_listening_then_it_is_not_heard(
        self, two: tuple[Database, Database]
    ) -> None:
        one, _ = two
        await heard(one.changes)

        await one.changes.announce()

        assert await hears_nothing(one.changes)

    async def test_given_a_broken_connection_when_time_passes_then_it_listens_again_and_looks(
        self, two: tuple[Database, Database], postgres_url: str, clock: FakeClock
    ) -> None:
        one, other = two
        await heard(other.changes)
        waiting = asyncio.ensure_future(heard(other.changes))
        await asyncio.to_thread(_end_listeners, postgres_url)

        while not waiting.done():
            clock.advance(minutes(1))
            await asyncio.wait({waiting}, timeout=0.05)
        await waiting

        await one.changes.announce()
        await heard(other.changes)


class TestSilent:
    async def test_given_one_process_when_it_announces_then_nothing_is_ever_heard(
        self, sqlite_url: str, clock: FakeClock
    ) -> None:
        async with open_database(sqlite_url, clock) as database:
            assert isinstance(database.changes, SilentChanges)
            await database.changes.announce()

            assert await hears_nothing(database.changes)


def _end_listeners(url: str) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        ).fetchall()
    assert ended
