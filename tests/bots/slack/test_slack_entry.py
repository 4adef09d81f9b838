"""Who may use slotbook in Slack, and what happens when Slack does not tell."""

import pytest

from fake_slack import TEAM, FakeSlack, member
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.people import AccountKey, Platform, Recipient, Role
from slack_desk import Desk, buttons, words


async def _known(desk: Desk, user: str) -> bool:
    key = AccountKey(Platform.SLACK, TEAM, user)
    return await desk.slotbook.database.queries.account(key) is not None


class TestEntry:
    @pytest.mark.parametrize("user", ["U0GUEST", "U0OTHER", "U0STRANGE"])
    async def test_given_a_visitor_when_asking_then_whom_it_is_for_is_said_to_them_alone(
        self, desk: Desk, user: str
    ) -> None:
        await desk.command("my", user=user)
        await desk.settled()

        (said,) = desk.slack.responses
        assert said["response_type"] == "ephemeral"
        assert "members of Acme" in words(said)
        assert not await _known(desk, user)

    @pytest.mark.parametrize("user", ["U0ROBOT", "U0GONE"])
    async def test_given_a_bot_or_a_closed_account_when_asking_then_nothing_is_said(
        self, desk: Desk, user: str
    ) -> None:
        await desk.command("help", user=user)
        await desk.settled()

        assert desk.slack.responses == []
        assert not await _known(desk, user)

    async def test_given_somebody_slack_does_not_know_when_asking_then_refused(
        self, desk: Desk
    ) -> None:
        await desk.command("help", user="U0NOBODY")
        await desk.settled()

        assert "cannot see who you are" in words(desk.slack.responses[0])

    async def test_given_a_command_of_another_team_when_asking_then_refused(
        self, desk: Desk
    ) -> None:
        await desk.command("help", team_id="T0OTHER")
        await desk.settled()

        assert "members of Acme" in words(desk.slack.responses[0])

    async def test_given_an_open_channel_when_a_guest_asks_there_then_and_only_there_answered(
        self, desk: Desk
    ) -> None:
        channel = Recipient(Platform.SLACK, TEAM, "C0DESIGN")
        await desk.slotbook.database.guest_channels.set_open(
            DEFAULT_ORGANIZATION, channel, is_open=True, now=desk.clock.now()
        )

        await desk.command("help", user="U0GUEST")
        await desk.command("help", user="U0GUEST", channel="C0OTHER")
        await desk.settled()

        assert [("members of" in words(said)) for said in desk.slack.responses] == [False, True]

    async def test_given_an_admin_when_opening_a_channel_then_guests_are_let_in(
        self, desk: Desk
    ) -> None:
        await desk.command("help", user="U0ANA")
        await desk.settled()
        ana = await desk.slotbook.database.queries.account(
            AccountKey(Platform.SLACK, TEAM, "U0ANA")
        )
        assert ana is not None
        await desk.slotbook.services.people.grant(
            DEFAULT_ORGANIZATION, ana[1].id, Role.ADMIN, by=None
        )

        await desk.command("guests", user="U0ANA")
        await desk.settled()
        await desk.press(buttons(desk.slack.responses[-1])["Let guests book here"], user="U0ANA")
        await desk.command("help", user="U0GUEST")
        await desk.settled()

        assert "members of" not in words(desk.slack.responses[-1])

    async def test_given_an_admin_of_the_workspace_when_opening_a_channel_then_guests_are_let_in(
        self, desk: Desk
    ) -> None:
        desk.slack.users["U0ANA"] |= {"is_admin": True}

        await desk.command("guests on", user="U0ANA")
        await desk.settled()
        await desk.command("help", user="U0GUEST")
        await desk.settled()

        assert "members of" not in words(desk.slack.responses[-1])

    async def test_given_a_member_when_opening_a_channel_then_refused(self, desk: Desk) -> None:
        await desk.command("guests open")
        await desk.settled()
        channel = Recipient(Platform.SLACK, TEAM, "C0DESIGN")
        guests = desk.slotbook.database.guest_channels

        assert not await guests.is_open(DEFAULT_ORGANIZATION, channel)


class TestProfiles:
    async def test_given_slack_is_away_when_asking_then_the_answer_comes_later(
        self, desk: Desk
    ) -> None:
        desk.slack.faults["users.info"] = [503, {"error": "ratelimited"}]

        await desk.command("help")
        await desk.settled()

        assert len(desk.slack.responses) == 1
        assert len(desk.slack.said("users.info")) == 3

    async def test_given_a_profile_when_met_then_name_zone_and_language_are_taken(
        self, desk: Desk
    ) -> None:
        await desk.command("help")
        await desk.settled()

        found = await desk.slotbook.database.queries.account(
            AccountKey(Platform.SLACK, TEAM, "U0BO")
        )
        assert found is not None
        account, person = found
        assert (person.name, person.zone, person.locale) == ("Bo Lind", "Europe/Berlin", "en-US")
        assert account.chat_id == "U0BO"

    async def test_given_a_move_when_the_profile_changes_then_the_zone_follows(
        self, desk: Desk
    ) -> None:
        await desk.command("help")
        await desk.settled()

        changed = {"type": "user_change", "user": member("U0BO", "Bo Lund", "Asia/Tokyo")}
        await desk.event(changed)
        await desk.settled()

        found = await desk.slotbook.database.queries.account(
            AccountKey(Platform.SLACK, TEAM, "U0BO")
        )
        assert found is not None
        assert (found[1].name, found[1].zone) == ("Bo Lund", "Asia/Tokyo")

    async def test_given_a_closed_account_when_the_profile_changes_then_refused_at_once(
        self, desk: Desk
    ) -> None:
        await desk.command("help")
        await desk.event({"type": "user_change", "user": member("U0BO", "Bo Lind", deleted=True)})
        await desk.command("help")
        await desk.settled()

        assert len(desk.slack.responses) == 1

    async def test_given_strangers_in_user_change_when_delivered_then_nobody_is_made(
        self, desk: Desk, slack: FakeSlack
    ) -> None:
        await desk.event({"type": "user_change", "user": slack.users["U0ANA"]})
        await desk.settled()

        assert not await _known(desk, "U0ANA")


class TestUninstalled:
    async def test_given_the_app_taken_out_when_told_then_healthz_says_so(self, desk: Desk) -> None:
        await desk.command("help")
        await desk.settled()
        await desk.event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}})
        await desk.settled()

        health = await desk.client.get("/healthz")

        assert health.status_code == 503
        assert "install it again" in health.json()["parts"]["slack"]
