"""What deciding a start needs: the same rows for the transaction and for the queries."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, update

from builders.scheduling import HOST, STUDENT, a_seat, a_time_off, an_opening
from builders.stored import HOUR, Stored, a_lesson
from builders.times import at, between, minutes
from persistence.database import Database
from persistence.tables import people
from scheduling.errors import NotFound
from scheduling.ids import DEFAULT_ORGANIZATION, BookingId, EventTypeId, OrganizationId, PersonId
from scheduling.model import BookingStatus, EventType, SeatStatus
from scheduling.moments import Interval, seconds
from scheduling.ports import DayBookRows, GroupTime, Transaction

NINE = at("2030-01-07 09:00")
DAY = between("2030-01-09 00:00", "2030-01-10 00:00")
OTHER = PersonId("other student")


async def rows(
    stored: Stored,
    kind: EventType,
    *,
    asker: PersonId | None = STUDENT,
    span: Interval = DAY,
    excluding: BookingId | None = None,
) -> DayBookRows:
    """Return the rows as the transaction reads them, having seen that the queries agree."""

    def read(tx: Transaction) -> DayBookRows:
        return tx.daybook_rows(kind.id, span, asker_id=asker, now=NINE, excluding=excluding)

    inside = await stored.write(read)
    [outside] = await stored.database.queries.daybook_rows(
        stored.organization, [kind.id], span, asker_id=asker, now=NINE, excluding=excluding
    )
    assert inside == outside
    return inside


def span_of(start: str, end: str) -> tuple[int, int]:
    return seconds(at(f"2030-01-09 {start}")), seconds(at(f"2030-01-09 {end}"))


def a_held(name: str, person: PersonId, until: Any) -> dict[str, Any]:
    seat = a_seat(BookingId(name), person_id=person, status=SeatStatus.HELD, expires_at=until)
    return {
        "id": BookingId(name),
        "status": BookingStatus.HELD,
        "expires_at": until,
        "seats": (seat,),
    }


class TestHostAndHours:
    async def test_given_a_host_when_read_then_the_type_hours_and_exceptions_are_there(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host(until=date(2030, 6, 30))
        kind = await stored.event_type()
        opening = an_opening(between("2030-01-09 18:00", "2030-01-09 19:00"))
        off = a_time_off(between("2030-01-08 12:00", "2030-01-09 12:00"))
        elsewhere = an_opening(between("2030-02-09 18:00", "2030-02-09 19:00"))

        def put(tx: Transaction) -> None:
            tx.hours.add_opening(opening)
            tx.hours.add_opening(elsewhere)
            tx.hours.add_time_off(off)

        await stored.write(put)

        found = await rows(stored, kind)

        schedule = await stored.write(lambda tx: tx.hours.default_schedule(HOST))
        assert schedule is not None
        assert found.event_type == kind
        assert found.host_zone == "UTC"
        [head] = found.heads
        assert (head.id, head.version, head.zone) == (schedule.id, 1, "UTC")
        assert head.expires_on == date(2030, 6, 30)
        assert (found.openings, found.time_off) == ((opening,), (off,))

    async def test_given_the_host_when_asking_then_that_is_said(self, database: Database) -> None:
        stored, kind = await a_lesson(database)

        assert (await rows(stored, kind, asker=HOST)).asker_is_host
        assert not (await rows(stored, kind)).asker_is_host
        assert not (await rows(stored, kind, asker=None)).asker_is_host

    async def test_given_several_types_when_read_then_they_come_in_the_order_asked(
        self, database: Database
    ) -> None:
        stored, first = await a_lesson(database)
        second = await stored.event_type()
        asked = [second.id, EventTypeId("none"), first.id]

        found = await database.queries.daybook_rows(
            DEFAULT_ORGANIZATION, asked, DAY, asker_id=None, now=NINE
        )

        assert [one.event_type.id for one in found] == [second.id, first.id]

    async def test_given_no_such_type_when_deciding_then_it_is_not_found(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)

        with pytest.raises(NotFound):
            await rows(stored, replace(kind, id=EventTypeId("none")))

        elsewhere = await database.queries.daybook_rows(
            OrganizationId("other"), [kind.id], DAY, asker_id=None, now=NINE
        )
        assert elsewhere == []


class TestBusy:
    async def test_given_bookings_when_read_then_their_occupied_spans_are_busy(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)
        occupied = Interval(booking.time.start - minutes(10), booking.time.end + minutes(15))
        await stored.write(lambda tx: tx.bookings.claim(booking, occupied, None))

        assert (await rows(stored, kind)).busy == (span_of("09:50", "11:15"),)

    async def test_given_one_left_out_when_read_then_its_time_is_free(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)

        assert (await rows(stored, kind, excluding=booking.id)).busy == ()

    async def test_given_holds_when_read_then_live_ones_of_others_are_busy(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.student(OTHER)
        await stored.booking(kind, "2030-01-09 09:00", **a_held("over", OTHER, NINE))
        await stored.booking(kind, "2030-01-09 10:00", **a_held("theirs", OTHER, NINE + HOUR))
        await stored.booking(kind, "2030-01-09 11:00", **a_held("mine", STUDENT, NINE + HOUR))

        assert (await rows(stored, kind)).busy == (span_of("10:00", "11:00"),)

    async def test_given_a_cancelled_one_when_its_time_is_kept_for_undo_then_it_is_busy(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        kept = await stored.booking(kind)
        over = await stored.booking(kind, "2030-01-09 12:00")

        def cancel(tx: Transaction) -> None:
            for booking, until in ((kept, NINE + minutes(10)), (over, NINE)):
                tx.bookings.update(replace(booking, status=BookingStatus.CANCELLED))
                tx.bookings.claim_until(booking.id, until)

        await stored.write(cancel)

        assert (await rows(stored, kind)).busy == (span_of("10:00", "11:00"),)

    async def test_given_a_host_who_attends_elsewhere_when_read_then_they_are_busy(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.host("second", "second calendar")
        theirs = BookingId("theirs")
        await stored.booking(
            kind,
            "2030-01-09 14:00",
            id=theirs,
            host_id=PersonId("second"),
            seats=(a_seat(theirs, person_id=HOST),),
        )

        assert (await rows(stored, kind)).busy == (span_of("14:00", "15:00"),)

    async def test_given_another_day_when_read_then_it_is_not_in_the_rows(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind, "2030-01-12 10:00")

        assert (await rows(stored, kind)).busy == ()


class TestGroups:
    async def test_given_a_group_when_read_then_its_time_can_be_joined(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database, capacity=3)
        await stored.student(OTHER)
        group = await stored.booking(kind)
        await stored.write(
            lambda tx: tx.bookings.put_seat(
                a_seat(group.id, person_id=OTHER, status=SeatStatus.HELD, expires_at=NINE + HOUR)
            )
        )
        begin, end = span_of("10:00", "11:00")

        by_student = await rows(stored, kind)
        by_holder = await rows(stored, kind, asker=OTHER)
        by_nobody = await rows(stored, kind, asker=None)

        assert by_student.groups == (GroupTime(group.id, begin, end, 2, 3, True),)
        assert by_holder.groups == (GroupTime(group.id, begin, end, 1, 3, False),)
        assert by_nobody.groups == (GroupTime(group.id, begin, end, 2, 3, False),)
        assert by_student.busy == ((begin, end),)

    async def test_given_another_types_group_when_read_then_it_is_only_busy(
        self, database: Database
    ) -> None:
        stored, group_type = await a_lesson(database, capacity=3)
        single = await stored.event_type()
        await stored.booking(group_type)

        found = await rows(stored, single)

        assert (found.busy, found.groups) == ((span_of("10:00", "11:00"),), ())


class TestCaps:
    async def test_given_no_cap_when_read_then_starts_are_not_even_counted(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind)

        assert (await rows(stored, kind)).starts == ()

    async def test_given_a_cap_when_read_then_what_counts_comes_from_eight_days_around(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database, cap_per_week=5)
        await stored.student(OTHER)
        other_type = await stored.event_type()
        await stored.booking(kind, "2030-01-09 10:00")
        await stored.booking(other_type, "2030-01-16 10:00", status=BookingStatus.PENDING)
        await stored.booking(kind, "2030-01-02 10:00", status=BookingStatus.COMPLETED)
        await stored.booking(kind, "2030-01-09 12:00", status=BookingStatus.CANCELLED)
        await stored.booking(kind, "2030-01-25 10:00")
        await stored.booking(kind, "2030-01-09 13:00", **a_held("mine", STUDENT, NINE + HOUR))
        await stored.booking(kind, "2030-01-09 14:00", **a_held("theirs", OTHER, NINE + HOUR))
        await stored.booking(kind, "2030-01-09 15:00", **a_held("over", OTHER, NINE))

        found = await rows(stored, kind)

        assert sorted(found.starts) == [
            (seconds(at("2030-01-02 10:00")), kind.id),
            (seconds(at("2030-01-09 10:00")), kind.id),
            (seconds(at("2030-01-09 14:00")), kind.id),
            (seconds(at("2030-01-16 10:00")), other_type.id),
        ]

    async def test_given_a_cap_of_the_host_when_read_then_it_is_told(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind)

        def cap(connection: Connection) -> None:
            connection.execute(
                update(people).where(people.c.id == HOST).values(cap_per_day=3, cap_per_week=9)
            )

        await database.writer.run(cap)

        found = await rows(stored, kind)
        assert (found.host_cap_per_day, found.host_cap_per_week) == (3, 9)
        assert len(found.starts) == 1


class TestAsker:
    async def test_given_bookings_of_the_asker_when_read_then_live_ones_to_come_are_counted(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind, "2030-01-07 08:30")
        await stored.booking(kind, "2030-03-07 10:00", status=BookingStatus.PENDING)
        await stored.booking(kind, "2030-01-07 07:00")
        await stored.booking(kind, "2030-01-08 10:00", status=BookingStatus.CANCELLED)
        await stored.booking(kind, "2030-01-08 11:00", **a_held("mine", STUDENT, NINE + HOUR))

        assert (await rows(stored, kind)).asker_coming == 2
        assert (await rows(stored, kind, asker=OTHER)).asker_coming == 0
        assert (await rows(stored, kind, asker=None)).asker_coming == 0
