"""A database opened again after its process was killed."""

from datetime import timedelta

from builders.times import at
from doubles import FakeClock
from persistence.database import open_database
from scheduling.people import Platform
from scheduling.ports import Inbound

NOW = at("2030-01-07 09:00")


def an_update(key: str) -> Inbound:
    return Inbound(Platform.TELEGRAM, "1", key, "chat", "{}", NOW)


class TestReopened:
    async def test_given_a_killed_process_when_opened_then_its_chats_do_not_wait_for_its_leases(
        self, sqlite_url: str
    ) -> None:
        clock = FakeClock(NOW)
        async with open_database(sqlite_url, clock) as killed:
            await killed.inbox.put([an_update("1")])
            assert await killed.inbox.claim(NOW, timedelta(hours=1)) is not None

        async with open_database(sqlite_url, clock) as database:
            claim = await database.inbox.claim(NOW, timedelta(hours=1))

        assert claim is not None

    async def test_given_a_running_slotbook_when_a_command_opens_it_then_leases_stay(
        self, sqlite_url: str
    ) -> None:
        clock = FakeClock(NOW)
        async with open_database(sqlite_url, clock) as running:
            await running.inbox.put([an_update("1")])
            assert await running.inbox.claim(NOW, timedelta(hours=1)) is not None

            async with open_database(sqlite_url, clock, lock=False):
                pass

            assert await running.inbox.claim(NOW, timedelta(hours=1)) is None
