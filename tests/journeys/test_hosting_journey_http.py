"""The coach's half over real HTTP: from nothing to a link, hours, time off, the day, oneself."""

from datetime import timedelta

from builders.times import at
from stage import Stage


class TestBecomingACoach:
    async def test_given_somebody_new_when_six_taps_are_made_then_there_is_a_link_that_books(
        self, stage: Stage
    ) -> None:
        leo, mia = stage.people.user("leo"), stage.people.user("mia")
        taps = [
            ("Offer my time", "what does your clock say?"),
            ("4:02 AM New York", "When can people book you?"),
            ("Mon-Fri 9-12, 13-17", "How long is one session?"),
            ("60 min", "This is your week, in New York time:"),
            ("Save and get my link", "Your link works now."),
        ]

        await leo.start()
        for label, answer in taps:
            await leo.press_and_wait(label, answer)

        assert 1 + len(taps) <= 6
        card = await leo.newest()
        link = card.text.splitlines()[1]
        assert card.labels == [
            ["Copy link", "Share"],
            ["QR picture", "See it as a student"],
            ["Make it nicer: 0 of 3"],
        ]
        assert any(message.photo_id for message in await leo.messages())
        await mia.start(link.partition("start=")[2])
        await mia.press_and_wait("09:0", "with Leo. Which day?")
        await mia.press("First free")
        await mia.press_and_wait("Book it", "Booked. Mon 23 Nov, 14:00-15:00 Lisbon")
        await leo.wait_for("Mon 23 Nov, 9:00-10:00 AM · Mia Costa booked")

    async def test_given_a_new_coach_then_the_menu_has_the_coachs_commands(
        self, sqlite_stage: Stage
    ) -> None:
        leo = sqlite_stage.people.user("leo")
        await leo.start()
        await leo.wait_for("Hi Leo!")
        before = await leo.commands()

        for label in ("Offer my time", "4:02 AM", "Mon-Fri 9-17", "60 min", "Save and get"):
            await leo.press(label)
        await leo.wait_for("Your link works now.")

        async def has_agenda() -> bool:
            return "agenda" in await leo.commands()

        await sqlite_stage.eventually(has_agenda)
        assert "agenda" not in before

    async def test_given_a_typed_week_and_length_then_they_count_like_the_buttons(
        self, sqlite_stage: Stage
    ) -> None:
        leo = sqlite_stage.people.user("leo")
        await leo.start()
        await leo.press_and_wait("Offer my time", "what does your clock say?")
        await leo.press_and_wait("09:02 London", "When can people book you?")

        await leo.send("mon-fri 9-12, 13-17; wed off")
        await leo.wait_for("How long is one session?")
        await leo.send("45 min")
        week = await leo.wait_for("This is your week, in London time:")

        assert week.text.splitlines()[1:3] == [
            "Mon, Tue, Thu, Fri  09:00-12:00, 13:00-17:00",
            "Wed, Sat, Sun  closed",
        ]
        assert "45 min each" in week.text


