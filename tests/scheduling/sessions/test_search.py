"""Common times out of what is stored: hours, bookings, seats, time off and other polls."""

from datetime import timedelta

import pytest

from builders.people import acting
from builders.times import at, between
from scheduling.errors import InputRefused
from scheduling.people import Person
from scheduling.sessions.model import CommonTimes
from team import Team, moment

WEDNESDAY = between("2030-01-09 00:00", "2030-01-10 00:00")
HOUR = timedelta(hours=1)


async def search(team: Team, *people: Person, count: int = 3, **more: object) -> CommonTimes:
    facts = {"duration": HOUR, "span": WEDNESDAY, "count": count, **more}
    ids = [person.id for person in people]
    return await team.service.common_times(acting(team.bo), ids, **facts)  # type: ignore[arg-type]


def starts(found: CommonTimes) -> list[str]:
    return [f"{each.time.start:%H:%M}" for each in found.times]


async def test_given_coaches_and_members_when_searched_then_hours_and_bookings_count(
    both_team: Team,
) -> None:
    team, lesson = both_team, await both_team.world.offers()
    coach = team.world.host
    ana, mia = await team.people("Ana", "Mia")
    await team.world.books(mia, lesson, "2030-01-09 09:00")
    await team.joins(ana, await team.opens("11:00", by=mia))
    afternoon = between("2030-01-09 14:00", "2030-01-09 17:00")
    await team.world.hours.off(acting(coach), afternoon, team.world.request(), cancel_hit=False)
    found = await search(team, coach, ana)
    assert starts(found) == ["10:00", "13:00", "12:00"]
    assert found.without_hours == (team.bo.id, ana.id)
    assert [person.id for person in found.people] == [team.bo.id, coach.id, ana.id]


async def test_given_another_poll_when_searched_then_its_candidates_are_busy(team: Team) -> None:
    (ana,) = await team.people("Ana")
    asked = await team.asks([ana], "09:00", "10:00")
    assert starts(await search(team, ana))[0] == "11:00"
    await team.calls_off(team.bo, asked)
    assert starts(await search(team, ana))[0] == "09:00"


async def test_given_nothing_for_all_when_searched_then_it_says_who_is_missing(
    team: Team,
) -> None:
    ana = await team.world.person("Ana", zone="Asia/Tokyo")
    cem = await team.world.person("Cem")
    found = await search(team, ana, cem)
    assert {time.missing for time in found.times} == {(ana.id,)}


async def test_given_what_cannot_be_searched_then_it_is_refused(team: Team) -> None:
    (ana,) = await team.people("Ana")
    past = between("2030-01-01 00:00", "2030-01-02 00:00")
    endless = between("2030-01-01 00:00", "2031-01-02 00:00")
    for span in (past, endless):
        with pytest.raises(InputRefused):
            await search(team, ana, span=span)
    with pytest.raises(InputRefused):
        await search(team, team.bo)


async def test_given_people_when_compared_then_everybodys_free_time_is_told(team: Team) -> None:
    (ana,) = await team.people("Ana")
    await team.opens("12:00")
    found = await team.service.free_times(acting(team.bo), [ana.id], WEDNESDAY)
    assert found.free[ana.id] == (between("2030-01-09 09:00", "2030-01-09 17:00"),)
    assert found.free[team.bo.id] == (
        between("2030-01-09 09:00", "2030-01-09 12:00"),
        between("2030-01-09 13:00", "2030-01-09 17:00"),
    )


async def test_given_a_day_under_way_when_searched_then_nothing_lies_in_the_past(
    team: Team,
) -> None:
    (ana,) = await team.people("Ana")
    team.world.clock.set(at("2030-01-09 12:10"))
    found = await search(team, ana, count=8)
    assert min(time.time.start for time in found.times) > moment("12:10")
