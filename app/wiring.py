"""Brings everybody together: settings in, running parts out, unwound in reverse."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import structlog
from prometheus_client import CollectorRegistry

from app.chats import ChatParts, Chats, build_chats
from app.clock import SystemClock
from app.conversations import Conversations, register_conversations
from app.jobs import jobs
from app.sealing import FernetSealer
from app.services import Services, build_services
from app.settings import Settings
from bots.flows.desk import Desk
from bots.flows.switch import Switch
from bots.intake import InboxWorker
from bots.live.announcing import Announcer, TellingStore
from bots.live.drawing import Renderers
from bots.live.keeper import CardKeeper, KeeperParts
from bots.live.watch import Watch
from bots.router import Router
from bots.slack.surface import SlackSurfaces
from persistence.database import Database, open_database
from persistence.migrate import current, head, upgrade
from persistence.urls import dialect_of
from reminders.dispatch import Dispatcher
from reminders.ics import IcsFiles
from reminders.ports import DeliveryPorts
from reminders.timer import Timer
from scheduling.ports import Clock, Pacing, Part
from web.app import WebParts, create_web
from web.serving import WebServer
from wording import notifications

_log = structlog.get_logger(__name__)


class Role(StrEnum):
    """What a process may do; by default everything that is configured."""

    TELEGRAM = "telegram"
    SLACK = "slack"
    WEB = "web"
    DISPATCH = "dispatch"


class NothingToRun(Exception):
    """No chat platform is configured; the text says what to do."""


class SchemaOutdated(Exception):
    """A PostgreSQL database waits for `slotbook migrate`."""


@dataclass(frozen=True, slots=True)
class Slotbook:
    """What runs."""

    settings: Settings
    database: Database
    services: Services
    parts: tuple[Part, ...]
    web: WebServer | None
    chats: Chats
    router: Router
    surfaces: SlackSurfaces


def prepare_database(url: str) -> None:
    """Bring an SQLite file or an empty PostgreSQL database to the present schema.

    Raises:
        SchemaOutdated: a PostgreSQL database in use; several workers may run on it, so
            migrating it is a decision of its own.
    """
    if dialect_of(url) == "sqlite" or current(url) is None:
        upgrade(url)
    elif current(url) != head():
        raise SchemaOutdated("the database has an older schema: run `slotbook migrate` first")


@asynccontextmanager
async def running_slotbook(
    settings: Settings,
    *,
    roles: frozenset[Role] = frozenset(Role),
    clock: Clock | None = None,
) -> AsyncIterator[Slotbook]:
    """Run every configured part of these roles inside the block; leaving drains them.

    Raises:
        NothingToRun, SchemaOutdated, StoreInUse, DatabaseAddressError: with what to do about it.
    """
    if settings.telegram_token is None and not settings.has_slack:
        raise NothingToRun(
            "No bot token is set. `slotbook demo` needs none; `slotbook setup` asks for yours."
        )
    clock = clock or SystemClock()
    url = settings.database_url.get_secret_value()
    async with AsyncExitStack() as stack:
        # Opened before it is migrated: the lock file keeps a second process off the schema too.
        database = await stack.enter_async_context(
            open_database(url, clock, prepare=prepare_database, sealer=_sealer(settings))
        )
        built = build(settings, database, clock, roles)
        for part in built.parts:
            await stack.enter_async_context(part.running())
            _log.info("part.started", part=part.name)
        yield built
        _log.info("draining")


def _sealer(settings: Settings) -> FernetSealer | None:
    key = settings.secret_key
    return FernetSealer(key.get_secret_value()) if key else None


def build(
    settings: Settings,
    database: Database,
    clock: Clock,
    roles: frozenset[Role] = frozenset(Role),
) -> Slotbook:
    """Build every configured part of these roles; none runs yet."""
    wakers = _Wakers()
    registry, router, surfaces = CollectorRegistry(), Router(), SlackSurfaces()
    announcer = Announcer(database.changes, clock)
    services = build_services(
        database,
        clock,
        settings.policy,
        admins=settings.admins,
        wake=wakers.dispatcher.wake,
        # Open cards follow every commit, here at once and in other processes soon after.
        store=TellingStore(database.store, wakers.keeper.wake, announcer.note),
    )
    desk = Desk(database.drafts, database.queries, clock)
    watch = Watch(database.live_cards, clock)
    switch = Switch(router, desk, clock, watch)
    chats = build_chats(
        ChatParts(
            settings=settings,
            database=database,
            services=services,
            router=router,
            surfaces=surfaces,
            clock=clock,
            answer=switch.answer,
            wake=wakers.worker.wake,
        )
    )
    given = Conversations(
        settings=settings,
        database=database,
        services=services,
        chats=chats,
        desk=desk,
        files=IcsFiles(settings.policy.reminders),
        clock=clock,
        watch=watch,
        renderers=Renderers(),
        router=router,
        surfaces=surfaces,
    )
    register_conversations(given)
    worker = InboxWorker(database.inbox, clock, chats.adapters, tick=settings.tick)
    dispatcher = Dispatcher(_delivering(given), paces=chats.paces, registry=registry)
    keeper = CardKeeper(_keeping(given, dispatcher.gate))
    wakers.worker.woken, wakers.dispatcher.woken = worker.wake, dispatcher.wake
    wakers.keeper.woken = keeper.wake
    # Left in reverse: receiving stops first, work in hand is finished, connections close last.
    parts: list[Part] = [*chats.faces, announcer]
    if Role.DISPATCH in roles:
        timer = Timer(clock, jobs(services, database, dispatcher.wake, clock, settings.tick))
        parts += [dispatcher, keeper, timer]
    if roles & {Role.TELEGRAM, Role.SLACK}:
        parts.append(worker)
    parts += _receivers(chats, roles)
    web = _web(given, registry, parts) if Role.WEB in roles else None
    if web is not None:
        parts.append(web)
    return Slotbook(settings, database, services, tuple(parts), web, chats, router, surfaces)


def _delivering(given: Conversations) -> DeliveryPorts:
    database, services = given.database, given.services
    return DeliveryPorts(
        outbox=database.outbox,
        queries=database.queries,
        sessions=database.sessions,
        store=services.store,
        sent_files=database.sent_files,
        messengers=given.chats.messengers,
        calendar_files=given.files,
        finder=services.finder,
        people=services.people,
        links=given.chats,
        clock=given.clock,
        wording=notifications,
        watch=given.watch,
        usual_reminders=given.settings.policy.reminders,
    )


def _keeping(given: Conversations, pacing: Pacing) -> KeeperParts:
    return KeeperParts(
        cards=given.database.live_cards,
        changes=given.database.changes,
        renderers=given.renderers,
        messengers=given.chats.messengers,
        pacing=pacing,
        watch=given.watch,
        clock=given.clock,
    )


def _receivers(chats: Chats, roles: frozenset[Role]) -> list[Part]:
    """Return what takes in updates and requests, on the platforms of these roles."""
    receivers: list[Part] = []
    if Role.TELEGRAM in roles and chats.telegram is not None:
        receivers.append(chats.telegram.receiver)
    if Role.SLACK in roles and chats.slack is not None and chats.slack.receiver is not None:
        receivers.append(chats.slack.receiver)
    return receivers


class _Waker:
    """Wakes whoever it is told of later: who is woken is built after who wakes."""

    def __init__(self) -> None:
        self.woken: Callable[[], None] = lambda: None

    def wake(self) -> None:
        """Wake them."""
        self.woken()


@dataclass(frozen=True, slots=True)
class _Wakers:
    worker: _Waker = field(default_factory=_Waker)
    dispatcher: _Waker = field(default_factory=_Waker)
    keeper: _Waker = field(default_factory=_Waker)


def _web(given: Conversations, registry: CollectorRegistry, parts: Sequence[Part]) -> WebServer:
    settings, database, clock = given.settings, given.database, given.clock
    telegram, slack = given.chats.telegram, given.chats.slack
    by_webhook = telegram is not None and settings.telegram_webhook_url is not None
    app = create_web(
        WebParts(
            parts=tuple(parts),
            database=database,
            clock=clock,
            registry=registry,
            files=given.files,
            telegram_webhook=telegram.intake.receive_webhook if telegram and by_webhook else None,
            slack=slack.events if slack else None,
            file_behind=slack.file_content if slack else None,
            slack_installing=given.chats.installing,
            public_url=settings.public_url,
        )
    )
    return WebServer(app, settings.http_host, settings.http_port)
