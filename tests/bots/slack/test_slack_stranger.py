"""What somebody meets who knows nothing of slotbook and types what comes to mind."""

from typing import Any

import pytest

from fake_slack import TEAM
from slack_desk import Desk, buttons, words

WEEK = "mon-fri 9-12, 13-17"


def _dm(text: str, user: str = "U0BO") -> dict[str, Any]:
    return {"type": "message", "channel_type": "im", "channel": f"D{user[1:]}", "user": user,
            "text": text, "ts": "1796000000.000100"}  # fmt: skip


class TestSharing:
    async def test_given_a_new_coach_when_the_link_is_there_then_it_is_shared_within_slack(
        self, desk: Desk
    ) -> None:
        await desk.command(WEEK, command="/availability", user="U0ANA")
        await desk.settled()
        await desk.press(buttons(desk.slack.responses[-1])["Save and get my link"], user="U0ANA")
        await desk.settled()

        share = buttons(desk.slack.responses[-1])["Share in a channel"]

        assert "url" not in share

    async def test_given_slack_alone_when_shared_in_a_channel_then_telegram_is_not_offered(
        self, desk: Desk
    ) -> None:
        await desk.command(WEEK, command="/availability", user="U0ANA")
        await desk.settled()
        await desk.press(buttons(desk.slack.responses[-1])["Save and get my link"], user="U0ANA")
        await desk.settled()
        await desk.press(buttons(desk.slack.responses[-1])["Share in a channel"], user="U0ANA")
        await desk.settled()
        view = desk.slack.said("views.update")[-1]["view"]
        chosen = {"where": {"sb.share.where": {"type": "conversations_select",
                  "selected_conversation": "C0DESIGN"}}}  # fmt: skip

        await desk.interact({
            "type": "view_submission", "user": {"id": "U0ANA"}, "team": {"id": TEAM},
            "view": {"id": "V1", "hash": "1", **view, "state": {"values": chosen}},
        })  # fmt: skip
        await desk.settled()

        (posted,) = desk.slack.said("chat.postMessage")
        assert list(buttons(posted)) == ["Book"]

    async def test_given_slack_when_asked_for_the_clock_then_no_place_is_to_be_sent(
        self, desk: Desk
    ) -> None:
        await desk.command("me")
        await desk.settled()
        await desk.press(buttons(desk.slack.responses[-1])["Time zone"])
        await desk.settled()

        assert "Share my location" not in buttons(desk.slack.responses[-1])


class TestDirectory:
    async def test_given_the_directory_when_a_coach_is_chosen_then_the_window_opens_with_them(
        self, desk: Desk
    ) -> None:
        await desk.command(WEEK, command="/availability", user="U0ANA")
        await desk.settled()
        await desk.press(buttons(desk.slack.responses[-1])["Save and get my link"], user="U0ANA")
        await desk.settled()
        await desk.command("coaches")
        await desk.settled()

        await desk.press(buttons(desk.slack.responses[-1])["Ana Ruiz · Session"])
        await desk.settled()

        blocks = desk.slack.said("views.update")[-1]["view"]["blocks"]
        assert blocks[0]["element"]["initial_option"]["text"]["text"] == "Ana Ruiz"


class TestTypedToUs:
    async def test_given_a_verb_when_typed_in_our_direct_message_then_it_is_taken_as_a_command(
        self, desk: Desk
    ) -> None:
        await desk.event(_dm("help"))
        await desk.settled()

        assert "What I can do" in words(desk.slack.said("chat.postMessage")[-1])

    async def test_given_hours_with_their_verb_when_typed_then_the_week_is_shown(
        self, desk: Desk
    ) -> None:
        await desk.event(_dm(f"availability {WEEK}", "U0ANA"))
        await desk.settled()

        assert "your week" in words(desk.slack.said("chat.postMessage")[-1])

    async def test_given_a_sentence_that_begins_like_a_verb_when_typed_then_it_stays_a_sentence(
        self, desk: Desk
    ) -> None:
        await desk.event(_dm("my thanks to all of you"))
        await desk.settled()

        assert "Nothing booked" in words(desk.slack.said("chat.postMessage")[-1])


