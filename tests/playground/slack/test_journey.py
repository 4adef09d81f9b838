"""The thin path: a command, its answers, a press, an update; by HTTP as Bolt understands it."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bolt_side import APP, BoltSide, actions, button, section
from playground.slack.client import SlackClient

DESIGN = "C0DESIGN"


class TestCommand:
    async def test_given_a_command_when_typed_then_its_answers_are_seen_and_buttons_work(
        self, bolt: BoltSide, slack: SlackClient
    ) -> None:
        card = [section("Tue 10:00"), actions(button("Join", "join", value="7"), block_id="row")]

        @bolt.app.command("/book")
        async def booked(ack: Any, respond: Any, client: Any, command: dict[str, Any]) -> None:
            await ack("Looking")
            await respond(text="Only for you")
            await client.chat_postMessage(channel=command["channel_id"], text="card", blocks=card)

        @bolt.app.action("join")
        async def joined(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            name = f"<@{body['user']['id']}> is in"
            message = body["message"]
            await client.chat_update(
                channel=body["channel"]["id"], ts=message["ts"], text="card", blocks=[section(name)]
            )

        bo, ana = slack.as_user("bo"), slack.as_user("ana")
        ack = await bo.command("/book", "@ana <now> & then", channel="design")
        message = await bo.wait_for("Tue 10:00", channel="design")
        pressed = await bo.press(message, "Join")
        updated = await bo.wait_for("<@U0BO> is in", channel="design")

        assert (ack.ok, ack.status, pressed.ok) == (True, 200, True)
        assert (updated.ts, updated.edited, updated.labels) == (message.ts, True, [])
        said = [(m.said, m.ephemeral) for m in await bo.messages("design")]
        assert {("Looking", True), ("Only for you", True)} <= set(said)
        assert [m.said for m in await ana.messages("design")] == ["card\n<@U0BO> is in"]
        (command,) = [body for body in bolt.heard if "command" in body]
        assert command["text"] == "<@U0ANA|ana> &lt;now&gt; &amp; then"
        assert (command["user_id"], command["channel_name"]) == ("U0BO", "design")

    @pytest.mark.parametrize(
        ("answer", "seen_by_all", "error"),
        [
            ({"text": "all", "response_type": "in_channel"}, True, None),
            ({"text": "one"}, False, None),
            ({"text": "x", "blocks": [section("x" * 3001)]}, False, "invalid_blocks"),
        ],
    )
    async def test_given_an_immediate_answer_when_acknowledged_then_it_is_shown_as_it_says(
        self,
        bolt: BoltSide,
        slack: SlackClient,
        answer: dict[str, Any],
        seen_by_all: bool,
        error: str | None,
    ) -> None:
        @bolt.app.command("/book")
        async def booked(ack: Any) -> None:
            await ack(**answer)

        ack = await slack.as_user("bo").command("/book", channel="design")

        assert ack.error == error
        assert bool(await slack.as_user("ana").messages("design")) is seen_by_all

    async def test_given_no_answer_in_time_when_typed_then_the_command_failed(
        self, bolt: BoltSide, slack: SlackClient
    ) -> None:
        ack = await slack.as_user("bo").command("/unheard-of")

        assert (ack.ok, ack.status, ack.error) == (False, 404, "http_error")


class TestPress:
    async def test_given_an_ephemeral_when_replaced_and_deleted_then_only_its_reader_saw_it(
        self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient
    ) -> None:
        @bolt.app.action("again")
        async def again(ack: Any, respond: Any, body: dict[str, Any]) -> None:
            await ack()
            assert "message" not in body
            await respond(replace_original=True, text="replaced", blocks=[section("replaced")])

        bo = slack.as_user("bo")
        blocks = [section("first"), actions(button("Again", "again"))]
        await web.chat_postEphemeral(channel=DESIGN, user="U0BO", text="first", blocks=blocks)

        await bo.press_newest("Again", channel="design")

        message = await bo.wait_for("replaced", channel="design")
        assert message.ephemeral
        assert await slack.as_user("ana").messages("design") == []

    async def test_given_a_response_address_when_used_five_times_then_it_is_used_up(
        self, bolt: BoltSide, slack: SlackClient, clock: Any
    ) -> None:
        statuses: list[int] = []

        @bolt.app.command("/book")
        async def booked(ack: Any, respond: Any) -> None:
            await ack()
            statuses.extend([(await respond(f"answer {n}")).status_code for n in range(6)])

        await slack.as_user("bo").command("/book", channel="design")

        assert statuses == [200] * 5 + [404]
        assert APP.bot_id == "B0PLAY"
