"""Settings: environment or .env, prefix SLOTBOOK_, each secret also as <NAME>_FILE."""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.durations import parse_duration
from scheduling.policy import CoachSignUp, Policy, StudentsPolicy

PREFIX = "SLOTBOOK_"
SECRETS = (
    "telegram_token", "telegram_webhook_secret", "database_url", "slack_bot_token",
    "slack_app_token", "slack_signing_secret", "slack_client_secret", "secret_key",
)  # fmt: skip

_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{3,}", re.ASCII)
# A driver is slotbook's business; one that is named is passed over.
_DATABASE = re.compile(r"sqlite(\+\w+)?:///|postgres(ql)?(\+\w+)?://", re.ASCII)
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_SLACK_TOKEN = re.compile(r"xox[a-z.]{1,9}-[A-Za-z0-9_.-]{3,}", re.ASCII)
_SLACK_APP_TOKEN = re.compile(r"xapp-[A-Za-z0-9_.-]{3,}", re.ASCII)
_ADMIN = re.compile(r"telegram:\d+|slack:[A-Z0-9]+:[A-Z0-9]+", re.ASCII)


def _length(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


def _not_negative(value: timedelta) -> timedelta:
    if value < timedelta():
        raise ValueError("a length of time is not negative")
    return value


Length = Annotated[timedelta, BeforeValidator(_length), AfterValidator(_not_negative)]


class SettingsError(Exception):
    """A setting cannot be taken; the text names it and says what it takes, never its value."""


class Settings(BaseSettings):
    """Everything the person who hosts slotbook may set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: SecretStr = SecretStr("sqlite:///slotbook.db")
    """sqlite:///relative.db, sqlite:////absolute.db or postgresql://user:password@host/name."""
    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_url: str | None = None
    """Public https address of /telegram/webhook; without it slotbook polls."""
    telegram_webhook_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    """Of the one workspace slotbook is installed in by hand (xoxb-...)."""
    slack_app_token: SecretStr | None = None
    """Opens Socket Mode (xapp-...), which needs no public address."""
    slack_signing_secret: SecretStr | None = None
    """Proves that requests over HTTP are Slack's."""
    slack_api_url: str = "https://slack.com/api/"
    slack_client_id: str | None = None
    """With the next one and PUBLIC_URL, workspaces may install slotbook by themselves."""
    slack_client_secret: SecretStr | None = None
    secret_key: SecretStr | None = None
    """Seals the tokens of those workspaces."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None
    """Address under which people reach the pages and feeds, such as https://book.example."""
    admins: Annotated[frozenset[str], NoDecode] = frozenset()
    coach_signup: CoachSignUp | None = None
    """open, invite or approval; by default open, and approval once there are admins."""
    students: StudentsPolicy = StudentsPolicy.OPEN
    log_level: str = "INFO"
    log_format: str = "auto"
    """auto (coloured on a terminal, else JSON), json or text."""

    hold_ttl: Length = timedelta(minutes=5)
    pending_ttl: Length = timedelta(hours=24)
    pending_lead: Length = timedelta(hours=2)
    offer_ttl: Length = timedelta(minutes=15)
    cutoff: Length = timedelta(hours=4)
    undo_ttl: Length = timedelta(seconds=60)
    reminders: Annotated[tuple[timedelta, ...], NoDecode] = (
        timedelta(hours=24),
        timedelta(hours=1),
        timedelta(minutes=10),
    )
    tick: Length = timedelta(seconds=1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment, then .env, then the files that either of them names."""
        env_file = getattr(dotenv_settings, "env_file", None)
        in_file = dotenv_values(env_file) if env_file else {}
        files = {**in_file, **os.environ}
        return init_settings, env_settings, dotenv_settings, _SecretFiles(settings_cls, files)

    @field_validator("admins", mode="before")
    @classmethod
    def _admins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        names = [name.strip() for name in value.split(",") if name.strip()]
        for name in names:
            if not _ADMIN.fullmatch(name):
                raise ValueError("write it like telegram:123,slack:T1:U1")
        return frozenset(names)

    @field_validator("reminders", mode="before")
    @classmethod
    def _reminders(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        leads = {parse_duration(part) for part in value.split(",") if part.strip()}
        if any(lead <= timedelta() for lead in leads):
            raise ValueError("a reminder comes before the start: write it like 24h,1h,10m")
        return tuple(sorted(leads, reverse=True))

    @field_validator("log_level", mode="before")
    @classmethod
    def _log_level(cls, value: object) -> str:
        level = str(value).upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
            raise ValueError("takes DEBUG, INFO, WARNING, ERROR or CRITICAL")
        return level

    @field_validator("log_format")
    @classmethod
    def _log_format(cls, value: str) -> str:
        if value not in {"auto", "json", "text"}:
            raise ValueError("takes auto, json or text")
        return value

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: SecretStr) -> SecretStr:
        if not _DATABASE.match(value.get_secret_value()):
            raise ValueError("takes sqlite:///file.db or postgresql://user:password@host/name")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is not a bot token; BotFather writes it like 123456:ABC...")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("takes 1 to 256 letters, digits, '_' or '-'")
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _slack_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SLACK_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is not a bot token; Slack writes it like xoxb-...")
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _slack_app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SLACK_APP_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is not an app-level token; Slack writes it like xapp-...")
        return value

    @field_validator("telegram_api_url", "public_url", "telegram_webhook_url", "slack_api_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://[^/\s]+", value):
            raise ValueError("takes an address that begins with https:// (or http://)")
        return value.rstrip("/") if value is not None else None

    @model_validator(mode="after")
    def _webhook_needs_secret(self) -> Self:
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            raise ValueError(
                f"{PREFIX}TELEGRAM_WEBHOOK_URL needs {PREFIX}TELEGRAM_WEBHOOK_SECRET: without a "
                "secret anybody could write to the webhook"
            )
        return self

    @model_validator(mode="after")
    def _slack_needs_a_way_in(self) -> Self:
        if not self.has_slack:
            return self
        if not self.slack_app_token and not self.slack_signing_secret:
            raise ValueError(
                f"Slack needs {PREFIX}SLACK_SIGNING_SECRET for requests over HTTP, or "
                f"{PREFIX}SLACK_APP_TOKEN for Socket Mode: without either nobody's requests come "
                "in, or anybody's"
            )
        if not self.slack_client_id:
            return self
        needed = {
            "SLACK_CLIENT_SECRET": self.slack_client_secret,
            "SECRET_KEY": self.secret_key,
            "PUBLIC_URL": self.public_url,
            "SLACK_SIGNING_SECRET": self.slack_signing_secret,
        }
        if missing := [PREFIX + name for name, value in needed.items() if not value]:
            raise ValueError(f"{PREFIX}SLACK_CLIENT_ID needs {', '.join(missing)} too")
        return self

    @property
    def has_slack(self) -> bool:
        """Say whether Slack is configured: one workspace by token, or many by OAuth."""
        return self.slack_bot_token is not None or self.slack_client_id is not None

    @property
    def policy(self) -> Policy:
        """Return the lives and limits as the core takes them."""
        by_default = CoachSignUp.APPROVAL if self.admins else CoachSignUp.OPEN
        return Policy(
            hold_ttl=self.hold_ttl,
            pending_ttl=self.pending_ttl,
            pending_lead=self.pending_lead,
            cut_off=self.cutoff,
            undo_ttl=self.undo_ttl,
            reminders=self.reminders,
            offer_ttl=self.offer_ttl,
            coach_sign_up=self.coach_signup or by_default,
            students=self.students,
        )


class _SecretFiles(PydanticBaseSettingsSource):
    """Takes a setting's value from the file that ``<NAME>_FILE`` names."""

    def __init__(self, settings: type[BaseSettings], files: Mapping[str, str | None]) -> None:
        super().__init__(settings)
        self._files = files

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the file's content, if the setting has one."""
        setting = f"{PREFIX}{field_name.upper()}_FILE"
        path = self._files.get(setting)
        return (_read_secret(setting, Path(path)) if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return every secret that is given by a file."""
        found = {name: self.get_field_value(FieldInfo(), name)[0] for name in SECRETS}
        return {name: value for name, value in found.items() if value is not None}


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """Read the settings: the environment first, then ``env_file``, then ``*_FILE`` secrets.

    Raises:
        SettingsError: a value cannot be taken; the message names the setting.
    """
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _read_secret(setting: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{setting}: the file cannot be read ({type(error).__name__})"
        ) from None


def _explain(error: ValidationError) -> str:
    lines = []
    for fault in error.errors(include_input=False, include_context=False, include_url=False):
        where = f"{PREFIX}{str(fault['loc'][0]).upper()}: " if fault["loc"] else ""
        lines.append(where + fault["msg"].removeprefix("Value error, "))
    return "\n".join(lines)
