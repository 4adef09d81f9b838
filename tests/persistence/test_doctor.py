"""The invariants: silent on what use cases leave behind, and each one heard when it is broken."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from builders.people import a_card
from builders.scheduling import HOST, STUDENT, a_seat
from builders.sessions import BO, a_poll
from builders.stored import HOUR, Stored, a_notification, about
from builders.times import at, minutes
from crew import Crew
from doubles import FakeClock
from persistence.database import Database
from persistence.doctor import check_invariants
from scheduling.ids import OrganizationId, PersonId, SessionId
from scheduling.model import Booking, EventType, SeatStatus
from scheduling.notifications import NotificationKind
from scheduling.ports import LiveCard, SentFile, Transaction
from world import World

NINE = at("2030-01-07 09:00")


class Ward(Stored):
    """A database with a booking in it of which everybody was told."""

    kind: EventType
    booked: Booking

    async def healthy(self, kind: EventType | None = None) -> Booking:
        """Store a booking with everything a use case writes beside it."""
        booking = await self.booking(kind or self.kind, "2030-01-09 10:00")
        await self.told(booking)
        return booking

    async def told(self, booking: Booking) -> None:
        def put(tx: Transaction) -> None:
            news = about(booking.id, NotificationKind.BOOKED, NINE + HOUR)
            tx.outbox.add(replace(news, organization_id=self.organization))
            tx.audit.add(STUDENT, "booked", booking.id, {})

        await self.write(put)

    async def by_hand(self, *statements: str, **values: Any) -> None:
        """Change rows past every rule of ours."""

        def work(connection: Connection) -> None:
            for statement in statements:
                connection.execute(text(statement), values)

        await self.database.writer.run(work)

    async def without_fence(self) -> None:
        """Take the database's own rule away."""
        if self.database.dialect == "sqlite":
            rules = ("insert", "update")
            await self.by_hand(*(f"DROP TRIGGER occupied_spans_overlap_{rule}" for rule in rules))
        else:
            await self.by_hand("ALTER TABLE occupied_spans DROP CONSTRAINT occupied_spans_overlap")

    async def found(self, clock: FakeClock) -> list[tuple[str, str]]:
        """Return what the doctor finds."""
        findings = await check_invariants(self.database, clock.now())
        return [(finding.code, finding.text) for finding in findings]


@pytest.fixture
async def ward(database: Database) -> Ward:
    ward = Ward(database)
    await ward.host()
    await ward.student()
    ward.kind = await ward.event_type()
    ward.booked = await ward.healthy()
    return ward


async def test_given_what_use_cases_write_when_examined_then_nothing_is_found(
    ward: Ward, clock: FakeClock
) -> None:
    group = await ward.event_type(capacity=2)
    full = await ward.booking(group, "2030-01-09 12:00")
    await ward.student("second")
    await ward.write(lambda tx: tx.bookings.put_seat(a_seat(full.id, person_id=PersonId("second"))))
    await ward.told(full)
    kept = await ward.booking(ward.kind, "2030-01-09 14:00")
    await ward.told(kept)
    undoable = {"id": kept.id, "until": 4_000_000_000_000_000}
    await ward.by_hand(
        "UPDATE bookings SET status = 'cancelled' WHERE id = :id",
        "UPDATE occupied_spans SET expires_at = :until WHERE booking_id = :id",
        **undoable,
    )
    await ward.write(lambda tx: tx.audit.add(STUDENT, "cancelled", kept.id, {}))

    assert await ward.found(clock) == []


