"""Brings everybody together: settings in, running parts out, unwound in reverse."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import structlog
from prometheus_client import CollectorRegistry

from app.chats import ChatParts, Chats, build_chats
from app.clock import SystemClock
from app.geo import zone_finder
from app.services import Services, build_services
from app.settings import Settings
from bots.flows.booking import register_booking
from bots.flows.desk import Desk
from bots.flows.hosting import register_hosting
from bots.flows.hosting_parts import HostingParts
from bots.flows.parts import BookingParts
from bots.flows.switch import Switch
from bots.flows.zones import ZoneQuestion
from bots.intake import InboxWorker
from bots.router import Router
from bots.slack.surface import SlackSurfaces
from persistence.database import Database, open_database
from persistence.migrate import current, head, upgrade
from persistence.urls import dialect_of
from reminders.dispatch import Dispatcher
from reminders.ics import IcsFiles
from reminders.ports import DeliveryPorts
from reminders.timer import Job, Timer
from scheduling.ports import Clock, Part
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
            open_database(url, clock, prepare=prepare_database)
        )
        built = build(settings, database, clock, roles)
        for part in built.parts:
            await stack.enter_async_context(part.running())
            _log.info("part.started", part=part.name)
        yield built
        _log.info("draining")


def build(
    settings: Settings,
    database: Database,
    clock: Clock,
    roles: frozenset[Role] = frozenset(Role),
) -> Slotbook:
    """Build every configured part of these roles; none runs yet."""
    dispatcher: Dispatcher | None = None

    def wake_dispatcher() -> None:
        if dispatcher is not None:
            dispatcher.wake()

    registry = CollectorRegistry()
    policy = settings.policy
    services = build_services(database, clock, policy, admins=settings.admins, wake=wake_dispatcher)
    router = Router()
    files = IcsFiles(policy.reminders)
    desk = Desk(database.drafts, database.queries, clock)
    switch = Switch(router, desk, clock)
    worker: InboxWorker | None = None

    def wake_worker() -> None:
        if worker is not None:
            worker.wake()

    surfaces = SlackSurfaces()
    chats = build_chats(
        ChatParts(
            settings=settings,
            database=database,
            services=services,
            router=router,
            surfaces=surfaces,
            clock=clock,
            answer=switch.answer,
            wake=wake_worker,
        )
    )
    zones = ZoneQuestion(desk, services.people, clock, zone_finder())
    zones.register(router)
    register_booking(
        router,
        BookingParts(
            booking=services.booking,
            finder=services.finder,
            queries=database.queries,
            desk=desk,
            zones=zones,
            clock=clock,
            policy=policy,
            links=chats.links,
            files=files,
            sent_files=database.sent_files,
        ),
    )
    address = _public_address(settings)
    register_hosting(
        router,
        HostingParts(
            hosting=services.hosting,
            hours=services.hours,
            booking=services.booking,
            people=services.people,
            finder=services.finder,
            queries=database.queries,
            desk=desk,
            zones=zones,
            clock=clock,
            links=chats.links,
            policy=policy,
            feed_url=(lambda token: f"{address}/feeds/{token}.ics") if address else None,
            feed_is_public=settings.public_url is not None,
        ),
    )
    worker = InboxWorker(database.inbox, clock, chats.adapters, tick=settings.tick)
    dispatcher = Dispatcher(
        DeliveryPorts(
            outbox=database.outbox,
            queries=database.queries,
            sessions=database.sessions,
            store=database.store,
            sent_files=database.sent_files,
            messengers=chats.messengers,
            calendar_files=files,
            finder=services.finder,
            people=services.people,
            links=chats.links,
            clock=clock,
            wording=notifications,
            usual_reminders=policy.reminders,
        ),
        paces=chats.paces,
        registry=registry,
    )
    # Left in reverse: receiving stops first, work in hand is finished, connections close last.
    parts: list[Part] = chats.faces
    if Role.DISPATCH in roles:
        timer = Timer(clock, _jobs(services, database, dispatcher, clock, settings.tick))
        parts += [dispatcher, timer]
    if roles & {Role.TELEGRAM, Role.SLACK}:
        parts.append(worker)
    if Role.TELEGRAM in roles and chats.telegram is not None:
        parts.append(chats.telegram.receiver)
    if Role.SLACK in roles and chats.slack is not None and chats.slack.receiver is not None:
        parts.append(chats.slack.receiver)
    web = None
    if Role.WEB in roles:
        telegram, slack = chats.telegram, chats.slack
        by_webhook = telegram is not None and settings.telegram_webhook_url is not None
        app = create_web(
            WebParts(
                parts=tuple(parts),
                database=database,
                clock=clock,
                registry=registry,
                files=files,
                telegram_webhook=(
                    telegram.intake.receive_webhook if telegram and by_webhook else None
                ),
                slack=slack.events if slack else None,
                file_behind=slack.file_content if slack else None,
            )
        )
        web = WebServer(app, settings.http_host, settings.http_port)
        parts.append(web)
    return Slotbook(settings, database, services, tuple(parts), web, chats, router, surfaces)


def _public_address(settings: Settings) -> str | None:
    if settings.public_url:
        return settings.public_url
    # With a port of the system's choosing there is no address to write down.
    return f"http://{settings.http_host}:{settings.http_port}" if settings.http_port else None


def _jobs(
    services: Services, database: Database, dispatcher: Dispatcher, clock: Clock, tick: timedelta
) -> list[Job]:
    upkeep = services.upkeep

    async def wake() -> None:
        dispatcher.wake()

    async def forget() -> None:
        now = clock.now()
        await database.inbox.forget(now - timedelta(days=7))
        await database.drafts.forget(now - timedelta(days=60))

    hour = timedelta(hours=1)
    return [
        Job("tick", tick, wake),
        Job("expire", tick, upkeep.expire_overdue),
        Job("complete", max(tick, timedelta(seconds=20)), upkeep.complete_ended),
        Job("zone data", 24 * hour, upkeep.follow_zone_data),
        Job("expiring hours", hour, upkeep.announce_expiring_hours),
        Job("forget", hour, forget),
    ]
