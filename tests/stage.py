"""Slotbook on a stage: the real thing over HTTP before a local Bot API, with people in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from app.database import tenant_of
from app.demo import demo_settings
from app.demo_cast import BOT, COACHES, playground_config, telegram_tour
from app.seed import seed
from app.services import build_services
from app.settings import Settings
from app.wiring import Role, Slotbook, prepare_database, running_slotbook
from persistence.database import open_database
from persistence.tables import bookings, outbox
from playground.client import PlaygroundClient, SeenMessage, TelegramUser
from playground.serving import Playground
from running_clock import RunningClock
from scheduling.model import BookingStatus, EventType
from scheduling.notifications import NotificationState

CHAT = frozenset({Role.TELEGRAM, Role.DISPATCH})
"""What the journeys need; the web part has tests of its own."""
LESSON = "Piano lesson"
TUESDAY_8 = ("24", "08:00", "Book it")
"""The taps from the days to the booking; START before them makes four."""
TICK = timedelta(milliseconds=250)
_SOON = timedelta(milliseconds=20)
_live = (
    select(bookings.c.starts_at)
    .where(bookings.c.status.in_([status.value for status in BookingStatus if status.is_live]))
    .order_by(bookings.c.starts_at)
)
_waiting = select(outbox.c.id).where(
    outbox.c.state == NotificationState.WAITING.value, outbox.c.due_at <= bindparam("now")
)


@dataclass
class Stage:
    """A playground, a database and the people; slotbook runs on it as often as is asked for."""

    playground: Playground
    people: PlaygroundClient
    clock: RunningClock
    url: str
    types: dict[str, EventType]
    slotbook: Slotbook | None = field(default=None, kw_only=True)

    @asynccontextmanager
    async def running(
        self, *, roles: frozenset[Role] = CHAT, **changes: Any
    ) -> AsyncIterator[Slotbook]:
        """Run slotbook inside the block; ``changes`` are settings that differ from the demo's."""
        settings = self.settings().model_copy(update={"tick": TICK, **changes})
        async with running_slotbook(settings, roles=roles, clock=self.clock) as slotbook:
            self.slotbook = slotbook
            try:
                yield slotbook
            finally:
                self.slotbook = None

    def settings(self) -> Settings:
        """Return the settings of a demo on this stage."""
        return demo_settings(self.url, self.playground.bot_api_url)

    async def welcome_coaches(self) -> None:
        """Let the coaches press START: to anybody else a bot may not write."""
        for key in COACHES:
            coach = self.people.user(key)
            await coach.start()
            await coach.wait_for("Hi ")

    async def opens(self, user: TelegramUser, title: str, *, clock: str = "09:0") -> None:
        """Let somebody new open a coach's link and say what their clock says."""
        await user.start(self.code(title))
        await user.press_and_wait(clock, "Which day?")

    async def books(self, user: TelegramUser, *taps: str) -> SeenMessage:
        """Let somebody new book a piano lesson by these taps and return the card."""
        await self.opens(user, LESSON)
        for label in taps:
            await user.press(label)
        return await user.wait_for("Booked.")

    async def live_bookings(self) -> list[datetime]:
        """Return the starts of all bookings that take time, as stored."""
        assert self.slotbook is not None
        rows = await self.slotbook.database.reader.rows(_live)
        return [row.starts_at for row in rows]

    def code(self, title: str) -> str:
        """Return the start code of what a sample coach offers."""
        return str(self.types[title].code)

    async def newcomer(self, key: str, first_name: str, **more: Any) -> TelegramUser:
        """Return somebody who has never written to the bot."""
        return await self.people.create_user(key, first_name, **more)

    async def eventually(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something holds that no message tells of; at most ten seconds."""
        async with asyncio.timeout(10):
            while not await true():
                await self.clock.sleep(_SOON)

    async def calm(self) -> None:
        """Wait until nothing that is due waits to be sent."""
        assert self.slotbook is not None
        reader = self.slotbook.database.reader
        while await reader.first(_waiting, {"now": self.clock.now()}) is not None:
            await self.clock.sleep(_SOON)

    async def two_ticks(self) -> None:
        """Let the clock's jobs run twice, and everything due go out: nothing more will come."""
        await self.clock.sleep(2 * TICK)
        await self.calm()

    async def later(self, length: timedelta) -> None:
        """Let time pass at once, after everything due has gone out."""
        await self.calm()
        self.clock.advance(length)

    async def until(self, moment: datetime) -> None:
        """Let it be that late at once, after everything due has gone out."""
        await self.calm()
        self.clock.advance(moment - self.clock.now())


@asynccontextmanager
async def a_stage(url: str, clock: RunningClock) -> AsyncIterator[Stage]:
    """Serve the demo's page on the test's clock; slotbook is not running yet."""
    types = await seeded(url, clock)
    links = {
        title: f"https://t.me/{BOT.username}?start={each.code}" for title, each in types.items()
    }
    config = replace(playground_config(telegram_tour(links)), now=clock.seconds, webhook_retry=0.05)
    async with (
        Playground(config) as playground,
        # Longer than a lease: on a busy machine a wait that ends well takes no longer for it.
        PlaygroundClient(playground.base_url, deadline=45) as people,
    ):
        yield Stage(playground, people, clock, url, types)


async def seeded(url: str, clock: RunningClock, team: str | None = None) -> dict[str, EventType]:
    """Make the sample coaches, those at home in Slack there, and return what they offer."""
    settings = demo_settings(url)
    async with open_database(url, clock, pool_size=2, prepare=prepare_database) as database:
        services = build_services(database, clock, settings.policy)
        made = await seed(services, clock, tenant_of(settings), slack_team=team)
    return {each.title: each for each in made}