async def test_given_every_use_case_when_examined_then_nothing_is_found(
    both_world: World, clock: FakeClock
) -> None:
    world = both_world
    single = await world.offers(buffer_before=minutes(10), buffer_after=minutes(10))
    group = await world.offers(capacity=2)
    asked = await world.offers(approval=True)
    mia, ola, zoe = [await world.person(name) for name in ("Mia", "Ola", "Zoe")]
    day = "2030-01-08"

    await world.confirms(mia, await world.holds(mia, single, f"{day} 09:00"))
    await world.holds(mia, single, f"{day} 13:00")
    moved = await world.books(ola, single, f"{day} 15:00")
    await world.moves(ola, moved, f"{day} 11:00")
    gone = await world.books(zoe, single, "2030-01-09 09:00")
    await world.cancels(zoe, gone)
    back = await world.books(zoe, single, "2030-01-09 11:00")
    await world.cancels(zoe, back)
    await world.undoes(zoe, back)
    for person in (mia, ola):
        await world.books(person, group, "2030-01-10 09:00")
    await world.approves(await world.books(zoe, asked, "2030-01-11 09:00"))
    await world.books(zoe, asked, "2030-01-11 11:00")
    found = [await check_invariants(world.database, clock.now())]
    for days in (2, 3):
        clock.advance(timedelta(days=days))
        while await world.upkeep.expire_overdue() + await world.upkeep.complete_ended():
            pass
        found.append(await check_invariants(world.database, clock.now()))

    # Nobody sends here, so everything due is overdue; but nothing else is wrong.
    assert {finding.code for findings in found for finding in findings} <= {"I5"}


async def test_given_every_use_case_of_sessions_when_examined_then_nothing_is_found(
    both_crew: Crew, clock: FakeClock
) -> None:
    crew = both_crew
    ana, cem, dia = await crew.people("Ana", "Cem", "Dia")
    poll = await crew.asks([ana, cem], "10:00", "11:00")
    await crew.votes(ana, poll, "Ay Bn")
    await crew.settles(crew.bo, poll, "A")
    await crew.asks([ana, cem], "13:00", "14:00")
    hour = await crew.opens("16:00", seats=1 + 1, minimum=2)
    for person in (ana, cem):
        await crew.joins(person, hour)
    await crew.joins(dia, hour, waiting=True)
    found = [await check_invariants(crew.world.database, clock.now())]
    await crew.leaves(ana, hour)
    found.append(await check_invariants(crew.world.database, clock.now()))
    await crew.answers(dia, hour, take=True)
    found.append(await check_invariants(crew.world.database, clock.now()))
    await crew.calls_off(crew.bo, hour)
    for days in (1, 1, 2):
        clock.advance(timedelta(days=days))
        while await crew.service.keep_up() + await crew.world.upkeep.complete_ended():
            pass
        found.append(await check_invariants(crew.world.database, clock.now()))

    # Nobody sends here, so everything due is overdue; but nothing else is wrong.
    told = {(each.code, each.text) for findings in found for each in findings}
    assert {each for each in told if each[0] != "I5"} == set()


