"""`slotbook setup`: from nothing to a bot that answers; repeatable."""

import asyncio
import os
from pathlib import Path

import typer
from dotenv import dotenv_values, set_key
from pydantic import SecretStr

from app.introduction import NoAnswer, introduction_of
from app.serve import stop_on_signals
from app.settings import PREFIX, Settings, load_settings
from app.wiring import Slotbook, running_slotbook
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.people import Role

_WATCH = 0.5


async def setup(env_file: Path) -> None:
    """Ask for the token, check it by a real call, write it down, and make the first one admin.

    The token is asked for on the terminal without echo. ``env_file`` is written so that only its
    owner can read it; what else it holds stays.

    Raises:
        SettingsError: another setting is wrong.
    """
    name = await _ask_token(env_file)
    settings = load_settings(env_file)
    typer.echo(f"Written to {env_file}. Setting up @{name} ...")
    stop = stop_on_signals()
    async with running_slotbook(settings) as slotbook:
        typer.echo(f"Your bot answers now: https://t.me/{name}")
        typer.echo("Open it on your phone and press START: the first new person becomes admin.")
        typer.echo("(Who has written to it before is made admin by `slotbook admin grant`.)")
        person = await _first_person(slotbook, stop)
        if person is None:
            return
        typer.echo(f"{person} is admin now. End this with Ctrl+C and run `slotbook run`.")
        await stop.wait()


async def _ask_token(env_file: Path) -> str:
    known = dotenv_values(env_file).get(f"{PREFIX}TELEGRAM_TOKEN")
    typer.echo("1. In Telegram open @BotFather, send /newbot, follow it, and copy the token.")
    while True:
        hint = " (Enter keeps the present one)" if known else ""
        typed = typer.prompt(
            f"2. Paste the token{hint}", default=known or "", hide_input=True, show_default=False
        )
        token = str(typed).strip()
        try:
            settings = Settings(telegram_token=SecretStr(token))
        except ValueError:
            typer.echo("That is not a token. It looks like 123456:ABC-DEF...")
            continue
        if name := await _bot_name(settings, token):
            _write(env_file, token)
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


def _write(env_file: Path, token: str) -> None:
    if not env_file.exists():
        os.close(os.open(env_file, os.O_CREAT | os.O_WRONLY, 0o600))
    set_key(env_file, f"{PREFIX}TELEGRAM_TOKEN", token, quote_mode="never")
    env_file.chmod(0o600)


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
