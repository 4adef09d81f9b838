"""The booking window against odd wishes, odd calendars and made-up payloads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bots.slack.modals.book_view import DAY, PART, QUESTION, TIME, WHAT, WHO
from bots.slack.modals.surfaces import register_surfaces
from bots.slack.surface import Clear, Errors, Update
from builders.times import at
from doubles import FakeClock
from persistence.database import open_database
from scheduling.messages import Action
from scheduling.model import BookingStatus, Listing, Question
from scheduling.people import Platform, Recipient
from scheduling.policy import Policy, StudentsPolicy
from slack_window import TEAM
from windows import SlackOffice


class TestChoosing:
    async def test_given_anybody_when_chosen_then_each_time_carries_its_coach(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review")
        await office.offers(bo, "Short", minutes=30)
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")
        assert await cem.search(WHO, "") == ["Anybody, soonest", "Ana Ruiz", "Bo Lind"]
        assert await cem.search(WHO, "rui") == ["Ana Ruiz"]

        await cem.find(WHO, "Anybody, soonest")
        await cem.choose(WHAT, "60 min")
        await cem.choose(DAY, "Tue 24 Nov")
        await cem.choose(TIME, "11:00-12:00 Berlin, Bo")

        assert await cem.send() == Clear()
        rows = await office.rows("SELECT title FROM bookings WHERE status = 'confirmed'")
        assert rows == [{"title": "Review"}]

    async def test_given_another_coach_when_chosen_then_the_kept_time_is_free_at_once(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review")
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")
        await cem.find(WHO, "Ana Ruiz")
        await cem.choose(TIME, "11:00")

        await cem.find(WHO, "Bo Lind")

        assert cem.window.chosen(WHAT) == "Review, 60 min"
        held = await office.rows("SELECT * FROM bookings WHERE status = 'held'")
        assert held == []

    async def test_given_a_day_of_many_times_when_opened_then_they_come_in_parts(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review", line="mon-sun 0-24", step=timedelta(minutes=5))
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")
        await cem.choose(DAY, "Tue 24 Nov")

        assert len(cem.window.options(TIME)) == 100
        parts = list(cem.window.options(PART))
        assert parts[0].startswith("00:00-")
        await cem.choose(PART, parts[2])
        assert all(label >= "16" for label in cem.window.options(TIME))
        await cem.choose(TIME, "20:00")
        assert await cem.send() == Clear()

    async def test_given_more_days_than_one_list_holds_when_paging_then_all_are_there(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review", line="mon-sun 9-12", horizon=timedelta(days=300))
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")
        assert len(cem.window.options(DAY)) == 100

        await cem.choose(DAY, "Later days")
        assert "Earlier days" in cem.window.options(DAY)
        await cem.choose(TIME, "09:00")
        assert await cem.send() == Clear()

    async def test_given_questions_when_sent_then_answers_go_along_and_faults_stand_there(
        self, office: SlackOffice
    ) -> None:
        asks = (
            Question("wish", "What shall we look at?", required=True),
            Question("more", "More?"),
        )
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review", questions=asks, approval=True)
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")
        assert cem.window.view["submit"]["text"] == "Ask for it"
        await cem.choose(TIME, "11:00")
        assert "Bo answers requests by hand." in cem.window.text
        await cem.writes(f"{QUESTION}wish", " ​ ")

        assert isinstance(await cem.send(), Errors)
        await cem.writes(f"{QUESTION}wish", "The plan <!here>")
        assert await cem.send() == Clear()

        (details,) = await office.database.queries.bookings_of(
            cem.person.organization_id, cem.person.id, now=office.clock.now()
        )
        assert details.booking.status is BookingStatus.PENDING
        assert details.booking.seats[0].answers == (("wish", "The plan <!here>"),)

    async def test_given_a_channel_when_booking_from_there_then_it_is_answered_there_privately(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")
        cem.group = Recipient(Platform.SLACK, TEAM, "CDESIGN")
        await cem.types("book")
        await cem.choose(TIME, "11:00")
        await cem.send()

        rows = await office.rows(
            "SELECT card_chat_id FROM outbox WHERE kind = 'booked' AND card_chat_id IS NOT NULL"
        )
        assert rows == [{"card_chat_id": "CDESIGN/UCEM"}]


class TestRefused:
    async def test_given_a_type_that_is_off_when_pressed_then_what_else_there_is_is_shown(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        review = await office.offers(bo, "Review", listing=Listing.OFF)
        await office.offers(bo, "Talk")
        cem = await office.in_slack("Cem Kaya")

        await cem.press(Action("x", "pick", review.id))

        assert "This is not offered any more." in cem.window.text
        assert cem.window.chosen(WHAT) == "Talk, 60 min"

    async def test_given_a_made_up_type_when_pressed_then_the_window_says_so(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")

        await cem.press(Action("x", "pick", "nothinghere1"))

        assert "I cannot find that any more." in cem.window.text

    async def test_given_the_window_of_somebody_else_when_sent_then_nothing_happens(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")
        dia = await office.in_slack("Dia Roy")
        await cem.types("book")
        await cem.choose(TIME, "11:00")
        await dia.types("book")
        dia.quietly(TIME, "13:00")
        window = dia.window
        window.view = {**window.view, "private_metadata": cem.window.view["private_metadata"]}

        answer = await dia.send()

        assert isinstance(answer, Update)
        assert "Please close it and open it again." in dia.window.text
        assert await office.rows("SELECT id FROM bookings WHERE status = 'confirmed'") == []

    @pytest.mark.parametrize(
        "value", ["", "x", "99999999999.0", "1795512000.7", "-1.0", "1795512000.0"]
    )
    async def test_given_a_made_up_time_when_sent_then_it_is_refused_in_the_window(
        self, office: SlackOffice, value: str
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")
        block, _ = cem.window.field(TIME)
        option = {"text": {"type": "plain_text", "text": "x"}, "value": value}
        cem.window.filled[block["block_id"], TIME] = {"selected_option": option}

        assert isinstance(await cem.send(), Update)
        assert await office.rows("SELECT id FROM bookings") == []

    async def test_given_no_trigger_when_pressed_then_nothing_is_begun(
        self, office: SlackOffice
    ) -> None:
        _, lesson = await office.ana()
        cem = await office.in_slack("Cem Kaya")

        for verb in ("pick", "newbook", "note", "hours", "off", "type"):
            await cem.press(Action("x", verb, lesson.id if verb == "pick" else ""), trigger=False)

        assert cem.windows == {}
        assert await office.rows("SELECT id FROM drafts") == []

    async def test_given_a_bot_for_people_with_links_when_opened_then_it_says_so(
        self, sqlite_url: str
    ) -> None:
        clock = FakeClock(at("2026-11-23 10:02", "Europe/Berlin"))
        policy = replace(Policy(), students=StudentsPolicy.LINK)
        async with open_database(sqlite_url, clock) as database:
            office = SlackOffice(database, clock, policy=policy)
            office.slack(register_surfaces)
            await office.ana()
            cem = await office.in_slack("Cem Kaya")

            await cem.types("book")
            assert "Booking here takes a link from a coach." in cem.window.text
            await cem.opens_home()
            assert "Ana" not in cem.home_text
