"""Profiles that their owners keep up to date: taken at first contact, followed when they change."""

from dataclasses import replace
from datetime import timedelta

from builders.people import acting
from builders.times import at
from scheduling.contact import AccountFacts
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.people import AccountKey, Person, Platform, QuietHours
from world import World

TELEGRAM = AccountFacts(AccountKey(Platform.TELEGRAM, "4242", "1"), "1001", "Ana R", "ana", "en")
SLACK = AccountFacts(
    AccountKey(Platform.SLACK, "T1", "U1"), "D1", "Ana Ruiz", None, "en", "Europe/Berlin", True
)


async def met(world: World, facts: AccountFacts) -> Person:
    """Return whoever writes from an account."""
    _, person = await world.people.meet(DEFAULT_ORGANIZATION, facts)
    return person


class TestProfiles:
    async def test_given_a_profile_when_met_then_its_zone_is_taken(self, world: World) -> None:
        assert (await met(world, SLACK)).zone == "Europe/Berlin"

    async def test_given_a_zone_we_do_not_know_when_met_then_none_is_taken(
        self, world: World
    ) -> None:
        assert (await met(world, replace(SLACK, zone="Mars/Olympus"))).zone is None

    async def test_given_a_profile_when_it_changes_then_it_is_followed(
        self, both_world: World
    ) -> None:
        world = both_world
        await met(world, SLACK)
        news = replace(SLACK, name="Ana Berg", zone="Asia/Tokyo", language="de")
        person = await met(world, news)
        assert (person.name, person.zone, person.locale) == ("Ana Berg", "Asia/Tokyo", "de")
        stored = await world.database.queries.person(DEFAULT_ORGANIZATION, person.id)
        assert (stored.name, stored.zone, stored.locale) == ("Ana Berg", "Asia/Tokyo", "de")

    async def test_given_what_the_person_said_when_the_profile_stays_then_theirs_counts(
        self, world: World
    ) -> None:
        person = await met(world, SLACK)
        await world.people.set_zone(acting(person), "Europe/Lisbon")
        await world.people.set_name(acting(person), "Annie")
        world.clock.advance(timedelta(days=2))
        again = await met(world, SLACK)
        assert (again.name, again.zone) == ("Annie", "Europe/Lisbon")
        moved = await met(world, replace(SLACK, zone="Asia/Tokyo"))
        assert (moved.name, moved.zone) == ("Annie", "Asia/Tokyo")

    async def test_given_quiet_hours_when_the_profile_moves_then_reminders_follow(
        self, world: World
    ) -> None:
        lesson = await world.offers()
        person = await met(world, replace(SLACK, zone="UTC"))
        await world.people.set_quiet(acting(person), QuietHours(22 * 60, 8 * 60))
        await world.books(person, lesson, "2030-01-09 16:00")
        await met(world, replace(SLACK, zone="Asia/Tokyo"))
        due = [each.due for each in await world.planned("reminder") if each.person == person.name]
        # 15:50 is ten to one at night in Tokyo: told at ten in the evening there.
        assert at("2030-01-09 13:00") in due

    async def test_given_no_chat_in_the_news_when_met_then_the_known_one_is_kept(
        self, world: World
    ) -> None:
        await met(world, SLACK)
        account, _ = await world.people.meet(
            DEFAULT_ORGANIZATION, replace(SLACK, chat_id=None, name="Ana B")
        )
        assert account.chat_id == "D1"

    async def test_given_telegram_when_a_name_changes_there_then_it_is_not_followed(
        self, world: World
    ) -> None:
        await met(world, TELEGRAM)
        assert (await met(world, replace(TELEGRAM, name="Xx", username="x"))).name == "Ana R"

    async def test_given_nothing_new_when_met_then_nothing_is_written(self, world: World) -> None:
        await met(world, SLACK)
        before = await world.rows("SELECT * FROM chat_accounts")
        world.clock.advance(timedelta(seconds=59))
        await met(world, SLACK)
        assert await world.rows("SELECT * FROM chat_accounts") == before
