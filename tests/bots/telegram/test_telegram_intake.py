from datetime import timedelta

import pytest

from app.clock import SystemClock
from bots.patience import pause_after
from bots.telegram import limits
from bots.telegram.api import TelegramBot
from bots.telegram.intake import TelegramIntake
from bots.telegram.polling import TelegramPolling
from bots.telegram.webhook import TelegramWebhook
from builders.telegram_updates import a_message, an_update
from persistence.database import Database
from playground.client import PlaygroundClient, TelegramUser
from scheduling.errors import StoreUnavailable
from scheduling.ports import Inbound
from tasks import running, until

SECRET = "s3cret-of-the-webhook"


class LostInbox:
    """An inbox whose database is away for the first puts."""

    def __init__(self, database: Database, losses: int) -> None:
        self._inbox, self.losses = database.inbox, losses

    async def put(self, updates: list[Inbound]) -> int:
        if self.losses:
            self.losses -= 1
            raise StoreUnavailable
        return await self._inbox.put(updates)


class Woken:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


def an_intake(database: Database, wake: Woken | None = None) -> TelegramIntake:
    return TelegramIntake(database.inbox, SystemClock(), "7000000001", wake or Woken(), SECRET)


class TestWebhook:
    async def test_given_an_update_when_it_comes_then_it_is_stored_before_it_is_confirmed(
        self, database: Database
    ) -> None:
        wake = Woken()

        status = await an_intake(database, wake).receive_webhook(
            an_update(message=a_message(text="\\ud800 \\u0000")).encode(), SECRET
        )

        assert (status, wake.times) == (200, 1)
        assert await database.inbox.waiting() == 1

    async def test_given_the_same_update_when_it_comes_five_times_then_it_is_one_row(
        self, database: Database
    ) -> None:
        intake, body = an_intake(database), an_update(message=a_message()).encode()

        statuses = [await intake.receive_webhook(body, SECRET) for _ in range(5)]

        assert statuses == [200] * 5
        assert await database.inbox.waiting() == 1

    @pytest.mark.parametrize(
        ("header", "status"),
        [(None, 401), ("", 401), ("wrong", 403), (SECRET + "x", 403), ("geheim-ß-\u20ac", 403)],
    )
    async def test_given_a_forged_request_when_it_comes_then_nothing_is_stored(
        self, database: Database, header: str | None, status: int
    ) -> None:
        body = an_update(message=a_message()).encode()

        assert await an_intake(database).receive_webhook(body, header) == status
        assert await database.inbox.waiting() == 0

    async def test_given_no_secret_of_ours_when_anything_comes_then_it_is_refused(
        self, database: Database
    ) -> None:
        intake = TelegramIntake(database.inbox, SystemClock(), "7", Woken(), None)

        assert await intake.receive_webhook(an_update().encode(), "anything") == 403

    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"update_id":"1"}', b"[" * 100_000, b"1" * 5000],
    )
    async def test_given_what_is_no_update_when_it_comes_then_it_is_a_bad_request(
        self, database: Database, body: bytes
    ) -> None:
        assert await an_intake(database).receive_webhook(body, SECRET) == 400
        assert await database.inbox.waiting() == 0

    async def test_given_an_endless_body_when_it_comes_then_it_is_not_read(
        self, database: Database
    ) -> None:
        body = b" " * (limits.WEBHOOK_BODY_BYTES + 1)

        assert await an_intake(database).receive_webhook(body, SECRET) == 413

    async def test_given_no_database_when_an_update_comes_then_telegram_will_bring_it_again(
        self, database: Database
    ) -> None:
        lost = LostInbox(database, 1)
        intake = TelegramIntake(lost, SystemClock(), "7", Woken(), SECRET)  # type: ignore[arg-type]
        body = an_update(message=a_message()).encode()

        assert await intake.receive_webhook(body, SECRET) == 503
        assert await intake.receive_webhook(body, SECRET) == 200


def a_poller(bot: TelegramBot, database: Database, holder: str = "one") -> TelegramPolling:
    return TelegramPolling(bot, an_intake(database), database.leases, SystemClock(), holder)


