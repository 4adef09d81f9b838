"""What goes wrong between people, Telegram and us has one effect, one answer and loses nothing."""

import asyncio
from datetime import timedelta

from app.demo_cast import TOKEN
from app.wiring import Role
from bots.telegram.intake import TelegramIntake
from builders.times import at
from calendars import event_in
from persistence.database import open_database
from playground.client import SeenMessage, TelegramUser
from stage import LESSON, TUESDAY_8, Stage

TUESDAY = at("2026-11-24 08:00")


async def told(user: TelegramUser, fragment: str) -> list[SeenMessage]:
    """Return what the bot has said with these words, as it stands now."""
    return [m for m in await user.messages() if m.from_bot and fragment in m.text]


async def files_of(user: TelegramUser) -> list[SeenMessage]:
    """Return the messages that carry a document."""
    return [message for message in await user.messages() if message.document]


async def about_to_book(stage: Stage, user: TelegramUser) -> SeenMessage:
    """Bring somebody new to the card with `Book it`."""
    await stage.opens(user, LESSON)
    await user.press("24")
    return await user.press_and_wait("08:00", "Kept for you")


def payload_of(card: SeenMessage, label: str) -> str:
    """Return what a button carries."""
    button = card.button(label)
    assert button is not None
    return str(button.value)


async def one_booking_told_once(stage: Stage) -> None:
    """There is one booking, one card, one file, and the coach heard of it once."""
    mia, ana = stage.people.user("mia"), stage.people.user("ana")
    await mia.wait_for("Booked. Tue 24 Nov, 08:00", since=0)
    await mia.wait_for_document(since=0)
    await ana.wait_for("booked Piano lesson", since=0)
    await stage.calm()
    assert await stage.live_bookings() == [TUESDAY]
    assert len(await told(mia, "Booked.")) == 1
    assert len(await files_of(mia)) == 1
    assert len(await told(ana, "booked Piano lesson")) == 1


class TestRepeats:
    async def test_given_the_same_update_five_times_then_one_effect(self, stage: Stage) -> None:
        mia = stage.people.user("mia")
        await about_to_book(stage, mia)

        await mia.press("Book it")
        await stage.people.deliver_again(times=4)

        await one_booking_told_once(stage)

    async def test_given_an_update_of_long_ago_when_delivered_again_then_nothing_happens(
        self, sqlite_stage: Stage
    ) -> None:
        stage = sqlite_stage
        mia, ana = stage.people.user("mia"), stage.people.user("ana")
        await stage.books(mia, *TUESDAY_8)
        await mia.press("Cancel")
        await mia.press_and_wait("Cancel the lesson", "Cancelled:")
        cancelled = await stage.people.deliver_again()

        await mia.press_and_wait("Undo", "Back on:")
        await stage.people.deliver_again(cancelled, times=2)
        await mia.send("/my")

        await mia.wait_for("Tue 24 Nov, 08:00-09:00 · Piano lesson with Ana")
        assert await stage.live_bookings() == [TUESDAY]
        assert len(await told(ana, "Cancelled:")) == 1

    async def test_given_five_presses_at_once_then_one_booking(self, stage: Stage) -> None:
        mia = stage.people.user("mia")
        card = await about_to_book(stage, mia)
        pressed = payload_of(card, "Book it")

        await asyncio.gather(*(mia.press_data(card.id, pressed) for _ in range(5)))

        await one_booking_told_once(stage)


class TestRestart:
    async def test_given_work_in_the_inbox_when_started_again_then_it_is_done_once(
        self, dark_stage: Stage
    ) -> None:
        stage, mia = dark_stage, dark_stage.people.user("mia")
        async with stage.running():
            await stage.welcome_coaches()
            await about_to_book(stage, mia)
        await mia.press("Book it")
        # Stored and committed, then the process died: before the work, and before Telegram heard.
        async with open_database(stage.url, stage.clock, pool_size=2) as database:
            tenant = TOKEN.partition(":")[0]
            intake = TelegramIntake(database.inbox, stage.clock, tenant, lambda: None)
            assert await intake.store(await stage.people.pending()) == 1

        async with stage.running():
            await one_booking_told_once(stage)

    async def test_given_work_in_the_outbox_when_started_again_then_it_is_sent_once(
        self, dark_stage: Stage
    ) -> None:
        stage, mia = dark_stage, dark_stage.people.user("mia")
        async with stage.running():
            await stage.welcome_coaches()
            await about_to_book(stage, mia)
        async with stage.running(roles=frozenset({Role.TELEGRAM})):
            await mia.press("Book it")

            async def booked() -> bool:
                return await stage.live_bookings() == [TUESDAY] and not await stage.people.pending()

            await stage.eventually(booked)
        assert await told(mia, "Booked.") == []

        async with stage.running():
            await one_booking_told_once(stage)


