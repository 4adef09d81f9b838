"""Socket Mode through Bolt's own handler, and what happens when connections go."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bolt_side import APP, BoltSide, option
from playground.serving import Playground
from playground.slack.client import SlackClient


@pytest.fixture
async def socketed(playground: Playground, slack: SlackClient) -> AsyncIterator[BoltSide]:
    """A Bolt app reached by Socket Mode alone."""
    async with BoltSide(playground.slack_api_url) as side:
        handler = side.handler()
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.wait_connected()
        yield side
        await handler.close_async()  # type: ignore[no-untyped-call]


class TestWithBolt:
    async def test_given_a_socket_when_a_command_is_typed_then_its_answer_comes_back(
        self, socketed: BoltSide, slack: SlackClient
    ) -> None:
        @socketed.app.command("/book")
        async def booked(ack: Any) -> None:
            await ack("over the socket")

        bo = slack.as_user("bo")
        ack = await bo.command("/book", channel="design")

        assert (ack.ok, ack.body) == (True, {"text": "over the socket"})
        assert (await bo.wait_for("over the socket", channel="design")).ephemeral
        (delivery,) = await slack.deliveries("command")
        assert delivery["via"] == "socket"

    async def test_given_a_socket_when_something_is_said_then_the_event_arrives(
        self, socketed: BoltSide, slack: SlackClient
    ) -> None:
        @socketed.app.event("message")
        async def hear() -> None: ...

        await slack.as_user("bo").say("tomorrow at ten")

        (body,) = await socketed.wait_for("message")
        event = body["event"]
        assert (event["text"], event["user"], event["channel_type"]) == (
            "tomorrow at ten", "U0BO", "im",
        )  # fmt: skip
        assert body["authorizations"][0]["user_id"] == APP.bot_user_id

    async def test_given_a_typeahead_when_typed_then_the_options_come_over_the_socket(
        self, socketed: BoltSide, slack: SlackClient, web: AsyncWebClient
    ) -> None:
        @socketed.app.options("who")
        async def people(ack: Any, payload: dict[str, Any]) -> None:
            await ack(options=[option(f"{payload['value']} Ruiz", "ana")])

        select = {"type": "external_select", "action_id": "who"}
        accessory = {"type": "section", "text": {"type": "mrkdwn", "text": "Who"},
                     "accessory": select}  # fmt: skip
        await web.chat_postMessage(channel="C0DESIGN", text="Who", blocks=[accessory])
        bo = slack.as_user("bo")
        message = await bo.wait_for("Who", channel="design", since=0)

        offered = await bo.typeahead(message, "who", "An")

        assert offered == [option("An Ruiz", "ana")]

    async def test_given_a_refresh_when_asked_for_then_the_library_connects_again(
        self, socketed: BoltSide, slack: SlackClient
    ) -> None:
        @socketed.app.command("/book")
        async def booked(ack: Any) -> None:
            await ack("again")

        assert await slack.disconnect("refresh_requested") == 1
        await slack.wait_connected()

        assert (await slack.as_user("bo").command("/book")).ok


class TestByHand:
    async def test_given_two_sockets_when_one_dies_unacknowledged_then_the_other_gets_it(
        self, slack: SlackClient, playground: Playground
    ) -> None:
        web = AsyncWebClient(base_url=playground.slack_api_url)

        async def address() -> str:
            return str((await web.apps_connections_open(app_token=APP.app_token or ""))["url"])

        async with ClientSession() as session:
            first = await session.ws_connect(await address())
            second = await session.ws_connect(await address())
            hellos = [await first.receive_json(), await second.receive_json()]
            # Sockets take turns, and it is the second one's.
            await slack.as_user("bo").say("hello")
            envelope = await second.receive_json()
            await second.close()
            again = await first.receive_json()
            await first.send_str(json.dumps({"envelope_id": again["envelope_id"]}))
            await first.close()

        assert [hello["type"] for hello in hellos] == ["hello", "hello"]
        assert again["envelope_id"] == envelope["envelope_id"]
        assert again["payload"]["event_id"] == envelope["payload"]["event_id"]
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)

    async def test_given_an_address_when_used_twice_then_the_second_is_refused(
        self, slack: SlackClient, playground: Playground
    ) -> None:
        web = AsyncWebClient(base_url=playground.slack_api_url)
        url = (await web.apps_connections_open(app_token=APP.app_token or ""))["url"]
        async with ClientSession() as session:
            first = await session.ws_connect(url)
            with pytest.raises(Exception, match="403"):
                await session.ws_connect(url)
            await first.close()

    async def test_given_a_bot_token_when_a_socket_is_asked_for_then_it_is_refused(
        self, web: AsyncWebClient
    ) -> None:
        with pytest.raises(SlackApiError, match="not_allowed_token_type"):
            await web.apps_connections_open(app_token=APP.bot_token)
