"""The table of who may use what, walked in Telegram: in private chats, in groups, and by bots."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from access_walk import BACKGROUND, NOT_YOURS, Role, Things, Walk, calm, contents, things
from app.slack_manifest import everything_registered
from both_desk import BothDesk, both_chats
from bots.access import Kind, Row, Who, table
from builders.telegram_updates import a_group, a_message, a_press, a_user, an_update
from fake_telegram import BOT_ID
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.people import Role as CoreRole

IN_TELEGRAM = {Kind.COMMAND, Kind.PRESS, Kind.TEXT, Kind.START, Kind.OTHERWISE}
GROUP = -4444
OF_A_PERSON = {"people", "person_roles", "chat_accounts", "drafts", "audit", "memory"}
ENTITLED = {Role.MEMBER: {Who.ALL}, Role.COACH: {Who.ALL, Who.COACH},
            Role.ADMIN: {Who.ALL, Who.ADMIN, Who.DECIDER}}  # fmt: skip
SILENT = {"noop"}


class TelegramWalk:
    """Somebody at one row after the other, in Telegram."""

    def __init__(self, desk: BothDesk, things: Things, rows: list[Row]) -> None:
        self.desk, self.rows = desk, rows
        self._walk = Walk(desk, things)
        self._numbers = iter(range(10_000, 99_000))

    def updates(self, row: Row, user: int, **more: Any) -> list[str]:
        """Return what somebody sends to use a row."""
        sender = a_user(
            id=user,
            first_name="Wanda",
            last_name=None,
            username=f"u{user}",
            language_code="en",
            **more,
        )
        found = []
        for what, given in self._walk.tries(row.kind, row.name, row.who):
            if what == "press" and row.kind is Kind.PRESS:
                found.append({"callback_query": a_press(given["value"], **{
                    "from": sender,
                    "message": a_message(**{"chat": self.chat(user),
                                            "from": a_user(id=BOT_ID, is_bot=True)}),
                })})  # fmt: skip
            else:
                text = {"command": f"/{row.name}", "message": "good morning"}.get(what, "10 min")
                found.append({"message": a_message(
                    **{"chat": self.chat(user), "from": sender, "text": text}
                )})  # fmt: skip
        if row.kind is Kind.START:
            text = f"/start {row.name}nobody"
            found.append({"message": a_message(
                **{"chat": self.chat(user), "from": sender, "text": text}
            )})  # fmt: skip
        return [an_update(next(self._numbers), **parts) for parts in found]

    in_group = False

    def chat(self, user: int) -> dict[str, Any]:
        """Return where it happens."""
        return a_group(id=GROUP) if self.in_group else {"id": user, "type": "private"}

    async def use(self, users: dict[int, Row], **more: Any) -> None:
        """Let each person use their row."""
        bodies = [body for user, row in users.items() for body in self.updates(row, user, **more)]
        for start in range(0, len(bodies), 40):
            answers = await asyncio.gather(*map(self.desk.update, bodies[start : start + 40]))
            assert {answer.status_code for answer in answers} == {200}
        await calm(self.desk)

    def heard(self, user: int) -> list[str]:
        """Return what somebody was told; toasts have no chat, and are told by their query."""
        return [json.dumps(said, ensure_ascii=False) for said in self.desk.telegram.said_to(user)]


@pytest.fixture
async def walk(sqlite_url: str) -> AsyncIterator[TelegramWalk]:
    """Slotbook on both chats, with a host, an attendee and an organizer."""
    rows = [row for row in table(*await everything_registered()) if row.kind in IN_TELEGRAM]
    rows = [row for row in rows if row.telegram != "—"]
    async with both_chats(sqlite_url, public_url="https://slotbook.example") as desk:
        there = await things(desk)
        await calm(desk)
        yield TelegramWalk(desk, there, rows)


def toasts(desk: BothDesk) -> int:
    """Return how many presses were answered."""
    return sum(method == "answerCallbackQuery" for method, _ in desk.telegram.calls)


class TestInPrivate:
    @pytest.mark.slow
    @pytest.mark.parametrize("role", [Role.MEMBER, Role.COACH, Role.ADMIN])
    async def test_given_somebody_when_using_what_is_not_theirs_then_nothing_changes(
        self, walk: TelegramWalk, role: Role
    ) -> None:
        rows = [row for row in walk.rows if row.who not in ENTITLED[role]]
        users = {5000 + number: row for number, row in enumerate(rows)}
        await _with_role(walk.desk, role, users)
        await calm(walk.desk)
        before = contents(walk.desk, without=BACKGROUND)

        await walk.use(users)

        after = contents(walk.desk, without=BACKGROUND)
        assert {name: before[name] - after[name] for name in before} == {
            name: set() for name in before
        }
        assert {name for name in before if after[name] - before[name]} <= OF_A_PERSON
        assert all("'met'" in row for row in after["audit"] - before["audit"])
        pressed = sum(row.kind is Kind.PRESS for row in rows)
        assert toasts(walk.desk) >= pressed

    @pytest.mark.slow
    @pytest.mark.parametrize("role", [Role.MEMBER, Role.COACH, Role.ADMIN])
    async def test_given_somebody_when_they_may_then_it_is_answered(
        self, walk: TelegramWalk, role: Role
    ) -> None:
        rows = [row for row in walk.rows if row.who in ENTITLED[role]]
        users = {5000 + number: row for number, row in enumerate(rows)}
        await _with_role(walk.desk, role, users)

        await walk.use(users)

        wrong = []
        for user, row in users.items():
            heard = walk.heard(user)
            silent = row.kind is Kind.PRESS  # a toast answers some of them
            if any(words in each for each in heard for words in NOT_YOURS):
                wrong.append((row.kind, row.name, heard))
            if not heard and not silent:
                wrong.append((row.kind, row.name, heard))
        assert wrong == []

    async def test_given_a_bot_when_using_anything_then_nothing_is_said_or_stored(
        self, walk: TelegramWalk
    ) -> None:
        users = {5000 + number: row for number, row in enumerate(walk.rows)}
        before, calls = contents(walk.desk, without=BACKGROUND), len(walk.desk.telegram.calls)

        await walk.use(users, is_bot=True)

        assert contents(walk.desk, without=BACKGROUND) == before
        said = [method for method, _ in walk.desk.telegram.calls[calls:]]
        assert [each for each in said if each.startswith(("send", "edit", "answer"))] == []


class TestInGroups:
    @pytest.mark.slow
    async def test_given_a_group_when_using_what_belongs_elsewhere_then_only_the_way_is_told(
        self, walk: TelegramWalk
    ) -> None:
        walk.in_group = True
        rows = [row for row in walk.rows if row.telegram == "chat"]
        users = {5000 + number: row for number, row in enumerate(rows)}
        before = contents(walk.desk, without=BACKGROUND)

        await walk.use(users)

        assert contents(walk.desk, without=BACKGROUND) == before
        commands = [row.name for row in rows if row.kind in {Kind.COMMAND, Kind.START}]
        posts = [said["text"] for said in walk.desk.telegram.said_to(GROUP)]
        assert posts == ["Let us do that in private, Wanda."] * len(commands)
        assert not any(walk.heard(user) for user in users)

    @pytest.mark.slow
    async def test_given_a_group_when_using_what_belongs_there_then_no_word_is_for_all_to_read(
        self, walk: TelegramWalk
    ) -> None:
        walk.in_group = True
        rows = [row for row in walk.rows if row.telegram != "chat"]
        users = {5000 + number: row for number, row in enumerate(rows)}
        await _with_role(walk.desk, Role.MEMBER, users)

        await walk.use(users)

        assert walk.desk.telegram.said_to(GROUP) == []
        assert toasts(walk.desk) >= sum(row.kind is Kind.PRESS for row in rows)


async def _with_role(desk: BothDesk, role: Role, users: dict[int, Row]) -> None:
    granted = {Role.COACH: CoreRole.COACH, Role.ADMIN: CoreRole.ADMIN}.get(role)
    for user in users:
        person = await desk.in_telegram(user, "Wanda")
        if granted is not None:
            people = desk.slotbook.services.people
            await people.grant(DEFAULT_ORGANIZATION, person.id, granted, None)
