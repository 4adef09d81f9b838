"""The webhook's route: the body as it came, in bounds, under one secret."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Receiver:
    """Takes what the route lets through, and answers as told."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.taken = status, list[tuple[bytes, str | None]]()

    async def __call__(self, body: bytes, secret: str | None) -> int:
        self.taken.append((body, secret))
        return self.status


class TestWebhook:
    @pytest.mark.parametrize("status", [200, 400, 401, 403, 503])
    async def test_given_a_request_when_received_then_body_and_secret_go_on_as_they_came(
        self, browse: Any, status: int
    ) -> None:
        receiver = Receiver(status)
        body = b'{"update_id": 1, "odd": "\xff\x00"}'

        async with browse(telegram_webhook=receiver) as client:
            answer = await client.post(
                "/telegram/webhook", content=body, headers={HEADER: "s3cret"}
            )

        assert (answer.status_code, answer.content) == (status, b"")
        assert receiver.taken == [(body, "s3cret")]

    async def test_given_no_secret_when_received_then_the_receiver_decides(
        self, browse: Any
    ) -> None:
        receiver = Receiver(401)

        async with browse(telegram_webhook=receiver) as client:
            answer = await client.post("/telegram/webhook", content=b"{}")

        assert answer.status_code == 401
        assert receiver.taken == [(b"{}", None)]

    async def test_given_two_secrets_when_received_then_it_is_refused(self, browse: Any) -> None:
        receiver = Receiver()

        async with browse(telegram_webhook=receiver) as client:
            answer = await client.post(
                "/telegram/webhook", content=b"{}", headers=[(HEADER, "a"), (HEADER, "b")]
            )

        assert answer.status_code == 403
        assert receiver.taken == []

    @pytest.mark.parametrize("declared", [True, False])
    async def test_given_ten_megabytes_when_received_then_413_and_nothing_goes_on(
        self, browse: Any, declared: bool
    ) -> None:
        receiver = Receiver()

        async with browse(telegram_webhook=receiver) as client:
            answer = await client.post(
                "/telegram/webhook",
                content=b"x" * 10_000_000 if declared else _pieces(),
                headers={HEADER: "s3cret"},
            )

        assert answer.status_code == 413
        assert receiver.taken == []

    async def test_given_no_receiver_when_posted_then_there_is_no_such_path(
        self, browse: Any
    ) -> None:
        async with browse() as client:
            answer = await client.post("/telegram/webhook", content=b"{}")

        assert (answer.status_code, answer.json()) == (404, {"error": "not found"})

    async def test_given_a_secret_when_handled_then_no_log_line_holds_it(
        self, browse: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)

        async with browse(telegram_webhook=Receiver(403)) as client:
            await client.post("/telegram/webhook", content=b"{}", headers={HEADER: "s3cret-canary"})

        assert "s3cret-canary" not in caplog.text


async def _pieces() -> AsyncIterator[bytes]:
    # A little more than the limit: what is behind it is not read any more.
    for _ in range(11):
        yield b"x" * 100_000
