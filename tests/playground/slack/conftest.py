"""A served workspace, and a Bolt app of a few lines as the independent other side."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bolt_side import APP, BoltSide
from doubles import SetClock
from playground.config import PlaygroundConfig, SlackConfig
from playground.serving import Playground
from playground.slack.client import SlackClient


@pytest.fixture
def config() -> SlackConfig:
    """What a test overrides by a fixture of its own."""
    return SlackConfig(app=APP, retry_pauses=(0.01, 0.02, 0.03))


@pytest.fixture
async def playground(config: SlackConfig, clock: SetClock) -> AsyncIterator[Playground]:
    async with Playground(PlaygroundConfig(slack=config, now=clock)) as served:
        yield served


@pytest.fixture
async def slack(playground: Playground) -> AsyncIterator[SlackClient]:
    async with SlackClient(playground.base_url, deadline=5) as client:
        yield client


@pytest.fixture
async def web(playground: Playground) -> AsyncIterator[AsyncWebClient]:
    """The Web API through Slack's own library."""
    async with ClientSession() as session:
        yield AsyncWebClient(
            token=APP.bot_token, base_url=playground.slack_api_url, session=session
        )


@pytest.fixture
async def bolt(playground: Playground, slack: SlackClient) -> AsyncIterator[BoltSide]:
    """A Bolt app reached by signed HTTP."""
    async with BoltSide(playground.slack_api_url) as side:
        await slack.call("POST", "/app/events_url", {"url": side.url})
        yield side


def with_app(config: SlackConfig, **changes: object) -> SlackConfig:
    return replace(config, app=replace(config.app, **changes))  # type: ignore[arg-type]
