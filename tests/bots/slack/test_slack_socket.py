"""Socket Mode: requests come over our own connection, and a dead one is replaced."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from builders.times import at
from fake_slack import TEAM, FakeSlack
from running_clock import RunningClock
from slack_desk import Desk, running_desk

HELP = {"command": "/slotbook", "text": "help", "user_id": "U0BO", "team_id": TEAM,
        "channel_id": "C0DESIGN", "trigger_id": "1.2.x"}  # fmt: skip


@pytest.fixture
async def plugged(sqlite_url: str, slack: FakeSlack, clock: RunningClock) -> AsyncIterator[Desk]:
    """Slotbook running in Socket Mode."""
    async with running_desk(sqlite_url, slack, clock, socket=True) as running:
        await _until(lambda: bool(slack.sockets))
        yield running


async def _until(done: Any) -> None:
    going = RunningClock(at("2026-11-23 09:00"))
    async with asyncio.timeout(10):
        while not done():
            await going.sleep(timedelta(milliseconds=20))


def _envelope(number: int, payload: dict[str, Any], kind: str = "slash_commands") -> dict[str, Any]:
    return {"envelope_id": f"e{number}", "type": kind, "payload": payload,
            "accepts_response_payload": True}  # fmt: skip


def _trouble(desk: Desk) -> str | None:
    face = desk.slotbook.chats.slack
    assert face is not None
    assert face.receiver is not None
    return face.receiver.trouble(desk.clock.now())


class TestSocket:
    async def test_given_a_connection_when_a_command_comes_then_acknowledged_and_answered(
        self, plugged: Desk, slack: FakeSlack
    ) -> None:
        payload = {**HELP, "response_url": slack.response_url()}
        await slack.sockets[0].send_json(_envelope(1, payload))
        await slack.sockets[0].send_json(_envelope(2, payload))
        await _until(lambda: len(slack.acknowledged) == 2)
        await plugged.settled()

        assert {ack["envelope_id"] for ack in slack.acknowledged} == {"e1", "e2"}
        assert all("payload" not in ack for ack in slack.acknowledged)
        assert len(slack.responses) == 1
        assert _trouble(plugged) is None

    async def test_given_nonsense_when_it_comes_then_the_connection_goes_on(
        self, plugged: Desk, slack: FakeSlack
    ) -> None:
        for text in ("{", "[]", "7", '{"type":"hello"}', '{"envelope_id":7}', '{"a":"' + "x" * 9):
            await slack.sockets[0].send_str(text)
        await slack.sockets[0].send_json(_envelope(3, {"type": "surprise"}))
        await slack.sockets[0].send_json(_envelope(4, HELP))
        await _until(lambda: len(slack.acknowledged) == 2)

        assert len(slack.sockets) == 1

    async def test_given_a_warning_when_slack_will_close_then_the_next_one_opens_first(
        self, plugged: Desk, slack: FakeSlack
    ) -> None:
        await slack.sockets[0].send_json({"type": "disconnect", "reason": "warning"})
        await _until(lambda: len(slack.sockets) == 2)

        assert not slack.sockets[0].closed
        await slack.sockets[0].send_json(_envelope(5, HELP))
        await _until(lambda: slack.acknowledged)

    async def test_given_a_lost_connection_when_noticed_then_another_is_opened(
        self, plugged: Desk, slack: FakeSlack
    ) -> None:
        await slack.sockets[0].close()
        await _until(lambda: len(slack.sockets) == 2)
        await slack.sockets[1].send_json(_envelope(6, HELP))
        await _until(lambda: slack.acknowledged)

    async def test_given_no_greeting_when_waiting_then_trouble_is_told_and_another_is_tried(
        self, sqlite_url: str, slack: FakeSlack, clock: RunningClock
    ) -> None:
        slack.greets = False
        async with running_desk(sqlite_url, slack, clock, socket=True) as desk:
            await _until(lambda: bool(slack.sockets))
            clock.advance(timedelta(seconds=11))
            await _until(lambda: len(slack.sockets) == 2)

            assert "greet" in (_trouble(desk) or "")

    async def test_given_a_wrong_app_token_when_connecting_then_healthz_says_so(
        self, sqlite_url: str, slack: FakeSlack, clock: RunningClock
    ) -> None:
        slack.faults["apps.connections.open"] = [{"error": "invalid_auth"}] * 50
        async with running_desk(sqlite_url, slack, clock, socket=True) as desk:
            await _until(lambda: len(slack.said("apps.connections.open")) > 1)
            health = await desk.client.get("/healthz")

        assert health.status_code == 503
        told = json.loads(health.text)["parts"]["slack-intake"]
        assert told == "Slack does not know the app token"
