from datetime import timedelta

import pytest

from builders.people import acting
from builders.times import at
from scheduling.commands import DeclineBooking
from scheduling.errors import BookingChanged, NotAllowed, UndoGone
from scheduling.model import Booking, BookingStatus, SeatStatus
from scheduling.people import Person
from world import World, card_of

LATER = "2030-01-20 10:00"


async def declines(world: World, who: Person, booking: Booking, reason: str | None) -> Booking:
    command = DeclineBooking(
        actor=acting(who), booking_id=booking.id, request_id=world.request(), reason=reason
    )
    return await world.booking.decline(command)


class TestRequest:
    async def test_given_approval_when_asked_then_the_time_is_kept_until_the_deadline(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)

        asked = await world.books(mia, lesson, LATER, card=card_of(mia))

        assert (asked.status, asked.expires_at) == (
            BookingStatus.PENDING,
            at("2030-01-08 09:00"),
        )
        assert asked.seats[0].status is SeatStatus.PENDING
        planned = [(p.person, p.kind, p.due) for p in await world.planned()]
        assert planned == [
            ("Ana Ruiz", "pending", at("2030-01-07 09:00")),
            ("Mia", "pending", at("2030-01-07 09:00")),
            ("Ana Ruiz", "pending_nudge", at("2030-01-08 05:00")),
        ]
        assert at(LATER) not in await world.free(lesson, "2030-01-20 00:00", 1)

    async def test_given_no_answer_when_the_deadline_passes_then_both_are_told_and_it_is_free(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        asked = await world.books(mia, lesson, LATER)
        await world.forgets_news()
        world.clock.set(at("2030-01-08 09:00"))

        assert await world.upkeep.expire_overdue() == 1
        assert await world.upkeep.expire_overdue() == 0

        assert (await world.read(asked)).booking.status is BookingStatus.EXPIRED
        assert await world.told() == [("Ana Ruiz", "expired"), ("Mia", "expired")]
        assert (await world.planned())[0].payload["names"] == "Mia"
        assert at(LATER) in await world.free(lesson, "2030-01-20 00:00", 1)
        with pytest.raises(BookingChanged) as changed:
            await world.approves(asked)
        assert changed.value.booking.status is BookingStatus.EXPIRED
        assert await world.audited(asked.id) == ["expired", "pending"]


class TestApprove:
    async def test_given_a_request_when_approved_then_it_is_a_booking_with_reminders(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        asked = await world.books(mia, lesson, LATER)
        world.clock.advance(timedelta(hours=1))

        booking = await world.approves(asked, card=card_of(world.host, "3"))

        assert (booking.status, booking.expires_at) == (BookingStatus.CONFIRMED, None)
        assert booking.seats[0].status is SeatStatus.ACCEPTED
        assert (booking.uid, booking.plan_revision) == (asked.uid, asked.plan_revision + 1)
        assert await world.told("approved") == [("Ana Ruiz", "approved"), ("Mia", "approved")]
        assert await world.told("pending_nudge") == []
        assert len(await world.planned("reminder")) == 4
        world.clock.advance(timedelta(days=2))
        assert await world.upkeep.expire_overdue() == 0

    async def test_given_a_request_when_somebody_else_approves_then_it_is_not_allowed(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        ida, _ = await world.coach_with_type("Ida Berg")
        asked = await world.books(mia, lesson, LATER)
        before = await world.fingerprint()

        for stranger in (mia, ida):
            with pytest.raises(NotAllowed):
                await declines(world, stranger, asked, None)

        assert await world.fingerprint() == before

    async def test_given_an_approval_when_undone_then_it_is_a_request_again(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        asked = await world.books(mia, lesson, LATER)
        approved = await world.approves(asked)

        back = await world.undoes(world.host, approved)

        assert (back.status, back.expires_at) == (BookingStatus.PENDING, asked.expires_at)
        assert back.seats[0].status is SeatStatus.PENDING
        assert await world.told("reminder") == []
        assert len(await world.told("pending_nudge")) == 1
        with pytest.raises(UndoGone):
            await world.undoes(world.host, back)

    async def test_given_an_old_button_when_pressed_then_it_says_how_things_stand(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        asked = await world.books(mia, lesson, LATER)
        approved = await world.approves(asked, seen_version=asked.version)

        with pytest.raises(BookingChanged) as changed:
            await world.approves(asked, seen_version=asked.version)

        assert changed.value.booking == approved


class TestDecline:
    async def test_given_a_request_when_declined_then_its_time_is_free_and_both_know_why(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person("Mia"), await world.offers(approval=True)
        asked = await world.books(mia, lesson, LATER)
        await world.forgets_news()

        booking = await declines(world, world.host, asked, " Not free after all. ")

        assert (booking.status, booking.reason) == (BookingStatus.DECLINED, "Not free after all.")
        assert await world.told() == [("Ana Ruiz", "declined"), ("Mia", "declined")]
        assert {p.payload["reason"] for p in await world.planned()} == {"Not free after all."}
        assert at(LATER) in await world.free(lesson, "2030-01-20 00:00", 1)
        assert await world.audited(asked.id) == ["declined", "pending"]


class TestGroupRequest:
    async def test_given_a_group_asked_for_when_others_join_then_one_yes_is_for_all(
        self, world: World
    ) -> None:
        mia, leo, kira = [await world.person(name) for name in ("Mia", "Leo", "Kira")]
        group = await world.offers(approval=True, capacity=3)
        await world.books(mia, group, LATER)
        asked = await world.books(leo, group, LATER)

        approved = await world.approves(asked)
        joined = await world.books(kira, group, LATER)

        assert {seat.status for seat in approved.seats} == {SeatStatus.ACCEPTED}
        assert joined.seats[-1].status is SeatStatus.ACCEPTED
        assert len(await world.told("pending_nudge")) == 0
