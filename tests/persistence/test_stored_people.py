"""People, accounts, roles, invites and feeds through the store and the queries."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from builders.people import a_person, a_recipient, an_account
from builders.scheduling import HOST, STUDENT
from builders.stored import HOUR, Stored, a_lesson
from builders.times import at
from persistence.database import Database
from scheduling.errors import NotFound
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId, PersonId
from scheduling.model import Listing
from scheduling.people import AccountKey, Person, Platform, QuietHours, Role
from scheduling.ports import Transaction

NINE = at("2030-01-07 09:00")
OTHER = OrganizationId("other")


def somebody() -> Person:
    return replace(
        a_person(
            "Zoë Ĉapelo 🎹",
            id="zoe",
            zone="Europe/Lisbon",
            locale="pt-BR",
            roles=frozenset({Role.COACH, Role.ADMIN}),
            quiet=QuietHours(1_320, 420),
            reminders=(timedelta(hours=24), timedelta(minutes=15)),
        ),
        phone="+351 900 000 000",
        email="zoe@example.org",
        about="Piano & solfège",
    )


class TestPeople:
    async def test_given_a_person_when_added_then_both_sides_read_them_whole(
        self, database: Database
    ) -> None:
        person = somebody()

        await Stored(database).write(lambda tx: tx.people.add(person))

        assert await Stored(database).write(lambda tx: tx.people.get(person.id)) == person
        assert await database.queries.person(DEFAULT_ORGANIZATION, person.id) == person

    async def test_given_a_person_when_updated_then_all_but_roles_is_stored_and_it_is_newer(
        self, database: Database
    ) -> None:
        stored, person = Stored(database), somebody()
        await stored.write(lambda tx: tx.people.add(person))
        changed = replace(
            person, name="Zoë", zone=None, quiet=None, reminders=(), roles=frozenset(), phone=None
        )

        await stored.write(lambda tx: tx.people.update(changed))

        now = await database.queries.person(DEFAULT_ORGANIZATION, person.id)
        assert now == replace(changed, roles=person.roles, version=2)

    async def test_given_nobody_when_read_then_they_are_not_found(self, database: Database) -> None:
        with pytest.raises(NotFound):
            await database.queries.person(DEFAULT_ORGANIZATION, PersonId("x"))
        with pytest.raises(NotFound):
            await Stored(database).write(lambda tx: tx.people.get(PersonId("x")))

    async def test_given_another_organization_when_read_then_they_are_not_found(
        self, database: Database
    ) -> None:
        await Stored(database).student()

        with pytest.raises(NotFound):
            await database.queries.person(OTHER, STUDENT)

    async def test_given_one_id_in_two_organizations_when_changed_then_the_other_stays(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.student()
        twin = a_person("Twin", id=STUDENT, organization=OTHER)
        await database.store.transact(OTHER, lambda tx: tx.people.add(twin))

        def change(tx: Transaction) -> None:
            tx.people.update(replace(twin, name="Renamed"))
            tx.people.grant(STUDENT, Role.ADMIN)

        await database.store.transact(OTHER, change)

        here = await database.queries.person(DEFAULT_ORGANIZATION, STUDENT)
        there = await database.queries.person(OTHER, STUDENT)
        assert (here.name, here.roles) == ("Mia Costa", frozenset())
        assert (there.name, there.roles) == ("Renamed", frozenset({Role.ADMIN}))


class TestRoles:
    async def test_given_a_role_when_granted_and_revoked_twice_then_only_the_first_counts(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.student()

        def work(tx: Transaction) -> list[bool]:
            return [
                tx.people.grant(STUDENT, Role.COACH),
                tx.people.grant(STUDENT, Role.COACH),
                tx.people.revoke(STUDENT, Role.COACH),
                tx.people.revoke(STUDENT, Role.COACH),
            ]

        assert await stored.write(work) == [True, False, True, False]

    async def test_given_coaches_when_asked_for_them_then_students_are_left_out(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.host()
        await stored.student()

        coaches = await stored.write(lambda tx: tx.people.with_role(Role.COACH))

        assert [coach.id for coach in coaches] == [HOST]


class TestAccounts:
    async def test_given_an_account_when_put_then_its_person_is_found_by_it(
        self, database: Database
    ) -> None:
        stored, person = Stored(database), a_person(id=STUDENT)
        account = an_account(person, username="mia", last_seen=NINE)

        def put(tx: Transaction) -> None:
            tx.people.add(person)
            tx.people.put_account(account)

        await stored.write(put)

        assert await database.queries.account(account.key) == (account, person)
        assert await stored.write(lambda tx: tx.people.by_account(account.key)) == (account, person)
        assert await stored.write(lambda tx: tx.people.accounts(STUDENT)) == [account]

    async def test_given_what_a_profile_told_when_put_then_it_is_kept_with_the_account(
        self, database: Database
    ) -> None:
        mia = a_person()
        told = replace(an_account(mia, last_seen=NINE), name="Mia C.", zone="Europe/Berlin")

        def put(tx: Transaction) -> None:
            tx.people.add(mia)
            tx.people.put_account(told)

        await Stored(database).write(put)

        assert await database.queries.accounts(DEFAULT_ORGANIZATION, mia.id) == [told]

    async def test_given_an_account_when_put_again_then_it_is_brought_up_to_date(
        self, database: Database
    ) -> None:
        stored, person = Stored(database), a_person(id=STUDENT)
        account = an_account(person, last_seen=NINE)
        newer = replace(account, username="mia", chat_id=None, last_seen=NINE + HOUR)
        await stored.write(lambda tx: tx.people.add(person))

        await stored.write(lambda tx: tx.people.put_account(account))
        await stored.write(lambda tx: tx.people.put_account(newer))

        assert await database.queries.accounts(DEFAULT_ORGANIZATION, STUDENT) == [newer]

    async def test_given_two_accounts_when_listed_then_the_last_used_comes_first(
        self, database: Database
    ) -> None:
        stored, person = Stored(database), a_person(id=STUDENT)
        old = an_account(person, account_id="1", last_seen=NINE)
        new = an_account(person, account_id="2", last_seen=NINE + HOUR)

        def put(tx: Transaction) -> None:
            tx.people.add(person)
            tx.people.put_account(old)
            tx.people.put_account(new)

        await stored.write(put)

        assert await database.queries.accounts(DEFAULT_ORGANIZATION, STUDENT) == [new, old]

    async def test_given_a_blocked_chat_when_marked_then_it_is_known_and_heals(
        self, database: Database
    ) -> None:
        stored, person = Stored(database), a_person(id=STUDENT)
        account = an_account(person, account_id="1", chat_id="1", last_seen=NINE)

        def put(tx: Transaction) -> None:
            tx.people.add(person)
            tx.people.put_account(account)
            tx.people.mark_reachable(a_recipient("1"), reachable=False)

        await stored.write(put)
        [blocked] = await database.queries.accounts(DEFAULT_ORGANIZATION, STUDENT)
        await stored.write(lambda tx: tx.people.mark_reachable(a_recipient("1"), reachable=True))
        [healed] = await database.queries.accounts(DEFAULT_ORGANIZATION, STUDENT)

        assert (blocked.recipient, healed.recipient) == (None, a_recipient("1"))

    async def test_given_a_stranger_when_looked_up_then_there_is_nobody(
        self, database: Database
    ) -> None:
        key = AccountKey(Platform.TELEGRAM, "4242", "1")

        assert await database.queries.account(key) is None
        assert await Stored(database).write(lambda tx: tx.people.by_account(key)) is None


class TestInvites:
    async def test_given_an_invite_when_many_redeem_it_at_once_then_one_does(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.write(lambda tx: tx.people.add_invite("hash", NINE + HOUR))

        async def redeem(number: int) -> bool:
            person = PersonId(f"p{number}")
            return await stored.write(lambda tx: tx.people.use_invite("hash", person, NINE))

        answers = await asyncio.gather(*(redeem(number) for number in range(8)))

        assert sorted(answers) == [False] * 7 + [True]

    async def test_given_an_invite_when_it_is_over_or_unknown_then_it_opens_nothing(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.write(lambda tx: tx.people.add_invite("hash", NINE))

        def redeem(tx: Transaction) -> list[bool]:
            return [
                tx.people.use_invite("hash", STUDENT, NINE),
                tx.people.use_invite("other", STUDENT, NINE - HOUR),
            ]

        assert await stored.write(redeem) == [False, False]


class TestFeeds:
    async def test_given_a_new_token_when_issued_then_the_old_one_is_nobodys(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        await stored.student()

        await stored.write(lambda tx: tx.people.put_feed_token("old", STUDENT, NINE))
        await stored.write(lambda tx: tx.people.put_feed_token("new", STUDENT, NINE))

        assert await database.queries.feed_owner("old") is None
        assert await database.queries.feed_owner("new") == (DEFAULT_ORGANIZATION, STUDENT)

    async def test_given_a_token_when_revoked_then_it_is_nobodys(self, database: Database) -> None:
        stored = Stored(database)
        await stored.student()
        await stored.write(lambda tx: tx.people.put_feed_token("t", STUDENT, NINE))

        revoked = [await stored.write(lambda tx: tx.people.revoke_feed(STUDENT)) for _ in "12"]

        assert revoked == [True, False]
        assert await database.queries.feed_owner("t") is None


class TestCoaches:
    async def test_given_types_when_listed_then_only_what_everybody_may_book_is_shown(
        self, database: Database
    ) -> None:
        stored, listed = await a_lesson(database)
        second = await stored.event_type(title="Second")
        await stored.event_type(listing=Listing.LINK)
        await stored.event_type(listing=Listing.OFF)

        [entry] = await database.queries.coaches(DEFAULT_ORGANIZATION)

        assert entry.person.id == HOST
        assert entry.event_types == (listed, second)

    @pytest.mark.parametrize(
        ("text", "found"),
        [("ana", True), ("PIANO", True), ("solfège", False), ("", True), ("%", False)],
    )
    async def test_given_a_word_when_searched_then_names_and_titles_are_looked_through(
        self, database: Database, text: str, found: bool
    ) -> None:
        await a_lesson(database)

        entries = await database.queries.coaches(DEFAULT_ORGANIZATION, text)

        assert bool(entries) is found

    async def test_given_a_former_coach_when_listed_then_they_are_not_shown(
        self, database: Database
    ) -> None:
        stored, _ = await a_lesson(database)

        await stored.write(lambda tx: tx.people.revoke(HOST, Role.COACH))

        assert await database.queries.coaches(DEFAULT_ORGANIZATION) == []
