from datetime import timedelta

import pytest

from builders.times import at, between
from scheduling.errors import (
    AlreadyIn,
    BookingChanged,
    NotAllowed,
    OutsideAvailability,
    PastCutOff,
    SlotTaken,
    UndoGone,
)
from scheduling.model import BookingStatus
from scheduling.moments import seconds
from scheduling.policy import Policy
from world import World, card_of

WEDNESDAY, FRIDAY = "2030-01-09 10:00", "2030-01-11 15:00"


class TestMove:
    async def test_given_a_booking_when_moved_then_it_is_the_same_one_at_another_time(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        await world.sends_file(booking)

        moved = await world.moves(mia, booking, FRIDAY, card=card_of(mia))

        assert (moved.id, moved.uid, moved.sequence) == (booking.id, booking.uid, 1)
        assert moved.time == between(FRIDAY, "2030-01-11 16:00")
        assert (moved.moved_from, moved.host_wall) == (booking.time, "2030-01-11T15:00")
        assert moved.plan_revision == booking.plan_revision + 1
        assert (await world.read(moved)).booking == moved
        free = await world.free(lesson)
        assert at(WEDNESDAY) in free
        assert at(FRIDAY) not in free
        assert await world.audited(booking.id) == ["booked", "moved"]

    async def test_given_a_move_when_told_then_reminders_follow_and_the_old_ones_are_over(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)

        await world.moves(mia, booking, FRIDAY)

        told = await world.planned("moved")
        assert [(p.person, p.payload["was"]) for p in told] == [
            ("Ana Ruiz", seconds(at(WEDNESDAY))),
            ("Mia", seconds(at(WEDNESDAY))),
        ]
        assert [p.due for p in await world.planned("reminder")] == [
            at("2030-01-10 15:00"),
            at("2030-01-11 14:00"),
            at("2030-01-11 14:50"),
            at("2030-01-11 14:50"),
        ]

    async def test_given_a_move_by_minutes_when_it_overlaps_itself_then_it_is_free(
        self, both_world: World
    ) -> None:
        world = both_world
        mia = await world.person("Mia")
        lesson = await world.offers(step=timedelta(minutes=30), cap_per_day=1)
        booking = await world.books(mia, lesson, WEDNESDAY)

        moved = await world.moves(mia, booking, "2030-01-09 10:30")

        assert moved.time.start == at("2030-01-09 10:30")
        with pytest.raises(AlreadyIn):
            await world.moves(mia, moved, "2030-01-09 10:30")

    async def test_given_a_taken_start_when_moved_there_then_nothing_changes_and_others_are_named(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        await world.books(leo, lesson, FRIDAY)
        before = await world.fingerprint()

        with pytest.raises(SlotTaken) as refused:
            await world.moves(mia, booking, FRIDAY)
        with pytest.raises(OutsideAvailability):
            await world.moves(mia, booking, "2030-01-11 20:00")

        assert refused.value.alternatives == (
            at("2030-01-11 14:00"),
            at("2030-01-11 16:00"),
            at("2030-01-11 13:00"),
        )
        assert await world.fingerprint() == before

    async def test_given_a_move_when_listed_for_it_then_all_but_its_own_time_is_offered(
        self, world: World
    ) -> None:
        world = world.under(Policy(bookings_per_person=1))
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)

        slots = await world.finder.free(
            mia.organization_id,
            [lesson.id],
            between("2030-01-09 00:00", "2030-01-10 00:00"),
            asker_id=mia.id,
            excluding=booking.id,
        )

        hours = [slot.start.hour for slot in slots]
        assert hours == [9, 11, 12, 13, 14, 15, 16]
        refusal = await world.finder.refusal(
            mia.organization_id, lesson.id, at(WEDNESDAY), asker_id=mia.id, excluding=booking.id
        )
        assert isinstance(refusal, AlreadyIn)
        assert (await world.moves(mia, booking, "2030-01-09 11:00")).status.is_live


class TestWhoMay:
    async def test_given_the_cut_off_when_it_passed_then_only_the_host_moves(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        world.clock.set(at("2030-01-09 06:00:01"))

        with pytest.raises(PastCutOff) as refused:
            await world.moves(mia, booking, FRIDAY)

        assert refused.value.cut_off == timedelta(hours=4)
        moved = await world.moves(world.host, booking, FRIDAY)
        assert moved.time.start == at(FRIDAY)
        assert (await world.planned("moved"))[0].payload["by_host"] == 1

    async def test_given_a_stranger_or_a_group_when_moved_then_it_is_not_allowed(
        self, world: World
    ) -> None:
        mia, leo = await world.person("Mia"), await world.person("Leo")
        group = await world.offers(capacity=3)
        booking = await world.books(mia, group, WEDNESDAY)
        joined = await world.books(leo, group, WEDNESDAY)
        stranger = await world.person("Eve")
        before = await world.fingerprint()

        for person in (stranger, mia):
            with pytest.raises(NotAllowed):
                await world.moves(person, booking, FRIDAY)

        assert await world.fingerprint() == before
        moved = await world.moves(world.host, joined, FRIDAY)
        assert moved.seats_used == 2
        assert len(await world.told("moved")) == 3

    async def test_given_an_old_button_when_pressed_then_the_booking_stays_where_it_is(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        moved = await world.moves(world.host, booking, FRIDAY)

        with pytest.raises(BookingChanged) as changed:
            await world.moves(mia, booking, "2030-01-10 10:00", seen_version=booking.version)

        assert changed.value.booking == moved

    async def test_given_a_booking_that_is_over_when_moved_then_it_stays(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        world.clock.set(at("2030-01-09 11:00"))

        with pytest.raises(BookingChanged):
            await world.moves(world.host, booking, FRIDAY)
        assert await world.upkeep.complete_ended() == 1
        with pytest.raises(BookingChanged) as changed:
            await world.moves(world.host, booking, FRIDAY)
        assert changed.value.booking.status is BookingStatus.COMPLETED


class TestApproval:
    async def test_given_approval_when_the_attendee_moves_then_the_host_is_asked_again(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        booking = await world.approves(await world.books(mia, lesson, WEDNESDAY))
        await world.forgets_news()

        moved = await world.moves(mia, booking, FRIDAY)

        assert moved.status is BookingStatus.PENDING
        assert await world.told("pending") == [("Ana Ruiz", "pending"), ("Mia", "pending")]
        assert (await world.planned("pending"))[0].payload["was"] == seconds(at(WEDNESDAY))
        assert await world.told("reminder") == []

    async def test_given_a_request_when_the_host_moves_it_then_that_is_a_yes(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        asked = await world.books(mia, lesson, WEDNESDAY)

        moved = await world.moves(world.host, asked, FRIDAY)

        assert (moved.status, moved.expires_at) == (BookingStatus.CONFIRMED, None)
        world.clock.advance(timedelta(days=2))
        assert await world.upkeep.expire_overdue() == 0

    async def test_given_a_fresh_booking_when_moved_then_booking_it_cannot_be_undone(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        moved = await world.moves(mia, booking, FRIDAY)

        with pytest.raises(UndoGone):
            await world.undoes(mia, moved)
