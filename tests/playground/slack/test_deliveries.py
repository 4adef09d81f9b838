"""Deliveries: signatures, repeats of events, replays, and events of what happens."""

import asyncio
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from bolt_side import APP, BoltSide
from playground.config import SlackConfig
from playground.serving import Playground
from playground.slack.client import SlackClient


class TestSigning:
    async def test_given_a_delivery_when_read_then_slacks_verifier_takes_its_signature(
        self, bolt: BoltSide, slack: SlackClient
    ) -> None:
        await slack.as_user("bo").command("/book", "ünï & co")

        (sent,) = await slack.deliveries("command")
        verifier = SignatureVerifier(APP.signing_secret)
        assert verifier.is_valid_request(sent["body"], sent["headers"])
        assert "text=%C3%BCn%C3%AF+%26amp%3B+co" in sent["body"]

    async def test_given_a_bad_signature_when_posted_then_bolt_refuses_it(
        self, bolt: BoltSide, slack: SlackClient
    ) -> None:
        headers = {"X-Slack-Signature": "v0=00", "content-type": "application/json"}

        forged = await slack.post_raw("{}", headers=headers)
        bare = await slack.post_raw("{}", headers={"content-type": "text/plain"}, sign=False)

        assert (forged.status, bare.status) == (401, 401)

    async def test_given_a_handshake_when_asked_for_then_the_challenge_comes_back(
        self, bolt: BoltSide, slack: SlackClient
    ) -> None:
        told = await slack.events_url(bolt.url, verify=True)

        (sent,) = await slack.deliveries("event")
        assert told["ack"]["body"] == {"challenge": sent["payload"]["challenge"]}


class TestRepeats:
    async def test_given_failures_when_delivered_then_the_event_comes_again_with_its_id(
        self, bolt: BoltSide, slack: SlackClient
    ) -> None:
        failures = [RuntimeError("one"), RuntimeError("two")]

        @bolt.app.event("message")
        async def hear() -> None:
            if failures:
                raise failures.pop()

        await slack.as_user("bo").say("hello")

        bodies = await bolt.wait_for("message", count=3)
        assert len({body["event_id"] for body in bodies}) == 1
        sent = (await slack.deliveries("event"))[:3]
        repeats = [
            (one["headers"].get("X-Slack-Retry-Num"), one["headers"].get("X-Slack-Retry-Reason"))
            for one in sent
        ]
        assert repeats == [(None, None), ("1", "http_error"), ("2", "http_error")]

    async def test_given_a_delivery_when_replayed_then_it_is_the_same_byte_for_byte(
        self, bolt: BoltSide, slack: SlackClient
    ) -> None:
        @bolt.app.command("/book")
        async def booked(ack: Any) -> None:
            await ack()

        ack = await slack.as_user("bo").command("/book")
        again = await slack.replay(ack.delivery or 0, times=3)

        assert [one.status for one in again] == [200] * 3
        sent = await slack.deliveries("command")
        assert len({(one["body"], one["headers"]["X-Slack-Signature"]) for one in sent}) == 1
        assert len({body["trigger_id"] for body in bolt.heard}) == 1

    async def test_given_nobody_there_when_a_command_is_typed_then_it_failed(
        self, slack: SlackClient
    ) -> None:
        bo = slack.as_user("bo")
        assert (await bo.command("/book")).error == "no_address"
        await slack.events_url("http://127.0.0.1:9/")
        assert (await bo.command("/book")).error == "connection_failed"


class TestSilence:
    @pytest.fixture
    def config(self) -> SlackConfig:
        return SlackConfig(app=APP, ack_within=0.2, retry_pauses=())

    async def test_given_silence_when_a_command_is_typed_then_it_timed_out(
        self, slack: SlackClient, bolt: BoltSide
    ) -> None:
        done = asyncio.Event()

        @bolt.app.command("/book")
        async def booked(ack: Any) -> None:
            await done.wait()
            await ack()

        ack = await slack.as_user("bo").command("/book")
        done.set()

        assert (ack.ok, ack.error) == (False, "timeout")
        assert 150 < (ack.ms or 0) < 2000


