"""/help by role and subject; /feed only where it can be had."""

from collections.abc import Callable, Sequence

from office import Office
from scheduling.ids import DEFAULT_ORGANIZATION, digest
from scheduling.messages import CopyText
from wording.catalogue import catalogue
from wording.commands import TOPICS, description, topic_named


class TestHelp:
    async def test_given_a_student_when_asking_then_no_coachs_command_is_told(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")

        await mia.type("/help")

        assert "/me  " in mia.text
        assert "/availability" not in mia.text
        assert ["Offer my time"] in mia.labels

    async def test_given_a_coach_when_asking_then_the_coachs_commands_are_told(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/help")

        assert "/availability  My weekly hours: show or set them" in ana.text
        assert "/off  Time off, like 24 dec - 2 jan" in ana.text
        assert ["Offer my time"] not in ana.labels

    async def test_given_a_command_when_asked_about_then_its_subject_answers_with_examples(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/help availability")
        await ana.tap("My hours")

        assert ana.text.startswith("This is your week")

    async def test_given_an_unknown_word_when_asked_about_then_what_there_is_follows(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")

        await mia.type("/help sourdough")

        assert mia.text.startswith('There is no help on "sourdough".\nThis is what I can do:')

    async def test_given_help_when_every_subject_is_tapped_then_back_leads_to_help(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/help")
        overview = ana.text
        subjects = [label for row in ana.labels for label in row]

        for subject in subjects:
            await ana.tap(subject)
            assert ana.text != overview
            await ana.tap("Back")

        assert ana.text == overview
        assert len(subjects) == len(TOPICS)


class TestCatalogue:
    def test_given_every_command_when_described_then_it_has_a_subject_or_is_help(
        self, office: Office
    ) -> None:
        verbs = [entry.verb for entry in office.router.commands()]

        described = {verb: description(verb, "en") for verb in verbs}

        assert all(0 < len(text) <= 256 for text in described.values())
        assert [verb for verb in verbs if verb != "help" and topic_named(verb) is None] == []

    def test_given_the_bots_own_words_when_measured_then_telegram_takes_them(self) -> None:
        sentences = catalogue("en")

        assert len(str(sentences["commands.bot_description"])) <= 512
        assert len(str(sentences["commands.bot_short_description"])) <= 120


class TestFeed:
    async def test_given_no_way_to_serve_feeds_when_asked_then_there_is_no_such_command(
        self, office: Office
    ) -> None:
        assert office.router.find_command("feed") is None

    async def test_given_a_public_address_when_made_then_the_secret_is_shown_once(
        self, new_office: Callable[..., Office]
    ) -> None:
        office = new_office(feed_url="https://book.example/feeds", feed_is_public=True)
        mia = await office.phone("Mia Costa")
        await mia.type("/feed")

        await mia.tap("Make an address")

        (copy,) = [button for button in mia.buttons() if isinstance(button, CopyText)]
        token = copy.text.removeprefix("https://book.example/feeds/").removesuffix(".ics")
        owner = await office.database.queries.feed_owner(digest(token))
        assert owner == (DEFAULT_ORGANIZATION, office.person(mia).id)
        assert copy.text in mia.text
        assert "network" not in mia.text

    async def test_given_no_public_address_when_made_then_that_is_said_plainly(
        self, new_office: Callable[..., Office]
    ) -> None:
        office = new_office(feed_url="http://127.0.0.1:8080/feeds")
        mia = await office.phone("Mia Costa")
        await mia.type("/feed")

        await mia.tap("Make an address")

        assert "This address works on the machine and network slotbook runs on only." in mia.text

    async def test_given_a_feed_when_made_anew_or_stopped_then_the_old_secret_is_worth_nothing(
        self, new_office: Callable[..., Office]
    ) -> None:
        office = new_office(feed_url="https://book.example/feeds", feed_is_public=True)
        mia = await office.phone("Mia Costa")
        await mia.type("/feed")
        await mia.tap("Make an address")
        first = _token(mia.buttons())
        await mia.tap("New address")
        second = _token(mia.buttons())

        await mia.tap("Stop the feed")

        assert first != second
        assert await office.database.queries.feed_owner(digest(first)) is None
        assert await office.database.queries.feed_owner(digest(second)) is None
        assert mia.text == "Stopped. The old address leads nowhere now."


def _token(buttons: Sequence[object]) -> str:
    (copy,) = [button for button in buttons if isinstance(button, CopyText)]
    return copy.text.rpartition("/")[2].removesuffix(".ics")
