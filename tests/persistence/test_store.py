"""Transactions: whole or not at all, and the small rows written beside every change."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from builders.scheduling import HOST, STUDENT
from builders.stored import HOUR, Stored, a_lesson, a_notification, about
from builders.times import at
from doubles import FakeClock
from persistence.database import Database, open_database
from persistence.tables import audit, outbox
from scheduling.errors import NotFound, StoreUnavailable
from scheduling.ids import DEFAULT_ORGANIZATION, BookingId, OrganizationId, PersonId, RequestId
from scheduling.notifications import NotificationKind
from scheduling.people import Role
from scheduling.ports import Transaction

NINE = at("2030-01-07 09:00")
BOOKING = BookingId("b")


class Refused(Exception):
    pass


class TestTransactions:
    async def test_given_arguments_when_transacted_then_they_arrive_and_the_answer_returns(
        self, database: Database
    ) -> None:
        def work(tx: Transaction, one: int, *, two: str) -> tuple[Any, ...]:
            return tx.organization_id, one, two

        answer = await database.store.transact(DEFAULT_ORGANIZATION, work, 1, two="2")

        assert answer == (DEFAULT_ORGANIZATION, 1, "2")

    async def test_given_a_function_that_raises_when_transacted_then_nothing_is_written(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.student()

        def work(tx: Transaction) -> None:
            tx.people.grant(STUDENT, Role.COACH)
            tx.outbox.add(a_notification())
            raise Refused("no")

        with pytest.raises(Refused, match="no"):
            await stored.write(work)

        assert await stored.write(lambda tx: tx.people.with_role(Role.COACH)) == []
        assert await database.outbox.states() == {}

    async def test_given_one_that_refuses_among_many_when_transacted_then_the_rest_is_kept(
        self, database: Database
    ) -> None:
        stored = Stored(database)

        def work(number: int) -> Any:
            def write(tx: Transaction) -> None:
                tx.requests.record(RequestId(f"r{number}"), "x", NINE)
                if number % 3 == 0:
                    raise Refused

            return write

        ends = await asyncio.gather(
            *(stored.write(work(number)) for number in range(12)), return_exceptions=True
        )

        kept = await database.reader.rows(text("SELECT request_id FROM requests"))
        assert sum(isinstance(end, Refused) for end in ends) == 4
        assert len(kept) == 8

    async def test_given_hosts_when_locked_then_transactions_on_them_queue(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()

        def count_up(tx: Transaction) -> int:
            tx.lock_hosts([HOST, HOST])
            seen = int(tx.requests.made(RequestId("count 0")) or 0)
            number = sum(tx.requests.made(RequestId(f"count {n}")) is not None for n in range(30))
            tx.requests.record(RequestId(f"count {number}"), str(number), NINE)
            return number + seen

        numbers = await asyncio.gather(*(stored.write(count_up) for _ in range(20)))

        assert sorted(numbers) == list(range(20)), "nobody read what another was about to change"

    async def test_given_a_caller_that_goes_away_when_transacting_then_the_work_is_whole(
        self, database: Database
    ) -> None:
        stored = Stored(database)

        def work(tx: Transaction) -> None:
            tx.requests.record(RequestId("r"), "kept", NINE)

        callers = [asyncio.create_task(stored.write(work))]
        await asyncio.wait(callers, timeout=0)
        callers[0].cancel()
        await asyncio.wait(callers)

        made = None
        async with asyncio.timeout(5):
            while made is None:
                made = await stored.write(lambda tx: tx.requests.made(RequestId("r")))
        assert made == "kept"


class TestRequests:
    async def test_given_a_request_when_recorded_then_it_is_known_in_its_organization(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        request = RequestId("tap 1")
        await stored.write(lambda tx: tx.requests.record(request, "booking 7", NINE))

        here = await stored.write(lambda tx: tx.requests.made(request))
        there = await database.store.transact(
            OrganizationId("other"), lambda tx: tx.requests.made(request)
        )

        assert (here, there) == ("booking 7", None)


class TestUndos:
    async def test_given_an_undo_when_taken_then_only_once_and_only_by_its_person(
        self, database: Database
    ) -> None:
        def work(tx: Transaction) -> list[str | None]:
            tx.undos.put("u", HOST, "first", NINE + HOUR)
            tx.undos.put("u", HOST, "second", NINE + HOUR)
            return [
                tx.undos.take("u", STUDENT, NINE),
                tx.undos.take("u", HOST, NINE),
                tx.undos.take("u", HOST, NINE),
            ]

        assert await Stored(database).write(work) == [None, "second", None]

    async def test_given_an_undo_when_its_time_is_over_then_there_is_nothing(
        self, database: Database
    ) -> None:
        def work(tx: Transaction) -> str | None:
            tx.undos.put("u", HOST, "x", NINE)
            return tx.undos.take("u", HOST, NINE)

        assert await Stored(database).write(work) is None


class TestAudit:
    async def test_given_an_act_when_written_down_then_it_says_who_what_and_when(
        self, database: Database, clock: FakeClock
    ) -> None:
        def work(tx: Transaction) -> None:
            tx.audit.add(HOST, "moved", "b", {"was": 7})
            tx.audit.add(None, "completed", "b", {})

        await Stored(database).write(work)

        rows = await database.reader.rows(select(audit).order_by(audit.c.verb))
        assert [(row.actor_id, row.verb, row.subject, row.detail) for row in rows] == [
            (None, "completed", "b", "{}"),
            (HOST, "moved", "b", '{"was": 7}'),
        ]
        assert {row.happened_at for row in rows} == {clock.now()}


class TestPlannedNotifications:
    async def waiting(self, database: Database) -> list[str]:
        rows = await database.reader.rows(
            select(outbox.c.id).where(outbox.c.state == "waiting").order_by(outbox.c.id)
        )
        return [row.id for row in rows]

    async def test_given_a_known_cause_when_planned_again_then_it_is_planned_once(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        first = a_notification(dedupe_key="cause")

        def work(tx: Transaction) -> None:
            tx.outbox.add(first, a_notification(dedupe_key="cause"), a_notification())
            tx.outbox.add()
            tx.outbox.add(a_notification(dedupe_key="cause"))

        await stored.write(work)
        await database.store.transact(
            OrganizationId("other"),
            lambda tx: tx.outbox.add(
                a_notification(dedupe_key="cause", organization_id=OrganizationId("other"))
            ),
        )

        assert len(await self.waiting(database)) == 3
        assert first.id in await self.waiting(database)

    async def test_given_plans_when_retired_then_only_the_named_ones_end(
        self, database: Database
    ) -> None:
        stored, _ = await a_lesson(database)
        reminder = about(BOOKING, NotificationKind.REMINDER, NINE + HOUR)
        hosts = about(BOOKING, NotificationKind.REMINDER, NINE + HOUR, person_id=HOST)
        news = about(BOOKING, NotificationKind.BOOKED, NINE)
        other = about("other", NotificationKind.REMINDER, NINE + HOUR)
        await stored.write(lambda tx: tx.outbox.add(reminder, hosts, news, other))
        kinds = [NotificationKind.REMINDER, NotificationKind.PENDING_NUDGE]

        await stored.write(lambda tx: tx.outbox.retire(BOOKING, kinds, person_id=STUDENT))
        after_one = await self.waiting(database)
        await stored.write(lambda tx: tx.outbox.retire(BOOKING, kinds))
        after_all = await self.waiting(database)

        assert after_one == sorted([hosts.id, news.id, other.id])
        assert after_all == sorted([news.id, other.id])

    async def test_given_a_sent_one_when_retired_then_it_stays_sent(
        self, database: Database, clock: FakeClock
    ) -> None:
        stored = Stored(database)
        news = about(BOOKING, NotificationKind.BOOKED, NINE)
        await stored.write(lambda tx: tx.outbox.add(news))
        await database.writer.run(
            lambda connection: connection.execute(text("UPDATE outbox SET state = 'sent'"))
        )

        await stored.write(lambda tx: tx.outbox.retire(BOOKING, [NotificationKind.BOOKED]))

        assert list(await database.outbox.states()) == ["sent"]


class TestNoServer:
    async def test_given_no_server_when_asked_then_both_sides_say_that_they_cannot(
        self, clock: FakeClock
    ) -> None:
        url = "postgresql://nobody@127.0.0.1:1/none"
        async with open_database(url, clock, pool_size=1) as database:
            with pytest.raises(StoreUnavailable):
                await Stored(database).write(lambda tx: tx.people.get(STUDENT))
            with pytest.raises(StoreUnavailable):
                await database.outbox.overdue(NINE)

            assert database.writer.trouble is not None


class TestServerThatComesBack:
    @pytest.mark.postgres
    async def test_given_connections_that_were_cut_when_asked_again_then_new_ones_are_made(
        self, postgres_url: str, postgres_server: str, clock: FakeClock
    ) -> None:
        async with open_database(postgres_url, clock, pool_size=2) as database:
            stored = Stored(database)
            await stored.student()
            await database.outbox.overdue(NINE)

            def cut(connection: Any) -> None:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )

            await database.writer.run(cut)

            async def read() -> str:
                person = await database.queries.person(DEFAULT_ORGANIZATION, STUDENT)
                return person.name

            with pytest.raises(StoreUnavailable):
                await read()
            assert await read() == "Mia Costa"
            assert await stored.write(lambda tx: tx.people.get(STUDENT).name) == "Mia Costa"


class TestErrors:
    async def test_given_work_that_ends_an_iteration_when_run_then_its_caller_hears_of_it(
        self, database: Database
    ) -> None:
        def work(_: Transaction) -> None:
            next(iter(()))

        async with asyncio.timeout(5):
            with pytest.raises(RuntimeError, match="StopIteration"):
                await Stored(database).write(work)

    async def test_given_rows_that_point_nowhere_when_written_then_it_is_a_defect_and_nothing_stays(
        self, database: Database
    ) -> None:
        stored = Stored(database)

        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await stored.write(lambda tx: tx.people.grant(STUDENT, Role.COACH))

        with pytest.raises(NotFound):
            await stored.write(lambda tx: tx.people.get(STUDENT))
        assert database.writer.trouble is None


@pytest.mark.postgres
class TestRowsThatGo:
    """Only where transactions wait for each other can a row go between a read and a write."""

    async def test_given_a_person_merged_away_meanwhile_when_written_then_it_is_read_anew(
        self, postgres_url: str, clock: FakeClock
    ) -> None:
        async with open_database(postgres_url, clock, pool_size=2) as database:
            stored = Stored(database)
            await stored.student()
            seen = [PersonId("merged-away"), STUDENT]

            granted = await stored.write(lambda tx: tx.people.grant(seen.pop(0), Role.COACH))

            assert granted
            assert seen == []
            coaches = await stored.write(lambda tx: tx.people.with_role(Role.COACH))
            assert [coach.id for coach in coaches] == [STUDENT]

    async def test_given_a_row_that_never_was_when_written_then_it_is_told_as_a_defect(
        self, postgres_url: str, clock: FakeClock
    ) -> None:
        async with open_database(postgres_url, clock, pool_size=2) as database:
            nobody = PersonId("never-was")
            with pytest.raises(IntegrityError):
                await Stored(database).write(lambda tx: tx.people.grant(nobody, Role.COACH))
