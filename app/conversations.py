"""Every conversation, on every chat platform that runs."""

from dataclasses import dataclass

from app.chats import Chats
from app.geo import zone_finder
from app.services import Services
from app.settings import Settings
from bots.flows.booking import register_booking
from bots.flows.compare import register_compare
from bots.flows.desk import Desk
from bots.flows.hosting import register_hosting
from bots.flows.hosting_parts import HostingParts
from bots.flows.parts import BookingParts
from bots.flows.session_cards import SessionCards
from bots.flows.sessions import (
    MemberFinder,
    NamedAccounts,
    SessionParts,
    register_sessions,
)
from bots.flows.zones import ZoneQuestion
from bots.live.drawing import Renderers
from bots.live.watch import Watch
from bots.router import Router
from bots.slack.surface import SlackSurfaces
from persistence.database import Database
from scheduling.people import Platform
from scheduling.ports import CalendarFiles, Clock, Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    """What the conversations are registered with, and what they work with."""

    settings: Settings
    database: Database
    services: Services
    chats: Chats
    desk: Desk
    files: CalendarFiles
    clock: Clock
    watch: Watch
    renderers: Renderers
    router: Router
    surfaces: SlackSurfaces


def register_conversations(given: Conversations) -> None:
    """Register every flow, and Slack's windows where Slack runs."""
    settings, database, services = given.settings, given.database, given.services
    router, desk, clock = given.router, given.desk, given.clock
    zones = ZoneQuestion(desk, services.people, clock, zone_finder())
    zones.register(router)
    booking = BookingParts(
        booking=services.booking,
        finder=services.finder,
        queries=database.queries,
        desk=desk,
        zones=zones,
        clock=clock,
        policy=settings.policy,
        links=given.chats,
        files=given.files,
        sent_files=database.sent_files,
        renderers=given.renderers,
    )
    register_booking(router, booking)
    _register_sessions(given, zones)
    address = public_address(settings)
    hosting = HostingParts(
        hosting=services.hosting,
        hours=services.hours,
        booking=services.booking,
        people=services.people,
        finder=services.finder,
        queries=database.queries,
        desk=desk,
        zones=zones,
        clock=clock,
        links=given.chats,
        policy=settings.policy,
        chats=given.chats.linked,
        posts=_posts(given),
        renderers=given.renderers,
        feed_url=(lambda token: f"{address}/feeds/{token}.ics") if address else None,
        feed_is_public=settings.public_url is not None,
    )
    register_hosting(router, hosting)
    SessionCards(database.sessions, database.queries, clock).register(given.renderers)
    if given.chats.slack is not None:
        _register_surfaces(given, booking, hosting)


def _posts(given: Conversations) -> dict[Platform, Posting]:
    """Return who puts cards into channels and groups."""
    posts: dict[Platform, Posting] = {}
    if given.chats.telegram is not None:
        posts[Platform.TELEGRAM] = given.chats.telegram.messenger
    if given.chats.slack is not None:
        posts[Platform.SLACK] = given.chats.slack.messenger
    return posts


def _register_sessions(given: Conversations, zones: ZoneQuestion) -> None:
    finders: dict[Platform, MemberFinder] = {}
    if given.chats.telegram is not None:
        finders[Platform.TELEGRAM] = NamedAccounts(given.database.queries)
    if given.chats.slack is not None:
        finders[Platform.SLACK] = given.chats.slack.members
    parts = SessionParts(
        sessions=given.services.sessions,
        reads=given.database.sessions,
        queries=given.database.queries,
        desk=given.desk,
        zones=zones,
        clock=given.clock,
        finders=finders,
    )
    register_sessions(given.router, parts)
    register_compare(given.router, parts)


def _register_surfaces(given: Conversations, booking: BookingParts, hosting: HostingParts) -> None:
    # Imported only where Slack runs, like the rest of its adapter.
    from bots.slack.modals.parts import SurfaceParts
    from bots.slack.modals.surfaces import register_surfaces

    slack = given.chats.slack
    if slack is None:
        return
    register_surfaces(
        given.surfaces,
        SurfaceParts(
            booking=booking,
            hosting=hosting,
            sessions=given.services.sessions,
            session_reads=given.database.sessions,
            drafts=given.database.drafts,
            watch=given.watch,
            router=given.router,
            messenger=slack.messenger,
            resolve=slack.people.resolve,
            posts_in=slack.people.posts_in,
        ),
    )


def public_address(settings: Settings) -> str | None:
    """Return where feeds are read: the public address, or this machine's while it is known."""
    if settings.public_url:
        return settings.public_url
    # With a port of the system's choosing there is no address to write down.
    return f"http://{settings.http_host}:{settings.http_port}" if settings.http_port else None
