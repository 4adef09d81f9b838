"""/me: what is known of a person, and one question for each part of it."""

from datetime import timedelta

import pytest

from bots.chat import SharedContactOfOther, SharedPhone
from office import Office
from phones import Phone
from scheduling.messages import Ask
from scheduling.people import QuietHours


async def ask_for_contact(phone: Phone) -> None:
    """Go as far as the platform's own button."""
    await phone.type("/me")
    await phone.tap("Phone")
    await phone.tap("Share my number")


class TestCard:
    async def test_given_somebody_new_when_asked_then_everything_known_stands_there(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa", zone="Europe/Lisbon")

        await mia.type("/me")

        assert mia.text == (
            "Name: Mia Costa\n"
            "Time zone: Lisbon, 09:02 now\n"
            "Language: English\n"
            "Phone: none\n"
            "E-mail: none\n"
            "Quiet hours: none\n"
            "Reminders: as the coach set them"
        )

    async def test_given_another_zone_when_chosen_then_the_card_tells_its_time(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa", zone="Europe/Lisbon")
        await mia.type("/me")
        await mia.tap("Time zone")

        await mia.type("berlin")
        await mia.tap("Yes, 10:02")

        assert "Time zone: Berlin, 10:02 now" in mia.text
        assert (await office.read(mia)).zone == "Europe/Berlin"

    async def test_given_another_zone_asked_for_when_going_back_then_nothing_changed(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa", zone="Europe/Lisbon")
        await mia.type("/me")
        await mia.tap("Time zone")
        question = mia.text

        await mia.tap("Back")

        assert question == "What does your clock say?"
        assert "Time zone: Lisbon, 09:02 now" in mia.text
        assert (await office.read(mia)).zone == "Europe/Lisbon"

    async def test_given_one_language_when_asked_for_another_then_it_is_said_plainly(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")
        await mia.type("/me")

        await mia.tap("Language")

        assert mia.toast == "I speak only English so far."


class TestWords:
    @pytest.mark.parametrize(
        ("label", "typed", "line"),
        [
            ("Name", "  Mia\tda Costa ", "Name: Mia da Costa"),
            ("E-mail", "mia@example.org", "E-mail: mia@example.org"),
            (
                "Quiet hours",
                "22-8",
                "Quiet hours: 22:00-08:00. Reminders due then come before.",
            ),
            ("Reminders", "2 h", "Reminders: 2 h before"),
            ("Reminders", "none", "Reminders: none"),
        ],
    )
    async def test_given_a_question_when_answered_in_words_then_the_card_shows_it(
        self, office: Office, label: str, typed: str, line: str
    ) -> None:
        mia = await office.phone("Mia Costa")
        await mia.type("/me")
        await mia.tap(label)

        await mia.type(typed)

        assert line in mia.text.splitlines()
        assert mia.text.startswith("Saved.")

    @pytest.mark.parametrize(
        ("label", "typed", "answer"),
        [
            ("Name", "x" * 65, "64"),
            ("Name", "\x00\u202e", ""),
            ("E-mail", "mia at example", "E-mail"),
            ("Quiet hours", "at night", 'I did not understand "at night". Try: 22-8'),
            ("Quiet hours", "25-7", 'I did not understand "25-7". Try: 22-8'),
            ("Reminders", "often", "Try: 1 day, 1 h, 10 min"),
        ],
    )
    async def test_given_a_question_when_the_answer_cannot_be_then_it_is_asked_again(
        self, office: Office, label: str, typed: str, answer: str
    ) -> None:
        mia = await office.phone("Mia Costa")
        known = await office.read(mia)
        await mia.type("/me")
        await mia.tap(label)
        question = mia.text

        await mia.type(typed)

        assert await office.read(mia) == known
        assert answer.lower() in mia.text.lower()
        assert mia.text.endswith(question)

    async def test_given_ready_made_quiet_hours_when_tapped_then_they_count_and_can_end(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")
        await mia.type("/me")
        await mia.tap("Quiet hours")
        await mia.tap("22:00-08:00")
        quiet = (await office.read(mia)).quiet

        await mia.tap("Quiet hours")
        await mia.tap("None")

        assert quiet == QuietHours(1320, 480)
        assert (await office.read(mia)).quiet is None

    async def test_given_ready_made_reminders_when_tapped_then_they_replace_the_coachs(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")
        await mia.type("/me")
        await mia.tap("Reminders")

        await mia.tap("1 day, 60 min")

        assert (await office.read(mia)).reminders == (timedelta(days=1), timedelta(hours=1))

    async def test_given_a_question_when_going_back_then_words_typed_later_change_nothing(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")
        await mia.type("/me")
        await mia.tap("Name")

        await mia.tap("Back")
        await mia.type("Mona")

        assert (await office.read(mia)).name == "Mia Costa"


class TestPhone:
    async def test_given_the_question_when_shown_then_it_says_who_sees_the_number(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")
        await mia.type("/me")

        await mia.tap("Phone")

        assert mia.text == (
            "Your number is shown to the other side of a confirmed booking only, until 7 days "
            "after it. Nobody else sees it, and you can remove it any time."
        )
        assert mia.labels == [["Share my number"], ["Back"]]

    async def test_given_ones_own_contact_when_shared_then_only_its_end_is_shown(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")
        await ask_for_contact(mia)
        assert mia.card.ask is Ask.PHONE

        await mia.say(SharedPhone("+351912345678"))

        assert (await office.read(mia)).phone == "+351912345678"
        assert "Phone: …5678" in mia.text
        assert Ask.DONE in [message.ask for message in mia.screen.messages.values()]

    async def test_given_somebody_elses_contact_when_shared_then_it_is_not_taken(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")
        await ask_for_contact(mia)

        await mia.say(SharedContactOfOther())

        assert (await office.read(mia)).phone is None
        assert mia.text == "That is somebody else's number. I can take only your own."

    async def test_given_the_button_when_words_are_typed_then_the_keyboard_goes_away(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")
        await ask_for_contact(mia)

        await mia.type("no")

        assert (await office.read(mia)).phone is None
        assert list(mia.screen.messages.values())[-2].ask is Ask.DONE

    async def test_given_a_number_when_removed_then_it_is_gone(self, office: Office) -> None:
        mia = await office.phone("Mia Costa")
        await ask_for_contact(mia)
        await mia.say(SharedPhone("+351912345678"))
        await mia.tap("Phone")

        await mia.tap("Remove it")

        assert (await office.read(mia)).phone is None
        assert "Phone: none" in mia.text
