"""Sessions with seats: opened, joined, left, counted (R7, S5)."""

from datetime import timedelta
from typing import Any

import pytest

from builders.people import a_recipient
from builders.times import at
from crew import Crew, moment
from scheduling.errors import (
    AlreadyIn,
    InputRefused,
    InThePast,
    NotAllowed,
    OwnTime,
    SessionChanged,
    SlotTaken,
    TooManyBookings,
    UndoGone,
)
from scheduling.model import BookingStatus
from scheduling.people import Card
from scheduling.policy import Policy
from scheduling.sessions.model import SessionStatus


class TestOpening:
    async def test_given_a_time_when_opened_then_the_card_is_owed_and_the_organizer_busy(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        session = await crew.opens("16:00", seats=4, minimum=2)
        assert session.status is SessionStatus.ON
        assert session.decide_by == at("2030-01-08 16:00")
        assert session.members == ()
        assert await crew.read(session) == session
        assert await crew.world.told() == [
            ("Bo Lind", "session_posted"),
            ("Bo Lind", "session_reminder"),
        ]
        assert await crew.world.told("reminder") == [("Bo Lind", "reminder")]
        with pytest.raises(SlotTaken) as refused:
            await crew.opens("16:30")
        assert len(refused.value.alternatives) == 3
        assert moment("15:00") in refused.value.alternatives

    async def test_given_people_named_when_opened_then_they_have_seats_and_know(
        self, crew: Crew
    ) -> None:
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.opens(seats=3, members=(ana.id, cem.id, crew.bo.id))
        assert await crew.seats(session) == {"Ana": "accepted", "Cem": "accepted"}
        assert await crew.world.told("booked") == [("Ana", "booked"), ("Cem", "booked")]

    async def test_given_a_coach_booked_meanwhile_when_opened_with_them_then_it_is_refused(
        self, both_crew: Crew
    ) -> None:
        crew, coach = both_crew, both_crew.world.host
        lesson = await crew.world.offers()
        mia, ana = await crew.people("Mia", "Ana")
        await crew.world.books(mia, lesson, moment("16:00"))
        with pytest.raises(SlotTaken):
            await crew.opens("16:30", seats=3, members=(coach.id, ana.id))
        await crew.opens("16:30", members=(mia.id,))

    async def test_given_what_cannot_be_when_opened_then_it_is_refused(self, crew: Crew) -> None:
        wrong: list[dict[str, Any]]
        wrong = [{"seats": 1}, {"seats": 201}, {"minimum": 3}, {"minimum": 0}]
        for facts in wrong:
            with pytest.raises(InputRefused):
                await crew.opens(**facts)
        with pytest.raises(InThePast):
            await crew.opens("2030-01-07 09:00")

    async def test_given_the_same_request_when_opened_again_then_there_is_one(
        self, crew: Crew
    ) -> None:
        first = await crew.opens(request_id="r")
        assert await crew.opens(request_id="r") == first

    async def test_given_a_slip_when_undone_then_the_time_is_free_unless_somebody_joined(
        self, crew: Crew
    ) -> None:
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.opens(members=(ana.id,))
        await crew.undoes(crew.bo, session)
        assert (await crew.read(session)).status is SessionStatus.CALLED_OFF
        assert (await crew.booking(session)).reason == "undone"
        joined = await crew.opens()
        await crew.joins(cem, joined)
        with pytest.raises(UndoGone):
            await crew.undoes(crew.bo, joined)


class TestJoining:
    async def test_given_a_seat_when_joined_then_the_answer_edits_the_joiners_card(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        (dia,) = await crew.people("Dia")
        session = await crew.opens()
        await crew.world.forgets_news()
        card = Card(a_recipient("D1"), "7")
        await crew.joins(dia, session, card=card)
        assert await crew.seats(session) == {"Dia": "accepted"}
        (booked,) = await crew.world.planned("booked")
        assert (booked.person, booked.card, booked.urgency) == ("Dia", "7", 0)
        assert booked.payload["undo_until"]
        assert len(await crew.world.told("reminder")) == 3

    async def test_given_the_same_press_when_delivered_again_then_there_is_one_seat(
        self, crew: Crew
    ) -> None:
        (dia,) = await crew.people("Dia")
        session = await crew.opens()
        first = await crew.joins(dia, session, request_id="r")
        assert await crew.joins(dia, session, request_id="r") == first
        with pytest.raises(AlreadyIn):
            await crew.joins(dia, session)

    async def test_given_the_organizer_when_joining_then_they_need_no_seat(
        self, crew: Crew
    ) -> None:
        session = await crew.opens()
        with pytest.raises(OwnTime):
            await crew.joins(crew.bo, session)

    async def test_given_a_question_or_an_end_when_joining_then_it_tells_how_it_stands(
        self, crew: Crew
    ) -> None:
        (dia,) = await crew.people("Dia")
        asked, off = await crew.asks([dia], "10:00"), await crew.opens("12:00")
        await crew.calls_off(crew.bo, off)
        begun = await crew.opens("2030-01-07 10:00")
        for session in (asked, off):
            with pytest.raises(SessionChanged):
                await crew.joins(dia, session)
        crew.world.clock.set(at("2030-01-07 10:00"))
        with pytest.raises(SessionChanged):
            await crew.joins(dia, begun)

    async def test_given_as_many_bookings_as_one_may_have_when_joining_then_it_is_refused(
        self, crew: Crew
    ) -> None:
        strict = Crew(crew.world.under(Policy(bookings_per_person=1)), crew.bo)
        (dia,) = await crew.people("Dia")
        await strict.joins(dia, await strict.opens("10:00"))
        other = await strict.opens("12:00")
        with pytest.raises(TooManyBookings):
            await strict.joins(dia, other)

    async def test_given_a_coach_who_joins_when_their_time_is_listed_then_it_is_taken(
        self, crew: Crew
    ) -> None:
        lesson = await crew.world.offers()
        session = await crew.opens("16:00")
        assert moment("16:00") in await crew.world.free(lesson)
        await crew.joins(crew.world.host, session)
        assert moment("16:00") not in await crew.world.free(lesson)

    async def test_given_a_joining_when_undone_then_the_seat_is_free_again(
        self, crew: Crew
    ) -> None:
        (dia,) = await crew.people("Dia")
        session = await crew.opens()
        await crew.joins(dia, session)
        await crew.unjoins(dia, session)
        assert await crew.seats(session) == {}
        assert (await crew.booking(session)).status is BookingStatus.CONFIRMED
        await crew.joins(dia, session)
        crew.world.clock.advance(timedelta(minutes=2))
        with pytest.raises(UndoGone):
            await crew.unjoins(dia, session)

    async def test_given_the_last_who_leaves_when_gone_then_it_stays_on(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        (dia,) = await crew.people("Dia")
        session = await crew.opens()
        await crew.joins(dia, session)
        await crew.world.forgets_news()
        await crew.leaves(dia, session)
        assert await crew.seats(session) == {}
        assert (await crew.booking(session)).status is BookingStatus.CONFIRMED
        assert await crew.world.told() == [("Dia", "cancelled")]
        assert await crew.world.told("reminder") == []
        with pytest.raises(SessionChanged):
            await crew.leaves(dia, session)
        with pytest.raises(NotAllowed):
            await crew.leaves(crew.world.host, session)

    async def test_given_the_last_who_cancels_in_their_list_when_undone_then_they_are_in(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        (dia,) = await crew.people("Dia")
        session = await crew.opens()
        booking = await crew.joins(dia, session)
        await crew.world.cancels(dia, booking)
        assert (await crew.booking(session)).status is BookingStatus.CONFIRMED
        await crew.world.undoes(dia, booking)
        assert await crew.seats(session) == {"Dia": "accepted"}


class TestHeads:
    async def test_given_too_few_when_counted_then_it_is_called_off_and_everybody_knows(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        (dia,) = await crew.people("Dia")
        session = await crew.opens(seats=4, minimum=2)
        await crew.joins(dia, session)
        await crew.world.forgets_news()
        crew.world.clock.set(at("2030-01-08 16:00"))
        assert await crew.service.keep_up() == 1
        assert await crew.service.keep_up() == 0
        assert (await crew.read(session)).status is SessionStatus.CALLED_OFF
        assert (await crew.booking(session)).reason == "too_few 1"
        told = await crew.world.planned("session_called_off")
        assert [(each.person, each.payload) for each in told] == [
            ("Bo Lind", {"reason": "too_few", "came": 1, "wanted": 2}),
            ("Dia", {"reason": "too_few", "came": 1, "wanted": 2}),
        ]

    async def test_given_enough_when_counted_then_it_stays_on_whoever_leaves(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        dia, eli = await crew.people("Dia", "Eli")
        session = await crew.opens(seats=4, minimum=2)
        for person in (dia, eli):
            await crew.joins(person, session)
        crew.world.clock.set(at("2030-01-08 16:00"))
        await crew.service.keep_up()
        read = await crew.read(session)
        assert (read.status, read.decide_by, read.minimum) == (SessionStatus.ON, None, 2)
        await crew.leaves(dia, session)
        crew.world.clock.advance(timedelta(hours=1))
        await crew.service.keep_up()
        assert (await crew.read(session)).status is SessionStatus.ON
