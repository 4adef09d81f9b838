from datetime import timedelta
from typing import Any

import pytest

from builders.people import acting
from builders.times import at
from scheduling.commands import (
    ClearFinished,
    SayCannotCome,
    SayComing,
    SayLate,
    SayWaiting,
    SendNote,
)
from scheduling.errors import BookingChanged, InputRefused, NotAllowed
from scheduling.model import Booking
from scheduling.people import Person
from world import World, card_of

WEDNESDAY = "2030-01-09 10:00"
TEN = timedelta(minutes=10)


class Said:
    """One lesson of Mia's with Ana, and everything either may say about it."""

    def __init__(self, world: World, mia: Person, booking: Booking) -> None:
        self.world, self.mia, self.booking = world, mia, booking

    @classmethod
    async def begin(cls, world: World) -> "Said":
        mia = await world.person("Mia")
        booking = await world.books(mia, await world.offers(), WEDNESDAY)
        await world.forgets_news()
        return cls(world, mia, booking)

    def about(self, who: Person, more: dict[str, Any]) -> dict[str, Any]:
        return {
            "actor": acting(who),
            "booking_id": self.booking.id,
            "request_id": self.world.request(),
            **more,
        }

    async def coming(self, who: Person, **more: Any) -> Booking:
        return await self.world.booking.coming(SayComing(**self.about(who, more)))

    async def late(self, who: Person, by: timedelta, **more: Any) -> Booking:
        return await self.world.booking.late(SayLate(by=by, **self.about(who, more)))

    async def cannot(self, who: Person, **more: Any) -> Booking:
        return await self.world.booking.cannot_come(SayCannotCome(**self.about(who, more)))

    async def waits(self, who: Person, **more: Any) -> Booking:
        return await self.world.booking.waiting(SayWaiting(**self.about(who, more)))

    async def notes(self, who: Person, text: str, **more: Any) -> Booking:
        return await self.world.booking.note(SendNote(text=text, **self.about(who, more)))


class TestComing:
    async def test_given_a_reminder_when_the_attendee_comes_then_the_host_knows(
        self, both_world: World
    ) -> None:
        said = await Said.begin(both_world)

        booking = await said.coming(said.mia, card=card_of(said.mia, "5"))

        seat = booking.seat_of(said.mia.id)
        assert seat is not None
        assert seat.coming
        told = await said.world.planned("coming")
        assert [(p.person, p.card) for p in told] == [("Ana Ruiz", None), ("Mia", "5")]
        assert (booking.plan_revision, booking.version) == (
            said.booking.plan_revision,
            said.booking.version,
        )

    async def test_given_a_move_since_when_an_old_button_says_coming_then_it_says_nothing(
        self, world: World
    ) -> None:
        said = await Said.begin(world)
        moved = await world.moves(world.host, said.booking, "2030-01-09 14:00")
        await world.forgets_news()

        with pytest.raises(BookingChanged) as changed:
            await said.coming(said.mia, seen_version=said.booking.version)

        assert changed.value.booking == moved
        assert await world.told() == []


class TestLate:
    async def test_given_lateness_when_said_and_taken_back_then_the_host_knows_both(
        self, both_world: World
    ) -> None:
        said = await Said.begin(both_world)

        late = await said.late(said.mia, TEN)
        on_time = await said.late(said.mia, timedelta())

        seats = [booking.seat_of(said.mia.id) for booking in (late, on_time)]
        assert [seat.late_by for seat in seats if seat] == [TEN, None]
        minutes = [p.payload["minutes"] for p in await said.world.planned("running_late")]
        assert sorted(minutes) == [0, 10]

    async def test_given_a_late_host_when_said_then_the_attendees_know(self, world: World) -> None:
        said = await Said.begin(world)

        await said.late(world.host, TEN)

        assert await world.told() == [("Mia", "running_late")]

    @pytest.mark.parametrize("by", [timedelta(minutes=-1), timedelta(hours=5)])
    async def test_given_a_lateness_nobody_means_when_said_then_it_is_refused(
        self, world: World, by: timedelta
    ) -> None:
        said = await Said.begin(world)

        with pytest.raises(InputRefused):
            await said.late(said.mia, by)

    async def test_given_the_host_who_waits_when_said_then_who_is_late_knows(
        self, world: World
    ) -> None:
        said = await Said.begin(world)
        await said.late(said.mia, TEN)
        await world.forgets_news()

        await said.waits(world.host)

        assert await world.told() == [("Mia", "host_waits")]
        with pytest.raises(NotAllowed):
            await said.waits(said.mia)


