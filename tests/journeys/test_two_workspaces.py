"""Two workspaces that installed slotbook by themselves: one process, and nothing in common.

People, channels and direct messages have the same ids in both.
"""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import bindparam, select

from bots.callback_data import encode
from builders.people import acting
from fake_slack import FakeSlack
from many_slacks import ANA, BO, ManySlacks, Office, many_slacks, running_office
from persistence.tables import (
    attendances,
    bookings,
    drafts,
    event_types,
    metadata,
    outbox,
    people,
    sessions,
)
from running_clock import RunningClock
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.messages import Action
from scheduling.people import AccountKey, Person, Platform
from slack_desk import buttons, words

ACME, BETA = "T0ACME", "T0BETA"
BEHIND = {
    *("changes", "changed_topics", "live_cards", "live_card_topics", "outbox", "inbox"),
    "conversation_leases",
}
"""Tables that are worked on behind everybody's back."""
DUE = select(outbox.c.id).where(outbox.c.state == "waiting", outbox.c.due_at <= bindparam("now"))
TAKEN_OUT: dict[str, dict[str, Any]] = {
    "uninstalled": {"type": "app_uninstalled"},
    "revoked": {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}},
}


class Team:
    """A workspace with Ana, who coaches there, and Bo, who books her."""

    def __init__(self, office: Office, fake: FakeSlack) -> None:
        self.office, self.fake, self.desk = office, fake, office.desk(fake)

    async def types(self, command: str, line: str, *, user: str = BO) -> dict[str, Any]:
        """Type a command and return the last answer to it."""
        await self.desk.command(line, command=command, user=user)
        await self.desk.settled()
        return self.fake.responses[-1]

    async def presses(self, said: dict[str, Any], label: str, *, user: str = BO) -> dict[str, Any]:
        """Press a button of an answer and return the next one."""
        await self.desk.press(buttons(said)[label], user=user)
        await self.desk.settled()
        return self.fake.responses[-1]

    async def begins(self) -> None:
        """Let Ana become a coach."""
        week = await self.types("/availability", "mon-fri 9-17", user=ANA)
        link = await self.presses(week, "Save and get my link", user=ANA)
        assert f"team={self.fake.team}" in words(link).replace("&amp;", "&")

    async def books(self) -> dict[str, Any]:
        """Let Bo book Ana, and return the card."""
        kept = await self.types("/book", "Ana tue 15:00")
        await self.presses(kept, "Book it")
        return await self.hears("Booked.", "response")

    async def hears(self, fragment: str, method: str = "chat.postMessage") -> dict[str, Any]:
        """Return the newest message with these words; wait for it."""
        for _ in range(500):
            for said in reversed(self.fake.said(method)):
                if fragment in words(said):
                    return dict(said)
            await self.desk.pause()
        raise AssertionError(f"nobody hears {fragment!r}")

    async def calms(self) -> None:
        """Wait until nothing that is due waits to be sent."""
        database, clock = self.office.slotbook.database, self.office.clock
        while await database.reader.first(DUE, {"now": clock.now()}) is not None:
            await self.desk.pause()

    async def person(self, user: str) -> Person:
        """Return somebody as stored."""
        key = AccountKey(Platform.SLACK, self.fake.team, user)
        found = await self.office.slotbook.database.queries.account(key)
        assert found is not None
        return found[1]

    async def rows(self) -> dict[str, list[Any]]:
        """Return everything that is stored of the workspace's organization."""
        organization = (await self.person(ANA)).organization_id
        reader = self.office.slotbook.database.reader
        found = {}
        for table in metadata.sorted_tables:
            if "organization_id" in table.c and table.name not in BEHIND:
                mine = select(table).where(table.c.organization_id == organization)
                found[table.name] = sorted(map(tuple, await reader.rows(mine)), key=repr)
        return found

    async def ids(self) -> dict[str, int]:
        """Return ids of what buttons are about, each with the revision that they carry."""
        organization = (await self.person(ANA)).organization_id
        reader = self.office.slotbook.database.reader
        found: dict[str, int] = {}
        for table in (people, event_types, bookings, sessions, attendances, drafts):
            mine = select(table).where(table.c.organization_id == organization)
            row = (await reader.rows(mine))[-1]
            revision = getattr(row, "version", None) or getattr(row, "revision", None)
            found[row.id] = revision or 0
        return found


@pytest.fixture
async def slacks() -> AsyncIterator[ManySlacks]:
    """Slack with two workspaces."""
    async with many_slacks() as many:
        many.workspace(ACME, "of Acme")
        many.workspace(BETA, "of Beta")
        yield many


