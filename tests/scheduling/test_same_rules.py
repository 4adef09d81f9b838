"""What is listed and what can be booked are the same, on whatever is stored (R1, both ways)."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from builders.people import acting
from builders.scheduling import a_schedule
from builders.times import at, hours
from doubles import FakeClock
from persistence.database import Database
from scheduling.commands import BookSlot
from scheduling.errors import SchedulingError, SlotRefused
from scheduling.ground import Ground
from scheduling.making import book
from scheduling.model import Booking, EventType
from scheduling.moments import Interval
from scheduling.people import Person
from scheduling.ports import Transaction
from world import World

ZONES = ["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "UTC"]
# Each zone's clock changes within these days.
FIRST_DAYS = ["2030-03-30", "2030-04-06", "2030-04-06", "2030-01-07"]
WEEKS = ["9-12, 13-17", "0-24", "22-26", "7:30-9, 9-11:15"]


class Ended(Exception):
    """Rolls a try back, so that the next one finds the world as it was."""


async def can_book(
    world: World, person: Person, kind: EventType, start: datetime
) -> SlotRefused | None:
    """Return why the start cannot be booked; a booking that was made is rolled back."""
    ground = Ground(world.clock, world.policy, world.finder.windows)
    command = BookSlot(
        actor=acting(person), event_type_id=kind.id, start=start, request_id=world.request()
    )

    def try_it(tx: Transaction) -> None:
        book(tx, ground, command)
        raise Ended

    try:
        await world.write(try_it)
    except SlotRefused as refused:
        return refused
    except Ended:
        return None
    raise AssertionError("a try was committed")


async def a_random_world(database: Database, clock: FakeClock, seed: int) -> tuple[World, datetime]:
    """Return a world in which all sorts of things happened, the same for the same seed."""
    chance = random.Random(seed)
    place = seed % len(ZONES)
    midnight = at(f"{FIRST_DAYS[place]} 00:00")
    clock.set(midnight - timedelta(hours=chance.randrange(0, 6), seconds=chance.randrange(12)))
    week = dict.fromkeys(range(7), hours(chance.choice(WEEKS)))
    week.pop(chance.randrange(7))
    schedule = a_schedule(week, zone=ZONES[place])
    world = await World.begin(database, clock, schedule=schedule, zone=ZONES[place])
    people = [await world.person(f"P{n}") for n in range(6)]
    kinds = [await world.offers(**_type_of(chance)) for _ in range(3)]
    other, _ = await world.coach_with_type("Ida Berg")
    for _ in range(25):
        await _something(world, chance, midnight, [*people, other], kinds)
    return world, midnight


def _type_of(chance: random.Random) -> dict[str, Any]:
    return {
        "duration": timedelta(minutes=chance.choice([15, 45, 60, 100])),
        "step": timedelta(minutes=chance.choice([15, 30, 50])),
        "buffer_before": timedelta(minutes=chance.choice([0, 10])),
        "buffer_after": timedelta(minutes=chance.choice([0, 25])),
        "minimum_notice": timedelta(hours=chance.choice([0, 7])),
        "horizon": timedelta(days=chance.choice([2, 30])),
        "capacity": chance.choice([1, 1, 3]),
        "cap_per_day": chance.choice([None, 2]),
        "cap_per_week": chance.choice([None, 4]),
        "approval": chance.random() < 0.3,
    }


async def _something(
    world: World,
    chance: random.Random,
    midnight: datetime,
    people: list[Person],
    kinds: list[EventType],
) -> None:
    """Let one thing happen: mostly a booking or a hold, now and then what undoes them."""
    who, kind = chance.choice(people), chance.choice(kinds)
    begin = midnight + timedelta(minutes=15 * chance.randrange(4 * 72))
    span = Interval(begin, begin + timedelta(hours=chance.choice([1, 5])))
    host = acting(world.host)
    try:
        match chance.randrange(11):
            case 0:
                await world.hours.off(host, span, world.request(), cancel_hit=chance.random() < 0.5)
            case 1:
                await world.hours.open(host, span, world.request())
            case 2:
                world.clock.advance(timedelta(minutes=chance.choice([1, 3])))
            case 3 | 4 | 5:
                await _takes(world, who, kind, chance, midnight, hold=True)
            case 6:
                after = timedelta(minutes=chance.choice([0, 20]))
                now = await world.database.queries.event_type(kind.organization_id, kind.id)
                await world.changes_type(now, buffer_after=after)
            case 7:
                booking = await _takes(world, who, kind, chance, midnight, hold=False)
                await world.cancels(who, booking)
            case _:
                await _takes(world, who, kind, chance, midnight, hold=False)
    except SchedulingError:
        pass  # not every wish can come true


async def _takes(
    world: World,
    who: Person,
    kind: EventType,
    chance: random.Random,
    midnight: datetime,
    *,
    hold: bool,
) -> Booking:
    free = await world.free(kind, f"{midnight:%Y-%m-%d} 00:00", 3, asker=who)
    start = chance.choice(free or [midnight])
    if hold:
        return await world.holds(who, kind, f"{start:%Y-%m-%d %H:%M}")
    return await world.books(who, kind, start)


@pytest.mark.parametrize("seed", range(12))
async def test_given_any_world_when_every_start_is_tried_then_exactly_what_is_listed_books(
    sqlite_database: Database, clock: FakeClock, seed: int
) -> None:
    world, midnight = await a_random_world(sqlite_database, clock, seed)
    await every_start_is_tried(world, midnight, seed)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 2])
async def test_given_any_world_on_postgresql_when_tried_then_exactly_what_is_listed_books(
    postgres_database: Database, clock: FakeClock, seed: int
) -> None:
    world, midnight = await a_random_world(postgres_database, clock, seed)
    await every_start_is_tried(world, midnight, seed)


async def every_start_is_tried(world: World, midnight: datetime, seed: int) -> None:
    chance = random.Random(seed)
    asker = await world.person("Mia")
    types = await world.database.queries.event_types_of(world.host.organization_id, world.host.id)
    with suppress(SchedulingError):
        await _takes(world, asker, chance.choice(types), chance, midnight, hold=True)
    tried = booked = 0
    for kind in types:
        listed = set(await world.free(kind, f"{midnight:%Y-%m-%d} 00:00", 3, asker=asker))
        grid = {midnight + timedelta(minutes=5 * n) for n in range(12 * 72)}
        others = chance.sample(sorted(grid - listed), 30)
        odd = midnight + timedelta(hours=10, seconds=chance.randrange(1, 60))
        for start in [*chance.sample(sorted(listed), min(len(listed), 25)), *others, odd]:
            refused = await can_book(world, asker, kind, start)
            assert (refused is None) == (start in listed), (start, refused, kind)
            tried, booked = tried + 1, booked + (refused is None)
    assert tried > booked
