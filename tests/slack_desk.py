"""slotbook running on Slack alone, and hands to act in it: signed requests over HTTP."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

from app.settings import Settings
from app.wiring import Slotbook, running_slotbook
from fake_slack import APP_TOKEN, SECRET, TEAM, TOKEN, FakeSlack
from running_clock import RunningClock

_PATIENCE = 10.0


def slack_settings(database_url: str, fake: FakeSlack, **more: Any) -> Settings:
    """Return the settings of slotbook on Slack alone, in HTTP mode."""
    return Settings(
        database_url=SecretStr(database_url),
        slack_bot_token=SecretStr(TOKEN),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=fake.url,
        http_port=0,
        **more,
    )


@dataclass
class Desk:
    """What tests hold: the fake Slack, slotbook, and a client that signs like Slack."""

    slack: FakeSlack
    slotbook: Slotbook
    clock: RunningClock
    client: httpx.AsyncClient
    team: str = TEAM
    _number: int = field(default=0)

    def trigger(self) -> str:
        """Return a trigger_id nobody had before."""
        self._number += 1
        return f"{self._number}.{1000 + self._number}.abcdef"

    def signed(self, body: bytes, at: float | None = None) -> dict[str, str]:
        """Return the headers Slack sends with a body."""
        timestamp = str(int(self.clock.seconds() if at is None else at))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body)
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature or "",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        """Post a body as it is, signed unless headers are given."""
        given = self.signed(body) if headers is None else headers
        return await self.client.post("/slack/events", content=body, headers=given)

    async def command(
        self,
        text: str = "",
        *,
        command: str = "/slotbook",
        user: str = "U0BO",
        channel: str = "C0DESIGN",
        **more: str,
    ) -> httpx.Response:
        """Type a slash command."""
        fields = {
            "command": command,
            "text": text,
            "user_id": user,
            "user_name": "somebody",
            "team_id": self.team,
            "channel_id": channel,
            "channel_name": "design",
            "response_url": self.slack.response_url("command"),
            "trigger_id": self.trigger(),
            "api_app_id": "A0",
            "token": "deprecated",
            **more,
        }
        return await self.post(urlencode(fields).encode())

    async def interact(self, payload: dict[str, Any]) -> httpx.Response:
        """Send an interaction."""
        return await self.post(urlencode({"payload": json.dumps(payload)}).encode())

    async def press(
        self,
        element: dict[str, Any],
        *,
        user: str = "U0BO",
        channel: str = "C0DESIGN",
        ephemeral: bool = True,
        ts: str = "1796000000.000001",
        **more: Any,
    ) -> httpx.Response:
        """Press a button as it was drawn (or pass ``selected_option`` of an overflow)."""
        action: dict[str, Any] = {
            "type": element.get("type", "button"),
            "action_id": element["action_id"],
            "block_id": "b1",
            "action_ts": "1.2",
            **{k: element[k] for k in ("value", "selected_option") if k in element},
        }
        container = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": ephemeral,
        }
        payload: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": self.team, "domain": "acme"},
            "user": {"id": user, "username": "x", "team_id": self.team},
            "api_app_id": "A0",
            "token": "deprecated",
            "container": container,
            "channel": {"id": channel, "name": "design"},
            "trigger_id": self.trigger(),
            "response_url": self.slack.response_url("press"),
            "actions": [action],
            **more,
        }
        if not ephemeral:
            payload["message"] = {"ts": ts, "type": "message", "text": "x"}
        return await self.interact(payload)

    async def event(
        self, event: dict[str, Any], event_id: str = "Ev1", *, at: float | None = None
    ) -> httpx.Response:
        """Deliver an event, of now or of another time."""
        body = json.dumps(
            {
                "type": "event_callback",
                "token": "deprecated",
                "team_id": self.team,
                "api_app_id": "A0",
                "event_id": event_id,
                "event_time": int(self.clock.seconds() if at is None else at),
                "event": event,
            }
        ).encode()
        return await self.post(body, {**self.signed(body), "Content-Type": "application/json"})

    async def settled(self) -> None:
        """Wait until everything that came in was handled."""
        inbox = self.slotbook.database.inbox
        for _ in range(int(_PATIENCE / 0.02)):
            if await inbox.waiting() == 0:
                return
            await self.pause()
        raise AssertionError("the inbox was not worked off")

    async def pause(self) -> None:
        """Let others go on."""
        from datetime import timedelta

        await self.clock.sleep(timedelta(milliseconds=20))


def buttons(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the buttons of a message by label."""
    return {
        element["text"]["text"]: element
        for block in message.get("blocks", ())
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    }


def words(message: dict[str, Any]) -> str:
    """Return what the sections of a message say."""
    return "\n".join(
        block["text"]["text"] for block in message.get("blocks", ()) if block["type"] == "section"
    )


@asynccontextmanager
async def running_desk(
    database_url: str, fake: FakeSlack, clock: RunningClock, *, socket: bool = False, **more: Any
) -> AsyncIterator[Desk]:
    """Run slotbook on Slack alone."""
    if socket:
        more["slack_app_token"] = SecretStr(APP_TOKEN)
    settings = slack_settings(database_url, fake, **more)
    async with running_slotbook(settings, clock=clock) as slotbook:
        web = slotbook.web
        assert web is not None
        # Longer than sixty at once take on a busy machine: how soon is for the benchmarks.
        async with httpx.AsyncClient(
            base_url=web.address or "", trust_env=False, timeout=60
        ) as client:
            yield Desk(fake, slotbook, clock, client)
