"""The durable inbox: nothing twice, each chat in order, and only by whoever holds it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from builders.times import at, minutes
from doubles import FakeClock
from persistence.database import Database, open_database
from persistence.inbox import _oldest_free, _oldest_of
from persistence.tables import inbox
from scheduling.people import Platform
from scheduling.ports import ConversationClaim, Inbound, InboxRow

LEASE = timedelta(seconds=15)
NINE = at("2030-01-07 09:00")


def an_update(key: str, chat: str = "1001", **changes: Any) -> Inbound:
    values: dict[str, Any] = {
        "platform": Platform.TELEGRAM,
        "tenant": "4242",
        "key": key,
        "conversation": chat,
        "payload": f'{{"update": "{key}", "text": "Zoë \\u0000 🎹"}}',
        "received_at": NINE,
    }
    return Inbound(**{**values, **changes})


async def take(database: Database, clock: FakeClock) -> ConversationClaim:
    claim = await database.inbox.claim(clock.now(), LEASE)
    assert claim is not None
    return claim


async def next_key(database: Database, claim: ConversationClaim) -> str | None:
    row = await database.inbox.next(claim)
    return None if row is None else row.inbound.key


async def begun(database: Database, claim: ConversationClaim) -> InboxRow:
    row = await database.inbox.next(claim)
    assert row is not None
    return row


async def ends(database: Database) -> list[tuple[str, str | None]]:
    rows = await database.reader.rows(select(inbox.c.state, inbox.c.reason).order_by(inbox.c.id))
    return [(row.state, row.reason) for row in rows]


class TestPutting:
    async def test_given_an_update_when_put_then_it_waits_as_it_came(
        self, database: Database, clock: FakeClock
    ) -> None:
        update = an_update("1")

        new = await database.inbox.put([update])

        row = await begun(database, await take(database, clock))
        assert (new, row.inbound, row.attempts) == (1, update, 1)
        assert await database.inbox.waiting() == 1

    async def test_given_known_updates_when_put_again_then_only_new_ones_count(
        self, database: Database
    ) -> None:
        await database.inbox.put([an_update("1")])

        new = await database.inbox.put([an_update("1"), an_update("2"), an_update("2")])

        assert new == 1
        assert await database.inbox.waiting() == 2

    async def test_given_nothing_when_put_then_nothing_waits(self, database: Database) -> None:
        assert await database.inbox.put([]) == 0

    async def test_given_one_key_of_two_bots_when_put_then_both_are_kept(
        self, database: Database
    ) -> None:
        updates = [
            an_update("1"),
            an_update("1", tenant="5353"),
            an_update("1", platform=Platform.SLACK),
        ]

        assert await database.inbox.put(updates) == 3

    async def test_given_the_same_updates_when_put_at_once_then_each_is_stored_once(
        self, database: Database
    ) -> None:
        updates = [an_update(str(number)) for number in range(10)]

        new = await asyncio.gather(*(database.inbox.put(updates) for _ in range(8)))

        assert sum(new) == 10
        assert await database.inbox.waiting() == 10

    async def test_given_updates_when_handled_or_parked_then_only_parked_ones_keep_their_words(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1"), an_update("2")])
        claim = await take(database, clock)

        await database.inbox.finish(claim, await begun(database, claim))
        await database.inbox.finish(claim, await begun(database, claim), parked="AB12 LookupError")

        rows = await database.reader.rows(select(inbox.c.payload).order_by(inbox.c.id))
        assert [row.payload for row in rows] == ["", an_update("2").payload]

    async def test_given_a_handled_update_when_put_again_then_it_stays_handled(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1")])
        claim = await take(database, clock)
        await database.inbox.finish(claim, await begun(database, claim))

        new = await database.inbox.put([an_update("1")])

        assert new == 0
        assert await ends(database) == [("handled", None)]


class TestClaiming:
    async def test_given_nothing_when_claimed_then_there_is_nothing(
        self, database: Database, clock: FakeClock
    ) -> None:
        assert await database.inbox.claim(clock.now(), LEASE) is None

    async def test_given_two_chats_when_claimed_then_the_one_waiting_longest_comes_first(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1", "A"), an_update("2", "B"), an_update("3", "A")])

        first, second = await take(database, clock), await take(database, clock)

        assert (first.conversation, second.conversation) == ("A", "B")
        assert await database.inbox.claim(clock.now(), LEASE) is None

    async def test_given_a_chat_when_worked_off_then_its_order_is_kept(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1"), an_update("2", "other"), an_update("3")])
        claim = await take(database, clock)

        keys = []
        while (row := await database.inbox.next(claim)) is not None:
            keys.append(row.inbound.key)
            await database.inbox.finish(claim, row)

        assert keys == ["1", "3"]

    async def test_given_an_unfinished_update_when_asked_again_then_each_beginning_counts(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1")])
        claim = await take(database, clock)

        rows = [await begun(database, claim) for _ in range(3)]

        assert [row.attempts for row in rows] == [1, 2, 3]

    async def test_given_a_lease_that_ran_out_when_claimed_then_the_token_rises(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1")])
        late = await take(database, clock)
        clock.advance(LEASE)

        present = await take(database, clock)

        assert present.token > late.token
        assert await next_key(database, late) is None
        assert await next_key(database, present) == "1"

    async def test_given_a_released_chat_when_claimed_then_it_is_free_at_once(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1")])
        claim = await take(database, clock)

        await database.inbox.release(claim)

        assert (await take(database, clock)).token == claim.token + 1

    async def test_given_a_renewal_that_comes_after_the_release_then_the_chat_stays_free(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1")])
        claim = await take(database, clock)
        await database.inbox.release(claim)

        renewed = await database.inbox.renew(claim, clock.now() + LEASE)

        assert not renewed
        assert (await take(database, clock)).token == claim.token + 1

    async def test_given_workers_when_they_claim_at_once_then_each_gets_a_chat_of_its_own(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put(
            [an_update(f"{chat}-{n}", f"chat {chat}") for n in range(3) for chat in range(5)]
        )

        claims = await asyncio.gather(
            *(database.inbox.claim(clock.now(), LEASE) for _ in range(12))
        )

        taken = [claim.conversation for claim in claims if claim is not None]
        assert len(taken) == len(set(taken))
        while (more := await database.inbox.claim(clock.now(), LEASE)) is not None:
            taken.append(more.conversation)
        assert sorted(taken) == [f"chat {n}" for n in range(5)]


class TestFinishing:
    async def test_given_an_update_when_parked_then_the_next_one_comes(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1"), an_update("2")])
        claim = await take(database, clock)

        await database.inbox.finish(claim, await begun(database, claim), parked="K7Q2 ValueError")

        assert await next_key(database, claim) == "2"
        assert await ends(database) == [("parked", "K7Q2 ValueError"), ("waiting", None)]
        assert await database.inbox.waiting() == 1

    async def test_given_a_claim_of_another_when_finished_late_then_nothing_changes(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1")])
        late = await take(database, clock)
        row = await begun(database, late)
        clock.advance(LEASE)
        present = await take(database, clock)

        await database.inbox.finish(late, row)

        assert await ends(database) == [("waiting", None)]
        assert await next_key(database, present) == "1"

    async def test_given_a_claim_when_renewed_then_it_lasts_longer(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1")])
        claim = await take(database, clock)

        renewed = await database.inbox.renew(claim, clock.now() + minutes(2))
        clock.advance(minutes(1))

        assert renewed
        assert await database.inbox.claim(clock.now(), LEASE) is None

    async def test_given_a_claim_of_another_when_renewed_or_released_then_it_stays_theirs(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_update("1")])
        late = await take(database, clock)
        clock.advance(LEASE)
        await take(database, clock)

        renewed = await database.inbox.renew(late, clock.now() + minutes(9))
        await database.inbox.release(late)

        assert not renewed
        assert await database.inbox.claim(clock.now(), LEASE) is None


class TestForgetting:
    async def handled(self, database: Database, clock: FakeClock, *updates: Inbound) -> None:
        await database.inbox.put(updates)
        for _ in updates:
            claim = await take(database, clock)
            await database.inbox.finish(claim, await begun(database, claim))
            await database.inbox.release(claim)

    async def test_given_old_and_new_when_forgotten_then_waiting_ones_stay(
        self, database: Database, clock: FakeClock
    ) -> None:
        old = NINE - timedelta(days=9)
        await self.handled(database, clock, an_update("1", received_at=old), an_update("2"))
        await database.inbox.put([an_update("3", "other", received_at=old)])

        gone = await database.inbox.forget(NINE - timedelta(days=3))

        assert gone == 1
        assert await ends(database) == [("handled", None), ("waiting", None)]

    async def test_given_two_days_when_asked_to_forget_more_then_they_are_kept(
        self, database: Database, clock: FakeClock
    ) -> None:
        almost = NINE - timedelta(hours=47)
        over = NINE - timedelta(hours=49)
        await self.handled(
            database,
            clock,
            an_update("1", received_at=over),
            an_update("2", received_at=almost),
            an_update("3"),
        )

        gone = await database.inbox.forget(NINE + timedelta(days=1))

        assert gone == 1
        assert await database.inbox.put([an_update("2")]) == 0

    async def test_given_nothing_when_forgotten_then_nothing_happens(
        self, database: Database
    ) -> None:
        assert await database.inbox.forget(NINE) == 0


class TestCost:
    @pytest.mark.parametrize("statement", [_oldest_free, _oldest_of], ids=["any", "chat"])
    async def test_given_a_long_history_when_asked_then_handled_rows_are_not_walked(
        self, sqlite_url: str, clock: FakeClock, statement: Any
    ) -> None:
        async with open_database(sqlite_url, clock) as database:
            values = dict.fromkeys(statement.compile().params, 0)
            plan = text(f"EXPLAIN QUERY PLAN {statement}")

            steps = await database.reader.rows(plan, {**values, "param_1": 1})

        assert any("ix_inbox_" in step.detail for step in steps)
        assert not any("TEMP B-TREE" in step.detail for step in steps)
