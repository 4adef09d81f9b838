"""The page in a real browser, with a small bot that knows nothing of the playground."""

import contextlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, async_playwright, expect
from telegram import (
    BotCommand,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from playground.client import PlaygroundClient
from playground.config import BotSeed, PlaygroundConfig, Tour, TourStep, UserSeed
from playground.serving import Playground

TOKEN = "4242:" + "p" * 35
DAYS = [
    ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
    ["·", "24", "·", "26", "27", "·", "·"],
    ["30", "1", "·", "3", "4", "·", "·"],
]  # fmt: skip
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"

Context = ContextTypes.DEFAULT_TYPE


def button(text: str, data: str | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=data or text)


DAY_KEYS = InlineKeyboardMarkup(
    [
        [button("First free: Tue 24 Nov, 08:00", "first")],
        *[[button(day, f"day:{row}:{day}") for day in days] for row, days in enumerate(DAYS)],
        [button("Later ›", "later"), button("Other coach", "other")],
    ]
)


async def start(update: Update, context: Context) -> None:
    assert update.message is not None
    assert update.effective_user is not None
    payload = context.args[0] if context.args else ""
    hello = f"Hi {update.effective_user.first_name}!" + (
        f" You came by {payload}." if payload else ""
    )
    await update.message.reply_text(hello, reply_markup=ReplyKeyboardRemove())
    await update.message.reply_html(
        "<b>Piano lesson, 60 min, with Ana.</b> Which day?\nNov-Dec 2026 · Lisbon time",
        reply_markup=DAY_KEYS,
    )


async def pressed(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    if query.data.endswith("·"):
        await query.answer("Nothing free that day. Next: Thu 26 Nov.")
    elif query.data == "other":
        await query.answer("Ana is the only coach here.\nAsk her to invite more.", show_alert=True)
    elif query.data == "silent":
        await context.bot.send_message(update.effective_user.id, "Sh.", disable_notification=True)  # type: ignore[union-attr]
        await query.answer()
    elif query.data == "never":
        return
    else:
        await query.answer()
        await book(update, context)


async def book(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query is not None
    assert update.effective_user is not None
    await query.edit_message_text(
        "<b>Booked.</b> Tue 24 Nov, 15:00-16:00 Lisbon\nPiano lesson with Ana · video: "
        '<a href="https://meet.example/ana-mia">meet.example/ana-mia</a>\n'
        'For you: <tg-time unix="1795532400" format="wDt">Tue 24 Nov, 15:00</tg-time>\n'
        "<i>Move or cancel until Tue 11:00.</i>",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton("Join", url="https://meet.example/ana-mia"),
                    InlineKeyboardButton("Copy link", copy_text=CopyTextButton("t.me/parrot")),
                ],
                [button("Move", "later"), button("Cancel", "never"), button("Undo", "silent")],
            ]
        ),
    )
    await context.bot.send_document(
        update.effective_user.id, io.BytesIO(CALENDAR), filename="piano-lesson-24-nov.ics"
    )


async def phone(update: Update, context: Context) -> None:
    assert update.message is not None
    keys: list[list[KeyboardButton | str]] = [
        [KeyboardButton("Share my phone", request_contact=True)],
        [KeyboardButton("Share my place", request_location=True), "Skip"],
    ]
    keyboard = ReplyKeyboardMarkup(keys, resize_keyboard=True, input_field_placeholder="Or type it")
    await update.message.reply_text("How can Ana reach you?", reply_markup=keyboard)


async def contact(update: Update, context: Context) -> None:
    assert update.message is not None
    assert update.message.contact is not None
    assert update.effective_user is not None
    own = update.message.contact.user_id == update.effective_user.id
    text = "Thank you." if own else "That is somebody else's."
    await update.message.reply_text(text, reply_markup=ReplyKeyboardRemove())


async def link(update: Update, context: Context) -> None:
    assert update.message is not None
    await update.message.reply_text(f"Your link: https://t.me/{context.bot.username}?start=abc")


async def echo(update: Update, context: Context) -> None:
    assert update.message is not None
    assert update.effective_chat is not None
    await context.bot.send_chat_action(update.effective_chat.id, "typing")
    await update.message.reply_text(update.message.text or "Got it.")


@contextlib.asynccontextmanager
async def parrot(api_url: str, *, token: str = TOKEN) -> AsyncIterator[Application]:  # type: ignore[type-arg]
    """The bot, polling, until the block ends."""
    app = (
        Application.builder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .job_queue(None)
        .build()
    )
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CommandHandler("phone", phone))
    app.add_handler(CommandHandler("link", link))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(MessageHandler(filters.CONTACT, contact))
    app.add_handler(MessageHandler(filters.ALL, echo))
    async with app:
        await app.bot.set_my_commands(
            [
                BotCommand("start", "First steps"),
                BotCommand("phone", "How to reach you"),
                BotCommand("link", "Your booking link"),
            ]
        )
        await app.bot.set_my_description("I repeat what you say,\nand know a calendar.")
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(poll_interval=0, timeout=5)
        yield app
        await app.updater.stop()
        await app.stop()


