"""Slack's settings: a wrong one stops the start with its name; secrets stay out of logs."""

import io
import logging
from pathlib import Path

import pytest

from app.logs import Redactor, configure_logging
from app.settings import Settings, SettingsError, load_settings
from app.slack_manifest import manifest_text

TOKEN, APP, SECRET = "xoxb-123456-abcdefgh", "xapp-1-A0-1-abcdef", "0123456789abcdef"


def _load(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    for name, value in given.items():
        monkeypatch.setenv(f"SLOTBOOK_{name}", value)
    return load_settings(Path("no-such.env"))


class TestSettings:
    def test_given_http_without_a_secret_when_loaded_then_it_says_what_is_missing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(SettingsError, match=r"SLOTBOOK_SLACK_SIGNING_SECRET.*SLACK_APP_TOKEN"):
            _load(monkeypatch, SLACK_BOT_TOKEN=TOKEN)

    @pytest.mark.parametrize(
        ("name", "value"),
        [("SLACK_BOT_TOKEN", "123:abc"), ("SLACK_APP_TOKEN", TOKEN), ("SLACK_API_URL", "slack")],
    )
    def test_given_a_wrong_value_when_loaded_then_it_is_named_and_not_shown(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        with pytest.raises(SettingsError, match=f"SLOTBOOK_{name}") as stopped:
            _load(monkeypatch, **{name: value})

        assert value not in str(stopped.value) or value == "slack"

    def test_given_oauth_without_the_rest_when_loaded_then_each_is_named(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(SettingsError, match=r"CLIENT_SECRET.*SECRET_KEY.*PUBLIC_URL"):
            _load(monkeypatch, SLACK_CLIENT_ID="1.2", SLACK_SIGNING_SECRET=SECRET)

    def test_given_a_file_when_loaded_then_the_secret_is_read_from_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "token").write_text(TOKEN + "\n")

        settings = _load(
            monkeypatch,
            SLACK_BOT_TOKEN_FILE=str(tmp_path / "token"),
            SLACK_SIGNING_SECRET=SECRET,
        )

        assert settings.slack_bot_token is not None
        assert settings.slack_bot_token.get_secret_value() == TOKEN
        assert settings.has_slack


class TestLogs:
    def test_given_slacks_secrets_when_logged_then_none_is_written(self) -> None:
        out = io.StringIO()
        configure_logging("DEBUG", "json", [SECRET], out)
        hook = "https://hooks.slack.com/actions/T1/2/Zyx987654"

        logging.getLogger("anything").warning("%s %s %s %s", TOKEN, APP, SECRET, hook)
        logging.getLogger("slack_sdk.web").info("url %s", hook)

        said = out.getvalue()
        assert "hooks.slack.com/actions/[token]" in said
        for secret in (TOKEN[5:], APP[5:], SECRET, "Zyx987654"):
            assert secret not in said

    def test_given_an_address_of_socket_mode_when_redacted_then_its_ticket_is_gone(self) -> None:
        said = Redactor()("cannot open wss://wss-primary.slack.com/link/?ticket=abc&app_id=1")

        assert "abc" not in said


class TestManifest:
    def test_given_no_address_when_printed_then_socket_mode(self) -> None:
        text = manifest_text(None)

        assert '"socket_mode_enabled": true' in text
        assert "request_url" not in text
        assert '"/slotbook"' in text

    def test_given_an_address_when_printed_then_everything_comes_there(self) -> None:
        text = manifest_text("https://book.example/")

        assert text.count("https://book.example/slack/events") >= 6
        assert '"socket_mode_enabled": false' in text

    def test_given_an_unsafe_address_when_printed_then_refused(self) -> None:
        with pytest.raises(ValueError, match="https"):
            manifest_text("http://book.example")
