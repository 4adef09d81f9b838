"""A workspace on Monday 23 November 2026, 10:02 in Berlin."""

from collections.abc import AsyncIterator

import pytest

from bots.slack.modals.surfaces import register_surfaces
from builders.times import at
from doubles import FakeClock
from persistence.database import open_database
from windows import SlackOffice


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[SlackOffice]:
    """Real services over a real SQLite file, and every window of Slack."""
    clock = FakeClock(at("2026-11-23 10:02", "Europe/Berlin"))
    async with open_database(sqlite_url, clock) as database:
        office = SlackOffice(database, clock)
        office.slack(register_surfaces)
        yield office
