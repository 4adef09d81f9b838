"""Settings: what they take, and how they refuse."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.settings import SettingsError, load_settings
from scheduling.policy import CoachSignUp

TOKEN = "123456:" + "A" * 35
NO_FILE = Path("no-such.env")


def refusal_of(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(f"SLOTBOOK_{name}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings(NO_FILE)
    return str(refused.value)


class TestLoading:
    def test_given_nothing_then_sqlite_and_no_bot(self) -> None:
        settings = load_settings(NO_FILE)

        assert settings.database_url.get_secret_value() == "sqlite:///slotbook.db"
        assert settings.telegram_token is None
        assert settings.policy.coach_sign_up is CoachSignUp.OPEN

    def test_given_admins_then_coaches_need_their_yes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SLOTBOOK_ADMINS", "telegram:5, slack:T1:U1")

        settings = load_settings(NO_FILE)

        assert settings.admins == {"telegram:5", "slack:T1:U1"}
        assert settings.policy.coach_sign_up is CoachSignUp.APPROVAL

    def test_given_lengths_in_every_spelling_then_they_are_the_same_lengths(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SLOTBOOK_HOLD_TTL", "90s")
        monkeypatch.setenv("SLOTBOOK_CUTOFF", "2H")
        monkeypatch.setenv("SLOTBOOK_UNDO_TTL", "2.5")
        monkeypatch.setenv("SLOTBOOK_REMINDERS", "1m, 24h,120")

        policy = load_settings(NO_FILE).policy

        assert policy.hold_ttl == timedelta(seconds=90)
        assert policy.cut_off == timedelta(hours=2)
        assert policy.undo_ttl == timedelta(seconds=2.5)
        assert policy.reminders == (timedelta(days=1), timedelta(minutes=2), timedelta(minutes=1))

    def test_given_an_env_file_then_the_environment_wins_over_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        file = tmp_path / ".env"
        file.write_text("SLOTBOOK_HTTP_PORT=9001\nSLOTBOOK_TICK=3s\nOTHER=1\n")
        monkeypatch.setenv("SLOTBOOK_HTTP_PORT", "9002")

        settings = load_settings(file)

        assert (settings.http_port, settings.tick) == (9002, timedelta(seconds=3))

    def test_given_a_secret_in_a_file_then_it_is_read_from_there(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        secret = tmp_path / "token"
        secret.write_text(TOKEN + "\n")
        monkeypatch.setenv("SLOTBOOK_TELEGRAM_TOKEN_FILE", str(secret))

        token = load_settings(NO_FILE).telegram_token

        assert token is not None
        assert token.get_secret_value() == TOKEN

    @pytest.mark.parametrize(
        "url",
        [
            "sqlite:///a.db",
            "sqlite+aiosqlite:////data/a.db",
            "postgres://u:p@host/a",
            "postgresql+asyncpg://u:p@host/a",
        ],
    )
    def test_given_a_database_with_or_without_a_driver_then_it_is_taken(
        self, monkeypatch: pytest.MonkeyPatch, url: str
    ) -> None:
        monkeypatch.setenv("SLOTBOOK_DATABASE_URL", url)

        assert load_settings(NO_FILE).database_url.get_secret_value() == url


class TestRefusing:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("HOLD_TTL", "soon"),
            ("HTTP_PORT", "70000"),
            ("ADMINS", "ana"),
            ("REMINDERS", "0"),
            ("LOG_LEVEL", "LOUD"),
            ("DATABASE_URL", "mysql://x"),
            ("COACH_SIGNUP", "maybe"),
            ("PUBLIC_URL", "book.example"),
            ("TELEGRAM_API_URL", "ftp://x"),
        ],
    )
    def test_given_a_wrong_value_then_the_setting_is_named(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        assert f"SLOTBOOK_{name}" in refusal_of(monkeypatch, **{name: value})

    def test_given_a_broken_token_then_it_is_named_and_not_shown(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = refusal_of(monkeypatch, TELEGRAM_TOKEN="tooshort-secret")

        assert "SLOTBOOK_TELEGRAM_TOKEN" in said
        assert "tooshort" not in said

    def test_given_a_webhook_without_secret_then_it_does_not_start(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = refusal_of(monkeypatch, TELEGRAM_WEBHOOK_URL="https://book.example/telegram/webhook")

        assert "SLOTBOOK_TELEGRAM_WEBHOOK_SECRET" in said

    def test_given_a_secret_file_that_is_missing_then_its_setting_is_named(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        said = refusal_of(monkeypatch, TELEGRAM_TOKEN_FILE=str(tmp_path / "none"))

        assert "SLOTBOOK_TELEGRAM_TOKEN_FILE" in said
