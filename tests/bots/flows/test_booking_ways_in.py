"""/book with words, the directory, a shared place, and odd moments (T11)."""

from datetime import timedelta

from bots.chat import Unreadable
from builders.people import acting
from builders.times import at
from doubles import FakeClock
from persistence.database import open_database
from scheduling.ids import RequestId
from scheduling.model import Listing
from scheduling.policy import Policy, StudentsPolicy
from town import NOW, Town


class TestBookWithWords:
    async def test_given_a_name_and_a_free_time_then_it_is_kept_at_once(self, town: Town) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("/book ana tue 15:00")
        kept = mia.text
        await mia.tap("Book it")

        assert kept.startswith("Tue 24 Nov, 15:00-16:00 Lisbon (16:00 in Berlin)")
        assert (await town.of(mia))[0].booking.time.start == at("2026-11-24 15:00")

    async def test_given_a_time_that_is_not_free_then_those_near_it_are_buttons(
        self, town: Town
    ) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("/book ana tue 11:00")

        assert mia.text == "Tue 24 Nov, 11:00 is not one of the free times. Near it, free now:"
        assert mia.labels[0] == ["Tue 10:00", "Tue 12:00", "Tue 09:00"]

    async def test_given_a_time_in_the_past_or_too_soon_then_it_is_said(self, town: Town) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("/book ana today 10:00")
        too_soon = mia.text
        await mia.type("/book ana 1 mar 2027 10:00")

        assert too_soon.startswith("Mon 23 Nov, 10:00 is too soon: it takes 12 h notice.")
        assert mia.text.startswith("Mon 1 Mar 2027, 10:00 is too far off: bookings open 60 days")

    async def test_given_a_day_and_a_part_then_those_times_are_shown(self, town: Town) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("/book ana thu afternoon")

        assert mia.text == "Thu 26 Nov. Which time?\nLisbon time"
        assert mia.labels[0] == ["12:00", "13:00", "14:00", "15:00"]

    async def test_given_a_time_of_day_alone_then_the_next_free_one_is_kept(
        self, town: Town
    ) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("/book 15:00")

        assert mia.text.startswith("Tue 24 Nov, 15:00-16:00 Lisbon")

    async def test_given_next_week_then_its_days_are_shown(self, town: Town) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("/book ana next week")

        assert mia.labels[2][0] == "30"

    async def test_given_a_line_half_understood_then_the_rest_is_said_and_can_be_used(
        self, town: Town
    ) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("/book tue 14-1x")
        answer, buttons = mia.text, mia.labels
        await mia.tap(buttons[0][0])

        assert answer == 'I understood "tue". Not "14-1x". Try: tue 14-18'
        assert buttons == [["Use: tue 14-18", "Help"]]
        assert mia.text.startswith("Tue 24 Nov, 14:00-15:00 Lisbon")

    async def test_given_a_name_nobody_has_then_everybody_is_one_tap_away(self, town: Town) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("/book zoe")

        assert mia.text == 'I found nobody for "zoe".'
        assert mia.labels == [["All coaches"]]

    async def test_given_a_time_the_clocks_skip_then_it_is_said(self, town: Town) -> None:
        town.clock.set(at("2027-03-25 10:00"))
        await town.coach(line="mon-sun 0:00-6:00")
        leo = await town.phone("Leo Brandt")

        await leo.type("/book sun 02:30")

        assert leo.text.startswith("02:30 does not exist: the clocks go forward then.")


