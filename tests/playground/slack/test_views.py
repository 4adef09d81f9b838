"""Modals and App Home: triggers, the stack, hashes, submissions and what they answer."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bolt_side import BoltSide, actions, button, input_block, modal, option, plain, section
from playground.slack.client import SlackClient

NAME = input_block("Name", {"type": "plain_text_input", "action_id": "name"}, block_id="name")


async def trigger(bolt: BoltSide, slack: SlackClient, key: str = "bo") -> str:
    """A fresh trigger of somebody, by a shortcut."""

    @bolt.app.shortcut("any")
    async def seen(ack: Any) -> None:
        await ack()

    await slack.as_user(key).shortcut("any")
    return str(bolt.heard[-1]["trigger_id"])


class TestTriggers:
    async def test_given_a_trigger_when_used_twice_or_late_then_it_is_refused(
        self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient, clock: Any
    ) -> None:
        first, second = await trigger(bolt, slack), await trigger(bolt, slack)
        await web.views_open(trigger_id=first, view=modal("One", section("x")))

        with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
            await web.views_open(trigger_id=first, view=modal("One", section("x")))
        clock.advance(3.1)
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await web.views_open(trigger_id=second, view=modal("One", section("x")))
        with pytest.raises(SlackApiError, match="invalid_trigger_id"):
            await web.views_open(trigger_id="1.2.abc", view=modal("One", section("x")))

    async def test_given_a_faulty_view_when_opened_then_its_faults_are_named_and_the_trigger_lives(
        self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient
    ) -> None:
        given = await trigger(bolt, slack)

        with pytest.raises(SlackApiError) as refused:
            await web.views_open(trigger_id=given, view=modal("t" * 25, section("x")))
        await web.views_open(trigger_id=given, view=modal("t" * 24, section("x")))

        assert refused.value.response["error"] == "invalid_arguments"
        assert refused.value.response["response_metadata"]["messages"] == [
            "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
        ]


class TestStack:
    async def test_given_three_modals_when_a_fourth_is_pushed_then_it_is_refused(
        self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient
    ) -> None:
        await web.views_open(trigger_id=await trigger(bolt, slack), view=modal("One", section("x")))
        for title in ("Two", "Three"):
            await web.views_push(
                trigger_id=await trigger(bolt, slack), view=modal(title, section("x"))
            )
        bo = slack.as_user("bo")

        with pytest.raises(SlackApiError, match="push_limit_reached"):
            await web.views_push(
                trigger_id=await trigger(bolt, slack), view=modal("Four", section("x"))
            )

        one, two, three = await bo.modals()
        assert (three.raw["previous_view_id"], three.raw["root_view_id"]) == (two.id, one.id)
        await bo.close(three)
        assert [view.title for view in await bo.modals()] == ["One", "Two"]

    async def test_given_an_open_modal_when_updated_then_what_was_typed_stays(
        self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient
    ) -> None:
        opened = await web.views_open(
            trigger_id=await trigger(bolt, slack), view=modal("One", NAME, external_id="x1")
        )
        bo = slack.as_user("bo")
        await bo.fill(await bo.modal(), "Name", "Mia")
        old = opened["view"]["hash"]

        await web.views_update(
            external_id="x1", hash=old, view=modal("Two", NAME, section("y"), external_id="x1")
        )

        view = await bo.modal("Two")
        assert view.state("Name") == {"type": "plain_text_input", "value": "Mia"}
        with pytest.raises(SlackApiError, match="hash_conflict"):
            await web.views_update(view_id=view.id, hash=old, view=modal("Three", NAME))
        with pytest.raises(SlackApiError, match="duplicate_external_id"):
            await web.views_open(
                trigger_id=await trigger(bolt, slack),
                view=modal("One", NAME, external_id="x1"),
            )
        await bo.close(view)
        with pytest.raises(SlackApiError, match="not_found"):
            await web.views_update(view_id=view.id, view=modal("Three", NAME))


class TestSubmission:
    @pytest.fixture
    async def opened(self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient) -> None:
        view = modal(
            "Hours",
            NAME,
            input_block(
                "Day", {"type": "datepicker", "action_id": "day"}, block_id="day", optional=True
            ),
            input_block(
                "Length",
                {
                    "type": "static_select",
                    "action_id": "length",
                    "options": [option("30 min", "30"), option("45 min", "45")],
                    "initial_option": option("30 min", "30"),
                },
                block_id="length",
            ),
            callback_id="hours",
            private_metadata="draft-7",
            notify_on_close=True,
        )
        await web.views_open(trigger_id=await trigger(bolt, slack), view=view)

    async def test_given_errors_then_answers_when_submitted_then_each_does_what_it_says(
        self, bolt: BoltSide, slack: SlackClient, opened: None
    ) -> None:
        answers: list[dict[str, Any]] = [
            {"response_action": "errors", "errors": {"name": "Not a time."}},
            {"response_action": "update", "view": modal("Hours", NAME, callback_id="hours")},
            {"response_action": "push", "view": modal("Sure?", section("x"))},
        ]

        @bolt.app.view("hours")
        async def submitted(ack: Any) -> None:
            await ack(**answers.pop(0))

        bo = slack.as_user("bo")
        view = await bo.modal("Hours")
        missing = await bo.submit(view)
        await bo.fill(view, "Name", "14-1x")
        await bo.fill(view, "Length", "45 min")
        refused = await bo.submit(view)
        shown = (await bo.modal("Hours")).error("Name")
        updated = await bo.submit(view)
        pushed = await bo.submit(updated.views[-1])

        assert missing.errors == {"name": "Please complete this required field."}
        assert (refused.closed, refused.errors, shown) == (
            False,
            {"name": "Not a time."},
            "Not a time.",
        )
        assert (updated.closed, updated.errors) == (False, {})
        assert updated.views[-1].state("Name")["value"] == "14-1x"
        assert [one.title for one in pushed.views] == ["Hours", "Sure?"]
        body = (await bolt.wait_for("view_submission"))[0]
        assert body["view"]["private_metadata"] == "draft-7"
        assert body["view"]["state"]["values"] == {
            "name": {"name": {"type": "plain_text_input", "value": "14-1x"}},
            "day": {"day": {"type": "datepicker", "selected_date": None}},
            "length": {
                "length": {
                    "type": "static_select",
                    "selected_option": {**option("45 min", "45")},
                }
            },
        }

    async def test_given_an_empty_answer_when_submitted_then_the_modal_closes(
        self, bolt: BoltSide, slack: SlackClient, opened: None
    ) -> None:
        @bolt.app.view("hours")
        async def submitted(ack: Any) -> None:
            await ack()

        bo = slack.as_user("bo")
        view = await bo.modal("Hours")
        await bo.fill(view, "Name", "Mia")

        assert (await bo.submit(view)).closed
        assert await bo.modals() == []

    async def test_given_an_order_to_clear_when_submitted_then_every_modal_closes(
        self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient, opened: None
    ) -> None:
        @bolt.app.view("top")
        async def submitted(ack: Any) -> None:
            await ack(response_action="clear")

        bo = slack.as_user("bo")
        top = modal("Top", section("x"), callback_id="top")
        await web.views_push(trigger_id=await trigger(bolt, slack), view=top)

        assert (await bo.submit(await bo.modal("Top"))).closed
        assert await bo.modals() == []

    async def test_given_errors_under_no_input_when_submitted_then_it_failed(
        self, bolt: BoltSide, slack: SlackClient, opened: None
    ) -> None:
        @bolt.app.view("hours")
        async def submitted(ack: Any) -> None:
            await ack(response_action="errors", errors={"elsewhere": "no"})

        bo = slack.as_user("bo")
        done = await bo.submit(await bo.modal("Hours"), forged=True)

        assert (done.ok, done.closed, done.error) == (False, False, "invalid_response_errors")

    async def test_given_a_modal_when_closed_then_the_app_hears_of_it(
        self, bolt: BoltSide, slack: SlackClient, opened: None
    ) -> None:
        @bolt.app.view_closed("hours")
        async def closed(ack: Any) -> None:
            await ack()

        bo = slack.as_user("bo")
        await bo.close(await bo.modal("Hours"))

        (body,) = await bolt.wait_for("view_closed")
        assert body["is_cleared"] is False


class TestElementsInViews:
    async def test_given_a_picker_that_acts_when_used_then_the_payload_is_slacks(
        self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient
    ) -> None:
        @bolt.app.action("day")
        async def chosen(ack: Any) -> None:
            await ack()

        await web.views_open(
            trigger_id=await trigger(bolt, slack),
            view=modal("Day", actions({"type": "datepicker", "action_id": "day"}, block_id="row")),
        )
        bo = slack.as_user("bo")
        view = await bo.modal("Day")

        await bo.choose(view, "day", "2027-01-20")

        (body,) = await bolt.wait_for("block_actions")
        (action,) = body["actions"]
        assert (action["type"], action["selected_date"]) == ("datepicker", "2027-01-20")
        assert (action["action_id"], action["block_id"]) == ("day", "row")
        assert body["container"] == {"type": "view", "view_id": view.id}
        assert body["view"]["state"]["values"]["row"]["day"]["selected_date"] == "2027-01-20"
        assert "response_url" not in body

    async def test_given_a_trigger_from_a_modal_when_opened_then_it_lies_on_top(
        self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient
    ) -> None:
        @bolt.app.action("more")
        async def more(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal("Two", section("x")))

        first = modal("One", actions(button("More", "more")))
        await web.views_open(trigger_id=await trigger(bolt, slack), view=first)
        bo = slack.as_user("bo")

        await bo.press(await bo.modal("One"), "More")

        await bo.modal("Two")
        assert [view.title for view in await bo.modals()] == ["One", "Two"]


class TestHome:
    async def test_given_a_home_when_opened_then_it_is_published_and_guarded_by_its_hash(
        self, bolt: BoltSide, slack: SlackClient, web: AsyncWebClient
    ) -> None:
        home = {"type": "home", "blocks": [section("Nothing booked.")]}

        @bolt.app.event("app_home_opened")
        async def opened(event: dict[str, Any], client: Any) -> None:
            await client.views_publish(user_id=event["user"], view=home)

        bo = slack.as_user("bo")
        await bo.open_home()
        view = await bo.home("Nothing booked.")

        published = await web.views_publish(user_id="U0BO", view=home, hash=view.hash)
        assert published["view"]["id"] == view.id
        with pytest.raises(SlackApiError, match="hash_conflict"):
            await web.views_publish(user_id="U0BO", view=home, hash=view.hash)
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await web.views_publish(user_id="U0BO", view={**home, "title": plain("No")})
        assert (await slack.as_user("ana").views())["home"] is None
