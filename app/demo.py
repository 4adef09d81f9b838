"""`slotbook demo`: the real thing against a local Bot API, with a page to try it on."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from app.clock import SystemClock
from app.database import services_beside, tenant_of
from app.logs import configure_logging
from app.seed import seed
from app.serve import stop_on_signals
from app.settings import Settings
from app.wiring import running_slotbook
from playground.client import PlaygroundClient
from playground.config import BotSeed, PlaygroundConfig, Tour, TourStep, UserSeed
from playground.serving import Playground

FOLDER = Path(".slotbook-demo")
# Not a secret: only the stand-in knows this bot.
TOKEN = "7000000001:demo-demo-demo-demo-demo-demo-demo1"  # noqa: S105
BOT = BotSeed(token=TOKEN, username="slotbook_demo_bot", name="slotbook")
COACHES = ("ana", "kenji")

USERS = (
    UserSeed(key="mia", id=7003, first_name="Mia", last_name="Costa", username="mia_costa",
             language_code="pt", zone="Europe/Lisbon", label="student", city="Lisbon",
             phone="+351910000001"),
    UserSeed(key="ana", id=7001, first_name="Ana", last_name="Ruiz", username="ana_ruiz",
             language_code="en", zone="Europe/Berlin", label="coach", city="Berlin",
             phone="+491510000002"),
    UserSeed(key="kenji", id=7002, first_name="Kenji", last_name="Mori", username="kenji_mori",
             language_code="en", zone="Asia/Tokyo", label="coach", city="Tokyo"),
    UserSeed(key="leo", id=7004, first_name="Leo", last_name="Brandt", username="leo_brandt",
             language_code="en", zone="America/New_York", label="new here", city="New York"),
)  # fmt: skip


def demo_settings(database_url: str, api_url: str = "http://127.0.0.1:1") -> Settings:
    """Return the settings of a demo; only the reminder shortly before the start differs."""
    return Settings(
        database_url=SecretStr(database_url),
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=api_url,
        http_port=0,
        reminders=(timedelta(hours=24), timedelta(hours=1), timedelta(minutes=2)),
        log_level="WARNING",
        admins=frozenset(),
    )


def playground_config(tour: Tour | None = None) -> PlaygroundConfig:
    """Return the people, the bot and the tour of the page."""
    return PlaygroundConfig(
        bots=(BOT,), users=USERS, panes=("mia", "ana", "kenji"), title="slotbook", tour=tour
    )


def tour(links: dict[str, str]) -> Tour:
    """Return the walk through the first journey; ``links`` are addresses by event type title."""
    return Tour(
        title="Five minutes with slotbook",
        steps=(
            TourStep(
                user="mia", text="opens Ana's link and taps START.", link=links["Piano lesson"]
            ),
            TourStep(user="mia", text="says what the clock shows. It is asked this once."),
            TourStep(
                user="mia",
                text="taps First free (or a day and a time), then Book it. Ana hears at once.",
            ),
            TourStep(user="mia", text="moves it, cancels it, undoes that. Ana's chat follows."),
            TourStep(
                user="mia",
                text="books Kenji's earliest time: a reminder comes 2 minutes before it.",
                link=links["Quick talk"],
            ),
            TourStep(user="ana", text="looks at the week.", say="/agenda week"),
            TourStep(
                user="ana", text="sets other hours.", say="/availability mon-fri 10-12; wed off"
            ),
            TourStep(
                user="leo", text="is new, and offers time too: six taps to a link.", say="/start"
            ),
        ),
    )


async def demo(*, port: int, reset: bool, folder: Path = FOLDER) -> None:
    """Serve the demo until a signal ends it, and print the one address to open.

    What was booked stays in ``folder`` until ``reset``; the chats begin anew each time.
    """
    configure_logging("WARNING", "auto")
    if reset:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    stop = stop_on_signals()
    async with running_demo(folder, port=port) as playground:
        # The page's address is this command's whole output.
        print(f"Open {playground.base_url} in your browser. Ctrl+C ends it.", flush=True)  # noqa: T201
        await stop.wait()


@asynccontextmanager
async def running_demo(
    folder: Path, *, port: int = 0, database_url: str | None = None
) -> AsyncIterator[Playground]:
    """Run playground and slotbook with the sample coaches, ready to be used."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    url = database_url or f"sqlite:///{folder / 'demo.db'}"
    guide = tour(await _seed(demo_settings(url)))
    async with Playground(playground_config(guide), port=port) as playground:
        settings = demo_settings(url, playground.bot_api_url)
        async with running_slotbook(settings), PlaygroundClient(playground.base_url) as client:
            # A bot may not write first: without a START the coaches would hear of nothing.
            for key in COACHES:
                coach = client.user(key)
                await coach.start()
                await coach.wait_for_message(lambda message: message.from_bot)
            yield playground


async def _seed(settings: Settings) -> dict[str, str]:
    async with services_beside(settings) as (_, services):
        types = await seed(services, SystemClock(), tenant_of(settings))
    return {each.title: f"https://t.me/{BOT.username}?start={each.code}" for each in types}
