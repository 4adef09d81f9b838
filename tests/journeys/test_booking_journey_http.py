"""The student's journey over real HTTP: link, booking, reminders, move, cancel, undo."""

from datetime import timedelta

from builders.times import at
from calendars import event_in
from playground.client import SeenMessage, TelegramUser
from stage import LESSON, TUESDAY_8, Stage


class TestBooking:
    async def test_given_a_link_when_four_taps_are_made_then_booked_with_file_and_coach_told(
        self, stage: Stage
    ) -> None:
        mia, ana = stage.people.user("mia"), stage.people.user("ana")

        card = await stage.books(mia, *TUESDAY_8)

        assert 1 + len(TUESDAY_8) <= 4
        assert card.text == (
            "Booked. Tue 24 Nov, 08:00-09:00 Lisbon\n"
            "Piano lesson with Ana · video: meet.example/ana-ruiz\n"
            "Move or cancel until Tue 04:00. I remind you 1 hour and 2 min before."
        )
        assert card.labels == [
            ["Join", "Message Ana", "Add to Google"],
            ["Move", "Cancel", "Undo"],
        ]
        told = await ana.wait_for("booked")
        assert told.text == "Tue 24 Nov, 09:00-10:00 · Mia Costa booked Piano lesson."
        file = await mia.wait_for_document("piano-lesson-24-nov.ics")
        event = await event_in(mia, file)
        assert (event.start, event.end) == (at("2026-11-24 08:00"), at("2026-11-24 09:00"))
        assert (event.sequence, event.status) == (0, "CONFIRMED")
        assert file.silent

    async def test_given_first_free_then_three_taps_are_enough(self, sqlite_stage: Stage) -> None:
        mia = sqlite_stage.people.user("mia")

        card = await sqlite_stage.books(mia, "First free", "Book it")

        assert card.text.startswith("Booked. Mon 23 Nov, 10:00-11:00 Lisbon")

    async def test_given_a_zone_told_once_when_the_link_is_opened_again_then_days_come_at_once(
        self, sqlite_stage: Stage
    ) -> None:
        mia = sqlite_stage.people.user("mia")
        await sqlite_stage.opens(mia, LESSON)

        await mia.start(sqlite_stage.code(LESSON))

        days = await mia.wait_for("Which day?")
        assert days.text == "Piano lesson, 60 min, with Ana. Which day?\nNov-Dec 2026 · Lisbon time"
        assert days.labels[:3] == [
            ["First free: Mon 23 Nov, 10:00"],
            ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
            ["23", "24", "·", "26", "27", "·", "·"],
        ]

    async def test_given_a_typed_city_then_its_clock_is_the_one_that_counts(
        self, sqlite_stage: Stage
    ) -> None:
        mia = sqlite_stage.people.user("mia")
        await mia.start(sqlite_stage.code(LESSON))
        await mia.press_and_wait("Another city", "Type your city")

        await mia.send("tokyo")
        await mia.press_and_wait("Yes, 18:02", "Tokyo time")

        days = await mia.newest()
        assert days.labels[0] == ["First free: Mon 23 Nov, 19:00"]

    async def test_given_a_day_without_time_when_tapped_then_the_next_free_one_is_named(
        self, sqlite_stage: Stage
    ) -> None:
        mia = sqlite_stage.people.user("mia")
        await sqlite_stage.opens(mia, LESSON)

        await mia.press("·")

        toast = await mia.wait_for_toast()
        assert toast.text == "Nothing free on Wed 25. Next: Thu 26 Nov."

    async def test_given_a_kept_time_when_five_minutes_pass_then_it_is_let_go_and_can_be_retaken(
        self, sqlite_stage: Stage
    ) -> None:
        mia, leo = sqlite_stage.people.user("mia"), sqlite_stage.people.user("leo")
        await sqlite_stage.opens(mia, LESSON)
        await mia.press("24")
        await mia.press_and_wait("08:00", "Kept for you until 09:07.")
        await sqlite_stage.opens(leo, LESSON, clock="09:02")
        kept_from_others = await leo.press_and_wait("24", "Which time?")

        await sqlite_stage.later(timedelta(minutes=5, seconds=1))

        card = await mia.wait_for("I let 08:00 go. It is still free.")
        assert card.labels == [["Take 08:00 again", "Days"]]
        assert kept_from_others.button("08:00") is None
        await mia.press_and_wait("Take 08:00 again", "Kept for you until 09:12.")
        await mia.press_and_wait("Book it", "Booked. Tue 24 Nov, 08:00")

    async def test_given_back_on_the_card_then_the_time_is_free_again_at_once(
        self, sqlite_stage: Stage
    ) -> None:
        mia = sqlite_stage.people.user("mia")
        await sqlite_stage.opens(mia, LESSON)
        await mia.press("24")
        await mia.press_and_wait("08:00", "Kept for you")

        await mia.press_and_wait("Back", "Which time?")

        times = await mia.newest()
        assert "08:00" in times.labels[0]


