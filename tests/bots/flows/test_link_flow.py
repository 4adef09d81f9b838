"""Links: shown, chosen, as a picture; what makes them nicer; and the student's view."""

from datetime import timedelta

from bots.callback_data import decode, encode
from bots.chat import Command
from office import Office
from scheduling.messages import Action
from scheduling.people import Platform, Role


class TestLink:
    async def test_given_one_type_when_asked_then_its_link_is_there_at_once(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()

        await ana.type("/link")

        assert ana.text == (
            "Piano lesson, 60 min. Whoever opens this link can book you.\n"
            f"t.me/pianobot?start={kind.code}"
        )

    async def test_given_several_types_when_asked_then_one_is_chosen(self, office: Office) -> None:
        ana, _ = await office.coach()
        await ana.type("/types")
        await ana.tap("Add: 30 min")

        await ana.type("/link")
        await ana.tap("Session, 30 minutes, 30 min")

        assert ana.text.startswith("Session, 30 minutes, 30 min.")

    async def test_given_every_type_off_when_asked_then_the_way_on_is_shown(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/types")
        await ana.tap("Piano lesson · 60 min")
        await ana.tap("Who finds it")
        await ana.tap("Nobody: switch it off")

        await ana.type("/link")

        assert ana.labels == [["Session types"]]

    async def test_given_a_link_when_its_picture_is_asked_for_then_it_comes_below_with_words(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await ana.type("/link")

        await ana.tap("QR picture")

        assert ana.card.picture is not None
        assert ana.card.picture.alt.endswith(kind.code)
        assert ana.text == f"Piano lesson with Ana Ruiz\nt.me/pianobot?start={kind.code}"
        assert len(ana.screen.messages) == 2

    async def test_given_anothers_type_when_its_picture_is_asked_for_then_there_is_none(
        self, office: Office
    ) -> None:
        _, kind = await office.coach()
        bo, _ = await office.coach("Bo Lind")
        await bo.type("/link")

        await bo.press(Action("QR picture", "qr", kind.id), bo.message_id)

        assert len(bo.screen.messages) == 1
        assert bo.toast


class TestNicer:
    async def test_given_three_additions_when_made_then_the_link_counts_them(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await ana.type("/link")
        await ana.tap("Make it nicer: 0 of 3")

        await ana.tap("Where you meet")
        await ana.type("https://meet.example/ana")
        await ana.tap("A line about you")
        await ana.type("Piano since 1998.")
        await ana.tap("Break between sessions")
        await ana.tap("10 min")
        await ana.tap("Back")

        stored = await office.database.queries.event_type(kind.organization_id, kind.id)
        assert stored.video == "https://meet.example/ana"
        assert stored.place is None
        assert stored.buffer_after == timedelta(minutes=10)
        assert (await office.read(ana)).about == "Piano since 1998."
        assert ["Make it nicer: 3 of 3"] in ana.labels

    async def test_given_a_place_in_words_when_typed_then_it_replaces_the_video(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await office.change(kind, video="https://meet.example/old")
        await ana.type("/link")
        await ana.tap("Make it nicer: 1 of 3")
        await ana.tap("Where you meet ✓")

        await ana.type("Rua Nova 5")

        stored = await office.database.queries.event_type(kind.organization_id, kind.id)
        assert (stored.place, stored.video) == ("Rua Nova 5", None)

    async def test_given_a_link_that_is_none_when_typed_then_it_is_asked_again(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await ana.type("/link")
        await ana.tap("Make it nicer: 0 of 3")
        await ana.tap("Where you meet")

        await ana.type("http://meet.example/ana")

        stored = await office.database.queries.event_type(kind.organization_id, kind.id)
        assert stored.video is None
        assert "Where do you meet?" in ana.text

    async def test_given_a_line_too_long_when_typed_then_the_limit_is_told_and_it_is_asked_again(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/link")
        await ana.tap("Make it nicer: 0 of 3")
        await ana.tap("A line about you")

        await ana.type("x" * 301)

        assert "300" in ana.text
        assert "One line about you" in ana.text
        assert (await office.read(ana)).about is None

    async def test_given_a_question_when_going_back_then_nothing_changes_and_words_are_free(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/link")
        await ana.tap("Make it nicer: 0 of 3")
        await ana.tap("A line about you")

        await ana.tap("Back")
        await ana.type("Piano since 1998.")

        assert (await office.read(ana)).about is None


class TestSeenAsAStudent:
    async def test_given_a_link_when_seen_as_a_student_then_it_is_the_picker_with_booking_off(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/link")

        await ana.tap("See it as a student")
        days = ana.text
        await ana.tap("24")
        times = ana.labels
        await ana.tap("09:00")

        assert "Piano lesson, 60 min, with Ana. Which day?" in days
        assert times[0] == ["09:00", "10:00", "11:00", "13:00", "14:00"]
        assert ana.toast == "Here students book. In this view booking is off."

    async def test_given_the_view_when_turning_pages_then_days_and_back_work(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/link")
        await ana.tap("See it as a student")

        await ana.tap("Later ›")
        await ana.tap("22")
        await ana.tap("Days")
        await ana.tap("‹ Earlier")
        await ana.tap("Back")

        assert ana.text.startswith("Piano lesson, 60 min. Whoever opens this link")

    async def test_given_nothing_free_when_seen_as_a_student_then_that_is_what_they_see(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/off 23 nov - 23 feb 2027")
        await ana.type("/link")

        await ana.tap("See it as a student")

        assert "Ana has no free time in the next 60 days." in ana.text


class TestSharing:
    async def test_given_a_channel_when_shared_then_its_card_books_for_whoever_taps(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        billboard = office.posts[Platform.TELEGRAM]
        mia = await office.phone("Mia Costa")

        await ana.say(Command("link"), group="-100200")
        await ana.tap("Share here")
        (place, posted) = billboard.put_up[0]
        ((book,),) = posted.rows
        assert isinstance(book, Action)
        press = decode(encode(book))
        assert press is not None
        await mia.say(press, group="-100200")

        assert place.chat_id == "-100200"
        assert posted.text == "Book a time with Ana Ruiz: Piano lesson, 60 min"
        assert ana.text == "Shared: Piano lesson. Whoever taps Book there books you."
        assert mia.text.startswith("Piano lesson, 60 min, with Ana. Which day?")

    async def test_given_slack_when_shared_then_there_is_a_link_to_the_card_and_one_to_telegram(
        self, office: Office
    ) -> None:
        ana = await office.slack_coach()
        billboard = office.posts[Platform.SLACK]

        await ana.say(Command("link"), group="C1#1700.1")
        await ana.tap("Share here")

        (place, posted) = billboard.put_up[0]
        assert place.chat_id == "C1"
        assert [button.label for row in posted.rows for button in row] == [
            "Book",
            "Open in Telegram",
        ]
        assert ana.text.endswith("https://t1/C1/1")

    async def test_given_a_channel_without_us_when_shared_then_after_an_invitation_it_works(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        billboard = office.posts[Platform.TELEGRAM]
        billboard.closed = True
        await ana.say(Command("link"), group="-100200")

        await ana.tap("Share here")
        refused = ana.text
        billboard.closed = False
        await ana.tap("Try again")

        assert refused == "I am not in there yet. Invite or add me, then tap again."
        assert len(billboard.put_up) == 1

    async def test_given_a_double_tap_then_it_is_shared_once(self, office: Office) -> None:
        ana, _ = await office.coach()
        await ana.say(Command("link"), group="-100200")
        button = ana.button("Share here")

        await ana.press(*button)
        await ana.press(*button)

        assert len(office.posts[Platform.TELEGRAM].put_up) == 1

    async def test_given_anothers_button_when_pressed_then_nothing_is_posted(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        leo = await office.phone("Leo Brandt", roles=(Role.COACH,))
        await ana.say(Command("link"), group="-100200")

        await leo.press(*ana.button("Share here"))

        assert office.posts[Platform.TELEGRAM].put_up == []

    async def test_given_no_private_chat_when_the_cards_start_code_is_opened_then_it_books(
        self, office: Office
    ) -> None:
        _, kind = await office.coach()
        mia = await office.phone("Mia Costa")

        await mia.type(f"/start p_{kind.id}")

        assert mia.text.startswith("Piano lesson, 60 min, with Ana. Which day?")

    async def test_given_slack_outside_a_channel_then_it_says_where_to_share(
        self, office: Office
    ) -> None:
        ana = await office.slack_coach()
        await ana.type("/link")

        await ana.tap("Share in a channel")

        assert ana.toast.startswith("Ask for the link in the channel or group you want it in")
