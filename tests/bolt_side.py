"""A Bolt app as the playground's independent other side, by HTTP or by Socket Mode.

It knows nothing of the playground but its address: what Slack's own library can read, verify and
answer is shaped as Slack shapes it.
"""

import asyncio
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground.config import SlackAppSeed, SlackCommandSeed, SlackShortcutSeed

APP = SlackAppSeed(
    bot_token="xoxb-test-token",
    signing_secret="f" * 32,
    app_token="xapp-test-token",
    client_id="11.22",
    client_secret="s3cret",
    commands=(
        SlackCommandSeed(command="/book"),
        SlackCommandSeed(command="/plain", should_escape=False),
    ),
    shortcuts=(SlackShortcutSeed(callback_id="find", name="Find a time", type="message"),),
    unfurl_domains=("book.test",),
)


class BoltSide:
    """A Bolt app that listens at ``url``; its listeners are added by each test to ``app``.

    ``heard`` holds the bodies of all requests, in order.
    """

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self.heard: list[dict[str, Any]] = []
        self.url = ""
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._session = ClientSession()
        client = AsyncWebClient(token=APP.bot_token, base_url=self._api_url, session=self._session)
        self.app = AsyncApp(
            client=client, signing_secret=APP.signing_secret, process_before_response=True
        )
        self.app.use(self._hear)
        self._runner = web.AppRunner(self.app.web_app("/slack/events"))
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/slack/events"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _hear(self, body: dict[str, Any], next: Any) -> None:  # noqa: A002 - Bolt's name
        self.heard.append(body)
        async with self._arrived:
            self._arrived.notify_all()
        await next()

    async def wait_for(self, kind: str, *, count: int = 1) -> list[dict[str, Any]]:
        """The bodies of a type, or the events of one, once there are ``count``."""

        def found() -> list[dict[str, Any]]:
            return [b for b in self.heard if kind in (b.get("type"), _event(b).get("type"))]

        async with asyncio.timeout(5), self._arrived:
            await self._arrived.wait_for(lambda: len(found()) >= count)
        return found()

    def handler(self) -> AsyncSocketModeHandler:
        """Socket Mode for the same app; connect and close it yourself."""
        return AsyncSocketModeHandler(self.app, APP.app_token)


def _event(body: dict[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = body.get("event") or {}
    return event


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def input_block(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(label), "element": element, **more}


def modal(title: str, *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "blocks": list(blocks),
            "submit": plain("Save"), **more}  # fmt: skip
