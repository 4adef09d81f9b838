"""Candidates are soft holds: busy when listing and deciding, outside the fence (R1, R7)."""

import pytest

from crew import Crew, moment
from scheduling.errors import SlotTaken


async def test_given_candidates_when_settled_then_the_losers_are_free(
    crew: Crew,
) -> None:
    coach = crew.world.host
    lesson = await crew.world.offers()
    session = await crew.asks([crew.bo], "10:00", "14:00", by=coach)
    held = await crew.world.free(lesson, "2030-01-09 00:00", 1)
    assert moment("10:00") not in held
    assert moment("14:00") not in held
    await crew.settles(coach, session, "A")
    freed = await crew.world.free(lesson, "2030-01-09 00:00", 1)
    assert moment("10:00") not in freed
    assert moment("14:00") in freed


async def test_given_a_candidate_when_somebody_books_the_host_then_it_is_refused_as_it_is_listed(
    both_crew: Crew,
) -> None:
    crew = both_crew
    lesson = await crew.world.offers()
    (mia,) = await crew.people("Mia")
    session = await crew.asks([crew.world.host], "10:00")
    with pytest.raises(SlotTaken):
        await crew.world.books(mia, lesson, moment("10:00"))
    await crew.calls_off(crew.bo, session)
    await crew.world.books(mia, lesson, moment("10:00"))


async def test_given_a_hold_from_before_when_confirmed_then_the_candidate_shows_who_is_missing(
    crew: Crew,
) -> None:
    lesson = await crew.world.offers()
    mia, ana = await crew.people("Mia", "Ana")
    held = await crew.world.holds(mia, lesson, "2030-01-09 10:00")
    session = await crew.asks([crew.world.host, ana], "10:00")
    assert session.options[0].missing == (crew.world.host.id,)
    await crew.world.confirms(mia, held)
    await crew.votes(crew.world.host, session, "Ay")
    voted = await crew.votes(ana, session, "Ay")
    assert voted.booking_id is None
