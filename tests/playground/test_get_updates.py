"""Long polling: what an offset confirms, who may poll, and how long updates live."""

import asyncio
from typing import Any

import pytest
from telegram import Bot
from telegram.error import Conflict

from playground.client import PlaygroundClient, TelegramUser


async def texts(bot: Bot, **how: Any) -> list[str]:
    return [u.message.text or "" for u in await bot.get_updates(**how) if u.message]


class TestOffsets:
    async def test_given_no_confirmation_when_polled_twice_then_the_same_comes_again(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        await mia.send("one")

        first, second = await texts(bot), await texts(bot)

        assert first == second == ["/start", "one"]

    async def test_given_a_higher_offset_when_polled_then_lower_ones_are_gone_for_good(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        await mia.send("one")
        start, _ = await bot.get_updates()

        after = await texts(bot, offset=start.update_id + 1)

        assert after == ["one"]
        assert await texts(bot) == ["one"]

    async def test_given_a_negative_offset_when_polled_then_older_ones_are_forgotten(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        for text in ("one", "two", "three"):
            await mia.send(text)

        newest = await texts(bot, offset=-2)

        assert newest == ["two", "three"]
        assert await texts(bot) == ["two", "three"]

    async def test_given_an_offset_far_beyond_the_end_when_polled_then_nothing_is_lost(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        (start,) = await bot.get_updates()

        shown = await texts(bot, offset=start.update_id + 1_000)

        assert shown == ["/start"]

    async def test_given_a_limit_when_polled_then_the_oldest_come_first(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        await mia.send("one")

        assert await texts(bot, limit=1) == ["/start"]

    async def test_given_a_waiting_poll_when_something_is_said_then_it_returns_at_once(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        (start,) = await bot.get_updates()
        poll = asyncio.create_task(texts(bot, offset=start.update_id + 1, timeout=30))

        await mia.send("now")

        assert await asyncio.wait_for(poll, 5) == ["now"]


class TestPollers:
    async def test_given_a_waiting_poll_when_another_comes_then_the_first_is_told(
        self, bot: Bot, client: PlaygroundClient, ask: Any
    ) -> None:
        first = asyncio.create_task(bot.get_updates(timeout=30))
        while not await client.calls("getUpdates"):
            pass
        second = asyncio.create_task(ask("getUpdates", timeout=30))

        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await asyncio.wait_for(first, 5)

        await client.user("mia").start()
        _, answer = await asyncio.wait_for(second, 5)
        assert len(answer["result"]) == 1

    async def test_given_a_webhook_when_polled_then_it_is_a_conflict(self, bot: Bot) -> None:
        await bot.set_webhook("https://example.com/hook")

        with pytest.raises(Conflict, match="while webhook is active"):
            await bot.get_updates()

        await bot.delete_webhook()
        assert await bot.get_updates() == ()


class TestKindsAndLife:
    async def test_given_allowed_kinds_when_left_out_later_then_they_persist(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
        await mia.send("unheard")
        await bot.get_updates()
        await mia.send("unheard too")

        assert "unheard" not in " ".join(await texts(bot))
        assert (await bot.get_webhook_info()).allowed_updates == ("callback_query",)

    async def test_given_an_update_left_alone_when_its_day_is_over_then_it_is_gone(
        self, bot: Bot, mia: TelegramUser, clock: Any
    ) -> None:
        clock.advance(86_399)
        assert await texts(bot) == ["/start"]

        clock.advance(1)

        assert await texts(bot) == []

    async def test_given_a_confirmed_update_when_delivered_again_then_it_has_its_old_id(
        self, bot: Bot, mia: TelegramUser, client: PlaygroundClient
    ) -> None:
        (start,) = await bot.get_updates()
        await bot.get_updates(offset=start.update_id + 1)

        await client.deliver_again(times=3)

        again = await bot.get_updates(offset=start.update_id + 1)
        assert [update.update_id for update in again] == [start.update_id] * 3

    async def test_given_any_json_when_delivered_then_the_bot_gets_it(
        self, bot: Bot, client: PlaygroundClient
    ) -> None:
        forged = {"callback_query": {"id": "1", "from": {"id": 1}, "data": "forged"}}

        given = await client.deliver_raw(forged)

        pending = await client.pending()
        assert pending == [{"update_id": given, **forged}]
