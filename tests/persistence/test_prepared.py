"""Prepared statements: the same answers and errors as SQLAlchemy's own way, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from builders.times import at
from persistence.database import Database
from persistence.prepared import Prepared, all_of
from persistence.tables import requests

MADE = at("2030-01-07 09:00")
_OF = requests.c.organization_id == bindparam("org")
ADD = Prepared(insert(requests))
NAMED = Prepared(
    select(requests)
    .where(_OF, requests.c.request_id.in_(bindparam("ids", expanding=True)))
    .order_by(requests.c.request_id)
)
SINCE = Prepared(
    select(requests.c.request_id)
    .where(
        _OF, requests.c.subject.in_(("lesson", "talk")), requests.c.made_at >= bindparam("since")
    )
    .order_by(requests.c.request_id)
)
CHANGE = Prepared(update(requests).where(_OF, requests.c.request_id == bindparam("this")))
REMOVE = Prepared(delete(requests).where(_OF))
ADD_ONCE = {
    "sqlite": Prepared(
        sqlite.insert(requests).on_conflict_do_nothing().returning(requests.c.request_id)
    ),
    "postgresql": Prepared(
        postgresql.insert(requests).on_conflict_do_nothing().returning(requests.c.request_id)
    ),
}


def a_request(name: str, hours: int = 0, subject: str = "lesson") -> dict[str, object]:
    made = MADE + timedelta(hours=hours)
    return {"organization_id": "o", "request_id": name, "subject": subject, "made_at": made}


def named(*ids: str) -> dict[str, object]:
    return {"org": "o", "ids": list(ids)}


class TestReading:
    @pytest.mark.parametrize(
        ("ids", "found"),
        [((), []), (("b",), ["b"]), (("a", "c", "x"), ["a", "c"]), (("c", "b"), ["b", "c"])],
    )
    async def test_given_rows_when_named_by_lists_of_any_length_then_just_these_come(
        self, database: Database, ids: tuple[str, ...], found: list[str]
    ) -> None:
        async def read(several: tuple[str, ...]) -> list[str]:
            def work(connection: Connection) -> list[str]:
                return [row.request_id for row in NAMED.all(connection, named(*several))]

            return await database.writer.run(work)

        await database.writer.run(lambda c: ADD.run_each(c, [a_request(n) for n in "abc"]))
        await read(("a", "b", "c"))  # another length before must not matter

        assert await read(ids) == found

    async def test_given_a_moment_when_stored_then_it_comes_back_as_it_was(
        self, database: Database
    ) -> None:
        await database.writer.run(lambda c: ADD.run(c, a_request("a", 3)))

        (row,) = await database.writer.run(lambda c: NAMED.all(c, named("a")))

        assert (row.request_id, row.subject) == ("a", "lesson")
        assert row.made_at == MADE + timedelta(hours=3)

    async def test_given_no_row_when_the_first_is_asked_for_then_there_is_none(
        self, database: Database
    ) -> None:
        assert await database.writer.run(lambda c: NAMED.first(c, named("a"))) is None

    async def test_given_written_and_given_values_when_compared_then_both_count(
        self, database: Database
    ) -> None:
        stored = [a_request("a"), a_request("b", 2, "talk"), a_request("c", 2, "note")]
        await database.writer.run(lambda c: ADD.run_each(c, stored))
        values = {"org": "o", "since": MADE + timedelta(hours=1)}

        writing = await database.writer.run(lambda c: SINCE.all(c, values))
        reading = await database.reader.all(SINCE, values)

        assert [row.request_id for row in writing] == ["b"]
        assert [row.request_id for row in reading] == ["b"]

    async def test_given_several_selects_when_sent_together_then_each_has_its_rows(
        self, database: Database
    ) -> None:
        await database.writer.run(lambda c: ADD.run_each(c, [a_request("a"), a_request("b", 2)]))
        values = {**named("a"), "since": MADE + timedelta(hours=1)}

        found = await database.writer.run(
            lambda c: all_of(c, {"named": NAMED, "since": SINCE}, values)
        )

        assert [row.request_id for row in found["named"]] == ["a"]
        assert [row.request_id for row in found["since"]] == ["b"]

    async def test_given_a_snapshot_when_somebody_writes_then_it_sees_one_moment(
        self, database: Database
    ) -> None:
        await database.writer.run(lambda c: ADD.run(c, a_request("a")))

        async with database.reader.snapshot() as connection:
            before = await NAMED.all_async(connection, named("a", "b"))
            await database.writer.run(lambda c: ADD.run(c, a_request("b")))
            after = await NAMED.all_async(connection, named("a", "b"))

        assert len(before) == len(after) == 1
        assert len(await database.reader.all(NAMED, named("a", "b"))) == 2


class TestWriting:
    async def test_given_rows_when_changed_then_how_many_is_told(self, database: Database) -> None:
        await database.writer.run(lambda c: ADD.run_each(c, [a_request("a"), a_request("b")]))
        change = {"org": "o", "subject": "talk"}

        one = await database.writer.run(lambda c: CHANGE.run(c, {**change, "this": "a"}))
        none = await database.writer.run(lambda c: CHANGE.run(c, {**change, "this": "x"}))
        both = await database.writer.run(lambda c: REMOVE.run(c, {"org": "o"}))

        assert (one, none, both) == (1, 0, 2)

    async def test_given_a_row_that_is_there_when_added_once_more_then_nothing_is_returned(
        self, database: Database
    ) -> None:
        add = ADD_ONCE[database.dialect]

        first = await database.writer.run(lambda c: add.all(c, a_request("a")))
        second = await database.writer.run(lambda c: add.all(c, a_request("a")))

        assert ([row.request_id for row in first], second) == (["a"], [])

    async def test_given_a_key_twice_when_written_then_the_error_names_no_value(
        self, database: Database
    ) -> None:
        secret = a_request("a", subject="a name nobody may log")

        with pytest.raises(IntegrityError) as one:
            await database.writer.run(lambda c: [ADD.run(c, secret) for _ in range(2)])
        with pytest.raises(IntegrityError) as many:
            await database.writer.run(lambda c: ADD.run_each(c, [secret, secret]))

        assert "nobody may log" not in f"{one.value} {many.value}"
        assert await database.reader.all(NAMED, named("a")) == []