class TestPolling:
    async def test_given_messages_when_polled_then_they_are_rows_and_confirmed(
        self, bot: TelegramBot, database: Database, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        async with running(a_poller(bot, database).run()):
            await mia.send("one")
            await mia.send("two")
            await until(lambda: database.inbox.waiting(), 3)

        async def confirmed() -> int:
            return len(await client.pending())

        assert await database.inbox.waiting() == 3
        assert await confirmed() <= 1

    async def test_given_no_database_when_polled_then_nothing_is_confirmed_until_it_is_back(
        self, bot: TelegramBot, database: Database, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        lost = LostInbox(database, 3)
        intake = TelegramIntake(lost, SystemClock(), bot.tenant, Woken())  # type: ignore[arg-type]
        polling = TelegramPolling(bot, intake, database.leases, SystemClock(), "one")

        async with running(polling.run()):
            await until(lambda: database.inbox.waiting(), 1)

        offsets = [c["parameters"].get("offset") for c in await client.calls("getUpdates")]
        assert offsets[:4] == [None] * 4
        assert polling.trouble(SystemClock().now()) is None

    async def test_given_a_restart_when_polled_again_then_nothing_is_stored_twice(
        self, bot: TelegramBot, database: Database, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        async with running(a_poller(bot, database).run()):
            await until(lambda: database.inbox.waiting(), 1)
        await client.deliver_again(times=5)

        async with running(a_poller(bot, database).run()):
            await mia.send("new")
            await until(lambda: database.inbox.waiting(), 2)

        assert await database.inbox.waiting() == 2

    async def test_given_an_update_nobody_can_read_when_polled_then_the_next_ones_still_come(
        self, bot: TelegramBot, database: Database, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        await client.deliver_raw({"message": {"chat": 5, "from": "nobody"}})
        await mia.send("hello")

        async with running(a_poller(bot, database).run()):
            await until(lambda: database.inbox.waiting(), 3)

    @pytest.mark.parametrize("kind", ["500", "502", "html", "reset", "ok_false", "truncated"])
    async def test_given_a_broken_network_when_polled_then_it_is_tried_again(
        self,
        bot: TelegramBot,
        database: Database,
        client: PlaygroundClient,
        mia: TelegramUser,
        kind: str,
    ) -> None:
        await client.fault(kind, method="getUpdates", times=2)

        async with running(a_poller(bot, database).run()):
            await until(lambda: database.inbox.waiting(), 1)

    async def test_given_a_webhook_from_before_when_polled_then_it_is_taken_off_and_nothing_lost(
        self, bot: TelegramBot, database: Database, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        await bot.set_webhook("https://127.0.0.1:9/hook", secret_token="x")

        async with running(a_poller(bot, database).run()):
            await until(lambda: database.inbox.waiting(), 1)

        assert (await bot.get_webhook_info()).url == ""

    async def test_given_two_pollers_when_both_run_then_one_polls_and_takes_over_from_the_other(
        self, bot: TelegramBot, database: Database, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        async with running(a_poller(bot, database, "one").run()):
            await until(lambda: database.inbox.waiting(), 1)
            async with running(a_poller(bot, database, "two").run()):
                await mia.send("still one")
                await until(lambda: database.inbox.waiting(), 2)
        answers = [call["status"] for call in await client.calls("getUpdates")]
        assert 409 not in answers

        async with running(a_poller(bot, database, "two").run()):
            await mia.send("now two")
            await until(lambda: database.inbox.waiting(), 3)

    async def test_given_another_program_on_the_token_when_polled_then_it_is_told(
        self, bot: TelegramBot, database: Database, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        await client.fault(
            "error",
            method="getUpdates",
            status=409,
            description="Conflict: terminated by other getUpdates request",
            times=None,
        )
        polling = a_poller(bot, database)

        async def told() -> int:
            return int(polling.trouble(SystemClock().now()) is not None)

        async with running(polling.run()):
            await until(told, 1)
            trouble = polling.trouble(SystemClock().now())

        assert trouble == "another program polls with the same token"

    def test_given_failures_in_a_row_when_pausing_then_pauses_grow_to_half_a_minute(self) -> None:
        pauses = [pause_after(n) for n in range(1, 30)]

        assert timedelta(milliseconds=250) <= pauses[0] <= timedelta(milliseconds=500)
        assert timedelta(seconds=15) <= pauses[-1] <= timedelta(seconds=30)


class TestWebhookRegistration:
    async def test_given_a_webhook_address_when_run_then_telegram_knows_it_and_the_secret(
        self, bot: TelegramBot, client: PlaygroundClient
    ) -> None:
        url = "https://slotbook.example/telegram/webhook"
        webhook = TelegramWebhook(bot, SystemClock(), url, SECRET)
        await client.fault("500", method="setWebhook")

        async def healthy() -> int:
            return int(webhook.trouble(SystemClock().now()) is None)

        async with running(webhook.run()):
            await until(healthy, 1)

        (first, call) = await client.calls("setWebhook")
        assert first["status"] == 500
        assert call["parameters"]["url"] == url
        assert call["parameters"]["secret_token"] == SECRET
        assert call["parameters"]["allowed_updates"] == list(limits.ALLOWED_UPDATES)
