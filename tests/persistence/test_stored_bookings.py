"""Bookings, seats and claims through the store and the queries."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from builders.scheduling import HOST, STUDENT, a_booking, a_seat
from builders.stored import HOUR, Stored, a_lesson
from builders.times import at, between, minutes
from persistence.database import Database
from persistence.tables import occupied_spans
from scheduling.errors import NotFound, SlotTaken
from scheduling.ids import DEFAULT_ORGANIZATION, BookingId, OrganizationId, PersonId
from scheduling.model import Booking, BookingStatus, SeatStatus
from scheduling.moments import Interval
from scheduling.ports import Transaction

NINE = at("2030-01-07 09:00")
TEN = at("2030-01-09 10:00")
OTHER = PersonId("other student")


def held(until: Any, person: PersonId = STUDENT) -> dict[str, Any]:
    """Return what makes a booking one held by a person until then."""
    booking_id = BookingId(f"held {person} {until}")
    seat = a_seat(booking_id, person_id=person, status=SeatStatus.HELD, expires_at=until)
    return {
        "id": booking_id,
        "status": BookingStatus.HELD,
        "expires_at": until,
        "seats": (seat,),
    }


async def read(stored: Stored, booking_id: BookingId) -> Booking:
    return await stored.write(lambda tx: tx.bookings.get(booking_id))


async def has_claim(stored: Stored, booking: Booking) -> bool:
    """Say whether a span is occupied by the booking."""
    spans = select(occupied_spans.c.starts_at).where(occupied_spans.c.booking_id == booking.id)
    return await stored.database.reader.first(spans) is not None


def ids(bookings: list[Booking]) -> set[BookingId]:
    return {booking.id for booking in bookings}


class TestBookings:
    async def test_given_a_booking_with_everything_when_added_then_both_sides_read_it_whole(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database, capacity=3)
        await stored.student(OTHER, "Ola")
        booking = a_booking(
            event_type_id=kind.id,
            place="Room 2",
            video="https://example.org",
            capacity=3,
            sequence=2,
            plan_revision=4,
            version=7,
            expires_at=NINE + HOUR,
            cancelled_by=HOST,
            reason="ill",
            undo_until=NINE + minutes(10),
            moved_from=between("2030-01-08 10:00", "2030-01-08 11:00"),
            files_sent=True,
        )
        seats = (
            a_seat(booking.id, answers=(("q1", "Grade 3 🎹"), ("q2", ""))),
            a_seat(booking.id, person_id=OTHER, coming=True, late_by=minutes(5), cleared=True),
        )
        booking = replace(booking, seats=seats)

        await stored.write(lambda tx: tx.bookings.add(booking))

        details = await database.queries.booking(DEFAULT_ORGANIZATION, booking.id)
        assert await read(stored, booking.id) == booking
        assert details.booking == booking
        assert (details.event_type, details.host.id) == (kind, HOST)
        assert [person.id for person in details.people] == [STUDENT, OTHER]

    async def test_given_a_booking_when_updated_then_its_row_changes_and_its_seats_stay(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)
        changed = replace(
            booking,
            status=BookingStatus.CANCELLED,
            time=Interval(TEN + HOUR, TEN + HOUR * 2),
            version=2,
            seats=(),
        )

        await stored.write(lambda tx: tx.bookings.update(changed))

        assert await read(stored, booking.id) == replace(changed, seats=booking.seats)

    async def test_given_seats_when_put_then_new_ones_come_last_and_known_ones_change(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database, capacity=3)
        await stored.student(OTHER)
        booking = await stored.booking(kind)
        [first] = booking.seats
        left = replace(first, status=SeatStatus.CANCELLED)
        second = a_seat(booking.id, person_id=OTHER)

        def put(tx: Transaction) -> None:
            tx.bookings.put_seat(second)
            tx.bookings.put_seat(left)

        await stored.write(put)

        assert (await read(stored, booking.id)).seats == (left, second)

    async def test_given_nothing_when_read_then_it_is_not_found(self, database: Database) -> None:
        with pytest.raises(NotFound):
            await read(Stored(database), BookingId("x"))
        with pytest.raises(NotFound):
            await database.queries.booking(DEFAULT_ORGANIZATION, BookingId("x"))

    async def test_given_another_organization_when_read_then_it_is_not_found(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)

        with pytest.raises(NotFound):
            await database.queries.booking(OrganizationId("other"), booking.id)


class TestClaims:
    async def test_given_a_taken_time_when_claimed_then_it_is_refused_and_the_rest_can_go_on(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind)
        late = a_booking(event_type_id=kind.id, uid="late")

        def work(tx: Transaction) -> str:
            tx.bookings.add(late)
            with pytest.raises(SlotTaken):
                tx.bookings.claim(late, Interval(TEN + minutes(59), TEN + HOUR * 2), None)
            return tx.bookings.get(late.id).uid

        assert await stored.write(work) == "late"

    @pytest.mark.parametrize(
        ("start", "end"),
        [("09:00", "10:00"), ("11:00", "12:00")],
        ids=["ends where it begins", "begins where it ends"],
    )
    async def test_given_a_taken_time_when_its_neighbour_is_claimed_then_both_stand(
        self, database: Database, start: str, end: str
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind)

        beside = await stored.booking(
            kind, time=between(f"2030-01-09 {start}", f"2030-01-09 {end}")
        )

        assert await has_claim(stored, beside)

    async def test_given_another_host_when_the_same_time_is_claimed_then_both_stand(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind)
        await stored.host("second", "second calendar")

        other = await stored.booking(kind, host_id=PersonId("second"))

        assert await has_claim(stored, other)

    async def test_given_a_claim_when_made_again_then_it_moves_over_itself(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)
        half_later = Interval(TEN + minutes(30), TEN + minutes(90))

        await stored.write(lambda tx: tx.bookings.claim(booking, half_later, None))

        await stored.booking(kind, "2030-01-09 09:30")
        with pytest.raises(SlotTaken):
            await stored.booking(kind, "2030-01-09 11:00")

    async def test_given_a_claim_when_moved_onto_another_then_it_stays_where_it_was(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)
        await stored.booking(kind, "2030-01-09 12:00")

        with pytest.raises(SlotTaken):
            await stored.write(
                lambda tx: tx.bookings.claim(
                    booking, between("2030-01-09 12:30", "2030-01-09 13:30"), None
                )
            )

        with pytest.raises(SlotTaken):
            await stored.booking(kind, "2030-01-09 10:30")

    async def test_given_a_released_time_when_claimed_then_it_is_free(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)

        await stored.write(lambda tx: tx.bookings.release(booking.id))

        assert not await has_claim(stored, booking)
        await stored.booking(kind)

    async def test_given_a_claim_past_its_end_when_its_time_is_claimed_then_it_still_refuses(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind, **held(NINE - HOUR))

        with pytest.raises(SlotTaken):
            await stored.booking(kind)

    async def test_given_a_claim_when_its_end_is_set_then_its_span_stays(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind, status=BookingStatus.CONFIRMED)
        gone = replace(booking, status=BookingStatus.CANCELLED)

        def work(tx: Transaction) -> list[Any]:
            tx.bookings.update(gone)
            return [
                tx.bookings.claim_until(booking.id, NINE),
                tx.bookings.claim_until(BookingId("x"), NINE),
                [kept.id for kept in tx.bookings.overdue(NINE, None, 10)],
                tx.bookings.claim_until(booking.id, None),
                tx.bookings.overdue(NINE, None, 10),
            ]

        assert await stored.write(work) == [True, False, [booking.id], True, []]
        with pytest.raises(SlotTaken):
            await stored.booking(kind, "2030-01-09 10:30")


class TestWhatIsOver:
    async def test_given_holds_and_requests_when_swept_then_those_past_their_end_are_found(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        over = await stored.booking(kind, "2030-01-09 10:00", **held(NINE))
        await stored.booking(kind, "2030-01-09 11:00", **held(NINE + minutes(1)))
        request = await stored.booking(
            kind, "2030-01-09 12:00", status=BookingStatus.PENDING, expires_at=NINE - HOUR
        )
        await stored.booking(kind, "2030-01-09 13:00")

        def work(tx: Transaction) -> list[list[Booking]]:
            return [
                tx.bookings.overdue(NINE, None, 10),
                tx.bookings.overdue(NINE, [HOST], 10),
                tx.bookings.overdue(NINE, [PersonId("nobody")], 10),
                tx.bookings.overdue(NINE, [], 10),
            ]

        everybody, hosts, nobody, none = await stored.write(work)
        assert ids(everybody) == ids(hosts) == {over.id, request.id}
        assert everybody[0].seats, "with their seats"
        assert nobody == none == []
        assert len(await stored.write(lambda tx: tx.bookings.overdue(NINE, None, 1))) == 1

    async def test_given_a_group_when_swept_then_single_held_seats_past_their_end_are_found(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database, capacity=3)
        await stored.student(OTHER)
        group = await stored.booking(kind)
        over = a_seat(group.id, person_id=OTHER, status=SeatStatus.HELD, expires_at=NINE)
        await stored.write(lambda tx: tx.bookings.put_seat(over))
        # The only seat of a booking that is itself over is the booking's affair.
        await stored.booking(kind, "2030-01-09 12:00", **held(NINE))

        def work(tx: Transaction) -> list[Any]:
            return [
                tx.bookings.overdue_seats(NINE, None, 10),
                tx.bookings.overdue_seats(NINE, [HOST], 10),
                tx.bookings.overdue_seats(NINE, [PersonId("nobody")], 10),
                tx.bookings.overdue_seats(NINE - minutes(1), None, 10),
            ]

        assert await stored.write(work) == [[over], [over], [], []]

    async def test_given_bookings_when_the_time_passes_then_confirmed_ones_have_ended(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        first = await stored.booking(kind, "2030-01-07 08:00")
        second = await stored.booking(kind, "2030-01-07 07:00")
        await stored.booking(kind, "2030-01-07 06:00", status=BookingStatus.COMPLETED)
        await stored.booking(kind, "2030-01-07 09:00")

        def work(tx: Transaction) -> list[list[BookingId]]:
            ended = tx.bookings.ended(NINE, 10)
            return [[b.id for b in ended], [b.id for b in tx.bookings.ended(NINE, 1)]]

        assert await stored.write(work) == [[second.id, first.id], [second.id]]


class TestLooking:
    async def test_given_holds_when_asked_whose_then_only_that_persons_come(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.student(OTHER)
        mine = await stored.booking(kind, "2030-01-09 10:00", **held(NINE + HOUR))
        await stored.booking(kind, "2030-01-09 11:00", **held(NINE + HOUR, OTHER))
        await stored.booking(kind, "2030-01-09 12:00")

        found = await stored.write(lambda tx: tx.bookings.held_by(STUDENT))

        assert ids(found) == {mine.id}

    async def test_given_times_when_one_is_looked_up_then_it_must_be_live(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind, status=BookingStatus.CANCELLED)
        live = await stored.booking(kind)

        def work(tx: Transaction) -> list[Booking | None]:
            return [
                tx.bookings.live_at(kind.id, TEN),
                tx.bookings.live_at(kind.id, TEN + minutes(1)),
            ]

        assert await stored.write(work) == [live, None]

    async def test_given_a_span_when_looked_through_then_what_overlaps_it_comes_by_start(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        second = await stored.booking(kind, "2030-01-09 11:00")
        first = await stored.booking(kind, "2030-01-09 10:00", **held(NINE + HOUR))
        await stored.booking(kind, "2030-01-09 09:00")
        await stored.booking(kind, "2030-01-09 12:00")
        await stored.booking(kind, "2030-01-09 10:00", status=BookingStatus.CANCELLED)
        span = between("2030-01-09 10:00", "2030-01-09 11:30")

        found = await stored.write(lambda tx: tx.bookings.live_of_host(HOST, span))
        hosted = await database.queries.hosted(DEFAULT_ORGANIZATION, HOST, span)

        assert [booking.id for booking in found] == [first.id, second.id]
        assert [details.booking.id for details in hosted] == [second.id], "no holds"

    async def test_given_bookings_when_asked_what_comes_then_it_has_not_begun(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind, "2030-01-07 09:00")
        later = await stored.booking(kind, "2030-01-07 11:00", status=BookingStatus.PENDING)
        soon = await stored.booking(kind, "2030-01-07 10:00")
        await stored.booking(kind, "2030-01-07 12:00", **held(NINE + HOUR))

        def work(tx: Transaction) -> list[list[BookingId]]:
            asked = (None, [HOST], [PersonId("nobody")])
            return [[b.id for b in tx.bookings.coming(hosts, NINE)] for hosts in asked]

        assert await stored.write(work) == [[soon.id, later.id], [soon.id, later.id], []]

    async def test_given_bookings_made_when_counted_then_only_the_persons_recent_ones_count(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind, created_at=NINE)
        await stored.booking(kind, "2030-01-09 11:00", created_at=NINE - HOUR)

        def work(tx: Transaction) -> list[int]:
            return [
                tx.bookings.holds_since(STUDENT, NINE - HOUR),
                tx.bookings.holds_since(STUDENT, NINE),
                tx.bookings.holds_since(HOST, NINE - HOUR),
            ]

        assert await stored.write(work) == [2, 1, 0]


class TestOwnLists:
    async def test_given_bookings_when_listed_then_live_ones_that_have_not_ended_come_by_start(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.student(OTHER)
        running = await stored.booking(kind, "2030-01-07 08:30")
        later = await stored.booking(kind, "2030-01-08 10:00", status=BookingStatus.PENDING)
        await stored.booking(kind, "2030-01-08 11:00", **held(NINE + HOUR))
        await stored.booking(kind, "2030-01-08 12:00", status=BookingStatus.CANCELLED)
        await stored.booking(
            kind,
            "2030-01-08 13:00",
            seats=(a_seat(BookingId("theirs"), person_id=OTHER),),
            id="theirs",
        )
        await stored.booking(kind, "2030-01-07 07:00", status=BookingStatus.COMPLETED)

        found = await database.queries.bookings_of(DEFAULT_ORGANIZATION, STUDENT, now=NINE)
        first = await database.queries.bookings_of(DEFAULT_ORGANIZATION, STUDENT, now=NINE, limit=1)

        assert [details.booking.id for details in found] == [running.id, later.id]
        assert [details.booking.id for details in first] == [running.id]

    async def test_given_finished_ones_when_listed_then_newest_first_without_cleared_ones(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        done = BookingStatus.COMPLETED
        old = await stored.booking(kind, "2030-01-05 10:00", status=done)
        new = await stored.booking(kind, "2030-01-06 10:00", status=done)
        cleared = BookingId("cleared")
        seats = (a_seat(cleared, cleared=True),)
        await stored.booking(kind, "2030-01-04 10:00", status=done, id=cleared, seats=seats)
        await stored.booking(kind, "2030-01-08 10:00")

        found = await database.queries.finished_of(DEFAULT_ORGANIZATION, STUDENT)

        assert [details.booking.id for details in found] == [new.id, old.id]

    async def test_given_a_request_when_read_then_it_tells_how_often_they_met(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        done = BookingStatus.COMPLETED
        await stored.booking(kind, "2030-01-05 10:00", status=done)
        await stored.booking(kind, "2030-01-06 10:00", status=done)
        await stored.booking(kind, "2030-01-06 12:00", status=BookingStatus.CANCELLED)
        request = await stored.booking(kind, status=BookingStatus.PENDING)

        details = await database.queries.booking(DEFAULT_ORGANIZATION, request.id)

        assert details.times_met == 2

    async def test_given_a_month_long_booking_when_its_last_day_is_looked_at_then_it_is_seen(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        begin = at("2030-01-01 00:00")
        long = await stored.booking(kind, time=Interval(begin, begin + timedelta(days=31)))
        last_hour = Interval(begin + timedelta(days=31) - HOUR, begin + timedelta(days=31))

        found = await stored.write(lambda tx: tx.bookings.live_of_host(HOST, last_hour))
        hosted = await database.queries.hosted(DEFAULT_ORGANIZATION, HOST, last_hour)

        assert ids(found) == {long.id}
        assert [details.booking.id for details in hosted] == [long.id]
