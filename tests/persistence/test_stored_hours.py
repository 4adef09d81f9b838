"""Schedules, calendars, openings, time off and event types through the store and the queries."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders.scheduling import CALENDAR, HOST, a_schedule, a_time_off, an_event_type, an_opening
from builders.stored import Stored, a_lesson
from builders.times import at, between, hours
from persistence.database import Database
from scheduling.errors import NotFound
from scheduling.hours import Calendar
from scheduling.ids import (
    DEFAULT_ORGANIZATION,
    CalendarId,
    EventTypeId,
    OpeningId,
    PersonId,
    ScheduleId,
    StartCode,
    TimeOffId,
)
from scheduling.model import Listing, Question
from scheduling.ports import Transaction

NINE = at("2030-01-07 09:00")
NOBODY = PersonId("nobody")


class TestSchedules:
    async def test_given_hours_when_put_then_they_are_read_back_as_they_were(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()
        schedule = a_schedule(
            {0: hours("9-12, 13:30-17"), 6: hours("22-26"), 3: ()},
            zone="Australia/Lord_Howe",
            dated={date(2030, 2, 28): (), date(2032, 2, 29): hours("0-24")},
        )

        await stored.write(lambda tx: tx.hours.put_schedule(schedule))

        assert await stored.write(lambda tx: tx.hours.schedule(schedule.id)) == schedule
        found = await database.queries.schedules(DEFAULT_ORGANIZATION, [schedule.id])
        assert found == [schedule]

    async def test_given_hours_when_put_again_then_they_are_replaced(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()
        schedule = a_schedule("9-17")
        changed = replace(schedule, weekly={0: hours("8-9")}, version=2, name="Mornings")

        await stored.write(lambda tx: tx.hours.put_schedule(schedule))
        await stored.write(lambda tx: tx.hours.put_schedule(changed))

        assert await stored.write(lambda tx: tx.hours.schedule(schedule.id)) == changed

    async def test_given_two_schedules_when_asked_then_the_first_is_the_usual_one(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()
        second = a_schedule("8-9")
        await stored.write(lambda tx: tx.hours.put_schedule(second))

        def read(tx: Transaction) -> tuple[object, object, object]:
            first = tx.hours.default_schedule(HOST)
            assert first is not None
            both = tx.hours.schedules([second.id, first.id])
            return [one.id for one in both], first.id, tx.hours.default_schedule(NOBODY)

        ids, first, nobody = await stored.write(read)
        assert ids == [first, second.id]
        assert nobody is None

    async def test_given_nothing_when_read_then_it_is_not_found(self, database: Database) -> None:
        stored = Stored(database)

        with pytest.raises(NotFound):
            await stored.write(lambda tx: tx.hours.schedule(ScheduleId("x")))
        with pytest.raises(NotFound):
            await stored.write(lambda tx: tx.hours.calendar(CalendarId("x")))
        with pytest.raises(NotFound):
            await stored.write(lambda tx: tx.event_types.get(EventTypeId("x")))


class TestCalendars:
    async def test_given_a_calendar_when_added_then_it_is_read_back(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()
        second = Calendar(CalendarId("second"), HOST, "Choir")

        def work(tx: Transaction) -> tuple[Calendar, Calendar | None, Calendar | None]:
            tx.hours.add_calendar(second)
            return (
                tx.hours.calendar(second.id),
                tx.hours.default_calendar(HOST),
                tx.hours.default_calendar(NOBODY),
            )

        assert await stored.write(work) == (second, Calendar(CALENDAR, HOST, "Mine"), None)

    async def test_given_a_link_when_made_again_then_its_last_day_changes(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()

        def work(tx: Transaction) -> list[date | None]:
            schedule = tx.hours.default_schedule(HOST)
            assert schedule is not None
            ends = [tx.hours.expiry(CALENDAR, schedule.id)]
            for until in (date(2030, 6, 30), None):
                tx.hours.link(CALENDAR, schedule.id, until)
                ends.append(tx.hours.expiry(CALENDAR, schedule.id))
            return ends

        assert await stored.write(work) == [None, date(2030, 6, 30), None]


class TestOneOffs:
    async def test_given_openings_when_asked_for_a_span_then_only_what_overlaps_it_comes(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()
        inside = an_opening(between("2030-01-08 10:00", "2030-01-08 11:00"))
        across = an_opening(between("2030-01-08 07:00", "2030-01-08 09:01"))
        before = an_opening(between("2030-01-08 07:00", "2030-01-08 09:00"))
        after = an_opening(between("2030-01-08 12:00", "2030-01-08 13:00"))

        def work(tx: Transaction) -> list[object]:
            for opening in (inside, across, before, after):
                tx.hours.add_opening(opening)
            return [
                tx.hours.openings(CALENDAR, between("2030-01-08 09:00", "2030-01-08 12:00")),
                tx.hours.remove_opening(inside.id),
                tx.hours.remove_opening(inside.id),
                tx.hours.remove_opening(OpeningId("x")),
                tx.hours.openings(CALENDAR, between("2030-01-08 09:00", "2030-01-08 12:00")),
            ]

        assert await stored.write(work) == [[across, inside], True, False, False, [across]]

    async def test_given_time_off_when_asked_for_a_span_then_only_what_overlaps_it_comes(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()
        week = a_time_off(between("2030-01-07 00:00", "2030-01-14 00:00"))
        later = a_time_off(between("2030-02-07 00:00", "2030-02-14 00:00"))
        day = between("2030-01-08 00:00", "2030-01-09 00:00")

        def work(tx: Transaction) -> list[object]:
            tx.hours.add_time_off(week)
            tx.hours.add_time_off(later)
            return [
                tx.hours.time_off(HOST, day),
                tx.hours.time_off(NOBODY, day),
                tx.hours.remove_time_off(week.id),
                tx.hours.remove_time_off(TimeOffId("x")),
                tx.hours.time_off(HOST, day),
            ]

        assert await stored.write(work) == [[week], [], True, False, []]

    async def test_given_a_coach_when_overlooked_then_what_is_over_is_left_out(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host(until=date(2030, 6, 30))
        over = an_opening(between("2030-01-07 08:00", "2030-01-07 09:00"))
        running = an_opening(between("2030-01-07 08:00", "2030-01-07 09:30"))
        off = a_time_off(between("2030-03-01 00:00", "2030-03-02 00:00"))
        gone = a_time_off(between("2030-01-01 00:00", "2030-01-02 00:00"))

        def put(tx: Transaction) -> None:
            for opening in (over, running):
                tx.hours.add_opening(opening)
            for time_off in (off, gone):
                tx.hours.add_time_off(time_off)

        await stored.write(put)

        overview = await database.queries.hours(DEFAULT_ORGANIZATION, HOST, NINE)

        assert overview is not None
        assert overview.calendar.id == CALENDAR
        assert overview.schedule.weekly[0] == hours("9-17")
        assert overview.expires_on == date(2030, 6, 30)
        assert (overview.openings, overview.time_off) == ((running,), (off,))
        assert await database.queries.hours(DEFAULT_ORGANIZATION, NOBODY, NINE) is None


class TestEventTypes:
    async def test_given_a_type_with_everything_when_added_then_it_is_read_back_whole(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()
        kind = an_event_type(
            code=StartCode("abc23456"),
            title="Solfège 🎼",
            duration=timedelta(minutes=45),
            step=timedelta(minutes=15),
            buffer_before=timedelta(minutes=5),
            buffer_after=timedelta(minutes=10),
            minimum_notice=timedelta(hours=2),
            horizon=timedelta(days=90),
            cap_per_day=4,
            cap_per_week=12,
            capacity=6,
            listing=Listing.LINK,
            place="Room 2",
            video="https://example.org/room",
            description="Bring a pencil",
            approval=True,
            questions=(Question("q1", "Level?", required=True), Question("q2", "Piece?")),
            cut_off=timedelta(hours=12),
            reason_required=True,
            reminders=(timedelta(hours=24),),
        )

        await stored.write(lambda tx: tx.event_types.add(kind))

        queries = database.queries
        assert await stored.write(lambda tx: tx.event_types.get(kind.id)) == kind
        assert await queries.event_type(DEFAULT_ORGANIZATION, kind.id) == kind
        assert await queries.by_code(DEFAULT_ORGANIZATION, StartCode("abc23456")) == kind
        assert await queries.by_code(DEFAULT_ORGANIZATION, StartCode("other")) is None

    async def test_given_a_type_when_updated_then_it_is_newer(self, database: Database) -> None:
        stored, kind = await a_lesson(database)
        changed = replace(kind, title="Renamed", place=None, cap_per_day=1)

        await stored.write(lambda tx: tx.event_types.update(changed))

        now = await database.queries.event_type(DEFAULT_ORGANIZATION, kind.id)
        assert now == replace(changed, version=kind.version + 1)

    async def test_given_types_when_listed_then_they_keep_their_order_and_off_ones_are_hidden(
        self, database: Database
    ) -> None:
        stored, first = await a_lesson(database)
        off = await stored.event_type(listing=Listing.OFF)
        last = await stored.event_type(listing=Listing.LINK)

        shown = await database.queries.event_types_of(DEFAULT_ORGANIZATION, HOST)
        all_of_them = await stored.write(lambda tx: tx.event_types.of_host(HOST))

        assert shown == [first, last]
        assert all_of_them == [first, off, last]

    async def test_given_no_type_when_read_then_it_is_not_found(self, database: Database) -> None:
        with pytest.raises(NotFound):
            await database.queries.event_type(DEFAULT_ORGANIZATION, EventTypeId("x"))
