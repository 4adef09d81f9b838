from dataclasses import replace
from datetime import timedelta

import pytest

from builders.people import BOT, acting
from builders.times import at
from doubles import FakeClock
from persistence.database import Database
from scheduling.errors import InputRefused, UnknownZone
from scheduling.ids import DEFAULT_ORGANIZATION, digest
from scheduling.people import AccountKey, Platform, QuietHours, Recipient, Role
from scheduling.people_service import AccountFacts
from world import World

KEY = AccountKey(Platform.TELEGRAM, BOT, "1001")
FACTS = AccountFacts(KEY, "1001", "Mia Costa", "mia", "pt")
WEDNESDAY = "2030-01-09 10:00"


class TestMeet:
    async def test_given_a_first_message_when_met_then_a_person_is_made_without_a_zone(
        self, both_world: World
    ) -> None:
        world = both_world

        account, person = await world.people.meet(DEFAULT_ORGANIZATION, FACTS)

        assert (person.name, person.zone, person.locale, person.roles) == (
            "Mia Costa",
            None,
            "pt",
            frozenset(),
        )
        assert (account.person_id, account.chat_id, account.reachable) == (person.id, "1001", True)

    async def test_given_a_known_account_when_met_again_then_nothing_is_written(
        self, world: World
    ) -> None:
        first = await world.people.meet(DEFAULT_ORGANIZATION, FACTS)
        before = await world.fingerprint()
        world.clock.advance(timedelta(seconds=59))

        again = await world.people.meet(DEFAULT_ORGANIZATION, FACTS)

        assert again == first
        assert await world.fingerprint() == before

    async def test_given_news_of_an_account_when_met_then_they_are_kept_and_the_name_stays(
        self, world: World
    ) -> None:
        _, person = await world.people.meet(DEFAULT_ORGANIZATION, FACTS)
        news = replace(FACTS, chat_id=None, username="costa", name="M.")

        account, again = await world.people.meet(DEFAULT_ORGANIZATION, news)

        assert (account.username, account.chat_id) == ("costa", "1001")
        assert again == person

    async def test_given_a_blocked_bot_when_they_write_again_then_they_can_be_reached(
        self, both_world: World
    ) -> None:
        world = both_world
        await world.people.meet(DEFAULT_ORGANIZATION, FACTS)
        await world.people.unreachable(Recipient(Platform.TELEGRAM, BOT, "1001"))
        found = await world.database.queries.account(KEY)
        assert found is not None
        assert found[0].recipient is None

        account, _ = await world.people.meet(DEFAULT_ORGANIZATION, FACTS)

        assert account.recipient == Recipient(Platform.TELEGRAM, BOT, "1001")

    @pytest.mark.parametrize(
        ("name", "username", "called"),
        [("\u202e\x00 ", "mia", "mia"), ("", None, "Guest"), ("x" * 90, None, "x" * 64)],
    )
    async def test_given_an_odd_name_when_met_then_there_is_still_something_to_call_them(
        self, world: World, name: str, username: str | None, called: str
    ) -> None:
        facts = replace(FACTS, name=name, username=username)

        _, person = await world.people.meet(DEFAULT_ORGANIZATION, facts)

        assert person.name == called

    @pytest.mark.parametrize("written", ["telegram:1001", f"telegram:{BOT}:1001"])
    async def test_given_an_account_in_the_settings_when_met_then_it_is_an_admins(
        self, sqlite_database: Database, clock: FakeClock, written: str
    ) -> None:
        world = await World.begin(sqlite_database, clock, admins=frozenset({written}))
        stranger = replace(FACTS, key=replace(KEY, account_id="1002"))

        _, admin = await world.people.meet(DEFAULT_ORGANIZATION, FACTS)
        _, student = await world.people.meet(DEFAULT_ORGANIZATION, stranger)

        assert (admin.is_admin, student.is_admin) == (True, False)
        stored = await world.database.queries.person(DEFAULT_ORGANIZATION, admin.id)
        assert stored.is_admin


