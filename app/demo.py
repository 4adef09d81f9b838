"""`slotbook demo`: the real thing against local stand-ins of both chats, with a page to try it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from app.clock import SystemClock
from app.database import services_beside, tenant_of
from app.demo_cast import (
    BOT,
    SIGNING_SECRET,
    SLACK_APP_TOKEN,
    SLACK_TOKEN,
    TEAM,
    TOKEN,
    playground_config,
    tour,
    workspace,
)
from app.logs import configure_logging
from app.seed import seed
from app.serve import stop_on_signals
from app.settings import Settings
from app.slack_manifest import registered
from app.wiring import running_slotbook
from bots.slack.manifest import manifest
from playground.client import PlaygroundClient
from playground.serving import Playground

FOLDER = Path(".slotbook-demo")


def demo_settings(
    database_url: str,
    api_url: str = "http://127.0.0.1:1",
    slack_api_url: str | None = None,
    *,
    by_socket: bool = True,
) -> Settings:
    """Return the settings of a demo; only the reminder shortly before the start differs.

    With ``slack_api_url`` Slack runs beside Telegram: by Socket Mode, or over HTTP.
    """
    slack: dict[str, Any] = {}
    if slack_api_url is not None:
        slack = {
            "slack_bot_token": SecretStr(SLACK_TOKEN),
            "slack_signing_secret": SecretStr(SIGNING_SECRET),
            "slack_app_token": SecretStr(SLACK_APP_TOKEN) if by_socket else None,
            "slack_api_url": slack_api_url,
        }
    return Settings(
        database_url=SecretStr(database_url),
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=api_url,
        http_port=0,
        reminders=(timedelta(hours=24), timedelta(hours=1), timedelta(minutes=2)),
        log_level="WARNING",
        admins=frozenset(),
        **slack,
    )


async def demo(*, port: int, reset: bool, folder: Path = FOLDER) -> None:
    """Serve the demo until a signal ends it, and print the one address to open.

    What was booked stays in ``folder`` until ``reset``; the chats begin anew each time.
    """
    configure_logging("WARNING", "auto")
    if reset:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    stop = stop_on_signals()
    async with running_demo(folder, port=port) as playground:
        # The page's address is this command's whole output.
        print(f"Open {playground.base_url} in your browser. Ctrl+C ends it.", flush=True)  # noqa: T201
        await stop.wait()


@asynccontextmanager
async def running_demo(
    folder: Path, *, port: int = 0, database_url: str | None = None
) -> AsyncIterator[Playground]:
    """Run playground and slotbook with the sample coaches, ready to be used."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    url = database_url or f"sqlite:///{folder / 'demo.db'}"
    guide = tour(await _seed(demo_settings(url)))
    slack = workspace(manifest(await registered()))
    async with Playground(playground_config(guide, slack), port=port) as playground:
        settings = demo_settings(url, playground.bot_api_url, playground.slack_api_url)
        async with running_slotbook(settings), PlaygroundClient(playground.base_url) as client:
            # A bot may not write first: without a START the coach would hear of nothing.
            kenji = client.user("kenji")
            await kenji.start()
            await kenji.wait_for_message(lambda message: message.from_bot)
            yield playground


async def _seed(settings: Settings) -> dict[str, str]:
    async with services_beside(settings) as (_, services):
        types = await seed(services, SystemClock(), tenant_of(settings), slack_team=TEAM)
    return {each.title: f"https://t.me/{BOT.username}?start={each.code}" for each in types}