async def both(office: Office) -> tuple[Team, Team]:
    """Let both workspaces install slotbook, and have a coach."""
    acme, beta = (Team(office, fake) for fake in list(office.slacks.workspaces.values()))
    for team in (acme, beta):
        assert (await office.installs(team.fake)).status_code == 200
        await team.begins()
    return acme, beta


@pytest.fixture
async def office(
    database_url: str, slacks: ManySlacks, clock: RunningClock
) -> AsyncIterator[Office]:
    """Slotbook open to installations, on both databases in turn."""
    async with running_office(database_url, slacks, clock) as running:
        yield running


@pytest.fixture
async def sqlite_office(
    sqlite_url: str, slacks: ManySlacks, clock: RunningClock
) -> AsyncIterator[Office]:
    """Like ``office``, where the database makes no difference."""
    async with running_office(sqlite_url, slacks, clock) as running:
        yield running


def told(calls: Iterable[Any]) -> str:
    """Return all that was said in calls."""
    return json.dumps([call.arguments for call in calls], default=str)


class TestApart:
    async def test_given_the_same_ids_when_both_book_then_each_hears_of_its_own(
        self, office: Office
    ) -> None:
        acme, beta = await both(office)
        await acme.books()
        await acme.hears("Bo of Acme booked")
        assert "booked" not in told(beta.fake.calls)

        await beta.books()  # the same hour of the same id is free there

        heard = await beta.hears("Bo of Beta booked")
        assert heard["channel"] == "D0ANA"
        people = {(await team.person(user)).id for team in (acme, beta) for user in (ANA, BO)}
        organizations = {(await team.person(ANA)).organization_id for team in (acme, beta)}
        assert len(people) == 4
        assert len(organizations) == 2
        assert DEFAULT_ORGANIZATION not in organizations
        # A token of the other workspace would have been refused.
        assert "of Beta" not in told(acme.fake.calls)
        assert "of Acme" not in told(beta.fake.calls)

    async def test_given_names_and_codes_of_the_other_when_typed_then_nobody_is_found(
        self, sqlite_office: Office
    ) -> None:
        acme, beta = await both(sqlite_office)
        await acme.books()
        code = await sqlite_office.slotbook.services.people.connect_code(
            acting(await acme.person(ANA))
        )
        await acme.calms()
        before, said = await acme.rows(), len(acme.fake.calls)

        for line in ("Ana of Acme tue 15:00", "Acme", "<@U0ACMEONLY|zed> tue 9:00"):
            await beta.types("/book", line)
        for line in (f"connect {code}", "coaches acme", "my", "agenda", "compare <@U0ACMEONLY>"):
            await beta.types("/slotbook", line, user=ANA)
        await beta.types("/session", '"Plan" 45m next week <@U0ACMEONLY|zed>')

        assert "of Acme" not in told(beta.fake.calls)
        assert await acme.rows() == before
        assert len(acme.fake.calls) == said

    async def test_given_every_button_when_pressed_with_ids_of_the_other_then_nothing_happens(
        self, sqlite_office: Office
    ) -> None:
        acme, beta = await both(sqlite_office)
        await acme.books()
        await acme.types("/session", '"Secret of Acme" 45m next week <@U0ANA|ana>')
        await acme.types("/book", "Ana wed 10:00")
        await acme.hears("which times work?")
        await acme.calms()
        ids, before, said = await acme.ids(), await acme.rows(), len(acme.fake.calls)
        slotbook = sqlite_office.slotbook
        verbs = {entry.verb for entry in slotbook.router.presses()}
        verbs |= set(slotbook.surfaces.names()["press"])
        assert len(verbs) > 50

        for subject, revision in ids.items():
            for verb in sorted(verbs):
                value = encode(Action("", verb, subject, revision, "A"))
                await beta.desk.press(
                    {"action_id": value, "value": value}, user=ANA, ephemeral=len(verb) % 2 == 0
                )
            await beta.desk.settled()

        assert "of Acme" not in told(beta.fake.calls)
        assert await acme.rows() == before
        # Its own card may have caught up with its own votes meanwhile.
        assert {call.method for call in acme.fake.calls[said:]} <= {"chat.update"}
        assert "of Beta" not in told(acme.fake.calls)

    async def test_given_every_window_when_sent_with_drafts_of_the_other_then_nothing_happens(
        self, sqlite_office: Office
    ) -> None:
        acme, beta = await both(sqlite_office)
        await acme.types("/session", '"Secret of Acme" 45m next week <@U0ANA|ana>')
        await acme.types("/book", "Ana wed 10:00")
        ids, before = await acme.ids(), await acme.rows()
        names = sqlite_office.slotbook.surfaces.names()

        for subject in ids:
            for kind in ("submission", "options"):
                for callback in sorted(names[kind]):
                    answer = await beta.desk.interact(window(kind, callback, subject))
                    assert answer.status_code == 200
                    assert "of Acme" not in answer.text

        await beta.desk.settled()
        assert "of Acme" not in told(beta.fake.calls)
        assert await acme.rows() == before


