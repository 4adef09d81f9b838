"""Where answers go: only-you messages, their fallbacks, direct messages, names in a line."""

from typing import Any

from bots.callback_data import encode
from fake_slack import BOT_USER
from scheduling.messages import Action
from slack_desk import Desk, buttons, words

HELP_ME = encode(Action("x", "help", argument="me"))


def _button(value: str = HELP_ME) -> dict[str, Any]:
    return {"type": "button", "action_id": f"{value}~3", "value": value}


def _dm(text: str) -> dict[str, Any]:
    return {"type": "message", "channel_type": "im", "channel": "D0BO", "user": "U0BO",
            "text": text, "ts": "1796000000.000100"}  # fmt: skip


class TestFallbacks:
    async def test_given_a_used_up_address_when_pressed_then_the_answer_comes_anew_in_the_channel(
        self, desk: Desk
    ) -> None:
        desk.slack.faults["response"] = [
            {"ok": False, "error": "used_url"}, {"ok": False, "error": "used_url"},
        ]  # fmt: skip

        await desk.press(_button())
        await desk.settled()

        (said,) = desk.slack.said("chat.postEphemeral")
        assert (said["channel"], said["user"]) == ("C0DESIGN", "U0BO")

    async def test_given_no_way_into_the_channel_when_asking_then_a_direct_message_comes(
        self, desk: Desk
    ) -> None:
        desk.slack.members["C0DESIGN"] = set()

        await desk.command("help", response_url="")
        await desk.settled()

        (said,) = desk.slack.said("chat.postMessage")
        assert said["channel"] == "D0BO"
        assert said["unfurl_links"] is False

    async def test_given_an_address_of_elsewhere_when_answering_then_it_is_never_called(
        self, desk: Desk
    ) -> None:
        await desk.command("help", response_url="http://10.0.0.1/steal")
        await desk.settled()

        assert len(desk.slack.said("chat.postEphemeral")) == 1

    async def test_given_blocks_refused_when_answering_then_the_words_go_alone(
        self, desk: Desk
    ) -> None:
        desk.slack.faults["chat.postMessage"] = [{"error": "invalid_blocks"}]

        await desk.event(_dm("hello"))
        await desk.settled()

        first, second = desk.slack.said("chat.postMessage")
        assert "blocks" in first
        assert "blocks" not in second
        assert second["text"]

    async def test_given_too_many_messages_when_answering_then_it_waits_as_told(
        self, desk: Desk
    ) -> None:
        desk.slack.faults["chat.postMessage"] = [429]

        await desk.event(_dm("hello"))
        await desk.settled()

        assert len(desk.slack.said("chat.postMessage")) == 2


class TestPlaces:
    async def test_given_our_direct_message_when_a_command_is_typed_then_the_answer_lasts(
        self, desk: Desk
    ) -> None:
        await desk.command("help", channel="D0BO")
        await desk.settled()

        assert desk.slack.responses == []
        assert desk.slack.said("chat.postMessage")[0]["channel"] == "D0BO"

    async def test_given_two_people_talking_when_a_command_is_typed_then_only_one_sees_the_answer(
        self, desk: Desk
    ) -> None:
        await desk.command("help", channel="D0TWO")
        await desk.settled()

        assert desk.slack.responses[0]["response_type"] == "ephemeral"
        assert desk.slack.said("chat.postMessage") == []

    async def test_given_a_message_everybody_sees_when_pressed_then_it_is_not_touched(
        self, desk: Desk
    ) -> None:
        await desk.press(_button(), ephemeral=False)
        await desk.settled()

        (said,) = desk.slack.responses
        assert said["replace_original"] is False
        assert desk.slack.said("chat.update") == []

    async def test_given_a_card_in_our_direct_message_when_pressed_then_it_is_edited(
        self, desk: Desk
    ) -> None:
        await desk.press(_button(), channel="D0BO", ephemeral=False, ts="1796000000.000200")
        await desk.settled()

        (edited,) = desk.slack.said("chat.update")
        assert (edited["channel"], edited["ts"]) == ("D0BO", "1796000000.000200")
        assert edited["text"]
        assert edited["blocks"]

    async def test_given_a_message_gone_when_pressed_then_it_is_sent_anew(self, desk: Desk) -> None:
        desk.slack.faults["chat.update"] = [{"error": "message_not_found"}]

        await desk.press(_button(), channel="D0BO", ephemeral=False)
        await desk.settled()

        assert len(desk.slack.said("chat.postMessage")) == 1

    async def test_given_we_join_a_channel_when_invited_then_only_the_inviter_is_greeted(
        self, desk: Desk
    ) -> None:
        await desk.event({"type": "member_joined_channel", "user": BOT_USER,
                          "channel": "C0DESIGN", "inviter": "U0ANA"})  # fmt: skip
        await desk.settled()

        (said,) = desk.slack.said("chat.postEphemeral")
        assert said["user"] == "U0ANA"