class TestTheDirectory:
    async def test_given_seven_coaches_then_six_are_on_the_first_page(self, town: Town) -> None:
        for number in range(7):
            await town.coach(f"Coach {number}", title="Chess")
        mia = await town.mia()

        await mia.type("/coaches")
        first = mia.labels
        await mia.tap("Later ›")

        assert len(first) == 8
        assert first[0] == ["Coach 0 · Chess"]
        assert first[-2:] == [["Later ›"], ["Anybody, soonest"]]
        assert mia.labels[0] == ["Coach 6 · Chess"]

    async def test_given_two_coaches_then_book_asks_for_one_and_other_coach_leads_back(
        self, town: Town
    ) -> None:
        await town.ana()
        await town.coach("Kim Lee", title="Yoga")
        mia = await town.mia()

        await mia.type("/book")
        listed = mia.labels
        await mia.tap("Ana Ruiz · Piano lesson")
        days = mia.labels
        await mia.tap("Other coach")

        assert [row[0] for row in listed[:2]] == ["Ana Ruiz · Piano lesson", "Kim Lee · Yoga"]
        assert days[-1][-1] == "Other coach"
        assert mia.text == "Who would you like to book?"

    async def test_given_anybody_then_free_times_of_all_are_merged_with_their_names(
        self, town: Town
    ) -> None:
        await town.ana()
        await town.coach("Kim Lee", title="Yoga", line="tue 9-11")
        mia = await town.mia()

        await mia.type("/book any tue")

        assert mia.text.startswith("Tue 24 Nov. Which time?")
        assert mia.labels[0] == ["08:00 Ana", "08:00 Kim", "09:00 Ana"]

    async def test_given_two_types_of_one_coach_then_their_times_are_told_apart(
        self, town: Town
    ) -> None:
        ana, _ = await town.ana()
        actor = acting(town.person(ana))
        await town.hosting.add_event_type(actor, timedelta(hours=1), "Choir", RequestId("choir"))
        mia = await town.mia()

        await mia.type("/book any 60 min tue")

        assert mia.labels[0] == ["08:00 Ana, Piano lesson", "08:00 Ana, Choir"]

    async def test_given_a_day_without_free_time_then_it_is_said_as_it_is(self, town: Town) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("/book ana wed")
        closed = mia.text
        await mia.type("/book ana yesterday")

        assert closed == "Nothing is free on Wed 25 Nov."
        assert mia.text == "Sun 22 Nov is over."
        assert "Days" in mia.labels[-1]

    async def test_given_students_need_a_yes_then_the_button_says_so_before_it_is_asked(
        self, town: Town
    ) -> None:
        strict = Town(town.database, town.clock, policy=Policy(students=StudentsPolicy.APPROVED))
        _, lesson = await strict.ana()
        mia = await strict.mia()

        await mia.type("/book ana tue 15:00")
        without = mia.labels
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("14:00")

        assert without == [["Ask for it", "Back"]]
        assert mia.labels == [["Book it", "Back"]]

    async def test_given_two_lengths_then_any_asks_which(self, town: Town) -> None:
        await town.ana()
        await town.coach("Kim Lee", title="Yoga", minutes=30)
        mia = await town.mia()

        await mia.type("/book any")
        asked, lengths = mia.text, mia.labels
        await mia.tap("30 min")

        assert asked == "How long?"
        assert lengths == [["30 min", "60 min"]]
        assert mia.text.startswith("Yoga, 30 min, with Kim. Which day?")

    async def test_given_an_unlisted_type_then_only_its_link_opens_it(self, town: Town) -> None:
        _, lesson = await town.ana(listing=Listing.LINK)
        mia = await town.mia()

        await mia.type("/book")
        closed = mia.text
        await town.book_lesson(mia, lesson)

        assert closed == "Nobody offers time here yet. Be the first: /coach"
        assert len(await town.of(mia)) == 1


class TestStudentsByLinkOnly:
    async def test_given_the_setting_then_the_directory_is_closed_and_links_work(
        self, sqlite_url: str
    ) -> None:
        clock = FakeClock(NOW)
        async with open_database(sqlite_url, clock) as database:
            town = Town(database, clock, policy=Policy(students=StudentsPolicy.LINK))
            _, lesson = await town.ana()
            mia = await town.mia()

            await mia.type("/book")
            closed = mia.text
            await town.book_lesson(mia, lesson)

            assert closed == "Booking here takes a link from a coach."
            assert len(await town.of(mia)) == 1


