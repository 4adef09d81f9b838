"""Journey 2 over real HTTP: a coach sets hours in Slack by a line and by a window, and her day."""

from slack_stage import TwoChats, shown_to


class TestHours:
    async def test_given_a_line_when_saved_and_changed_in_a_window_then_telegram_shows_the_week(
        self, both_chats: TwoChats
    ) -> None:
        ana, mia = both_chats.person("ana"), both_chats.people.user("mia")

        await ana.command("/availability", "mon-fri 9-12, 13-17; wed off; fri 10-12")
        preview = await ana.wait_for("This is your week, in Berlin time:")
        await ana.press(preview, "Save")
        await ana.wait_for("Saved. People can book this from now on.")
        await ana.command("/availability")
        await ana.press(await ana.wait_for("Fri  10:00-12:00"), "Edit")
        window = await ana.modal("23 hours a week.")
        await ana.choose(window, "Hours on Tue", "14-1x")
        faulty = await ana.submit(await ana.modal('"14-1x" is not a time'))
        window = await ana.modal("Your weekly hours")
        await ana.choose(window, "Hours on Tue", "14-18")
        sent = await ana.submit(await ana.modal("Tue  14:00-18:00"))

        assert preview.words.startswith(
            "This is your week, in Berlin time:\n"
            "Mon, Tue, Thu  09:00-12:00, 13:00-17:00\n"
            "Fri  10:00-12:00\n"
            "Wed, Sat, Sun  closed\n"
            "23 hours a week. New: Fri 10:00-12:00 (was 09:00-12:00, 13:00-17:00).\n"
            "First free: Mon 23 Nov, 11:00."
        )
        assert preview.labels == ["Save", "Edit", "Picture"]
        assert list(faulty.errors.values()) == ['"14-1x" is not a time. Try 14-18.']
        assert sent.ok
        assert "Saved. People can book this from now on." in sent.views[-1].words
        await both_chats.opens(mia, "Piano lesson")
        day = await mia.press_and_wait("24", "Tue 24 Nov. Which time?")
        assert day.labels[0] == ["13:00", "14:00", "15:00", "16:00"]

    async def test_given_a_booking_when_time_off_hits_it_then_it_is_told_and_undone(
        self, chats: TwoChats
    ) -> None:
        ana = chats.person("ana")
        mia = await chats.mia_books("26", "08:00", "Book it")

        await ana.command("/slotbook", "off thu")
        hit = await ana.wait_for("1 session is in it: Mia 09:00.")
        await ana.press(hit, "Tell them, offer new times")
        told = await mia.wait_for("Cancelled: Thu 26 Nov, 08:00 · Ana, Piano lesson.", since=0)
        await ana.press_newest("Undo")
        await ana.wait_for("Undone. Your hours are as they were.")
        await mia.wait_for("Back on: Thu 26 Nov, 08:00", since=0)
        await ana.command("/slotbook", "open sat 10:00 2h")
        opened = await ana.wait_for("Open: Sat 28 Nov, 10:00-12:00.")

        assert told.labels == [["Fri 08:00", "Fri 09:00", "Fri 10:00"], ["Days"]]
        assert opened.labels == ["Close it again", "Share my link"]


class TestTheDay:
    async def test_given_bookings_when_home_and_agenda_are_opened_then_they_tell_and_follow(
        self, both_chats: TwoChats
    ) -> None:
        ana = both_chats.person("ana")
        await ana.open_home()
        await ana.home("Nobody has booked you yet · Berlin time")

        mia = await both_chats.mia_books("24", "15:00", "Book it")
        day = await ana.home("Tue 24 Nov · 1 session, at 16:00 · Berlin time")
        await ana.command("/slotbook", "agenda tomorrow")
        agenda = await ana.wait_for("Tue 24 Nov · 1 session, at 16:00")
        await ana.press(agenda, "Week picture")
        await ana.wait_for("23-29 Nov · 1 session · Berlin time")
        await ana.wait_for_message(lambda message: any(".png" in f["name"] for f in message.files))
        await mia.press("Cancel")
        await mia.press("Cancel the lesson")

        assert "16:00-17:00 · Mia Costa (Telegram) · Piano lesson" in day.words
        assert {"Join", "Message", "Move", "Cancel"} <= set(day.labels)
        assert "Free: 09:00-12:00, 13:00-16:00" in shown_to(agenda)
        await ana.home("Nobody has booked you yet · Berlin time")