class TestButtons:
    FORGED = (
        "",
        "x",
        "1.book",
        "1.book...",
        "1.book.AAAAAAAAAAAAAAAAAAAAAA.0.",
        "1.time.AAAAAAAAAAAAAAAAAAAAAA.9999999.99999999999999999999",
        "1.cancelgo.../../etc/passwd.1.",
        "2.book.AAAA.1.",
        "1.approve.0.0.",
        "'; drop table bookings; --",
        "\u0000\u202e😀",
        "1.day.x.1.9999-99-99",
    )

    async def test_given_forged_payloads_when_pressed_then_all_are_answered_and_none_acts(
        self, sqlite_stage: Stage
    ) -> None:
        stage, mia = sqlite_stage, sqlite_stage.people.user("mia")
        card = await stage.books(mia, *TUESDAY_8)
        await mia.wait_for_document()
        before = len(await stage.people.calls("answerCallbackQuery"))

        for data in self.FORGED:
            await mia.press_data(card.id, data)
        await mia.send("/my")
        await mia.wait_for("Your bookings")

        async def all_answered() -> bool:
            answered = await stage.people.calls("answerCallbackQuery")
            return len(answered) - before == len(self.FORGED)

        await stage.eventually(all_answered)
        assert await told(mia, "That did not work") == []
        assert await stage.live_bookings() == [TUESDAY]

    async def test_given_somebody_elses_button_then_it_is_refused_by_name(
        self, sqlite_stage: Stage
    ) -> None:
        stage = sqlite_stage
        mia, leo = stage.people.user("mia"), stage.people.user("leo")
        card = await about_to_book(stage, mia)
        await stage.opens(leo, "Trial lesson")
        stolen = payload_of(card, "Book it")

        await leo.press_data((await leo.newest()).id, stolen)

        refused = [await leo.wait_for_toast()]
        await mia.press_and_wait("Book it", "Booked.")
        cancel = payload_of(await mia.message_with("Cancel"), "Cancel")
        await leo.press_data((await leo.newest()).id, cancel)
        refused.append(await leo.wait_for_toast())
        assert [toast.text for toast in refused] == ["This one is Mia's. Yours: /my"] * 2
        assert await stage.live_bookings() == [TUESDAY]

    async def test_given_old_buttons_then_they_tell_what_became_of_it_and_do_nothing(
        self, sqlite_stage: Stage
    ) -> None:
        stage, mia = sqlite_stage, sqlite_stage.people.user("mia")
        card = await stage.books(mia, *TUESDAY_8)
        old = {label: payload_of(card, label) for label in ("Move", "Cancel", "Undo")}
        for label in ("Move", "26", "14:00"):
            await mia.press(label)
        await mia.press_and_wait("Move it", "Moved. Thu 26 Nov, 14:00")

        answers = []
        for data in old.values():
            await mia.press_data(card.id, data)
            answers.append((await mia.wait_for_toast()).text)

        moved = "This moved to Thu 26 Nov, 14:00."
        assert answers == [moved, moved, "The time to undo is over."]
        assert await stage.live_bookings() == [at("2026-11-26 14:00")]
        assert "Thu 26 Nov, 14:00-15:00 Lisbon" in (await mia.message_with("Move")).text


