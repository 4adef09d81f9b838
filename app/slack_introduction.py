"""One question to Slack's Web API before anything runs: whose token is this?"""

from dataclasses import dataclass
from typing import Any

import httpx

from app.introduction import NoAnswer

_PATIENCE = 15
"""Seconds; people wait for the answer at a terminal."""


@dataclass(frozen=True, slots=True)
class SlackIntroduction:
    """What Slack says of a bot token."""

    team: str | None
    """The workspace's name; None when the token was refused."""
    user: str = ""
    refusal: str = ""


async def slack_introduction_of(bot_token: str, api_url: str) -> SlackIntroduction:
    """Ask which workspace a bot token (xoxb-...) is for.

    Raises:
        NoAnswer: it cannot be reached, or something else answered.
    """
    told = await _ask(api_url, "auth.test", bot_token)
    if told["ok"] is not True:
        return SlackIntroduction(None, refusal=str(told.get("error") or ""))
    return SlackIntroduction(str(told.get("team") or told["team_id"]), str(told.get("user") or ""))


async def socket_refusal_of(app_token: str, api_url: str) -> str | None:
    """Say why an app token (xapp-...) opens no socket; None when it does.

    Raises:
        NoAnswer: it cannot be reached, or something else answered.
    """
    told = await _ask(api_url, "apps.connections.open", app_token)
    return None if told["ok"] is True else str(told.get("error") or "refused")


async def _ask(api_url: str, method: str, token: str) -> dict[str, Any]:
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE) as client:
            answer = await client.post(
                f"{api_url.rstrip('/')}/{method}", headers={"Authorization": f"Bearer {token}"}
            )
            body = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from None
    if not isinstance(body, dict) or "ok" not in body:
        raise NoAnswer(f"HTTP {answer.status_code}, not an answer of Slack")
    return body
