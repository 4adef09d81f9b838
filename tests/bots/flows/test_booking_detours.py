"""Where booking leaves the straight way: questions, lost races, approval, old buttons, groups."""

from dataclasses import replace
from datetime import timedelta

from builders.times import at
from scheduling.model import BookingStatus
from town import WISH, Town


class TestQuestions:
    async def test_given_a_question_then_it_comes_after_the_time_and_is_typed(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana(questions=(WISH,))
        mia = await town.mia_opens(lesson, "24")

        await mia.tap("15:00")
        asked, buttons = mia.text, mia.labels
        await mia.type("I'd like to finish the Satie.")
        confirm = mia.text
        await mia.tap("Book it")
        await town.deliver(mia, ana)

        assert asked == "What would you like to work on? Just type it."
        assert buttons == [["Skip", "Back"]]
        assert '"I\'d like to finish the Satie."' in confirm
        booking = (await town.of(mia))[0].booking
        assert booking.seats[0].answers == (("wish", "I'd like to finish the Satie."),)

    async def test_given_an_answer_that_is_too_long_then_it_is_asked_again(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana(questions=(WISH,))
        mia = await town.mia_opens(lesson, "24", "15:00")

        await mia.type("x" * 501)

        assert mia.text.startswith("That is too long: at most 500 letters.")
        assert mia.labels == [["Skip", "Back"]]

    async def test_given_an_answer_when_the_time_is_lost_then_it_is_kept(self, town: Town) -> None:
        _, lesson = await town.ana(questions=(WISH,))
        mia = await town.mia_opens(lesson, "24", "15:00")
        await mia.type("Satie")
        town.clock.advance(timedelta(minutes=6))

        await mia.tap("Book it")
        gone, buttons = mia.text, mia.labels
        await mia.tap("Take 15:00 again")

        assert gone == "I let 15:00 go. It is still free."
        assert buttons == [["Take 15:00 again", "Days"]]
        assert '"Satie"' in mia.text
        assert "Kept for you until 09:13." in mia.text

    async def test_given_a_required_question_then_it_cannot_be_skipped(self, town: Town) -> None:
        _, lesson = await town.ana(questions=(replace(WISH, required=True),))
        mia = await town.mia_opens(lesson, "24")

        await mia.tap("15:00")

        assert mia.labels == [["Back"]]

    async def test_given_a_wrong_answer_when_changed_then_the_new_one_counts(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana(questions=(WISH,))
        mia = await town.mia_opens(lesson, "24", "15:00")
        await mia.type("Satie")

        await mia.tap("Change my answer")
        again = mia.labels
        await mia.type("Chopin")
        await mia.tap("Book it")

        assert again == [["Keep it", "Skip", "Back"]]
        assert (await town.of(mia))[0].booking.seats[0].answers == (("wish", "Chopin"),)


class TestALostRace:
    async def test_given_a_time_just_gone_then_three_near_it_are_buttons(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia, leo = await town.mia(), await town.phone("Leo Brandt")
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await town.books(leo, lesson, at("2026-11-24 15:00"))

        await mia.tap("15:00")
        lost, buttons = mia.text, mia.labels
        await mia.tap("Tue 14:00")
        await mia.tap("Book it")

        assert lost == "Tue 24 Nov, 15:00 has just gone. Near it, free now:"
        assert buttons == [
            ["Tue 14:00", "Tue 13:00", "Tue 12:00"],
            ["15:00 on another day", "Days"],
        ]
        assert (await town.of(mia))[0].booking.time.start == at("2026-11-24 14:00")

    async def test_given_the_same_time_on_another_day_then_the_free_ones_are_listed(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia, leo = await town.mia(), await town.phone("Leo Brandt")
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await town.books(leo, lesson, at("2026-11-24 15:00"))
        await mia.tap("15:00")

        await mia.tap("15:00 on another day")
        await mia.tap("Thu 26 Nov")

        assert mia.text.startswith("Thu 26 Nov, 15:00-16:00 Lisbon")

    async def test_given_a_time_that_was_typed_when_its_hold_ends_then_its_card_says_so(
        self, town: Town
    ) -> None:
        await town.ana()
        mia = await town.mia()
        await mia.type("/book ana tue 15:00")
        kept, cards = mia.text, len(mia.screen.messages)
        town.clock.advance(timedelta(minutes=5, seconds=1))

        await town.deliver(mia)

        assert "Kept for you" in kept
        assert mia.text == "I let 15:00 go. It is still free."
        assert cards == len(mia.screen.messages) == 1

    async def test_given_a_hold_that_ends_then_its_card_says_so_and_takes_it_again(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia_opens(lesson, "24", "15:00")
        town.clock.advance(timedelta(minutes=5, seconds=1))

        await town.deliver(mia)
        gone = mia.text
        await mia.tap("Take 15:00 again")

        assert gone == "I let 15:00 go. It is still free."
        assert "Kept for you until 09:12." in mia.text


class TestApproval:
    async def test_given_approval_then_it_is_asked_for_and_both_are_told(self, town: Town) -> None:
        ana, lesson = await town.ana(approval=True, questions=(WISH,))
        mia = await town.mia_opens(lesson, "26", "15:00")
        await mia.type("I'd like to finish the Satie.")
        await mia.tap("Ask for it")

        await town.deliver(mia, ana)

        assert mia.text.startswith("Asked. Ana answers by Tue 09:02. Until then 15:00 is yours.\n")
        assert ana.text == (
            "Thu 26 Nov, 16:00-17:00 · Mia Costa asks for Piano lesson.\n"
            '"I\'d like to finish the Satie."\n'
            "The first one with you. Nothing else that hour.\n"
            "Answer by Tue 24 Nov, 10:02, or it goes."
        )
        assert ana.labels == [["Approve", "Decline", "Message Mia"]]


class TestOnceAndOldButtons:
    async def test_given_a_tap_delivered_twice_then_there_is_one_booking(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia_opens(lesson, "24", "15:00")
        book, message_id = mia.button("Book it")
        await mia.press(book, message_id)
        await town.deliver(mia)

        await mia.press(book, message_id)

        assert mia.toast == "Already booked: Tue 24 Nov, 15:00."
        assert len(await town.of(mia)) == 1
        assert mia.text.startswith("Booked.")

    async def test_given_an_old_button_of_a_card_then_it_shows_where_the_card_stands(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia_opens(lesson)
        day, message_id = mia.button("26")
        await mia.tap("24")
        await mia.tap("15:00")

        await mia.press(day, message_id)

        assert mia.text.startswith("Tue 24 Nov, 15:00-16:00 Lisbon")

    async def test_given_somebody_elses_button_then_it_does_nothing(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia, leo = await town.mia(), await town.phone("Leo Brandt")
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("15:00")
        book, message_id = mia.button("Book it")

        await leo.press(book, message_id)

        assert leo.toast == "This one is Mia's. Yours: /my"
        assert await town.of(mia) == []

    async def test_given_a_forged_button_then_it_is_answered_and_changes_nothing(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia_opens(lesson)
        time, message_id = mia.button("First free: Tue 24 Nov, 08:00")

        for argument in ("", "x", "99999999999.0", "1.7", "1795507200", "0.0", "-5.0"):
            await mia.press(replace(time, argument=argument), message_id)

        assert await town.of(mia) == []

    async def test_given_a_student_who_is_ana_then_her_own_time_is_not_offered(
        self, town: Town
    ) -> None:
        ana, _ = await town.ana()

        await ana.type("/book")

        assert ana.text == "Nobody offers time here yet. Be the first: /coach"


class TestGroups:
    async def test_given_seats_then_they_are_counted_and_joined(self, town: Town) -> None:
        _, hour = await town.ana(capacity=3)
        leo, mia = await town.phone("Leo Brandt"), await town.mia()
        await town.books(leo, hour, at("2026-11-24 15:00"))
        await mia.type(f"/start {hour.code}")

        await mia.tap("24")
        seats = mia.text
        await mia.tap("15:00 (2)")
        kept = mia.text
        await mia.tap("Book it")
        await town.deliver(mia)

        assert "In brackets: seats left." in seats
        assert "2 seats left" in kept
        details = (await town.of(mia))[0]
        assert details.booking.status is BookingStatus.CONFIRMED
        assert [person.first_name for person in details.people] == ["Leo", "Mia"]
        assert ["Cancel", "Undo"] in mia.labels
