"""A fake Slack, and slotbook running on it."""

from collections.abc import AsyncIterator

import pytest

from builders.times import at
from fake_slack import FakeSlack, fake_slack
from running_clock import RunningClock
from slack_desk import Desk, running_desk


@pytest.fixture
def clock() -> RunningClock:
    """Monday, 23 November 2026: 10:02 in Berlin."""
    return RunningClock(at("2026-11-23 09:02"))


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack of our own."""
    async with fake_slack() as fake:
        yield fake
        assert fake.refused == []


@pytest.fixture
async def desk(sqlite_url: str, slack: FakeSlack, clock: RunningClock) -> AsyncIterator[Desk]:
    """Slotbook running on Slack alone, in HTTP mode."""
    async with running_desk(sqlite_url, slack, clock) as running:
        yield running
