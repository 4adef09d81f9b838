"""Every element of Block Kit that holds an answer, used by hand; the app hears what Slack sends."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from parrot_cards import NINE
from slack_parrot import Parrot

OpenPage = Callable[..., Awaitable[Page]]


class Gallery:
    """The message with every element, in Ana's pane."""

    def __init__(self, page: Page, parrot: Parrot) -> None:
        self.page = page
        self._parrot = parrot
        self.ana = page.get_by_role("region", name="Slack of Ana Ruiz")
        self.message = self.ana.locator("article", has_text="Every element")

    async def open(self) -> None:
        field = self.ana.locator(".slack-composer textarea")
        await field.fill("/gallery")
        await field.press("Enter")
        await self.message.wait_for()

    def combo(self, name: str) -> Locator:
        return self.message.get_by_role("combobox", name=name)

    async def choose(self, name: str, typed: str) -> None:
        """Type into a select and press Enter at once: the first that fits is meant."""
        await self.combo(name).click()
        await self.page.keyboard.type(typed)
        await self.page.keyboard.press("Enter")

    async def heard(self, act: Awaitable[Any]) -> dict[str, Any]:
        """What the app hears of it."""
        async with self.page.expect_response("**/actions"):
            await act
        return self._parrot.heard[-1]


@pytest.fixture
async def gallery(open_page: OpenPage, parrot: Parrot) -> Gallery:
    gallery = Gallery(await open_page(), parrot)
    await gallery.open()
    return gallery


@pytest.mark.browser
class TestElements:
    async def test_given_selects_when_one_is_chosen_then_the_app_hears_it(
        self, gallery: Gallery
    ) -> None:
        static = await gallery.heard(gallery.choose("Choose a time", "14:00"))
        external = await gallery.heard(gallery.choose("Find a coach", "Kenji"))
        user = await gallery.heard(gallery.choose("Who?", "Cem"))
        place = await gallery.heard(gallery.choose("Where", "#leads"))

        assert static["selected_option"]["value"] == "14:00"
        assert external["selected_option"]["value"] == "Kenji Mori"
        assert user["selected_user"] == "U0CEM"
        assert place["selected_conversation"] == "C0LEADS"
        await expect(gallery.combo("Choose a time")).to_have_value("14:00")
        await expect(gallery.combo("Where")).to_have_value("#leads")

    async def test_given_several_people_when_added_and_removed_then_all_who_are_left_are_told(
        self, gallery: Gallery
    ) -> None:
        await gallery.choose("People", "Cem")

        added = await gallery.heard(gallery.page.keyboard.press("Escape"))
        removed = await gallery.heard(
            gallery.message.get_by_role("button", name="Remove Cem Aydin").click()
        )

        assert added["selected_users"] == ["U0BO", "U0CEM"]
        assert removed["selected_users"] == ["U0BO"]

    async def test_given_days_and_hours_when_set_then_moments_are_in_the_persons_zone(
        self, gallery: Gallery
    ) -> None:
        message = gallery.message

        async def put(label: str, text: str) -> None:
            await message.get_by_label(label, exact=True).fill(text)
            await message.get_by_label(label, exact=True).blur()

        day = await gallery.heard(put("Day", "2026-11-24"))
        time = await gallery.heard(put("Hour", "09:30"))
        moment = await gallery.heard(put("Date and time", "2026-11-24T10:00"))

        assert day["selected_date"] == "2026-11-24"
        assert time["selected_time"] == "09:30"
        assert moment["selected_date_time"] == NINE

    async def test_given_ticks_when_changed_then_all_that_are_on_are_told(
        self, gallery: Gallery
    ) -> None:
        ticks = await gallery.heard(gallery.message.get_by_role("checkbox", name="Tue").check())
        radio = await gallery.heard(gallery.message.get_by_role("radio", name="Mon").check())

        assert [option["value"] for option in ticks["selected_options"]] == ["Mon", "Tue"]
        assert radio["selected_option"]["value"] == "Mon"

    async def test_given_only_a_keyboard_when_choosing_then_the_list_is_walked_and_left(
        self, gallery: Gallery
    ) -> None:
        combo = gallery.combo("Choose a time")
        await combo.focus()
        press = gallery.page.keyboard.press

        await press("ArrowDown")
        await expect(combo).to_have_attribute("aria-expanded", "true")
        await press("ArrowDown")
        await press("Escape")
        await expect(combo).to_have_attribute("aria-expanded", "false")
        await press("ArrowDown")
        await press("ArrowDown")
        heard = await gallery.heard(press("Enter"))

        assert heard["selected_option"]["value"] == "10:00"
        await expect(combo).to_be_focused()

    async def test_given_too_few_letters_when_asking_the_app_then_it_is_said(
        self, gallery: Gallery
    ) -> None:
        await gallery.combo("Find a coach").click()

        await expect(gallery.page.get_by_role("listbox").get_by_role("option")).to_have_text(
            "Type 1 more letter."
        )
        await gallery.page.keyboard.type("zz")
        await expect(gallery.page.get_by_role("listbox").get_by_role("option")).to_have_text(
            "Nothing found."
        )
