"""Races of sessions run for real: seats, offers, votes, and the organizer's time (R2, R7)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from crew import Crew, moment
from scheduling.errors import (
    SchedulingError,
    SessionChanged,
    SessionFull,
)
from scheduling.model import Booking, BookingStatus
from scheduling.sessions.model import Session, SessionStatus

JOINERS = 60
SEATS = 4
ROUNDS = 4


async def race(*rivals: Awaitable[object]) -> list[object]:
    """Run them side by side; a refusal is a result, anything else an error."""
    results = await asyncio.gather(*rivals, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, SchedulingError):
            raise result
    return list(results)


def refused(results: list[object]) -> list[str]:
    return sorted(type(one).__name__ for one in results if isinstance(one, BaseException))


async def seats_used(crew: Crew, session: Session) -> Counter[str]:
    return Counter((await crew.seats(session)).values())


@pytest.mark.slow
async def test_given_sixty_joiners_when_they_race_for_four_seats_then_four_have_one(
    both_crew: Crew,
) -> None:
    crew = both_crew
    people = await crew.people(*(f"P{n:02}" for n in range(JOINERS)))
    session = await crew.opens(seats=SEATS)
    results = await race(*(crew.joins(person, session) for person in people))
    assert refused(results) == ["SessionFull"] * (JOINERS - SEATS)
    assert await seats_used(crew, session) == {"accepted": SEATS}
    lost = [p for p, one in zip(people, results, strict=True) if isinstance(one, SessionFull)]
    await race(*(crew.joins(person, session, waiting=True) for person in lost))
    assert await seats_used(crew, session) == {
        "accepted": SEATS,
        "waitlisted": JOINERS - SEATS,
    }


@pytest.mark.slow
async def test_given_seats_that_are_left_while_others_join_when_they_race_then_all_add_up(
    both_crew: Crew,
) -> None:
    crew = both_crew
    people = await crew.people(*(f"P{n:02}" for n in range(20)))
    session = await crew.opens(seats=SEATS)
    for person in people[:SEATS]:
        await crew.joins(person, session)
    for person in people[SEATS:10]:
        await crew.joins(person, session, waiting=True)
    leaving = [crew.leaves(person, session) for person in people[:SEATS]]
    joining = [crew.joins(person, session) for person in people[10:]]
    results = await race(*leaving, *joining)
    assert refused(results) == ["SessionFull"] * 10
    assert await seats_used(crew, session) == {"offered": 4, "waitlisted": 2}
    offered = await crew.world.planned("seat_offered")
    assert len({each.person for each in offered}) == len(offered) == 4


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_an_offer_when_taken_and_passed_and_lapsed_at_once_then_one_of_them_happens(
    both_crew: Crew, round_number: int
) -> None:
    crew = both_crew
    ana, dia, eli = await crew.people("Ana", "Dia", "Eli")
    session = await crew.opens(seats=2, members=(crew.world.host.id,))
    await crew.joins(ana, session)
    for person in (dia, eli):
        await crew.joins(person, session, waiting=True)
    await crew.leaves(ana, session)
    if round_number % 2:
        crew.world.clock.advance(timedelta(hours=2))  # over, and not yet swept
    results = await race(
        crew.answers(dia, session, take=True),
        crew.answers(dia, session, take=False),
        crew.service.keep_up(),
    )
    seats = await crew.seats(session)
    assert await seats_used(crew, session) == Counter(
        {"accepted": 2, "waitlisted": 1}
        if seats.get("Dia") == "accepted"
        else {"accepted": 1, "offered": 1, "waitlisted": 1}
        if seats.get("Dia") == "waitlisted"
        else {"accepted": 1, "offered": 1}
    )
    if round_number % 2:
        assert refused(results) == ["OfferGone", "OfferGone"]
        assert seats["Dia"] == "waitlisted"
    else:
        assert refused(results) == ["OfferGone"]


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_a_question_when_two_settle_it_at_once_then_one_wins(
    both_crew: Crew, round_number: int
) -> None:
    crew = both_crew
    ana, cem = await crew.people("Ana", "Cem")
    session = await crew.asks([ana, cem], "10:00", "15:00")
    results = await race(
        crew.settles(crew.bo, session, "A", seen_version=1),
        crew.settles(crew.bo, session, "B", seen_version=1),
    )
    assert refused(results) == ["SessionChanged"], round_number
    (lost,) = [one for one in results if isinstance(one, SessionChanged)]
    assert lost.session == await crew.read(session)
    assert await bookings_of(crew, crew.bo.id) == 1


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_the_last_votes_when_they_come_at_once_then_it_settles_once(
    both_crew: Crew, round_number: int
) -> None:
    crew = both_crew
    people = await crew.people("Ana", "Cem", "Dia", "Eli")
    session = await crew.asks(people, "10:00", "15:00")
    results = await race(*(crew.votes(person, session, "Ay By") for person in people))
    assert refused(results) == [], round_number
    settled = await crew.read(session)
    assert settled.status is SessionStatus.ON
    assert (await crew.booking(session)).time.start == moment("10:00")
    assert len(settled.votes) == 10
    assert await seats_used(crew, session) == {"accepted": 4}
    assert await bookings_of(crew, crew.bo.id) == 1
    assert len(await crew.world.told("session_settled")) == 1


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_the_deadline_when_votes_and_sweeps_come_at_once_then_it_decides_once(
    both_crew: Crew, round_number: int
) -> None:
    crew = both_crew
    ana, cem = await crew.people("Ana", "Cem")
    session = await crew.asks([ana, cem], "10:00", "15:00")
    await crew.votes(ana, session, "By")
    assert session.decide_by
    crew.world.clock.set(session.decide_by)
    await race(
        crew.service.keep_up(),
        crew.votes(cem, session, "Ay Bn"),
        crew.service.keep_up(),
        crew.settles(crew.bo, session, "B"),
    )
    settled = await crew.read(session)
    assert settled.status is SessionStatus.ON, round_number
    assert (await crew.booking(session)).time.start == moment("15:00")
    assert await crew.seats(session) == {"Ana": "accepted"}
    assert await bookings_of(crew, crew.bo.id) == 1
    assert len(await crew.world.told("session_settled")) == 1


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_one_host_when_booked_and_settled_for_one_time_then_one_of_them_happens(
    both_crew: Crew, round_number: int
) -> None:
    """What is held since before the poll is confirmed while the poll is settled on its time."""
    crew = both_crew
    coach, lesson = crew.world.host, await crew.world.offers()
    ana, mia = await crew.people("Ana", "Mia")
    session = await crew.asks([ana], "10:00", by=coach)
    other = await crew.asks([crew.bo], "10:30", by=coach)
    results = await race(
        crew.settles(coach, session, "A"),
        crew.world.books(mia, lesson, moment("10:00")),
        crew.settles(coach, other, "A"),
        crew.opens("10:15", by=coach),
    )
    assert refused(results) == ["SlotTaken"] * 3, round_number
    assert await crew.world.overlaps() == 0
    assert await bookings_of(crew, coach.id) == 1


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_a_session_when_joined_called_off_and_cancelled_at_once_then_nobody_is_left(
    both_crew: Crew, round_number: int
) -> None:
    crew = both_crew
    people = await crew.people(*(f"P{n}" for n in range(6)))
    session = await crew.opens(seats=3)
    booking = await crew.booking(session)
    *joins, off, cancelled = await race(
        *(crew.joins(person, session) for person in people),
        crew.calls_off(crew.bo, session),
        crew.world.cancels(crew.bo, booking),
    )
    ended = await crew.booking(session)
    assert ended.status is BookingStatus.CANCELLED, round_number
    assert await crew.seats(session) == {}
    assert (await crew.read(session)).status is SessionStatus.CALLED_OFF
    assert len(refused([off, cancelled])) == 1
    joined = {p.name for p, one in zip(people, joins, strict=True) if isinstance(one, Booking)}
    told = await crew.world.told("session_called_off", "cancelled")
    assert {person for person, _ in told} - {"Bo Lind"} == joined


async def bookings_of(crew: Crew, host_id: str) -> int:
    """Return how many live bookings a host has."""
    rows = await crew.world.rows("SELECT host_id, status FROM bookings")
    live = {"held", "pending", "confirmed"}
    return sum(row["host_id"] == host_id and row["status"] in live for row in rows)


async def test_given_the_same_vote_delivered_often_when_raced_then_it_counts_once(
    both_crew: Crew,
) -> None:
    crew = both_crew
    ana, cem = await crew.people("Ana", "Cem")
    session = await crew.asks([ana, cem], "10:00")
    results = await race(*(crew.votes(ana, session, "Ay", request_id="r") for _ in range(5)))
    assert refused(results) == []
    assert len((await crew.read(session)).votes) == 2
