"""Races of sessions run for real: seats, offers, votes, and the organizer's time (R2, R7)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from scheduling.errors import (
    SchedulingError,
    SessionChanged,
    SessionFull,
)
from scheduling.model import Booking, BookingStatus
from scheduling.sessions.model import Session, SessionStatus
from team import Team, moment

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


async def seats_used(team: Team, session: Session) -> Counter[str]:
    return Counter((await team.seats(session)).values())


@pytest.mark.slow
async def test_given_sixty_joiners_when_they_race_for_four_seats_then_four_have_one(
    both_team: Team,
) -> None:
    team = both_team
    people = await team.people(*(f"P{n:02}" for n in range(JOINERS)))
    session = await team.opens(seats=SEATS)
    results = await race(*(team.joins(person, session) for person in people))
    assert refused(results) == ["SessionFull"] * (JOINERS - SEATS)
    assert await seats_used(team, session) == {"accepted": SEATS}
    lost = [p for p, one in zip(people, results, strict=True) if isinstance(one, SessionFull)]
    await race(*(team.joins(person, session, waiting=True) for person in lost))
    assert await seats_used(team, session) == {
        "accepted": SEATS,
        "waitlisted": JOINERS - SEATS,
    }


@pytest.mark.slow
async def test_given_seats_that_are_left_while_others_join_when_they_race_then_all_add_up(
    both_team: Team,
) -> None:
    team = both_team
    people = await team.people(*(f"P{n:02}" for n in range(20)))
    session = await team.opens(seats=SEATS)
    for person in people[:SEATS]:
        await team.joins(person, session)
    for person in people[SEATS:10]:
        await team.joins(person, session, waiting=True)
    leaving = [team.leaves(person, session) for person in people[:SEATS]]
    joining = [team.joins(person, session) for person in people[10:]]
    results = await race(*leaving, *joining)
    assert refused(results) == ["SessionFull"] * 10
    assert await seats_used(team, session) == {"offered": 4, "waitlisted": 2}
    offered = await team.world.planned("seat_offered")
    assert len({each.person for each in offered}) == len(offered) == 4


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_an_offer_when_taken_and_passed_and_lapsed_at_once_then_one_of_them_happens(
    both_team: Team, round_number: int
) -> None:
    team = both_team
    ana, dia, eli = await team.people("Ana", "Dia", "Eli")
    session = await team.opens(seats=2, members=(team.world.host.id,))
    await team.joins(ana, session)
    for person in (dia, eli):
        await team.joins(person, session, waiting=True)
    await team.leaves(ana, session)
    if round_number % 2:
        team.world.clock.advance(timedelta(hours=2))  # over, and not yet swept
    results = await race(
        team.answers(dia, session, take=True),
        team.answers(dia, session, take=False),
        team.service.keep_up(),
    )
    seats = await team.seats(session)
    assert await seats_used(team, session) == Counter(
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
    both_team: Team, round_number: int
) -> None:
    team = both_team
    ana, cem = await team.people("Ana", "Cem")
    session = await team.asks([ana, cem], "10:00", "15:00")
    results = await race(
        team.settles(team.bo, session, "A", seen_version=1),
        team.settles(team.bo, session, "B", seen_version=1),
    )
    assert refused(results) == ["SessionChanged"], round_number
    (lost,) = [one for one in results if isinstance(one, SessionChanged)]
    assert lost.session == await team.read(session)
    assert await bookings_of(team, team.bo.id) == 1


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_the_last_votes_when_they_come_at_once_then_it_settles_once(
    both_team: Team, round_number: int
) -> None:
    team = both_team
    people = await team.people("Ana", "Cem", "Dia", "Eli")
    session = await team.asks(people, "10:00", "15:00")
    results = await race(*(team.votes(person, session, "Ay By") for person in people))
    assert refused(results) == [], round_number
    settled = await team.read(session)
    assert settled.status is SessionStatus.ON
    assert (await team.booking(session)).time.start == moment("10:00")
    assert len(settled.votes) == 10
    assert await seats_used(team, session) == {"accepted": 4}
    assert await bookings_of(team, team.bo.id) == 1
    assert len(await team.world.told("session_settled")) == 1


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_the_deadline_when_votes_and_sweeps_come_at_once_then_it_decides_once(
    both_team: Team, round_number: int
) -> None:
    team = both_team
    ana, cem = await team.people("Ana", "Cem")
    session = await team.asks([ana, cem], "10:00", "15:00")
    await team.votes(ana, session, "By")
    assert session.decide_by
    team.world.clock.set(session.decide_by)
    await race(
        team.service.keep_up(),
        team.votes(cem, session, "Ay Bn"),
        team.service.keep_up(),
        team.settles(team.bo, session, "B"),
    )
    settled = await team.read(session)
    assert settled.status is SessionStatus.ON, round_number
    assert (await team.booking(session)).time.start == moment("15:00")
    assert await team.seats(session) == {"Ana": "accepted"}
    assert await bookings_of(team, team.bo.id) == 1
    assert len(await team.world.told("session_settled")) == 1


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_one_host_when_booked_and_settled_for_one_time_then_one_of_them_happens(
    both_team: Team, round_number: int
) -> None:
    """What is held since before the poll is confirmed while the poll is settled on its time."""
    team = both_team
    coach, lesson = team.world.host, await team.world.offers()
    ana, mia = await team.people("Ana", "Mia")
    session = await team.asks([ana], "10:00", by=coach)
    other = await team.asks([team.bo], "10:30", by=coach)
    results = await race(
        team.settles(coach, session, "A"),
        team.world.books(mia, lesson, moment("10:00")),
        team.settles(coach, other, "A"),
        team.opens("10:15", by=coach),
    )
    assert refused(results) == ["SlotTaken"] * 3, round_number
    assert await team.world.overlaps() == 0
    assert await bookings_of(team, coach.id) == 1


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_given_a_session_when_joined_called_off_and_cancelled_at_once_then_nobody_is_left(
    both_team: Team, round_number: int
) -> None:
    team = both_team
    people = await team.people(*(f"P{n}" for n in range(6)))
    session = await team.opens(seats=3)
    booking = await team.booking(session)
    *joins, off, cancelled = await race(
        *(team.joins(person, session) for person in people),
        team.calls_off(team.bo, session),
        team.world.cancels(team.bo, booking),
    )
    ended = await team.booking(session)
    assert ended.status is BookingStatus.CANCELLED, round_number
    assert await team.seats(session) == {}
    assert (await team.read(session)).status is SessionStatus.CALLED_OFF
    assert len(refused([off, cancelled])) == 1
    joined = {p.name for p, one in zip(people, joins, strict=True) if isinstance(one, Booking)}
    told = await team.world.told("session_called_off", "cancelled")
    assert {person for person, _ in told} - {"Bo Lind"} == joined


async def bookings_of(team: Team, host_id: str) -> int:
    """Return how many live bookings a host has."""
    rows = await team.world.rows("SELECT host_id, status FROM bookings")
    live = {"held", "pending", "confirmed"}
    return sum(row["host_id"] == host_id and row["status"] in live for row in rows)


async def test_given_the_same_vote_delivered_often_when_raced_then_it_counts_once(
    both_team: Team,
) -> None:
    team = both_team
    ana, cem = await team.people("Ana", "Cem")
    session = await team.asks([ana, cem], "10:00")
    results = await race(*(team.votes(ana, session, "Ay", request_id="r") for _ in range(5)))
    assert refused(results) == []
    assert len((await team.read(session)).votes) == 2