class TestEvents:
    @pytest.fixture
    async def listening(self, bolt: BoltSide) -> BoltSide:
        for name in ("member_joined_channel", "member_left_channel", "user_change",
                     "app_mention", "message", "app_uninstalled", "tokens_revoked",
                     "link_shared", "channel_archive", "team_join"):  # fmt: skip

            @bolt.app.event(name)
            async def hear() -> None: ...

        return bolt

    async def test_given_a_mention_when_typed_then_the_app_hears_it_only_where_it_is(
        self, listening: BoltSide, slack: SlackClient
    ) -> None:
        bo = slack.as_user("bo")
        await slack.app_membership("C0DESIGN", member=False)
        await bo.say("@slotbook are you there?", channel="design")
        await slack.app_membership("C0DESIGN", member=True)
        await bo.say("@slotbook, <!channel> and now?", channel="design")

        (body,) = await listening.wait_for("app_mention")
        assert body["event"]["text"] == "<@U0PLAYBOT>, &lt;!channel&gt; and now?"
        joined = await listening.wait_for("member_joined_channel")
        assert joined[0]["event"]["user"] == APP.bot_user_id

    async def test_given_people_who_come_change_and_go_when_seen_then_events_tell(
        self, listening: BoltSide, slack: SlackClient
    ) -> None:
        bo = slack.as_user("bo")
        await bo.leave("C0DESIGN")
        await bo.join("C0DESIGN")
        await bo.change_profile(tz="Asia/Tokyo")
        await slack.create_user("dia", "Dia Park")

        left = await listening.wait_for("member_left_channel")
        changed = await listening.wait_for("user_change")
        come = await listening.wait_for("team_join")

        assert (left[0]["event"]["user"], left[0]["event"]["channel_type"]) == ("U0BO", "C")
        assert changed[0]["event"]["user"]["tz"] == "Asia/Tokyo"
        assert come[0]["event"]["user"]["real_name"] == "Dia Park"
        await listening.wait_for("member_joined_channel")

    async def test_given_an_app_that_is_removed_when_done_then_it_hears_of_it_once(
        self, listening: BoltSide, slack: SlackClient
    ) -> None:
        await slack.uninstall()

        await listening.wait_for("tokens_revoked")
        await listening.wait_for("app_uninstalled")
        await slack.as_user("bo").say("anybody?")
        assert [b for b in listening.heard if b["event"]["type"] == "message"] == []

    async def test_given_a_link_when_posted_then_it_can_be_unfurled(
        self, listening: BoltSide, slack: SlackClient, web: Any
    ) -> None:
        url = "https://book.test/piano"
        ts = await slack.as_user("bo").say(f"see {url}", channel="design")
        (body,) = await listening.wait_for("link_shared")

        event = body["event"]
        await web.chat_unfurl(channel=event["channel"], ts=ts, unfurls={url: {"title": "Piano"}})

        assert event["links"] == [{"url": url, "domain": "book.test"}]
        (message,) = await slack.as_user("ana").messages("design")
        assert message.raw["unfurls"] == {url: {"title": "Piano"}}

    async def test_given_a_message_when_a_shortcut_is_used_on_it_then_it_travels_along(
        self, bolt: BoltSide, slack: SlackClient
    ) -> None:
        @bolt.app.message_shortcut("find")
        async def find(ack: Any, respond: Any) -> None:
            await ack()
            await respond("looking", response_type="in_channel")

        ts = await slack.as_user("ana").say("@cem when?", channel="design")
        bo = slack.as_user("bo")
        ack = await bo.message_shortcut("find", "C0DESIGN", ts)

        assert ack.ok
        (body,) = await bolt.wait_for("message_action")
        assert (body["message"]["text"], body["message"]["user"]) == ("<@U0CEM> when?", "U0ANA")
        await slack.as_user("ana").wait_for("looking", channel="design", since=0)


class TestPrivacy:
    async def test_given_a_person_outside_when_they_look_or_type_then_they_cannot(
        self, slack: SlackClient, playground: Playground
    ) -> None:
        await slack.create_channel("inner", ["ana"], channel_id="C0INNER")
        bo = slack.as_user("bo")

        with pytest.raises(RuntimeError, match="409"):
            await bo.messages("C0INNER")
        with pytest.raises(RuntimeError, match="409"):
            await bo.command("/book", channel="C0INNER")
        with pytest.raises(RuntimeError, match="409"):
            await bo.messages("D0ANA")
        assert [c["key"] for c in await bo.conversations()] == ["design", "im:bo"]
