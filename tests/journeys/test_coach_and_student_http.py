"""Journey 4 over real HTTP: a coach in Slack, a student in Telegram, one booking."""

from builders.times import at
from slack_stage import TwoChats, shown_to


class TestTheSameBooking:
    async def test_given_a_booking_when_made_in_telegram_then_each_sees_it_in_their_chat_and_zone(
        self, both_chats: TwoChats
    ) -> None:
        ana = both_chats.person("ana")

        mia = await both_chats.mia_books("24", "15:00", "Book it")

        hers = await mia.wait_for("Booked.", since=0)
        assert hers.text.splitlines()[:2] == [
            "Booked. Tue 24 Nov, 15:00-16:00 Lisbon",
            "Piano lesson with Ana · video: meet.example/ana-ruiz",
        ]
        await mia.wait_for_document(".ics", since=0)
        told = await ana.wait_for("Mia Costa booked Piano lesson.", since=0)
        assert shown_to(told).splitlines()[0] == (
            "Tue 24 Nov, 16:00-17:00 · Mia Costa booked Piano lesson. "
            "Mia is on Telegram; answer here and I pass it on."
        )
        assert told.labels == ["Message Mia", "Move", "Cancel"]
        assert "351910000001" not in str(await ana.messages())

    async def test_given_a_booking_when_notes_are_written_then_each_gets_the_others_in_their_chat(
        self, chats: TwoChats
    ) -> None:
        ana = chats.person("ana")
        mia = await chats.mia_books("24", "15:00", "Book it")

        await ana.press_newest("Message Mia")
        window = await ana.modal("What should I tell Mia?")
        await ana.fill(window, "What should I tell", "Bring the <!channel> Chopin & a pen")
        sent = await ana.submit(window)
        note = await mia.wait_for("Ana Ruiz about Tue 24 Nov, 15:00:", since=0)
        await mia.press_and_wait("Reply", "What should I tell Ana?")
        await mia.send("Which one? <@U0BO>")
        await mia.wait_for("Sent to Ana.", since=0)
        answer = await ana.wait_for("Mia Costa about Tue 24 Nov, 16:00:", since=0)

        assert sent.ok
        assert "Bring the <!channel> Chopin & a pen" in note.text
        assert "Which one? &lt;@U0BO&gt;" in answer.words  # as she wrote it, and nobody is called
        assert answer.labels == ["Reply"]

    async def test_given_a_booking_when_moved_cancelled_and_undone_then_both_follow(
        self, both_chats: TwoChats
    ) -> None:
        ana = both_chats.person("ana")
        mia = await both_chats.mia_books("24", "15:00", "Book it")

        for label in ("Move", "27", "09:00", "Move it"):
            await mia.press(label)
        await mia.wait_for("Moved. Fri 27 Nov, 09:00-10:00 Lisbon", since=0)
        await ana.wait_for("Now Fri 27 Nov, 10:00 (was Tue 24 Nov, 16:00)", since=0)
        await ana.wait_for("This moved to Fri 27 Nov, 10:00.", since=0)
        await ana.press_newest("Cancel")
        window = await ana.modal("Cancel Fri 27 Nov, 10:00-11:00, Piano lesson with Mia?")
        await ana.fill(window, "Why", "I have a cold")
        await ana.submit(window)
        told = await mia.wait_for("Cancelled: Fri 27 Nov, 09:00", since=0)
        await ana.press_newest("Undo")
        await mia.wait_for("Back on: Fri 27 Nov, 09:00 · Piano lesson with Ana.", since=0)
        await ana.wait_for("Back on: *Fri 27 Nov, 10:00-11:00 Berlin*", since=0)

        assert "I have a cold" in told.text
        assert told.labels == [["Fri 08:00", "Fri 10:00", "Fri 12:00"], ["Days"]]
        assert await both_chats.live_bookings() == [at("2026-11-27 09:00")]