class TestCannotCome:
    async def test_given_the_cut_off_passed_when_said_then_the_host_knows_and_nothing_is_freed(
        self, world: World
    ) -> None:
        said = await Said.begin(world)
        world.clock.set(at("2030-01-09 09:00"))

        booking = await said.cannot(said.mia)

        assert booking.status is said.booking.status
        assert await world.told() == [("Ana Ruiz", "cannot_come")]
        assert at(WEDNESDAY) not in await world.free(
            (await world.read(booking)).event_type, "2030-01-09 00:00", 1
        )


class TestNote:
    async def test_given_words_when_sent_then_they_reach_the_other_side_whatever_happens_next(
        self, both_world: World
    ) -> None:
        said = await Said.begin(both_world)
        world = said.world

        await said.notes(said.mia, " I bring \x00 the Satie. ")
        await said.notes(world.host, "Good!")
        await world.moves(said.mia, said.booking, "2030-01-09 14:00")

        notes = {(p.person, p.payload["text"]) for p in await world.planned("note")}
        assert notes == {("Ana Ruiz", "I bring the Satie."), ("Mia", "Good!")}

    async def test_given_a_cancelled_booking_when_the_host_writes_then_it_still_arrives(
        self, world: World
    ) -> None:
        said = await Said.begin(world)
        await world.cancels(said.mia, said.booking)

        await said.notes(world.host, "Get well!")

        assert await world.told("note") == [("Mia", "note")]
        world.clock.advance(timedelta(days=10))
        with pytest.raises(BookingChanged):
            await said.notes(world.host, "Still there?")

    @pytest.mark.parametrize("text", ["", " \u202e", "x" * 501])
    async def test_given_no_words_or_too_many_when_sent_then_they_are_refused(
        self, world: World, text: str
    ) -> None:
        said = await Said.begin(world)

        with pytest.raises(InputRefused):
            await said.notes(said.mia, text)

    async def test_given_a_stranger_when_they_say_anything_then_it_is_not_allowed(
        self, world: World
    ) -> None:
        said = await Said.begin(world)
        eve = await world.person("Eve")
        before = await world.fingerprint()

        for saying in (said.coming(eve), said.notes(eve, "hi"), said.waits(eve), said.cannot(eve)):
            with pytest.raises(NotAllowed):
                await saying

        assert await world.fingerprint() == before

    async def test_given_a_word_when_its_press_comes_twice_then_it_is_said_once(
        self, world: World
    ) -> None:
        said = await Said.begin(world)
        for _ in range(3):
            await said.notes(said.mia, "hi", request_id=world.request("press"))
            await said.late(said.mia, TEN, request_id=world.request("late"))

        assert await world.told() == [("Ana Ruiz", "note"), ("Ana Ruiz", "running_late")]


class TestOver:
    async def test_given_a_lesson_that_ended_when_spoken_of_then_it_is_over(
        self, world: World
    ) -> None:
        said = await Said.begin(world)
        world.clock.set(at("2030-01-09 11:00"))

        with pytest.raises(BookingChanged):
            await said.coming(said.mia)
        with pytest.raises(BookingChanged):
            await said.late(said.mia, TEN)

    async def test_given_a_finished_lesson_when_cleared_then_it_leaves_ones_list_and_frees_nothing(
        self, world: World
    ) -> None:
        said = await Said.begin(world)
        clear = ClearFinished(**said.about(said.mia, {}))
        with pytest.raises(BookingChanged):
            await world.booking.clear(clear)
        world.clock.set(at("2030-01-09 11:00"))
        await world.upkeep.complete_ended()
        queries = world.database.queries
        listed = await queries.finished_of(said.mia.organization_id, said.mia.id)
        assert [details.booking.id for details in listed] == [said.booking.id]

        await world.booking.clear(clear)

        assert await queries.finished_of(said.mia.organization_id, said.mia.id) == []
        assert (await world.read(said.booking)).booking.seats_used == 1
