"""Makes the README's pictures from the running demo: `make pictures`.

The same people, on the same Monday, say the same things each time.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from app.logs import configure_logging
from builders.times import at
from conftest import find_chromium
from running_clock import RunningClock
from stage import Stage, a_stage

PICTURES = Path(__file__).parent / "pictures"
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run"]


async def make_pictures(browser: Browser, stage: Stage) -> None:
    """Let the first journey happen and take pictures on the way."""
    people = stage.people
    mia, ana, leo = people.user("mia"), people.user("ana"), people.user("leo")
    kira = await stage.newcomer("kira", "Kira", last_name="Novak")
    await stage.books(leo, "26", "12:00", "Book it")
    await stage.books(kira, "24", "10:00", "Book it")
    await stage.opens(mia, "Piano lesson")
    await take(browser, stage, "days", PHONE)

    await mia.press_and_wait("24", "Which time?")
    await mia.press_and_wait("15:00", "Kept for you")
    await mia.press_and_wait("Book it", "Booked.")
    await mia.wait_for_document()
    await ana.wait_for("Mia Costa booked")
    await stage.calm()
    await take(browser, stage, "booking", WIDE)

    await ana.send("/agenda week")
    await ana.wait_for("3 sessions")
    await take(browser, stage, "week", PHONE, person="Ana")

    await stage.until(at("2026-11-24 14:00"))
    await mia.wait_for("In 1 hour, 15:00")
    await mia.press("Running late")
    await mia.press_and_wait("10 min late", "you come at about 15:10")
    await stage.calm()
    await take(browser, stage, "reminder", PHONE)


async def take(
    browser: Browser, stage: Stage, name: str, size: dict[str, int], *, person: str = ""
) -> None:
    """Take a picture of the page as it stands, in a window of this size."""
    page = await browser.new_page(
        viewport={"width": size["width"], "height": size["height"]}, color_scheme="light"
    )
    await page.goto(stage.playground.base_url)
    await page.get_by_role("log").first.get_by_text("slotbook").first.wait_for()
    if person:
        await page.get_by_role("button", name=person).first.click()
    await still(page)
    await page.screenshot(path=PICTURES / f"{name}.png")
    await page.close()


async def still(page: Page) -> None:
    """Wait until pictures are loaded and nothing moves."""
    await page.wait_for_load_state("load")
    # Those of hidden chats are loaded when they are shown.
    await page.wait_for_function(
        "[...document.images].filter((one) => one.offsetParent).every((one) => one.complete)"
    )
    await page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")


async def main(chromium: str) -> None:
    """Run the demo on a set clock and drive a browser over it."""
    configure_logging("WARNING", "text")
    PICTURES.mkdir(exist_ok=True)
    clock = RunningClock(at("2026-11-23 09:02"))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'pictures.db'}"
        async with a_stage(url, clock) as stage, stage.running(), async_playwright() as driver:
            await stage.welcome_coaches()
            browser = await driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            await make_pictures(browser, stage)
            await browser.close()


if __name__ == "__main__":
    if path := find_chromium():
        asyncio.run(main(path))
    else:
        sys.exit("no Chromium found: install the package 'chromium' to make the pictures")
