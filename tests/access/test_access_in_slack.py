"""The table of who may use what, walked in Slack by everybody: no cell is wrong."""

import asyncio

import pytest

from access_walk import (
    ATTENDEE,
    BACKGROUND,
    HOST,
    INSIDERS,
    NOBODY,
    ORGANIZER,
    VISITORS,
    Role,
    Walk,
    contents,
    refused_as_not_theirs,
    refused_at_the_door,
)
from bots.access import Kind, Who, classified

ROWS = [(*row, who) for row, who in classified().items() if row[0] is not Kind.START]
Row = tuple[Kind, str, Who]
ENTITLED = {Role.MEMBER: {Who.ALL}, Role.COACH: {Who.ALL, Who.COACH},
            Role.ADMIN: {Who.ALL, Who.ADMIN, Who.DECIDER}}  # fmt: skip
SILENT = {(Kind.PRESS, "noop"), (Kind.CLOSED, "sb.book")}
"""They are answered by nothing happening."""
NO_OPTIONS = '{"options": []}'
OF_A_PERSON = {"people", "person_roles", "chat_accounts", "drafts",
               "audit"}  # fmt: skip
"""Tables in which somebody who asks for anything may get rows of their own."""


def user_of(role: Role, number: int) -> str:
    return f"U{role.value}{number:03}"


async def everybody_uses(walk: Walk, role: Role, rows: list[Row], mark: str = "") -> list[str]:
    """Let one person of the role after the other use each row; return them."""
    users = [user_of(role, ROWS.index(row)) for row in rows]
    await walk.people(role, users)
    walkers = list(zip(users, rows, strict=True))
    for start in range(0, len(rows), 40):
        together = walkers[start : start + 40]
        await asyncio.gather(*(walk.use(user, *row, mark=mark) for user, row in together))
    await walk.desk.settled()
    return users


class TestAtTheDoor:
    @pytest.mark.slow
    async def test_given_who_may_not_enter_when_using_anything_then_nothing_changes(
        self, walk: Walk
    ) -> None:
        before = contents(walk.desk, without=BACKGROUND)
        wrong: list[str] = []

        for role in (*VISITORS, *NOBODY):
            users = await everybody_uses(walk, role, ROWS)
            told = walk.heard()
            for user, (kind, name, _) in zip(users, ROWS, strict=True):
                heard = [each for each in told.get(user, ()) if each != NO_OPTIONS]
                expected = role in VISITORS and kind is not Kind.OPTIONS
                if refused_at_the_door(heard) != expected:
                    wrong.append(f"{role.name} {kind} {name}: {heard}")
                if role in NOBODY and heard:
                    wrong.append(f"{role.name} {kind} {name} heard {heard}")

        assert wrong == []
        after = contents(walk.desk, without=BACKGROUND)
        assert {name for name in before if before[name] != after[name]} == set()


class TestInside:
    @pytest.mark.slow
    @pytest.mark.parametrize("role", INSIDERS)
    async def test_given_somebody_inside_when_it_is_not_theirs_then_they_hear_so_and_no_more(
        self, walk: Walk, role: Role
    ) -> None:
        rows = [row for row in ROWS if row[2] not in ENTITLED[role]]
        users = [user_of(role, ROWS.index(row)) for row in rows]
        await walk.people(role, users)
        before = contents(walk.desk, without=BACKGROUND)

        await everybody_uses(walk, role, rows)

        after = contents(walk.desk, without=BACKGROUND)
        lost = {name: before[name] - after[name] for name in before if before[name] - after[name]}
        assert lost == {}
        made = {name for name in before if after[name] - before[name]}
        assert made <= OF_A_PERSON, {name: after[name] - before[name] for name in made}
        assert all("'met'" in row for row in after["audit"] - before["audit"])
        told = walk.heard()
        for user, row in zip(users, rows, strict=True):
            heard = told.get(user, [])
            assert not refused_at_the_door(heard), row
            assert heard or row[:2] in SILENT or row[0] is Kind.ACTION, row

    @pytest.mark.slow
    @pytest.mark.parametrize("role", INSIDERS)
    async def test_given_somebody_inside_when_they_may_then_it_is_answered(
        self, walk: Walk, role: Role
    ) -> None:
        rows = [row for row in ROWS if row[2] in ENTITLED[role]]

        users = await everybody_uses(walk, role, rows)

        wrong, told = [], walk.heard()
        for user, row in zip(users, rows, strict=True):
            heard = told.get(user, [])
            if refused_at_the_door(heard) or refused_as_not_theirs(heard):
                wrong.append((row, heard))
            if not heard and row[:2] not in SILENT:
                wrong.append((row, heard))
        assert wrong == []


class TestWhoseItIs:
    @pytest.mark.slow
    async def test_given_whose_it_is_when_using_it_then_nobody_says_it_is_anothers(
        self, walk: Walk
    ) -> None:
        whose = {
            Who.HOST: HOST, Who.OWNER: HOST, Who.COACH: HOST, Who.SIDE: ATTENDEE,
            Who.ATTENDEE: ATTENDEE, Who.ASKED: ATTENDEE, Who.SEATED: ATTENDEE,
            Who.ORGANIZER: ORGANIZER, Who.DECIDER: ORGANIZER,
        }  # fmt: skip
        # Left already when it comes to "sunjoin": that seat is nobody's any more.
        over = {"sunjoin"}
        rows = [
            row for row in ROWS if row[2] in whose and row[0] is Kind.PRESS and row[1] not in over
        ]

        for number, row in enumerate(rows):
            await walk.use(whose[row[2]], *row, mark=f"x{number}")
        await walk.desk.settled()

        told = walk.heard()
        wrong = []
        for number, row in enumerate(rows):
            heard = told.get(f"{whose[row[2]]}x{number}", [])
            if not heard or refused_at_the_door(heard) or refused_as_not_theirs(heard):
                wrong.append((row, heard))
        assert wrong == []
