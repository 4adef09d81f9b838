"""What a transaction changed: noted by the rows, stored with the commit, never in the way."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, select

from builders.people import a_person
from builders.scheduling import CALENDAR, HOST, STUDENT, a_schedule
from builders.sessions import BO, TEAM, a_poll, an_open_session
from builders.stored import Stored, a_lesson
from builders.times import at, between
from persistence.database import Database
from persistence.tables import changes
from persistence.transaction import SqlTransaction
from scheduling.hours import Calendar, Opening, TimeOff
from scheduling.ids import (
    AttendanceId,
    BookingId,
    OpeningId,
    PersonId,
    TimeOffId,
)
from scheduling.model import Attendance, BookingStatus, SeatStatus
from scheduling.people import Role
from scheduling.ports import (
    Transaction,
    about_booking,
    about_host,
    about_person,
    about_session,
)
from scheduling.sessions.model import Answer, SessionStatus, Vote

NOW = at("2030-01-07 09:00")
HOST_TIME, MIA = about_host(HOST), about_person(STUDENT)
ONE, RETRO = BookingId("booking"), about_session(a_poll().session.id)
SEAT = Attendance(AttendanceId("seat"), ONE, STUDENT, SeatStatus.ACCEPTED)


async def touched(database: Database, work: Callable[[Transaction], object]) -> set[str]:
    """Run it in a transaction and return the topics it left."""
    await database.writer.run(lambda connection: connection.execute(changes.delete()))
    await Stored(database).write(work)
    rows = await database.reader.rows(select(changes.c.topic))
    topics = [row.topic for row in rows]
    assert len(topics) == len(set(topics))
    return set(topics)


class TestBookings:
    async def test_given_a_booking_when_made_then_host_booking_and_attendee_are_touched(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind, id=ONE, seats=(SEAT,))
        rows = await database.reader.rows(select(changes.c.topic))

        assert {HOST_TIME, about_booking(ONE), MIA} <= {row.topic for row in rows}

    async def test_given_a_booking_when_its_parts_change_then_its_cards_are_stale(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind, id=ONE, seats=(SEAT,))
        time = {HOST_TIME, about_booking(ONE)}
        moved = between("2030-01-09 12:00", "2030-01-09 13:00")

        assert await touched(database, lambda tx: tx.bookings.update(booking)) == {*time, MIA}
        assert await touched(database, lambda tx: tx.bookings.put_seat(SEAT)) == {*time, MIA}
        assert await touched(database, lambda tx: tx.bookings.release(ONE)) == time
        assert await touched(database, lambda tx: tx.bookings.claim_until(ONE, NOW)) == time
        later = replace(booking, time=moved)
        assert await touched(database, lambda tx: tx.bookings.claim(later, moved, None)) == {
            HOST_TIME
        }

    async def test_given_only_reads_when_done_then_nothing_is_touched(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind, id=ONE, seats=(SEAT,))

        def look(tx: Transaction) -> None:
            tx.bookings.get(ONE)
            tx.people.get(HOST)
            tx.event_types.of_host(HOST)
            tx.bookings.release(BookingId("none"))

        assert await touched(database, look) == set()


class TestHours:
    async def test_given_hours_and_types_when_changed_then_the_host_is_touched(
        self, database: Database
    ) -> None:
        _, kind = await a_lesson(database)
        schedule = a_schedule("10-12")
        opening = Opening(
            OpeningId("o"), CALENDAR, between("2030-01-12 09:00", "2030-01-12 10:00"), NOW
        )

        works: list[Callable[[Transaction], object]] = [
            lambda tx: tx.hours.put_schedule(schedule),
            lambda tx: tx.hours.link(CALENDAR, schedule.id, None),
            lambda tx: tx.hours.add_opening(opening),
            lambda tx: tx.hours.remove_opening(opening.id),
            lambda tx: tx.event_types.update(kind),
            lambda tx: tx.event_types.add(replace(kind, id="k", code="code2222")),  # type: ignore[arg-type]
        ]
        for work in works:
            assert await touched(database, work) == {HOST_TIME}
        assert await touched(database, lambda tx: tx.hours.remove_opening(opening.id)) == set()

    async def test_given_time_off_when_changed_then_the_person_is_touched_too(
        self, database: Database
    ) -> None:
        await a_lesson(database)
        off = TimeOff(TimeOffId("t"), HOST, between("2030-01-09 09:00", "2030-01-09 12:00"), NOW)
        both = {HOST_TIME, about_person(HOST)}

        assert await touched(database, lambda tx: tx.hours.add_time_off(off)) == both
        assert await touched(database, lambda tx: tx.hours.remove_time_off(off.id)) == both
        assert await touched(database, lambda tx: tx.hours.remove_time_off(off.id)) == set()


class TestPeople:
    async def test_given_a_person_when_zone_or_roles_change_then_their_cards_are_stale(
        self, database: Database
    ) -> None:
        await a_lesson(database)
        person = a_person("Mia Costa", id=STUDENT, zone="Europe/Berlin")
        both = {MIA, about_host(STUDENT)}

        assert await touched(database, lambda tx: tx.people.update(person)) == both
        assert await touched(database, lambda tx: tx.people.grant(STUDENT, Role.COACH)) == both
        assert await touched(database, lambda tx: tx.people.revoke(STUDENT, Role.COACH)) == both


@pytest.fixture
async def team(database: Database) -> Stored:
    """A database with Bo and the team."""
    stored = Stored(database)

    def put(tx: Transaction) -> None:
        for person in (BO, *TEAM):
            tx.people.add(person)

    await stored.write(put)
    return stored


EVERYBODY = {about_person(each.id) for each in (BO, *TEAM)}
HOSTS = {about_host(each.id) for each in (BO, *TEAM)}


class TestSessions:
    async def test_given_a_poll_when_asked_then_members_and_their_free_time_are_touched(
        self, database: Database, team: Stored
    ) -> None:
        poll = a_poll().session

        assert await touched(database, lambda tx: tx.sessions.add(poll)) == {
            RETRO,
            *EVERYBODY,
            *HOSTS,
        }

    async def test_given_a_vote_when_cast_then_nobodys_free_time_changes(
        self, database: Database, team: Stored
    ) -> None:
        poll = a_poll().session
        await team.write(lambda tx: tx.sessions.add(poll))
        vote = Vote(poll.options[0].id, BO.id, Answer.YES)
        voted = replace(poll, votes=(vote,))
        over = replace(poll, status=SessionStatus.UNSETTLED)

        assert await touched(database, lambda tx: tx.sessions.update(voted)) == {RETRO, *EVERYBODY}
        assert await touched(database, lambda tx: tx.sessions.update(over)) >= HOSTS

    async def test_given_a_seat_in_a_session_when_it_changes_then_the_card_in_the_channel_is_stale(
        self, database: Database, team: Stored
    ) -> None:
        hour = an_open_session(TEAM[0], seats=3)
        assert hour.booking is not None
        booking, kind = hour.booking.booking, hour.booking.event_type

        def put(tx: Transaction) -> None:
            tx.hours.add_calendar(Calendar(kind.calendar_id, BO.id, "Bo's"))
            tx.event_types.add(replace(kind, id=booking.event_type_id))
            tx.bookings.add(booking)
            tx.sessions.add(hour.session)

        await team.write(put)
        seat = Attendance(AttendanceId("cem"), booking.id, TEAM[1].id, SeatStatus.ACCEPTED)

        assert await touched(database, lambda tx: tx.bookings.put_seat(seat)) == {
            about_session(hour.session.id),
            about_booking(booking.id),
            about_host(BO.id),
            about_person(TEAM[1].id),
        }


class TestCost:
    async def test_given_a_booking_when_stored_then_topics_are_one_statement_at_the_end(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)

        booking = replace(BOOKED, event_type_id=kind.id)

        def count(connection: Connection) -> list[int]:
            def stored_now() -> int:
                return len(connection.execute(select(changes.c.id)).all())

            transaction = SqlTransaction(
                connection, stored.organization, database.dialect, lambda: NOW
            )
            counts = [stored_now()]
            transaction.bookings.add(booking)
            transaction.bookings.claim(booking, booking.time, None)
            counts.append(stored_now())
            transaction.finish()
            return [*counts, stored_now()]

        before, inside, after = await database.writer.run(count)

        assert (inside, after) == (before, before + 3)

    async def test_given_bookings_of_many_hosts_at_once_when_all_touch_then_none_waits_for_another(
        self, database: Database
    ) -> None:
        # The same topics in opposite orders: rows that are only appended cannot deadlock.
        collisions: list[str] = []
        topics = [about_host(PersonId(f"host-{n}")) for n in range(6)]
        engine = getattr(database.writer, "_engine")  # noqa: B009 - private
        event.listen(engine, "handle_error", lambda context: collisions.append(str(context)))

        async def touch(number: int) -> None:
            order = topics if number % 2 else topics[::-1]

            def work(tx: Transaction) -> None:
                for topic in order:
                    tx.topics.touch(topic)

            await Stored(database).write(work)

        await asyncio.gather(*(touch(n) for n in range(24)))

        assert collisions == []
        rows = await database.reader.rows(select(changes.c.id))
        assert len(rows) == 24 * len(topics)


BOOKED = replace(
    an_open_session().booking.booking,  # type: ignore[union-attr]
    id=BookingId("fresh"),
    host_id=HOST,
    calendar_id=CALENDAR,
    status=BookingStatus.CONFIRMED,
    capacity=1,
    uid="fresh@slotbook",
    seats=(Attendance(AttendanceId("fresh"), BookingId("fresh"), STUDENT, SeatStatus.ACCEPTED),),
    created_at=NOW - timedelta(days=1),
)
