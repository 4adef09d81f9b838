"""Journeys 3 and 4 by people's own hands: Telegram and Slack side by side in a real browser."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from slack_stage import TwoChats

ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run"]
PATIENCE = 15_000


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, chats: TwoChats) -> AsyncIterator[Page]:
    """The demo's page, on which Mia is in Telegram, Ana and Bo in Slack; it has no errors."""
    faults: list[str] = []
    page = await browser.new_page(viewport={"width": 1600, "height": 900})
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_default_timeout(PATIENCE)
    await page.goto(chats.playground.base_url)
    yield page
    assert faults == []


class Hand:
    """Clicks in one chat and reads it."""

    def __init__(self, pane: Locator) -> None:
        self.pane = pane

    async def click(self, label: str, *, exact: bool = True) -> None:
        """Click the newest button that says so."""
        await self.pane.get_by_role("button", name=label, exact=exact).last.click()

    async def sees(self, text: str) -> None:
        """Wait until something in the chat says so."""
        await expect(self.pane).to_contain_text(text, timeout=PATIENCE)

    async def types(self, text: str) -> None:
        """Type into the chat's line, and send it."""
        line = self.pane.get_by_role("textbox").last
        await line.fill(text)
        await line.press("Enter")


def hands(page: Page) -> tuple[Hand, Hand, Hand]:
    """Return Mia's, Ana's and Bo's."""
    names = ("Chat of Mia Costa", "Slack of Ana Ruiz", "Slack of Bo Lind")
    mia, ana, bo = (Hand(page.get_by_role("region", name=name)) for name in names)
    return mia, ana, bo


@pytest.mark.browser
@pytest.mark.slow
class TestTwoChats:
    async def test_given_both_chats_when_mia_books_then_ana_sees_it_in_slack_and_answers(
        self, page: Page
    ) -> None:
        mia, ana, _ = hands(page)
        await page.get_by_role("button", name="Open the link").first.click()
        await mia.click("Start")
        await mia.click("09:02 Lisbon")
        await mia.click("24")
        await mia.click("15:00")
        await mia.click("Book it")
        await mia.sees("Booked. Tue 24 Nov, 15:00-16:00 Lisbon")

        await ana.click("slotbook", exact=False)
        await ana.sees("Tue 24 Nov, 16:00-17:00 · Mia Costa booked Piano lesson.")
        await ana.click("Message Mia")
        window = ana.pane.get_by_role("dialog")
        await window.get_by_role("textbox").fill("Bring the Chopin")
        await window.get_by_role("button", name="Send").click()

        await mia.sees("Bring the Chopin")
        await mia.click("Reply")
        await mia.types("Which one?")
        await ana.sees("Which one?")
        await ana.click("App Home")
        await ana.sees("Tue 24 Nov · 1 session, at 16:00 · Berlin time")

    async def test_given_a_question_in_the_channel_when_all_click_then_it_is_settled(
        self, page: Page, chats: TwoChats
    ) -> None:
        _, ana, bo = hands(page)
        await bo.types('/session "Retro" 45m next week @ana')
        await bo.sees("Asked in this channel.")

        await ana.sees("Bo asks Ana: which times work?")
        await ana.click("All work for me")

        await bo.sees("Retro is on: ")
        await ana.sees("both are in")
        thread = bo.pane.get_by_role("button", name="replies").or_(
            bo.pane.get_by_role("button", name="reply")
        )
        await thread.last.click()
        await bo.sees("Settled by the last vote:")
        await bo.sees("retro-")
        await chats.calm()

    async def test_given_the_tour_when_every_step_is_clicked_then_each_does_what_it_says(
        self, page: Page
    ) -> None:
        mia, ana, bo = hands(page)
        await page.locator("#tour li").first.wait_for()
        steps = iter(await page.locator("#tour li").all())

        async def step(action: str = "") -> None:
            buttons = next(steps).get_by_role("button")
            await (buttons.filter(has_text=action) if action else buttons).first.click()

        await step("Open the link")
        await mia.click("Start")
        await mia.click("09:02 Lisbon")
        await step("Mia")
        await mia.click("First free", exact=False)
        await mia.click("Book it")
        await mia.sees("Booked. ")
        await step("Ana")
        await ana.sees("Mia Costa booked Piano lesson.")
        await step("Ana")
        await ana.sees("1 session, at ")
        await step("/availability")
        await ana.sees("This is your week, in Berlin time:")
        await step("/session")
        await bo.sees("Retro · 45 min · Bo asks Ana, Cem, Dia")
        await step("Ana")
        await ana.click("All work for me")
        await bo.sees("yes: Bo, Ana")
        await bo.pane.get_by_label("Person in Slack").select_option("cem")
        await Hand(page.get_by_role("region", name="Slack of Cem Aydin")).click("All work for me")
        await ana.sees("yes: Bo, Ana, Cem")
        await step("/session")
        await bo.sees("Portfolio hour")
        await step("/book")
        await expect(bo.pane.get_by_role("dialog")).to_contain_text("With whom")
        await bo.pane.get_by_role("button", name="Not now").click()
        await step("Open the link")
        await mia.click("Start")
        await mia.sees("Quick talk, 15 min, with Kenji.")
        await step("/slotbook connect")
        await ana.sees("Tap this on your phone")
        await ana.pane.get_by_role("link", name="Open Telegram").click()
        phone = Hand(page.get_by_role("region", name="Chat of Ana Ruiz"))
        await phone.click("Start")
        await phone.sees("Connected: Slack (Ana Ruiz) and Telegram (@ana_ruiz).")
        assert next(steps, None) is None
