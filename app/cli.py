"""The command line. Everything heavy is imported by the command that needs it."""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from app.settings import Settings
    from app.wiring import Role

app = typer.Typer(
    name="slotbook",
    help="Booking inside the chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
admin = typer.Typer(help="Roles and invite codes, from the shell.", no_args_is_help=True)
app.add_typer(admin, name="admin")


class _Stopped(Exception):
    """Something the person who hosts can mend; its text says how."""


def main() -> None:
    """Run the command line; a fault that can be mended is one sentence and exit code 1."""
    try:
        app()
    except _Stopped as error:
        print(error, file=sys.stderr)  # noqa: T201  # the command line's own voice
        sys.exit(1)


@app.command()
def run(
    only: Annotated[
        str | None,
        typer.Option(
            help="Split the work (PostgreSQL): telegram, slack, web, dispatch, by commas."
        ),
    ] = None,
) -> None:
    """Run slotbook with every chat platform whose token is set."""
    settings = _settings()
    _logging(settings)
    from app.serve import serve

    _run(serve(settings, _roles(only)))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")] = 8484,
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew.")] = False,
) -> None:
    """Try everything on a page, without any token or account."""
    from app.demo import demo as run_demo

    _run(run_demo(port=port, reset=reset))


@app.command()
def setup() -> None:
    """Go live: asks for the bot token, checks it, writes .env; safe to repeat."""
    from app.setup import setup as run_setup

    _run(run_setup(Path(".env")))


@app.command("slack-manifest")
def slack_manifest(
    url: Annotated[
        str | None,
        typer.Option(help="Public https address of slotbook; without it, Socket Mode."),
    ] = None,
) -> None:
    """Print the app manifest to paste at api.slack.com/apps, Create New App, From a manifest."""
    from app.slack_manifest import manifest_text

    try:
        text = manifest_text(url)
    except ValueError as error:
        raise _Stopped(str(error)) from None
    print(text)  # noqa: T201  # what was asked for


@app.command()
def migrate() -> None:
    """Bring the database to the present schema."""
    settings = _settings()
    _logging(settings)
    from app.database import migrate as run_migrate

    _run(run_migrate(settings))


@app.command()
def seed() -> None:
    """Add sample coaches with hours and event types; repeating it changes nothing."""
    settings = _settings()
    _logging(settings)
    from app.database import seed_samples

    _run(seed_samples(settings))


@app.command()
def doctor() -> None:
    """Check settings, token, database, clock and zone data; exit code 1 on trouble."""
    settings = _settings()
    from app.doctor import examine

    if not _run(examine(settings)):
        raise typer.Exit(1)


@admin.command("list")
def list_roles() -> None:
    """Show who is coach or admin."""
    from app.admin import show_roles

    _run(show_roles(_settings()))


@admin.command()
def grant(
    account: Annotated[str, typer.Argument(help="telegram:123, or the person's id")],
    role: Annotated[str, typer.Argument(help="coach or admin")] = "admin",
) -> None:
    """Give somebody a role."""
    from app.admin import change_role

    _run(change_role(_settings(), account, role, give=True))


@admin.command()
def revoke(
    account: Annotated[str, typer.Argument(help="telegram:123, or the person's id")],
    role: Annotated[str, typer.Argument(help="coach or admin")] = "admin",
) -> None:
    """Take a role away."""
    from app.admin import change_role

    _run(change_role(_settings(), account, role, give=False))


@admin.command()
def invite(
    days: Annotated[int, typer.Option(help="How long the code is good for.", min=1)] = 7,
) -> None:
    """Print a code that makes one person a coach."""
    from app.admin import print_invite

    _run(print_invite(_settings(), days))


def _settings() -> "Settings":
    from app.settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        raise _Stopped(str(error)) from None


def _logging(settings: "Settings") -> None:
    from app.logs import configure_logging
    from app.settings import SECRETS

    given = (getattr(settings, name) for name in SECRETS if name != "database_url")
    secrets = [secret.get_secret_value() for secret in given if secret]
    configure_logging(settings.log_level, settings.log_format, secrets)


def _roles(only: str | None) -> "frozenset[Role]":
    from app.wiring import Role

    if only is None:
        return frozenset(Role)
    try:
        return frozenset(Role(name.strip()) for name in only.split(","))
    except ValueError:
        known = ", ".join(Role)
        raise _Stopped(f"--only takes {known}, by commas") from None


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    from app.faults import explained

    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        sys.exit(130)
    except explained() as fault:
        from app.faults import sentence

        raise _Stopped(sentence(fault)) from fault
