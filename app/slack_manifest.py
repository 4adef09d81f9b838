"""`slotbook slack-manifest`: what to paste into Slack, made from what is registered."""

import asyncio
import json
import tempfile
from pathlib import Path

from pydantic import SecretStr

from app.clock import SystemClock
from app.settings import Settings
from app.wiring import build
from bots.router import Router
from bots.slack.manifest import manifest
from bots.slack.surface import SlackSurfaces
from persistence.database import open_database


def manifest_text(public_url: str | None) -> str:
    """Return the manifest as JSON; without an address, for Socket Mode.

    Raises:
        ValueError: the address is not one Slack would call.
    """
    return json.dumps(manifest(asyncio.run(registered()), public_url), indent=2)


async def registered() -> Router:
    """Return the commands as a running slotbook has them; nothing is started or stored."""
    return (await everything_registered())[0]


async def everything_registered() -> tuple[Router, SlackSurfaces]:
    """Return what answers people, as a running slotbook has it; nothing is started or stored."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'unused.db'}"
        # No tokens: they open nothing, and only have the faces be built.
        settings = Settings(
            database_url=SecretStr(url),
            slack_bot_token=SecretStr("xoxb-none"),
            slack_app_token=SecretStr("xapp-none"),
        )
        clock = SystemClock()
        async with open_database(url, clock, lock=False) as database:
            slotbook = build(settings, database, clock)
            return slotbook.router, slotbook.surfaces
