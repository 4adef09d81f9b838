"""Nothing a client sends, repeats or races with breaks a conversation or books twice."""

import asyncio
from itertools import product

import pytest

from bots.chat import SharedLocation
from builders.times import at
from doubles import FakeClock
from persistence.database import open_database
from scheduling.messages import Action, Ask
from scheduling.model import Listing
from town import NOW, Town

VERBS = [
    "zone", "pick", "coach", "coaches", "types", "length", "use", "month", "day", "part", "time",
    "same", "back", "book", "retake", "skip", "reask", "move", "movego", "askmove", "cancel",
    "cancelgo", "keep", "undo", "note", "unnote", "coming", "late", "cantcome", "fine", "fewer",
    "mine", "show", "file", "clear", "newbook",
]  # fmt: skip
ARGUMENTS = ["", "9" * 20, "9999-12-31", "0001-01-01", "9999999999.0", "1795532400.99", "x"]


class TestForgedPresses:
    @pytest.mark.parametrize("verb", VERBS)
    async def test_given_a_made_up_button_when_pressed_then_it_is_answered_and_changes_nothing(
        self, town: Town, verb: str
    ) -> None:
        _, lesson = await town.ana()
        mia, leo = await town.mia(), await town.phone("Leo Brandt")
        booked = await town.book_lesson(mia, lesson)
        await mia.type(f"/start {lesson.code}")
        draft, message_id = mia.button("First free: Tue 24 Nov, 08:00")

        for subject, argument in product(("", "nobody", draft.subject), ARGUMENTS):
            shown = leo.screen.changes
            await leo.press(Action("x", verb, subject, draft.revision, argument), message_id)
            assert leo.screen.changes > shown

        for argument in ARGUMENTS:
            await leo.press(Action("x", verb, booked.booking.id, 2, argument), message_id)
            await mia.press(Action("x", verb, draft.subject, draft.revision, argument), message_id)
        assert await town.details(booked) == booked
        assert await town.of(leo) == []


class TestRaces:
    async def test_given_two_presses_at_once_then_there_is_one_booking(self, town: Town) -> None:
        _, lesson = await town.ana()
        mia = await town.mia_opens(lesson, "24", "15:00")
        book, message_id = mia.button("Book it")

        await asyncio.gather(*(mia.press(book, message_id) for _ in range(5)))

        assert len(await town.of(mia)) == 1

    async def test_given_two_days_pressed_at_once_then_one_of_them_is_shown(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia_opens(lesson)
        (first, message_id), (second, _) = mia.button("24"), mia.button("26")

        await asyncio.gather(mia.press(first, message_id), mia.press(second, message_id))

        assert "Which time?" in mia.text


class TestRestart:
    async def test_given_a_restart_in_the_middle_then_the_next_press_goes_on(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia_opens(lesson, "24")
        time, message_id = mia.button("15:00")

        again = Town(town.database, town.clock)
        again.known = dict(list(town.known.items())[:1])  # Ana came first
        same_mia = await again.mia(zone=None)
        await same_mia.press(time, message_id)
        await same_mia.tap("Book it")

        assert same_mia.text.startswith("Tue 24 Nov, 15:00-16:00 Lisbon")
        assert (await town.of(mia))[0].booking.time.start == at("2026-11-24 15:00")


class TestASharedPlace:
    @pytest.mark.parametrize(
        ("zone", "answer"),
        [
            ("Europe/Lisbon", "Lisbon, Portugal: 09:02 now. Right?"),
            (None, "I could not tell the time zone there. Type your city instead."),
        ],
    )
    async def test_given_a_place_when_shared_then_its_zone_is_offered(
        self, sqlite_url: str, zone: str | None, answer: str
    ) -> None:
        clock = FakeClock(NOW)
        async with open_database(sqlite_url, clock) as database:
            town = Town(database, clock, zone_at=lambda _latitude, _longitude: zone)
            mia = await town.mia(zone=None)
            await mia.type("/my")

            await mia.tap("Share my location")
            asked = mia.card.ask
            await mia.say(SharedLocation(38.7, -9.1))

            assert asked is Ask.LOCATION
            assert mia.text == answer


class TestATypeThatEnds:
    async def test_given_a_type_turned_off_while_choosing_then_what_else_there_is_is_shown(
        self, town: Town
    ) -> None:
        _, lesson = await town.ana()
        mia = await town.mia_opens(lesson, "24")
        await town.change(lesson, listing=Listing.OFF)

        await mia.tap("15:00")

        assert "Ana offers nothing at the moment." in mia.text
