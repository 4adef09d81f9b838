"""T5 and T6: moving, cancelling, undo, and one's own list."""

from datetime import timedelta

from builders.times import at
from scheduling.model import BookingStatus
from town import Town


class TestMoving:
    async def test_given_a_booking_when_moved_then_both_sides_read_both_times(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana(horizon=timedelta(days=12))
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)
        mia.taps = 0

        await mia.tap("Move")
        days, buttons = mia.text, mia.labels
        await mia.tap("26")
        await mia.tap("15:00")
        question, choice = mia.text, mia.labels
        await mia.tap("Move it")
        await town.deliver(mia, ana)

        assert mia.taps == 4
        assert days.startswith(
            "Moving Tue 24 Nov, 15:00. It stays yours until the new time is booked."
        )
        assert buttons[0] == ["First free: Tue 24 Nov, 08:00"]
        assert buttons[-1] == ["Keep Tue 15:00"]
        assert question == "From Tue 24 Nov, 15:00 to Thu 26 Nov, 15:00?"
        assert choice == [["Move it", "Back"]]
        assert mia.text.startswith("Moved. Thu 26 Nov, 15:00-16:00 Lisbon\nPiano lesson with Ana")
        assert ana.text == (
            "Now Thu 26 Nov, 16:00 (was Tue 24 Nov, 16:00) · Mia moved Piano lesson."
        )

    async def test_given_first_free_then_three_taps_move_it(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        mia.taps = 0

        await mia.tap("Move")
        await mia.tap("First free: Tue 24 Nov, 08:00")
        await mia.tap("Move it")

        assert mia.taps == 3
        assert (await town.of(mia))[0].booking.time.start == at("2026-11-24 08:00")

    async def test_given_keep_then_the_card_is_back_and_nothing_changed(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        before = await town.book_lesson(mia, lesson)

        await mia.tap("Move")
        await mia.tap("Keep Tue 15:00")

        assert mia.text.startswith("Booked. Tue 24 Nov, 15:00-16:00 Lisbon")
        assert (await town.details(before)).booking == before.booking

    async def test_given_the_cut_off_has_passed_then_ana_is_asked(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)
        move, message_id = mia.button("Move")
        town.clock.set(at("2026-11-24 11:30"))

        await mia.press(move, message_id)
        answer, buttons = mia.text, mia.labels
        await mia.tap("Ask Ana")
        await town.deliver(ana)

        assert answer == "Too late to move this one yourself: until 4 h before. Ana can."
        assert buttons == [["Ask Ana", "Back"]]
        assert ana.text == (
            "Mia Costa about Tue 24 Nov, 16:00:\nMia would like another time for Tue 24 Nov, 16:00."
        )

    async def test_given_ana_moves_it_then_mia_can_take_it_or_choose(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)

        await ana.tap("Move")
        await ana.tap("26")
        await ana.tap("16:00")
        await ana.tap("Move it")
        await town.deliver(ana, mia)
        told, buttons = mia.text, mia.labels
        await mia.tap("Fine")

        assert ana.text.startswith("Moved. Thu 26 Nov, 16:00-17:00 Berlin")
        assert told == "Now Thu 26 Nov, 15:00 (was Tue 24 Nov, 15:00) · Ana moved Piano lesson."
        assert buttons == [["Fine", "Another time", "Cancel"]]
        assert mia.text.startswith("Booked. Thu 26 Nov, 15:00-16:00 Lisbon")

    async def test_given_the_new_time_is_gone_then_the_old_one_stays(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia, leo = await town.mia(), await town.phone("Leo Brandt")
        before = await town.book_lesson(mia, lesson)
        await mia.tap("Move")
        await mia.tap("26")
        await mia.tap("15:00")
        await town.books(leo, lesson, at("2026-11-26 15:00"))

        await mia.tap("Move it")

        assert mia.text == "Thu 26 Nov, 15:00 has just gone. Near it, free now:"
        assert (await town.details(before)).booking.time == before.booking.time

    async def test_given_a_card_from_before_the_move_then_it_shows_the_present_time(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        old, message_id = mia.button("Cancel")
        await mia.tap("Move")
        await mia.tap("26")
        await mia.tap("15:00")
        await mia.tap("Move it")
        await town.deliver(mia)

        await mia.press(old, message_id)

        assert mia.toast == "This moved to Thu 26 Nov, 15:00."
        assert mia.text.startswith("Booked. Thu 26 Nov, 15:00-16:00 Lisbon")


class TestCancelling:
    async def test_given_a_reason_then_ana_reads_it_and_undo_brings_it_back(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)
        mia.taps = 0

        await mia.tap("Cancel")
        asked, buttons = mia.text, mia.labels
        await mia.type("I am ill")
        await mia.tap("Cancel the lesson")
        await town.deliver(mia, ana)
        gone, after, news, news_buttons = mia.text, mia.labels, ana.text, ana.labels
        await mia.tap("Undo")
        await town.deliver(mia, ana)

        assert asked == "Cancel Tue 24 Nov, 15:00 with Ana? If you like, type why."
        assert buttons == [["Cancel the lesson", "Move instead", "Keep it"]]
        assert gone == "Cancelled: Tue 24 Nov, 15:00. Ana knows."
        assert after == [["Undo", "Book another time"]]
        assert news == 'Cancelled: Tue 24 Nov, 16:00 · Mia Costa, Piano lesson. "I am ill"'
        assert news_buttons == [["Offer this time", "Message Mia"]]
        assert mia.text.startswith("Back on: Tue 24 Nov, 15:00-16:00 Lisbon\nPiano lesson with Ana")
        assert ana.text == "Back on: Tue 24 Nov, 16:00 · Mia is coming after all."
        assert mia.taps == 3

    async def test_given_something_else_typed_meanwhile_then_the_button_still_cancels(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        before = await town.book_lesson(mia, lesson)
        await mia.tap("Cancel")
        cancel, message_id = mia.button("Cancel the lesson")

        await mia.type("/help")
        await mia.press(cancel, message_id)

        assert (await town.details(before)).booking.status is BookingStatus.CANCELLED

    async def test_given_two_taps_then_it_is_cancelled_without_a_reason(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        before = await town.book_lesson(mia, lesson)

        await mia.tap("Cancel")
        await mia.tap("Cancel the lesson")

        assert (await town.details(before)).booking.status is BookingStatus.CANCELLED

    async def test_given_a_reason_is_required_then_the_button_comes_with_it(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana(reason_required=True)
        mia = await town.mia()
        await town.book_lesson(mia, lesson)

        await mia.tap("Cancel")
        asked, without = mia.text, mia.labels
        await mia.type("x" * 400)
        too_long = mia.text
        await mia.type("I am ill")

        assert asked.endswith("Please type why.")
        assert without == [["Move instead", "Keep it"]]
        assert too_long.startswith("That is too long: at most 300 letters.")
        assert mia.labels == [["Cancel the lesson", "Move instead", "Keep it"]]

    async def test_given_cancelling_tapped_twice_then_it_happens_once(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)
        await mia.tap("Cancel")
        go, message_id = mia.button("Cancel the lesson")
        heard = len(ana.screen.messages)

        await mia.press(go, message_id)
        await mia.press(go, message_id)
        await town.deliver(mia, ana)

        assert mia.toast == "This was cancelled: Tue 24 Nov, 15:00."
        assert len(ana.screen.messages) == heard + 1

    async def test_given_keep_it_then_what_is_typed_later_is_no_reason(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        before = await town.book_lesson(mia, lesson)

        await mia.tap("Cancel")
        await mia.tap("Keep it")
        await mia.type("hi")

        assert mia.text == "Hi Mia! Next: Tue 24 Nov, 15:00 with Ana."
        assert (await town.details(before)).booking.status is BookingStatus.CONFIRMED

    async def test_given_ana_cancels_then_mia_gets_three_other_times(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)

        await ana.tap("Cancel")
        await ana.tap("Cancel the lesson")
        await town.deliver(mia, ana)
        told, buttons = mia.text, mia.labels
        await mia.tap("Tue 14:00")

        assert told == "Cancelled: Tue 24 Nov, 15:00 · Ana, Piano lesson. Free near it:"
        assert buttons == [["Tue 14:00", "Tue 13:00", "Tue 12:00"], ["Days"]]
        assert ana.text == "Cancelled: Tue 24 Nov, 16:00. Mia knows."
        assert mia.text.startswith("Tue 24 Nov, 14:00-15:00 Lisbon")

    async def test_given_the_cut_off_has_passed_then_cant_come_tells_ana(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        before = await town.book_lesson(mia, lesson, ana)
        cancel, message_id = mia.button("Cancel")
        town.clock.set(at("2026-11-24 12:00"))

        await mia.press(cancel, message_id)
        answer = mia.text
        await mia.tap("Can't come")
        await town.deliver(mia, ana)

        assert answer.startswith("Too late to cancel this one yourself: until 4 h before.")
        assert mia.toast == "Ana knows that you can't come."
        assert ana.text.startswith("Mia can't come: Tue 24 Nov, 16:00 · Piano lesson.")
        assert (await town.details(before)).booking.status is BookingStatus.CONFIRMED

    async def test_given_somebody_elses_booking_then_its_button_does_nothing(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia, leo = await town.mia(), await town.phone("Leo Brandt")
        before = await town.book_lesson(mia, lesson)
        cancel, message_id = mia.button("Cancel")

        await leo.press(cancel, message_id)

        assert leo.toast == "This one is Mia's. Yours: /my"
        assert (await town.details(before)).booking == before.booking


class TestMyBookings:
    async def test_given_nothing_then_the_next_step_is_a_button(self, town: Town) -> None:
        mia = await town.mia()

        await mia.type("/my")

        assert mia.text == "Nothing booked.\nBook a time, and it stands here."
        assert mia.labels == [["Book a time"]]

    async def test_given_a_booking_when_opened_then_its_card_and_file_are_there(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)

        await mia.type("/my")
        listed, buttons = mia.text, mia.labels
        await mia.tap("Tue 15:00 Ana")
        card, rows = mia.text, mia.labels
        await mia.tap("Calendar file")

        assert listed == (
            "Your bookings, Lisbon time:\nTue 24 Nov, 15:00-16:00 · Piano lesson with Ana"
        )
        assert buttons == [["Tue 15:00 Ana"], ["Book a time"]]
        assert card.startswith("Booked. Tue 24 Nov, 15:00-16:00 Lisbon")
        assert rows[-1] == ["Calendar file", "My bookings"]
        assert mia.card.file is not None
        assert mia.card.file.content.startswith(b"BEGIN:VCALENDAR")

    async def test_given_a_finished_one_when_cleared_then_it_is_gone_from_the_list(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        town.clock.set(at("2026-11-24 17:00"))
        await town.complete()

        await mia.type("/my")
        await mia.tap("1 finished")
        listed = mia.text
        await mia.tap("Clear all")

        assert listed == "Finished:\nTue 24 Nov, 15:00-16:00 · Piano lesson with Ana"
        assert mia.toast == "Cleared from your list."
        assert mia.labels == [["Book a time"]]
