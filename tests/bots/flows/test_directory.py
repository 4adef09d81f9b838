"""Finding a coach: the directory, its pages, and the subjects it is narrowed to."""

from datetime import timedelta

from builders.people import acting
from scheduling.ids import RequestId
from scheduling.model import Listing
from scheduling.policy import Policy, StudentsPolicy
from town import Town


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


async def two_subjects(town: Town) -> None:
    """Three coaches: two teach the piano, one yoga."""
    await town.coach("Ana Ruiz", title="Piano lesson")
    await town.coach("Bo Lind", title="Piano lesson")
    await town.coach("Cem Kaya", title="Yoga class")


class TestSubjects:
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
