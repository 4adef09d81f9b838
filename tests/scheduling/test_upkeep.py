from datetime import date, timedelta

import pytest

from builders.people import acting
from builders.scheduling import a_schedule
from builders.times import at, between
from doubles import FakeClock
from persistence.database import Database
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.model import Booking, BookingStatus
from scheduling.moments import seconds, zone_data_version
from world import World

VANCOUVER = "America/Vancouver"
HOUR = timedelta(hours=1)


class TestCompletion:
    async def test_given_a_booking_when_it_ends_then_it_is_completed_once(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, "2030-01-07 10:00")
        world.clock.set(at("2030-01-07 10:59:59"))
        assert await world.upkeep.complete_ended() == 0

        world.clock.set(at("2030-01-07 11:00"))

        assert [await world.upkeep.complete_ended() for _ in range(2)] == [1, 0]
        assert (await world.read(booking)).booking.status is BookingStatus.COMPLETED
        assert await world.told("reminder") == []
        assert await world.audited(booking.id) == ["booked", "completed"]

    async def test_given_a_buffer_after_when_completed_then_it_is_still_the_hosts(
        self, world: World
    ) -> None:
        mia = await world.person("Mia")
        lesson = await world.offers(buffer_after=timedelta(minutes=30), step=timedelta(minutes=15))
        await world.books(mia, lesson, "2030-01-07 10:00")
        world.clock.set(at("2030-01-07 11:00"))
        await world.upkeep.complete_ended()

        assert (await world.free(lesson))[0] == at("2030-01-07 11:30")


class TestExpiry:
    async def test_given_much_that_is_over_when_swept_then_each_ends_once(
        self, both_world: World
    ) -> None:
        world = both_world
        people = [await world.person(f"P{n}") for n in range(3)]
        lesson, asked = await world.offers(), await world.offers(approval=True)
        await world.holds(people[0], lesson, "2030-01-09 10:00")
        await world.books(people[1], asked, "2030-01-09 11:00")
        await world.cancels(people[2], await world.books(people[2], lesson, "2030-01-09 12:00"))
        world.clock.advance(timedelta(days=1))

        assert [await world.upkeep.expire_overdue() for _ in range(2)] == [3, 0]

        (spans,) = await world.rows("SELECT count(*) AS left_over FROM occupied_spans")
        assert spans["left_over"] == 0


class TestHoursExpiring:
    async def test_given_hours_that_end_within_a_week_when_announced_then_the_coach_hears_once(
        self, both_world: World
    ) -> None:
        world = both_world
        line = parse_hours_line("mon-fri 9-17 until 20 jan", today=date(2030, 1, 7))
        await world.hours.save(acting(world.host), line, world.request())
        assert await world.upkeep.announce_expiring_hours() == 0
        world.clock.set(at("2030-01-13 12:00"))

        for _ in range(2):
            await world.upkeep.announce_expiring_hours()

        (told,) = await world.planned("hours_expiring")
        assert (told.person, told.payload) == ("Ana Ruiz", {"until": "2030-01-20"})
        world.clock.set(at("2030-01-21 12:00"))
        assert await world.upkeep.announce_expiring_hours() == 0


async def made_under_old_rules(world: World, booking: Booking, wall: str) -> None:
    """Let a booking look as if it had been made at this wall time under other zone rules."""
    await world.write_sql(
        f"UPDATE bookings SET zone_data = 'old', host_wall = '{wall}'"  # noqa: S608
        f" WHERE id = '{booking.id}'"
    )


@pytest.fixture
async def vancouver(database: Database, clock: FakeClock) -> World:
    """A host in Vancouver who is there all day and night."""
    hours = a_schedule("0-24", zone=VANCOUVER)
    return await World.begin(database, clock, schedule=hours, zone=VANCOUVER)


