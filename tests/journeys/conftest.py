"""A stage with slotbook running on it, on both databases or on SQLite alone."""

from collections.abc import AsyncIterator

import pytest

from builders.times import at
from running_clock import RunningClock
from slack_stage import TwoChats, two_chats
from stage import Stage, a_stage


@pytest.fixture
def clock() -> RunningClock:
    """Monday, 23 November 2026: 09:02 in Lisbon, 10:02 in Berlin."""
    return RunningClock(at("2026-11-23 09:02"))


@pytest.fixture
async def dark_stage(database_url: str, clock: RunningClock) -> AsyncIterator[Stage]:
    """People and coaches on both databases in turn; slotbook is started by the test."""
    async with a_stage(database_url, clock) as stage:
        yield stage


@pytest.fixture
async def stage(dark_stage: Stage) -> AsyncIterator[Stage]:
    """Slotbook running, on both databases in turn; its coaches have pressed START."""
    async with dark_stage.running():
        await dark_stage.welcome_coaches()
        yield dark_stage


@pytest.fixture
async def dark_sqlite_stage(sqlite_url: str, clock: RunningClock) -> AsyncIterator[Stage]:
    """Like ``dark_stage``, where the database makes no difference."""
    async with a_stage(sqlite_url, clock) as stage:
        yield stage


@pytest.fixture
async def sqlite_stage(dark_sqlite_stage: Stage) -> AsyncIterator[Stage]:
    """Like ``stage``, where the database makes no difference."""
    async with dark_sqlite_stage.running():
        await dark_sqlite_stage.welcome_coaches()
        yield dark_sqlite_stage


@pytest.fixture(params=["socket", "http"])
async def both_chats(
    request: pytest.FixtureRequest, database_url: str, clock: RunningClock
) -> AsyncIterator[TwoChats]:
    """Slotbook running in Slack and Telegram: both databases, each by socket and over HTTP."""
    by_socket = request.param == "socket"
    async with two_chats(database_url, clock, by_socket=by_socket) as stage, stage.running():
        yield stage


@pytest.fixture
async def dark_chats(sqlite_url: str, clock: RunningClock) -> AsyncIterator[TwoChats]:
    """Both chats on SQLite, Slack over HTTP; slotbook is started by the test."""
    async with two_chats(sqlite_url, clock, by_socket=False) as stage:
        yield stage


@pytest.fixture
async def chats(dark_chats: TwoChats) -> AsyncIterator[TwoChats]:
    """Like ``both_chats``, where database and connection make no difference."""
    async with dark_chats.running():
        yield dark_chats


@pytest.fixture
async def sqlite_socket(sqlite_url: str, clock: RunningClock) -> AsyncIterator[TwoChats]:
    """Like ``chats``, in Socket Mode."""
    async with two_chats(sqlite_url, clock) as stage, stage.running():
        yield stage
