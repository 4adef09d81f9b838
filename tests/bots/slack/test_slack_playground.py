"""Against the playground's Slack, which knows nothing of us: a booking, over both ways in."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from app.settings import Settings
from app.wiring import running_slotbook
from playground.config import PlaygroundConfig, SlackAppSeed, SlackCommandSeed, SlackConfig
from playground.serving import Playground
from playground.slack.client import SlackClient
from running_clock import RunningClock

TOKEN, APP_TOKEN, SECRET = "xoxb-play-1", "xapp-play-1", "f" * 32
COMMANDS = ("/book", "/availability", "/session", "/slotbook")
APP = SlackAppSeed(
    bot_token=TOKEN,
    app_token=APP_TOKEN,
    signing_secret=SECRET,
    commands=tuple(SlackCommandSeed(command=command) for command in COMMANDS),
)


async def _connected(slack: SlackClient, clock: RunningClock) -> None:
    while (await slack.call("GET", "/state"))["app"]["connected"] != "socket":
        await clock.sleep(timedelta(milliseconds=50))


@pytest.mark.slow
@pytest.mark.parametrize("way", ["http", "socket"])
async def test_given_hours_in_slack_when_a_colleague_books_then_both_know(
    sqlite_url: str, way: str
) -> None:
    clock = RunningClock(datetime.now(UTC))  # noqa: TID251 - the playground's is the true one
    async with Playground(PlaygroundConfig(slack=SlackConfig(app=APP))) as playground:
        settings = Settings(
            database_url=SecretStr(sqlite_url),
            slack_bot_token=SecretStr(TOKEN),
            slack_signing_secret=SecretStr(SECRET),
            slack_app_token=SecretStr(APP_TOKEN) if way == "socket" else None,
            slack_api_url=playground.slack_api_url,
            http_port=0,
        )
        async with (
            running_slotbook(settings, clock=clock) as slotbook,
            SlackClient(playground.base_url) as slack,
        ):
            assert slotbook.web is not None
            if way == "http":
                url = f"{slotbook.web.address}/slack/events"
                await slack.call("POST", "/app/events_url", {"url": url})
            else:
                await _connected(slack, clock)
            bo, ana = slack.as_user("bo"), slack.as_user("ana")

            await bo.command("/availability", "mon-sun 0-24", channel="design")
            await bo.wait_for("This is your week", channel="design")
            await bo.press_newest("Save", channel="design")
            await bo.wait_for("Your link works now", channel="design")
            await ana.command("/book", "Bo", channel="design")
            await ana.wait_for("Which day?", channel="design")
            await ana.press_newest("First free", channel="design")
            await ana.wait_for("Kept for you", channel="design")
            await ana.press_newest("Book it", channel="design")

            await ana.wait_for("Booked.", channel="design")
            await bo.wait_for("Ana Ruiz booked", channel="app", since=0)
            assert not any("Booked." in m.text for m in await bo.messages("design"))
