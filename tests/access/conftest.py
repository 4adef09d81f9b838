"""A fake Slack with slotbook running on it, and somebody's things in it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from access_walk import Walk, calm, things
from builders.times import at
from fake_slack import fake_slack
from running_clock import RunningClock
from slack_desk import running_desk

TICK = timedelta(seconds=5)
PUBLIC = "https://slotbook.example"


@pytest.fixture
async def walk(sqlite_url: str) -> AsyncIterator[Walk]:
    """Slotbook on Slack, with a host, an attendee and an organizer; nothing was refused."""
    clock = RunningClock(at("2026-11-23 09:02"))
    async with (
        fake_slack() as slack,
        running_desk(sqlite_url, slack, clock, tick=TICK, public_url=PUBLIC) as desk,
    ):
        walk = Walk(desk, await things(desk))
        await calm(desk)
        yield walk
        assert slack.refused == []
