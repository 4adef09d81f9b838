"""One question to the Bot API before anything runs: whose token is this?"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from bots.telegram.api import is_on_this_machine

_PATIENCE = 15
"""Seconds; people wait for the answer at a terminal."""


class NoAnswer(Exception):
    """Nobody answered as the Bot API does; the text says how it failed, and never the address."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """What the Bot API says of a token."""

    name: str | None
    """The bot's name; None when the token was refused."""
    refusal: str
    its_time: datetime | None
    """What its clock showed."""


async def introduction_of(token: str, api_url: str) -> Introduction:
    """Ask whose token it is.

    Raises:
        NoAnswer: it cannot be reached, or something else answered.
    """
    trusting = not is_on_this_machine(api_url)
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=trusting) as client:
            answer = await client.get(f"{api_url}/bot{token}/getMe")
            body = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from None  # its text holds the address
    if not isinstance(body, dict) or "ok" not in body:
        raise NoAnswer(f"HTTP {answer.status_code}, not an answer of the Bot API")
    me = body.get("result")
    if body["ok"] is not True or not isinstance(me, dict):
        return Introduction(None, str(body.get("description", "")), _time_of(answer))
    return Introduction(str(me.get("username") or me.get("first_name")), "", _time_of(answer))


def _time_of(answer: httpx.Response) -> datetime | None:
    try:
        told = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return None
    return told if told.tzinfo is not None else None