class TestCommands:
    async def test_given_a_slip_when_typed_then_the_near_one_is_a_button_that_works(
        self, desk: Desk
    ) -> None:
        await desk.command("coachs")
        await desk.settled()
        (said,) = desk.slack.responses

        assert "Did you mean" in words(said)
        offered = buttons(said)
        await desk.press(offered["Help"])
        await desk.settled()
        assert "Booking" in buttons(desk.slack.responses[-1])

    async def test_given_the_three_of_their_own_when_typed_then_each_is_its_verb(
        self, desk: Desk
    ) -> None:
        await desk.command("", command="/availability")
        await desk.settled()

        assert desk.slack.calls

    async def test_given_words_to_inject_when_typed_then_nothing_rings(self, desk: Desk) -> None:
        await desk.command("<!channel> <@U0ANA|x> &lt;!here&gt; <https://evil.example|click>")
        await desk.settled()

        said = str(desk.slack.responses[0])
        assert "<!" not in said
        assert "<@" not in said
        assert "<https://evil" not in said

    async def test_given_a_mention_when_typed_to_book_then_the_name_is_looked_for(
        self, desk: Desk
    ) -> None:
        await desk.command("<@U0ANA|ana> tomorrow", command="/book")
        await desk.settled()

        assert "U0ANA" not in str(desk.slack.responses)


class TestBrokenHandlers:
    async def test_given_an_old_button_when_pressed_then_it_says_so(self, desk: Desk) -> None:
        await desk.press(_button("1.nothing.x.1.y"))
        await desk.settled()

        assert desk.slack.responses

    async def test_given_an_address_button_when_pressed_then_nothing_is_said(
        self, desk: Desk
    ) -> None:
        answer = await desk.press({"type": "button", "action_id": "url~1"})
        await desk.settled()

        assert answer.status_code == 200
        assert desk.slack.responses == []


class TestFields:
    async def test_given_a_question_in_a_channel_when_asked_then_it_is_answered_in_a_field(
        self, desk: Desk
    ) -> None:
        await desk.command("me")
        await desk.settled()
        await desk.press(buttons(desk.slack.responses[-1])["Name"])
        await desk.settled()
        (field,) = [b for b in desk.slack.responses[-1]["blocks"] if b["type"] == "input"]

        await desk.press({**field["element"], "value": "Bosse Lind"})
        await desk.settled()

        assert "Bosse Lind" in words(desk.slack.responses[-1])

    async def test_given_an_open_question_when_something_else_is_answered_then_without_its_field(
        self, desk: Desk
    ) -> None:
        await desk.command("me")
        await desk.settled()
        await desk.press(buttons(desk.slack.responses[-1])["Name"])
        await desk.settled()

        await desk.press(_button())
        await desk.settled()

        blocks = desk.slack.responses[-1]["blocks"]
        assert [b for b in blocks if b["type"] == "input"] == []

    async def test_given_a_question_in_our_direct_message_when_asked_then_it_is_simply_typed(
        self, desk: Desk
    ) -> None:
        await desk.command("me", channel="D0BO")
        await desk.settled()
        button = buttons(desk.slack.said("chat.postMessage")[-1])["Name"]
        await desk.press(button, channel="D0BO", ephemeral=False, ts="1796000001.000100")
        await desk.settled()
        await desk.event(_dm("Bosse Lind"))
        await desk.settled()

        sent = [*desk.slack.said("chat.update"), *desk.slack.said("chat.postMessage")]
        assert any("Bosse Lind" in words(message) for message in sent)


class TestLinks:
    async def test_given_slack_alone_when_linking_then_the_app_is_opened(self, desk: Desk) -> None:
        face = desk.slotbook.chats.slack
        assert face is not None
        await desk.command("help")
        await desk.settled()

        link = face.deep_link("code")

        assert link == "https://slack.com/app_redirect?app=A0SLOT&team=T0ACME"
