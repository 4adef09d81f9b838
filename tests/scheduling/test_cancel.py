from datetime import timedelta

import pytest

from builders.times import at
from scheduling.errors import (
    BookingChanged,
    NotAllowed,
    PastCutOff,
    ReasonMissing,
    SlotTaken,
    UndoGone,
)
from scheduling.model import BookingStatus, SeatStatus
from world import World, card_of

WEDNESDAY = "2030-01-09 10:00"
MINUTE = timedelta(minutes=1)


class TestCancel:
    async def test_given_a_booking_when_cancelled_then_both_know_and_nothing_reminds(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        await world.sends_file(booking)

        gone = await world.cancels(mia, booking, reason=" I am\nill ", card=card_of(mia))

        assert (gone.status, gone.reason, gone.cancelled_by) == (
            BookingStatus.CANCELLED,
            "I am ill",
            mia.id,
        )
        assert (gone.sequence, gone.uid) == (1, booking.uid)
        told = await world.planned("cancelled")
        assert [(p.person, p.payload["reason"], p.payload["names"]) for p in told] == [
            ("Ana Ruiz", "I am ill", "Mia"),
            ("Mia", "I am ill", "Mia"),
        ]
        assert await world.told("reminder") == []
        assert await world.audited(booking.id) == ["booked", "cancelled"]

    async def test_given_a_cancelled_time_when_a_minute_passed_then_it_is_free(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        await world.cancels(mia, await world.books(mia, lesson, WEDNESDAY))

        assert at(WEDNESDAY) not in await world.free(lesson, asker=leo)
        with pytest.raises(SlotTaken):
            await world.books(leo, lesson, WEDNESDAY)

        world.clock.advance(MINUTE)
        assert at(WEDNESDAY) in await world.free(lesson, asker=leo)
        assert (await world.books(leo, lesson, WEDNESDAY)).status is BookingStatus.CONFIRMED

    async def test_given_the_cut_off_when_it_passed_then_only_the_host_cancels(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        world.clock.set(at("2030-01-09 06:00"))
        on_time = await world.cancels(mia, booking)
        back = await world.undoes(mia, on_time)
        world.clock.set(at("2030-01-09 06:00:01"))

        with pytest.raises(PastCutOff):
            await world.cancels(mia, back)

        assert (await world.cancels(world.host, back)).status is BookingStatus.CANCELLED

    async def test_given_a_type_that_asks_for_a_reason_when_there_is_none_then_it_is_asked(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers(reason_required=True)
        booking = await world.books(mia, lesson, WEDNESDAY)

        with pytest.raises(ReasonMissing):
            await world.cancels(mia, booking, reason="  ")

        assert (await world.cancels(mia, booking, reason="ill")).reason == "ill"

    async def test_given_a_request_when_withdrawn_then_no_cut_off_stands_in_the_way(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        asked = await world.books(mia, lesson, "2030-01-07 12:00")

        gone = await world.cancels(mia, asked)

        assert gone.status is BookingStatus.CANCELLED
        assert await world.told("pending_nudge") == []

    async def test_given_what_is_no_booking_of_mine_when_cancelled_then_it_is_not_allowed(
        self, world: World
    ) -> None:
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        held = await world.holds(mia, lesson, "2030-01-09 12:00")
        before = await world.fingerprint()

        with pytest.raises(NotAllowed):
            await world.cancels(leo, booking)
        with pytest.raises(BookingChanged):
            await world.cancels(mia, held)
        with pytest.raises(BookingChanged):
            await world.cancels(mia, booking, seen_version=booking.version - 1)

        assert await world.fingerprint() == before

    async def test_given_a_cancellation_when_it_comes_again_then_it_has_one_effect(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        gone = await world.cancels(mia, booking, request_id=world.request("press"))
        before = await world.fingerprint()

        again = await world.cancels(mia, booking, request_id=world.request("press"))

        assert again == gone
        assert await world.fingerprint() == before
        with pytest.raises(BookingChanged):
            await world.cancels(mia, booking)

    async def test_given_buffers_that_grew_when_a_neighbour_is_cancelled_then_it_can_be(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        first = await world.books(mia, lesson, WEDNESDAY)
        await world.books(leo, lesson, "2030-01-09 11:00")
        await world.changes_type(lesson, buffer_after=timedelta(minutes=30))

        gone = await world.cancels(mia, first)
        back = await world.undoes(mia, gone)

        assert back.status is BookingStatus.CONFIRMED


class TestUndoCancel:
    async def test_given_a_cancellation_when_undone_then_it_is_the_same_booking_again(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        await world.sends_file(booking)
        gone = await world.cancels(mia, booking)
        world.clock.advance(MINUTE - timedelta(seconds=1))

        back = await world.undoes(mia, gone)

        assert (back.id, back.uid, back.sequence) == (booking.id, booking.uid, 2)
        assert (back.status, back.time) == (BookingStatus.CONFIRMED, booking.time)
        assert await world.told("back_on") == [("Ana Ruiz", "back_on"), ("Mia", "back_on")]
        assert len(await world.planned("reminder")) == 4
        world.clock.advance(MINUTE)
        await world.upkeep.expire_overdue()
        with pytest.raises(SlotTaken):
            await world.books(leo, lesson, WEDNESDAY)

    async def test_given_a_minute_when_it_is_over_then_undo_is_too(self, both_world: World) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        gone = await world.cancels(mia, await world.books(mia, lesson, WEDNESDAY))
        world.clock.advance(MINUTE)

        with pytest.raises(UndoGone):
            await world.undoes(mia, gone)

    async def test_given_somebody_elses_change_when_undone_then_it_is_not_theirs_to_undo(
        self, world: World
    ) -> None:
        mia, eve = await world.person("Mia"), await world.person("Eve")
        gone = await world.cancels(
            world.host, await world.books(mia, await world.offers(), WEDNESDAY)
        )

        with pytest.raises(UndoGone):
            await world.undoes(mia, gone)
        with pytest.raises(NotAllowed):
            await world.undoes(eve, gone)

        assert (await world.undoes(world.host, gone)).status is BookingStatus.CONFIRMED

    async def test_given_an_undo_when_pressed_twice_then_the_second_has_no_effect(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        gone = await world.cancels(mia, await world.books(mia, lesson, WEDNESDAY))
        back = await world.undoes(mia, gone, request_id=world.request("press"))
        before = await world.fingerprint()

        again = await world.undoes(mia, gone, request_id=world.request("press"))

        assert again == back
        with pytest.raises(UndoGone):
            await world.undoes(mia, gone)
        assert await world.fingerprint() == before

    async def test_given_a_withdrawn_request_when_undone_then_its_deadline_is_as_it_was(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        asked = await world.books(mia, lesson, "2030-01-20 10:00")
        gone = await world.cancels(mia, asked)

        back = await world.undoes(mia, gone)

        assert (back.status, back.expires_at) == (BookingStatus.PENDING, asked.expires_at)


class TestUndoBook:
    async def test_given_a_booking_within_the_cut_off_when_undone_then_it_is_free_at_once(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        booking = await world.books(mia, lesson, "2030-01-07 10:00")

        gone = await world.undoes(mia, booking, card=card_of(mia))

        assert gone.status is BookingStatus.CANCELLED
        told = await world.planned("cancelled")
        assert [(p.person, p.payload["correction"]) for p in told] == [
            ("Ana Ruiz", 1),
            ("Mia", 1),
        ]
        assert (await world.books(leo, lesson, "2030-01-07 10:00")).seats_used == 1
        with pytest.raises(UndoGone):
            await world.undoes(mia, gone)


class TestLeaveGroup:
    async def test_given_a_group_when_one_leaves_then_the_others_stay_and_keep_their_reminders(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        group = await world.offers(capacity=3)
        await world.books(mia, group, WEDNESDAY)
        booking = await world.books(leo, group, WEDNESDAY)

        left = await world.cancels(mia, booking)

        assert (left.status, left.plan_revision) == (BookingStatus.CONFIRMED, booking.plan_revision)
        assert await world.told("cancelled") == [("Ana Ruiz", "cancelled"), ("Mia", "cancelled")]
        assert sorted(p.person for p in await world.planned("reminder")) == [
            "Ana Ruiz",
            "Leo",
            "Leo",
            "Leo",
        ]

    async def test_given_a_seat_left_when_undone_within_the_minute_then_it_was_kept(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo, kira = [await world.person(name) for name in ("Mia", "Leo", "Kira")]
        group = await world.offers(capacity=2)
        await world.books(mia, group, WEDNESDAY)
        booking = await world.books(leo, group, WEDNESDAY)
        left = await world.cancels(mia, booking)

        with pytest.raises(SlotTaken):
            await world.books(kira, group, WEDNESDAY)
        back = await world.undoes(mia, left)

        seat = back.seat_of(mia.id)
        assert seat is not None
        assert seat.status is SeatStatus.ACCEPTED
        assert len([p for p in await world.planned("reminder") if p.person == "Mia"]) == 3

    async def test_given_a_seat_left_when_the_minute_is_over_then_somebody_else_may_sit(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo, kira = [await world.person(name) for name in ("Mia", "Leo", "Kira")]
        group = await world.offers(capacity=2)
        await world.books(mia, group, WEDNESDAY)
        booking = await world.books(leo, group, WEDNESDAY)
        await world.cancels(mia, booking)
        world.clock.advance(MINUTE)

        joined = await world.books(kira, group, WEDNESDAY)

        assert (joined.id, joined.seats_used) == (booking.id, 2)

    async def test_given_the_last_attendee_when_leaving_then_the_booking_is_cancelled(
        self, world: World
    ) -> None:
        mia, leo = await world.person("Mia"), await world.person("Leo")
        group = await world.offers(capacity=2)
        await world.books(mia, group, WEDNESDAY)
        booking = await world.books(leo, group, WEDNESDAY)
        await world.cancels(mia, booking)
        world.clock.advance(MINUTE)

        gone = await world.cancels(leo, booking)

        assert gone.status is BookingStatus.CANCELLED
        assert (await world.undoes(leo, gone)).seats_used == 1

    async def test_given_only_holds_left_when_the_last_leaves_then_it_is_held_by_them(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        group = await world.offers(capacity=2)
        booking = await world.books(mia, group, WEDNESDAY)
        held = await world.holds(leo, group, WEDNESDAY)

        left = await world.cancels(mia, booking)
        assert (left.status, left.expires_at) == (BookingStatus.HELD, at("2030-01-07 09:05"))
        taken = await world.confirms(leo, held)

        assert taken.status is BookingStatus.CONFIRMED
        back = await world.undoes(mia, taken)
        assert back.seats_used == 2

    async def test_given_a_group_when_the_host_cancels_then_all_are_told_and_undo_brings_all_back(
        self, world: World
    ) -> None:
        mia, leo = await world.person("Mia"), await world.person("Leo")
        group = await world.offers(capacity=3)
        await world.books(mia, group, WEDNESDAY)
        booking = await world.books(leo, group, WEDNESDAY)

        gone = await world.cancels(world.host, booking)
        assert len(await world.told("cancelled")) == 3
        back = await world.undoes(world.host, gone)

        assert [seat.status for seat in back.seats] == [SeatStatus.ACCEPTED, SeatStatus.ACCEPTED]