class TestSettings:
    async def test_given_settings_when_set_then_they_are_kept_clean(
        self, both_world: World
    ) -> None:
        world = both_world
        mia = await world.person("Mia", zone=None)
        actor = acting(mia)

        await world.people.set_zone(actor, "Europe/Lisbon")
        await world.people.set_name(actor, " Mia \n Costa ")
        await world.people.set_phone(actor, "+351 912 345 678")
        await world.people.set_email(actor, "mia@example.org")
        last = await world.people.set_about(actor, "I play.")

        stored = await world.database.queries.person(DEFAULT_ORGANIZATION, mia.id)
        assert stored == last
        assert (stored.zone, stored.name, stored.phone) == (
            "Europe/Lisbon",
            "Mia Costa",
            "+351912345678",
        )
        assert (await world.people.set_phone(actor, None)).phone is None
        assert "351912345678" not in repr(stored)

    async def test_given_what_cannot_be_when_set_then_it_is_refused_and_nothing_changes(
        self, world: World
    ) -> None:
        actor = acting(await world.person("Mia"))
        before = await world.fingerprint()

        with pytest.raises(UnknownZone):
            await world.people.set_zone(actor, "Europe/Springfield")
        with pytest.raises(InputRefused):
            await world.people.set_name(actor, "")
        with pytest.raises(InputRefused):
            await world.people.set_phone(actor, "call me")
        with pytest.raises(InputRefused):
            await world.people.set_reminders(actor, (timedelta(hours=1),) * 6)
        with pytest.raises(InputRefused):
            await world.people.set_quiet(actor, QuietHours(60, 60))

        assert await world.fingerprint() == before


class TestReminderSettings:
    async def test_given_bookings_when_reminder_times_change_then_those_ahead_follow(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        await world.books(mia, lesson, WEDNESDAY)

        await world.people.set_reminders(acting(mia), (timedelta(hours=2),))
        two_hours = [p.due for p in await world.planned("reminder") if p.person == "Mia"]
        await world.people.set_reminders(acting(mia), ())
        none = [p.due for p in await world.planned("reminder") if p.person == "Mia"]
        await world.people.set_reminders(acting(mia), None)
        usual = [p.due for p in await world.planned("reminder") if p.person == "Mia"]

        assert two_hours == [at("2030-01-09 08:00")]
        assert none == []
        assert usual == [
            at("2030-01-08 10:00"),
            at("2030-01-09 09:00"),
            at("2030-01-09 09:50"),
        ]
        assert [p.person for p in await world.planned("reminder")].count("Ana Ruiz") == 1

    async def test_given_quiet_hours_when_set_or_moved_by_the_zone_then_reminders_follow(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        await world.books(mia, lesson, WEDNESDAY)
        actor = acting(mia)

        await world.people.set_quiet(actor, QuietHours(22 * 60, 9 * 60 + 30))
        quiet = [p.due for p in await world.planned("reminder") if p.person == "Mia"]
        await world.people.set_zone(actor, "Asia/Tokyo")
        in_tokyo = [p.due for p in await world.planned("reminder") if p.person == "Mia"]

        assert quiet == [at("2030-01-08 10:00"), at("2030-01-08 22:00"), at("2030-01-09 09:50")]
        assert in_tokyo == [
            at("2030-01-08 10:00"),
            at("2030-01-09 09:00"),
            at("2030-01-09 09:50"),
        ]

    async def test_given_a_host_when_their_times_change_then_their_own_reminders_follow(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        await world.books(mia, lesson, WEDNESDAY)

        await world.people.set_reminders(acting(world.host), (timedelta(hours=3),))

        own = [p.due for p in await world.planned("reminder") if p.person == "Ana Ruiz"]
        assert own == [at("2030-01-09 07:00")]


class TestFeedsAndRoles:
    async def test_given_a_feed_when_issued_again_or_revoked_then_the_old_secret_opens_nothing(
        self, both_world: World
    ) -> None:
        world = both_world
        mia = await world.person("Mia")
        queries = world.database.queries
        first = await world.people.issue_feed(acting(mia))
        assert await queries.feed_owner(digest(first)) == (DEFAULT_ORGANIZATION, mia.id)

        second = await world.people.issue_feed(acting(mia))

        assert await queries.feed_owner(digest(first)) is None
        assert await queries.feed_owner(digest(second)) == (DEFAULT_ORGANIZATION, mia.id)
        assert await world.people.revoke_feed(acting(mia))
        assert not await world.people.revoke_feed(acting(mia))
        assert await queries.feed_owner(digest(second)) is None

    async def test_given_a_role_when_granted_and_revoked_then_each_counts_once(
        self, world: World
    ) -> None:
        mia = await world.person("Mia")

        granted = [
            await world.people.grant(DEFAULT_ORGANIZATION, mia.id, Role.ADMIN, world.host.id)
            for _ in range(2)
        ]
        revoked = [
            await world.people.revoke(DEFAULT_ORGANIZATION, mia.id, Role.ADMIN, None)
            for _ in range(2)
        ]

        assert (granted, revoked) == ([True, False], [True, False])
        assert await world.audited(mia.id) == ["granted", "revoked"]