class TestPlans:
    async def test_given_a_moved_and_a_cancelled_booking_then_their_reminders_never_go_out(
        self, stage: Stage
    ) -> None:
        mia, leo, ana = (stage.people.user(key) for key in ("mia", "leo", "ana"))
        await stage.books(mia, "26", "08:00", "Book it")
        for label in ("Move", "27"):
            await mia.press(label)
        await mia.press_and_wait("14:00", "From Thu 26 Nov, 08:00")
        await mia.press_and_wait("Move it", "Moved.")
        await stage.books(leo, "26", "12:00", "Book it")
        await leo.press("Cancel")
        await leo.press_and_wait("Cancel the lesson", "Cancelled:")
        await stage.calm()
        before = len(await told(ana, ""))

        for moment in ("11-25 08:00", "11-26 07:00", "11-26 07:58", "11-26 11:58"):
            await stage.until(at(f"2026-{moment}"))
            await stage.two_ticks()

        assert await told(mia, "Coming?") == []
        assert await told(mia, "In ") == []
        assert len(await told(leo, "")) == 2  # the card and its file
        assert len(await told(ana, "")) == before
        await stage.until(at("2026-11-26 14:00"))
        await mia.wait_for("Tomorrow, Fri 27 Nov, 14:00-15:00")

    async def test_given_two_who_tap_the_same_time_then_one_has_it_and_the_other_three_more(
        self, stage: Stage
    ) -> None:
        mia, leo = stage.people.user("mia"), stage.people.user("leo")
        for student in (mia, leo):
            await stage.opens(student, LESSON)
            await student.press_and_wait("24", "Which time?")

        await asyncio.gather(mia.press("12:00"), leo.press("12:00"))

        answers = [
            await student.wait_for_message(lambda m: "Which time?" not in m.text)
            for student in (mia, leo)
        ]
        lost, kept = sorted(answers, key=lambda answer: "Kept for you" in answer.text)
        assert "Kept for you" in kept.text
        assert lost.text == "Tue 24 Nov, 12:00 has just gone. Near it, free now:"
        assert lost.labels[0] == ["Tue 13:00", "Tue 10:00", "Tue 14:00"]
        loser = mia if lost is answers[0] else leo
        await loser.press_and_wait("Tue 13:00", "Kept for you")
        await loser.press_and_wait("Book it", "Booked. Tue 24 Nov, 13:00")

    async def test_given_a_time_booked_meanwhile_when_retaken_then_it_is_told_with_others(
        self, sqlite_stage: Stage
    ) -> None:
        stage = sqlite_stage
        mia, leo = stage.people.user("mia"), stage.people.user("leo")
        await about_to_book(stage, mia)
        await stage.later(timedelta(minutes=5, seconds=1))
        await mia.wait_for("I let 08:00 go. It is still free.")
        await stage.books(leo, *TUESDAY_8)

        await mia.press("Take 08:00 again")

        lost = await mia.wait_for("has just gone")
        assert lost.labels[0] == ["Tue 09:00", "Tue 10:00", "Tue 12:00"]
        assert await stage.live_bookings() == [TUESDAY]


class TestTelegramInTrouble:
    async def test_given_429_500_and_html_then_everything_arrives_in_the_end(
        self, sqlite_stage: Stage
    ) -> None:
        stage, mia = sqlite_stage, sqlite_stage.people.user("mia")
        await about_to_book(stage, mia)
        await stage.people.fault("429", method="editMessageText", retry_after=1)
        await stage.people.fault("html", method="sendDocument")
        await stage.people.fault("500", method="sendMessage", chat_id=7001)

        await mia.press("Book it")

        await one_booking_told_once(stage)

    async def test_given_silence_and_cut_connections_then_nothing_is_lost(
        self, sqlite_stage: Stage
    ) -> None:
        stage = sqlite_stage
        mia, ana = stage.people.user("mia"), stage.people.user("ana")
        await about_to_book(stage, mia)
        await stage.people.fault("reset", method="getUpdates")
        await stage.people.fault("truncated", method="getUpdates")
        await stage.people.fault("drop_after_accept", method="editMessageText")
        await stage.people.fault("stall", method="sendMessage", chat_id=7001, seconds=0.5)

        await mia.press("Book it")

        await mia.wait_for("Booked. Tue 24 Nov, 08:00")
        await mia.wait_for_document()
        await ana.wait_for("booked Piano lesson")
        await stage.calm()
        assert await stage.live_bookings() == [TUESDAY]
        assert len(await told(mia, "Booked.")) == 1
        # What may have arrived is repeated once: better twice than never.
        assert len(await told(ana, "booked Piano lesson")) <= 2

    async def test_given_a_student_who_blocked_the_bot_then_the_coach_is_told_and_once(
        self, sqlite_stage: Stage
    ) -> None:
        stage = sqlite_stage
        mia, ana = stage.people.user("mia"), stage.people.user("ana")
        await stage.books(mia, *TUESDAY_8)
        await mia.wait_for_document()
        await mia.block()

        await stage.until(at("2026-11-24 07:00"))
        await ana.wait_for("I could not reach Mia")
        await stage.until(at("2026-11-24 07:58"))
        await stage.two_ticks()

        assert len(await told(ana, "I could not reach Mia")) == 1
        await mia.unblock()
        await mia.start()
        await mia.wait_for("Hi Mia!")


