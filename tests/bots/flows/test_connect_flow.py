"""One person in two chats: a code in one, redeemed in the other."""

from datetime import timedelta

from builders.times import at
from office import Office
from phones import Phone
from scheduling.messages import CopyText, OpenUrl
from scheduling.people import Platform
from town import Town

CONNECTED = "Connected: Slack (Ana Ruiz) and Telegram (@ana). Reminders come where you were last."


async def two_chats(office: Office) -> tuple[Phone, Phone]:
    """Return Ana in Slack, and Ana in Telegram as somebody else yet."""
    slack = await office.phone("Ana Ruiz", platform=Platform.SLACK)
    return slack, await office.phone("Ana Ruiz", username="ana")


async def the_code(slack: Phone) -> str:
    """Let a code be shown in Slack and return it."""
    await slack.type("/connect")
    (link,) = slack.buttons()
    assert isinstance(link, OpenUrl)
    return link.url.partition("start=")[2]


class TestConnecting:
    async def test_given_slack_when_asked_then_a_link_leads_to_telegram(
        self, office: Office
    ) -> None:
        slack, _ = await two_chats(office)

        code = await the_code(slack)

        assert slack.text == (
            "Tap this on your phone within 10 minutes; both chats become one you.\n"
            f"t.me/pianobot?start={code}"
        )
        assert code.startswith("c_")

    async def test_given_the_link_when_opened_then_both_are_one_and_nothing_more_is_asked(
        self, office: Office
    ) -> None:
        slack, telegram = await two_chats(office)

        await telegram.type(f"/start {await the_code(slack)}")

        assert telegram.text == CONNECTED
        assert telegram.labels == [["Disconnect"]]
        await slack.type("/connect")
        assert slack.text == CONNECTED

    async def test_given_telegram_when_asked_then_the_line_to_type_in_slack_joins_too(
        self, office: Office
    ) -> None:
        slack, telegram = await two_chats(office)

        await telegram.type("/connect")
        copy = telegram.buttons()[0]
        assert isinstance(copy, CopyText)
        await slack.type(f"/connect {copy.text.rpartition(' ')[2]}")

        assert telegram.text.startswith("Type this in Slack within 10 minutes;")
        assert copy.text.startswith("/slotbook connect ")
        assert slack.text == CONNECTED

    async def test_given_one_person_then_bookings_of_either_chat_are_in_both(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        slack = await town.phone("Mia Costa", platform=Platform.SLACK)
        telegram = await town.phone("Mia", username="mia", zone="Europe/Lisbon")
        await town.books(telegram, lesson, at("2026-11-24 15:00"))

        await telegram.type(f"/start {await the_code(slack)}")
        await slack.type("/my")

        assert "Piano lesson with Ana" in slack.text


class TestRefusals:
    async def test_given_a_used_code_then_a_new_one_is_offered(self, office: Office) -> None:
        slack, telegram = await two_chats(office)
        code = await the_code(slack)
        await telegram.type(f"/start {code}")
        leo = await office.phone("Leo Brandt")

        await leo.type(f"/start {code}")

        assert leo.text == "That code was used already, or its 10 minutes are over. Take a new one."
        assert leo.labels == [["New code"]]

    async def test_given_a_late_code_then_nothing_is_joined(self, office: Office) -> None:
        slack, telegram = await two_chats(office)
        code = await the_code(slack)
        office.clock.advance(timedelta(minutes=10, seconds=1))

        await telegram.type(f"/start {code}")

        assert telegram.labels == [["New code"]]
        assert (await office.read(telegram)).name == "Ana Ruiz"

    async def test_given_ones_own_code_then_it_says_where_it_belongs(self, office: Office) -> None:
        slack, _ = await two_chats(office)
        code = await the_code(slack)

        await slack.type(f"/connect {code}")

        assert slack.text == "This is your own code. Use it in Telegram, in your other chat."

    async def test_given_two_accounts_on_one_platform_then_they_stay_two(
        self, office: Office
    ) -> None:
        slack, telegram = await two_chats(office)
        await telegram.type(f"/start {await the_code(slack)}")
        other = await office.phone("Bo Lind", platform=Platform.SLACK)

        code = await the_code(other)
        await telegram.type(f"/start {code}")

        assert telegram.text.startswith("You both have an account on the same platform")

    async def test_given_a_booking_with_each_other_then_they_stay_two(self, town: Town) -> None:
        ana, lesson = await town.ana()
        student = await town.phone("Ana R", platform=Platform.SLACK)
        await town.books(student, lesson, at("2026-11-24 15:00"))

        await ana.type(f"/start {await the_code(student)}")

        assert ana.text.startswith("Your two chats have bookings with each other")
        assert ana.labels == [["My bookings"]]


class TestDisconnecting:
    async def test_given_one_person_when_disconnected_then_everything_stays_here(
        self, office: Office
    ) -> None:
        slack, telegram = await two_chats(office)
        await telegram.type(f"/start {await the_code(slack)}")

        await telegram.tap("Disconnect")
        asked = telegram.text
        await telegram.tap("Disconnect")

        assert asked.startswith("Disconnect Slack (Ana Ruiz)? It begins anew;")
        assert telegram.text == "Disconnected: Slack (Ana Ruiz). Everything you had stays here."
        await slack.type("/connect")
        assert slack.text.startswith("Tap this on your phone")

    async def test_given_it_was_kept_or_done_already_when_pressed_then_it_shows_how_it_stands(
        self, office: Office
    ) -> None:
        slack, telegram = await two_chats(office)
        await telegram.type(f"/start {await the_code(slack)}")
        await telegram.tap("Disconnect")
        go = telegram.button("Disconnect")
        await telegram.tap("Keep it")
        kept = telegram.text
        await telegram.press(*go)

        await telegram.press(*go)

        assert kept == CONNECTED
        assert telegram.text == "No other chat is connected."