class TestI1:
    async def test_given_no_fence_when_two_spans_overlap_then_both_checks_fire(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.without_fence()
        second = await ward.booking(ward.kind, "2030-01-09 10:30")
        await ward.told(second)

        found = await ward.found(clock)

        assert [code for code, _ in found] == ["I1", "I1"]
        for _, says in found:
            assert second.id in says
            assert ward.booked.id in says
            assert HOST in says

    async def test_given_no_fence_when_two_are_at_the_very_same_time_then_it_is_told_once_each(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.without_fence()
        await ward.told(await ward.booking(ward.kind, "2030-01-09 10:00"))

        assert [code for code, _ in await ward.found(clock)] == ["I1", "I1"]

    async def test_given_a_live_booking_when_its_claim_is_gone_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.by_hand("DELETE FROM occupied_spans")

        [(code, says)] = await ward.found(clock)

        assert (code, ward.booked.id in says) == ("I1", True)
        assert "does not keep its time" in says

    async def test_given_a_claim_when_it_covers_less_than_the_booking_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.by_hand("UPDATE occupied_spans SET ends_at = ends_at - 1")

        assert [code for code, _ in await ward.found(clock)] == ["I1"]

    async def test_given_a_cancelled_booking_when_it_keeps_its_time_for_ever_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.by_hand("UPDATE bookings SET status = 'cancelled'")
        await ward.write(lambda tx: tx.audit.add(STUDENT, "cancelled", ward.booked.id, {}))

        [(code, says)] = await ward.found(clock)

        assert (code, "for ever" in says) == ("I1", True)

    async def test_given_more_people_than_seats_when_examined_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.student("second")
        await ward.student("third")
        over = a_seat(
            ward.booked.id, person_id=PersonId("third"), status=SeatStatus.HELD, expires_at=NINE
        )
        await ward.write(lambda tx: tx.bookings.put_seat(over))
        before = await ward.found(clock)

        extra = a_seat(ward.booked.id, person_id=PersonId("second"))
        await ward.write(lambda tx: tx.bookings.put_seat(extra))

        assert before == [], "a hold that is over uses no seat"
        [(code, says)] = await ward.found(clock)
        assert (code, "2 people on 1 seats" in says) == ("I1", True)


class TestI3:
    async def test_given_a_booking_when_nobody_was_to_be_told_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.by_hand("DELETE FROM outbox")

        [(code, says)] = await ward.found(clock)

        assert (code, ward.booked.id in says) == ("I3", True)


class TestI4:
    async def test_given_a_reminder_when_it_waits_twice_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        def remind(lead: int, **changes: Any) -> Any:
            return about(
                ward.booked.id,
                NotificationKind.REMINDER,
                NINE + HOUR,
                plan_revision=1,
                payload={"lead": lead},
                **changes,
            )

        different = [remind(60), remind(90), remind(60, person_id=HOST)]
        await ward.write(lambda tx: tx.outbox.add(*different))
        before = await ward.found(clock)

        await ward.write(lambda tx: tx.outbox.add(remind(60)))

        assert before == []
        [(code, says)] = await ward.found(clock)
        assert (code, "2 times for student" in says) == ("I4", True)


class TestI5:
    async def test_given_a_row_when_nobody_sends_it_for_a_minute_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.write(lambda tx: tx.outbox.add(a_notification()))
        clock.advance(minutes(1))
        before = await ward.found(clock)

        clock.advance(minutes(0.1))

        assert before == []
        [(code, says)] = await ward.found(clock)
        assert (code, "overdue" in says) == ("I5", True)


class TestI7:
    @pytest.mark.parametrize(
        "breaking",
        [
            "UPDATE outbox SET state = 'sent'",
            "UPDATE outbox SET state = 'sent', finished_at = 1",
            "UPDATE outbox SET state = 'lost'",
            "UPDATE outbox SET finished_at = 1",
            "UPDATE outbox SET token = 1",
        ],
    )
    async def test_given_a_row_when_it_ended_otherwise_than_by_its_holder_then_it_is_found(
        self, ward: Ward, clock: FakeClock, breaking: str
    ) -> None:
        await ward.by_hand(breaking)

        assert [code for code, _ in await ward.found(clock)] == ["I7"]


class TestI8:
    async def test_given_one_action_when_it_made_two_bookings_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        again = ward.booked.request_id
        second = await ward.booking(ward.kind, "2030-01-09 12:00", request_id=again)
        await ward.told(second)

        [(code, says)] = await ward.found(clock)

        assert (code, again in says) == ("I8", True)


class TestI9:
    async def test_given_two_tenants_when_their_bookings_share_a_uid_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        twins = Ward(ward.database)
        twins.organization = OrganizationId("other")
        await twins.host()
        await twins.student()

        await twins.told(await twins.booking(await twins.event_type(), uid=ward.booked.uid))

        [(code, says)] = await ward.found(clock)
        assert (code, ward.booked.uid in says) == ("I9", True)

    async def test_given_a_file_when_it_is_ahead_of_its_booking_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.database.sent_files.remember(
            ward.organization, ward.booked.id, STUDENT, SentFile(a_card(), 0)
        )
        before = await ward.found(clock)

        await ward.by_hand("UPDATE sent_files SET sequence = 1")

        assert before == []
        [(code, says)] = await ward.found(clock)
        assert (code, ward.booked.id in says) == ("I9", True)


class TestI12:
    async def test_given_a_booking_when_nothing_was_written_down_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.by_hand("DELETE FROM audit")

        [(code, says)] = await ward.found(clock)

        assert (code, ward.booked.id in says) == ("I12", True)

    async def test_given_an_ended_booking_when_its_end_was_not_written_down_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        await ward.by_hand("UPDATE bookings SET status = 'completed'")
        before = await ward.found(clock)

        await ward.write(lambda tx: tx.audit.add(None, "completed", ward.booked.id, {}))

        assert [code for code, _ in before] == ["I12"]
        assert await ward.found(clock) == []


async def test_given_a_broken_table_when_examined_then_it_does_not_fill_the_screen(
    ward: Ward, clock: FakeClock
) -> None:
    await ward.write(lambda tx: tx.outbox.add(*(a_notification() for _ in range(50))))
    clock.advance(HOUR / 2)

    assert len(await ward.found(clock)) == 20


class TestSessions:
    async def test_given_a_session_that_is_on_when_its_booking_is_not_then_it_is_found(
        self, both_crew: Crew, clock: FakeClock
    ) -> None:
        hour = await both_crew.opens("16:00")
        ward = Ward(both_crew.world.database)
        assert await ward.found(clock) == []

        await ward.by_hand("UPDATE sessions SET booking_id = NULL")
        [*_, (code, says)] = await ward.found(clock)

        assert (code, hour.id in says) == ("S1", True)

    async def test_given_a_session_called_off_when_its_booking_takes_place_then_it_is_found(
        self, both_crew: Crew, clock: FakeClock
    ) -> None:
        await both_crew.opens("16:00")
        ward = Ward(both_crew.world.database)

        await ward.by_hand("UPDATE sessions SET status = 'called_off'")

        assert [code for code, _ in await ward.found(clock)] == ["S1"]

    @pytest.mark.parametrize(
        ("status", "expected"),
        [("offered", ["I1", "S2"]), ("accepted", ["I1"]), ("waitlisted", [])],
    )
    async def test_given_seats_above_the_capacity_when_examined_then_they_are_found(
        self, both_crew: Crew, clock: FakeClock, status: str, expected: list[str]
    ) -> None:
        crew = both_crew
        ana, cem, dia = await crew.people("Ana", "Cem", "Dia")
        hour = await crew.opens("16:00", seats=2)
        for person in (ana, cem):
            await crew.joins(person, hour)
        await crew.joins(dia, hour, waiting=True)
        ward = Ward(crew.world.database)

        await ward.by_hand(
            "UPDATE attendances SET status = :status WHERE person_id = :who",
            status=status,
            who=dia.id,
        )

        assert [code for code, _ in await ward.found(clock)] == expected

    async def test_given_one_person_on_two_seats_when_examined_then_it_is_found(
        self, both_crew: Crew, clock: FakeClock
    ) -> None:
        crew = both_crew
        ana, cem = await crew.people("Ana", "Cem")
        hour = await crew.opens("16:00", seats=2)
        for person in (ana, cem):
            await crew.joins(person, hour)
        ward = Ward(crew.world.database)

        await ward.by_hand("UPDATE attendances SET person_id = :who", who=ana.id)

        assert [code for code, _ in await ward.found(clock)] == ["S2"]

    async def test_given_a_poll_when_it_asks_nothing_or_counts_strangers_votes_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        poll = a_poll((), votes="bo:A=y").session

        def put(tx: Transaction) -> None:
            tx.people.add(BO)
            tx.sessions.add(poll)
            tx.sessions.add(replace(poll, id=SessionId("empty"), options=(), votes=()))

        await ward.write(put)
        await ward.by_hand("UPDATE session_votes SET session_id = 'empty'")

        assert [code for code, _ in await ward.found(clock)] == ["S3", "S3"]

    async def test_given_a_stale_card_when_nobody_draws_it_for_long_then_it_is_found(
        self, ward: Ward, clock: FakeClock
    ) -> None:
        live = LiveCard(
            organization_id=ward.organization,
            card=a_card(),
            kind="home",
            subject=STUDENT,
            person_id=STUDENT,
            topics=frozenset({"person:student"}),
            again_at=clock.now() + minutes(10),
        )
        await ward.database.live_cards.watch(live, clock.now())
        before = await ward.found(clock)
        clock.advance(minutes(21))

        assert before == []
        assert "S4" in [code for code, _ in await ward.found(clock)]
