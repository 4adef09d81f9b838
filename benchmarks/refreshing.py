"""How soon open cards follow somebody else's booking, and that nobody's answer waits for them.

A student in Telegram and a member in Slack look at the same day while a third person books, again
and again: the seconds from the commit until both chats have the edit. Then two hundred students
look at one slot that goes: how long until all their cards are right, within Telegram's pace, in
which order, and what a press costs meanwhile, beside one in quiet.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from time import monotonic

from app.clock import SystemClock
from app.database import services_beside, tenant_of
from app.demo import demo_settings
from app.demo_cast import (
    BOT,
    SIGNING_SECRET,
    SLACK_APP_TOKEN,
    SLACK_CHANNELS,
    SLACK_TOKEN,
    SLACK_USERS,
    TEAM,
)
from app.logs import configure_logging
from app.seed import seed
from app.settings import Settings
from app.wiring import Slotbook, running_slotbook
from benchmarks.school import folder
from benchmarks.served import part, playground
from benchmarks.table import Result, at_most, time
from playground.client import PlaygroundClient, TelegramUser
from playground.config import PlaygroundConfig, SlackAppSeed, SlackConfig, UserSeed
from playground.slack.client import SlackClient
from scheduling.commands import BookSlot
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.model import EventType
from scheduling.moments import Interval
from scheduling.people import AccountKey, Actor, Platform
from scheduling.people_service import AccountFacts

_TYPE = "Quick talk"
_BOOKINGS, _VIEWERS, _PRESSES = 20, 200, 15
_SOON = 1.0
_EDITED = "editMessageText"
_UPDATED = "chat.update"
_PEOPLE = (UserSeed(key="mia", first_name="Mia"), UserSeed(key="leo", first_name="Leo"))


def run() -> list[Result]:
    """Measure both."""
    configure_logging("WARNING", "auto")
    with folder() as place, playground(_config) as address:
        settings = demo_settings(
            f"sqlite:///{place.resolve() / 'slotbook.db'}", address, f"{address}/slack/api/"
        )
        delays = asyncio.run(_two_chats(settings, address))
    with folder() as place, playground(_config) as address:
        settings = demo_settings(f"sqlite:///{place.resolve() / 'slotbook.db'}", address)
        crowd = asyncio.run(_a_crowd(settings, address))
    p95 = part(delays, 95)
    return [
        Result(
            "two open cards in two chats follow a booking, p95",
            time(p95), "", "", f"under {time(_SOON)}", p95 < _SOON,
        ),
        crowd.refreshed,
        at_most("a press meanwhile, beside one in quiet, p50", crowd.busy, crowd.quiet, 3),
    ]  # fmt: skip


def _config() -> PlaygroundConfig:
    app = SlackAppSeed(
        bot_token=SLACK_TOKEN, signing_secret=SIGNING_SECRET, app_token=SLACK_APP_TOKEN
    )
    slack = SlackConfig(team_id=TEAM, users=SLACK_USERS, channels=SLACK_CHANNELS, app=app)
    return PlaygroundConfig(bots=(BOT,), users=_PEOPLE, slack=slack)


async def _seeded(settings: Settings) -> EventType:
    async with services_beside(settings) as (_, services):
        types = await seed(services, SystemClock(), tenant_of(settings))
    return next(each for each in types if each.title == _TYPE)


async def _stranger(slotbook: Slotbook) -> Actor:
    """Return somebody who books without a chat."""
    key = AccountKey(Platform.TELEGRAM, "0", "1")
    facts = AccountFacts(key, None, "Kim", None, "en")
    _, person = await slotbook.services.people.meet(DEFAULT_ORGANIZATION, facts)
    return Actor(DEFAULT_ORGANIZATION, person.id)


async def _book(slotbook: Slotbook, who: Actor, kind: EventType, start: datetime) -> float:
    """Book and return when the commit had been made."""
    await slotbook.services.booking.book(
        BookSlot(actor=who, event_type_id=kind.id, start=start, request_id=RequestId(new_id()))
    )
    return monotonic()


async def _free(slotbook: Slotbook, kind: EventType, day: datetime) -> Sequence[datetime]:
    span = Interval(day, day + timedelta(days=1))
    slots = await slotbook.services.finder.free(DEFAULT_ORGANIZATION, [kind.id], span)
    return [slot.start for slot in slots]


# --- two chats -----------------------------------------------------------------------------------


async def _two_chats(settings: Settings, address: str) -> list[float]:
    kind, clock = await _seeded(settings), SystemClock()
    async with (
        running_slotbook(settings) as slotbook,
        PlaygroundClient(address) as telegram,
        SlackClient(address) as slack,
    ):
        await slack.wait_connected()
        who = await _stranger(slotbook)
        mia, bo = telegram.user("mia", bot=BOT.username or ""), slack.as_user("bo")
        await mia.start(str(kind.code))
        await mia.press_and_wait("", "Which day?")
        await mia.press_and_wait("First free", "Kept for you")
        await mia.press_and_wait("Back", "Which time?")
        await bo.command("/book", _TYPE)
        days = await bo.wait_for("Which day?")
        await bo.press(days, "First free")
        held = await bo.wait_for("Kept for you")
        await bo.press(held, "Back")
        await bo.wait_for("Which time?")
        free = await _free(slotbook, kind, clock.now())
        delays = []
        for start in free[1 : _BOOKINGS + 1]:
            done = await _book(slotbook, who, kind, start)
            delays += [await _edited(telegram, slack, done)]
            await clock.sleep(timedelta(seconds=1.5))
        return delays


async def _edited(telegram: PlaygroundClient, slack: SlackClient, after: float) -> float:
    """Return how long after a moment both chats had an edit."""
    clock = SystemClock()
    async with asyncio.timeout(10):
        while True:
            told = [
                next((c["ended"] for c in calls if c["began"] > after - 0.05), None)
                for calls in (await telegram.calls(_EDITED), await slack.calls(_UPDATED))
            ]
            if all(told):
                return float(max(each for each in told if each)) - after
            await clock.sleep(timedelta(milliseconds=20))


# --- a crowd -------------------------------------------------------------------------------------


class _Crowd:
    """What was measured with many cards open."""

    def __init__(self, refreshed: Result, quiet: float, busy: float) -> None:
        self.refreshed, self.quiet, self.busy = refreshed, quiet, busy


async def _a_crowd(settings: Settings, address: str) -> _Crowd:
    kind, clock = await _seeded(settings), SystemClock()
    async with running_slotbook(settings) as slotbook, PlaygroundClient(address) as telegram:
        who = await _stranger(slotbook)
        leo = telegram.user("leo", bot=BOT.username or "")
        await leo.start(str(kind.code))
        await leo.press_and_wait("", "Which day?")
        for number in range(_VIEWERS):
            viewer = await telegram.create_user(f"v{number}", f"Viewer{number}")
            await viewer.start(str(kind.code))
            await viewer.press_and_wait("", "Which day?")
            await viewer.press_and_wait("First free", "Kept for you")
            await viewer.press_and_wait("Back", "Which time?")
        quiet = [await _press(leo) for _ in range(_PRESSES)]
        # Everybody looks at the same day; a time goes that all of them are shown.
        free = await _free(slotbook, kind, clock.now())
        before = await telegram.calls(_EDITED)
        last = before[-1]["number"] if before else 0
        done = await _book(slotbook, who, kind, free[2])
        busy = [await _press(leo) for _ in range(_PRESSES)]
        mine = str(leo.id)
        async with asyncio.timeout(120):
            while True:
                edits = [
                    each
                    for each in await telegram.calls(_EDITED, after=last)
                    if str(each["parameters"].get("chat_id")) != mine
                ]
                if len({str(each["parameters"].get("chat_id")) for each in edits}) >= _VIEWERS:
                    break
                await clock.sleep(timedelta(milliseconds=200))
        took = max(each["ended"] for each in edits) - done
        pace = _VIEWERS / 25
        refreshed = Result(
            f"{_VIEWERS} open cards on one slot are right",
            f"{took:.1f} s", f"{pace:.1f} s at 25/s", f"{took / pace:.2f}", "at most 3",
            took / pace <= 3,
        )  # fmt: skip
        return _Crowd(refreshed, median(quiet), median(busy))


async def _press(user: TelegramUser) -> float:
    """Press what goes on and return the seconds until the card had changed."""
    message = await user.newest()
    labels = [label for row in message.labels for label in row]
    label = "Back" if "Back" in labels else "First free" if "First free" in labels else "Days"
    begun = monotonic()
    await user.press(label)
    await user.wait_for_message(lambda seen: seen.from_bot)
    return monotonic() - begun
