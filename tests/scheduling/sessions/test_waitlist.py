"""The line for a full session: offered, taken, passed on, lapsed."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from builders.people import acting
from builders.times import at
from crew import Crew
from scheduling.errors import (
    OfferGone,
    SessionFull,
)
from scheduling.moments import seconds
from scheduling.people import Person
from scheduling.sessions.commands import AnswerOffer
from scheduling.sessions.model import Session


@dataclass
class Crowd:
    """A session of two seats that Ana and Cem have, with Dia, Eli and Fay in line."""

    crew: Crew
    session: Session
    ana: Person
    cem: Person
    dia: Person
    eli: Person
    fay: Person

    @classmethod
    async def of(cls, crew: Crew, start: str = "16:00") -> "Crowd":
        people = await crew.people("Ana", "Cem", "Dia", "Eli", "Fay")
        session = await crew.opens(start)
        for person in people[:2]:
            await crew.joins(person, session)
        for person in people[2:]:
            await crew.joins(person, session, waiting=True)
        await crew.world.forgets_news()
        return cls(crew, session, *people)


class TestWaiting:
    async def test_given_a_full_session_when_joined_then_one_is_asked_before_standing_in_line(
        self, both_crew: Crew
    ) -> None:
        crowd = await Crowd.of(both_crew)
        (gus,) = await crowd.crew.people("Gus")
        with pytest.raises(SessionFull) as full:
            await crowd.crew.joins(gus, crowd.session)
        assert full.value.session.id == crowd.session.id
        await crowd.crew.joins(gus, crowd.session, waiting=True)
        (waiting,) = await crowd.crew.world.planned("seat_waiting")
        assert (waiting.person, waiting.payload["place"]) == ("Gus", 4)

    async def test_given_a_line_when_a_seat_is_left_then_the_first_is_offered_it_alone(
        self, both_crew: Crew
    ) -> None:
        crowd = await Crowd.of(both_crew)
        crew = crowd.crew
        (gus,) = await crew.people("Gus")
        await crew.leaves(crowd.ana, crowd.session)
        assert await crew.seats(crowd.session) == {
            "Cem": "accepted",
            "Dia": "offered",
            "Eli": "waitlisted",
            "Fay": "waitlisted",
        }
        (offer,) = await crew.world.planned("seat_offered")
        seat = (await crew.booking(crowd.session)).seat_of(crowd.dia.id)
        assert seat
        assert offer.person == "Dia"
        assert seat.expires_at == crew.world.clock.now() + timedelta(hours=2)
        assert offer.payload == {"seat": seat.id, "until": seconds(seat.expires_at)}
        with pytest.raises(SessionFull):
            await crew.joins(gus, crowd.session)

    async def test_given_an_offer_when_taken_then_the_seat_is_theirs(self, both_crew: Crew) -> None:
        crowd = await Crowd.of(both_crew)
        crew = crowd.crew
        await crew.leaves(crowd.ana, crowd.session)
        await crew.answers(crowd.dia, crowd.session, take=True)
        assert (await crew.seats(crowd.session))["Dia"] == "accepted"
        assert await crew.world.told("seat_offered") == []
        assert ("Dia", "booked") in await crew.world.told("booked")

    async def test_given_an_offer_when_passed_then_the_next_has_it(self, both_crew: Crew) -> None:
        crowd = await Crowd.of(both_crew)
        crew = crowd.crew
        await crew.leaves(crowd.ana, crowd.session)
        await crew.answers(crowd.dia, crowd.session, take=False)
        seats = await crew.seats(crowd.session)
        assert (seats.get("Dia"), seats["Eli"]) == (None, "offered")
        with pytest.raises(OfferGone) as gone:
            await crew.answers(crowd.dia, crowd.session, take=True)
        assert not gone.value.waiting

    async def test_given_an_offer_when_it_lapses_then_it_goes_round_once_and_is_open_to_all(
        self, both_crew: Crew
    ) -> None:
        crowd = await Crowd.of(both_crew)
        crew = crowd.crew
        await crew.leaves(crowd.ana, crowd.session)
        for name in ("Dia", "Eli", "Fay"):
            seats = await crew.seats(crowd.session)
            assert [who for who, state in seats.items() if state == "offered"] == [name]
            crew.world.clock.advance(timedelta(hours=2))
            assert await crew.service.keep_up() == 1
        assert set((await crew.seats(crowd.session)).values()) == {"accepted", "waitlisted"}
        lapsed = await crew.world.planned("seat_lapsed")
        assert [(each.person, each.payload["open"]) for each in lapsed] == [
            ("Dia", 0),
            ("Eli", 0),
            ("Fay", 1),
        ]
        await crew.joins(crowd.eli, crowd.session)
        assert (await crew.seats(crowd.session))["Eli"] == "accepted"

    async def test_given_a_lapsed_offer_when_another_seat_is_left_then_the_line_begins_anew(
        self, crew: Crew
    ) -> None:
        crowd = await Crowd.of(crew)
        await crew.leaves(crowd.ana, crowd.session)
        crew.world.clock.advance(timedelta(hours=2))
        await crew.service.keep_up()
        await crew.answers(crowd.eli, crowd.session, take=True)
        for leaver, next_in_line in ((crowd.cem, "Fay"), (crowd.eli, "Dia")):
            await crew.leaves(leaver, crowd.session)
            assert (await crew.seats(crowd.session))[next_in_line] == "offered"

    async def test_given_an_overdue_offer_when_taken_before_the_tick_then_it_is_gone(
        self, crew: Crew
    ) -> None:
        crowd = await Crowd.of(crew)
        await crew.leaves(crowd.ana, crowd.session)
        seat = (await crew.booking(crowd.session)).seat_of(crowd.dia.id)
        assert seat
        crew.world.clock.advance(timedelta(hours=2))
        with pytest.raises(OfferGone) as gone:
            await crew.answers(crowd.dia, crowd.session, take=True)
        assert gone.value.waiting

    async def test_given_a_cancelled_seat_when_the_minute_of_undo_is_over_then_it_is_offered(
        self, both_crew: Crew
    ) -> None:
        crowd = await Crowd.of(both_crew)
        crew = crowd.crew
        await crew.world.cancels(crowd.ana, await crew.booking(crowd.session))
        assert "offered" not in (await crew.seats(crowd.session)).values()
        crew.world.clock.advance(timedelta(minutes=1))
        await crew.world.upkeep.expire_overdue()
        assert (await crew.seats(crowd.session))["Dia"] == "offered"

    async def test_given_a_place_in_the_line_when_left_then_it_is_gone(self, crew: Crew) -> None:
        crowd = await Crowd.of(crew)
        await crew.leaves(crowd.dia, crowd.session)
        await crew.leaves(crowd.ana, crowd.session)
        seats = await crew.seats(crowd.session)
        assert (seats.get("Dia"), seats["Eli"]) == (None, "offered")

    async def test_given_somebody_in_line_when_joining_again_then_they_stand_where_they_stood(
        self, crew: Crew
    ) -> None:
        crowd = await Crowd.of(crew)
        await crew.joins(crowd.eli, crowd.session)
        (waiting,) = await crew.world.planned("seat_waiting")
        assert waiting.payload["place"] == 2

    async def test_given_a_line_when_called_off_then_everybody_in_it_hears(
        self, crew: Crew
    ) -> None:
        crowd = await Crowd.of(crew)
        await crew.leaves(crowd.ana, crowd.session)
        await crew.world.forgets_news()
        await crew.calls_off(crew.bo, crowd.session)
        told = await crew.world.told("session_called_off")
        assert {person for person, _ in told} == {"Bo Lind", "Cem", "Dia", "Eli", "Fay"}
        assert await crew.seats(crowd.session) == {}

    async def test_given_a_cancelled_session_when_undone_then_the_line_stands_again(
        self, crew: Crew
    ) -> None:
        crowd = await Crowd.of(crew)
        await crew.leaves(crowd.ana, crowd.session)
        booking = await crew.booking(crowd.session)
        await crew.world.cancels(crew.bo, booking)
        await crew.world.undoes(crew.bo, booking)
        assert await crew.seats(crowd.session) == {
            "Cem": "accepted",
            "Dia": "offered",
            "Eli": "waitlisted",
            "Fay": "waitlisted",
        }

    async def test_given_the_end_when_completed_then_nobody_waits_any_more(
        self, crew: Crew
    ) -> None:
        crowd = await Crowd.of(crew, "2030-01-07 10:00")
        crew.world.clock.set(at("2030-01-07 11:00"))
        await crew.world.upkeep.complete_ended()
        assert await crew.seats(crowd.session) == {"Ana": "accepted", "Cem": "accepted"}

    async def test_given_a_button_of_another_offer_when_pressed_then_it_is_gone(
        self, crew: Crew
    ) -> None:
        crowd = await Crowd.of(crew)
        other = (await crew.booking(crowd.session)).seat_of(crowd.eli.id)
        assert other
        with pytest.raises(OfferGone):
            await crew.service.answer_offer(
                AnswerOffer(
                    actor=acting(crowd.dia),
                    session_id=crowd.session.id,
                    seat_id=other.id,
                    take=True,
                    request_id=crew.world.request(),
                )
            )
