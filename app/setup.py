"""`slotbook setup`: from nothing to a bot that answers; repeatable."""

import asyncio
from pathlib import Path

import typer
from dotenv import dotenv_values
from pydantic import SecretStr

from app.env_file import write
from app.introduction import NoAnswer, introduction_of
from app.serve import stop_on_signals
from app.settings import PREFIX, Settings, load_settings
from app.slack_setup import ask_slack
from app.wiring import Slotbook, running_slotbook
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.people import Role

_WATCH = 0.5


async def setup(env_file: Path) -> None:
    """Ask which chats, and for their tokens, check those by real calls, and write them down.

    Then slotbook runs until somebody new writes to it, who is made admin. Tokens are asked for
    on the terminal without echo. ``env_file`` is written so that only its owner can read it;
    what else it holds stays.

    Raises:
        SettingsError: another setting is wrong.
    """
    chats = _ask_chats()
    ways: list[str] = []
    if "telegram" in chats:
        name = await _ask_token(env_file)
        ways.append(f"Telegram: open https://t.me/{name} and press START.")
    if "slack" in chats:
        team = await ask_slack(env_file)
        ways.append(f"Slack, in {team}: open slotbook under Apps, or type /slotbook.")
    settings = load_settings(env_file)
    typer.echo(f"Written to {env_file}. Setting up ...")
    stop = stop_on_signals()
    async with running_slotbook(settings) as slotbook:
        typer.echo("slotbook answers now. The first new person who writes becomes admin:")
        for way in ways:
            typer.echo(f"  {way}")
        typer.echo("(Who has written to it before is made admin by `slotbook admin grant`.)")
        person = await _first_person(slotbook, stop)
        if person is None:
            return
        typer.echo(f"{person} is admin now. End this with Ctrl+C and run `slotbook run`.")
        await stop.wait()


def _ask_chats() -> tuple[str, ...]:
    while True:
        typed = typer.prompt("Set up telegram, slack or both", default="both")
        match str(typed).strip().lower():
            case "telegram" | "slack" as one:
                return (one,)
            case "both":
                return ("telegram", "slack")


async def _ask_token(env_file: Path) -> str:
    known = dotenv_values(env_file).get(f"{PREFIX}TELEGRAM_TOKEN")
    typer.echo("In Telegram open @BotFather, send /newbot, follow it, and copy the token.")
    while True:
        hint = " (Enter keeps the present one)" if known else ""
        typed = typer.prompt(
            f"Paste the token{hint}", default=known or "", hide_input=True, show_default=False
        )
        token = str(typed).strip()
        try:
            settings = Settings(telegram_token=SecretStr(token))
        except ValueError:
            typer.echo("That is not a token. It looks like 123456:ABC-DEF...")
            continue
        if name := await _bot_name(settings, token):
            write(env_file, {f"{PREFIX}TELEGRAM_TOKEN": token})
            return name


async def _bot_name(settings: Settings, token: str) -> str | None:
    try:
        found = await introduction_of(token, settings.telegram_api_url)
    except NoAnswer as error:
        typer.echo(f"Telegram cannot be reached ({error}). Try again.")
        return None
    if found.name is None:
        typer.echo("Telegram does not know this token. Copy it once more.")
    return found.name


async def _first_person(slotbook: Slotbook, stop: asyncio.Event) -> str | None:
    """Wait for somebody new to press START, make them admin and return their name.

    Somebody who is admin already ends the wait at once: repeating the set-up changes no roles.
    Nor does anybody become admin for having booked before there was one.
    """
    queries, people = slotbook.database.queries, slotbook.services.people
    for person in await queries.with_roles(DEFAULT_ORGANIZATION):
        if person.is_admin:
            return person.name
    before = await queries.newest_person(DEFAULT_ORGANIZATION)
    while not stop.is_set():
        first = await queries.newest_person(DEFAULT_ORGANIZATION)
        if first is not None and (before is None or first.id != before.id):
            await people.grant(DEFAULT_ORGANIZATION, first.id, Role.ADMIN, None)
            return first.name
        try:
            await asyncio.wait_for(stop.wait(), _WATCH)
        except TimeoutError:
            continue
    return None