class TestMoving:
    async def test_given_a_booking_when_moved_then_one_card_one_file_and_the_coach_knows(
        self, stage: Stage
    ) -> None:
        mia, ana = stage.people.user("mia"), stage.people.user("ana")
        card = await stage.books(mia, *TUESDAY_8)
        file = await mia.wait_for_document()
        first = await event_in(mia, file)

        await mia.press_and_wait("Move", "It stays yours until the new time is booked.")
        await mia.press_and_wait("26", "Thu 26 Nov. Which time?")
        await mia.press_and_wait("14:00", "From Tue 24 Nov, 08:00 to Thu 26 Nov, 14:00?")
        moved = await mia.press_and_wait("Move it", "Moved. Thu 26 Nov, 14:00-15:00 Lisbon")

        assert moved.id == card.id
        told = await ana.wait_for("moved Piano lesson")
        assert told.text == (
            "Now Thu 26 Nov, 15:00 (was Tue 24 Nov, 09:00) · Mia moved Piano lesson."
        )
        replaced = await mia.wait_for_document("piano-lesson-26-nov.ics")
        event = await event_in(mia, replaced)
        assert replaced.id == file.id
        assert (event.uid, event.sequence) == (first.uid, 1)
        assert event.start == at("2026-11-26 14:00")

    async def test_given_a_move_begun_when_kept_then_nothing_has_changed(
        self, sqlite_stage: Stage
    ) -> None:
        mia = sqlite_stage.people.user("mia")
        await sqlite_stage.books(mia, *TUESDAY_8)

        await mia.press_and_wait("Move", "Moving Tue 24 Nov, 08:00.")
        await mia.press_and_wait("Keep Tue 08:00", "Tue 24 Nov, 08:00-09:00 Lisbon")

        await mia.send("/my")
        mine = await mia.wait_for("Your bookings")
        assert mine.text == (
            "Your bookings, Lisbon time:\nTue 24 Nov, 08:00-09:00 · Piano lesson with Ana"
        )


class TestCancelling:
    async def test_given_a_booking_when_cancelled_undone_and_cancelled_then_the_coach_follows(
        self, stage: Stage
    ) -> None:
        mia, ana = stage.people.user("mia"), stage.people.user("ana")
        await stage.books(mia, *TUESDAY_8)
        first = await event_in(mia, await mia.wait_for_document())

        asked = await mia.press_and_wait("Cancel", "Cancel Tue 24 Nov, 08:00 with Ana?")
        await mia.send("I am <b>ill</b> & sorry")
        await mia.wait_for('Why: "I am <b>ill</b> & sorry"')
        await mia.press_and_wait("Cancel the lesson", "Cancelled: Tue 24 Nov, 08:00. Ana knows.")
        why = await ana.wait_for("Cancelled: Tue 24 Nov, 09:00")
        await mia.press_and_wait("Undo", "Back on: Tue 24 Nov, 08:00-09:00 Lisbon")
        back = await ana.wait_for("Back on: Tue 24 Nov, 09:00")
        await mia.press_and_wait("Cancel", "If you like, type why.")
        await mia.press_and_wait("Cancel the lesson", "Cancelled: Tue 24 Nov, 08:00. Ana knows.")

        assert asked.labels == [["Cancel the lesson", "Move instead", "Keep it"]]
        assert why.text == (
            'Cancelled: Tue 24 Nov, 09:00 · Mia Costa, Piano lesson. "I am <b>ill</b> & sorry"'
        )
        assert back.text == "Back on: Tue 24 Nov, 09:00 · Mia is coming after all."
        await stage.calm()
        last = await event_in(mia, (await files_of(mia))[-1])
        assert (last.uid, last.status) == (first.uid, "CANCELLED")
        assert last.sequence > first.sequence

    async def test_given_a_move_then_a_cancellation_then_sequence_counts_one_two(
        self, sqlite_stage: Stage
    ) -> None:
        mia = sqlite_stage.people.user("mia")
        await sqlite_stage.books(mia, *TUESDAY_8)
        seen = [await event_in(mia, await mia.wait_for_document())]

        for taps in (("Move", "26", "14:00", "Move it"), ("Cancel", "Cancel the lesson")):
            for label in taps:
                await mia.press(label)
            seen.append(await event_in(mia, await mia.wait_for_document()))

        assert [event.sequence for event in seen] == [0, 1, 2]
        assert len({event.uid for event in seen}) == 1
        assert len(await files_of(mia)) == 1

    async def test_given_the_cut_off_has_passed_when_cancelling_then_it_goes_through_the_coach(
        self, sqlite_stage: Stage
    ) -> None:
        mia, ana = sqlite_stage.people.user("mia"), sqlite_stage.people.user("ana")
        await sqlite_stage.books(mia, "First free", "Book it")

        await mia.press("Can't come")

        await ana.wait_for("Mia can't come: Mon 23 Nov, 11:00")
        await mia.send("/my")
        mine = await mia.wait_for("Your bookings")
        assert "Mon 23 Nov, 10:00-11:00" in mine.text


