"""T1 and T3: from a coach's link to a booking, and every step on the way."""

from dataclasses import replace
from datetime import timedelta

from builders.times import at
from scheduling.model import BookingStatus, Listing
from town import WISH, Town


class TestALink:
    async def test_given_a_new_student_when_opening_a_link_then_the_clock_is_asked_once(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia(zone=None)

        await mia.type(f"/start {lesson.code}")

        assert mia.text == (
            "Hi Mia! You can book Ana Ruiz here. "
            "First, so every time is right: what does your clock say?"
        )
        assert mia.labels == [
            ["09:02 London", "10:02 Berlin", "4:02 AM New York"],
            ["Another city"],
        ]

    async def test_given_a_typed_city_when_confirmed_then_the_card_becomes_the_days(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia(zone=None)
        await mia.type(f"/start {lesson.code}")

        await mia.type("porto")
        asked, buttons = mia.text, mia.labels
        await mia.tap("Yes, 09:02")

        assert asked == "Porto, Portugal: 09:02 now. Right?"
        assert buttons == [["Yes, 09:02", "Another city"]]
        assert mia.toast == "Lisbon time. Change it any time with /me"
        assert mia.text.startswith("Piano lesson, 60 min, with Ana. Which day?")
        assert list(mia.screen.messages) == ["101"]

    async def test_given_a_name_of_several_cities_then_their_clocks_tell_them_apart(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia(zone=None)
        await mia.type(f"/start {lesson.code}")

        await mia.type("springfield")

        assert mia.text == "I know 2 of those. What does your clock say?"
        assert mia.labels[0] == ["3:02 AM Illinois", "4:02 AM Massachusetts"]

    async def test_given_nonsense_for_a_city_then_the_way_on_is_said_and_nothing_is_lost(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia(zone=None)
        await mia.type(f"/start {lesson.code}")

        await mia.type("<b>xyzzy</b>")
        answer = mia.text
        await mia.type("lisbon")
        await mia.tap("Yes, 09:02")

        assert answer.startswith('I do not know "<b>xyzzy</b>". Type the nearest large city')
        assert mia.text.startswith("Piano lesson, 60 min, with Ana.")

    async def test_given_a_link_that_has_ended_then_what_else_ana_offers_is_shown(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        await town.change(lesson, listing=Listing.OFF)
        mia = await town.mia()

        await mia.type(f"/start {lesson.code}")

        assert "Ana offers nothing at the moment." in mia.text

    async def test_given_a_link_nobody_made_then_there_is_a_way_on(self, town: Town) -> None:
        mia = await town.mia()

        await mia.type("/start zzzzzzzz")

        assert mia.text.startswith("I do not know this link.")
        assert mia.labels == [["Book a time"]]

    async def test_given_anas_own_link_when_ana_opens_it_then_nothing_is_booked(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()

        await ana.type(f"/start {lesson.code}")

        assert ana.text == "This is your own link: others book you with it. Nothing to book here."


class TestDaysAndTimes:
    async def test_given_a_link_then_the_days_read_as_told(self, town: Town) -> None:
        _, lesson = await town.ana(horizon=timedelta(days=12))
        mia = await town.mia()

        await mia.type(f"/start {lesson.code}")

        assert mia.text == (
            "Piano lesson, 60 min, with Ana. Which day?\nNov-Dec 2026 · Lisbon time"
        )
        assert mia.labels == [
            ["First free: Tue 24 Nov, 08:00"],
            ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
            ["·", "24", "·", "26", "27", "·", "·"],
            ["30", "1", "·", "3", "4", "·", "·"],
        ]

    async def test_given_a_day_without_time_when_tapped_then_the_next_one_is_named(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        wednesday = next(b for b in mia.buttons() if b.label == "·" and "25" in str(b))

        await mia.press(wednesday, mia.message_id)  # type: ignore[arg-type]

        assert mia.toast == "Nothing free on Wed 25. Next: Thu 26 Nov."

    async def test_given_a_day_when_opened_then_its_free_times_are_shown(self, town: Town) -> None:
        _, lesson = await town.ana()
        leo, mia = await town.phone("Leo Brandt"), await town.mia()
        await town.books(leo, lesson, at("2026-11-24 10:00"))
        await town.books(leo, lesson, at("2026-11-24 13:00"))
        await mia.type(f"/start {lesson.code}")

        await mia.tap("24")

        assert mia.text == "Tue 24 Nov. Which time?\nLisbon time"
        assert mia.labels == [["08:00", "09:00", "12:00", "14:00", "15:00"], ["Days", "Thu 26 ›"]]

    async def test_given_more_than_twelve_times_then_the_part_of_the_day_comes_first(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana(step=timedelta(minutes=15), duration=timedelta(minutes=30))
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")

        await mia.tap("24")
        parts = mia.labels[0]
        await mia.tap(parts[1])

        assert parts == ["Morning 11", "Afternoon 15"]
        assert mia.labels[0][0] == "12:00"
        assert mia.labels[-2] == ["Morning 11"]

    async def test_given_several_pages_then_later_and_earlier_turn_them(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        first = mia.labels

        await mia.tap("Later ›")
        later = mia.text
        await mia.tap("‹ Earlier")

        assert later.endswith("Dec 2026-Jan 2027 · Lisbon time")
        assert mia.labels == first

    async def test_given_an_hour_that_repeats_then_both_are_offered_with_their_names(
        self, town: Town
    ) -> None:
        town.clock.set(at("2026-10-24 09:00"))
        _, night = await town.coach(line="mon-sun 01:00-05:00", title="Night watch")
        leo = await town.phone("Leo Brandt")
        await leo.type(f"/start {night.code}")

        await leo.tap("25")

        assert [*leo.labels[0], *leo.labels[1]] == [
            "01:00",
            "02:00 CEST",
            "02:00 CET",
            "03:00",
            "04:00",
        ]


class TestBooking:
    async def test_given_a_link_when_tapping_through_then_it_is_booked_in_four_taps(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        mia.taps = 1  # START
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("15:00")
        kept, buttons = mia.text, mia.labels
        await mia.tap("Book it")

        await town.deliver(mia, ana)

        assert mia.taps == 4
        assert kept == (
            "Tue 24 Nov, 15:00-16:00 Lisbon (16:00 in Berlin)\n"
            "Piano lesson with Ana · video\n"
            "Kept for you until 09:07."
        )
        assert buttons == [["Book it", "Back"]]
        assert mia.text == (
            "Booked. Tue 24 Nov, 15:00-16:00 Lisbon\n"
            "Piano lesson with Ana · video: meet.example/ana-mia\n"
            "Move or cancel until Tue 11:00. "
            "I remind you the day before, 1 hour and 10 min before."
        )
        assert mia.labels == [
            ["Join", "Message Ana", "Add to Google"],
            ["Move", "Cancel", "Undo"],
        ]
        assert ana.text == "Tue 24 Nov, 16:00-17:00 · Mia Costa booked Piano lesson."
        assert ana.labels == [["Message Mia", "Move", "Cancel"]]
        assert len(mia.screen.messages) == 1

    async def test_given_first_free_then_three_taps_are_enough(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        mia.taps = 1  # START

        await mia.type(f"/start {lesson.code}")
        await mia.tap("First free: Tue 24 Nov, 08:00")
        await mia.tap("Book it")

        assert mia.taps == 3
        assert (await town.of(mia))[0].booking.time.start == at("2026-11-24 08:00")

    async def test_given_undo_when_pressed_in_time_then_nothing_is_booked(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)

        await mia.tap("Undo")
        await town.deliver(mia, ana)

        assert await town.of(mia) == []
        assert mia.text == "Cancelled: Tue 24 Nov, 15:00. Ana knows."
        assert ana.text.startswith("Cancelled: Tue 24 Nov, 16:00 · Mia Costa, Piano lesson.")

    async def test_given_undo_when_pressed_too_late_then_the_booking_stands(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        town.clock.advance(timedelta(seconds=61))

        await mia.tap("Undo")

        assert mia.toast == "The time to undo is over."
        assert mia.text.startswith("Booked. Tue 24 Nov, 15:00-16:00 Lisbon")
        assert ["Move", "Cancel"] in mia.labels

    async def test_given_back_then_the_time_is_free_at_once(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia, leo = await town.mia(), await town.phone("Leo Brandt", zone="Europe/Lisbon")
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("15:00")

        await mia.tap("Back")
        await leo.type(f"/start {lesson.code}")
        await leo.tap("24")

        assert "15:00" in mia.labels[1]
        assert "15:00" in leo.labels[1]

    async def test_given_a_place_in_person_then_the_venues_clock_is_named_too(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana(video=None, place="Studio 5, Berlin")
        mia = await town.mia()

        await town.book_lesson(mia, lesson)

        assert mia.text.startswith(
            "Booked. Tue 24 Nov, 15:00-16:00 Lisbon (16:00 in Berlin)\n"
            "Piano lesson with Ana · Studio 5, Berlin\n"
        )

    async def test_given_another_booking_at_that_time_then_it_is_said_and_no_obstacle(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        _, yoga = await town.coach("Kim Lee", title="Yoga")
        mia = await town.mia()
        await town.books(mia, yoga, at("2026-11-24 15:00"))
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")

        await mia.tap("15:00")
        warned = mia.text
        await mia.tap("Book it")

        assert "You already have Yoga with Kim then: 15:00-16:00." in warned
        assert len(await town.of(mia)) == 2


class TestQuestions:
    async def test_given_a_question_then_it_comes_after_the_time_and_is_typed(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana(questions=(WISH,))
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")

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
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("15:00")

        await mia.type("x" * 501)

        assert mia.text.startswith("That is too long: at most 500 letters.")
        assert mia.labels == [["Skip", "Back"]]

    async def test_given_an_answer_when_the_time_is_lost_then_it_is_kept(self, town: Town) -> None:
        _, lesson = await town.ana(questions=(WISH,))
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("15:00")
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
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")

        await mia.tap("15:00")

        assert mia.labels == [["Back"]]

    async def test_given_a_wrong_answer_when_changed_then_the_new_one_counts(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana(questions=(WISH,))
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("15:00")
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
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("15:00")
        town.clock.advance(timedelta(minutes=5, seconds=1))

        await town.deliver(mia)
        gone = mia.text
        await mia.tap("Take 15:00 again")

        assert gone == "I let 15:00 go. It is still free."
        assert "Kept for you until 09:12." in mia.text


class TestApproval:
    async def test_given_approval_then_it_is_asked_for_and_both_are_told(self, town: Town) -> None:
        ana, lesson = await town.ana(approval=True, questions=(WISH,))
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        await mia.tap("26")
        await mia.tap("15:00")
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
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("15:00")
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
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
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
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
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
