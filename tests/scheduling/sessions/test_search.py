"""Common times out of what is stored: hours, bookings, seats, time off and other polls."""

from datetime import timedelta

import pytest

from builders.people import acting
from builders.times import at, between
from crew import Crew, moment
from scheduling.errors import InputRefused
from scheduling.people import Person
from scheduling.sessions.model import CommonTimes

WEDNESDAY = between("2030-01-09 00:00", "2030-01-10 00:00")
HOUR = timedelta(hours=1)


async def search(crew: Crew, *people: Person, count: int = 3, **more: object) -> CommonTimes:
    facts = {"duration": HOUR, "span": WEDNESDAY, "count": count, **more}
    ids = [person.id for person in people]
    return await crew.service.common_times(acting(crew.bo), ids, **facts)  # type: ignore[arg-type]


def starts(found: CommonTimes) -> list[str]:
    return [f"{each.time.start:%H:%M}" for each in found.times]


async def test_given_coaches_and_members_when_searched_then_hours_and_bookings_count(
    both_crew: Crew,
) -> None:
    crew, lesson = both_crew, await both_crew.world.offers()
    coach = crew.world.host
    ana, mia = await crew.people("Ana", "Mia")
    await crew.world.books(mia, lesson, "2030-01-09 09:00")
    await crew.joins(ana, await crew.opens("11:00", by=mia))
    afternoon = between("2030-01-09 14:00", "2030-01-09 17:00")
    await crew.world.hours.off(acting(coach), afternoon, crew.world.request(), cancel_hit=False)
    found = await search(crew, coach, ana)
    assert starts(found) == ["10:00", "13:00", "12:00"]
    assert found.without_hours == (crew.bo.id, ana.id)
    assert [person.id for person in found.people] == [crew.bo.id, coach.id, ana.id]


async def test_given_another_poll_when_searched_then_its_candidates_are_busy(crew: Crew) -> None:
    (ana,) = await crew.people("Ana")
    asked = await crew.asks([ana], "09:00", "10:00")
    assert starts(await search(crew, ana))[0] == "11:00"
    await crew.calls_off(crew.bo, asked)
    assert starts(await search(crew, ana))[0] == "09:00"


async def test_given_nothing_for_all_when_searched_then_it_says_who_is_missing(
    crew: Crew,
) -> None:
    ana = await crew.world.person("Ana", zone="Asia/Tokyo")
    cem = await crew.world.person("Cem")
    found = await search(crew, ana, cem)
    assert {time.missing for time in found.times} == {(ana.id,)}


async def test_given_what_cannot_be_searched_then_it_is_refused(crew: Crew) -> None:
    (ana,) = await crew.people("Ana")
    past = between("2030-01-01 00:00", "2030-01-02 00:00")
    endless = between("2030-01-01 00:00", "2031-01-02 00:00")
    for span in (past, endless):
        with pytest.raises(InputRefused):
            await search(crew, ana, span=span)
    with pytest.raises(InputRefused):
        await search(crew, crew.bo)


async def test_given_people_when_compared_then_everybodys_free_time_is_told(crew: Crew) -> None:
    (ana,) = await crew.people("Ana")
    await crew.opens("12:00")
    found = await crew.service.free_times(acting(crew.bo), [ana.id], WEDNESDAY)
    assert found.free[ana.id] == (between("2030-01-09 09:00", "2030-01-09 17:00"),)
    assert found.free[crew.bo.id] == (
        between("2030-01-09 09:00", "2030-01-09 12:00"),
        between("2030-01-09 13:00", "2030-01-09 17:00"),
    )


async def test_given_a_day_under_way_when_searched_then_nothing_lies_in_the_past(
    crew: Crew,
) -> None:
    (ana,) = await crew.people("Ana")
    crew.world.clock.set(at("2030-01-09 12:10"))
    found = await search(crew, ana, count=8)
    assert min(time.time.start for time in found.times) > moment("12:10")
