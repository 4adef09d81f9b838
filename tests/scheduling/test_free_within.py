"""Which days have something free: the same answer as all their times, without making them."""

import random
from datetime import datetime, timedelta

import pytest

from builders.scheduling import a_schedule
from builders.times import at, between
from doubles import FakeClock
from persistence.database import Database
from scheduling.ids import BookingId, EventTypeId
from scheduling.model import EventType
from scheduling.moments import Interval, local_day
from scheduling.people import Person
from world import World


async def days_live(
    world: World,
    kinds: list[EventType],
    spans: list[Interval],
    *,
    asker: Person | None = None,
    excluding: BookingId | None = None,
) -> list[bool]:
    """Return the answer, having seen that it is what all the free times say."""
    organization_id, ids = world.host.organization_id, [EventTypeId(kind.id) for kind in kinds]
    asker_id = asker.id if asker else None
    answer = await world.finder.free_within(
        organization_id, ids, spans, asker_id=asker_id, excluding=excluding
    )
    whole = Interval(spans[0].start, spans[-1].end)
    slots = await world.finder.free(
        organization_id, ids, whole, asker_id=asker_id, excluding=excluding
    )
    assert answer == [any(s.start <= slot.start < s.end for slot in slots) for s in spans]
    return answer


def days_from(first: datetime, count: int, zone: str = "UTC") -> list[Interval]:
    return [local_day(first.date() + timedelta(days=n), zone) for n in range(count)]


async def test_given_a_week_when_asked_then_closed_full_and_past_days_are_told(
    world: World,
) -> None:
    lesson = await world.offers(duration=timedelta(hours=8), step=timedelta(hours=8))
    mia = await world.person("Mia")
    await world.books(mia, lesson, "2030-01-09 09:00")
    world.clock.set(at("2030-01-07 09:30"))
    live = await days_live(world, [lesson], days_from(at("2030-01-06 00:00"), 5))
    assert live == [False, False, True, False, True]


async def test_given_several_types_when_asked_then_any_of_them_will_do(world: World) -> None:
    _, other = await world.coach_with_type("Ida Berg")
    full = await world.offers(duration=timedelta(hours=8), step=timedelta(hours=8))
    await world.books(await world.person("Mia"), full, "2030-01-09 09:00")
    days = days_from(at("2030-01-09 00:00"), 1)
    assert await days_live(world, [full], days) == [False]
    assert await days_live(world, [full, other], days) == [True]


async def test_given_a_booking_to_move_when_asked_then_its_own_time_is_no_answer(
    world: World,
) -> None:
    lesson = await world.offers(duration=timedelta(hours=8), step=timedelta(hours=8))
    mia = await world.person("Mia")
    booking = await world.books(mia, lesson, "2030-01-09 09:00")
    days = days_from(at("2030-01-09 00:00"), 2)
    live = await days_live(world, [lesson], days, asker=mia, excluding=booking.id)
    assert live == [False, True]


async def test_given_a_start_at_a_spans_edge_when_asked_then_it_belongs_to_the_later_one(
    world: World,
) -> None:
    lesson = await world.offers()
    spans = [
        between("2030-01-09 06:00", "2030-01-09 09:00"),
        between("2030-01-09 09:00", "2030-01-09 09:01"),
        between("2030-01-09 09:01", "2030-01-09 10:00"),
    ]
    assert await days_live(world, [lesson], spans) == [False, True, False]


async def test_given_a_group_with_a_seat_left_when_asked_then_its_day_is_live(
    world: World,
) -> None:
    lesson = await world.offers(capacity=2, duration=timedelta(hours=8), step=timedelta(hours=8))
    mia, leo, zoe = [await world.person(name) for name in ("Mia", "Leo", "Zoe")]
    await world.books(mia, lesson, "2030-01-09 09:00")
    days = days_from(at("2030-01-09 00:00"), 1)
    assert await days_live(world, [lesson], days, asker=leo) == [True]
    assert await days_live(world, [lesson], days, asker=mia) == [False]
    await world.books(leo, lesson, "2030-01-09 09:00")
    assert await days_live(world, [lesson], days, asker=zoe) == [False]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Santiago"])
async def test_given_any_month_when_asked_then_the_days_agree_with_their_times(
    sqlite_database: Database, clock: FakeClock, zone: str, seed: int
) -> None:
    chance = random.Random(seed)
    clock.set(at("2030-03-20 10:07"))
    hours = chance.choice(["9-12, 13-17", "22-26", "7:30-8:30"])
    world = await World.begin(
        sqlite_database, clock, schedule=a_schedule(hours, zone=zone), zone=zone
    )
    lesson = await world.offers(cap_per_day=1, horizon=timedelta(days=21))
    mia = await world.person("Mia")
    for slot in chance.sample(await world.free(lesson, "2030-03-20 00:00", 20), 6):
        if slot in await world.free(lesson, "2030-03-20 00:00", 20):
            await world.books(mia, lesson, slot)
    live = await days_live(world, [lesson], days_from(at("2030-03-18 00:00"), 28, zone))
    assert any(live)
    assert not all(live)