class TestZoneRules:
    async def test_given_new_rules_when_followed_then_bookings_keep_the_hosts_wall_time(
        self, vancouver: World
    ) -> None:
        world = vancouver
        mia, lesson = await world.person("Mia"), await world.offers()
        start = at("2030-01-15 10:00", VANCOUVER)
        booking = await world.books(mia, lesson, start)
        await world.sends_file(booking)
        await made_under_old_rules(world, booking, "2030-01-15T11:00")
        await world.forgets_news()

        assert await world.upkeep.follow_zone_data() == 1

        now = (await world.read(booking)).booking
        assert now.time == between("2030-01-15 11:00", "2030-01-15 12:00", VANCOUVER)
        assert (now.host_wall, now.zone_data) == ("2030-01-15T11:00", zone_data_version())
        assert (now.uid, now.sequence) == (booking.uid, 1)
        told = await world.planned("zone_rules_changed")
        assert [(p.person, p.payload["was"]) for p in told] == [
            ("Ana Ruiz", seconds(start)),
            ("Mia", seconds(start)),
        ]
        first, *_ = await world.planned("reminder")
        assert first.due == start + HOUR - timedelta(days=1)
        free = await world.free(lesson, "2030-01-15 00:00", 2)
        assert start in free
        assert start + HOUR not in free

    async def test_given_rules_that_were_followed_when_started_again_then_nothing_happens(
        self, vancouver: World
    ) -> None:
        world = vancouver
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, at("2030-01-15 10:00", VANCOUVER))
        await made_under_old_rules(world, booking, "2030-01-15T10:00")
        await world.forgets_news()

        assert [await world.upkeep.follow_zone_data() for _ in range(2)] == [0, 0]

        now = (await world.read(booking)).booking
        assert (now.time, now.zone_data, now.version) == (
            booking.time,
            zone_data_version(),
            booking.version,
        )
        assert await world.told() == []

    async def test_given_bookings_in_a_row_when_all_move_by_an_hour_then_none_meets_another(
        self, vancouver: World
    ) -> None:
        world = vancouver
        mia, lesson = await world.person("Mia"), await world.offers()
        bookings = []
        for hour in (10, 11, 12):
            start = at(f"2030-01-15 {hour}:00", VANCOUVER)
            booking = await world.books(mia, lesson, start)
            await made_under_old_rules(world, booking, f"2030-01-15T{hour + 1}:00")
            bookings.append(booking)

        assert await world.upkeep.follow_zone_data() == 3

        now = [(await world.read(booking)).booking for booking in bookings]
        assert [b.time.start - old.time.start for b, old in zip(now, bookings, strict=True)] == [
            HOUR
        ] * 3
        assert await world.overlaps() == 0

    async def test_given_one_that_would_clash_when_followed_then_it_stays_and_the_host_is_told(
        self, vancouver: World
    ) -> None:
        world = vancouver
        mia, lesson = await world.person("Mia"), await world.offers()
        fixed = await world.books(mia, lesson, at("2030-01-15 12:00", VANCOUVER))
        before_it = await world.books(mia, lesson, at("2030-01-15 11:00", VANCOUVER))
        first = await world.books(mia, lesson, at("2030-01-15 10:00", VANCOUVER))
        await made_under_old_rules(world, before_it, "2030-01-15T12:00")
        await made_under_old_rules(world, first, "2030-01-15T11:00")
        await world.forgets_news()

        assert await world.upkeep.follow_zone_data() == 2

        for booking in (fixed, before_it, first):
            assert (await world.read(booking)).booking.time == booking.time
        told = await world.planned("zone_rules_changed")
        assert [(p.person, p.payload["kept"]) for p in told] == [("Ana Ruiz", 1), ("Ana Ruiz", 1)]
        assert (await world.read(first)).booking.host_wall == "2030-01-15T10:00"
        assert await world.upkeep.follow_zone_data() == 0

    async def test_given_a_time_kept_for_an_undo_when_in_the_way_then_the_booking_stays(
        self, vancouver: World
    ) -> None:
        world = vancouver
        mia, lesson = await world.person("Mia"), await world.offers()
        gone = await world.books(mia, lesson, at("2030-01-15 11:00", VANCOUVER))
        booking = await world.books(mia, lesson, at("2030-01-15 10:00", VANCOUVER))
        await made_under_old_rules(world, booking, "2030-01-15T11:00")
        await world.cancels(mia, gone)

        assert await world.upkeep.follow_zone_data() == 1

        assert (await world.read(booking)).booking.time == booking.time
