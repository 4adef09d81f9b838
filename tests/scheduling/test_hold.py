from datetime import timedelta

import pytest

from builders.people import acting
from builders.scheduling import a_booking, a_seat
from builders.times import at, between
from scheduling.commands import ReleaseHold
from scheduling.errors import (
    HoldGone,
    InThePast,
    NotAllowed,
    OutsideAvailability,
    SlotTaken,
    TooManyHolds,
)
from scheduling.ids import DraftId
from scheduling.model import Booking, BookingStatus, SeatStatus
from scheduling.moments import seconds
from scheduling.people import Person
from scheduling.policy import Policy
from scheduling.seats import joined
from world import World, card_of

WEDNESDAY = "2030-01-09 10:00"
FIVE_MINUTES = timedelta(minutes=5)


async def releases(world: World, who: Person, booking: Booking) -> None:
    await world.booking.release(ReleaseHold(actor=acting(who), booking_id=booking.id))


class TestHold:
    async def test_given_a_hold_when_it_stands_then_the_time_is_the_askers_alone(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()

        held = await world.holds(mia, lesson, WEDNESDAY)

        assert (held.status, held.expires_at) == (BookingStatus.HELD, at("2030-01-07 09:05"))
        assert at(WEDNESDAY) not in await world.free(lesson, asker=leo)
        assert at(WEDNESDAY) in await world.free(lesson, asker=mia)
        with pytest.raises(SlotTaken):
            await world.holds(leo, lesson, WEDNESDAY)

    async def test_given_a_hold_when_another_start_is_taken_then_the_first_is_free_again(
        self, both_world: World
    ) -> None:
        world = both_world
        mia = await world.person("Mia")
        lesson = await world.offers()
        ida, coaching = await world.coach_with_type("Ida Berg")
        first = await world.holds(mia, lesson, WEDNESDAY, card=card_of(mia))

        second = await world.holds(mia, coaching, WEDNESDAY)
        third = await world.holds(mia, lesson, WEDNESDAY)

        assert (await world.read(first)).booking.status is BookingStatus.EXPIRED
        assert (await world.read(second)).booking.status is BookingStatus.EXPIRED
        assert third.status is BookingStatus.HELD
        assert second.host_id == ida.id
        assert await world.told("hold_expired") == []
        assert await world.audited(first.id) == ["held", "hold_replaced"]

    async def test_given_a_hold_when_given_back_then_it_is_free_at_once(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        held = await world.holds(mia, lesson, WEDNESDAY, card=card_of(mia))

        with pytest.raises(NotAllowed):
            await releases(world, leo, held)
        await releases(world, mia, held)
        await releases(world, mia, held)

        assert at(WEDNESDAY) in await world.free(lesson, asker=leo)
        assert await world.told("hold_expired") == []

    async def test_given_a_hold_when_its_time_is_over_then_anybody_may_have_it_without_a_sweep(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        held = await world.holds(mia, lesson, WEDNESDAY)
        world.clock.advance(FIVE_MINUTES)

        assert at(WEDNESDAY) in await world.free(lesson, asker=leo)
        taken = await world.books(leo, lesson, WEDNESDAY)

        assert taken.id != held.id
        assert (await world.read(held)).booking.status is BookingStatus.EXPIRED
        with pytest.raises(HoldGone) as gone:
            await world.confirms(mia, held)
        assert not gone.value.still_free

    async def test_given_a_hold_that_is_over_when_another_holds_then_it_ends_in_the_same_act(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        over = await world.holds(mia, lesson, WEDNESDAY)
        world.clock.advance(FIVE_MINUTES)

        held = await world.holds(leo, lesson, WEDNESDAY)

        assert held.status is BookingStatus.HELD
        assert await world.audited(over.id) == ["held", "hold_expired"]

    @pytest.mark.parametrize("seats", [1, 2])
    async def test_given_a_hold_when_its_person_books_at_once_then_the_hold_is_no_obstacle(
        self, world: World, seats: int
    ) -> None:
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers(capacity=seats)
        if seats > 1:
            await world.books(leo, lesson, WEDNESDAY)
        await world.holds(mia, lesson, WEDNESDAY)

        booking = await world.books(mia, lesson, WEDNESDAY)

        assert (booking.status, booking.seats_used) == (BookingStatus.CONFIRMED, seats)

    async def test_given_a_card_when_held_then_its_end_is_planned_for_it(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()

        await world.holds(
            mia,
            lesson,
            WEDNESDAY,
            card=card_of(mia, "9"),
            draft_id=DraftId("draft"),
            request_id=world.request("press"),
        )

        (end,) = await world.planned("hold_expired")
        assert (end.due, end.card, end.urgency) == (at("2030-01-07 09:05"), "9", 0)
        assert end.payload == {
            "request": "press",
            "draft": "draft",
            "event_type": lesson.id,
            "start": seconds(at(WEDNESDAY)),
        }

    async def test_given_a_start_in_minutes_when_held_then_the_hold_ends_with_it(
        self, world: World
    ) -> None:
        mia = await world.person("Mia")
        lesson = await world.offers(step=timedelta(minutes=15))
        world.clock.set(at("2030-01-07 09:13"))

        held = await world.holds(mia, lesson, "2030-01-07 09:15")

        assert held.expires_at == at("2030-01-07 09:15")

    async def test_given_many_holds_in_a_day_when_one_more_is_taken_then_it_is_refused(
        self, world: World
    ) -> None:
        world = world.under(Policy(holds_per_day=3))
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson = await world.offers()
        for hour in (9, 10, 11):
            await world.holds(mia, lesson, f"2030-01-09 {hour:02}:00")

        with pytest.raises(TooManyHolds):
            await world.holds(mia, lesson, "2030-01-09 12:00")

        assert (await world.holds(leo, lesson, "2030-01-09 12:00")).seats_used == 1
        world.clock.advance(timedelta(days=1, seconds=1))
        assert (await world.holds(mia, lesson, "2030-01-09 13:00")).seats_used == 1


class TestConfirm:
    async def test_given_a_hold_when_confirmed_then_it_becomes_the_booking(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        held = await world.holds(mia, lesson, WEDNESDAY, card=card_of(mia))

        booking = await world.confirms(mia, held, card=card_of(mia))

        assert (booking.id, booking.uid) == (held.id, held.uid)
        assert (booking.status, booking.expires_at) == (BookingStatus.CONFIRMED, None)
        assert (await world.read(booking)).booking == booking
        assert await world.told("hold_expired") == []
        assert await world.told("booked") == [("Ana Ruiz", "booked"), ("Mia", "booked")]
        world.clock.advance(FIVE_MINUTES)
        assert await world.upkeep.expire_overdue() == 0

    async def test_given_a_confirmed_hold_when_confirmed_again_then_only_the_same_press_gets_it(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        held = await world.holds(mia, lesson, WEDNESDAY)
        first = await world.confirms(mia, held, request_id=world.request("press"))

        again = await world.confirms(mia, held, request_id=world.request("press"))

        assert again.id == first.id
        with pytest.raises(HoldGone):
            await world.confirms(mia, held)

    async def test_given_somebody_elses_hold_when_confirmed_then_it_is_not_allowed(
        self, world: World
    ) -> None:
        mia, leo = await world.person("Mia"), await world.person("Leo")
        held = await world.holds(mia, await world.offers(), WEDNESDAY)
        before = await world.fingerprint()

        for stranger in (leo, world.host):
            with pytest.raises(NotAllowed):
                await world.confirms(stranger, held)

        assert await world.fingerprint() == before

    @pytest.mark.parametrize("late", [-50, -1, 0, 1, 50])
    async def test_given_a_hold_about_to_end_when_confirmed_then_one_clock_decides(
        self, both_world: World, late: int
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        held = await world.holds(mia, lesson, WEDNESDAY)
        world.clock.advance(FIVE_MINUTES + timedelta(milliseconds=late))

        if late < 0:
            booking = await world.confirms(mia, held)
            assert booking.status is BookingStatus.CONFIRMED
        else:
            with pytest.raises(HoldGone) as gone:
                await world.confirms(mia, held)
            assert gone.value.still_free

    async def test_given_minutes_of_answering_when_confirmed_then_the_notice_was_kept(
        self, world: World
    ) -> None:
        mia, lesson = (
            await world.person("Mia"),
            await world.offers(minimum_notice=timedelta(hours=1)),
        )
        held = await world.holds(mia, lesson, "2030-01-07 10:00")
        world.clock.advance(timedelta(minutes=4))

        booking = await world.confirms(mia, held)

        assert booking.status is BookingStatus.CONFIRMED

    async def test_given_a_start_that_passed_while_held_when_confirmed_then_it_is_past(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        world = world.under(Policy(hold_ttl=timedelta(hours=3)))
        held = await world.holds(mia, lesson, "2030-01-07 10:00")
        await world.write_sql("UPDATE bookings SET expires_at = expires_at + 9000000000")
        await world.write_sql("UPDATE attendances SET expires_at = expires_at + 9000000000")
        world.clock.set(at("2030-01-07 10:30"))

        with pytest.raises(InThePast):
            await world.confirms(mia, held)

    async def test_given_time_off_taken_meanwhile_when_confirmed_then_the_host_is_not_there(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers()
        held = await world.holds(mia, lesson, WEDNESDAY)
        await world.hours.off(
            acting(world.host),
            between("2030-01-09 00:00", "2030-01-10 00:00"),
            world.request(),
            cancel_hit=False,
        )

        with pytest.raises(OutsideAvailability) as refused:
            await world.confirms(mia, held)

        assert refused.value.alternatives[0] == at("2030-01-08 16:00")

    async def test_given_a_cap_when_the_last_of_the_day_is_held_then_it_can_be_confirmed(
        self, both_world: World
    ) -> None:
        world = both_world
        mia = await world.person("Mia")
        lesson = await world.offers(cap_per_day=1, cap_per_week=1)
        await world.holds(mia, lesson, WEDNESDAY)

        held = await world.holds(mia, lesson, "2030-01-09 15:00")

        assert (await world.confirms(mia, held)).status is BookingStatus.CONFIRMED


class TestGroupHolds:
    async def test_given_one_seat_left_when_two_want_it_then_the_hold_keeps_it(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo, kira = [await world.person(name) for name in ("Mia", "Leo", "Kira")]
        group = await world.offers(capacity=2)
        booking = await world.books(mia, group, WEDNESDAY)

        held = await world.holds(leo, group, WEDNESDAY)

        assert (held.id, held.status) == (booking.id, BookingStatus.CONFIRMED)
        assert at(WEDNESDAY) not in await world.free(group, asker=kira)
        with pytest.raises(SlotTaken):
            await world.holds(kira, group, WEDNESDAY)
        joined = await world.confirms(leo, held)
        assert joined.seats_used == 2
        assert joined.plan_revision == booking.plan_revision

    async def test_given_two_holds_of_a_new_time_when_one_ends_then_the_other_stands(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        group = await world.offers(capacity=2)
        first = await world.holds(mia, group, WEDNESDAY, card=card_of(mia))
        world.clock.advance(timedelta(minutes=3))
        second = await world.holds(leo, group, WEDNESDAY, card=card_of(leo))
        world.clock.advance(timedelta(minutes=2))

        assert await world.upkeep.expire_overdue() == 1

        now = (await world.read(first)).booking
        assert second.id == first.id
        assert [seat.status for seat in now.seats] == [SeatStatus.CANCELLED, SeatStatus.HELD]
        assert (now.status, now.expires_at) == (BookingStatus.HELD, at("2030-01-07 09:08"))
        confirmed = await world.confirms(leo, second)
        assert confirmed.status is BookingStatus.CONFIRMED

    async def test_given_two_holds_when_one_confirms_then_the_others_end_is_still_planned(
        self, world: World
    ) -> None:
        mia, leo = await world.person("Mia"), await world.person("Leo")
        group = await world.offers(capacity=2)
        held = await world.holds(mia, group, WEDNESDAY, card=card_of(mia))
        await world.holds(leo, group, WEDNESDAY, card=card_of(leo))

        await world.confirms(mia, held)

        assert await world.told("hold_expired") == [("Leo", "hold_expired")]
        world.clock.advance(FIVE_MINUTES)
        assert await world.upkeep.expire_overdue() == 1
        assert (await world.read(held)).booking.seats_used == 1

    async def test_given_a_seat_held_in_a_standing_group_when_it_ends_then_its_card_is_told(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        choir = await world.offers(capacity=3)
        await world.books(mia, choir, WEDNESDAY)
        await world.holds(leo, choir, WEDNESDAY, card=card_of(leo))
        world.clock.advance(FIVE_MINUTES)

        assert await world.upkeep.expire_overdue() == 1

        assert await world.told("hold_expired") == [("Leo", "hold_expired")]


def test_given_a_full_group_when_one_more_sits_down_then_it_is_taken_whatever_was_read() -> None:
    full = a_booking(capacity=1)

    with pytest.raises(SlotTaken):
        joined(full, a_seat(full.id))
