from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bots.telegram.api import TelegramBot, hush_libraries
from playground.client import PlaygroundClient, TelegramUser
from playground.config import BotSeed, PlaygroundConfig
from playground.serving import Playground
from scheduling.people import Platform, Recipient

TOKEN = "7000000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawA"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough here: what differs between the two is not Telegram's business."""
    return sqlite_url


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """A Bot API of our own that knows one bot."""
    seed = BotSeed(token=TOKEN, username="pianobot")
    async with Playground(PlaygroundConfig(bots=(seed,))) as served:
        yield served


@pytest.fixture
async def client(playground: Playground) -> AsyncIterator[PlaygroundClient]:
    async with PlaygroundClient(playground.base_url) as opened:
        yield opened


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[TelegramBot]:
    """A bot of the playground that loses patience after a second."""
    hush_libraries()
    made = TelegramBot(TOKEN, playground.bot_api_url, read_timeout=timedelta(seconds=1))
    await made.get_me()
    yield made
    await made.close_connections()


@pytest.fixture
async def mia(client: PlaygroundClient, bot: TelegramBot) -> TelegramUser:
    """Somebody who has started the bot."""
    user = client.user("mia")
    await user.start()
    return user


@pytest.fixture
async def chat(mia: TelegramUser) -> Recipient:
    """Mia's private chat."""
    return Recipient(Platform.TELEGRAM, TOKEN.partition(":")[0], str(await mia.id()))
