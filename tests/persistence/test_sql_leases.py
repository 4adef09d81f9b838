"""Leases, memory and sent files: small rows that survive a restart."""

import asyncio
from datetime import timedelta

from builders.people import a_card
from builders.scheduling import STUDENT
from builders.stored import a_lesson
from builders.times import at
from persistence.database import Database
from scheduling.ids import BookingId, OrganizationId
from scheduling.ports import SentFile

NINE = at("2030-01-07 09:00")
TTL = timedelta(seconds=20)


class TestLeases:
    async def test_given_nobody_when_acquired_then_it_is_ours(self, database: Database) -> None:
        assert await database.leases.acquire("polling", "one", NINE, TTL) == 1

    async def test_given_a_holder_when_another_asks_then_it_is_told_no(
        self, database: Database
    ) -> None:
        await database.leases.acquire("polling", "one", NINE, TTL)

        later = NINE + TTL - timedelta(seconds=1)

        assert await database.leases.acquire("polling", "two", later, TTL) is None

    async def test_given_a_holder_when_it_renews_then_the_number_stays_and_the_end_moves(
        self, database: Database
    ) -> None:
        await database.leases.acquire("polling", "one", NINE, TTL)
        half = NINE + TTL / 2

        renewed = await database.leases.acquire("polling", "one", half, TTL)

        assert renewed == 1
        assert await database.leases.acquire("polling", "two", NINE + TTL, TTL) is None

    async def test_given_a_lapsed_lease_when_another_takes_it_then_the_number_rises(
        self, database: Database
    ) -> None:
        await database.leases.acquire("polling", "one", NINE, TTL)

        taken = await database.leases.acquire("polling", "two", NINE + TTL, TTL)
        back = await database.leases.acquire("polling", "one", NINE + TTL * 2, TTL)

        assert (taken, back) == (2, 3)

    async def test_given_a_release_when_another_asks_then_it_need_not_wait(
        self, database: Database
    ) -> None:
        await database.leases.acquire("polling", "one", NINE, TTL)

        await database.leases.release("polling", "two")
        before = await database.leases.acquire("polling", "two", NINE, TTL)
        await database.leases.release("polling", "one")
        after = await database.leases.acquire("polling", "two", NINE, TTL)

        assert (before, after) == (None, 2)

    async def test_given_two_names_when_acquired_then_they_do_not_meet(
        self, database: Database
    ) -> None:
        await database.leases.acquire("polling", "one", NINE, TTL)

        assert await database.leases.acquire("upkeep", "two", NINE, TTL) == 1

    async def test_given_many_when_they_ask_at_once_then_one_holds_it(
        self, database: Database
    ) -> None:
        answers = await asyncio.gather(
            *(database.leases.acquire("polling", f"n{n}", NINE, TTL) for n in range(10))
        )

        assert sorted(answers, key=lambda answer: answer is None) == [1] + [None] * 9


class TestMemory:
    async def test_given_nothing_when_recalled_then_there_is_nothing(
        self, database: Database
    ) -> None:
        assert await database.memory.recall("offset") is None

    async def test_given_a_fact_when_remembered_again_then_the_new_one_stands(
        self, database: Database
    ) -> None:
        await database.memory.remember("offset", "1")
        await database.memory.remember("offset", "2")
        await database.memory.remember("zone data", "2026.6")

        assert await database.memory.recall("offset") == "2"


class TestSentFiles:
    async def test_given_a_file_when_replaced_then_the_last_one_is_found(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)
        organization = stored.organization

        for sequence, message in ((0, "7"), (1, "9")):
            sent = SentFile(a_card(message_id=message), sequence)
            await database.sent_files.remember(organization, booking.id, STUDENT, sent)

        found = await database.sent_files.find(organization, booking.id, STUDENT)
        assert found == SentFile(a_card(message_id="9"), 1)

    async def test_given_a_file_when_remembered_then_the_booking_knows(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)

        await database.sent_files.remember(
            stored.organization, booking.id, STUDENT, SentFile(a_card(), 0)
        )

        details = await database.queries.booking(stored.organization, booking.id)
        assert not booking.files_sent
        assert details.booking.files_sent

    async def test_given_others_when_asked_then_their_file_is_not_ours(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        booking = await stored.booking(kind)
        await database.sent_files.remember(
            stored.organization, booking.id, STUDENT, SentFile(a_card(), 0)
        )

        find = database.sent_files.find
        assert await find(stored.organization, booking.id, kind.host_id) is None
        assert await find(stored.organization, BookingId("x"), STUDENT) is None
        assert await find(OrganizationId("other"), booking.id, STUDENT) is None