async def files_of(user: TelegramUser) -> list[SeenMessage]:
    """Return the messages that carry a document."""
    return [message for message in await user.messages() if message.document]


class TestReminders:
    async def test_given_a_booking_when_its_day_comes_then_reminders_follow_the_time_left(
        self, stage: Stage
    ) -> None:
        mia, ana = stage.people.user("mia"), stage.people.user("ana")
        await stage.books(mia, "26", "08:00", "Book it")

        await stage.until(at("2026-11-25 08:00"))
        day = await mia.wait_for("Tomorrow, Thu 26 Nov, 08:00-09:00")
        await mia.press_and_wait("I'll be there", "Ana knows you are coming.")
        await ana.wait_for("Mia is coming")
        await stage.until(at("2026-11-26 07:00"))
        hour = await mia.wait_for("In 1 hour, 08:00")
        await stage.until(at("2026-11-26 07:58"))
        soon = await mia.wait_for("In 2 minutes, 08:00")
        await mia.press("10 min late")
        late = await mia.wait_for_toast("Ana knows: about 08:10.")
        news = await ana.wait_for("About 09:10 instead of 09:00")
        await ana.press("I'll wait")
        waits = await mia.wait_for("Ana waits for you.")

        assert day.text.endswith("Coming?")
        assert ["I'll be there", "Move", "Cancel"] in day.labels
        assert ["Join", "Running late", "Can't come"] in hour.labels
        assert ["Join", "5 min late", "10 min late", "15 min late"] in soon.labels
        assert not late.alert
        assert news.text == "About 09:10 instead of 09:00 · Mia is 10 min late."
        assert waits.text == "Ana waits for you."

    async def test_given_downtime_over_a_reminder_when_back_then_it_tells_the_time_really_left(
        self, dark_sqlite_stage: Stage
    ) -> None:
        stage, mia = dark_sqlite_stage, dark_sqlite_stage.people.user("mia")
        async with stage.running():
            await stage.books(mia, *TUESDAY_8)
            await stage.calm()

        stage.clock.advance(at("2026-11-24 07:20") - stage.clock.now())

        async with stage.running():
            reminder = await mia.wait_for("08:00 · Piano lesson with Ana")
        assert reminder.text.startswith("In 40 minutes, 08:00")


class TestApproval:
    async def test_given_a_question_and_approval_when_approved_then_both_know(
        self, stage: Stage
    ) -> None:
        mia, ana = stage.people.user("mia"), stage.people.user("ana")
        await stage.opens(mia, "Trial lesson")
        await mia.press("26")
        await mia.press_and_wait("09:30", "What would you like to work on? Just type it.")

        await mia.send("The Satie, <i>slowly</i>")
        await mia.wait_for('"The Satie, <i>slowly</i>"')
        await mia.press_and_wait("Ask for it", "Asked. Ana answers by Tue 09:02.")
        asked = await ana.wait_for("Mia Costa asks for Trial lesson.")
        await ana.press_and_wait("Approve", "Approved. Thu 26 Nov, 10:30 · Mia knows.")

        assert '"The Satie, <i>slowly</i>"' in asked.text
        assert asked.labels == [["Approve", "Decline", "Message Mia"]]
        answer = await mia.wait_for("Ana said yes. Thu 26 Nov, 09:30-10:00 Lisbon")
        assert "meet.example/ana-ruiz" in answer.text
        event = await event_in(mia, await mia.wait_for_document("trial-lesson-26-nov.ics"))
        assert event.status == "CONFIRMED"

    async def test_given_a_request_when_declined_with_a_reason_then_three_times_are_offered(
        self, stage: Stage
    ) -> None:
        mia, ana = stage.people.user("mia"), stage.people.user("ana")
        await stage.opens(mia, "Trial lesson")
        for label in ("24", "09:30", "Skip", "Ask for it"):
            await mia.press(label)

        await ana.press_and_wait("Decline", "Anything to tell Mia?")
        await ana.send("I am away that day")
        await ana.wait_for("Declined. Tue 24 Nov, 10:30 · Mia knows.")

        refused = await mia.wait_for("does not work for Ana.")
        assert refused.text == (
            'Tue 24 Nov, 09:30 does not work for Ana. "I am away that day" Free near it:'
        )
        assert [len(row) for row in refused.labels] == [3, 1]
        await mia.press_and_wait(refused.labels[0][0], "What would you like to work on?")

    async def test_given_a_request_nobody_answers_then_it_ends_and_both_are_told(
        self, sqlite_stage: Stage
    ) -> None:
        mia, ana = sqlite_stage.people.user("mia"), sqlite_stage.people.user("ana")
        await sqlite_stage.opens(mia, "Trial lesson")
        for label in ("26", "09:30", "Skip", "Ask for it"):
            await mia.press(label)
        await ana.wait_for("Mia Costa asks for Trial lesson.")

        await sqlite_stage.later(timedelta(hours=24, seconds=1))

        ended = await mia.wait_for("Ana did not answer in time")
        assert [len(row) for row in ended.labels] == [3, 1]
        await ana.wait_for("request ended unanswered")
