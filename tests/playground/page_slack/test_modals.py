"""Modals on the page: filling in, errors, updates while typing, pushing and going back."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

from slack_parrot import Parrot

OpenPage = Callable[..., Awaitable[Page]]


async def opened(page: Page) -> tuple[Locator, Locator]:
    """Let Ana open the booking modal: her pane and the modal."""
    ana = page.get_by_role("region", name="Slack of Ana Ruiz")
    field = ana.locator(".slack-composer textarea")
    await field.fill("/book")
    await field.press("Enter")
    modal = ana.get_by_role("dialog", name="Book time")
    await modal.wait_for()
    return ana, modal


async def choose(modal: Locator, label: str, typed: str, option: str) -> None:
    """Choose from a select by typing the beginning."""
    await modal.get_by_role("combobox", name=label).click()
    await modal.page.keyboard.type(typed)
    await modal.page.get_by_role("listbox").get_by_role("option", name=option).click()
    await expect(modal.get_by_role("combobox", name=label)).to_have_value(option)


@pytest.mark.browser
class TestModals:
    async def test_given_required_fields_when_left_empty_then_each_says_so_and_nothing_is_sent(
        self, open_page: OpenPage, parrot: Parrot
    ) -> None:
        page = await open_page()
        _, modal = await opened(page)
        await modal.get_by_label("Mail").fill("not an address")

        await modal.get_by_role("button", name="Book it").click()

        await expect(modal.locator(".input-error")).to_have_text(
            ["Please complete this required field."] * 3 + ["Enter a valid email address."]
        )
        await expect(modal.get_by_role("combobox", name="Who")).to_be_focused()
        assert parrot.heard == []

    async def test_given_a_complete_form_when_submitted_then_the_app_gets_every_answer(
        self, open_page: OpenPage, parrot: Parrot
    ) -> None:
        page = await open_page()
        ana, modal = await opened(page)
        await choose(modal, "Who", "ken", "Kenji Mori")
        await choose(modal, "Time", "14", "14:00-15:00")
        await modal.get_by_label("Hours").fill("9-12")
        await modal.get_by_label("Note").fill("two\nlines")

        await modal.get_by_role("button", name="Book it").click()

        await expect(modal).to_be_hidden()
        await ana.get_by_role("button", name="parrot, new messages").click()
        await expect(ana.locator("article", has_text="Booked 14:00-15:00.")).to_be_visible()
        values = parrot.heard[-1]
        assert values["who"]["it"]["selected_option"]["value"] == "Kenji Mori"
        assert values["hours"]["it"] == {"type": "plain_text_input", "value": "9-12"}
        assert values["note"]["it"]["value"] == "two\nlines"
        assert values["mail"]["it"]["value"] is None

    async def test_given_the_apps_errors_when_they_come_then_under_their_field_and_rest_stays(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        _, modal = await opened(page)
        await choose(modal, "Who", "ana", "Ana Ruiz")
        await choose(modal, "Time", "11", "11:00-12:00")
        await modal.get_by_label("Hours").fill("9-12")

        await modal.get_by_role("button", name="Book it").click()

        time = modal.get_by_role("combobox", name="Time")
        await expect(modal.locator(".input-error")).to_have_text("11:00 has just gone.")
        await expect(time).to_be_focused()
        await expect(time).to_have_attribute("aria-invalid", "true")
        await expect(modal.get_by_role("combobox", name="Who")).to_have_value("Ana Ruiz")
        await choose(modal, "Time", "12", "12:00-13:00")
        await expect(modal.locator(".input-error")).to_have_count(0)
        await modal.get_by_role("button", name="Book it").click()
        await expect(modal).to_be_hidden()

    async def test_given_updates_while_typing_when_they_come_then_focus_and_answers_stay(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        _, modal = await opened(page)
        await choose(modal, "Who", "len", "Lena Ost")
        hours = modal.get_by_label("Hours")

        await hours.press_sequentially("9-12, 13-17", delay=60)

        await expect(modal).to_contain_text("Preview: 9-12, 13-17")
        await expect(hours).to_be_focused()
        await expect(hours).to_have_value("9-12, 13-17")
        await expect(modal.get_by_role("combobox", name="Who")).to_have_value("Lena Ost")

    async def test_given_a_pushed_view_when_left_then_the_first_has_kept_its_answers(
        self, open_page: OpenPage, parrot: Parrot
    ) -> None:
        page = await open_page()
        ana, modal = await opened(page)
        await modal.get_by_label("Note").fill("keep me")
        await modal.get_by_role("button", name="Other times").click()
        other = ana.get_by_role("dialog", name="Other times")
        await other.wait_for()
        assert parrot.heard[-1]["note"]["it"]["value"] == "keep me"

        await page.keyboard.press("Escape")

        await expect(modal.get_by_label("Note")).to_have_value("keep me")
        await modal.get_by_role("button", name="Other times").click()
        await other.get_by_role("button", name="Take it").click()
        await expect(ana.get_by_role("dialog")).to_have_count(0)
        await expect(ana.locator(".slack-composer textarea")).to_be_focused()

    async def test_given_a_modal_when_tabbed_through_then_focus_stays_inside(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        await opened(page)
        inside = "Boolean(document.activeElement.closest('dialog'))"

        stayed = []
        for _ in range(14):
            await page.keyboard.press("Tab")
            stayed.append(await page.evaluate(inside))

        assert all(stayed)

    async def test_given_the_page_reloaded_when_a_modal_is_open_then_it_is_back_as_it_was(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        _, modal = await opened(page)
        async with page.expect_response("**/state"):
            await modal.get_by_label("Note").fill("still here")

        await page.reload()

        await expect(modal.get_by_label("Note")).to_have_value("still here")
