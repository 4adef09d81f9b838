"""How soon open cards follow somebody else's booking, and that nobody's answer waits for them.

A student in Telegram and a member in Slack look at the same day while a third person books, again
and again: the seconds from the commit until both chats have the edit. Then two hundred students
look at one slot that goes: how long until all their cards are right, within Telegram's pace, in
which order, and what a press costs meanwhile, beside one in quiet.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from playground.slack.client import SlackClient, SlackPerson
from scheduling.commands import BookSlot
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.model import EventType
from scheduling.moments import Interval, utc, zone
from scheduling.people import AccountKey, Actor, Platform
from scheduling.people_service import AccountFacts

_TYPE = "Quick talk"
_HOURS = (18, 19, 20, 21, 22)
_VIEWERS, _NEWEST, _OPENING, _PRESSES, _HOUR = 200, 50, 8, 15, 20
_PER_SECOND = 25
_TIMES = "Which time?"
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
        _paced(f"{_NEWEST} opened last of {_VIEWERS} cards are right", crowd.newest, _NEWEST),
        _paced(f"{_VIEWERS} open cards on one slot are right", crowd.all, _VIEWERS),
        at_most("a press meanwhile, beside one in quiet, p50", crowd.busy, crowd.quiet, 2),
    ]  # fmt: skip


def _paced(name: str, took: float, cards: int) -> Result:
    """Return how long some cards took, beside Telegram's pace for as many messages."""
    pace = cards / _PER_SECOND
    return Result(
        name, f"{took:.1f} s", f"{pace:.1f} s at {_PER_SECOND}/s", f"{took / pace:.2f}",
        "at most 3", took / pace <= 3,
    )  # fmt: skip


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


def _tomorrow() -> datetime:
    today = SystemClock().now().astimezone(zone("Europe/London"))
    return today.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


async def _shown(slotbook: Slotbook, kind: EventType, hour: int) -> Sequence[datetime]:
    """Return what is free tomorrow in that hour of London."""
    begin = _tomorrow().replace(hour=hour)
    span = Interval(utc(begin), utc(begin + timedelta(hours=1)))
    slots = await slotbook.services.finder.free(DEFAULT_ORGANIZATION, [kind.id], span)
    return [slot.start for slot in slots]


async def _look(user: TelegramUser, hour: int) -> None:
    """Go on from the days to the times of an hour of tomorrow's evening."""
    await user.press_and_wait(str(_tomorrow().day), "evening?")
    await user.press("Evening")
    times = await user.wait_for_message(lambda m: "About when?" in m.text or _TIMES in m.text)
    if _TIMES not in times.text:  # as long as there are too many for one card
        await user.press_and_wait(f"{hour}:00", _TIMES)


async def _look_in_slack(person: SlackPerson, hour: int) -> None:
    await person.press_newest(str(_tomorrow().day))
    await person.press(await person.wait_for("evening?"), "Evening")
    times = await person.wait_for_message(lambda m: "About when?" in m.said or _TIMES in m.said)
    if _TIMES not in times.said:
        await person.press(times, f"{hour}:00")
        await person.wait_for(_TIMES)


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
        await bo.command("/book", _TYPE)
        await bo.wait_for("Which day?")
        delays = []
        for hour in _HOURS:
            await _look(mia, hour)
            await _look_in_slack(bo, hour + 1)
            for start in (await _shown(slotbook, kind, hour))[::3]:
                done = await _book(slotbook, who, kind, start)
                delays.append(await _edited(telegram, slack, done))
                await clock.sleep(timedelta(seconds=1.5))
            await mia.press_and_wait("Days", "Which day?")
            await bo.press_newest("Days")
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


@dataclass(frozen=True, slots=True)
class _Crowd:
    """What was measured with many cards open: the seconds until cards were right, and presses."""

    newest: float
    all: float
    quiet: float
    busy: float


async def _a_crowd(settings: Settings, address: str) -> _Crowd:
    kind = await _seeded(settings)
    async with running_slotbook(settings) as slotbook, PlaygroundClient(address) as telegram:
        who = await _stranger(slotbook)
        leo = telegram.user("leo", bot=BOT.username or "")
        await leo.start(str(kind.code))
        await leo.press_and_wait("", "Which day?")
        numbers, opened = iter(range(_VIEWERS)), list[str]()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(_OPENING):
                tasks.create_task(_open(telegram, kind, numbers, opened))
        quiet = [await _press(leo) for _ in range(_PRESSES)]
        # Everybody looks at the same times; one of them goes.
        free = await _shown(slotbook, kind, _HOUR)
        before = await telegram.calls(_EDITED)
        done = await _book(slotbook, who, kind, free[0])
        busy = [await _press(leo) for _ in range(_PRESSES)]
        right = await _right(telegram, set(opened), before[-1]["number"])
        newest = max(right[chat] for chat in opened[-_NEWEST:])
        return _Crowd(newest - done, max(right.values()) - done, median(quiet), median(busy))


async def _right(telegram: PlaygroundClient, chats: set[str], after: int) -> dict[str, float]:
    """Return when the card of each chat was edited, once all were."""
    clock = SystemClock()
    async with asyncio.timeout(120):
        while True:
            edits = await telegram.calls(_EDITED, after=after)
            ended = {str(each["parameters"]["chat_id"]): float(each["ended"]) for each in edits}
            if chats <= ended.keys():
                return {chat: ended[chat] for chat in chats}
            await clock.sleep(timedelta(milliseconds=200))


async def _open(
    telegram: PlaygroundClient, kind: EventType, numbers: Iterator[int], opened: list[str]
) -> None:
    """Let people look at the same times, one after another; note their chats."""
    for number in numbers:
        viewer = await telegram.create_user(f"v{number}", f"Viewer{number}")
        await viewer.start(str(kind.code))
        await viewer.press_and_wait("", "Which day?")
        await _look(viewer, _HOUR)
        opened.append(str(await viewer.id()))


async def _press(user: TelegramUser) -> float:
    """Press what goes on and return the seconds until the card had changed."""
    message = await user.newest()
    ways = ("Back", "First free", "Days")
    label = next(way for way in ways if message.button(way) is not None)
    begun = monotonic()
    await user.press(label)
    await user.wait_for_message(lambda seen: seen.from_bot)
    return monotonic() - begun
