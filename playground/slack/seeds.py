"""What the local Slack is told at its start: the workspace, its people, channels and the app."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

TEAM_ID = "T0PLAY"
BOT_USER_ID = "U0PLAYBOT"

#: What the app may do unless told otherwise: the scopes of every method that stands here.
ALL_SCOPES = (
    "app_mentions:read", "channels:join", "channels:read", "chat:write", "commands", "files:read",
    "files:write", "groups:read", "im:history", "im:read", "im:write", "links:read", "links:write",
    "mpim:read", "mpim:write", "team:read", "users:read", "users:read.email",
)  # fmt: skip

#: Event types the app hears of unless told otherwise.
ALL_EVENTS = (
    "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "link_shared",
    "member_joined_channel", "member_left_channel", "message.im", "team_join", "tokens_revoked",
    "user_change",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackUserSeed:
    """A person or bot in Slack. ``team_id`` None is the home team; ``tz`` None is unknown."""

    key: str
    user_id: str
    real_name: str
    display_name: str | None = None
    tz: str | None = "UTC"
    locale: str = "en-US"
    is_admin: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    team_id: str | None = None
    deleted: bool = False
    email: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackChannelSeed:
    """A channel; ``members`` are user keys, ``has_app`` says whether the app is in it.

    ``uploads`` False refuses files there, as a workspace's policy does.
    """

    key: str
    channel_id: str
    name: str
    members: tuple[str, ...] = ()
    is_private: bool = False
    has_app: bool = True
    is_ext_shared: bool = False
    is_archived: bool = False
    uploads: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackCommandSeed:
    """A slash command as the app's manifest declares it, ``command`` with its slash."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackShortcutSeed:
    """A shortcut as the app's manifest declares it; ``type`` is "global" or "message"."""

    callback_id: str
    name: str
    type: str = "global"
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackAppSeed:
    """The app that is installed in the workspace.

    ``events_url`` takes every HTTP delivery; ``options_url`` those of typeahead, the same
    address unless given. A command or shortcut that is not declared can be used all the same.
    """

    bot_token: str = "xoxb-0-playground"  # noqa: S105 - of a workspace that exists only here
    signing_secret: str = "0123456789abcdef0123456789abcdef"  # noqa: S105
    app_token: str | None = "xapp-1-playground"  # noqa: S105
    events_url: str | None = None
    options_url: str | None = None
    name: str = "slotbook"
    client_id: str | None = None
    client_secret: str | None = None
    app_id: str = "A0PLAY"
    bot_id: str = "B0PLAY"
    bot_user_id: str = BOT_USER_ID
    verification_token: str = "deprecated"  # noqa: S105
    scopes: tuple[str, ...] = ALL_SCOPES
    events: tuple[str, ...] = ALL_EVENTS
    unfurl_domains: tuple[str, ...] = ()
    commands: tuple[SlackCommandSeed, ...] = ()
    shortcuts: tuple[SlackShortcutSeed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackRate:
    """At most ``count`` calls within ``seconds``."""

    count: int
    seconds: float = 60.0


#: What Slack documents, per method; ``chat.postMessage`` counts by channel.
SLACK_RATES: Mapping[str, SlackRate] = {
    "chat.postMessage": SlackRate(count=4, seconds=4),
    "chat.update": SlackRate(count=50),
    "chat.delete": SlackRate(count=50),
    "chat.postEphemeral": SlackRate(count=100),
    "chat.unfurl": SlackRate(count=50),
    "views.open": SlackRate(count=100),
    "views.push": SlackRate(count=100),
    "views.update": SlackRate(count=100),
    "views.publish": SlackRate(count=100),
    "users.info": SlackRate(count=100),
    "users.list": SlackRate(count=20),
    "users.lookupByEmail": SlackRate(count=50),
    "conversations.open": SlackRate(count=50),
    "conversations.info": SlackRate(count=50),
    "conversations.members": SlackRate(count=100),
    "conversations.list": SlackRate(count=20),
    "files.getUploadURLExternal": SlackRate(count=100),
    "files.completeUploadExternal": SlackRate(count=100),
}

DEFAULT_SLACK_USERS = (
    SlackUserSeed(key="ana", user_id="U0ANA", real_name="Ana Ruiz", tz="Europe/Berlin",
                  is_admin=True, email="ana@acme.test"),
    SlackUserSeed(key="bo", user_id="U0BO", real_name="Bo Lind", tz="Europe/Berlin",
                  email="bo@acme.test"),
    SlackUserSeed(key="cem", user_id="U0CEM", real_name="Cem Aydin", tz="America/New_York",
                  email="cem@acme.test"),
)  # fmt: skip

DEFAULT_SLACK_CHANNELS = (
    SlackChannelSeed(
        key="design", channel_id="C0DESIGN", name="design", members=("ana", "bo", "cem")
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackConfig:
    """Everything about the workspace that can be set. Lengths of time are seconds.

    ``retry_pauses`` come before the repeats of an event that was not acknowledged.
    ``rates`` limits calls by method; none unless asked for. ``signed_at`` stamps signatures; it
    is the true time even where the playground's own clock is a test's.
    """

    team_id: str = TEAM_ID
    team_name: str = "Acme"
    team_domain: str = "acme"
    users: tuple[SlackUserSeed, ...] = DEFAULT_SLACK_USERS
    channels: tuple[SlackChannelSeed, ...] = DEFAULT_SLACK_CHANNELS
    app: SlackAppSeed = field(default_factory=SlackAppSeed)
    panes: tuple[str, ...] = ()
    uploads: bool = True
    ack_within: float = 3.0
    trigger_life: float = 3.0
    response_url_life: float = 1800.0
    response_url_uses: int = 5
    edit_window: float | None = None
    retry_pauses: tuple[float, ...] = (0.0, 60.0, 300.0)
    rates: Mapping[str, SlackRate] = field(default_factory=dict)
    upload_limit: int = 50 * 1024 * 1024
    deliveries_kept: int = 20_000
    calls_kept: int = 20_000
    signed_at: Callable[[], float] = time.time