ARGUMENTS = [
    "--no-sandbox", "--headless", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
USERS = (
    UserSeed(key="mia", first_name="Mia", last_name="Costa", language_code="pt", label="student",
             zone="Europe/Lisbon", city="Lisbon", phone="+351910000001"),
    UserSeed(key="ana", first_name="<img src=x>", last_name="Ruiz", zone="Europe/Berlin"),
    UserSeed(key="noor", first_name="Noor", zone="Asia/Dubai"),
)  # fmt: skip
CONFIG = PlaygroundConfig(
    title="A playground",
    bots=(BotSeed(token=TOKEN, username="parrot_bot", name="Parrot"),),
    users=USERS,
    panes=("mia", "ana"),
    tour=Tour(title="Try this", steps=(TourStep(text="Press Start.", user="mia"),)),
)
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def stage() -> AsyncIterator[Playground]:
    """A playground with the parrot in it."""
    async with Playground(CONFIG) as served, parrot(served.bot_api_url):
        yield served


@pytest.fixture
async def open_page(chromium_path: str, stage: Playground) -> AsyncIterator[OpenPage]:
    """Open the page in a window of a size and colour scheme; script errors fail the test."""
    faults: list[str] = []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)

        async def open_page(size: dict[str, int] = WIDE, scheme: str = "light") -> Page:
            context = await browser.new_context(
                viewport={"width": size["width"], "height": size["height"]},
                color_scheme="dark" if scheme == "dark" else "light",
                permissions=["clipboard-read", "clipboard-write"],
            )
            page = await context.new_page()
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: faults.append(str(error)))
            await page.goto(stage.base_url)
            await page.get_by_role("button", name="Start").first.wait_for()
            return page

        yield open_page
        await browser.close()
    assert faults == []


@pytest.fixture
async def people(stage: Playground) -> AsyncIterator[PlaygroundClient]:
    async with PlaygroundClient(stage.base_url) as client:
        yield client


def pane(page: Page, number: int = 0) -> Locator:
    return page.locator(f"#pane-{number}")


async def start_chat(page: Page) -> Locator:
    """Press START in the first pane and wait for the day keyboard."""
    chat = pane(page)
    await chat.get_by_role("button", name="Start").click()
    await chat.get_by_role("button", name="24", exact=True).wait_for()
    return chat


