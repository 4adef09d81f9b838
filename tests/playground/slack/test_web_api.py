"""The Web API through Slack's own library: its refusals in Slack's own words."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bolt_side import APP, section
from playground.config import PlaygroundConfig, SlackChannelSeed, SlackConfig, SlackUserSeed
from playground.serving import Playground
from playground.slack.client import SlackClient
from playground.slack.seeds import DEFAULT_SLACK_CHANNELS, DEFAULT_SLACK_USERS

DESIGN = "C0DESIGN"


@pytest.fixture
def config() -> SlackConfig:
    channels = (
        SlackChannelSeed(key="away", channel_id="C0AWAY", name="away", members=("bo",),
                         has_app=False),
        SlackChannelSeed(key="secret", channel_id="C0SECRET", name="secret", members=("bo",),
                         has_app=False, is_private=True),
        SlackChannelSeed(key="old", channel_id="C0OLD", name="old", members=("bo",),
                         is_archived=True),
    )  # fmt: skip
    people = (
        SlackUserSeed(key="gone", user_id="U0GONE", real_name="Gone", deleted=True),
        SlackUserSeed(key="eve", user_id="U0EVE", real_name="Eve", is_stranger=True,
                      team_id="T0OTHER", tz=None, email="eve@other.test"),
    )  # fmt: skip
    return SlackConfig(
        app=APP,
        channels=(*DEFAULT_SLACK_CHANNELS, *channels),
        users=(*DEFAULT_SLACK_USERS, *people),
        edit_window=60,
    )


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return str(error.value.response["error"])


class TestTokens:
    async def test_given_tokens_when_called_then_only_the_right_ones_are_taken(
        self, web: AsyncWebClient, playground: Playground, slack: SlackClient
    ) -> None:
        def with_token(token: str | None) -> AsyncWebClient:
            return AsyncWebClient(token=token, base_url=playground.slack_api_url)

        known = await web.auth_test()

        assert (known["bot_id"], known["user_id"], known["team_id"]) == (
            APP.bot_id, APP.bot_user_id, "T0PLAY",
        )  # fmt: skip
        assert await refused(with_token(None).auth_test()) == "not_authed"
        assert await refused(with_token("xoxb-other").auth_test()) == "invalid_auth"
        await slack.revoke_token()
        assert await refused(web.auth_test()) == "token_revoked"
        await slack.install()
        await slack.uninstall()
        assert await refused(web.auth_test()) == "account_inactive"

    async def test_given_an_unknown_method_when_called_then_it_says_so(
        self, web: AsyncWebClient
    ) -> None:
        assert await refused(web.api_call("chat.shout")) == "unknown_method"

    # Slack's library hands its secret to aiohttp in a way that aiohttp will drop one day.
    @pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")
    async def test_given_a_code_when_exchanged_then_once_only(
        self, web: AsyncWebClient, slack: SlackClient
    ) -> None:
        code = await slack.oauth_code("https://x.test/cb")
        identity: dict[str, Any] = {"client_id": "11.22", "client_secret": "s3cret", "code": code}

        answer = await web.oauth_v2_access(**identity, redirect_uri="https://x.test/cb")

        assert (answer["access_token"], answer["team"]["id"]) == (APP.bot_token, "T0PLAY")
        assert await refused(web.oauth_v2_access(**identity)) == "invalid_code"
        wrong = {**identity, "client_secret": "no"}
        assert await refused(web.oauth_v2_access(**wrong)) == "bad_client_secret"

    async def test_given_a_missing_scope_when_called_then_it_is_named(self) -> None:
        app = replace(APP, scopes=("chat:write",))
        async with Playground(PlaygroundConfig(slack=SlackConfig(app=app))) as served:
            web = AsyncWebClient(token=app.bot_token, base_url=served.slack_api_url)
            with pytest.raises(SlackApiError) as error:
                await web.users_info(user="U0BO")

        assert error.value.response["error"] == "missing_scope"
        assert error.value.response["needed"] == "users:read"


class TestMessages:
    @pytest.mark.parametrize(
        ("channel", "content", "error"),
        [
            ("C0AWAY", {"text": "x"}, "not_in_channel"),
            ("C0SECRET", {"text": "x"}, "channel_not_found"),
            ("C0OLD", {"text": "x"}, "is_archived"),
            ("C0NONE", {"text": "x"}, "channel_not_found"),
            (DESIGN, {}, "no_text"),
            (DESIGN, {"text": "x" * 40_001}, "msg_too_long"),
            (DESIGN, {"text": "x", "blocks": "[not json"}, "invalid_blocks_format"),
            (DESIGN, {"text": "x", "blocks": [section("x")] * 51}, "invalid_blocks"),
            (DESIGN, {"text": "x", "blocks": [section("x" * 2700)] * 5}, "msg_blocks_too_long"),
            (DESIGN, {"text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ],
    )
    async def test_given_what_slack_refuses_when_posted_then_it_is_refused_by_name(
        self, web: AsyncWebClient, channel: str, content: dict[str, Any], error: str
    ) -> None:
        assert (
            await refused(web.api_call("chat.postMessage", json={"channel": channel, **content}))
            == error
        )

    async def test_given_a_message_when_changed_then_only_by_its_author_and_not_too_late(
        self, web: AsyncWebClient, slack: SlackClient, clock: Any
    ) -> None:
        bo = slack.as_user("bo")
        theirs = await bo.say("mine", channel="design")
        ours = (await web.chat_postMessage(channel=DESIGN, text="a", blocks=[section("a")]))["ts"]

        updated = await web.chat_update(channel=DESIGN, ts=ours, text="b")

        assert (updated["text"], (await bo.messages("design"))[-1].blocks) == ("b", [])
        update = web.chat_update
        assert await refused(update(channel=DESIGN, ts=theirs, text="b")) == "cant_update_message"
        assert await refused(update(channel=DESIGN, ts="9.9", text="b")) == "message_not_found"
        long = "x" * 4001
        assert await refused(update(channel=DESIGN, ts=ours, text=long)) == "msg_too_long"
        clock.advance(61)
        assert await refused(update(channel=DESIGN, ts=ours, text="c")) == "edit_window_closed"
        await web.chat_delete(channel=DESIGN, ts=ours)
        assert await refused(web.chat_delete(channel=DESIGN, ts=ours)) == "message_not_found"

    async def test_given_an_ephemeral_when_posted_then_one_person_sees_it_and_nobody_changes_it(
        self, web: AsyncWebClient, slack: SlackClient
    ) -> None:
        sent = await web.chat_postEphemeral(channel=DESIGN, user="U0BO", text="psst")

        assert [m.text for m in await slack.as_user("bo").messages("design")] == ["psst"]
        assert await slack.as_user("ana").messages("design") == []
        update = web.chat_update(channel=DESIGN, ts=sent["message_ts"], text="x")
        assert await refused(update) == "message_not_found"
        outside = web.chat_postEphemeral(channel=DESIGN, user="U0EVE", text="x")
        assert await refused(outside) == "user_not_in_channel"

    async def test_given_a_thread_when_answered_then_it_hangs_under_its_parent(
        self, web: AsyncWebClient, slack: SlackClient
    ) -> None:
        parent = (await web.chat_postMessage(channel=DESIGN, text="parent"))["ts"]
        await web.chat_postMessage(channel=DESIGN, text="reply", thread_ts=parent)
        link = await web.chat_getPermalink(channel=DESIGN, message_ts=parent)
        bo = slack.as_user("bo")

        (top,) = await bo.messages("design")

        assert (top.text, top.reply_count) == ("parent", 1)
        thread = await bo.messages("design", thread_ts=parent)
        assert [message.text for message in thread] == ["parent", "reply"]
        assert link["permalink"].endswith(f"/archives/{DESIGN}/p{parent.replace('.', '')}")


class TestPeople:
    async def test_given_people_when_asked_for_then_profiles_are_slacks(
        self, web: AsyncWebClient
    ) -> None:
        ana = (await web.users_info(user="U0ANA", include_locale=True))["user"]
        gone = (await web.users_info(user="U0GONE"))["user"]
        eve = (await web.users_info(user="U0EVE"))["user"]

        assert (ana["tz"], ana["locale"], ana["is_admin"]) == ("Europe/Berlin", "en-US", True)
        assert ana["tz_offset"] == 3600
        assert (gone["deleted"], "tz" in gone) == (True, False)
        assert (eve["is_stranger"], eve["team_id"], "tz" in eve) == (True, "T0OTHER", False)
        assert "email" not in eve["profile"]
        assert await refused(web.users_info(user="U0NONE")) == "user_not_found"
        found = await web.users_lookupByEmail(email="BO@acme.test")
        assert found["user"]["id"] == "U0BO"
        missing = web.users_lookupByEmail(email="eve@elsewhere.test")
        assert await refused(missing) == "users_not_found"

    async def test_given_lists_when_paged_then_the_cursor_leads_on(
        self, web: AsyncWebClient
    ) -> None:
        first = await web.conversations_members(channel=DESIGN, limit=3)
        cursor = first["response_metadata"]["next_cursor"]
        second = await web.conversations_members(channel=DESIGN, limit=3, cursor=cursor)

        assert first["members"] + second["members"] == ["U0ANA", "U0BO", "U0CEM", APP.bot_user_id]
        assert second["response_metadata"]["next_cursor"] == ""
        listed = [user["id"] for user in (await web.users_list())["members"]]
        assert ("U0EVE" in listed, "U0BO" in listed) == (False, True)

    async def test_given_conversations_when_opened_and_joined_then_as_slack_does(
        self, web: AsyncWebClient
    ) -> None:
        opened = await web.conversations_open(users="U0BO")
        group = await web.conversations_open(users=["U0BO", "U0ANA"])
        await web.conversations_join(channel="C0AWAY")

        assert opened["channel"]["id"] == "D0BO"
        stranger = web.conversations_open(users="U0EVE")
        assert await refused(stranger) == "invalid_user_combination"
        assert group["channel"]["is_mpim"]
        assert (await web.chat_postMessage(channel="U0BO", text="x"))["channel"] == "D0BO"
        await web.chat_postMessage(channel="C0AWAY", text="x")
        assert await refused(web.conversations_open(users="U0GONE")) == "user_disabled"
        info = await web.conversations_info(channel=DESIGN)
        assert (info["channel"]["is_member"], info["channel"]["name"]) == (True, "design")


class TestEncodings:
    async def test_given_every_encoding_when_called_then_arguments_arrive(
        self, playground: Playground
    ) -> None:
        url = f"{playground.slack_api_url}users.info"
        bearer = {"Authorization": f"Bearer {APP.bot_token}"}
        async with httpx.AsyncClient() as http:
            answers = [
                await http.get(url, params={"user": "U0BO"}, headers=bearer),
                await http.post(url, data={"user": "U0BO", "token": APP.bot_token}),
                await http.post(url, json={"user": "U0BO"}, headers=bearer),
            ]
            broken = await http.post(
                url, content=b"{", headers={**bearer, "content-type": "application/json"}
            )

        assert [answer.json()["user"]["id"] for answer in answers] == ["U0BO"] * 3
        assert broken.json() == {"ok": False, "error": "invalid_json"}
