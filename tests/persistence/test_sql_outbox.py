"""The dispatcher's outbox: who may send what when, and that each row ends once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from builders.people import a_card, a_person, a_recipient, an_account
from builders.scheduling import STUDENT
from builders.stored import HOUR, Stored, a_notification
from builders.times import at, minutes
from doubles import FakeClock
from persistence.database import Database, open_database
from persistence.outbox import SqlOutbox, _due
from persistence.tables import outbox
from scheduling.ids import BookingId, OrganizationId, SessionId
from scheduling.notifications import Notification, NotificationKind, NotificationState, Urgency
from scheduling.ports import Claimed, Outcome, Settlement

LEASE = timedelta(seconds=30)
NINE = at("2030-01-07 09:00")


async def planned(database: Database, *notifications: Notification) -> None:
    await Stored(database).write(lambda tx: tx.outbox.add(*notifications))


async def claim(database: Database, clock: FakeClock, **how: Any) -> list[Claimed]:
    return await database.outbox.claim_due(clock.now(), **{"limit": 10, "lease": LEASE, **how})


async def reasons(database: Database) -> list[str | None]:
    rows = await database.reader.rows(select(outbox.c.reason))
    return [row.reason for row in rows]


class TestClaiming:
    async def test_given_rows_when_claimed_then_only_what_is_due_comes(
        self, database: Database, clock: FakeClock
    ) -> None:
        due, later = a_notification(), a_notification(due_at=NINE + minutes(1))
        await planned(database, due, later)

        claimed = await claim(database, clock)

        assert [one.notification for one in claimed] == [due]
        assert (claimed[0].attempts, claimed[0].token, claimed[0].maybe_sent) == (1, 1, False)

    async def test_given_everything_a_row_can_hold_when_claimed_then_it_comes_back_whole(
        self, database: Database, clock: FakeClock
    ) -> None:
        whole = a_notification(
            useful_until=NINE + HOUR,
            urgency=Urgency.REMINDER,
            booking_id=BookingId("b"),
            plan_revision=3,
            card=a_card(),
            chat=a_recipient("-100#7"),
            session_id=SessionId("s"),
            payload={"by_name": "Zoë 🎹", "was": 12},
        )
        await planned(database, whole)

        claimed = await claim(database, clock)

        assert [one.notification for one in claimed] == [whole]

    async def test_given_many_when_claimed_then_urgent_ones_first_and_then_the_oldest(
        self, database: Database, clock: FakeClock
    ) -> None:
        reminder = a_notification(urgency=Urgency.REMINDER, due_at=NINE - HOUR)
        old, new = a_notification(due_at=NINE - HOUR), a_notification()
        answer = a_notification(urgency=Urgency.ANSWER)
        await planned(database, reminder, new, old, answer)

        first = await claim(database, clock, limit=3)
        rest = await claim(database, clock, limit=3)

        assert [one.notification for one in first] == [answer, old, new]
        assert [one.notification for one in rest] == [reminder]

    async def test_given_a_bound_when_claimed_then_less_urgent_ones_wait(
        self, database: Database, clock: FakeClock
    ) -> None:
        answer, news = a_notification(urgency=Urgency.ANSWER), a_notification()
        await planned(database, answer, news)

        claimed = await claim(database, clock, max_urgency=0)

        assert [one.notification for one in claimed] == [answer]

    async def test_given_a_lease_when_it_runs_then_nobody_else_gets_the_row(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(database, a_notification())
        await claim(database, clock)

        clock.advance(LEASE - timedelta(seconds=1))

        assert await claim(database, clock) == []

    async def test_given_a_lease_that_ran_out_when_claimed_then_it_may_have_been_sent(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(database, a_notification())
        [first] = await claim(database, clock)
        clock.advance(LEASE)

        [second] = await claim(database, clock)

        assert (second.attempts, second.token, second.maybe_sent) == (2, 2, True)
        assert not await database.outbox.still_ours(first)
        assert await database.outbox.still_ours(second)

    async def test_given_two_organizations_when_claimed_then_both_are_served(
        self, database: Database, clock: FakeClock
    ) -> None:
        other = OrganizationId("other")
        twin = a_notification()
        await planned(database, twin)
        await database.store.transact(
            other, lambda tx: tx.outbox.add(a_notification(organization_id=other, id=twin.id))
        )

        claimed = await claim(database, clock)

        assert {one.notification.organization_id for one in claimed} == {"default", "other"}

    async def test_given_many_workers_when_they_claim_at_once_then_no_row_goes_twice(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(database, *(a_notification() for _ in range(60)))

        batches = await asyncio.gather(*(claim(database, clock, limit=7) for _ in range(12)))

        ids = [one.notification.id for batch in batches for one in batch]
        assert len(ids) == len(set(ids))
        left = await claim(database, clock, limit=60)
        assert len(ids) + len(left) == 60


class TestSettling:
    @pytest.mark.parametrize(
        ("outcome", "state"),
        [
            (Outcome.SENT, "sent"),
            (Outcome.STALE, "superseded"),
            (Outcome.EXPIRED, "expired"),
            (Outcome.UNREACHABLE, "undeliverable"),
        ],
    )
    async def test_given_an_end_when_settled_then_the_row_is_over(
        self, database: Database, clock: FakeClock, outcome: Outcome, state: str
    ) -> None:
        await planned(database, a_notification())
        [claimed] = await claim(database, clock)

        settled = await database.outbox.settle(
            claimed, Settlement(outcome, reason="why", sent_card=a_card()), clock.now()
        )

        assert settled
        assert await database.outbox.states() == {NotificationState(state): 1}
        assert await reasons(database) == ["why"]
        assert await database.outbox.next_due() is None
        clock.advance(LEASE)
        assert await claim(database, clock) == []

    async def test_given_a_retry_when_its_time_comes_then_it_is_claimed_as_not_sent(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(database, a_notification())
        [claimed] = await claim(database, clock)
        again = clock.now() + minutes(5)

        await database.outbox.settle(claimed, Settlement(Outcome.RETRY, again), clock.now())
        clock.advance(minutes(4))
        too_early = await claim(database, clock)
        clock.advance(minutes(1))
        [second] = await claim(database, clock)

        assert too_early == []
        assert (second.attempts, second.maybe_sent) == (2, False)

    async def test_given_an_unknown_outcome_when_claimed_again_then_it_may_have_been_sent(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(database, a_notification())
        [claimed] = await claim(database, clock)
        again = clock.now() + minutes(1)

        await database.outbox.settle(claimed, Settlement(Outcome.UNKNOWN, again), clock.now())
        clock.advance(minutes(1))
        [second] = await claim(database, clock)
        await database.outbox.settle(
            second, Settlement(Outcome.RETRY, again + minutes(1)), clock.now()
        )
        clock.advance(minutes(1))
        [third] = await claim(database, clock)

        assert second.maybe_sent
        assert third.maybe_sent, "that it was put off does not undo the first attempt"

    @pytest.mark.parametrize("outcome", [Outcome.RETRY, Outcome.UNKNOWN])
    async def test_given_no_time_when_it_is_to_be_repeated_then_it_is_refused(
        self, database: Database, clock: FakeClock, outcome: Outcome
    ) -> None:
        await planned(database, a_notification())
        [claimed] = await claim(database, clock)

        with pytest.raises(ValueError, match=outcome):
            await database.outbox.settle(claimed, Settlement(outcome), clock.now())

    async def test_given_another_has_the_row_when_the_first_settles_then_nothing_changes(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(database, a_notification())
        [late] = await claim(database, clock)
        clock.advance(LEASE)
        [present] = await claim(database, clock)

        refused = await database.outbox.settle(late, Settlement(Outcome.SENT), clock.now())
        settled = await database.outbox.settle(present, Settlement(Outcome.SENT), clock.now())

        assert not refused
        assert settled

    async def test_given_a_settled_row_when_settled_again_then_nothing_changes(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(database, a_notification())
        [claimed] = await claim(database, clock)
        await database.outbox.settle(claimed, Settlement(Outcome.SENT), clock.now())

        again = await database.outbox.settle(claimed, Settlement(Outcome.EXPIRED), clock.now())

        assert not again
        assert await database.outbox.states() == {NotificationState.SENT: 1}

    async def test_given_a_claimed_row_when_retired_then_no_send_begins_and_none_is_settled(
        self, database: Database, clock: FakeClock
    ) -> None:
        booking = BookingId("b")
        await planned(database, a_notification(booking_id=booking, kind=NotificationKind.REMINDER))
        [claimed] = await claim(database, clock)

        await Stored(database).write(
            lambda tx: tx.outbox.retire(booking, [NotificationKind.REMINDER])
        )

        assert not await database.outbox.still_ours(claimed)
        assert not await database.outbox.settle(claimed, Settlement(Outcome.SENT), clock.now())
        assert await database.outbox.states() == {NotificationState.SUPERSEDED: 1}

    async def test_given_many_settled_at_once_when_counted_then_each_ended(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(database, *(a_notification() for _ in range(40)))
        claimed = await claim(database, clock, limit=40)

        settled = await asyncio.gather(
            *(database.outbox.settle(one, Settlement(Outcome.SENT), clock.now()) for one in claimed)
        )

        assert settled == [True] * 40
        assert await database.outbox.states() == {NotificationState.SENT: 40}


class TestAsking:
    async def test_given_nothing_when_asked_then_nothing_is_due(self, database: Database) -> None:
        assert await database.outbox.next_due() is None
        assert await database.outbox.overdue(NINE) == 0
        assert await database.outbox.states() == {}

    async def test_given_rows_of_each_urgency_when_asked_then_the_earliest_counts(
        self, database: Database
    ) -> None:
        await planned(
            database,
            a_notification(due_at=NINE + HOUR),
            a_notification(due_at=NINE + minutes(5), urgency=Urgency.REMINDER),
        )

        assert await database.outbox.next_due() == NINE + minutes(5)

    async def test_given_a_claimed_row_when_asked_then_the_end_of_its_lease_is_next(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(database, a_notification())

        await claim(database, clock)

        assert await database.outbox.next_due() == clock.now() + LEASE

    async def test_given_late_rows_when_counted_then_those_in_hand_are_not_overdue(
        self, database: Database, clock: FakeClock
    ) -> None:
        await planned(
            database,
            a_notification(due_at=NINE - HOUR, urgency=Urgency.ANSWER),
            a_notification(due_at=NINE - HOUR),
            a_notification(due_at=NINE + HOUR),
        )

        before = await database.outbox.overdue(clock.now())
        await claim(database, clock, limit=1)
        during = await database.outbox.overdue(clock.now())
        after = await database.outbox.overdue(clock.now() + LEASE)

        assert (before, during, after) == (2, 1, 2)


class TestPausedChats:
    async def with_account(self, database: Database, number: str = "1001") -> None:
        student = a_person(id=STUDENT)
        account = an_account(student, account_id=number, chat_id=number, last_seen=NINE)

        def put(tx: Any) -> None:
            tx.people.add(student)
            tx.people.put_account(account)

        await Stored(database).write(put)

    async def test_given_a_pause_when_claimed_then_the_chats_rows_wait_for_its_end(
        self, database: Database, clock: FakeClock
    ) -> None:
        await self.with_account(database)
        to_the_person, to_the_card = a_notification(), a_notification(card=a_card("1001"))
        to_another_card = a_notification(card=a_card("2002"))
        await database.outbox.defer_chat(a_recipient("1001"), NINE + minutes(2))
        # Written after the pause began: it holds for these too.
        await planned(database, to_the_person, to_the_card, to_another_card)

        during = await claim(database, clock)
        due = await database.outbox.next_due()
        clock.advance(minutes(2))
        after = await claim(database, clock)

        assert [one.notification for one in during] == [to_another_card]
        assert due == NINE + LEASE
        assert {one.notification.id for one in after} >= {to_the_person.id, to_the_card.id}
        assert all(one.attempts == 1 for one in after if one.notification.id != to_another_card.id)

    async def test_given_more_paused_rows_than_a_batch_when_claimed_then_the_others_still_come(
        self, database: Database, clock: FakeClock
    ) -> None:
        await self.with_account(database)
        paused = [a_notification(due_at=NINE - HOUR) for _ in range(12)]
        free = a_notification(person_id="somebody else")
        await planned(database, *paused, free)
        await database.outbox.defer_chat(a_recipient("1001"), NINE + minutes(2))

        claimed = await claim(database, clock, limit=5)

        assert [one.notification for one in claimed] == [free]

    async def test_given_a_pause_when_a_shorter_one_is_told_then_the_longer_one_holds(
        self, database: Database, clock: FakeClock
    ) -> None:
        await self.with_account(database)
        await planned(database, a_notification())
        await database.outbox.defer_chat(a_recipient("1001"), NINE + minutes(5))
        await database.outbox.defer_chat(a_recipient("1001"), NINE + minutes(1))

        clock.advance(minutes(4))

        assert await claim(database, clock) == []

    async def test_given_a_row_that_may_be_sent_when_paused_then_that_is_not_forgotten(
        self, database: Database, clock: FakeClock
    ) -> None:
        await self.with_account(database)
        await planned(database, a_notification())
        await claim(database, clock)
        clock.advance(LEASE)
        await database.outbox.defer_chat(a_recipient("1001"), clock.now() + minutes(1))

        during = await claim(database, clock)
        clock.advance(minutes(1))
        [after] = await claim(database, clock)

        assert during == []
        assert after.maybe_sent

    async def test_given_a_pause_that_is_over_when_claimed_then_it_is_forgotten(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.outbox.defer_chat(a_recipient("1001"), NINE + minutes(1))
        clock.advance(minutes(1))

        await claim(database, clock)

        assert await database.reader.rows(text("SELECT * FROM chat_pauses")) == []

    async def test_given_a_pause_when_another_worker_asks_then_it_holds_there_too(
        self, database: Database, clock: FakeClock
    ) -> None:
        await self.with_account(database)
        await planned(database, a_notification())
        await database.outbox.defer_chat(a_recipient("1001"), NINE + minutes(5))
        other = SqlOutbox(database.writer, database.reader, database.dialect)

        assert await other.claim_due(clock.now(), limit=5, lease=LEASE) == []

    async def test_given_a_paused_group_when_claimed_then_its_threads_wait_and_others_go(
        self, database: Database, clock: FakeClock
    ) -> None:
        group, thread = a_notification(chat=a_recipient("-100")), a_card("-100").thread
        answer, other = a_notification(chat=thread), a_notification(chat=a_recipient("-200"))
        await planned(database, group, answer, other)

        await database.outbox.defer_chat(thread, NINE + minutes(1))

        assert [one.notification for one in await claim(database, clock)] == [other]
        clock.advance(minutes(1))
        then = {one.notification.id for one in await claim(database, clock)}
        assert then >= {group.id, answer.id}


class TestMovedChats:
    async def test_given_a_new_id_when_moved_then_it_stands_everywhere(
        self, database: Database, clock: FakeClock
    ) -> None:
        stored = Stored(database)
        student = a_person(id=STUDENT)
        account = an_account(student, account_id="1", chat_id="-100", last_seen=NINE)
        waiting, other = a_notification(card=a_card("-100")), a_notification(card=a_card("-200"))

        def put(tx: Any) -> None:
            tx.people.add(student)
            tx.people.put_account(account)
            tx.outbox.add(waiting, other)

        await stored.write(put)

        for _ in range(2):
            await database.outbox.move_chat(a_recipient("-100"), "-100500")

        [known] = await database.queries.accounts(stored.organization, STUDENT)
        claimed = {one.notification.id: one.notification for one in await claim(database, clock)}
        assert known.chat_id == "-100500"
        assert claimed[waiting.id].card == a_card("-100500")
        assert claimed[other.id].card == a_card("-200")

    async def test_given_rows_for_a_group_when_it_moves_then_threads_go_to_the_new_one_itself(
        self, database: Database, clock: FakeClock
    ) -> None:
        group = a_recipient("-100")
        rows = {
            "-100": a_notification(chat=group),
            "-100#7": a_notification(chat=a_card("-100").thread),
            "-1001": a_notification(chat=a_recipient("-1001")),
        }
        await planned(database, *rows.values())

        await database.outbox.move_chat(group, "-100500")

        found = {one.notification.id: one.notification for one in await claim(database, clock)}
        chats = [found[row.id].chat for row in rows.values()]
        assert chats == [a_recipient("-100500"), a_recipient("-100500"), a_recipient("-1001")]


class TestReopened:
    async def test_given_a_killed_process_when_opened_then_its_rows_are_due_at_once(
        self, sqlite_url: str, clock: FakeClock
    ) -> None:
        async with open_database(sqlite_url, clock) as killed:
            await planned(killed, a_notification())
            await claim(killed, clock)

        async with open_database(sqlite_url, clock) as database:
            [again] = await claim(database, clock)

        assert again.maybe_sent, "the kill may have come after the platform took it"


class TestCost:
    async def test_given_a_long_history_when_claimed_then_only_the_index_is_walked(
        self, sqlite_url: str, clock: FakeClock
    ) -> None:
        async with open_database(sqlite_url, clock) as database:

            def plan(connection: Connection) -> str:
                compiled = str(_due.compile(connection.engine))
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", (1, 1, 1, 0))
                return " ".join(row[3] for row in rows)

            steps = await database.writer.run(plan)

        assert "ix_outbox_due (urgency=? AND next_attempt_at<?)" in steps
        assert "TEMP B-TREE FOR RIGHT PART" in steps or "TEMP B-TREE" not in steps
