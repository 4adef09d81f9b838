"""Profiles, channels open to guests, and workspaces that installed the app."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from builders.people import a_person, an_account
from builders.scheduling import STUDENT
from builders.stored import Stored, a_notification
from builders.times import at, minutes
from doubles import FakeClock
from persistence.database import Database, open_database
from persistence.installations import NoKey
from persistence.tables import installations, oauth_states, organizations
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId, PersonId, digest
from scheduling.notifications import Notification, NotificationState
from scheduling.people import AccountKey, Card, ChatAccount, Platform, Recipient, Standing
from scheduling.ports import Installation, Profile, Transaction

NOW = at("2030-01-07 09:00")
ACME = OrganizationId("acme")
MIA = AccountKey(Platform.SLACK, "T1", "U1")
CHANNEL = Recipient(Platform.SLACK, "T1", "C1")
PROFILE = Profile(
    key=MIA,
    name="Mia Costa",
    zone="Europe/Berlin",
    locale="de-DE",
    standing=Standing.MEMBER,
    is_workspace_admin=True,
    email="mia@acme.example",
    fetched_at=NOW,
)
INSTALLED = Installation(
    organization_id=ACME,
    team_id="T1",
    enterprise_id="E1",
    team_name="Acme",
    bot_token="xoxb-secret",
    bot_user_id="UBOT",
    bot_id="BBOT",
    app_id="A1",
    scopes="chat:write",
    installed_by="U1",
    installed_at=NOW,
)


class BackwardsSealer:
    """Seals by turning round: enough to see that what is stored is not what was given."""

    def seal(self, secret: str) -> str:
        return f"sealed:{secret[::-1]}"

    def open(self, sealed: str) -> str:
        return sealed.removeprefix("sealed:")[::-1]


@pytest.fixture
async def database(database_url: str, clock: FakeClock) -> AsyncIterator[Database]:
    """An open database that can seal."""
    async with open_database(database_url, clock, pool_size=4, sealer=BackwardsSealer()) as opened:
        yield opened


class TestProfiles:
    async def test_given_a_profile_when_told_again_then_the_newer_one_stands(
        self, database: Database
    ) -> None:
        profiles = database.profiles
        assert await profiles.get(MIA) is None
        await profiles.put(PROFILE)
        assert await profiles.get(MIA) == PROFILE

        guest = replace(
            PROFILE, standing=Standing.GUEST, zone=None, locale=None, fetched_at=NOW + minutes(1)
        )
        await profiles.put(guest)
        await profiles.put(PROFILE)

        assert await profiles.get(MIA) == guest
        assert await profiles.get(replace(MIA, tenant="T2")) is None


class TestGuestChannels:
    async def test_given_a_channel_when_opened_and_closed_then_guests_may_enter_in_between(
        self, database: Database
    ) -> None:
        channels = database.guest_channels

        async def is_open(organization: OrganizationId = DEFAULT_ORGANIZATION) -> bool:
            return await channels.is_open(organization, CHANNEL)

        assert not await is_open()
        for _ in range(2):
            await channels.set_open(DEFAULT_ORGANIZATION, CHANNEL, is_open=True, now=NOW)
        assert await is_open()
        assert not await is_open(ACME)
        for _ in range(2):
            await channels.set_open(DEFAULT_ORGANIZATION, CHANNEL, is_open=False, now=NOW)
        assert not await is_open()


class TestInstallations:
    async def test_given_an_installation_when_found_then_it_is_whole_and_its_token_was_sealed(
        self, database: Database
    ) -> None:
        await database.installations.save(INSTALLED)

        assert await database.installations.find("T1", None) == INSTALLED
        assert await database.installations.find("T1", "E9") == INSTALLED
        assert await database.installations.find("T9", None) is None
        assert await database.installations.find(None, None) is None
        (row,) = await database.reader.rows(select(installations.c.sealed_token))
        assert row.sealed_token == "sealed:terces-bxox"
        names = await database.reader.rows(
            select(organizations.c.name).where(organizations.c.id == ACME)
        )
        assert [row.name for row in names] == ["Acme"]

    async def test_given_an_installation_when_made_again_then_the_new_token_stands(
        self, database: Database
    ) -> None:
        again = replace(INSTALLED, bot_token="xoxb-new", scopes="chat:write,commands")
        await database.installations.save(INSTALLED)
        await database.installations.save(again)

        assert await database.installations.find("T1", "E1") == again

    async def test_given_an_enterprise_when_a_team_of_it_asks_then_its_own_comes_first(
        self, database: Database
    ) -> None:
        whole = replace(INSTALLED, team_id="", organization_id=OrganizationId("grid"))
        await database.installations.save(whole)
        assert await database.installations.find("T1", "E1") == whole

        await database.installations.save(INSTALLED)

        assert await database.installations.find("T1", "E1") == INSTALLED
        assert await database.installations.find("T2", "E1") == whole
        assert await database.installations.remove(None, "E1", NOW)
        assert await database.installations.find("T2", "E1") is None

    async def test_given_no_key_when_a_token_is_to_be_kept_then_it_is_refused(
        self, database_url: str, clock: FakeClock
    ) -> None:
        async with open_database(database_url, clock) as opened:
            with pytest.raises(NoKey):
                await opened.installations.save(INSTALLED)
            assert await opened.installations.find("T1", None) is None


class TestRemoval:
    async def test_given_waiting_notifications_when_removed_then_those_for_it_end_and_others_stay(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await database.installations.save(INSTALLED)
        only_there, both = a_person(id="only"), a_person(id="both")
        there = ChatAccount(MIA, only_there.id, "D1", None, None, True, NOW)

        def put(tx: Transaction) -> None:
            for person in (only_there, both, a_person(id=STUDENT)):
                tx.people.add(person)
            tx.people.put_account(there)
            tx.people.put_account(
                replace(there, key=replace(MIA, account_id="U2"), person_id=both.id, chat_id="D2")
            )
            tx.people.put_account(an_account(both, last_seen=NOW))

        await stored.write(put)
        ends = [
            a_notification(person_id=only_there.id),
            a_notification(chat=CHANNEL),
            a_notification(chat=Card(CHANNEL, "1700.1").thread),
            a_notification(person_id=both.id, card=Card(CHANNEL, "1")),
        ]
        stay = [a_notification(person_id=both.id), a_notification(person_id=STUDENT)]
        await stored.write(lambda tx: tx.outbox.add(*ends, *stay))

        assert await database.installations.remove("T1", "E1", NOW)
        assert not await database.installations.remove("T1", "E1", NOW)

        assert await waiting(database) == {each.id for each in stay}
        assert (await database.outbox.states())[NotificationState.SUPERSEDED] == len(ends)
        assert await database.installations.find("T1", "E1") is None
        accounts = await stored.write(lambda tx: tx.people.accounts(PersonId("only")))
        assert [account.reachable for account in accounts] == [False]
        await database.installations.save(INSTALLED)
        accounts = await stored.write(lambda tx: tx.people.accounts(PersonId("only")))
        assert [account.reachable for account in accounts] == [True]


class TestStates:
    async def test_given_a_state_when_used_then_it_works_once_for_its_browser_and_in_time(
        self, database: Database
    ) -> None:
        consume, end = database.installations.consume_state, NOW + minutes(10)

        state = await database.installations.issue_state("cookie", NOW, end)
        (row,) = await database.reader.rows(select(oauth_states.c.state_hash))
        assert row.state_hash == digest(state)
        assert not await consume("guess", "cookie", NOW)
        assert await consume(state, "cookie", NOW)
        assert not await consume(state, "cookie", NOW)

        state = await database.installations.issue_state("cookie", NOW, end)
        assert not await consume(state, "cookie", end)
        state = await database.installations.issue_state("cookie", NOW, end)
        assert not await consume(state, "another", NOW)
        assert not await consume(state, "cookie", NOW)

    async def test_given_a_state_when_used_twice_at_once_then_one_wins(
        self, database: Database
    ) -> None:
        state = await database.installations.issue_state("cookie", NOW, NOW + minutes(10))

        used = await asyncio.gather(
            *(database.installations.consume_state(state, "cookie", NOW) for _ in range(5))
        )

        assert sorted(used) == [False] * 4 + [True]

    async def test_given_old_states_when_another_is_issued_then_they_go(
        self, database: Database
    ) -> None:
        await database.installations.issue_state("cookie", NOW, NOW + minutes(10))

        later = NOW + timedelta(hours=1)
        await database.installations.issue_state("cookie", later, later + minutes(10))

        assert len(await database.reader.rows(select(oauth_states.c.state_hash))) == 1


async def waiting(database: Database) -> set[str]:
    claimed = await database.outbox.claim_due(NOW, limit=20, lease=minutes(1))
    notifications: list[Notification] = [each.notification for each in claimed]
    return {each.id for each in notifications}
