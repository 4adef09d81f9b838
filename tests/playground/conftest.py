"""A served playground, a person in it and a bot, both ends over real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from telegram import Bot

from doubles import SetClock
from playground.client import PlaygroundClient, TelegramUser
from playground.config import BotSeed, PlaygroundConfig
from playground.serving import Playground

TOKEN = "4242:" + "p" * 35

Ask = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def playground(clock: SetClock) -> AsyncIterator[Playground]:
    config = PlaygroundConfig(
        bots=(BotSeed(token=TOKEN, username="parrot_bot", name="Parrot"),),
        now=clock,
        webhook_retry=0.01,
        upload_limit=100_000,
    )
    async with Playground(config) as served:
        yield served


@pytest.fixture
async def client(playground: Playground) -> AsyncIterator[PlaygroundClient]:
    async with PlaygroundClient(playground.base_url, deadline=5) as client:
        yield client


@pytest.fixture
async def mia(client: PlaygroundClient) -> TelegramUser:
    """A person who has started the bot; that update is confirmed already."""
    user = client.user("mia")
    await user.start()
    return user


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[Bot]:
    api = playground.bot_api_url
    async with Bot(TOKEN, base_url=f"{api}/bot", base_file_url=f"{api}/file/bot") as bot:
        yield bot


@pytest.fixture
async def ask(playground: Playground) -> AsyncIterator[Ask]:
    """Any method with any parameters, without a library between: status and body."""
    async with httpx.AsyncClient(base_url=playground.bot_api_url, timeout=30) as http:

        async def ask(method: str, token: str = TOKEN, **values: Any) -> tuple[int, dict[str, Any]]:
            response = await http.post(f"/bot{token}/{method}", json=values)
            return response.status_code, response.json()

        yield ask
