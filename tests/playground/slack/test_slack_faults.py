"""Faults on request, limits of pace, and the record of calls."""

from typing import Any

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bolt_side import APP
from playground.config import SLACK_RATES, SlackConfig
from playground.slack.client import SlackClient

DESIGN = "C0DESIGN"


async def said(slack: SlackClient) -> list[str]:
    return [message.text for message in await slack.as_user("bo").messages("design")]


class TestFaults:
    async def test_given_a_pause_asked_for_when_posted_then_429_says_how_long(
        self, web: AsyncWebClient, slack: SlackClient
    ) -> None:
        await slack.fault("chat.postMessage", retry_after=7)

        with pytest.raises(SlackApiError) as error:
            await web.chat_postMessage(channel=DESIGN, text="a")
        await web.chat_postMessage(channel=DESIGN, text="b")

        response = error.value.response
        assert (response.status_code, response["error"]) == (429, "ratelimited")
        assert response.headers["Retry-After"] == "7"
        assert await said(slack) == ["b"]

    @pytest.mark.parametrize(
        ("fault", "error", "arrived"),
        [
            ({"error": "token_revoked"}, SlackApiError, []),
            ({"status": 503}, SlackApiError, []),
            ({"cut": True}, ClientError, []),
            ({"stall": 0.05}, ClientError, []),
            ({"cut": True, "after_effect": True}, ClientError, ["a"]),
            ({"error": "fatal_error", "after_effect": True}, SlackApiError, ["a"]),
        ],
    )
    async def test_given_a_fault_when_posted_then_it_strikes_once_and_as_told(
        self,
        web: AsyncWebClient,
        slack: SlackClient,
        fault: dict[str, Any],
        error: type[Exception],
        arrived: list[str],
    ) -> None:
        web.retry_handlers.clear()
        await slack.fault("chat.postMessage", **fault)

        with pytest.raises(error):
            await web.chat_postMessage(channel=DESIGN, text="a")

        assert await said(slack) == arrived
        assert (await web.chat_postMessage(channel=DESIGN, text="b"))["ok"]

    async def test_given_a_fault_for_one_channel_when_posted_elsewhere_then_it_waits(
        self, web: AsyncWebClient, slack: SlackClient
    ) -> None:
        await slack.fault("chat.postMessage", error="is_archived", channel=DESIGN, skip=1)

        await web.chat_postMessage(channel="U0BO", text="a")
        await web.chat_postMessage(channel=DESIGN, text="passes")
        with pytest.raises(SlackApiError, match="is_archived"):
            await web.chat_postMessage(channel=DESIGN, text="struck")

        with pytest.raises(RuntimeError, match="422"):
            await slack.fault("*")


class TestPace:
    @pytest.fixture
    def config(self) -> SlackConfig:
        return SlackConfig(app=APP, rates=SLACK_RATES)

    async def test_given_slacks_limits_when_a_channel_floods_then_only_that_one_waits(
        self, web: AsyncWebClient, slack: SlackClient, clock: Any
    ) -> None:
        for number in range(4):
            await web.chat_postMessage(channel=DESIGN, text=str(number))

        with pytest.raises(SlackApiError, match="ratelimited"):
            await web.chat_postMessage(channel=DESIGN, text="4")
        await web.chat_postMessage(channel="U0BO", text="elsewhere")
        clock.advance(4.1)
        await web.chat_postMessage(channel=DESIGN, text="later")
        await slack.rates(chat_postMessage=(1, 60))
        with pytest.raises(SlackApiError, match="ratelimited"):
            await web.chat_postMessage(channel=DESIGN, text="5")


class TestCalls:
    async def test_given_calls_when_read_then_arguments_and_outcomes_are_there(
        self, web: AsyncWebClient, slack: SlackClient
    ) -> None:
        sent = await web.chat_postMessage(channel=DESIGN, text="a")
        with pytest.raises(SlackApiError):
            await web.chat_postMessage(channel="C0NONE", text="a")

        good, bad = await slack.calls("chat.postMessage")

        assert good["parameters"] == {"channel": DESIGN, "text": "a"}
        assert (good["ok"], good["result"]) == (True, {"ts": sent["ts"], "channel": DESIGN})
        assert (bad["ok"], bad["error"]) == (False, "channel_not_found")
        assert good["began"] <= good["ended"] <= bad["began"]
