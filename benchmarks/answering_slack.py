"""G10's twin in Slack, and how soon requests are acknowledged while much goes on.

From a button press in the direct message to the edited card, beside the plainest Bolt app there
can be, which acknowledges and edits; both by Socket Mode, each with a workspace in a process of
its own. Then fifty commands a second come, over HTTP and by Socket Mode, and the time until each is
acknowledged is taken by the workspace.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from typing import Any

from aiohttp import ClientSession
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.clock import SystemClock
from app.database import services_beside, tenant_of
from app.demo import demo_settings
from app.demo_cast import (
    SIGNING_SECRET,
    SLACK_APP_TOKEN,
    SLACK_CHANNELS,
    SLACK_TOKEN,
    SLACK_USERS,
    TEAM,
)
from app.logs import configure_logging
from app.seed import seed
from app.settings import Settings
from app.wiring import running_slotbook
from benchmarks.school import folder
from benchmarks.served import part, playground
from benchmarks.table import Result, at_most, time
from playground.config import PlaygroundConfig, SlackAppSeed, SlackConfig
from playground.slack.client import SlackClient, SlackMessage, SlackPerson

_ROUNDS, _PRESSES, _WARM = 6, 40, 12
_DAY_OR_TIME = re.compile(r"\d+(:\d\d)?( [AP]M)?")
_EDIT = "chat.update"
_LOAD, _LOAD_FOR = 50, 10
_MOST_ACK = 0.5
_BACK, _DAYS = "Back", "Days"


def run() -> list[Result]:
    """Measure p50 and p99 of answers, and p99 of acknowledgements."""
    configure_logging("WARNING", "auto")
    with folder() as place, playground(_by_socket) as ours, playground(_by_socket) as theirs:
        settings = demo_settings(
            f"sqlite:///{place.resolve() / 'slotbook.db'}", slack_api_url=_api(ours)
        )
        mine, empty = asyncio.run(_measure(settings, ours, theirs))
    return [
        at_most("G10 in Slack, press to edited card, p50", part(mine, 50), part(empty, 50), 3),
        at_most("G10 in Slack, press to edited card, p99", part(mine, 99), part(empty, 99), 6),
        _acknowledged("HTTP", by_socket=False),
        _acknowledged("Socket Mode", by_socket=True),
    ]


def _acknowledged(way: str, *, by_socket: bool) -> Result:
    """Measure p99 of acknowledgements of what comes one way."""
    with folder() as place, playground(_by_socket if by_socket else _by_http) as ours:
        settings = demo_settings(
            f"sqlite:///{place.resolve() / 'slotbook.db'}",
            slack_api_url=_api(ours),
            by_socket=by_socket,
        )
        p99 = part(asyncio.run(_under_load(settings, ours)), 99)
    return Result(
        f"acknowledged by {way}, {_LOAD} actions/s, p99",
        time(p99), "", "", f"under {time(_MOST_ACK)}", p99 < _MOST_ACK,
    )  # fmt: skip


def _by_socket() -> PlaygroundConfig:
    return _config(SLACK_APP_TOKEN)


def _by_http() -> PlaygroundConfig:
    return _config(None)


def _config(app_token: str | None) -> PlaygroundConfig:
    app = SlackAppSeed(bot_token=SLACK_TOKEN, signing_secret=SIGNING_SECRET, app_token=app_token)
    slack = SlackConfig(team_id=TEAM, users=SLACK_USERS, channels=SLACK_CHANNELS, app=app)
    return PlaygroundConfig(slack=slack)


def _api(address: str) -> str:
    return f"{address}/slack/api/"


# --- answers -------------------------------------------------------------------------------------


async def _measure(settings: Settings, ours: str, theirs: str) -> tuple[list[float], list[float]]:
    await _seeded(settings)
    mine: list[float] = []
    empty: list[float] = []
    async with (
        running_slotbook(_portless(settings)),
        _empty_app(_api(theirs)),
        SlackClient(ours) as client,
        SlackClient(theirs) as other,
    ):
        await client.wait_connected()
        await other.wait_connected()
        bo, cem = client.as_user("bo"), other.as_user("cem")
        await bo.command("/book", "Quick talk")
        await bo.wait_for("Which day?")
        await cem.say("go")
        await cem.wait_for("0")
        await _press(client, bo, _WARM)
        await _press(other, cem, _WARM)
        for _ in range(_ROUNDS):
            mine += await _press(client, bo, _PRESSES)
            empty += await _press(other, cem, _PRESSES)
    return mine, empty


async def _press(client: SlackClient, person: SlackPerson, count: int) -> list[float]:
    """Press so often, each time when the card has changed; return the seconds until it did."""
    before = await client.calls(_EDIT)
    last = before[-1]["number"] if before else 0
    message = await person.wait_for_message(lambda m: bool(m.labels), since=0)
    pressed: list[float] = []
    for number in range(count):
        seen = message.seq
        pressed.append(monotonic())
        try:
            await person.press(message, _next_label(message, number))
        except RuntimeError:
            # The card followed the clock between the look and the press: people look again.
            message = await person.wait_for_message(lambda m: bool(m.labels), since=0)
            seen, pressed[-1] = message.seq, monotonic()
            await person.press(message, _next_label(message, number))
        message = await person.wait_for_message(lambda m, seen=seen: m.seq > seen, since=0)  # type: ignore[misc]
    edits = await client.calls(_EDIT, after=last)
    # The playground's clock is this machine's, and so is ours.
    return [
        next(edit["ended"] for edit in edits if edit["began"] > began) - began for began in pressed
    ]


def _next_label(message: SlackMessage, number: int) -> str:
    """Return what to press: round and round from the days to a day, a time, and back again."""
    labels = message.labels
    if _BACK in labels:  # a time is held
        return _BACK
    if _DAYS in labels and number % 4 == 3:  # the times, come back to from a held one
        return _DAYS
    wanted = [label for label in labels if _DAY_OR_TIME.fullmatch(label)]
    return (wanted or labels)[0]


# --- acknowledgements ----------------------------------------------------------------------------


async def _under_load(settings: Settings, address: str) -> list[float]:
    """Let people write and press fifty times a second, and return how long Slack waited."""
    await _seeded(settings)
    clock = SystemClock()
    async with running_slotbook(_portless(settings)) as slotbook, SlackClient(address) as client:
        if settings.slack_app_token is None:
            assert slotbook.web is not None
            await client.events_url(f"{slotbook.web.address}/slack/events")
        else:
            await client.wait_connected()
        people = [client.as_user(key) for key in ("ana", "bo", "cem", "dia")]
        for person in people:
            await person.command("/slotbook", "help")
            await person.wait_for("This is what I can do")
        before = len(await client.deliveries())
        async with asyncio.TaskGroup() as tasks:
            for number in range(_LOAD * _LOAD_FOR):
                person = people[number % len(people)]
                words = ("my", "coaches", "help", "me")[number // len(people) % 4]
                tasks.create_task(person.command("/slotbook", words))
                await clock.sleep(timedelta(seconds=1) / _LOAD)

        async def acknowledged() -> list[float] | None:
            took = [each["ack_ms"] for each in (await client.deliveries())[before:]]
            return None if None in took else [each / 1000 for each in took]

        return await client.until(acknowledged, "the last acknowledgements")


def _portless(settings: Settings) -> Settings:
    return settings.model_copy(update={"telegram_token": None})


async def _seeded(settings: Settings) -> None:
    async with services_beside(settings) as (_, services):
        await seed(services, SystemClock(), tenant_of(settings), slack_team=TEAM)


# --- the reference -------------------------------------------------------------------------------


@asynccontextmanager
async def _empty_app(api_url: str) -> AsyncIterator[None]:
    count = 0

    def card(text: str) -> dict[str, Any]:
        button = {
            "type": "button", "action_id": "again", "value": "again",
            "text": {"type": "plain_text", "text": "Again"},
        }  # fmt: skip
        section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
        return {"text": text, "blocks": [section, {"type": "actions", "elements": [button]}]}

    async with ClientSession() as session:
        client = AsyncWebClient(token=SLACK_TOKEN, base_url=api_url, session=session)
        app = AsyncApp(client=client, signing_secret=SIGNING_SECRET)

        @app.event("message")
        async def start(event: dict[str, Any]) -> None:
            await client.chat_postMessage(channel=event["channel"], **card("0"))

        @app.action("again")
        async def press(ack: Any, body: dict[str, Any]) -> None:
            nonlocal count
            count += 1
            await ack()
            place = body["container"]
            await client.chat_update(
                channel=place["channel_id"], ts=place["message_ts"], **card(str(count))
            )

        handler = AsyncSocketModeHandler(app, SLACK_APP_TOKEN, web_client=client)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]
