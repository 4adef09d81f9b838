"""What the playground is told at its start. It invents nothing about the bot it serves."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playground.slack.seeds import (
    DEFAULT_SLACK_CHANNELS,
    DEFAULT_SLACK_USERS,
    SLACK_RATES,
    SlackAppSeed,
    SlackChannelSeed,
    SlackCommandSeed,
    SlackConfig,
    SlackRate,
    SlackShortcutSeed,
    SlackUserSeed,
)

__all__ = [
    "CITIES",
    "DEFAULT_SLACK_CHANNELS",
    "DEFAULT_SLACK_USERS",
    "DEFAULT_USERS",
    "SLACK_RATES",
    "TELEGRAM_FLOOD_LIMITS",
    "BotSeed",
    "City",
    "FloodLimits",
    "PlaygroundConfig",
    "Rate",
    "SlackAppSeed",
    "SlackChannelSeed",
    "SlackCommandSeed",
    "SlackConfig",
    "SlackRate",
    "SlackShortcutSeed",
    "SlackUserSeed",
    "Tour",
    "TourStep",
    "UserSeed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSeed:
    """A bot known before its first call; others appear when their token is first used."""

    token: str
    username: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A place a person can share as their location."""

    name: str
    latitude: float
    longitude: float


CITIES = (
    City(name="Lisbon", latitude=38.7223, longitude=-9.1393),
    City(name="London", latitude=51.5074, longitude=-0.1278),
    City(name="Berlin", latitude=52.5200, longitude=13.4050),
    City(name="Kyiv", latitude=50.4501, longitude=30.5234),
    City(name="Dubai", latitude=25.2048, longitude=55.2708),
    City(name="Mumbai", latitude=19.0760, longitude=72.8777),
    City(name="Singapore", latitude=1.3521, longitude=103.8198),
    City(name="Tokyo", latitude=35.6762, longitude=139.6503),
    City(name="Sydney", latitude=-33.8688, longitude=151.2093),
    City(name="São Paulo", latitude=-23.5505, longitude=-46.6333),
    City(name="New York", latitude=40.7128, longitude=-74.0060),
    City(name="San Francisco", latitude=37.7749, longitude=-122.4194),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSeed:
    """A person with a Telegram account.

    ``key`` names the person in addresses and tests. ``zone`` (IANA) decides how the page shows
    times to them; the bot is never told it, as Telegram tells no bot. ``label`` stands beside the
    name on the page, for example "student".
    """

    key: str
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "en"
    zone: str = "UTC"
    label: str | None = None
    city: str | None = None
    phone: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TourStep:
    """One thing to try; ``user`` is the key of the person who does it, if it is one person.

    ``link`` is an address of a bot that the step opens in that person's chat, ``say`` what it
    sends there: each becomes a button beside the text.

    ``slack_user`` is the key of a person in Slack, ``channel`` the key of a channel there, or
    "app" for the messages with the app, or "home" for its App Home. ``command`` is the line that
    a button types there for that person.
    """

    text: str
    user: str | None = None
    link: str | None = None
    say: str | None = None
    slack_user: str | None = None
    channel: str | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """A short list of things to try, shown on the page and collapsible."""

    title: str
    steps: tuple[TourStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most ``count`` messages within ``seconds``."""

    count: int
    seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodLimits:
    """Limits on sending; None lifts one. Both are lifted unless asked for."""

    per_chat: Rate | None = None
    overall: Rate | None = None


#: What Telegram documents: about one message a second in a chat, thirty over all chats.
TELEGRAM_FLOOD_LIMITS = FloodLimits(per_chat=Rate(count=1), overall=Rate(count=30))

DEFAULT_USERS = (
    UserSeed(key="mia", first_name="Mia", last_name="Costa", username="mia_costa", city="Lisbon",
             language_code="pt", zone="Europe/Lisbon", phone="+351910000001"),
    UserSeed(key="ana", first_name="Ana", last_name="Ruiz", username="ana_ruiz", city="Berlin",
             language_code="en", zone="Europe/Berlin", phone="+491510000002"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaygroundConfig:
    """Everything that can be set. Lengths of time are seconds.

    ``message_life`` and ``callback_life`` are how long an update waits for a bot that does not
    fetch it; ``callback_answer_life`` is how long a press can still be answered.
    ``webhook_retry`` is the first pause after a failed delivery and doubles up to
    ``webhook_retry_most``. ``now`` gives seconds since 1970 and exists for tests.
    ``slack`` adds a workspace beside Telegram.
    """

    bots: tuple[BotSeed, ...] = ()
    users: tuple[UserSeed, ...] = DEFAULT_USERS
    panes: tuple[str, ...] = ()
    title: str = "Playground"
    tour: Tour | None = None
    cities: tuple[City, ...] = CITIES
    accept_any_token: bool = True
    flood: FloodLimits = field(default_factory=FloodLimits)
    message_life: float = 86_400
    callback_life: float = 150
    callback_answer_life: float = 150
    webhook_retry: float = 1.0
    webhook_retry_most: float = 60.0
    webhook_timeout: float = 60.0
    upload_limit: int = 50 * 1024 * 1024
    calls_kept: int = 50_000
    events_kept: int = 5_000
    now: Callable[[], float] = time.time
    slack: SlackConfig | None = None