class TestOddMoments:
    async def test_given_hi_then_what_comes_next_is_said(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)

        await mia.type("hi")

        assert mia.text == "Hi Mia! Next: Tue 24 Nov, 15:00 with Ana."
        assert mia.labels == [["My bookings", "Book a time"]]

    async def test_given_words_about_time_then_they_are_a_wish_to_book(self, town: Town) -> None:
        await town.ana()
        mia = await town.mia()

        await mia.type("tomorrow 15:00")

        assert mia.text.startswith("Tue 24 Nov, 15:00-16:00 Lisbon")

    async def test_given_a_command_mistyped_then_the_nearest_is_named(self, town: Town) -> None:
        mia = await town.mia()

        await mia.type("/coachs")

        assert mia.text in {
            "I do not know /coachs. Did you mean /coaches?",
            "I do not know /coachs. Did you mean /coach?",
        }

    async def test_given_a_sticker_then_it_is_answered(self, town: Town) -> None:
        mia = await town.mia()

        await mia.say(Unreadable())

        assert mia.text == "I can only read text here."

    async def test_given_a_session_to_give_when_the_coach_says_hello_then_it_is_what_comes_next(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)

        await ana.type("hi")

        assert ana.text == "Hi Ana! Next: Tue 24 Nov, 16:00 with Mia."
        assert ana.labels[0][0] == "Agenda"

    async def test_given_a_question_left_long_ago_then_words_are_no_answer_to_it(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        await mia.tap("Message Ana")
        town.clock.advance(timedelta(hours=2))

        await mia.type("hi")

        assert mia.text == "Hi Mia! Next: Tue 24 Nov, 15:00 with Ana."

    async def test_given_a_start_without_a_link_then_there_are_two_ways_on(
        self, town: Town
    ) -> None:
        mia = await town.mia(zone=None)

        await mia.type("/start")

        assert mia.text == "Hi Mia! I book lessons and meetings, right here."
        assert mia.labels == [["Book a time", "Offer my time"]]


async def two_subjects(town: Town) -> None:
    """Three coaches: two teach the piano, one yoga."""
    await town.coach("Ana Ruiz", title="Piano lesson")
    await town.coach("Bo Lind", title="Piano lesson")
    await town.coach("Cem Kaya", title="Yoga class")


class TestDirectory:
    async def test_given_several_subjects_when_one_is_tapped_then_its_coaches_are_listed(
        self, town: Town
    ) -> None:
        await two_subjects(town)
        mia = await town.mia()
        await mia.type("/coaches")
        everybody = mia.labels

        await mia.tap("Piano")

        assert everybody[3:] == [["Piano", "Yoga"], ["Anybody, soonest"]]
        assert mia.text == 'Coaches for "Piano":'
        assert mia.labels == [
            ["Ana Ruiz · Piano lesson"],
            ["Bo Lind · Piano lesson"],
            ["Anybody, soonest", "All coaches"],
        ]

    async def test_given_a_subject_when_all_are_asked_for_then_they_are_back(
        self, town: Town
    ) -> None:
        await two_subjects(town)
        mia = await town.mia()
        await mia.type("/coaches yoga")
        found = mia.labels

        await mia.tap("All coaches")

        assert found == [["Cem Kaya · Yoga class"], ["All coaches"]]
        assert mia.text == "Who would you like to book?"

    async def test_given_two_coaches_then_nothing_is_narrowed_down(self, town: Town) -> None:
        await town.coach("Ana Ruiz", title="Piano lesson")
        await town.coach("Cem Kaya", title="Yoga class")
        mia = await town.mia()

        await mia.type("/coaches")

        assert mia.labels[-1] == ["Anybody, soonest"]
        assert len(mia.labels) == 3


class TestTruth:
    async def test_given_a_time_taken_long_ago_when_typed_then_it_is_taken_not_just_gone(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        leo = await town.phone("Leo Brandt")
        await town.books(leo, lesson, at("2026-11-24 15:00"))
        mia = await town.mia()

        await mia.type("/book ana tue 15:00")

        assert mia.text == "Tue 24 Nov, 15:00 is taken. Near it, free now:"

    async def test_given_as_many_bookings_as_one_may_have_then_that_is_the_reason_given(
        self, sqlite_url: str
    ) -> None:
        clock = FakeClock(NOW)
        async with open_database(sqlite_url, clock) as database:
            town = Town(database, clock, policy=Policy(bookings_per_person=2))
            _, lesson = await town.ana()
            mia = await town.mia()
            await town.books(mia, lesson, at("2026-11-24 15:00"))
            await town.books(mia, lesson, at("2026-11-26 15:00"))

            await mia.type(f"/start {lesson.code}")

            assert mia.text == (
                "You have 2 coming bookings, which is the most one person may have."
            )
            assert mia.labels == [["My bookings"]]
