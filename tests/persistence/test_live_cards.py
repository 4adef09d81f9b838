"""Cards that are kept right: no change is missed, and nobody draws a card twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from builders.people import a_card
from builders.scheduling import HOST, STUDENT
from builders.stored import Stored
from builders.times import at, minutes
from doubles import FakeClock
from persistence.database import Database, open_database
from persistence.live_cards import LATELY
from persistence.live_statements import STALE
from persistence.tables import live_cards
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId
from scheduling.people import Card, Platform
from scheduling.ports import LiveCard, StaleCard, about_host, about_person

NOW = at("2030-01-07 09:00")
LEASE = minutes(1)
ANA, MIA = about_host(HOST), about_person(STUDENT)


def a_live_card(message_id: str = "7", *topics: str, **changes: object) -> LiveCard:
    """Return a picker of the student's, concerned by the host's time."""
    live = LiveCard(
        organization_id=DEFAULT_ORGANIZATION,
        card=a_card(message_id=message_id),
        kind="draft",
        subject="draft",
        person_id=STUDENT,
        topics=frozenset(topics or (ANA,)),
        shown="first",
        data={"page": "2"},
    )
    return replace(live, **changes)  # type: ignore[arg-type]


class Cards:
    """The live cards of a database, with the words the tests need."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.live = database.live_cards

    async def change(self, *topics: str) -> None:
        await Stored(self._database).write(lambda tx: tx.topics.touch(*topics))

    async def open(self, live: LiveCard, at_time: timedelta = timedelta()) -> LiveCard:
        await self.live.watch(live, NOW + at_time)
        return live

    async def stale(
        self, later: timedelta = timedelta(), *, limit: int = 10, platform: str = "telegram"
    ) -> list[StaleCard]:
        return await self.live.stale(
            NOW + later, platform=Platform(platform), limit=limit, lease=LEASE
        )

    async def one(self, later: timedelta = timedelta()) -> StaleCard:
        (stale,) = await self.stale(later)
        return stale


@pytest.fixture
def cards(database: Database) -> Cards:
    return Cards(database)


class TestStale:
    async def test_given_nothing_open_when_asked_then_nothing_is_stale(self, cards: Cards) -> None:
        await cards.change(ANA)

        assert await cards.stale() == []

    async def test_given_an_open_card_when_nothing_changes_then_it_is_right(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card())
        await cards.change(MIA)

        assert await cards.stale() == []

    async def test_given_a_change_when_asked_then_what_shows_it_comes_as_it_was_opened(
        self, cards: Cards
    ) -> None:
        live = await cards.open(a_live_card("7", ANA, MIA, again_at=NOW + minutes(5)))
        await cards.open(a_live_card("8", MIA))
        await cards.change(ANA)

        (stale,) = await cards.stale()

        assert stale.live == live

    async def test_given_a_change_of_another_organization_when_asked_then_nothing_is_stale(
        self, database: Database, cards: Cards
    ) -> None:
        await cards.open(a_live_card())
        await database.store.transact(OrganizationId("other"), lambda tx: tx.topics.touch(ANA))

        assert await cards.stale() == []

    async def test_given_several_when_there_is_room_for_few_then_the_newest_come_first(
        self, cards: Cards
    ) -> None:
        for number, opened in (("1", 2), ("2", 3), ("3", 1)):
            await cards.open(a_live_card(number), minutes(opened))
        await cards.change(ANA)

        first = await cards.stale(minutes(5), limit=2)
        rest = await cards.stale(minutes(5), limit=2)

        assert [each.live.card.message_id for each in first + rest] == ["2", "1", "3"]

    async def test_given_two_platforms_when_one_is_asked_for_then_the_other_waits(
        self, cards: Cards
    ) -> None:
        there = a_card()
        slack = Card(replace(there.chat, platform=Platform.SLACK), there.message_id)
        await cards.open(a_live_card())
        await cards.open(a_live_card(card=slack))
        await cards.change(ANA)

        (stale,) = await cards.stale(platform="slack")

        assert stale.live.card == slack
        assert len(await cards.stale()) == 1

    async def test_given_a_time_when_it_comes_then_the_card_is_stale_without_a_change(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card(again_at=NOW + minutes(5)))

        assert await cards.stale(minutes(4)) == []
        stale = await cards.one(minutes(5))
        await cards.live.refreshed(stale, replace(stale.live, again_at=NOW + minutes(9)))
        assert await cards.stale(minutes(8)) == []
        await cards.one(minutes(9))

    async def test_given_a_rollback_when_asked_then_nothing_has_changed(
        self, database: Database, cards: Cards
    ) -> None:
        await cards.open(a_live_card())

        def refuse(tx: object) -> None:
            tx.topics.touch(ANA)  # type: ignore[attr-defined]
            raise LookupError

        with pytest.raises(LookupError):
            await Stored(database).write(refuse)

        assert await cards.stale() == []


