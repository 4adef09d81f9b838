"""Webhooks: real delivery, the secret, repeats, order by sender."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest

from playground.client import PlaygroundClient, TelegramUser


@dataclass
class Receiver:
    """An HTTP server of a few lines that answers as told, 200 when told nothing."""

    url: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        self.secrets.append(headers.get("x-telegram-bot-api-secret-token", ""))
        self.updates.append(json.loads(body))
        status, answer = self.answers.pop(0) if self.answers else (200, b"")
        reply = f"HTTP/1.1 {status} X\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n\r\n"
        writer.write(reply.encode() + answer)
        await writer.drain()
        writer.close()
        async with self.arrived:
            self.arrived.notify_all()

    async def wait_for(self, count: int) -> list[str]:
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.updates) >= count)
        return [update.get("message", {}).get("text", "") for update in self.updates]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield receiver


class TestDelivery:
    async def test_given_a_webhook_when_something_is_said_then_it_is_posted_with_the_secret(
        self, bot: Bot, mia: TelegramUser, client: PlaygroundClient, receiver: Receiver
    ) -> None:
        await bot.set_webhook(receiver.url, secret_token="s3cret-_")

        await mia.send("hello")

        assert await receiver.wait_for(2) == ["/start", "hello"]
        assert receiver.secrets == ["s3cret-_"] * 2
        assert await client.pending() == []

    async def test_given_failures_when_delivered_then_it_is_repeated_in_order(
        self, bot: Bot, mia: TelegramUser, receiver: Receiver
    ) -> None:
        receiver.answers = [(500, b""), (503, b""), (200, b"")]
        await mia.send("second")

        await bot.set_webhook(receiver.url)

        assert await receiver.wait_for(4) == ["/start", "/start", "/start", "second"]
        info = await bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 503 X"

    async def test_given_nobody_listening_when_delivered_then_it_waits(
        self, bot: Bot, mia: TelegramUser, client: PlaygroundClient
    ) -> None:
        await bot.set_webhook("http://127.0.0.1:9/hook")

        while (await bot.get_webhook_info()).last_error_message is None:
            pass

        info = await bot.get_webhook_info()
        assert (info.last_error_message, info.pending_update_count) == ("Connection refused", 1)

    async def test_given_a_method_in_the_reply_when_received_then_it_is_carried_out(
        self, bot: Bot, mia: TelegramUser, receiver: Receiver
    ) -> None:
        reply = {"method": "sendMessage", "chat_id": await mia.id(), "text": "by reply"}
        receiver.answers = [(200, json.dumps(reply).encode())]

        await bot.set_webhook(receiver.url)

        assert (await mia.wait_for("by reply", since=0)).text == "by reply"

    async def test_given_a_repeat_when_asked_for_then_it_is_posted_again(
        self, bot: Bot, mia: TelegramUser, client: PlaygroundClient, receiver: Receiver
    ) -> None:
        await bot.set_webhook(receiver.url)
        await receiver.wait_for(1)

        await client.deliver_again(times=2)

        await receiver.wait_for(3)
        assert len({update["update_id"] for update in receiver.updates}) == 1

    async def test_given_pending_updates_when_dropped_then_they_are_not_posted(
        self, bot: Bot, mia: TelegramUser, receiver: Receiver
    ) -> None:
        await bot.set_webhook(receiver.url, drop_pending_updates=True)

        await mia.send("new")

        assert await receiver.wait_for(1) == ["new"]


class TestSetting:
    @pytest.mark.parametrize(
        ("url", "secret", "reason"),
        [
            ("http://example.com/hook", None, "An HTTPS URL must be provided for webhook"),
            ("nonsense", None, "invalid webhook URL specified"),
            ("https://example.com/hook", "white space", "secret token contains unallowed"),
            ("https://example.com/hook", "s" * 257, "secret token is too long"),
        ],
    )
    async def test_given_a_bad_webhook_when_set_then_it_is_refused(
        self, bot: Bot, url: str, secret: str | None, reason: str
    ) -> None:
        with pytest.raises(BadRequest, match=f"(?i){reason}"):
            await bot.set_webhook(url, secret_token=secret)

        assert (await bot.get_webhook_info()).url == ""
