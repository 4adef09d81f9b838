"""Codes that join two chats, as stored."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from builders.people import a_person, an_account
from builders.scheduling import STUDENT
from builders.stored import Stored
from builders.times import at
from persistence.database import Database
from scheduling.errors import NotFound
from scheduling.ids import (
    PersonId,
)
from scheduling.ports import (
    Transaction,
)

NOW = at("2030-01-07 09:00")


class TestCodes:
    async def test_given_a_code_when_used_then_it_works_once_and_in_time(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.student()
        end = NOW + timedelta(minutes=10)
        await stored.write(lambda tx: tx.people.put_connect_code("hash", STUDENT, end))

        async def use(code: str, minutes: int) -> PersonId | None:
            now = NOW + timedelta(minutes=minutes)
            return await stored.write(lambda tx: tx.people.use_connect_code(code, now))

        assert await use("other", 1) is None
        assert await use("hash", 10) is None
        assert await use("hash", 9) == STUDENT
        assert await use("hash", 9) is None

    async def test_given_a_code_when_many_use_it_at_once_then_one_does(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.student()
        end = NOW + timedelta(minutes=10)
        await stored.write(lambda tx: tx.people.put_connect_code("hash", STUDENT, end))

        used = await asyncio.gather(
            *(stored.write(lambda tx: tx.people.use_connect_code("hash", NOW)) for _ in range(6))
        )

        assert sorted(used, key=lambda each: each is None) == [STUDENT] + [None] * 5

    async def test_given_a_new_code_when_made_then_the_one_before_is_worth_nothing(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.student()
        end = NOW + timedelta(minutes=10)
        for code in ("first", "second"):
            await stored.write(lambda tx, c=code: tx.people.put_connect_code(c, STUDENT, end))  # type: ignore[misc]

        used = await stored.write(lambda tx: tx.people.use_connect_code("first", NOW))
        assert used is None
        used = await stored.write(lambda tx: tx.people.use_connect_code("second", NOW))
        assert used == STUDENT

    async def test_given_an_account_when_moved_then_it_is_the_others(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        mia, tom = a_person(id="mia"), a_person(id="tom")
        account = an_account(mia, last_seen=NOW)

        def put(tx: Transaction) -> None:
            tx.people.add(mia)
            tx.people.add(tom)
            tx.people.put_account(account)
            tx.people.move_account(account.key, tom.id)

        await stored.write(put)

        assert await stored.write(lambda tx: tx.people.accounts(mia.id)) == []
        (found,) = await stored.write(lambda tx: tx.people.accounts(tom.id))
        assert found == replace(account, person_id=tom.id)
        nobody = replace(account.key, account_id="none")
        with pytest.raises(NotFound):
            await stored.write(lambda tx: tx.people.move_account(nobody, tom.id))
