"""The part of `slotbook setup` that asks for Slack: a manifest to paste, then tokens to check."""

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import typer
from dotenv import dotenv_values

from app.env_file import write
from app.introduction import NoAnswer
from app.settings import PREFIX, Settings
from app.slack_introduction import slack_introduction_of, socket_refusal_of
from app.slack_manifest import registered
from bots.slack.manifest import manifest

_NEW_APP = "https://api.slack.com/apps?new_app=1"
_API_URL = f"{PREFIX}SLACK_API_URL"
Check = Callable[[str], Awaitable[str | None]]
"""Returns what is wrong with what was typed; None when all is well."""


async def ask_slack(env_file: Path) -> str:
    """Ask for what Slack needs, check it by real calls, write it down; return the team's name.

    What is there already is kept by Enter, so repeating it changes nothing.
    """
    known = dotenv_values(env_file)
    address = await _address(known.get(f"{PREFIX}PUBLIC_URL") or "")
    typer.echo(f"1. Open {_NEW_APP}, choose From a manifest, your workspace, and paste this:\n")
    typer.echo(json.dumps(manifest(await registered(), address or None), indent=2))
    typer.echo("\n2. Press Create, then Install to Workspace.")
    given = {**known, **os.environ}
    default = str(Settings.model_fields["slack_api_url"].default)
    slack = _Slack(given.get(_API_URL) or default)
    found: dict[str, str] = {f"{PREFIX}PUBLIC_URL": address} if address else {}
    name = f"{PREFIX}SLACK_BOT_TOKEN"
    where = "3. Paste the Bot User OAuth Token (OAuth & Permissions, xoxb-...)"
    found[name] = await _ask(where, known.get(name), slack.bot_fault)
    socket = f"{PREFIX}SLACK_APP_TOKEN"
    if not address:
        where = "4. Paste an App-Level Token with connections:write (Basic Information, xapp-...)"
        hint = "none if requests come over HTTP"
        found[socket] = await _ask(where, known.get(socket), slack.socket_fault, may_lack=hint)
    if not found.get(socket):
        name = f"{PREFIX}SLACK_SIGNING_SECRET"
        where = "4. Paste the Signing Secret (Basic Information, App Credentials)"
        found[name] = await _ask(where, known.get(name), _secret_fault)
    write(env_file, found)
    return slack.team


class _Slack:
    """What Slack says of tokens; ``team`` is known once a bot token was taken."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self.team = ""

    async def bot_fault(self, token: str) -> str | None:
        """Say what is wrong with a bot token."""
        if not token.startswith("xoxb-"):
            return "That is not a bot token. It begins with xoxb-."
        try:
            told = await slack_introduction_of(token, self._api_url)
        except NoAnswer as error:
            return f"Slack cannot be reached ({error}). Try again."
        if told.team is None:
            return f"Slack does not know this token ({told.refusal}). Copy it once more."
        self.team = told.team
        return None

    async def socket_fault(self, token: str) -> str | None:
        """Say what is wrong with an app-level token."""
        if not token.startswith("xapp-"):
            return "That is not an app-level token. It begins with xapp-."
        try:
            refusal = await socket_refusal_of(token, self._api_url)
        except NoAnswer as error:
            return f"Slack cannot be reached ({error}). Try again."
        return f"Slack opens no connection for it ({refusal}). Try again." if refusal else None


async def _address(known: str) -> str:
    async def fault(typed: str) -> str | None:
        return None if typed.startswith("https://") else "It begins with https://."

    asked = "Public https address of slotbook, if it has one"
    typed = await _ask(asked, known, fault, may_lack="none")
    return typed.rstrip("/")


async def _secret_fault(typed: str) -> str | None:
    right = typed.isascii() and typed.isalnum()
    return None if right else "That is not a signing secret. It is 32 letters and digits."


async def _ask(question: str, known: str | None, fault_of: Check, *, may_lack: str = "") -> str:
    """Ask until it is right; Enter keeps what is known, or leaves out what may lack."""
    keeps = "keeps the present one" if known else f"for {may_lack}" if may_lack else ""
    hint = f" (Enter {keeps})" if keeps else ""
    secret = not question.startswith("Public")
    default = known or ("" if may_lack else None)
    while True:
        typed = typer.prompt(
            f"{question}{hint}", default=default, hide_input=secret, show_default=False
        )
        text = str(typed).strip()
        if not text and may_lack:
            return ""
        fault = await fault_of(text)
        if fault is None:
            return text
        typer.echo(fault)
