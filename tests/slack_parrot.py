"""A small Slack app, made with Bolt, that knows nothing of the playground it runs in."""

import contextlib
import io
import re
from collections.abc import AsyncIterator
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from parrot_cards import booking, gallery, home, option, plain, retro, section
from playground.slack.seeds import SlackAppSeed, SlackCommandSeed, SlackShortcutSeed

Json = dict[str, Any]

_ANY = re.compile(".*")

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
#: The smallest PNG: one transparent pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fcffff3f030005fe02fea7356c8d0000000049454e44ae426082"
)
SEED = SlackAppSeed(
    name="parrot",
    commands=(
        SlackCommandSeed(command="/book", description="Book time", usage_hint="[@coach] [when]"),
        SlackCommandSeed(command="/retro", description="Ask for times"),
        SlackCommandSeed(command="/repeat", description="Say it again"),
        SlackCommandSeed(command="/gallery", description="Every element"),
        SlackCommandSeed(command="/broken", description="Never answers"),
    ),
    shortcuts=(
        SlackShortcutSeed(callback_id="book_time", name="Book time"),
        SlackShortcutSeed(callback_id="find_time", name="Find a time together", type="message"),
    ),
)
COACHES = ("Ana Ruiz", "Kenji Mori", "Lena Ost")


class Parrot:
    """The app; ``heard`` are the actions and submissions that reached it."""

    def __init__(self, api_url: str) -> None:
        client = AsyncWebClient(SEED.bot_token, base_url=api_url)
        self.app = AsyncApp(client=client, signing_secret=SEED.signing_secret)
        self.heard: list[Json] = []
        self.votes: list[str] = []
        self._listen_to_commands()
        self._listen_to_messages()
        self._listen_to_actions()
        self._listen_to_views()

    def _listen_to_commands(self) -> None:
        @self.app.command("/repeat")
        async def repeat(ack: Any, command: Json) -> None:
            await ack(f"You said: {command['text']}")

        @self.app.command("/retro")
        async def ask(ack: Any, command: Json, client: AsyncWebClient) -> None:
            await ack()
            self.votes.clear()
            channel = command["channel_id"]
            card = await client.chat_postMessage(
                channel=channel, text="Retro: which times work?", blocks=retro([])
            )
            await client.files_upload_v2(
                channel=channel,
                thread_ts=str(card["ts"]),
                content=CALENDAR,
                filename="retro.ics",
                initial_comment="For your calendar.",
            )
            await client.chat_postEphemeral(
                channel=channel,
                user=command["user_id"],
                text="Asked. Other calendars I cannot see.",
            )

        @self.app.command("/gallery")
        async def show(ack: Any, command: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.chat_postMessage(
                channel=command["channel_id"], text="Every element", blocks=gallery()
            )

        @self.app.command("/book")
        async def book(ack: Any, command: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=command["trigger_id"], view=booking())

        @self.app.shortcut("book_time")
        async def book_by_shortcut(ack: Any, shortcut: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=shortcut["trigger_id"], view=booking())

        @self.app.shortcut("find_time")
        async def find(ack: Any, shortcut: Json, client: AsyncWebClient) -> None:
            await ack()
            view = booking(f"for {shortcut['message']['text']}")
            await client.views_open(trigger_id=shortcut["trigger_id"], view=view)

    def _listen_to_messages(self) -> None:
        @self.app.event("message")
        async def answer(event: Json, client: AsyncWebClient) -> None:
            if event.get("text") == "picture":
                await client.files_upload_v2(
                    channel=event["channel"], file=io.BytesIO(PIXEL), filename="week.png"
                )
            elif "bot_id" not in event:
                text = f"You wrote: {event.get('text')}"
                await client.chat_postMessage(channel=event["channel"], text=text)

        @self.app.event("app_home_opened")
        async def opened(event: Json, client: AsyncWebClient) -> None:
            if event["tab"] == "home":
                await client.views_publish(user_id=event["user"], view=home(approved=False))

    def _listen_to_actions(self) -> None:
        @self.app.action("yes")
        async def vote(ack: Any, body: Json, client: AsyncWebClient) -> None:
            await ack()
            self.votes.append(body["user"]["id"])
            await client.chat_update(
                channel=body["channel"]["id"],
                ts=body["message"]["ts"],
                text="Retro",
                blocks=retro([f"<@{voter}>" for voter in self.votes]),
            )

        @self.app.action("silent")
        async def silent() -> None:
            return

        @self.app.action("approve")
        async def approve(ack: Any, body: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_publish(user_id=body["user"]["id"], view=home(approved=True))

        @self.app.action({"block_id": "hours", "action_id": "it"})
        async def typed(ack: Any, body: Json, action: Json, client: AsyncWebClient) -> None:
            await ack()
            view = body["view"]
            await client.views_update(view_id=view["id"], view=booking(action["value"]))

        @self.app.action("push")
        async def push(ack: Any, body: Json, client: AsyncWebClient) -> None:
            await ack()
            self.heard.append(body["view"]["state"]["values"])
            other = {
                "type": "modal",
                "callback_id": "other",
                "title": plain("Other times"),
                "submit": plain("Take it"),
                "blocks": [section("Three other times.")],
            }
            await client.views_push(trigger_id=body["trigger_id"], view=other)

        @self.app.action({"action_id": _ANY})
        async def anything(ack: Any, action: Json) -> None:
            await ack()
            self.heard.append(action)

        @self.app.options({"action_id": _ANY})
        async def coaches(ack: Any, payload: Json) -> None:
            wanted = payload["value"].lower()
            await ack(options=[option(name) for name in COACHES if wanted in name.lower()])

    def _listen_to_views(self) -> None:
        @self.app.view("booking")
        async def submitted(ack: Any, body: Json, view: Json, client: AsyncWebClient) -> None:
            values = view["state"]["values"]
            time = values["time"]["it"]["selected_option"]["value"]
            if time.startswith("11"):
                await ack(response_action="errors", errors={"time": "11:00 has just gone."})
                return
            await ack()
            self.heard.append(values)
            await client.chat_postMessage(channel=body["user"]["id"], text=f"Booked {time}.")

        @self.app.view("other")
        async def taken(ack: Any) -> None:
            await ack(response_action="clear")


@contextlib.asynccontextmanager
async def running_parrot(api_url: str) -> AsyncIterator[Parrot]:
    """The app, connected in Socket Mode, until the block ends."""
    parrot = Parrot(api_url)
    assert SEED.app_token is not None
    handler = AsyncSocketModeHandler(parrot.app, SEED.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield parrot
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
