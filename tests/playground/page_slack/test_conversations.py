"""Commands, cards, threads, shortcuts and App Home, by hand on the page."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

from slack_parrot import Parrot

OpenPage = Callable[..., Awaitable[Page]]


def slack_of(page: Page, name: str) -> Locator:
    """The pane of a person in Slack."""
    return page.get_by_role("region", name=f"Slack of {name}")


async def say(pane: Locator, text: str) -> None:
    """Type a line in the conversation that is open, and send it."""
    field = pane.locator(".slack-composer textarea")
    await field.fill(text)
    await field.press("Enter")


async def ask_retro(page: Page) -> tuple[Locator, Locator, Locator]:
    """Let Ana ask the team: her pane, Cem's, and the card as Ana sees it."""
    ana, cem = slack_of(page, "Ana Ruiz"), slack_of(page, "Cem Aydin")
    await say(ana, "/retro")
    card = ana.locator("article", has_text="Retro · 45 min")
    await card.wait_for()
    return ana, cem, card


@pytest.mark.browser
class TestConversations:
    async def test_given_a_card_when_voted_on_then_both_see_it_edited_each_in_their_zone(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        _, cem, card = await ask_retro(page)
        theirs = cem.locator("article", has_text="Retro · 45 min")

        await theirs.get_by_role("button", name="Yes").click()

        await expect(card).to_contain_text("yes: @Cem Aydin")
        await expect(card).to_contain_text("(edited)")
        await expect(card.locator("time.entity-time")).to_have_text("24 Nov 2026, 10:00")
        await expect(theirs.locator("time.entity-time")).to_contain_text("Nov 24, 2026, 4:00")
        await expect(theirs.get_by_role("button", name="Yes")).not_to_have_attribute(
            "aria-busy", "true"
        )

    async def test_given_something_private_when_it_comes_then_only_the_one_sees_it_marked(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana, cem, _ = await ask_retro(page)

        note = ana.locator("article", has_text="Other calendars I cannot see.")
        await expect(note).to_contain_text("Only visible to you")

        await cem.locator("article", has_text="Retro · 45 min").wait_for()
        await expect(cem.get_by_text("Other calendars I cannot see.")).to_have_count(0)

    async def test_given_a_slash_when_typed_then_commands_are_offered_and_run(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana = slack_of(page, "Ana Ruiz")
        field = ana.locator(".slack-composer textarea")

        await field.fill("/re")
        await expect(
            ana.get_by_role("group", name="Suggestions").get_by_role("button")
        ).to_have_text(["/retroAsk for times", "/repeatSay it again"])
        await field.press("ArrowUp")
        await page.keyboard.press("Enter")
        await expect(field).to_have_value("/repeat ")
        await field.press_sequentially("a <b> & c @ce")
        await field.press("Tab")
        await expect(field).to_have_value("/repeat a <b> & c @cem ")
        await field.press("Enter")

        said = ana.locator("article", has_text="Only visible to you").locator(".mrkdwn")
        await expect(said).to_have_text("You said: a <b> & c @Cem Aydin")

    async def test_given_a_card_when_its_thread_is_opened_then_the_file_downloads_there(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana, _, card = await ask_retro(page)

        await card.get_by_role("button", name="1 reply").click()

        await expect(ana.get_by_role("heading", name="Thread in #design")).to_be_visible()
        async with page.expect_download() as download:
            await ana.get_by_role("link", name="retro.ics").click()
        assert (await download.value).suggested_filename == "retro.ics"
        await say(ana, "Thank you")
        await expect(ana.locator("article", has_text="Thank you")).to_be_visible()
        await say(ana, "/repeat x")
        await expect(ana.locator(".toast")).to_contain_text("does not work in threads")
        await ana.get_by_role("button", name="Back to the channel").click()
        await expect(card.get_by_role("button", name="2 replies")).to_be_visible()

    async def test_given_the_messages_with_the_app_when_written_to_then_it_answers_and_shows(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana = slack_of(page, "Ana Ruiz")
        await ana.get_by_role("button", name="parrot").click()

        await say(ana, "hi <there>")
        await expect(ana.locator("article", has_text="You wrote: hi <there>")).to_be_visible()
        await say(ana, "picture")

        picture = ana.get_by_role("img", name="Picture: week.png")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1

    async def test_given_another_place_when_something_comes_there_then_it_is_marked_until_read(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana, cem = slack_of(page, "Ana Ruiz"), slack_of(page, "Cem Aydin")
        await ana.get_by_role("button", name="leads").click()

        await say(cem, "Good morning")

        await ana.get_by_role("button", name="design, new messages").click()
        await expect(ana.locator("article", has_text="Good morning")).to_be_visible()
        await expect(ana.get_by_role("button", name="design", exact=True)).to_be_visible()
        await expect(cem.get_by_role("button", name="leads")).to_have_count(0)

    async def test_given_shortcuts_when_chosen_then_the_app_hears_where(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana = slack_of(page, "Ana Ruiz")
        await say(ana, "We need a *time*")
        message = ana.locator("article", has_text="We need a")
        await message.hover()

        await message.get_by_role("button", name="More actions for this message").click()
        await ana.get_by_role("menuitem", name="Find a time together").click()
        modal = ana.get_by_role("dialog", name="Book time")
        await expect(modal).to_contain_text("Preview: for We need a time")
        await modal.get_by_role("button", name="Not now").click()
        await ana.get_by_role("button", name="Shortcuts").click()
        await page.keyboard.press("Enter")

        await expect(modal).to_contain_text("Preview: nothing yet")

    async def test_given_app_home_when_something_is_approved_then_it_is_drawn_anew(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana = slack_of(page, "Ana Ruiz")
        await ana.get_by_role("button", name="App Home").click()

        await ana.get_by_role("button", name="Approve").click()

        await expect(ana.get_by_role("region", name="App Home of Ana Ruiz")).to_contain_text(
            "Nothing waits for you."
        )

    async def test_given_a_button_that_asks_when_refused_and_agreed_then_only_then_it_is_told(
        self, open_page: OpenPage, parrot: Parrot
    ) -> None:
        page = await open_page()
        ana, _, card = await ask_retro(page)

        await card.get_by_role("button", name="Call off").click()
        sure = ana.get_by_role("alertdialog", name="Call it off?")
        await expect(sure.locator("strong")).to_have_text("hears")
        await sure.get_by_role("button", name="Keep it").click()
        assert parrot.heard == []
        await card.get_by_role("button", name="Call off").click()
        async with page.expect_response("**/actions"):
            await sure.get_by_role("button", name="Call it off").click()

        assert [action["action_id"] for action in parrot.heard] == ["call_off"]

    async def test_given_an_app_that_does_not_answer_when_pressed_then_a_spinner_then_words(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana, _, card = await ask_retro(page)
        silent = card.get_by_role("button", name="Silent")

        await silent.click()

        await expect(silent).to_have_attribute("aria-busy", "true")
        await expect(ana.locator(".toast")).to_contain_text("parrot did not answer")
        await expect(silent).not_to_have_attribute("aria-busy", "true")

    async def test_given_an_overflow_menu_when_chosen_from_then_the_option_arrives(
        self, open_page: OpenPage, parrot: Parrot
    ) -> None:
        page = await open_page()
        _, _, card = await ask_retro(page)

        await card.get_by_role("button", name="More actions", exact=True).click()
        await page.keyboard.press("ArrowDown")
        async with page.expect_response("**/actions"):
            await page.keyboard.press("Enter")

        assert parrot.heard[-1]["selected_option"]["value"] == "Add a time"
        await expect(card.get_by_role("button", name="More actions", exact=True)).to_be_focused()

    async def test_given_a_profile_that_moves_when_it_changes_then_times_follow(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        _, cem, card = await ask_retro(page)
        time = cem.locator("article time.entity-time")
        await expect(time).to_contain_text("Nov 24, 2026, 4:00")

        await page.request.post(
            "/playground/api/slack/users/cem/profile", data={"tz": "Asia/Tokyo"}
        )

        await expect(time).to_contain_text("Nov 24, 2026, 6:00")
        await expect(cem).to_contain_text("Tokyo")
        await expect(card.locator("time.entity-time")).to_have_text("24 Nov 2026, 10:00")

    async def test_given_a_channel_without_the_app_when_it_is_invited_then_it_is_there(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana = slack_of(page, "Ana Ruiz")
        await ana.get_by_role("button", name="leads").click()

        async with page.expect_response("**/app/membership") as answer:
            await say(ana, "/invite @parrot")

        assert (await (await answer.value).json())["with_app"] is True

    async def test_given_a_channel_when_it_is_archived_then_nothing_can_be_said_there(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana, _, card = await ask_retro(page)

        await page.request.post("/playground/api/slack/channels/C0DESIGN/archive")

        await expect(ana.get_by_text("This channel is archived")).to_be_visible()
        await expect(ana.locator(".slack-composer")).to_be_hidden()
        await expect(card).to_be_visible()

    async def test_given_a_link_to_a_bot_when_pressed_in_slack_then_it_opens_in_telegram(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana = slack_of(page, "Ana Ruiz")
        await say(ana, "/repeat t.me/parrot_bot?start=abc")

        async with page.expect_response("**/chats/parrot_bot/link") as answer:
            await ana.get_by_role("link", name="t.me/parrot_bot?start=abc").click()

        assert (await answer.value).request.post_data_json == {"payload": "abc"}
        assert len(page.context.pages) == 1

    async def test_given_names_with_markup_when_shown_then_they_are_words(
        self, open_page: OpenPage
    ) -> None:
        page = await open_page()
        ana = slack_of(page, "Ana Ruiz")

        await ana.get_by_label("Person in Slack 1").select_option("bo")
        await say(slack_of(page, "<img src=x>"), "<!channel> <script>alert(1)</script>")

        said = slack_of(page, "<img src=x>").locator("article .mrkdwn")
        await expect(said).to_have_text("<!channel> <script>alert(1)</script>")
        assert await page.locator("img, .mention").count() == 0