@pytest.mark.browser
class TestPage:
    async def test_given_a_chat_when_booked_then_the_card_changes_in_place(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        chat = await start_chat(page)

        await chat.get_by_role("button", name="24", exact=True).click()

        card = chat.locator(".message", has_text="Booked.")
        await expect(card.locator("strong")).to_have_text("Booked.")
        await expect(card.locator(".meta")).to_contain_text("edited")
        await expect(card.locator("time.entity-time")).to_contain_text("15:00")
        await expect(card.get_by_role("link", name="Join")).to_have_attribute(
            "href", "https://meet.example/ana-mia"
        )
        async with page.expect_download() as download:
            await chat.get_by_role("link", name="piano-lesson-24-nov.ics").click()
        assert (await download.value).suggested_filename == "piano-lesson-24-nov.ics"

    async def test_given_answers_to_presses_when_they_come_then_toast_alert_and_spinner(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        chat = await start_chat(page)

        await chat.get_by_role("button", name="·").first.click()
        await expect(chat.locator(".toast")).to_have_text(
            "Nothing free that day. Next: Thu 26 Nov."
        )
        await chat.get_by_role("button", name="Other coach").click()
        alert = chat.get_by_role("alertdialog", name="Parrot")
        await expect(alert).to_contain_text("Ask her to invite more.")
        await page.keyboard.press("Escape")
        await expect(alert).to_be_hidden()
        await chat.get_by_role("button", name="24", exact=True).click()
        await chat.get_by_role("button", name="Copy link").click()
        assert await page.evaluate("navigator.clipboard.readText()") == "t.me/parrot"
        await chat.get_by_role("button", name="Cancel").click()

        await expect(chat.get_by_role("button", name="Cancel")).to_have_attribute(
            "aria-busy", "true"
        )

    async def test_given_only_a_keyboard_when_used_then_focus_is_never_lost(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        chat = pane(page)
        await chat.get_by_role("button", name="Start").focus()
        await page.keyboard.press("Enter")
        first = chat.get_by_role("button", name="First free")
        await first.wait_for()
        await expect(chat.get_by_role("textbox")).to_be_focused()

        await page.keyboard.type("/")
        await page.keyboard.press("ArrowUp")
        await expect(chat.get_by_role("button", name="/link")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(chat.get_by_role("textbox")).to_be_focused()
        await first.focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowRight")
        await expect(chat.get_by_role("button", name="24", exact=True)).to_be_focused()
        await page.keyboard.press("Enter")

        await chat.get_by_text("Booked.").wait_for()
        inside = "document.activeElement.closest('.message')?.textContent.includes('Booked.')"
        assert await page.evaluate(inside)

    async def test_given_a_reply_keyboard_when_used_then_a_contact_goes_out(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        chat = await start_chat(page)
        await chat.get_by_role("textbox").fill("/phone")
        await page.keyboard.press("Enter")

        await chat.get_by_role("button", name="Share my phone").click()
        await chat.get_by_role("button", name="Share my contact").click()

        await expect(chat.get_by_text("Thank you.")).to_be_visible()
        await expect(chat.get_by_role("group", name="Bot keyboard")).to_be_hidden()

    async def test_given_a_link_to_a_bot_when_clicked_then_start_carries_its_code(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        chat = await start_chat(page)
        await chat.get_by_role("textbox").fill("/link")
        await page.keyboard.press("Enter")

        await chat.get_by_role("button", name="https://t.me/parrot_bot?start=abc").click()
        await chat.get_by_role("button", name="Start", exact=True).click()

        await expect(chat.get_by_text("You came by abc.")).to_be_visible()

    async def test_given_an_open_page_when_others_act_then_it_is_live(
        self, open_page: OpenPage, people: PlaygroundClient
    ) -> None:
        page = await open_page()
        ana = people.user("ana")

        await ana.send("<b>not bold</b>")

        other = pane(page, 1)
        await expect(other.locator(".from-bot .text")).to_have_text("<b>not bold</b>")
        assert await page.locator("img, .text b, .text strong").count() == 0
        await ana.block()
        await expect(other.get_by_role("button", name="Unblock and start")).to_be_visible()

    async def test_given_a_restart_at_the_same_address_when_back_then_the_page_starts_anew(
        self, chromium_path: str
    ) -> None:
        async with Playground(CONFIG) as first, PlaygroundClient(first.base_url) as people:
            port = int(first.base_url.rsplit(":", 1)[1])
            await people.user("mia").send("before")
            async with async_playwright() as driver:
                browser = await driver.chromium.launch(
                    executable_path=chromium_path, args=ARGUMENTS
                )
                page = await browser.new_page()
                await page.goto(first.base_url)
                await expect(pane(page).get_by_text("before")).to_be_visible()
                await first.__aexit__(None, None, None)

                async with Playground(CONFIG, port=port):
                    await expect(pane(page).get_by_text("before")).to_be_hidden()
                    await people.user("mia").send("after")
                    await expect(pane(page).get_by_text("after")).to_be_visible()
                await browser.close()

    async def test_given_a_pane_when_switched_then_it_is_the_other_persons_chat(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()

        await pane(page).get_by_label("Person in chat 1").select_option("noor")

        await expect(page.get_by_role("region", name="Chat of Noor")).to_be_visible()

    async def test_given_a_phones_width_when_opened_then_one_chat_at_a_time(
        self, open_page: OpenPage, people: PlaygroundClient
    ) -> None:
        page = await open_page(PHONE)
        await expect(pane(page, 1)).to_be_hidden()

        await people.user("ana").send("hello")
        await page.get_by_role("button", name="<img src=x> Ruiz, new messages").click()

        await expect(pane(page, 1)).to_be_visible()
        await expect(pane(page, 0)).to_be_hidden()
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
    async def test_given_a_full_page_when_axe_looks_then_it_finds_nothing_serious(
        self, open_page: OpenPage, size: dict[str, int], scheme: str
    ) -> None:
        page = await open_page(size, scheme)
        chat = await start_chat(page)
        await chat.get_by_role("textbox").fill("/phone")
        await page.keyboard.press("Enter")
        await chat.get_by_role("button", name="Share my phone").wait_for()
        await chat.get_by_role("textbox").fill("/")
        found = [await violations(page)]

        await chat.get_by_role("button", name="24", exact=True).click()
        await chat.get_by_text("Booked.").wait_for()
        await chat.get_by_role("button", name="Menu of chat 1").click()
        found.append(await violations(page))

        assert found == [[], []]


async def violations(page: Page) -> list[str]:
    """What axe calls serious or critical: rule and place."""
    # Animations end first: halfway through, colours are not what they will be.
    await page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    results = await Axe().run(page)
    return [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in results.response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
