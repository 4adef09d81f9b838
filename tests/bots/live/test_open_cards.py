"""What stands open in one chat follows what happens in another."""

from datetime import timedelta

from builders.times import at
from gallery import Gallery
from phones import Phone
from scheduling.model import EventType
from scheduling.people import Platform
from town import Town


async def looks_at_tuesday(town: Town, name: str, lesson: EventType) -> Phone:
    phone = await town.phone(name, zone="Europe/Lisbon")
    await phone.type(f"/start {lesson.code}")
    await phone.tap("24")
    return phone


class TestPickers:
    async def test_given_two_open_days_when_a_third_books_a_time_then_it_disappears(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await looks_at_tuesday(town, "Mia Costa", lesson)
        leo = await looks_at_tuesday(town, "Leo Brandt", lesson)
        eva = await town.phone("Eva Lund", zone="Europe/Lisbon")
        gallery = await Gallery.of(town, mia, leo, eva)
        before = [label for row in mia.labels for label in row]

        await town.books(eva, lesson, at("2026-11-24 15:00"))
        refreshed = await gallery.settle()

        assert "15:00" in before
        assert len(refreshed) == 2
        for phone in (mia, leo):
            after = [label for row in phone.labels for label in row]
            assert "15:00" not in after
            assert "14:00" in after

    async def test_given_an_open_month_when_a_day_fills_up_then_it_is_live_no_more(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana(cap_per_day=1)
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        eva = await town.phone("Eva Lund")
        gallery = await Gallery.of(town, mia)

        await town.books(eva, lesson, at("2026-11-24 15:00"))
        await gallery.settle()

        assert "24" not in [label for row in mia.labels for label in row]
        assert mia.labels[0] == ["First free: Thu 26 Nov, 08:00"]

    async def test_given_a_time_kept_by_somebody_when_let_go_then_it_is_there_again(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await looks_at_tuesday(town, "Mia Costa", lesson)
        leo = await looks_at_tuesday(town, "Leo Brandt", lesson)
        gallery = Gallery(town)
        gallery.hang(mia, leo)

        await leo.tap("15:00")
        await gallery.settle()
        held = [label for row in mia.labels for label in row]
        await leo.tap("Back")
        await gallery.settle()

        assert "15:00" not in held
        assert "15:00" in [label for row in mia.labels for label in row]

    async def test_given_a_confirm_card_when_others_book_then_it_stays(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await looks_at_tuesday(town, "Mia Costa", lesson)
        await mia.tap("15:00")
        card = mia.text
        eva = await town.phone("Eva Lund")
        gallery = Gallery(town)
        gallery.hang(mia)

        await town.books(eva, lesson, at("2026-11-24 14:00"))

        assert await gallery.settle() == []
        assert mia.text == card

    async def test_given_a_lost_time_with_others_near_when_one_of_these_goes_then_they_follow(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await looks_at_tuesday(town, "Mia Costa", lesson)
        eva = await town.phone("Eva Lund")
        await town.books(eva, lesson, at("2026-11-24 15:00"))
        await mia.tap("15:00")
        near = mia.labels[0]
        gallery = Gallery(town)
        gallery.hang(mia)

        await town.books(eva, lesson, at("2026-11-24 14:00"))
        await gallery.settle()

        assert "Tue 14:00" in near
        assert mia.text == "Tue 24 Nov, 15:00 is taken. Near it, free now:"
        assert "Tue 14:00" not in mia.labels[0]

    async def test_given_a_move_to_confirm_when_the_new_time_goes_then_others_are_offered(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)
        await mia.tap("Move")
        await mia.tap("26")
        await mia.tap("15:00")
        eva = await town.phone("Eva Lund")
        gallery = await Gallery.of(town, mia, ana)

        await town.books(eva, lesson, at("2026-11-26 15:00"))
        await gallery.settle()

        assert mia.text.startswith("Thu 26 Nov, 15:00 is taken.")

    async def test_given_nothing_that_shows_changed_then_nothing_is_edited(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await looks_at_tuesday(town, "Mia Costa", lesson)
        eva = await town.phone("Eva Lund")
        gallery = await Gallery.of(town, mia)

        await town.books(eva, lesson, at("2026-11-27 15:00"))

        assert await gallery.settle() == []


class TestBookings:
    async def test_given_both_cards_when_the_coach_cancels_then_the_students_points_at_it(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        details = await town.book_lesson(mia, lesson, ana)
        booked = mia.message_id
        gallery = await Gallery.of(town, mia, ana)

        await town.cancels(ana, details)
        await town.deliver(mia, ana)
        await gallery.settle()

        old = mia.screen.messages[booked]
        assert old.text == "This was cancelled: Tue 24 Nov, 15:00."
        assert [button.label for row in old.rows for button in row] == ["Open the booking"]
        assert mia.text.startswith("Cancelled: Tue 24 Nov, 15:00 · Ana, Piano lesson.")

    async def test_given_undo_when_its_minute_is_over_then_the_button_goes(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)
        gallery = await Gallery.of(town, mia, ana)
        before = mia.labels[-1]

        town.clock.advance(timedelta(seconds=61))
        await gallery.settle()

        assert (before, mia.labels[-1]) == (["Move", "Cancel", "Undo"], ["Move", "Cancel"])

    async def test_given_the_cut_off_when_it_passes_then_what_asks_the_host_is_offered(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await town.book_lesson(mia, lesson, ana)
        gallery = await Gallery.of(town, mia, ana)

        town.clock.set(at("2026-11-24 11:00") + timedelta(seconds=2))
        await gallery.settle()

        assert mia.labels[-1] == ["Ask to move", "Can't come"]
        assert "Moving and cancelling go through Ana now." in mia.text

    async def test_given_a_request_when_decided_then_both_old_cards_lose_their_buttons(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana(approval=True)
        mia = await town.mia()
        await mia.type(f"/start {lesson.code}")
        await mia.tap("24")
        await mia.tap("15:00")
        await mia.tap("Ask for it")
        await town.deliver(mia, ana)
        asked, request = mia.message_id, ana.message_id
        gallery = await Gallery.of(town, mia, ana)

        await ana.tap("Approve")
        await town.deliver(mia, ana)
        await gallery.settle()

        assert mia.screen.messages[asked].text == "This is booked: Tue 24 Nov, 15:00."
        assert ana.screen.messages[request].text == "Approved. Tue 24 Nov, 16:00 · Mia knows."

    async def test_given_my_list_when_a_booking_moves_then_the_list_follows(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        details = await town.book_lesson(mia, lesson, ana)
        await mia.type("/my")
        listed = mia.message_id
        gallery = await Gallery.of(town, mia)

        await town.moves(ana, details, at("2026-11-26 15:00"))
        await gallery.settle()

        assert "Thu 26 Nov, 15:00-16:00" in mia.screen.messages[listed].text

    async def test_given_the_agenda_when_somebody_books_then_the_day_follows(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana()
        mia = await town.mia()
        await ana.type("/agenda tomorrow")
        gallery = await Gallery.of(town, ana)

        await town.books(mia, lesson, at("2026-11-24 15:00"))
        await gallery.settle()

        assert "Mia" in ana.text


class TestRequests:
    async def test_given_a_request_shown_again_when_it_is_taken_back_then_the_card_says_so(
        self, town: Town
    ) -> None:
        ana, lesson = await town.ana(approval=True)
        mia = await town.mia()
        details = await town.books(mia, lesson, at("2026-11-24 15:00"))
        await town.deliver(mia, ana)
        await ana.tap("Decline")
        await ana.tap("Back")
        request = ana.message_id
        gallery = await Gallery.of(town, ana, mia)

        await town.cancels(mia, details)
        await gallery.settle()

        assert ana.screen.messages[request].text == "This was cancelled: Tue 24 Nov, 16:00."


class TestCodes:
    async def test_given_a_code_on_a_card_when_used_in_the_other_chat_then_the_card_says_so(
        self, town: Town
    ) -> None:
        telegram = await town.phone("Ana Ruiz", username="ana")
        slack = await town.phone("Ana Ruiz", platform=Platform.SLACK)
        await telegram.type("/connect")
        code = telegram.text.rpartition(" ")[2]
        gallery = await Gallery.of(town, telegram)

        await slack.type(f"/connect {code}")
        await gallery.settle()

        assert telegram.text.startswith("Connected: Slack (Ana Ruiz) and Telegram (@ana).")

    async def test_given_a_code_when_its_time_is_over_then_the_card_says_so(
        self, town: Town
    ) -> None:
        telegram = await town.phone("Ana Ruiz", username="ana")
        await telegram.type("/connect")
        gallery = Gallery(town)
        gallery.hang(telegram)

        town.clock.advance(timedelta(minutes=10))
        await gallery.settle()

        assert telegram.labels == [["New code"]]