class TestWords:
    NAME = "<b>Zoë</b> & “Söhne” 😀👩‍👩‍👧 שלום\u202e"

    async def test_given_markup_emoji_and_right_to_left_then_they_are_shown_as_typed(
        self, sqlite_stage: Stage
    ) -> None:
        stage, ana = sqlite_stage, sqlite_stage.people.user("ana")
        zoe = await stage.newcomer("zoe", self.NAME, last_name="x" * 64, language_code="pt")
        await stage.opens(zoe, "Trial lesson")
        await zoe.press("26")
        await zoe.press_and_wait("09:30", "What would you like to work on?")

        await zoe.send("a <script>\u0000&amp; \u202eevil\u202c 😀")
        await zoe.press_and_wait("Ask for it", "Asked.")

        asked = await ana.wait_for("asks for Trial lesson.")
        assert "<b>Zoë</b> & “Söhne” 😀👩‍👩‍👧 שלום" in asked.text
        assert '"a <script> &amp; evil 😀"' in asked.text
        assert "\u202e" not in asked.text
        await ana.press_and_wait("Approve", "Approved.")
        file = await zoe.wait_for_document()
        assert (await event_in(zoe, file)).status == "CONFIRMED"

    async def test_given_words_that_are_too_long_then_the_limit_is_told_and_the_time_kept(
        self, sqlite_stage: Stage
    ) -> None:
        stage, mia = sqlite_stage, sqlite_stage.people.user("mia")
        await stage.opens(mia, "Trial lesson")
        await mia.press("26")
        await mia.press_and_wait("09:30", "What would you like to work on?")

        await mia.send("é" * 4096)
        refused = await mia.wait_for("at most 500 letters")
        await mia.send("é" * 500)

        assert "Please shorten it." in refused.text
        await mia.wait_for("é" * 500)
        await mia.press_and_wait("Ask for it", "Asked.")

    ODD = ("😀", "<", "&", "/", "//", "/book@other_bot", "a" * 4096)

    async def test_given_any_text_then_the_next_one_is_answered(self, sqlite_stage: Stage) -> None:
        mia = sqlite_stage.people.user("mia")
        await mia.start()
        await mia.wait_for("Hi Mia!")

        for text in self.ODD:
            await mia.send(text)
        await mia.send("/help")

        await mia.wait_for("This is what I can do:")
        assert await told(mia, "That did not work") == []

    MISSHAPEN: tuple[dict[str, object], ...] = (
        {},
        {"message": None},
        {"message": {"text": "hi"}},
        {"message": {"message_id": 1, "date": 0, "chat": {"id": 7003, "type": "private"}}},
        {"callback_query": {"id": "1", "data": "1.book.x.1."}},
        {"callback_query": {"id": "1", "from": {"id": "7003"}, "data": 5}},
        {"something_new": {"from": {"id": 7003}}},
    )

    async def test_given_misshapen_updates_then_the_next_one_is_answered(
        self, sqlite_stage: Stage
    ) -> None:
        stage, mia = sqlite_stage, sqlite_stage.people.user("mia")

        for update in self.MISSHAPEN:
            await stage.people.deliver_raw(update)
        await mia.send("/help")

        await mia.wait_for("This is what I can do:")
        assert await told(mia, "That did not work") == []
