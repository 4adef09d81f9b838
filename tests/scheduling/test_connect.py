"""Two chats, one person: what holds for one then holds for both."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from builders.people import acting
from scheduling.contact import AccountFacts
from scheduling.errors import (
    CannotConnect,
    CodeGone,
    NotAllowed,
    NotFound,
    OwnTime,
    SamePerson,
    SlotTaken,
)
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.people import AccountKey, Person, Platform, Role
from world import World

TELEGRAM = AccountFacts(AccountKey(Platform.TELEGRAM, "4242", "1"), "1001", "Ana R", "ana", "en")
SLACK = AccountFacts(
    AccountKey(Platform.SLACK, "T1", "U1"), "D1", "Ana Ruiz", None, "en", "Europe/Berlin", True
)


async def met(world: World, facts: AccountFacts) -> Person:
    """Return whoever writes from an account."""
    _, person = await world.people.meet(DEFAULT_ORGANIZATION, facts)
    return person


async def joined(world: World, issuer: Person, guest: Person) -> Person:
    """Let one issue a code and the other redeem it."""
    code = await world.people.connect_code(acting(issuer))
    return await world.people.connect(acting(guest), code)


async def with_account(world: World, person: Person, facts: AccountFacts) -> Person:
    """Give somebody an account, in the place of the person first met there."""
    await met(world, facts)
    await world.write(lambda tx: tx.people.move_account(facts.key, person.id))
    return person


class TestConnecting:
    async def test_given_a_code_when_redeemed_then_both_chats_are_one_person(
        self, both_world: World
    ) -> None:
        world = both_world
        in_slack, in_telegram = await met(world, SLACK), await met(world, TELEGRAM)
        one = await joined(world, in_slack, in_telegram)
        assert one.id == in_slack.id
        assert (await met(world, TELEGRAM)).id == (await met(world, SLACK)).id == one.id
        with pytest.raises(NotFound):
            await world.database.queries.person(DEFAULT_ORGANIZATION, in_telegram.id)
        (told,) = await world.rows("SELECT * FROM outbox WHERE kind = 'connected'")
        assert (told["chat_id"], told["chat_platform"]) == ("D1", "slack")
        assert "telegram" in told["payload"]
        assert "@ana" in told["payload"]

    async def test_given_a_coach_who_redeems_when_joined_then_the_coach_is_kept(
        self, both_world: World
    ) -> None:
        world = both_world
        coach = await with_account(world, world.host, TELEGRAM)
        lesson = await world.offers()
        mia = await world.person("Mia")
        booking = await world.books(mia, lesson, "2030-01-09 10:00")
        in_slack = await met(world, SLACK)
        one = await joined(world, in_slack, coach)
        assert one.id == coach.id
        assert one.is_coach
        with pytest.raises(OwnTime):
            await world.books(await met(world, SLACK), lesson, "2030-01-09 12:00")
        assert (await world.read(booking)).host.id == one.id

    async def test_given_bookings_on_one_side_when_joined_then_that_one_is_kept_with_all_facts(
        self, world: World
    ) -> None:
        lesson = await world.offers()
        in_slack, in_telegram = await met(world, SLACK), await met(world, TELEGRAM)
        await world.people.set_phone(acting(in_slack), "+491701234567")
        booking = await world.books(in_telegram, lesson, "2030-01-09 10:00")
        one = await joined(world, in_slack, in_telegram)
        assert one.id == in_telegram.id
        assert (one.zone, one.phone) == ("Europe/Berlin", "+491701234567")
        assert (await world.read(booking)).booking.seat_of(one.id)

    async def test_given_an_admin_on_one_side_when_joined_then_the_role_holds_for_both(
        self, world: World
    ) -> None:
        in_slack, in_telegram = await met(world, SLACK), await met(world, TELEGRAM)
        await world.people.grant(DEFAULT_ORGANIZATION, in_telegram.id, Role.ADMIN, None)
        one = await joined(world, in_slack, in_telegram)
        assert one.is_admin

    async def test_given_a_code_when_used_twice_too_late_or_by_its_issuer_then_it_is_refused(
        self, both_world: World
    ) -> None:
        world = both_world
        in_slack, in_telegram = await met(world, SLACK), await met(world, TELEGRAM)
        other = await met(world, replace(TELEGRAM, key=AccountKey(Platform.TELEGRAM, "4242", "2")))
        code = await world.people.connect_code(acting(in_slack))
        with pytest.raises(SamePerson):
            await world.people.connect(acting(in_slack), code)
        newer = await world.people.connect_code(acting(in_slack))
        with pytest.raises(CodeGone):
            await world.people.connect(acting(in_telegram), code)
        await world.people.connect(acting(in_telegram), newer)
        with pytest.raises(CodeGone):
            await world.people.connect(acting(other), newer)
        late = await world.people.connect_code(acting(other))
        world.clock.advance(timedelta(minutes=10))
        with pytest.raises(CodeGone):
            await world.people.connect(acting(in_slack), late)

    async def test_given_a_redelivered_press_when_connecting_then_it_is_done_already(
        self, world: World
    ) -> None:
        in_slack, in_telegram = await met(world, SLACK), await met(world, TELEGRAM)
        code, request = await world.people.connect_code(acting(in_slack)), world.request()
        first = await world.people.connect(acting(in_telegram), code, request)
        again = await world.people.connect(acting(first), code, request)
        assert again.id == first.id

    async def test_given_two_accounts_on_one_platform_when_joined_then_it_is_refused(
        self, world: World
    ) -> None:
        one = await met(world, TELEGRAM)
        two = await met(world, replace(TELEGRAM, key=AccountKey(Platform.TELEGRAM, "4242", "2")))
        before = await world.fingerprint()
        code = await world.people.connect_code(acting(one))
        with pytest.raises(CannotConnect) as refused:
            await world.people.connect(acting(two), code)
        assert refused.value.problem == "two_accounts"
        assert (await world.fingerprint())["people"] == before["people"]
        # Refused is not spent: another chat may still use it.
        slack = await met(world, SLACK)
        assert (await world.people.connect(acting(slack), code)).id == one.id

    async def test_given_two_hosts_at_once_or_one_at_the_others_when_joined_then_it_is_refused(
        self, both_world: World
    ) -> None:
        world = both_world
        lesson = await world.offers()
        ida, other = await world.coach_with_type("Ida Berg")
        host = await with_account(world, world.host, TELEGRAM)
        await with_account(world, ida, SLACK)
        mia, leo = await world.person("Mia"), await world.person("Leo")
        hosted = await world.books(mia, lesson, "2030-01-09 10:00")
        await world.books(leo, other, "2030-01-09 10:00")
        code = await world.people.connect_code(acting(ida))
        with pytest.raises(CannotConnect) as refused:
            await world.people.connect(acting(host), code)
        assert refused.value.problem == "overlap"

        await world.cancels(host, hosted)
        world.clock.advance(timedelta(minutes=2))
        await world.upkeep.expire_overdue()
        await world.books(ida, lesson, "2030-01-09 14:00")
        code = await world.people.connect_code(acting(ida))
        with pytest.raises(CannotConnect):
            await world.people.connect(acting(host), code)

    async def test_given_one_person_when_booked_in_one_chat_then_busy_in_both(
        self, world: World
    ) -> None:
        ida, kind = await world.coach_with_type("Ida Berg")
        await with_account(world, ida, SLACK)
        host = await with_account(world, world.host, TELEGRAM)
        lesson = await world.offers()
        await joined(world, ida, host)
        mia, leo = await world.person("Mia"), await world.person("Leo")
        await world.books(mia, kind, "2030-01-09 10:00")
        with pytest.raises(SlotTaken):
            await world.books(leo, lesson, "2030-01-09 10:00")


class TestRaces:
    async def test_given_one_code_when_many_redeem_it_at_once_then_one_is_connected(
        self, both_world: World
    ) -> None:
        world = both_world
        issuer = await met(world, SLACK)
        guests = [
            await met(world, replace(TELEGRAM, key=AccountKey(Platform.TELEGRAM, "4242", str(n))))
            for n in range(8)
        ]
        code = await world.people.connect_code(acting(issuer))
        results = await asyncio.gather(
            *(world.people.connect(acting(guest), code) for guest in guests),
            return_exceptions=True,
        )
        refused = [one for one in results if isinstance(one, BaseException)]
        assert [type(one) for one in refused] == [CodeGone] * 7
        assert len(await world.rows("SELECT * FROM people WHERE name = 'Ana R'")) == 7

    @pytest.mark.parametrize("number", range(4))
    async def test_given_two_hosts_when_booked_while_they_connect_then_their_times_never_overlap(
        self, both_world: World, number: int
    ) -> None:
        world = both_world
        lesson = await world.offers()
        ida, other = await world.coach_with_type("Ida Berg")
        await with_account(world, world.host, TELEGRAM)
        await with_account(world, ida, SLACK)
        mia, leo = await world.person("Mia"), await world.person("Leo")
        code = await world.people.connect_code(acting(ida))
        await world.books(mia, other, "2030-01-09 10:00")
        booked, connected = await asyncio.gather(
            world.books(leo, lesson, "2030-01-09 10:00"),
            world.people.connect(acting(world.host), code),
            return_exceptions=True,
        )
        assert isinstance(booked, BaseException) != isinstance(connected, BaseException), number
        if isinstance(connected, BaseException):
            assert isinstance(connected, CannotConnect)
        else:
            assert isinstance(booked, SlotTaken)
        assert await world.overlaps() == 0


class TestDisconnecting:
    async def test_given_one_person_when_an_account_is_taken_away_then_the_rest_stays(
        self, both_world: World
    ) -> None:
        world = both_world
        lesson = await world.offers()
        one = await joined(world, await met(world, SLACK), await met(world, TELEGRAM))
        booking = await world.books(one, lesson, "2030-01-09 10:00")
        fresh = await world.people.disconnect(acting(one), TELEGRAM.key)
        assert fresh.id != one.id
        assert (fresh.name, fresh.roles) == (one.name, frozenset())
        assert (await met(world, TELEGRAM)).id == fresh.id
        assert (await met(world, SLACK)).id == one.id
        assert (await world.read(booking)).booking.seat_of(one.id)

    async def test_given_the_only_account_or_anothers_when_taken_away_then_it_is_refused(
        self, world: World
    ) -> None:
        ana, _ = await met(world, SLACK), await met(world, TELEGRAM)
        for key in (SLACK.key, TELEGRAM.key, AccountKey(Platform.SLACK, "T1", "U9")):
            with pytest.raises(NotAllowed):
                await world.people.disconnect(acting(ana), key)
