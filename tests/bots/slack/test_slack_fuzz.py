"""Thousands of spoilt requests, rightly signed: never a 5xx, never an error nobody handled."""

import copy
import json
import logging
import random
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from bots.callback_data import encode
from fake_slack import TEAM
from persistence.tables import inbox
from scheduling.messages import Action
from slack_desk import Desk

COUNT = 5_000
_WEIRD: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, "", " ", "\x00", "\ud800", "a" * 5000, "<!channel>", "U0ANA",
    "D0BO", "C0DESIGN", [], {}, [[]], [None], {"id": None}, {"id": "U0BO"}, ["x"] * 30,
    "../../etc", "'; DROP TABLE people;--", "1.help..0.", "1.book.x.99999999.y", "sb.again",
    "type.nothing", "view:V1", "http://127.0.0.1:1/none", "🙂" * 40, "\u202e\u200b", float("nan"),
]  # fmt: skip
_BUTTON = encode(Action("x", "help", argument="me"))


def _interaction(**more: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": "U0BO", "username": "bo", "team_id": TEAM},
        "trigger_id": "1.2.3",
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "C0DESIGN",
                      "is_ephemeral": True},
        "channel": {"id": "C0DESIGN", "name": "design"},
        "actions": [{"type": "button", "action_id": f"{_BUTTON}~1", "block_id": "b",
                     "value": _BUTTON, "action_ts": "1.1"}],
        **more,
    }  # fmt: skip


_VIEW = {"id": "V1", "type": "modal", "callback_id": "sb.book", "hash": "1.x",
         "private_metadata": "{}", "root_view_id": "V1",
         "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": "x"}}}}}  # fmt: skip
SEEDS: list[dict[str, Any]] = [
    {"command": "/slotbook", "text": "help", "user_id": "U0BO", "team_id": TEAM,
     "channel_id": "C0DESIGN", "trigger_id": "1.2.3"},
    {"command": "/book", "text": "ana tue 15:00", "user_id": "U0ANA", "team_id": TEAM,
     "channel_id": "D0ANA", "trigger_id": "1.2.4", "enterprise_id": "", "response_url": ""},
    _interaction(),
    _interaction(actions=[{"type": "plain_text_input", "action_id": "type.d1", "value": "x"}]),
    _interaction(actions=[{"type": "overflow", "action_id": "more~1",
                           "selected_option": {"text": {}, "value": _BUTTON}}]),
    _interaction(actions=[{"type": "button", "action_id": "sb.again~1", "value":
                           '{"command":"/slotbook","text":"help"}'}]),
    _interaction(view=_VIEW, container={"type": "view", "view_id": "V1"}),
    {**_interaction(), "type": "view_submission", "view": _VIEW, "actions": []},
    {**_interaction(), "type": "view_closed", "view": _VIEW, "is_cleared": True},
    {**_interaction(), "type": "block_suggestion", "action_id": "sb.book.who", "value": "an"},
    {**_interaction(), "type": "shortcut", "callback_id": "sb.book"},
    {**_interaction(), "type": "message_action", "callback_id": "sb.session",
     "message": {"ts": "1.1", "user": "U0ANA", "text": "when? <@U0BO>"}},
    {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1",
     "event": {"type": "message", "channel_type": "im", "channel": "D0BO", "user": "U0BO",
               "text": "hi", "ts": "1.1"}},
    {"type": "event_callback", "team_id": TEAM, "event_id": "Ev2",
     "event": {"type": "app_home_opened", "user": "U0BO", "channel": "D0BO", "tab": "home"}},
    {"type": "event_callback", "team_id": TEAM, "event_id": "Ev3",
     "event": {"type": "user_change", "user": {"id": "U0BO", "team_id": TEAM, "tz": "x",
                                               "real_name": "Bo", "profile": {}}}},
    {"type": "event_callback", "team_id": TEAM, "event_id": "Ev4",
     "event": {"type": "member_joined_channel", "user": "U0BOT", "channel": "C0DESIGN",
               "inviter": "U0BO"}},
]  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(p for key in value for p in _places(value[key], (*path, key)))]
    if isinstance(value, list):
        return [path, *(p for at, one in enumerate(value) for p in _places(one, (*path, at)))]
    return [path]


def _spoil(seed: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    spoilt = copy.deepcopy(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        path = chance.choice([p for p in _places(spoilt) if p])
        holder: Any = spoilt
        for step in path[:-1]:
            holder = holder[step]
        match chance.randrange(4):
            case 0 if isinstance(holder, dict):
                del holder[path[-1]]
            case 1 if isinstance(holder, dict):
                holder[str(chance.choice(("type", "id", "user", "x" * 300)))] = copy.deepcopy(
                    holder[path[-1]]
                )
            case _:
                holder[path[-1]] = copy.deepcopy(chance.choice(_WEIRD))
    return spoilt


def _body(fields: dict[str, Any], chance: random.Random) -> bytes:
    if fields.get("type") == "event_callback" or chance.random() < 0.05:
        body = json.dumps(fields).encode()
    elif "command" in fields:
        body = urlencode({k: str(v).encode("utf-8", "replace") for k, v in fields.items()}).encode()
    else:
        body = urlencode({"payload": json.dumps(fields)}).encode()
    if chance.random() < 0.1:
        at = chance.randrange(len(body) + 1)
        body = body[:at] + bytes(chance.choices(range(128), k=3)) + body[at + 2 :]
    return body


class TestFuzz:
    @pytest.mark.slow
    async def test_given_5000_spoilt_requests_when_posted_then_all_end_well(
        self, desk: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        chance = random.Random(20261123)
        face = desk.slotbook.chats.slack
        assert face is not None
        events = face.events
        assert events is not None

        async def stored() -> int:
            row = await desk.slotbook.database.reader.first(
                select(func.max(inbox.c.id)).select_from(inbox)
            )
            return (row[0] if row else 0) or 0

        with caplog.at_level(logging.ERROR):
            for number in range(COUNT):
                body = _body(_spoil(chance.choice(SEEDS), chance), chance)
                before = await stored() if number % 5 == 0 else 0
                headers = {name.lower(): value for name, value in desk.signed(body).items()}
                if number % 25 == 0:  # the whole way, for some
                    status = (await desk.post(body)).status_code
                else:
                    status = (await events.receive(body, headers)).status
                assert status in {200, 400}, (status, body)
                if status == 400 and number % 5 == 0:
                    assert await stored() == before
            await desk.settled()

        # By level, whatever other tests have let the loggers say.
        errors = [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
        assert errors == []
