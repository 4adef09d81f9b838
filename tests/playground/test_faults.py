"""Faults on request, flood control, and the record of calls."""

from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError, TimedOut

from playground.client import PlaygroundClient, TelegramUser


async def said(mia: TelegramUser) -> int:
    return len([message for message in await mia.messages() if message.from_bot])


class TestFaults:
    async def test_given_a_429_for_one_chat_when_sent_then_only_that_one_waits(
        self, ask: Any, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        ana = client.user("ana")
        await ana.start()
        chat = await mia.id()
        await client.fault("429", method="sendMessage", chat_id=chat, retry_after=7)

        status, body = await ask("sendMessage", chat_id=chat, text="a")
        other, _ = await ask("sendMessage", chat_id=await ana.id(), text="a")
        again, _ = await ask("sendMessage", chat_id=chat, text="a")

        assert (status, body["parameters"]) == (429, {"retry_after": 7})
        assert body["description"] == "Too Many Requests: retry after 7"
        assert (other, again) == (200, 200)

    @pytest.mark.parametrize(
        ("kind", "error", "arrived"),
        [
            ("403", Forbidden, 0),
            ("500", NetworkError, 0),
            ("502", NetworkError, 0),
            ("html", NetworkError, 0),
            ("reset", NetworkError, 0),
            ("drop_after_accept", NetworkError, 1),
            ("truncated", NetworkError, 1),
        ],
    )
    async def test_given_a_fault_when_sent_then_it_strikes_once_and_as_told(
        self,
        bot: Bot,
        client: PlaygroundClient,
        mia: TelegramUser,
        kind: str,
        error: type[Exception],
        arrived: int,
    ) -> None:
        await client.fault(kind, method="sendMessage")

        with pytest.raises(error):
            await bot.send_message(await mia.id(), "first")

        assert await said(mia) == arrived
        assert (await bot.send_message(await mia.id(), "second")).text == "second"

    @pytest.mark.parametrize(("kind", "arrived"), [("stall", 0), ("stall_after_accept", 1)])
    async def test_given_silence_when_sent_then_the_bot_times_out(
        self, bot: Bot, client: PlaygroundClient, mia: TelegramUser, kind: str, arrived: int
    ) -> None:
        await client.fault(kind, method="sendMessage", seconds=30)

        with pytest.raises(TimedOut):
            await bot.send_message(await mia.id(), "first", read_timeout=0.2)

        assert await said(mia) == arrived
        await client.clear_faults()

    async def test_given_skip_and_times_when_sent_then_just_those_are_struck(
        self, ask: Any, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        await client.fault("error", status=418, description="Tea", skip=1, times=2)

        statuses = [(await ask("getMe"))[0] for _ in range(4)]

        assert statuses == [200, 418, 418, 200]

    async def test_given_odd_answers_when_called_then_they_come_as_scripted(
        self, ask: Any, client: PlaygroundClient
    ) -> None:
        await client.fault("forged", result={"id": "not a number"})
        await client.fault("ok_false", description="Bad Request: odd")

        forged, odd = await ask("getMe"), await ask("getMe")

        assert forged == (200, {"ok": True, "result": {"id": "not a number"}})
        assert odd == (
            200,
            {"ok": False, "error_code": 400, "description": "Bad Request: odd"},
        )

    async def test_given_an_unknown_kind_when_scripted_then_it_is_refused(
        self, client: PlaygroundClient
    ) -> None:
        with pytest.raises(RuntimeError, match="422"):
            await client.fault("meteor")


class TestFlood:
    async def test_given_a_limit_a_chat_when_exceeded_then_429_with_the_time_to_wait(
        self, ask: Any, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        await client.flood(per_chat=(2, 60))
        chat = await mia.id()

        answers = [await ask("sendMessage", chat_id=chat, text="a") for _ in range(3)]

        assert [status for status, _ in answers] == [200, 200, 429]
        assert 1 <= answers[2][1]["parameters"]["retry_after"] <= 60
        await client.flood()
        assert (await ask("sendMessage", chat_id=chat, text="a"))[0] == 200


class TestCalls:
    async def test_given_calls_when_read_then_times_and_outcomes_are_there(
        self, bot: Bot, ask: Any, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        chat = await mia.id()
        sent = await bot.send_document(chat, b"12345", filename="x.ics")
        await ask("sendMessage", chat_id=chat, text="")

        (document,) = await client.calls("sendDocument")
        (refused,) = await client.calls("sendMessage", chat_id=chat)

        assert document["result"] == {"message_id": sent.message_id}
        assert document["parameters"]["document"]["size"] == 5
        assert document["began"] <= document["ended"] <= refused["began"]
        assert (refused["status"], refused["description"]) == (
            400,
            "Bad Request: message text is empty",
        )

    async def test_given_every_encoding_when_called_then_parameters_arrive(
        self, playground: Any, mia: TelegramUser
    ) -> None:
        chat = str(await mia.id())
        url = f"{playground.bot_api_url}/bot4242:{'p' * 35}/sendMessage"
        async with httpx.AsyncClient() as http:
            answers = [
                await http.get(url, params={"chat_id": chat, "text": "é query"}),
                await http.post(url, data={"chat_id": chat, "text": "é form"}),
                await http.post(url, json={"chat_id": int(chat), "text": "é json"}),
                await http.post(
                    url, files={"chat_id": (None, chat), "text": (None, "é multipart")}
                ),
            ]

        assert [answer.json()["result"]["text"] for answer in answers] == [
            "é query", "é form", "é json", "é multipart",
        ]  # fmt: skip