class TestHours:
    async def test_given_a_typed_week_when_saved_and_undone_then_booking_follows_it(
        self, stage: Stage
    ) -> None:
        ana, mia = stage.people.user("ana"), stage.people.user("mia")

        await ana.send("/availability mon-fri 10-12; wed off")
        preview = await ana.wait_for("This is your week, in Berlin time:")
        await ana.press_and_wait("Save", "Saved. People can book this from now on.")
        await mia.start(stage.code("Piano lesson"))
        await mia.press_and_wait("09:0", "Which day?")
        narrow = await mia.press_and_wait("24", "Which time?")
        await ana.press_and_wait("Undo", "Undone. Your hours are as they were.")
        await mia.press_and_wait("Days", "Which day?")
        wide = await mia.press_and_wait("24", "Which time?")

        assert preview.text == (
            "This is your week, in Berlin time:\n"
            "Mon, Tue, Thu, Fri  10:00-12:00\n"
            "Wed, Sat, Sun  closed\n"
            "8 hours a week. "
            "New: Mon, Tue, Thu, Fri 10:00-12:00 (was 09:00-12:00, 13:00-17:00).\n"
            "First free: Mon 23 Nov, 11:00."
        )
        assert narrow.labels[0] == ["09:00", "10:00"]
        assert wide.labels[0] == ["08:00", "09:00", "10:00", "12:00", "13:00"]

    async def test_given_half_understood_hours_then_the_rest_is_named_with_a_way_on(
        self, sqlite_stage: Stage
    ) -> None:
        ana = sqlite_stage.people.user("ana")

        await ana.send("/availability tue 14-1x")

        answer = await ana.wait_for("I understood")
        assert answer.text == 'I understood "tue". Not "14-1x". Try: tue 14-18'
        await ana.press_and_wait("Use: tue 14-18", "Tue  14:00-18:00")

    async def test_given_a_booking_when_the_day_is_taken_off_then_it_is_told_and_can_be_undone(
        self, stage: Stage
    ) -> None:
        ana, mia = stage.people.user("ana"), stage.people.user("mia")
        await stage.books(mia, "26", "08:00", "Book it")

        await ana.send("/off thu")
        hit = await ana.wait_for("1 session is in it: Mia 09:00.")
        await ana.press_and_wait("Tell them, offer new times", "Told 1. Closed for Thu 26 Nov.")
        told = await mia.wait_for("Cancelled: Thu 26 Nov, 08:00 · Ana, Piano lesson.")
        await ana.press_and_wait("Undo", "Undone.")

        assert hit.labels == [
            ["Tell them, offer new times"],
            ["Keep it, close the rest"],
            ["Back"],
        ]
        assert told.labels == [["Fri 08:00", "Fri 09:00", "Fri 10:00"], ["Days"]]
        await mia.wait_for("Back on: Thu 26 Nov, 08:00")

    async def test_given_extra_time_when_opened_then_it_can_be_booked_until_closed_again(
        self, sqlite_stage: Stage
    ) -> None:
        ana, mia = sqlite_stage.people.user("ana"), sqlite_stage.people.user("mia")

        await ana.send("/open sat 10:00 2h")
        await ana.wait_for("Open: Sat 28 Nov, 10:00-12:00.")
        await mia.start(sqlite_stage.code("Piano lesson"))
        await mia.press_and_wait("09:0", "Which day?")
        saturday = await mia.press_and_wait("28", "Sat 28 Nov. Which time?")
        await ana.press_and_wait("Close it again", "Closed again.")
        await mia.press("09:00")

        assert saturday.labels[0] == ["09:00", "10:00"]
        refused = await mia.wait_for("Sat 28 Nov, 09:00")
        assert "Kept for you" not in refused.text


class TestTheDay:
    async def test_given_bookings_when_the_agenda_is_asked_for_then_day_and_week_are_told(
        self, sqlite_stage: Stage
    ) -> None:
        stage = sqlite_stage
        ana, mia, leo = (stage.people.user(key) for key in ("ana", "mia", "leo"))
        await stage.books(mia, "24", "08:00", "Book it")
        await stage.books(leo, "24", "14:00", "Book it")

        await ana.send("/agenda tomorrow")
        day = await ana.wait_for("Tue 24 Nov · 2 sessions, first at 09:00")
        await ana.press("Week picture")
        week = await ana.wait_for("23-29 Nov · 2 sessions · Berlin time")

        assert day.text.splitlines()[1:3] == [
            "09:00-10:00  Mia Costa · no answer yet",
            "15:00-16:00  Leo Brandt · no answer yet",
        ]
        assert week.photo_id is not None

    async def test_given_a_group_with_seats_left_then_its_time_is_not_told_as_free(
        self, sqlite_stage: Stage
    ) -> None:
        stage = sqlite_stage
        mia, leo, ana = (stage.people.user(key) for key in ("mia", "leo", "ana"))
        for student, label in ((mia, "08:00 (4)"), (leo, "08:00 (3)")):
            await stage.opens(student, "Choir hour")
            await student.press("24")
            await student.press_and_wait(label, "seats left")
            await student.press_and_wait("Book it", "Cancel until Tue 04:00.")

        await ana.send("/agenda tomorrow")
        day = await ana.wait_for("Tue 24 Nov · 1 session, at 09:00")

        assert day.text.splitlines()[1:] == [
            "09:00-10:00  Choir hour, 2 of 4 seats · no answer yet",
            "Free: 10:00-12:00, 13:00-17:00",
        ]

    async def test_given_a_link_and_types_when_asked_for_then_every_type_has_both(
        self, sqlite_stage: Stage
    ) -> None:
        ana = sqlite_stage.people.user("ana")

        await ana.send("/link")
        await ana.wait_for("Which one do you want to share?")
        link = await ana.press_and_wait("Piano lesson, 60 min", "Whoever opens this link")
        await ana.press("QR picture")
        picture = await ana.wait_for_message(lambda message: message.photo_id is not None)
        await ana.send("/types")
        await ana.wait_for("Your session types.")
        card = await ana.press_and_wait("Trial lesson", "You approve each booking")

        assert link.text.splitlines()[1] == (
            f"t.me/slotbook_demo_bot?start={sqlite_stage.code('Piano lesson')}"
        )
        assert "Piano lesson with Ana Ruiz" in picture.text
        assert "30 min" in card.text


