"""Both chats side by side: who is shown, the tour, a phone's width, and what axe finds."""

from collections.abc import Awaitable, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

OpenPage = Callable[..., Awaitable[Page]]
WIDE, PHONE = {"width": 1600, "height": 900}, {"width": 390, "height": 844}

#: How many of a pane's parts stick out to the right; the strip of places may, it scrolls.
TOO_WIDE = """pane => [...pane.querySelectorAll("*")].filter((one) =>
  one.checkVisibility() && !one.closest(".sidebar")
  && one.getBoundingClientRect().right > innerWidth + 1).length"""


def slack_of(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"Slack of {name}")


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="People").get_by_role("button", name=name)


async def say(pane: Locator, text: str) -> None:
    field = pane.locator(".slack-composer textarea")
    await field.fill(text)
    await field.press("Enter")


@pytest.mark.browser
class TestLayout:
    async def test_given_both_chats_when_opened_then_telegram_stands_beside_slack(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()

        await expect(page.get_by_role("region", name="Chat of Mia Costa")).to_be_visible()
        await expect(slack_of(page, "Ana Ruiz")).to_contain_text("coach · Berlin")
        await expect(slack_of(page, "Cem Aydin")).to_contain_text("New York")

    async def test_given_the_tour_when_its_button_is_pressed_then_the_person_types_it(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()

        await page.get_by_role("button", name="/retro").click()
        await expect(slack_of(page, "Cem Aydin").locator("article").first).to_contain_text("Retro")
        await page.get_by_role("button", name="Ana in Slack").click()

        await expect(slack_of(page, "Ana Ruiz")).to_contain_text("3 sessions")

    async def test_given_a_person_who_is_hidden_when_news_come_then_their_tab_says_so(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana = slack_of(page, "Ana Ruiz")
        await ana.get_by_role("button", name="parrot").click()
        await tab(page, "Ana Ruiz in Slack").click()
        await expect(ana).to_be_hidden()
        await expect(tab(page, "Ana Ruiz in Slack")).to_have_attribute("aria-pressed", "false")

        await say(slack_of(page, "Cem Aydin"), "Good morning")

        await tab(page, "Ana Ruiz in Slack, new messages").click()
        await expect(ana).to_be_visible()

    async def test_given_a_phones_width_when_opened_then_one_pane_at_a_time(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page(PHONE)
        await expect(slack_of(page, "Ana Ruiz")).to_be_hidden()

        await tab(page, "Ana Ruiz in Slack").click()
        ana = slack_of(page, "Ana Ruiz")
        await say(ana, "/gallery")
        await ana.locator("article", has_text="Every element").wait_for()
        await say(ana, "/book")
        await ana.get_by_role("dialog", name="Book time").wait_for()

        await expect(page.get_by_role("region", name="Chat of Mia Costa")).to_be_hidden()
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert await ana.evaluate(TOO_WIDE) == 0

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
    async def test_given_everything_drawn_when_axe_looks_then_it_finds_nothing_serious(
        self, open_page: OpenPage, size: dict[str, int], scheme: str
    ) -> None:
        page = await open_page(size, scheme)
        await tab(page, "Ana Ruiz in Slack").click()
        ana = slack_of(page, "Ana Ruiz")
        if not await ana.is_visible():
            await tab(page, "Ana Ruiz in Slack").click()
        await say(ana, "/retro")
        await ana.locator("article", has_text="Only visible to you").wait_for()
        await say(ana, "/gallery")
        await ana.locator("article", has_text="Every element").wait_for()
        await ana.get_by_role("combobox", name="People").click()
        await page.get_by_role("listbox").get_by_role("option", name="Cem").wait_for()
        found = [await violations(page)]

        await page.keyboard.press("Escape")
        await ana.get_by_role("button", name="More actions", exact=True).click()
        found.append(await violations(page))
        await page.keyboard.press("Escape")
        await say(ana, "/book")
        modal = ana.get_by_role("dialog", name="Book time")
        await modal.get_by_role("button", name="Book it").click()
        await modal.locator(".input-error").first.wait_for()
        found.append(await violations(page))

        assert found == [[], [], []]


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
