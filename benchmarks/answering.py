"""G10: from a button press to the edited card, beside a handler that only answers and edits.

Both talk to one playground over HTTP, which runs in a process of its own and keeps the times of
its calls. slotbook stores each press, claims the chat and does what is asked: a day's times are
read, a time is held and given back, the days are drawn again. The reference is the plainest
polling bot python-telegram-bot can make.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import httpx
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes
from telegram.request import HTTPXRequest

from app.clock import SystemClock
from app.database import services_beside, tenant_of
from app.demo import demo_settings
from app.demo_cast import BOT
from app.logs import configure_logging
from app.seed import seed
from app.settings import Settings
from app.wiring import running_slotbook
from benchmarks.school import folder
from benchmarks.served import part, playground
from benchmarks.table import Result, at_most
from playground.client import PlaygroundClient, SeenMessage, TelegramUser
from playground.config import BotSeed, PlaygroundConfig, UserSeed

# Not a secret: only the playground knows this bot.
_TOKEN = "7000000002:empty-empty-empty-empty-empty-empty0"  # noqa: S105
# It idles while slotbook is measured: what the server might just be closing is not used again.
_LIMITS = httpx.Limits(max_connections=8, keepalive_expiry=2.0)
_EMPTY = BotSeed(token=_TOKEN, username="empty_bot")
_PEOPLE = (UserSeed(key="mia", first_name="Mia"), UserSeed(key="leo", first_name="Leo"))
_TYPE = "Quick talk"
_ROUNDS, _PRESSES, _WARM = 6, 40, 12
_DAY_OR_TIME = re.compile(r"\d+(:\d\d)?")
_METHOD = "editMessageText"


def run() -> list[Result]:
    """Measure p50 and p99."""
    with folder() as place, playground(_config) as address:
        settings = demo_settings(f"sqlite:///{place.resolve() / 'slotbook.db'}", address)
        configure_logging("WARNING", "auto")
        ours, empty = asyncio.run(_measure(settings, address))
    return [
        at_most("G10 press to edited card, p50", part(ours, 50), part(empty, 50), 3),
        at_most("G10 press to edited card, p99", part(ours, 99), part(empty, 99), 6),
    ]


def _config() -> PlaygroundConfig:
    return PlaygroundConfig(bots=(BOT, _EMPTY), users=_PEOPLE)


async def _measure(settings: Settings, address: str) -> tuple[list[float], list[float]]:
    code = await _seeded(settings)
    ours: list[float] = []
    empty: list[float] = []
    async with (
        running_slotbook(settings),
        _empty_bot(address),
        PlaygroundClient(address) as client,
    ):
        mia = client.user("mia", bot=BOT.username or "")
        leo = client.user("leo", bot=_EMPTY.username or "")
        await mia.start(code)
        await mia.press_and_wait("", "Which day?")  # the first clock that is offered
        await leo.start()
        await leo.wait_for("0")
        await _press(client, mia, _WARM)
        await _press(client, leo, _WARM)
        for _ in range(_ROUNDS):
            ours += await _press(client, mia, _PRESSES)
            empty += await _press(client, leo, _PRESSES)
    return ours, empty


async def _press(client: PlaygroundClient, user: TelegramUser, count: int) -> list[float]:
    """Press so often, each time when the card has changed; return the seconds until it did."""
    before = await client.calls(_METHOD)
    last = before[-1]["number"] if before else 0
    message = await user.newest()
    pressed: list[float] = []
    for _ in range(count):
        pressed.append(monotonic())
        await user.press_data(message.id, _next_button(message))
        message = await user.wait_for_message(lambda seen: seen.from_bot)
    edits = await client.calls(_METHOD, after=last)
    # The playground's clock is this machine's, and so is ours.
    return [
        next(edit["ended"] for edit in edits if edit["began"] > began) - began for began in pressed
    ]


def _next_button(message: SeenMessage) -> str:
    """Return what to press: round and round from the days to a day, a time, and back again."""
    buttons = [button for button in message.buttons if button.action == "callback_data"]
    labels = [button.text for button in buttons]
    if "Back" in labels:  # a time is held
        return str(buttons[labels.index("Back")].value)
    if "Days" in labels and message.edits % 4 == 3:  # the times, come back to from a held one
        return str(buttons[labels.index("Days")].value)
    wanted = [button for button in buttons if _DAY_OR_TIME.fullmatch(button.text)]
    return str((wanted or buttons)[0].value)


async def _seeded(settings: Settings) -> str:
    async with services_beside(settings) as (_, services):
        types = await seed(services, SystemClock(), tenant_of(settings))
    return next(str(each.code) for each in types if each.title == _TYPE)


# --- the reference ------------------------------------------------------------------------------


@asynccontextmanager
async def _empty_bot(address: str) -> AsyncIterator[None]:
    count = 0

    def again() -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])

    async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message:
            await update.message.reply_text("0", reply_markup=again())

    async def press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        nonlocal count
        count += 1
        if query := update.callback_query:
            await query.answer()
            await query.edit_message_text(str(count), reply_markup=again())

    bot: Application[Any, Any, Any, Any, Any, Any] = (
        Application.builder()
        .token(_TOKEN)
        .base_url(f"{address}/bot")
        .base_file_url(f"{address}/file/bot")
        .request(HTTPXRequest(connection_pool_size=8, httpx_kwargs={"limits": _LIMITS}))
        .build()
    )
    bot.add_handlers([CommandHandler("start", start), CallbackQueryHandler(press)])
    async with bot:
        await bot.start()
        if bot.updater:
            await bot.updater.start_polling()
        try:
            yield
        finally:
            if bot.updater:
                await bot.updater.stop()
            await bot.stop()
