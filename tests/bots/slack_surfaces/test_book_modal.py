"""The window "Book time": four choices, and the time is kept from the third on."""

from datetime import timedelta

from bots.slack.modals.book_view import DAY, TIME, WHAT, WHO
from bots.slack.surface import Clear, Update
from builders.times import at
from scheduling.messages import Action
from scheduling.model import BookingStatus
from scheduling.moments import seconds
from windows import SlackOffice


class TestBooking:
    async def test_given_one_coach_when_opened_then_who_what_and_day_are_chosen(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")

        await cem.types("book")

        assert cem.window.chosen(WHO) == "Ana Ruiz"
        assert cem.window.chosen(WHAT) == "Piano lesson, 60 min"
        assert cem.window.chosen(DAY) == "Tue 24 Nov"
        assert "09:00-10:00 Berlin" in cem.window.options(TIME)
        assert cem.window.chosen(TIME) == ""

    async def test_given_a_time_when_chosen_and_sent_then_it_is_booked_once(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")

        await cem.choose(TIME, "11:00")
        assert "Kept for you until 10:07." in cem.window.text
        answer = await cem.send(times=3)

        assert answer == Clear()
        (details,) = await office.database.queries.bookings_of(
            cem.person.organization_id, cem.person.id, now=office.clock.now()
        )
        assert details.booking.status is BookingStatus.CONFIRMED
        assert details.booking.time.start.hour == 10  # 11:00 in Berlin

    async def test_given_no_word_of_the_choice_when_sent_then_it_is_booked_all_the_same(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")

        cem.quietly(TIME, "11:00")

        assert await cem.send() == Clear()

    async def test_given_a_time_gone_meanwhile_when_sent_then_the_list_is_new_and_the_rest_stays(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")
        dia = await office.in_slack("Dia Roy")
        await cem.types("book")
        cem.quietly(TIME, "11:00")
        await dia.types("book")
        await dia.choose(TIME, "11:00")
        await dia.send()

        answer = await cem.send()

        assert isinstance(answer, Update)
        assert "11:00 has just gone. Free near it: 09:00, 10:00, 13:00." in cem.window.text
        assert cem.window.chosen(DAY) == "Tue 24 Nov"
        assert cem.window.chosen(TIME) == ""
        assert "11:00-12:00 Berlin" not in cem.window.options(TIME)
        await cem.choose(TIME, "13:00")
        assert "has just gone" not in cem.window.text
        assert await cem.send() == Clear()

    async def test_given_a_kept_time_when_closed_half_way_then_it_is_free_again(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")
        dia = await office.in_slack("Dia Roy")
        await cem.types("book")
        await cem.choose(TIME, "11:00")
        await dia.types("book")
        assert "11:00-12:00 Berlin" not in dia.window.options(TIME)

        await cem.close()
        assert cem.user_id not in {card.chat.chat_id for card in office.cards.kept}
        await office.redrawn(dia)

        assert "11:00-12:00 Berlin" in dia.window.options(TIME)

    async def test_given_a_hold_that_ended_when_sent_then_it_is_booked_if_still_free(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")
        await cem.choose(TIME, "11:00")
        office.clock.advance(timedelta(minutes=6))
        await office.redrawn(cem)
        assert "I let 11:00 go." in cem.window.text
        assert cem.window.chosen(TIME).startswith("11:00")

        assert await cem.send() == Clear()

    async def test_given_a_button_with_a_time_when_pressed_then_it_is_kept_at_once(
        self, office: SlackOffice
    ) -> None:
        _, lesson = await office.ana()
        cem = await office.in_slack("Cem Kaya")
        start = seconds(at("2026-11-24 10:00", "Europe/Berlin"))

        await cem.press(Action("10:00", "pick", lesson.id, argument=str(start)))

        assert cem.window.chosen(DAY) == "Tue 24 Nov"
        assert cem.window.chosen(TIME) == "10:00-11:00 Berlin"
        assert "Kept for you until 10:07." in cem.window.text
        assert await cem.send() == Clear()
