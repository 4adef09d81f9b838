"""`slotbook doctor`: what it says of tokens, and of names that are no settings."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.doctor import examine
from app.settings import Settings
from fake_slack import APP_TOKEN, SECRET, TOKEN, FakeSlack, fake_slack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack that knows one bot token and one app token."""
    async with fake_slack() as fake:
        yield fake


async def said(folder: Path, slack: FakeSlack | None = None, **more: str) -> tuple[bool, str]:
    """Return whether all is well, and what is said."""
    lines: list[str] = []
    given = {name: SecretStr(value) if "public" not in name else value
             for name, value in more.items()}  # fmt: skip
    settings = Settings(
        database_url=SecretStr(f"sqlite:///{folder / 'none.db'}"),
        slack_api_url=slack.url if slack else "http://127.0.0.1:9/",
        **given,  # type: ignore[arg-type]  # names and kinds as the settings have them
    )
    healthy = await examine(settings, lines.append, env_file=folder / ".env")
    return healthy, "\n".join(lines)


class TestChats:
    async def test_given_no_token_when_examined_then_trouble(self, tmp_path: Path) -> None:
        healthy, text = await said(tmp_path)
        assert not healthy
        assert "TROUBLE  chats: no token set: run `slotbook setup`" in text

    async def test_given_slack_alone_when_examined_then_well(
        self, tmp_path: Path, slack: FakeSlack
    ) -> None:
        healthy, text = await said(
            tmp_path, slack, slack_bot_token=TOKEN, slack_app_token=APP_TOKEN
        )
        assert healthy, text
        assert "answers in Acme" in text
        assert "slack requests: come by Socket Mode" in text
        assert "telegram" not in text
        assert TOKEN not in text

    async def test_given_slack_over_http_when_examined_then_where_requests_come_is_said(
        self, tmp_path: Path, slack: FakeSlack
    ) -> None:
        healthy, text = await said(
            tmp_path,
            slack,
            slack_bot_token=TOKEN,
            slack_signing_secret=SECRET,
            public_url="https://book.example",
        )
        assert healthy, text
        assert "https://book.example/slack/events" in text

    async def test_given_wrong_tokens_when_examined_then_each_is_trouble(
        self, tmp_path: Path, slack: FakeSlack
    ) -> None:
        healthy, text = await said(
            tmp_path, slack, slack_bot_token="xoxb-wrong", slack_app_token="xapp-wrong"
        )
        assert not healthy
        assert "TROUBLE  slack: refuses the bot token (invalid_auth)" in text
        assert "TROUBLE  slack requests: refuses the app token (invalid_auth)" in text

    async def test_given_slack_away_when_examined_then_trouble(self, tmp_path: Path) -> None:
        healthy, text = await said(tmp_path, slack_bot_token=TOKEN, slack_app_token=APP_TOKEN)
        assert not healthy
        assert "slack: cannot be reached (ConnectError)" in text


class TestNames:
    async def test_given_misspelt_names_when_examined_then_the_right_one_is_offered(
        self, tmp_path: Path, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SLOTBOOK_SLACK_BOT_TOKN", "xoxb-secret")
        (tmp_path / ".env").write_text(
            "SLOTBOOK_HTTP_PROT=1\nSLOTBOOK_ADMINS=\nSLOTBOOK_SECRET_KEY_FILE=\nOTHER=1\n"
        )

        healthy, text = await said(
            tmp_path, slack, slack_bot_token=TOKEN, slack_app_token=APP_TOKEN
        )

        assert healthy, text
        warnings = [line for line in text.splitlines() if "is no setting" in line]
        assert warnings == [
            "warning  settings: SLOTBOOK_HTTP_PROT is no setting; did you mean SLOTBOOK_HTTP_PORT?",
            "warning  settings: SLOTBOOK_SLACK_BOT_TOKN is no setting; "
            "did you mean SLOTBOOK_SLACK_BOT_TOKEN?",
        ]
        assert "xoxb-secret" not in text
