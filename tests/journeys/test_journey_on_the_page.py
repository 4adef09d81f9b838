"""The first journey by a person's own hands: in a real browser, on the demo's page."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from calendars import read_event
from stage import Stage

ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run"]
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        await browser.close()


async def opened(browser: Browser, stage: Stage, size: dict[str, int]) -> Page:
    """Open the demo's page in a window of this size."""
    page = await browser.new_page(viewport={"width": size["width"], "height": size["height"]})
    page.set_default_timeout(15_000)
    await page.goto(stage.playground.base_url)
    return page


def chat_of(page: Page, name: str) -> Locator:
    """Return the chat of a person."""
    return page.get_by_role("region", name=f"Chat of {name}")


class Hand:
    """Taps in one chat, and counts."""

    def __init__(self, chat: Locator) -> None:
        self._chat = chat
        self.taps = 0

    async def tap(self, label: str, *, exact: bool = False) -> None:
        """Tap the newest button that says so."""
        self.taps += 1
        await self._chat.get_by_role("button", name=label, exact=exact).last.click()

    async def sees(self, text: str) -> None:
        """Wait until the chat says so."""
        await expect(self._chat.get_by_role("log")).to_contain_text(text, timeout=15_000)


@pytest.mark.browser
@pytest.mark.slow
class TestTheDemosPage:
    async def test_given_the_tour_when_walked_by_hand_then_student_and_coach_see_the_same_booking(
        self, sqlite_stage: Stage, browser: Browser, tmp_path: Path
    ) -> None:
        page = await opened(browser, sqlite_stage, WIDE)
        chat, ana = chat_of(page, "Mia Costa"), Hand(chat_of(page, "Ana Ruiz"))
        mia = Hand(chat)
        await page.get_by_role("button", name="Open the link").first.click()

        await mia.tap("Start", exact=True)
        await mia.sees("what does your clock say?")
        await mia.tap("09:02 Lisbon")
        zone_question = 1
        await mia.tap("24", exact=True)
        await mia.tap("15:00", exact=True)
        await mia.sees("Tue 24 Nov, 15:00-16:00 Lisbon (16:00 in Berlin)")
        await mia.tap("Book it")
        await mia.sees("Booked. Tue 24 Nov, 15:00-16:00 Lisbon")

        assert mia.taps - zone_question == 4
        await ana.sees("Tue 24 Nov, 16:00-17:00 · Mia Costa booked Piano lesson.")
        async with page.expect_download() as download:
            await chat.get_by_role("link", name="piano-lesson-24-nov.ics").click()
        await (await download.value).save_as(tmp_path / "lesson.ics")
        assert read_event((tmp_path / "lesson.ics").read_bytes()).status == "CONFIRMED"
        await expect(chat.get_by_role("link", name="Join")).to_have_attribute(
            "href", "https://meet.example/ana-ruiz"
        )

    async def test_given_a_booking_when_moved_cancelled_and_undone_by_hand_then_both_chats_follow(
        self, sqlite_stage: Stage, browser: Browser
    ) -> None:
        await sqlite_stage.books(sqlite_stage.people.user("mia"), "24", "15:00", "Book it")
        page = await opened(browser, sqlite_stage, WIDE)
        mia, ana = Hand(chat_of(page, "Mia Costa")), Hand(chat_of(page, "Ana Ruiz"))

        await mia.tap("Move", exact=True)
        await mia.tap("26", exact=True)
        await mia.tap("08:00", exact=True)
        await mia.tap("Move it")
        await mia.sees("Moved. Thu 26 Nov, 08:00-09:00 Lisbon")
        moves = mia.taps
        await ana.sees("Now Thu 26 Nov, 09:00 (was Tue 24 Nov, 16:00) · Mia moved Piano lesson.")
        await mia.tap("Cancel", exact=True)
        await mia.tap("Cancel the lesson")
        await mia.sees("Cancelled: Thu 26 Nov, 08:00. Ana knows.")
        cancels = mia.taps - moves
        await mia.tap("Undo", exact=True)

        await mia.sees("Back on: Thu 26 Nov, 08:00-09:00 Lisbon")
        await ana.sees("Back on: Thu 26 Nov, 09:00 · Mia is coming after all.")
        assert (moves, cancels) == (4, 2)

    async def test_given_a_phones_width_when_a_newcomer_offers_time_then_six_taps_make_a_link(
        self, sqlite_stage: Stage, browser: Browser
    ) -> None:
        page = await opened(browser, sqlite_stage, PHONE)
        await page.get_by_label("Person in chat 1").select_option("leo")
        leo = Hand(chat_of(page, "Leo Brandt"))

        await leo.tap("Start", exact=True)
        await leo.tap("Offer my time")
        await leo.tap("4:02 AM New York")
        await leo.tap("Mon-Fri 9-17")
        await leo.tap("60 min")
        await leo.sees("This is your week, in New York time:")
        await leo.tap("Save and get my link")
        await leo.sees("Your link works now. Whoever opens it can book you.")

        assert leo.taps == 6
        width = "document.documentElement.scrollWidth"
        assert json.loads(str(await page.evaluate(width))) <= PHONE["width"]
