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
from slack_stage import DESIGN, TwoChats, two_chats, vote
from stage import LESSON, Stage, a_stage

PICTURES = Path(__file__).parent / "pictures"
WIDE = {"width": 1280, "height": 880}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run"]


async def of_telegram(browser: Browser, stage: Stage) -> None:
    """Let the first journey happen and take pictures on the way."""
    people = stage.people
    mia, ana, leo = people.user("mia"), people.user("ana"), people.user("leo")
    kira = await stage.newcomer("kira", "Kira", last_name="Novak")
    await stage.books(leo, "26", "12:00", "Book it")
    await stage.books(kira, "24", "10:00", "Book it")
    await stage.opens(mia, LESSON)
    await take(browser, stage, "days", PHONE)

    await mia.press_and_wait("24", "Which time?")
    await mia.press_and_wait("15:00", "Kept for you")
    await mia.press_and_wait("Book it", "Booked.")
    await mia.wait_for_document()
    await ana.send("/agenda week")
    await ana.wait_for("3 sessions")
    await take(browser, stage, "week", PHONE, person="Ana")

    await stage.until(at("2026-11-24 14:00"))
    await mia.wait_for("In 1 hour, 15:00")
    await mia.press("Running late")
    await mia.press_and_wait("10 min late", "you come at about 15:10")
    await stage.calm()
    await take(browser, stage, "reminder", PHONE)


async def of_both_chats(browser: Browser, stage: TwoChats) -> None:
    """Let a coach in Slack and a student in Telegram have a lesson, and take a picture."""
    ana = stage.person("ana")
    mia = await stage.mia_books("24", "15:00", "Book it")
    await ana.wait_for("Mia Costa booked Piano lesson.", since=0)
    await ana.command("/slotbook", "agenda tomorrow")
    await ana.wait_for("1 session, at 16:00")
    await ana.press_newest("Message Mia")
    window = await ana.modal("What should I tell Mia?")
    await ana.fill(window, "What should I tell", "Please bring the Chopin.")
    await ana.submit(window)
    await mia.wait_for("Please bring the Chopin.", since=0)
    await mia.press_and_wait("Reply", "What should I tell Ana?")
    await mia.send("Gladly! The waltz?")
    await ana.wait_for("The waltz?", since=0)
    await stage.two_ticks()
    await take(browser, stage, "slack", WIDE, place="slotbook")


async def of_the_team(browser: Browser, stage: TwoChats) -> None:
    """Let a team vote in its channel, and the coach have her day; take pictures."""
    ana, bo, cem, dia = (stage.person(key) for key in ("ana", "bo", "cem", "dia"))
    await bo.command("/session", '"Retro" 45m next week @ana @cem @dia', channel=DESIGN)
    await bo.wait_for("which times work?", channel=DESIGN, since=0)
    await vote(cem, "A", "Yes")
    await vote(dia, "A", "If need be")
    await vote(dia, "C", "Yes")
    await bo.wait_for("Missing: Ana.", channel=DESIGN, since=0)
    await stage.two_ticks()
    await take(browser, stage, "session", PHONE, person="Ana", place="design")

    kira, leo = await stage.newcomer("kira", "Kira", last_name="Novak"), stage.people.user("leo")
    await stage.books(kira, "24", "10:00", "Book it")
    await stage.books(leo, "24", "14:00", "Book it")
    mia = stage.people.user("mia")
    await stage.opens(mia, "Trial lesson")
    for label in ("26", "15:00", "Skip", "Ask for it"):
        await mia.press(label)
    await mia.wait_for("Asked.", since=0)
    await ana.open_home()
    await ana.home("2 sessions")
    await stage.two_ticks()
    await take(browser, stage, "home", PHONE, person="Ana", place="App Home")

    await bo.command("/book")
    await bo.choose(await bo.modal("With whom"), "With whom", "Ana Ruiz")
    await bo.choose(await bo.modal("Piano lesson, 60 min"), "What", "Piano lesson")
    await bo.choose(await bo.modal("Free times"), "Time", "16:00")
    await bo.modal("Kept for you until")
    await stage.two_ticks()
    await take(browser, stage, "window", PHONE, person="Bo")


async def take(
    browser: Browser,
    stage: Stage,
    name: str,
    size: dict[str, int],
    *,
    person: str = "",
    place: str = "",
) -> None:
    """Take a picture of the page as it stands, in a window of this size.

    ``person`` is whose chat is shown where there is room for one, ``place`` where in Slack.
    """
    page = await browser.new_page(
        viewport={"width": size["width"], "height": size["height"]}, color_scheme="light"
    )
    await page.goto(stage.playground.base_url)
    await page.get_by_role("log").first.get_by_text("slotbook").first.wait_for()
    tour = page.get_by_role("button", name="Tour", exact=True)
    if await tour.get_attribute("aria-expanded") == "true":
        await tour.click()
    if person:
        await page.get_by_role("button", name=person).first.click()
    if place:
        await page.get_by_role("navigation").get_by_role("button", name=place).last.click()
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
    """Run the demo on a set clock, three times anew, and drive a browser over it."""
    configure_logging("WARNING", "text")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            async with a_stage(database(folder, "telegram"), monday()) as stage, stage.running():
                await stage.welcome_coaches()
                await of_telegram(browser, stage)
            for make, panes in ((of_both_chats, ("ana",)), (of_the_team, ("ana", "bo"))):
                url = database(folder, make.__name__)
                async with two_chats(url, monday(), panes=panes) as both, both.running():
                    await make(browser, both)
            await browser.close()


def monday() -> RunningClock:
    """Return the clock of the pictures: Monday, 23 November 2026, 10:02 in Berlin."""
    return RunningClock(at("2026-11-23 09:02"))


def database(folder: str, name: str) -> str:
    """Return the address of a new database."""
    return f"sqlite:///{Path(folder) / name}.db"


if __name__ == "__main__":
    if path := find_chromium():
        asyncio.run(main(path))
    else:
        sys.exit("no Chromium found: install the package 'chromium' to make the pictures")
