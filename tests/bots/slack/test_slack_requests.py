"""Requests over HTTP: proven to be Slack's, read with care, stored once."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from fake_slack import TEAM
from slack_desk import Desk

HELP = urlencode(
    {"command": "/slotbook", "text": "help", "user_id": "U0BO", "team_id": TEAM,
     "channel_id": "C0DESIGN", "trigger_id": "1.2.x"}
).encode()  # fmt: skip
Headers = dict[str, str]


def _without(name: str) -> Callable[[Headers], Headers]:
    return lambda headers: {n: v for n, v in headers.items() if n != name}


def _with(name: str, value: str) -> Callable[[Headers], Headers]:
    return lambda headers: {**headers, name: value}


TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
MALFORMED: list[Callable[[Headers], Headers]] = [
    lambda headers: {},
    _without(TIMESTAMP),
    _without(SIGNATURE),
    _with(TIMESTAMP, ""),
    _with(TIMESTAMP, "now"),
    _with(TIMESTAMP, "-1"),
    _with(TIMESTAMP, "1e9"),
    _with(TIMESTAMP, "1796000000.5"),
    _with(TIMESTAMP, "9" * 40),
    _with(TIMESTAMP, "٣٤٥٦"),
    _with(TIMESTAMP, "0"),
    _with(SIGNATURE, ""),
    _with(SIGNATURE, "v0="),
    _with(SIGNATURE, "v0=" + "0" * 64),
    _with(SIGNATURE, "v1=" + "a" * 64),
    _with(SIGNATURE, "a" * 64),
    _with(SIGNATURE, "v0=" + "z" * 64),
    _with(SIGNATURE, "v0=" + "a" * 63),
    _with(SIGNATURE, "v0=" + "é" * 64),
    _with(SIGNATURE, "v0=" + "a" * 5000),
    lambda headers: {**headers, SIGNATURE: headers[SIGNATURE].upper()},
    lambda headers: {**headers, SIGNATURE: headers[SIGNATURE][:-1] + "!"},
]


BROKEN = [
    b"", b"{", b"[]", b"null", b"payload=", b"payload=%7B", b"payload=[1]",
    b"payload=" + b"[" * 20_000, b'{"type":"event_callback"}', b"command=/x",
    b'{"type":"event_callback","event":7}', b'{"type":"surprise"}', b"a=1" * 5000,
    b"&".join(b"k%d=1" % n for n in range(500)),
    b'payload={"type":"block_actions","user":{"id":"U1"},"actions":[1]}',
]  # fmt: skip


class TestSignatures:
    async def test_given_malformed_headers_when_posted_then_401_and_nothing_is_stored(
        self, desk: Desk
    ) -> None:
        for number, spoil in enumerate(MALFORMED):
            headers = [(n.encode(), v.encode()) for n, v in spoil(desk.signed(HELP)).items()]
            answer = await desk.client.post("/slack/events", content=HELP, headers=headers)
            assert answer.status_code == 401, number

        assert await desk.slotbook.database.inbox.waiting() == 0
        assert desk.slack.responses == []

    async def test_given_two_signatures_when_posted_then_401(self, desk: Desk) -> None:
        headers = [*desk.signed(HELP).items(), (SIGNATURE, "v0=" + "0" * 64)]

        answer = await desk.client.post("/slack/events", content=HELP, headers=headers)

        assert answer.status_code == 401

    @pytest.mark.parametrize("away", [-301, 301, -86_400, 86_400])
    async def test_given_an_old_or_future_timestamp_when_rightly_signed_then_401(
        self, desk: Desk, away: int
    ) -> None:
        headers = desk.signed(HELP, at=desk.clock.seconds() + away)

        assert (await desk.post(HELP, headers)).status_code == 401

    @pytest.mark.parametrize("away", [-290, 290])
    async def test_given_a_clock_minutes_apart_when_signed_then_it_is_taken(
        self, desk: Desk, away: int
    ) -> None:
        headers = desk.signed(HELP, at=desk.clock.seconds() + away)

        assert (await desk.post(HELP, headers)).status_code == 200

    async def test_given_another_body_when_the_signature_is_reused_then_401(
        self, desk: Desk
    ) -> None:
        answer = await desk.post(HELP.replace(b"U0BO", b"U0ANA"), desk.signed(HELP))

        assert answer.status_code == 401


class TestRepeats:
    async def test_given_one_command_when_replayed_50_times_then_it_is_answered_once(
        self, desk: Desk
    ) -> None:
        headers = desk.signed(HELP)
        body = HELP + b"&" + urlencode({"response_url": desk.slack.response_url()}).encode()
        headers = desk.signed(body)

        for _ in range(50):
            assert (await desk.post(body, headers)).status_code == 200
        await desk.settled()

        assert len(desk.slack.responses) == 1

    async def test_given_one_event_when_delivered_four_times_then_it_has_one_effect(
        self, desk: Desk
    ) -> None:
        event = {"type": "message", "channel_type": "im", "channel": "D0BO", "user": "U0BO",
                 "text": "hello", "ts": "1796000000.000100"}  # fmt: skip

        for _ in range(4):
            assert (await desk.event(event, "Ev77")).status_code == 200
        await desk.settled()

        assert len(desk.slack.said("chat.postMessage")) == 1


class TestBodies:
    async def test_given_a_challenge_when_signed_then_it_is_returned(self, desk: Desk) -> None:
        body = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "t"}).encode()

        answer = await desk.post(body, {**desk.signed(body), "Content-Type": "application/json"})

        assert answer.status_code == 200
        assert answer.json() == {"challenge": "c-1"}

    async def test_given_a_challenge_when_not_signed_then_401(self, desk: Desk) -> None:
        body = b'{"type":"url_verification","challenge":"c"}'

        assert (await desk.post(body, {})).status_code == 401

    async def test_given_a_check_of_the_certificate_when_posted_then_200(self, desk: Desk) -> None:
        assert (await desk.post(b"ssl_check=1&token=x", {})).status_code == 200

    async def test_given_broken_bodies_when_rightly_signed_then_400_each(self, desk: Desk) -> None:
        for body in BROKEN:
            assert (await desk.post(body)).status_code == 400, body[:40]

        assert await desk.slotbook.database.inbox.waiting() == 0

    async def test_given_a_body_too_long_when_posted_then_413(self, desk: Desk) -> None:
        body = b"a" * 1_000_001

        assert (await desk.post(body)).status_code == 413

    async def test_given_an_event_nobody_waits_for_when_delivered_then_200(
        self, desk: Desk
    ) -> None:
        assert (await desk.event({"type": "emoji_changed", "subtype": "add"})).status_code == 200
        await desk.settled()
        assert desk.slack.responses == []