class TestNearestVerb:
    async def test_given_a_slip_in_a_coachs_verb_when_a_member_types_it_then_it_is_offered(
        self, desk: Desk
    ) -> None:
        await desk.command("agnda")
        await desk.settled()

        assert "agenda" in buttons(desk.slack.responses[-1])


class TestPictures:
    async def test_given_a_week_in_a_channel_when_its_picture_is_asked_for_then_it_is_sent_direct(
        self, desk: Desk
    ) -> None:
        await desk.command(WEEK, command="/availability", user="U0ANA")
        await desk.settled()
        assert desk.slack.said("files.completeUploadExternal") == []

        await desk.press(buttons(desk.slack.responses[-1])["Picture"], user="U0ANA")
        await desk.settled()

        (shared,) = desk.slack.said("files.completeUploadExternal")
        assert shared["channel_id"] == "D0ANA"
        assert "in your messages" in words(desk.slack.responses[-1])


class TestAddresses:
    @pytest.mark.parametrize(
        "address", ["http://127.0.0.1:9/nobody", "https://hooks.slack.com/commands/T1/2/x"]
    )
    async def test_given_an_address_nobody_answers_at_when_asked_then_the_answer_comes_otherwise(
        self, desk: Desk, address: str
    ) -> None:
        await desk.command("help", response_url=address)
        await desk.settled()

        (said,) = desk.slack.said("chat.postEphemeral")
        assert (said["channel"], said["user"]) == ("C0DESIGN", "U0BO")


class TestHandles:
    async def test_given_names_slack_made_no_mention_of_when_typed_then_they_are_found(
        self, desk: Desk
    ) -> None:
        desk.slack.users["U0ANA"] |= {"name": "ana"}

        await desk.command("compare @ana @zoe next week")
        await desk.settled()

        said = words(desk.slack.responses[-1])
        assert "Ana shares no calendar" in said
        assert "I do not know @zoe here yet" in said


class TestClocks:
    async def test_given_a_twelve_hour_clock_when_asking_for_times_then_all_of_them_are_written_so(
        self, desk: Desk
    ) -> None:
        desk.slack.users["U0BO"] |= {"locale": "en-US"}

        await desk.command('"Retro" 45m next week <@U0ANA>', command="/session")
        await desk.settled()

        assert "I took 9:00 AM-5:00 PM their time" in words(desk.slack.responses[-1])


class TestToldToAllApps:
    async def test_given_that_events_are_too_many_when_told_then_it_is_acknowledged(
        self, desk: Desk
    ) -> None:
        body = b'{"type":"app_rate_limited","team_id":"T0ACME","minute_rate_limited":1796000000}'

        answer = await desk.post(body)

        assert answer.status_code == 200


class TestNotInvited:
    async def test_given_a_channel_without_us_when_a_session_is_asked_for_then_it_is_said_at_once(
        self, desk: Desk
    ) -> None:
        desk.slack.faults["conversations.info"] = [{"ok": False, "error": "channel_not_found"}]

        await desk.command('"Open" 60m fri 16:00 seats 2', command="/session")
        await desk.settled()

        said = desk.slack.responses[-1]
        assert "/invite @slotbook" in words(said)
        assert desk.slack.said("chat.postMessage") == []

        await desk.press(buttons(said)["Try again"])
        await desk.settled()

        assert "Posted" in words(desk.slack.responses[-1])

    async def test_given_a_guest_when_looking_at_app_home_then_it_is_said_there_and_nowhere_else(
        self, desk: Desk
    ) -> None:
        opened = {"type": "app_home_opened", "user": "U0GUEST", "channel": "D0GUEST", "tab": "home"}

        await desk.event(opened)
        await desk.settled()

        (published,) = desk.slack.said("views.publish")
        assert "members of" in str(published["view"])
        assert desk.slack.said("chat.postMessage") == []