class TestLeases:
    async def test_given_a_lease_when_another_asks_then_it_gets_nothing_until_it_ends(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card())
        await cards.change(ANA)
        first = await cards.one()

        assert await cards.stale() == []
        second = await cards.one(LEASE)

        assert second.token > first.token
        await cards.live.refreshed(first, None)
        await cards.live.postpone(first, NOW + minutes(90))
        await cards.live.refreshed(second, second.live)
        assert await cards.stale(minutes(99)) == []

    async def test_given_keepers_at_once_when_they_ask_then_each_card_goes_to_one(
        self, cards: Cards
    ) -> None:
        for number in range(12):
            await cards.open(a_live_card(str(number)))
        await cards.change(ANA)

        found = await asyncio.gather(*(cards.stale(limit=5) for _ in range(4)))

        numbers = [each.live.card.message_id for some in found for each in some]
        assert sorted(numbers, key=int) == [str(number) for number in range(12)]

    async def test_given_a_change_while_drawing_when_refreshed_then_it_is_stale_still(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card())
        await cards.change(ANA)
        stale = await cards.one()
        await cards.change(ANA)
        assert await cards.stale() == []

        await cards.live.refreshed(stale, replace(stale.live, shown="second"))

        again = await cards.one()
        assert again.live.shown == "second"
        await cards.live.refreshed(again, again.live)
        assert await cards.stale(minutes(99)) == []

    async def test_given_a_card_put_off_when_more_changes_then_it_waits_for_its_time(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card())
        await cards.change(ANA)
        await cards.live.postpone(await cards.one(), NOW + minutes(3))
        await cards.change(ANA)

        assert await cards.stale(minutes(2)) == []
        await cards.one(minutes(3))

    async def test_given_a_card_in_hands_when_it_is_opened_anew_then_the_old_drawing_is_nothing(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card())
        await cards.change(ANA)
        stale = await cards.one()
        later = LATELY + minutes(1)
        await cards.open(a_live_card(shown="pressed", subject="another"), later)

        await cards.live.refreshed(stale, replace(stale.live, shown="drawn"))
        await cards.change(ANA)

        again = await cards.one(later)
        assert (again.live.shown, again.live.subject) == ("pressed", "another")


class TestRefreshed:
    async def test_given_other_topics_when_refreshed_then_those_concern_it(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card("7", ANA))
        await cards.change(ANA)
        stale = await cards.one()
        shows = replace(stale.live, topics=frozenset({MIA}), data={"page": "3"})

        await cards.live.refreshed(stale, shows)

        await cards.change(ANA)
        assert await cards.stale() == []
        await cards.change(MIA)
        assert (await cards.one()).live == shows

    async def test_given_nothing_to_show_when_refreshed_then_it_is_kept_no_longer(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card())
        await cards.change(ANA)
        await cards.live.refreshed(await cards.one(), None)
        await cards.change(ANA)

        assert await cards.stale(minutes(99)) == []

    async def test_given_another_message_when_refreshed_then_that_one_is_kept(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card("8"))
        await cards.open(a_live_card("7"), minutes(1))
        await cards.change(ANA)
        (newest, _) = await cards.stale(minutes(1))

        await cards.live.refreshed(newest, replace(newest.live, card=a_card(message_id="8")))

        await cards.change(ANA)
        stale = await cards.one(minutes(99))
        assert stale.live.card == a_card(message_id="8")

    async def test_given_a_forgotten_card_when_refreshed_then_it_stays_forgotten(
        self, cards: Cards
    ) -> None:
        live = await cards.open(a_live_card())
        await cards.change(ANA)
        stale = await cards.one()
        await cards.live.forget(live.card)
        await cards.live.forget(live.card)

        await cards.live.refreshed(stale, stale.live)
        await cards.live.postpone(stale, NOW)
        await cards.change(ANA)

        assert await cards.stale(minutes(99)) == []


