"""T1 and T3: from a coach's link to a booking, the straight way."""

from datetime import timedelta

from builders.times import at
from scheduling.model import Listing
from town import Town


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
        mia = await town.mia_opens(lesson)
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
        mia = await town.mia_opens(lesson)

        await mia.tap("24")
        parts = mia.labels[0]
        await mia.tap(parts[1])

        assert parts == ["Morning 11", "Afternoon 15"]
        assert mia.labels[0][0] == "12:00"
        assert mia.labels[-2] == ["Morning 11"]

    async def test_given_several_pages_then_later_and_earlier_turn_them(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia_opens(lesson)
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
