"""Races run for real: whoever presses at the same instant, exactly one gets the time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from builders.people import acting
from builders.scheduling import a_schedule
from builders.times import at, between
from doubles import FakeClock
from persistence.database import Database
from scheduling.errors import BookingChanged, HoldGone, SchedulingError, SlotTaken
from scheduling.model import Booking, EventType
from scheduling.people import Person
from world import World

CALLERS = 60
ROUNDS = 50


@pytest.mark.slow
async def test_given_sixty_callers_on_times_that_share_an_instant_when_they_race_then_one_wins(
    database: Database, clock: FakeClock
) -> None:
    world = await World.begin(database, clock, schedule=a_schedule("0-24"))
    people = [await world.person(f"P{number:02}") for number in range(CALLERS)]
    long = await world.offers(step=timedelta(minutes=15))
    short = await world.offers(duration=timedelta(minutes=30), step=timedelta(minutes=15))
    won: list[Booking] = []
    lost: list[SlotTaken] = []

    for number in range(ROUNDS):
        # All of them hold the instant a quarter past: equal ones, and ones that overlap partly.
        noon = at("2030-01-08 00:15") + timedelta(hours=6 * number)
        tries = [(long, noon - timedelta(minutes=15 * (n % 4))) for n in range(0, CALLERS, 2)]
        people.append(people.pop(0))  # so that nobody wins more than one person may have
        tries += [(short, noon - timedelta(minutes=15 * (n % 2))) for n in range(1, CALLERS, 2)]
        results = await asyncio.gather(
            *(
                world.books(person, kind, start)
                for person, (kind, start) in zip(people, tries, strict=True)
            ),
            return_exceptions=True,
        )
        won += [result for result in results if isinstance(result, Booking)]
        lost += [result for result in results if isinstance(result, SlotTaken)]

    assert len(won) == ROUNDS
    assert len(lost) == ROUNDS * (CALLERS - 1)
    assert await world.overlaps() == 0
    assert all(len(refused.alternatives) == 3 for refused in lost)
    taken = {booking.time.start for booking in won}
    assert not any(taken & set(refused.alternatives) for refused in lost[-CALLERS:])


class Pair:
    """Two that want the same, on a time of their own in every round."""

    def __init__(self, world: World, lesson: EventType, mia: Person, leo: Person) -> None:
        self.world, self.lesson, self.mia, self.leo = world, lesson, mia, leo

    async def booked(self, start: datetime) -> Booking:
        return await self.world.books(self.mia, self.lesson, start)


Scene = Callable[[Pair, datetime], Awaitable[list[Awaitable[object]]]]


async def move_and_move(pair: Pair, start: datetime) -> list[Awaitable[object]]:
    booking, world = await pair.booked(start), pair.world
    to = [f"{start + timedelta(hours=hours):%Y-%m-%d %H:%M}" for hours in (1, 2)]
    return [
        world.moves(pair.mia, booking, to[0], seen_version=booking.version),
        world.moves(world.host, booking, to[1], seen_version=booking.version),
    ]


async def move_and_cancel(pair: Pair, start: datetime) -> list[Awaitable[object]]:
    booking, world = await pair.booked(start), pair.world
    to = f"{start + timedelta(hours=1):%Y-%m-%d %H:%M}"
    return [
        world.moves(pair.mia, booking, to, seen_version=booking.version),
        world.cancels(world.host, booking, seen_version=booking.version),
    ]


async def cancel_and_cancel(pair: Pair, start: datetime) -> list[Awaitable[object]]:
    booking, world = await pair.booked(start), pair.world
    return [world.cancels(pair.mia, booking), world.cancels(world.host, booking)]


async def move_and_book(pair: Pair, start: datetime) -> list[Awaitable[object]]:
    booking, world = await pair.booked(start), pair.world
    target = start + timedelta(hours=1)
    return [
        world.moves(pair.mia, booking, f"{target:%Y-%m-%d %H:%M}"),
        world.books(pair.leo, pair.lesson, target),
    ]


async def confirm_and_confirm(pair: Pair, start: datetime) -> list[Awaitable[object]]:
    world = pair.world
    held = await world.holds(pair.mia, pair.lesson, f"{start:%Y-%m-%d %H:%M}")
    return [world.confirms(pair.mia, held), world.confirms(pair.mia, held)]


async def confirm_and_hold(pair: Pair, start: datetime) -> list[Awaitable[object]]:
    world, text = pair.world, f"{start:%Y-%m-%d %H:%M}"
    held = await world.holds(pair.mia, pair.lesson, text)
    return [world.confirms(pair.mia, held), world.holds(pair.leo, pair.lesson, text)]


async def off_and_book(pair: Pair, start: datetime) -> list[Awaitable[object]]:
    world = pair.world
    end = start + timedelta(hours=1)
    day = between(f"{start:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}")
    closing = world.hours.off(acting(world.host), day, world.request(), cancel_hit=True)
    return [closing, world.books(pair.leo, pair.lesson, start)]


SCENES: list[Scene] = [
    move_and_move,
    move_and_cancel,
    cancel_and_cancel,
    move_and_book,
    confirm_and_confirm,
    confirm_and_hold,
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_given_two_that_exclude_each_other_when_they_race_then_one_is_refused_by_name(
    both_world: World, scene: Scene
) -> None:
    world = both_world
    lesson = await world.offers()
    pair = Pair(world, lesson, await world.person("Mia"), await world.person("Leo"))

    for day in range(8):
        rivals = await scene(pair, at("2030-01-08 10:00") + timedelta(days=day))
        results = await asyncio.gather(*rivals, return_exceptions=True)

        refused = [result for result in results if isinstance(result, BaseException)]
        assert len(refused) == 1, results
        assert isinstance(refused[0], SlotTaken | BookingChanged | HoldGone), refused

    assert await world.overlaps() == 0


async def test_given_time_off_that_cancels_when_a_booking_races_it_then_none_is_left_inside(
    both_world: World,
) -> None:
    world = both_world
    lesson = await world.offers()
    pair = Pair(world, lesson, await world.person("Mia"), await world.person("Leo"))

    for day in range(8):
        rivals = await off_and_book(pair, at("2030-01-08 10:00") + timedelta(days=day))
        results = await asyncio.gather(*rivals, return_exceptions=True)
        unknown = [
            result
            for result in results
            if isinstance(result, BaseException) and not isinstance(result, SchedulingError)
        ]
        assert unknown == []

    (row,) = await world.rows("SELECT count(*) AS live FROM bookings WHERE status = 'confirmed'")
    assert row["live"] == 0


async def test_given_the_last_seats_when_many_want_one_then_no_more_sit_than_there_are(
    both_world: World,
) -> None:
    world = both_world
    group = await world.offers(capacity=5)
    people = [await world.person(f"P{number}") for number in range(20)]

    results = await asyncio.gather(
        *(world.books(person, group, "2030-01-09 10:00") for person in people),
        return_exceptions=True,
    )

    booked = [result for result in results if isinstance(result, Booking)]
    assert len(booked) == 5
    assert len({booking.id for booking in booked}) == 1
    assert (await world.read(booked[0])).booking.seats_used == 5
    assert sum(isinstance(result, SlotTaken) for result in results) == 15


async def test_given_the_same_press_when_delivered_at_once_then_it_has_one_effect(
    both_world: World,
) -> None:
    world = both_world
    mia, lesson = await world.person("Mia"), await world.offers()
    press = world.request("press")

    bookings = await asyncio.gather(
        *(world.books(mia, lesson, "2030-01-09 10:00", request_id=press) for _ in range(5))
    )

    assert len({booking.id for booking in bookings}) == 1
    assert await world.told("booked") == [("Ana Ruiz", "booked"), ("Mia", "booked")]


async def test_given_two_coaches_who_book_each_other_when_they_race_then_nobody_waits_for_ever(
    both_world: World,
) -> None:
    world = both_world
    lesson = await world.offers()
    ida, coaching = await world.coach_with_type("Ida Berg")

    for day in range(10):
        start = at("2030-01-08 10:00") + timedelta(days=day)
        results = await asyncio.gather(
            world.books(ida, lesson, start),
            world.books(world.host, coaching, start),
            return_exceptions=True,
        )
        # Each one's seat is the other's busy time: behind both locks only one can come first.
        assert sum(isinstance(result, Booking) for result in results) == 1, results
        assert sum(isinstance(result, SlotTaken) for result in results) == 1, results