class TestNothingIsMissed:
    async def test_given_a_change_spread_before_it_was_opened_when_asked_then_it_is_stale(
        self, cards: Cards
    ) -> None:
        # Drawn, then changed, then sent and opened: what was drawn is old already.
        await cards.change(ANA)
        assert await cards.stale() == []
        await cards.open(a_live_card(), LATELY - timedelta(seconds=1))

        await cards.one(LATELY)

    async def test_given_a_change_long_before_when_opened_then_it_is_right(
        self, cards: Cards
    ) -> None:
        await cards.change(ANA)
        await cards.stale()
        await cards.open(a_live_card(), LATELY)

        assert await cards.stale(minutes(9)) == []

    async def test_given_changes_and_openings_at_once_when_all_is_over_then_all_are_stale(
        self, cards: Cards
    ) -> None:
        async def keep() -> int:
            found = await cards.stale(limit=50)
            for each in found:
                # Drawn of what is known now; what follows has to come back.
                await cards.live.refreshed(each, replace(each.live, shown=f"{each.token}"))
            return len(found)

        async def send(number: int) -> None:
            await cards.change(ANA)
            await cards.open(a_live_card(str(number)))

        await asyncio.gather(*(send(n) for n in range(15)), *(keep() for _ in range(8)))
        while await keep():
            pass
        await cards.change(ANA)

        assert len(await cards.stale(limit=50)) == 15

    async def test_given_a_restart_when_opened_again_then_cards_and_changes_are_there(
        self, database_url: str, clock: FakeClock
    ) -> None:
        async with open_database(database_url, clock) as first:
            cards = Cards(first)
            await cards.open(a_live_card("7"))
            await cards.change(ANA)
            drawing = await cards.one()
            await cards.open(a_live_card("8", MIA))
            await cards.change(MIA)

        async with open_database(database_url, clock) as second:
            found = await Cards(second).stale(LEASE)

        assert {each.live.card.message_id for each in found} == {"7", "8"}
        assert drawing not in found

    async def test_given_a_process_that_died_when_sqlite_is_opened_then_its_lease_is_over(
        self, sqlite_url: str, clock: FakeClock
    ) -> None:
        async with open_database(sqlite_url, clock) as first:
            cards = Cards(first)
            await cards.open(a_live_card())
            await cards.change(ANA)
            await cards.one()

        async with open_database(sqlite_url, clock) as second:
            await Cards(second).one()


@pytest.mark.postgres
class TestTwoProcesses:
    async def test_given_two_keepers_and_writers_when_all_is_over_then_no_card_shows_what_is_old(
        self, postgres_url: str, clock: FakeClock
    ) -> None:
        async with (
            open_database(postgres_url, clock, pool_size=4) as one,
            open_database(postgres_url, clock, pool_size=4) as other,
        ):
            truth = 0
            sides = (Cards(one), Cards(other))

            async def change(cards: Cards) -> None:
                nonlocal truth
                truth += 1
                await cards.change(ANA)

            async def send(cards: Cards, number: int) -> None:
                # Drawn of what is true now; what changes until it is opened must not be missed.
                drawn = a_live_card(str(number), shown=str(truth))
                await change(sides[number % 2])
                await cards.open(drawn)

            async def keep(cards: Cards) -> int:
                found = await cards.stale(limit=3)
                for each in found:
                    await cards.live.refreshed(each, replace(each.live, shown=str(truth)))
                return len(found)

            await asyncio.gather(
                *(send(sides[n % 2], n) for n in range(20)),
                *(keep(sides[n % 2]) for n in range(20)),
                *(change(sides[n % 2]) for n in range(10)),
            )
            while await keep(sides[0]) + await keep(sides[1]):
                pass

            rows = await one.reader.rows(select(live_cards.c.shown))
            assert [row.shown for row in rows] == [str(truth)] * 20


class TestCost:
    async def test_given_many_cards_when_asked_for_stale_ones_then_only_those_are_walked(
        self, sqlite_url: str, clock: FakeClock
    ) -> None:
        async with open_database(sqlite_url, clock) as database:

            def plan(connection: Connection) -> str:
                compiled = str(STALE.compile(connection.engine))
                rows = connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {compiled}", ("telegram", 1, 5, 0)
                )
                return " ".join(row[3] for row in rows)

            steps = await database.writer.run(plan)

        assert "ix_live_cards_stale (platform=?)" in steps
        assert "TEMP B-TREE" not in steps


class TestTidy:
    async def test_given_old_cards_when_tidied_then_they_and_old_changes_go(
        self, cards: Cards
    ) -> None:
        await cards.open(a_live_card("1"))
        await cards.open(a_live_card("2", again_at=NOW + minutes(30)))
        await cards.open(a_live_card("3"), minutes(20))
        await cards.change(ANA)
        assert len(await cards.stale(minutes(20))) == 3

        assert await cards.live.tidy(NOW + minutes(10)) == 1
        assert await cards.live.tidy(NOW + minutes(10)) == 0

        left = await cards.stale(minutes(90))
        assert {each.live.card.message_id for each in left} == {"2", "3"}
