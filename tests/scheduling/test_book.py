from datetime import timedelta

import pytest

from builders.times import at
from scheduling.errors import (
    AnswerMissing,
    CapReached,
    EventTypeOff,
    NotAllowed,
    NoticeTooShort,
    OwnTime,
    SlotTaken,
    StudentsClosed,
    TooManyBookings,
)
from scheduling.model import BookingStatus, Listing, Question, SeatStatus
from scheduling.moments import zone_data_version
from scheduling.people import Role
from scheduling.policy import Policy, StudentsPolicy
from world import World, card_of

WEDNESDAY = "2030-01-09 10:00"


class TestBook:
    async def test_given_a_free_start_when_booked_then_both_are_told_and_reminded(
        self, both_world: World
    ) -> None:
        world = both_world
        mia = await world.person("Mia Costa")
        lesson = await world.offers()

        booking = await world.books(mia, lesson, WEDNESDAY, card=card_of(mia, "7"))

        assert booking.status is BookingStatus.CONFIRMED
        assert booking.time.start == at(WEDNESDAY)
        assert (booking.host_wall, booking.host_zone) == ("2030-01-09T10:00", "UTC")
        assert booking.zone_data == zone_data_version()
        assert [(seat.person_id, seat.status) for seat in booking.seats] == [
            (mia.id, SeatStatus.ACCEPTED)
        ]
        planned = await world.planned()
        assert [(p.person, p.kind, p.due) for p in planned] == [
            ("Ana Ruiz", "booked", at("2030-01-07 09:00")),
            ("Mia Costa", "booked", at("2030-01-07 09:00")),
            ("Mia Costa", "reminder", at("2030-01-08 10:00")),
            ("Mia Costa", "reminder", at("2030-01-09 09:00")),
            ("Ana Ruiz", "reminder", at("2030-01-09 09:50")),
            ("Mia Costa", "reminder", at("2030-01-09 09:50")),
        ]
        assert [(p.card, p.urgency) for p in planned[:2]] == [(None, 1), ("7", 0)]
        assert await world.audited(booking.id) == ["booked"]
        assert (await world.read(booking)).booking == booking
        assert world.wakes == 1

    async def test_given_the_same_press_when_it_comes_five_times_then_it_has_one_effect(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, lesson = await world.person(), await world.offers()
        first = await world.books(mia, lesson, WEDNESDAY, request_id=world.request("press"))
        before = await world.fingerprint()

        again = [
            await world.books(mia, lesson, WEDNESDAY, request_id=world.request("press"))
            for _ in range(4)
        ]

        assert {booking.id for booking in again} == {first.id}
        assert await world.fingerprint() == before

    async def test_given_a_taken_start_when_booked_then_near_ones_are_named_and_nothing_changes(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person(), await world.person("Leo Brandt")
        lesson = await world.offers()
        await world.books(mia, lesson, WEDNESDAY)
        before = await world.fingerprint()

        with pytest.raises(SlotTaken) as refused:
            await world.books(leo, lesson, WEDNESDAY)

        assert refused.value.alternatives == (
            at("2030-01-09 09:00"),
            at("2030-01-09 11:00"),
            at("2030-01-09 12:00"),
        )
        assert await world.fingerprint() == before

    async def test_given_another_type_of_the_same_host_when_it_overlaps_then_it_is_taken(
        self, world: World
    ) -> None:
        mia, leo = await world.person(), await world.person("Leo Brandt")
        lesson = await world.offers(buffer_after=timedelta(minutes=15))
        short = await world.offers(duration=timedelta(minutes=15), step=timedelta(minutes=15))
        await world.books(mia, lesson, WEDNESDAY)

        with pytest.raises(SlotTaken):
            await world.books(leo, short, "2030-01-09 11:00")

        assert (await world.books(leo, short, "2030-01-09 11:15")).status is BookingStatus.CONFIRMED

    async def test_given_a_rule_when_it_objects_then_it_is_the_one_that_is_named(
        self, world: World
    ) -> None:
        mia = await world.person()
        capped = await world.offers(cap_per_day=1)
        hasty = await world.offers(minimum_notice=timedelta(hours=4))
        await world.books(mia, capped, WEDNESDAY)

        with pytest.raises(CapReached):
            await world.books(mia, capped, "2030-01-09 14:00")
        with pytest.raises(NoticeTooShort):
            await world.books(mia, hasty, "2030-01-07 12:00")
        with pytest.raises(OwnTime) as own:
            await world.books(world.host, hasty, "2030-01-07 15:00")
        assert own.value.alternatives == ()

    async def test_given_a_coach_who_attends_elsewhere_when_listed_then_that_time_is_busy(
        self, world: World
    ) -> None:
        bo = await world.person("Bo Lind")
        lesson = await world.offers()
        ida, coaching = await world.coach_with_type("Ida Berg")

        await world.books(ida, lesson, WEDNESDAY)

        assert at(WEDNESDAY) not in await world.free(coaching)
        with pytest.raises(SlotTaken):
            await world.books(bo, coaching, WEDNESDAY)

    async def test_given_the_most_bookings_allowed_when_one_more_is_asked_then_it_is_refused(
        self, world: World
    ) -> None:
        few = world.under(Policy(bookings_per_person=2))
        mia, lesson = await few.person(), await few.offers()
        await few.books(mia, lesson, WEDNESDAY)
        await few.books(mia, lesson, "2030-01-09 11:00")

        with pytest.raises(TooManyBookings):
            await few.books(mia, lesson, "2030-01-09 12:00")

        assert await few.free(lesson, asker=mia) == []


class TestAdmission:
    async def test_given_a_type_that_is_off_when_booked_then_its_host_is_named(
        self, world: World
    ) -> None:
        mia, lesson = await world.person(), await world.offers(listing=Listing.OFF)

        with pytest.raises(EventTypeOff) as refused:
            await world.books(mia, lesson, WEDNESDAY)

        assert refused.value.host_id == world.host.id

    async def test_given_a_link_type_when_booked_then_only_its_code_opens_it(
        self, world: World
    ) -> None:
        mia, lesson = await world.person(), await world.offers(listing=Listing.LINK)

        with pytest.raises(NotAllowed):
            await world.books(mia, lesson, WEDNESDAY)

        assert (await world.books(mia, lesson, WEDNESDAY, via_link=True)).seats_used == 1

    async def test_given_students_by_link_when_booked_without_then_it_is_closed_to_students(
        self, world: World
    ) -> None:
        world = world.under(Policy(students=StudentsPolicy.LINK))
        mia = await world.person()
        bo = await world.person("Bo Lind", roles=frozenset({Role.ADMIN}))
        lesson = await world.offers()

        with pytest.raises(StudentsClosed):
            await world.books(mia, lesson, WEDNESDAY)

        assert (await world.books(bo, lesson, WEDNESDAY)).seats_used == 1
        linked = await world.books(mia, lesson, "2030-01-09 12:00", via_link=True)
        assert linked.seats_used == 1

    async def test_given_students_by_approval_when_booked_without_a_link_then_the_host_is_asked(
        self, world: World
    ) -> None:
        world = world.under(Policy(students=StudentsPolicy.APPROVED))
        mia, lesson = await world.person(), await world.offers()

        asked = await world.books(mia, lesson, WEDNESDAY)
        linked = await world.books(mia, lesson, "2030-01-09 12:00", via_link=True)

        assert asked.status is BookingStatus.PENDING
        assert linked.status is BookingStatus.CONFIRMED


class TestAnswers:
    async def test_given_a_required_question_when_it_is_open_then_it_is_named(
        self, world: World
    ) -> None:
        questions = (Question("piece", "Which piece?", required=True), Question("level", "Level?"))
        mia, lesson = await world.person(), await world.offers(questions=questions)

        with pytest.raises(AnswerMissing) as missing:
            await world.books(mia, lesson, WEDNESDAY, answers=(("level", "2"), ("piece", " \x00")))

        assert missing.value.question_key == "piece"

    async def test_given_answers_when_booked_then_they_are_kept_clean_and_in_order(
        self, world: World
    ) -> None:
        questions = (Question("piece", "Which piece?"), Question("level", "Level?"))
        mia, lesson = await world.person(), await world.offers(questions=questions)
        answers = (("other", "x"), ("level", "2"), ("piece", " Satie\x07 "))

        booking = await world.books(mia, lesson, WEDNESDAY, answers=answers)

        assert (await world.read(booking)).booking.seats[0].answers == (
            ("piece", "Satie"),
            ("level", "2"),
        )


class TestGroup:
    async def test_given_seats_when_people_join_then_it_is_one_booking_until_full(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo, kira = [await world.person(name) for name in ("Mia", "Leo", "Kira")]
        group = await world.offers(capacity=2)

        first = await world.books(mia, group, WEDNESDAY)
        second = await world.books(leo, group, WEDNESDAY)

        assert first.id == second.id
        assert (second.seats_used, second.plan_revision) == (2, first.plan_revision)
        with pytest.raises(SlotTaken):
            await world.books(kira, group, WEDNESDAY)
        told = [(p.person, p.payload["by_name"]) for p in await world.planned("booked")]
        assert sorted(told) == [
            ("Ana Ruiz", "Leo"),
            ("Ana Ruiz", "Mia"),
            ("Leo", "Leo"),
            ("Mia", "Mia"),
        ]
        reminded = [p.person for p in await world.planned("reminder")]
        assert sorted(reminded) == ["Ana Ruiz", "Leo", "Leo", "Leo", "Mia", "Mia", "Mia"]
