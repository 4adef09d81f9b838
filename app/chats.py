"""The chat platforms that are configured, each imported only then."""

import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from app.services import Services
from app.settings import Settings
from bots.chat import Turn
from bots.intake import Adapter
from bots.router import Router
from bots.slack.surface import SlackSurfaces
from persistence.database import Database
from reminders.pace import Pace
from scheduling.access import ChannelAccess
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId
from scheduling.people import Platform
from scheduling.ports import Clock, Links, Messenger, Part

if TYPE_CHECKING:
    from bots.slack.face import SlackFace
    from bots.slack.installing import SlackInstalling
    from bots.telegram.face import TelegramFace


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatParts:
    """What every platform's face is built from."""

    settings: Settings
    database: Database
    services: Services
    router: Router
    surfaces: SlackSurfaces
    clock: Clock
    answer: Callable[[Turn], Awaitable[None]]
    wake: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Chats:
    """The faces of slotbook; at least one is there."""

    telegram: "TelegramFace | None"
    slack: "SlackFace | None"
    installing: "SlackInstalling | None" = None
    """Lets other workspaces add slotbook, where that is configured."""

    @property
    def faces(self) -> list[Part]:
        """Return the parts that keep connections."""
        return [face for face in (self.telegram, self.slack) if face is not None]

    @property
    def adapters(self) -> Mapping[Platform, Adapter]:
        """Return who handles what came in, by platform."""
        adapters: dict[Platform, Adapter] = {}
        if self.telegram is not None:
            adapters[Platform.TELEGRAM] = self.telegram
        if self.slack is not None:
            adapters[Platform.SLACK] = self.slack
        return adapters

    @property
    def messengers(self) -> Mapping[Platform, Messenger]:
        """Return who sends, by platform."""
        messengers: dict[Platform, Messenger] = {}
        if self.telegram is not None:
            messengers[Platform.TELEGRAM] = self.telegram.messenger
        if self.slack is not None:
            messengers[Platform.SLACK] = self.slack.messenger
        return messengers

    @property
    def linked(self) -> Mapping[Platform, Links]:
        """Return who makes links, by platform."""
        links: dict[Platform, Links] = {}
        if self.telegram is not None:
            links[Platform.TELEGRAM] = self.telegram
        if self.slack is not None:
            links[Platform.SLACK] = self.slack
        return links

    @property
    def paces(self) -> Mapping[Platform, Pace]:
        """Return how fast each platform may be written to."""
        return {platform: _PACES[platform]() for platform in self.messengers}

    def deep_link(
        self, payload: str, organization_id: OrganizationId = DEFAULT_ORGANIZATION
    ) -> str:
        """Return the address that leads into an organization's chat: Telegram's open the payload.

        The bot in Telegram is the first organization's.

        Raises:
            DeliveryDeferred: the chat platform has not told yet who we are.
        """
        if self.telegram is not None and organization_id == DEFAULT_ORGANIZATION:
            return self.telegram.deep_link(payload)
        if self.slack is None:
            raise LookupError("no chat platform is configured")
        return self.slack.deep_link(payload, organization_id)


def slack_pace() -> Pace:
    """Return Slack's pace: a message a second and channel with short bursts, and one for all."""
    from bots.slack.places import is_shared

    return Pace(
        chat_interval=timedelta(seconds=1),
        chat_burst=4,
        group_interval=timedelta(seconds=1),
        group_burst=4,
        bot_interval=timedelta(milliseconds=50),
        bot_burst=30,
        is_group=is_shared,
        refresh_interval=timedelta(seconds=1.2),
        refresh_burst=20,
    )


_PACES: Mapping[Platform, Callable[[], Pace]] = {
    Platform.TELEGRAM: Pace,
    Platform.SLACK: slack_pace,
}


def build_chats(parts: ChatParts) -> Chats:
    """Build the faces of the platforms whose tokens are set."""
    settings = parts.settings
    slack = _slack(parts) if settings.has_slack else None
    return Chats(
        telegram=_telegram(parts) if settings.telegram_token is not None else None,
        slack=slack,
        installing=_installing(parts, slack) if slack else None,
    )


def _telegram(parts: ChatParts) -> "TelegramFace":
    from bots.telegram.adapter import Surroundings
    from bots.telegram.face import TelegramConfig, TelegramFace

    settings, database = parts.settings, parts.database
    token, secret = settings.telegram_token, settings.telegram_webhook_secret
    # One process at a time owns an SQLite file, so it may take its own lease again at once.
    alone = database.dialect == "sqlite"
    return TelegramFace(
        TelegramConfig(
            token=token.get_secret_value() if token else "",
            holder="the-only-process" if alone else f"{socket.gethostname()}:{os.getpid()}",
            api_url=settings.telegram_api_url,
            webhook_url=settings.telegram_webhook_url,
            webhook_secret=secret.get_secret_value() if secret else None,
        ),
        Surroundings(
            organization_id=DEFAULT_ORGANIZATION,
            clock=parts.clock,
            people=parts.services.people,
            queries=database.queries,
            outbox=database.outbox,
            router=parts.router,
            answer=parts.answer,
            move_group=parts.services.sessions.move_group,
        ),
        inbox=database.inbox,
        leases=database.leases,
        memory=database.memory,
        wake=parts.wake,
    )


def _slack(parts: ChatParts) -> "SlackFace":
    from bots.slack.adapter import Surroundings
    from bots.slack.face import SlackConfig, SlackFace, SlackPorts

    settings, database = parts.settings, parts.database
    bot, app = settings.slack_bot_token, settings.slack_app_token
    signing = settings.slack_signing_secret
    return SlackFace(
        SlackConfig(
            bot_token=bot.get_secret_value() if bot else None,
            app_token=app.get_secret_value() if app else None,
            signing_secret=signing.get_secret_value() if signing else None,
            api_url=settings.slack_api_url,
            public_url=settings.public_url,
        ),
        Surroundings(
            clock=parts.clock,
            people=parts.services.people,
            router=parts.router,
            answer=parts.answer,
            surfaces=parts.surfaces,
            installations=database.installations if settings.slack_client_id else None,
        ),
        SlackPorts(
            inbox=database.inbox,
            memory=database.memory,
            queries=database.queries,
            drafts=database.drafts,
            profiles=database.profiles,
            access=ChannelAccess(
                database.store,
                database.queries,
                database.guest_channels,
                database.profiles,
                parts.clock,
            ),
        ),
        wake=parts.wake,
    )


def _installing(parts: ChatParts, slack: "SlackFace") -> "SlackInstalling | None":
    settings = parts.settings
    client_id, secret = settings.slack_client_id, settings.slack_client_secret
    if client_id is None or secret is None or settings.public_url is None:
        return None
    from bots.slack.installing import AppCredentials, SlackInstalling
    from bots.slack.manifest import REDIRECT_PATH, SCOPES

    return SlackInstalling(
        AppCredentials(
            client_id=client_id,
            client_secret=secret.get_secret_value(),
            redirect_uri=f"{settings.public_url}{REDIRECT_PATH}",
            scopes=SCOPES,
            slack_url=urljoin(f"{settings.slack_api_url.rstrip('/')}/", ".."),
        ),
        parts.database.installations,
        slack.workspaces,
        parts.services.people,
        slack.client,
        parts.clock,
    )
