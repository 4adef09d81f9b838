"""/book with words, a shared place, and odd moments (T11)."""

from datetime import timedelta

from bots.chat import Unreadable
from builders.times import at
from doubles import FakeClock
from persistence.database import open_database
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