class TestOneself:
    async def test_given_a_contact_when_it_is_ones_own_then_it_is_kept_and_no_other(
        self, sqlite_stage: Stage
    ) -> None:
        ana, mia = sqlite_stage.people.user("ana"), sqlite_stage.people.user("mia")
        await ana.send("/me")
        await ana.press_and_wait("Phone", "Your number is shown to the other side")
        await ana.press_and_wait("Share my number", "Tap the button below")

        await ana.share_stranger("+441632960000", "Fritz")
        await ana.wait_for("That is somebody else's number.")
        await ana.share_contact(of="mia")
        await ana.wait_for("That is somebody else's number.")
        await ana.share_contact()
        mine = await ana.wait_for("Phone: …0002")

        assert "0001" not in mine.text
        assert not (await ana.chat())["keyboard"]
        assert not await mia.messages()

    async def test_given_a_number_shared_unasked_then_nothing_is_kept(
        self, sqlite_stage: Stage
    ) -> None:
        ana = sqlite_stage.people.user("ana")

        await ana.share_contact()

        await ana.wait_for("I did not ask for that now.")
        await ana.send("/me")
        assert "Phone: none" in (await ana.wait_for("Time zone: Berlin")).text

    async def test_given_help_or_a_mistyped_command_then_the_way_on_is_told(
        self, sqlite_stage: Stage
    ) -> None:
        mia, ana = sqlite_stage.people.user("mia"), sqlite_stage.people.user("ana")

        await mia.send("/help")
        for_all = await mia.wait_for("This is what I can do:")
        await ana.send("/agnda")
        near = await ana.wait_for("I do not know /agnda.")
        await ana.send("/help")
        for_coach = await ana.wait_for("This is what I can do:")

        assert "/book" in for_all.text
        assert "/availability" not in for_all.text
        assert "/availability" in for_coach.text
        assert near.text == "I do not know /agnda. Did you mean /agenda?"

    async def test_given_words_that_are_no_command_then_the_next_booking_is_told(
        self, sqlite_stage: Stage
    ) -> None:
        mia = sqlite_stage.people.user("mia")
        await sqlite_stage.books(mia, "24", "08:00", "Book it")

        await mia.send("hi")

        hello = await mia.wait_for("Hi Mia!")
        assert hello.text == "Hi Mia! Next: Tue 24 Nov, 08:00 with Ana."
        assert hello.labels == [["My bookings", "Book a time"]]

    async def test_given_a_note_when_sent_then_it_reaches_the_other_side_and_can_be_answered(
        self, sqlite_stage: Stage
    ) -> None:
        mia, ana = sqlite_stage.people.user("mia"), sqlite_stage.people.user("ana")
        await sqlite_stage.books(mia, "24", "08:00", "Book it")

        await mia.press_and_wait("Message Ana", "What should I tell Ana? Just type it.")
        await mia.send("I bring <the> notes")
        note = await ana.wait_for("I bring <the> notes")
        await ana.press_and_wait("Reply", "What should I tell Mia?")
        await ana.send("Good!")

        assert note.text.startswith("Mia Costa about Tue 24 Nov, 09:00")
        await mia.wait_for("Good!")

    async def test_given_finished_bookings_then_they_leave_the_list(
        self, sqlite_stage: Stage
    ) -> None:
        mia = sqlite_stage.people.user("mia")
        await sqlite_stage.books(mia, "24", "08:00", "Book it")

        await sqlite_stage.until(at("2026-11-24 09:00") + timedelta(minutes=1))
        await mia.send("/my")

        assert (await mia.wait_for("Nothing booked.")).labels[0][0] == "Book a time"
