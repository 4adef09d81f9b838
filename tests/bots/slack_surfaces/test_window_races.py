"""Many windows on one time, on both databases; and names and titles at their longest."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bots.slack.modals.book_view import DAY, QUESTION, TIME
from bots.slack.modals.session_view import PEOPLE, WHERE
from bots.slack.modals.surfaces import register_surfaces
from bots.slack.surface import Clear, Update
from builders.times import at
from doubles import FakeClock
from persistence.database import open_database
from scheduling.model import Question
from windows import SlackOffice

NASTY = "<!channel> *_~` & <@U1|x> "
"""Repeated to the longest that the core takes; every window asserts Slack's rules by itself."""


@pytest.fixture
async def both_offices(database_url: str) -> AsyncIterator[SlackOffice]:
    """An office with Slack, on both databases in turn."""
    clock = FakeClock(at("2026-11-23 10:02", "Europe/Berlin"))
    async with open_database(database_url, clock, pool_size=4) as database:
        office = SlackOffice(database, clock)
        office.slack(register_surfaces)
        yield office


class TestRaces:
    async def test_given_eight_windows_on_one_time_when_sent_at_once_then_one_gets_it(
        self, both_offices: SlackOffice
    ) -> None:
        office = both_offices
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review")
        people = [await office.in_slack(f"P{number} Person") for number in range(8)]
        for person in people:
            await person.types("book")
            await person.choose(DAY, "Tue 24 Nov")
            person.quietly(TIME, "11:00")

        answers = await asyncio.gather(*(person.send() for person in people))

        assert answers.count(Clear()) == 1
        losers = [p for p, a in zip(people, answers, strict=True) if isinstance(a, Update)]
        assert len(losers) == 7
        for person in losers:
            assert "11:00 has just gone. Free near it: " in person.window.text
            assert "11:00-12:00 Berlin" not in person.window.options(TIME)
        rows = await office.rows("SELECT id FROM bookings WHERE status = 'confirmed'")
        assert len(rows) == 1

    async def test_given_one_window_when_sent_by_two_deliveries_at_once_then_it_is_one_booking(
        self, both_offices: SlackOffice
    ) -> None:
        office = both_offices
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review")
        cem = await office.in_slack("Cem Kaya")
        await cem.types("book")
        await cem.choose(TIME, "11:00")
        handler = office.surfaces.find_submission("sb.book")
        assert handler is not None
        surface = await cem.surface(cem.said_nothing, window=cem.window)

        answers = await asyncio.gather(*(handler(surface) for _ in range(4)))

        assert answers == [Clear()] * 4
        rows = await office.rows("SELECT id FROM bookings WHERE status = 'confirmed'")
        assert len(rows) == 1


class TestLongest:
    async def test_given_the_longest_and_oddest_words_when_drawn_then_slack_takes_every_window(
        self, office: SlackOffice
    ) -> None:
        name, title = (NASTY * 9)[:60].strip(), (NASTY * 9)[:80].strip()
        question = Question("wish", (NASTY * 9)[:200].strip(), required=True)
        bo = await office.in_slack("Bo Lind", zone="America/Argentina/ComodRivadavia")
        await office.offers(bo, title, line="mon-fri 9-22", capacity=4, questions=(question,))
        odd = await office.in_slack(name)

        await odd.types("book")
        await odd.choose(TIME, next(iter(odd.window.options(TIME))))
        await odd.writes(f"{QUESTION}wish", NASTY)
        assert await odd.send() == Clear()
        await odd.opens_home()
        await bo.opens_home()
        await bo.home_press("Agenda")
        await bo.types("session", f'"{title.replace(chr(34), "")[:70]}"')
        await bo.picks(PEOPLE, odd.user_id)
        await bo.picks_channel(WHERE, "CDESIGN")
        await bo.send()
        await bo.send()

        assert "Asked in" in bo.window.text
