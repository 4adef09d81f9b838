"""What comes between booking and the lesson: reminders, answers to them, notes."""

from builders.times import at
from town import Town


class TestReminders:
    async def test_given_a_day_before_then_coming_is_one_tap(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)
        town.clock.set(at("2026-11-23 15:00"))
        await town.deliver(mia)
        reminder, buttons = mia.text, mia.labels

        await mia.tap("I'll be there")
        await town.deliver(mia, ana)

        assert reminder == ("Tomorrow, Tue 24 Nov, 15:00-16:00 · Piano lesson with Ana. Coming?")
        assert buttons == [["I'll be there", "Move", "Cancel"], ["Fewer reminders?"]]
        assert mia.text == "Tomorrow, Tue 24 Nov, 15:00. Ana knows you are coming."
        assert mia.labels == [["Move", "Cancel"]]

    async def test_given_an_hour_before_then_the_buttons_follow(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        town.clock.set(at("2026-11-24 14:00"))

        await town.deliver(mia)

        assert mia.text == "In 1 hour, 15:00 · Piano lesson with Ana · video"
        assert mia.labels == [["Join", "Running late", "Can't come"]]

    async def test_given_ten_minutes_before_then_late_is_one_tap_and_reaches_ana(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        town.clock.set(at("2026-11-24 14:50"))
        await town.deliver(mia, ana)
        reminder, buttons, hosts = mia.text, mia.labels, ana.text

        await mia.tap("10 min late")
        await town.deliver(mia, ana)

        assert reminder == "In 10 minutes, 15:00 · Piano lesson with Ana"
        assert buttons == [["Join", "5 min late", "10 min late", "15 min late"]]
        assert hosts == "In 10 minutes, 16:00 · Piano lesson with Mia"
        assert mia.toast == "Ana knows: about 15:10."
        assert mia.text == "15:00, you come at about 15:10. Ana knows."
        assert mia.labels == [["Join", "15 min late", "I made it on time"]]
        assert ana.text == "About 16:10 instead of 16:00 · Mia is 10 min late."
        assert ana.labels == [["I'll wait", "Message Mia"]]

    async def test_given_late_when_on_time_after_all_then_ana_knows(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        town.clock.set(at("2026-11-24 14:50"))
        await town.deliver(mia, ana)
        await mia.tap("10 min late")
        await town.deliver(mia, ana)

        await mia.tap("I made it on time")
        await town.deliver(mia, ana)

        assert mia.text == "15:00. Ana knows you are on time."
        assert ana.text == "Mia is on time after all: 16:00."

    async def test_given_the_same_lateness_twice_then_ana_hears_it_once(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        town.clock.set(at("2026-11-24 14:50"))
        await town.deliver(mia, ana)
        late, message_id = mia.button("5 min late")
        heard = len(ana.screen.messages)

        await mia.press(late, message_id)
        await mia.press(late, message_id)
        await town.deliver(mia, ana)

        assert len(ana.screen.messages) == heard + 1

    async def test_given_a_break_in_service_then_the_words_say_what_is_left(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        town.clock.set(at("2026-11-24 14:56"))

        await town.deliver(mia)

        assert mia.text == "In 4 minutes, 15:00 · Piano lesson with Ana"

    async def test_given_running_late_an_hour_before_then_how_late_is_asked(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        town.clock.set(at("2026-11-24 14:00"))
        await town.deliver(mia)

        await mia.tap("Running late")

        assert mia.text == "15:00 · Piano lesson with Ana. How late?"
        assert mia.labels == [["5 min late", "10 min late", "15 min late", "Back"]]


class TestNotes:
    async def test_given_a_note_then_it_is_relayed_and_can_be_answered(self, town: Town) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)

        await mia.tap("Message Ana")
        asked = mia.text
        await mia.type("May I bring <b>my</b> own stool?")
        await town.deliver(mia, ana)
        note = ana.text
        await ana.tap("Reply")
        await ana.type("Sure!")
        await town.deliver(mia, ana)

        assert asked == "What should I tell Ana? Just type it."
        assert note == "Mia Costa about Tue 24 Nov, 16:00:\nMay I bring <b>my</b> own stool?"
        assert mia.text == "Ana Ruiz about Tue 24 Nov, 15:00:\nSure!"

    async def test_given_a_note_that_is_too_long_then_it_is_asked_again(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson)
        await mia.tap("Message Ana")

        await mia.type("x" * 501)
        refused = mia.text
        await mia.type("Short")
        await town.deliver(mia)

        assert refused.startswith("That is too long: at most 500 letters.")
        assert mia.text == "Sent to Ana.\nShort"
