"""`slotbook setup` for Slack, as somebody at a terminal goes through it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import typer
from dotenv import dotenv_values
from typer.testing import CliRunner, Result

from app.slack_setup import ask_slack
from fake_slack import APP_TOKEN, TOKEN, FakeSlack, fake_slack

SECRET = "0123456789abcdef0123456789abcdef"
ADDRESS, BOT, APP, SIGNING = (
    f"SLOTBOOK_{name}"
    for name in ("PUBLIC_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack that knows one bot token and one app token."""
    async with fake_slack() as fake:
        yield fake


async def goes_through(slack: FakeSlack, env_file: Path, *lines: str) -> Result:
    """Type these lines at the questions."""
    app = typer.Typer()

    @app.command()
    def run() -> None:
        typer.echo(f"for {asyncio.run(ask_slack(env_file))}")

    typed = "".join(f"{line}\n" for line in lines)
    environment = {"SLOTBOOK_SLACK_API_URL": slack.url}
    # In a thread: the terminal waits for its own loop, and the Slack it asks runs on ours.
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, [], typed, environment))


class TestAskSlack:
    async def test_given_good_tokens_when_typed_then_they_are_written_for_the_owner_alone(
        self, slack: FakeSlack, tmp_path: Path
    ) -> None:
        env_file = tmp_path / ".env"
        env_file.write_text("SLOTBOOK_TICK=2s\n")
        env_file.chmod(0o644)

        done = await goes_through(slack, env_file, "", TOKEN, APP_TOKEN)

        assert done.exit_code == 0, done.output
        assert "https://api.slack.com/apps?new_app=1" in done.output
        assert '"socket_mode_enabled": true' in done.output
        assert done.output.endswith("for Acme\n")
        assert TOKEN not in done.output
        written = {BOT: TOKEN, APP: APP_TOKEN, "SLOTBOOK_TICK": "2s"}
        assert dotenv_values(env_file) == written
        assert env_file.stat().st_mode & 0o777 == 0o600

    async def test_given_wrong_tokens_when_typed_then_asked_again_and_told_why(
        self, slack: FakeSlack, tmp_path: Path
    ) -> None:
        env_file = tmp_path / ".env"
        answers = ("", "xoxp-user", "xoxb-wrong", TOKEN, "nonsense", "xapp-wrong", APP_TOKEN)

        done = await goes_through(slack, env_file, *answers)

        assert "That is not a bot token. It begins with xoxb-." in done.output
        assert "Slack does not know this token (invalid_auth)." in done.output
        assert "That is not an app-level token." in done.output
        assert "Slack opens no connection for it (invalid_auth)." in done.output
        assert dotenv_values(env_file) == {BOT: TOKEN, APP: APP_TOKEN}

    async def test_given_slack_away_when_a_token_is_typed_then_nothing_is_written(
        self, slack: FakeSlack, tmp_path: Path
    ) -> None:
        slack.faults["auth.test"] = [503]
        done = await goes_through(slack, tmp_path / ".env", "", TOKEN)
        assert "Slack cannot be reached" in done.output
        assert done.exit_code != 0  # nobody typed on
        assert not (tmp_path / ".env").exists()

    async def test_given_no_app_token_when_entered_then_the_secret_of_http_is_asked_for(
        self, slack: FakeSlack, tmp_path: Path
    ) -> None:
        env_file = tmp_path / ".env"
        done = await goes_through(slack, env_file, "", TOKEN, "", "not a secret", SECRET)
        assert "That is not a signing secret." in done.output
        assert dotenv_values(env_file) == {BOT: TOKEN, SIGNING: SECRET}

    async def test_given_an_address_when_typed_then_the_manifest_is_for_it(
        self, slack: FakeSlack, tmp_path: Path
    ) -> None:
        env_file = tmp_path / ".env"
        address = "https://book.example"
        done = await goes_through(slack, env_file, "book.example", f"{address}/", TOKEN, SECRET)
        assert "It begins with https://." in done.output
        assert f"{address}/slack/events" in done.output
        assert dotenv_values(env_file) == {ADDRESS: address, BOT: TOKEN, SIGNING: SECRET}

    async def test_given_it_was_done_when_repeated_with_enter_then_everything_stays(
        self, slack: FakeSlack, tmp_path: Path
    ) -> None:
        env_file = tmp_path / ".env"
        await goes_through(slack, env_file, "", TOKEN, APP_TOKEN)
        before = env_file.read_text()

        done = await goes_through(slack, env_file, "", "", "")

        assert done.exit_code == 0, done.output
        assert "Enter keeps the present one" in done.output
        assert env_file.read_text() == before