def window(kind: str, callback: str, subject: str, team: str = BETA) -> dict[str, Any]:
    """Return what Slack sends when a window that carries a draft's id is sent, or searched in."""
    user = {"id": ANA, "username": "ana", "team_id": team}
    view = {
        "id": f"V{len(callback)}", "type": "modal", "callback_id": callback, "hash": "1.a",
        "private_metadata": subject, "state": {"values": {}},
    }  # fmt: skip
    base = {"team": {"id": team, "domain": "x"}, "user": user, "api_app_id": "A0", "view": view}
    if kind == "options":
        return {"type": "block_suggestion", "action_id": callback, "value": "a", **base}
    return {"type": "view_submission", "trigger_id": f"9.{subject}.{callback}", **base}


class TestTakenOut:
    @pytest.mark.parametrize("how", TAKEN_OUT)
    async def test_given_two_workspaces_when_one_takes_us_out_then_only_it_hears_nothing_more(
        self, office: Office, how: str
    ) -> None:
        acme, beta = await both(office)
        await acme.books()
        await beta.books()
        await acme.hears("Bo of Acme booked")
        await beta.hears("Bo of Beta booked")
        await acme.calms()
        office.clock.advance(timedelta(seconds=2))

        await acme.desk.event(TAKEN_OUT[how])
        await acme.desk.settled()
        said = len(acme.fake.calls)
        office.clock.advance(timedelta(hours=6))  # the day before the lesson has begun

        await beta.hears("Tomorrow")
        assert len(acme.fake.calls) == said

    async def test_given_a_workspace_that_took_us_out_when_it_asks_then_calmly_nothing(
        self, office: Office
    ) -> None:
        acme, beta = await both(office)
        card = await acme.books()
        await acme.calms()
        office.clock.advance(timedelta(seconds=2))
        await acme.desk.event(TAKEN_OUT["uninstalled"])
        await acme.desk.settled()
        said, before = len(acme.fake.calls), await acme.rows()

        answers = [
            await acme.desk.command("my"),
            await acme.desk.press(buttons(card)["Cancel"]),
            await acme.desk.event({"type": "message", "channel": "D0BO", "channel_type": "im",
                                   "user": BO, "text": "hello", "ts": "1.2"}, "Ev7"),
            await acme.desk.event({"type": "app_home_opened", "user": BO, "tab": "home"}, "Ev8"),
            await acme.desk.interact(window("submission", "sb.book", "x", ACME)),
        ]  # fmt: skip
        await acme.desk.settled()

        assert [answer.status_code for answer in answers] == [200] * 5
        assert len(acme.fake.calls) == said
        assert await acme.rows() == before
        await beta.types("/slotbook", "my")
        assert (await office.client.get("/healthz")).status_code == 200


class TestBesideTheConfiguredOne:
    async def test_given_a_configured_workspace_when_another_leaves_then_its_people_are_not_ours(
        self, sqlite_url: str, slacks: ManySlacks, clock: RunningClock
    ) -> None:
        acme_fake, beta_fake = slacks.workspaces.values()
        token = SecretStr(acme_fake.token)
        async with running_office(sqlite_url, slacks, clock, slack_bot_token=token) as office:
            acme, beta = Team(office, acme_fake), Team(office, beta_fake)
            await acme.begins()
            assert (await acme.person(ANA)).organization_id == DEFAULT_ORGANIZATION
            await office.installs(beta_fake)
            await beta.begins()
            await acme.books()
            office.clock.advance(timedelta(seconds=2))
            await beta.desk.event(TAKEN_OUT["uninstalled"])
            await beta.desk.settled()
            await acme.calms()
            before = await acme.rows()
            said = len(acme_fake.calls)

            await beta.desk.event({"type": "message", "channel": "D0BO", "channel_type": "im",
                                   "user": BO, "text": "cancel", "ts": "1.2"}, "Ev7")  # fmt: skip
            await beta.desk.event({"type": "app_home_opened", "user": BO, "tab": "home"}, "Ev8")
            changed = {**beta_fake.users[BO], "real_name": "Somebody else"}
            await beta.desk.event({"type": "user_change", "user": changed}, "Ev9")
            await beta.desk.command("my", user=BO)
            await beta.desk.settled()

            assert await acme.rows() == before
            assert (await acme.person(BO)).name == "Bo of Acme"
            # Only what was asked in Beta is answered, at the address Slack gave for it.
            assert {call.method for call in acme_fake.calls[said:]} <= {"response", "users.info"}
            await acme.types("/slotbook", "my")
            assert "Session with Ana" in words(acme_fake.responses[-1])
