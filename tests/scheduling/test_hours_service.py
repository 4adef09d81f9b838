from datetime import date, timedelta

import pytest

from builders.people import acting
from builders.scheduling import WEEKDAYS_9_17, a_schedule
from builders.times import at, between, hours
from doubles import FakeClock
from persistence.database import Database
from scheduling.errors import HoursRefused, NotAllowed, UnknownZone
from scheduling.grammar.hours_line import HoursLine, parse_hours_line
from scheduling.hours_lines import sessions_a_week
from scheduling.model import BookingStatus
from world import World

TODAY = date(2030, 1, 7)
MINUTE = timedelta(minutes=1)
WEDNESDAY = "2030-01-09 10:00"


def line(text: str) -> HoursLine:
    return parse_hours_line(text, today=TODAY)


@pytest.fixture
async def weekdays(sqlite_database: Database, clock: FakeClock) -> World:
    """The host is there from 9 to 17, Monday to Friday."""
    return await World.begin(sqlite_database, clock, schedule=a_schedule(WEEKDAYS_9_17))


class TestPreview:
    async def test_given_a_line_when_previewed_then_it_tells_what_changes_and_saves_nothing(
        self, weekdays: World
    ) -> None:
        world = weekdays
        mia, lesson = await world.person("Mia"), await world.offers()
        outside = await world.books(mia, lesson, WEDNESDAY)
        await world.books(mia, lesson, "2030-01-10 10:00")
        before = await world.fingerprint()

        preview = await world.hours.preview(acting(world.host), line("mon,tue,thu,fri 9-12, 13-17"))

        assert [(day, new) for day, _, new in preview.changed] == [
            (0, hours("9-12, 13-17")),
            (1, hours("9-12, 13-17")),
            (2, ()),
            (3, hours("9-12, 13-17")),
            (4, hours("9-12, 13-17")),
        ]
        assert [details.booking.id for details in preview.outside] == [outside.id]
        assert (preview.week_minutes, preview.sessions_a_week) == (28 * 60, 28)
        assert preview.first_free == at("2030-01-07 10:00")
        assert await world.fingerprint() == before

    async def test_given_somebody_who_is_no_coach_yet_when_previewed_then_it_works_all_the_same(
        self, world: World
    ) -> None:
        mia = await world.person("Mia", zone="Europe/Lisbon")

        preview = await world.hours.preview(
            acting(mia),
            line("mon-fri 9-12, 13-17"),
            duration=timedelta(minutes=60),
        )

        assert (preview.schedule.zone, preview.sessions_a_week) == ("Europe/Lisbon", 35)
        assert preview.first_free == at("2030-01-07 10:00")
        assert preview.outside == ()

    async def test_given_no_zone_when_previewed_then_it_is_asked_for(self, world: World) -> None:
        mia = await world.person("Mia", zone=None)

        with pytest.raises(UnknownZone):
            await world.hours.preview(acting(mia), line("mon 9-10"))


class TestSave:
    async def test_given_a_line_when_saved_then_days_it_does_not_name_are_closed(
        self, both_world: World
    ) -> None:
        world = both_world
        lesson = await world.offers()
        assert at(WEDNESDAY) in await world.free(lesson)

        saved = await world.hours.save(acting(world.host), line("mon 14-16"), world.request())

        assert await world.free(lesson) == [at("2030-01-07 14:00"), at("2030-01-07 15:00")]
        assert (saved.schedule.version, saved.undo_until) == (2, at("2030-01-07 09:01"))

    async def test_given_saved_hours_when_undone_then_they_are_as_they_were(
        self, both_world: World
    ) -> None:
        world = both_world
        lesson, host = await world.offers(), acting(world.host)
        before = await world.free(lesson)
        saved = await world.hours.save(host, line("mon 14-16 until 20 jan"), world.request())
        assert await world.free(lesson, "2030-01-21 00:00") == []

        assert await world.hours.undo(host, saved.undo_id)

        assert await world.free(lesson) == before
        assert await world.free(lesson, "2030-01-21 00:00") != []
        assert not await world.hours.undo(host, saved.undo_id)

    async def test_given_hours_saved_again_or_a_minute_gone_when_undone_then_it_is_over(
        self, world: World
    ) -> None:
        host = acting(world.host)
        first = await world.hours.save(host, line("mon 9-10"), world.request())
        second = await world.hours.save(host, line("tue 9-10"), world.request())

        assert not await world.hours.undo(host, first.undo_id)
        world.clock.advance(MINUTE)
        assert not await world.hours.undo(host, second.undo_id)
        overview = await world.hours.overview(host)
        assert overview is not None
        assert dict(overview.schedule.weekly) == {1: hours("9-10")}

    async def test_given_somebody_elses_undo_when_pressed_then_it_is_not_theirs(
        self, world: World
    ) -> None:
        ida, _ = await world.coach_with_type("Ida Berg")
        saved = await world.hours.save(acting(world.host), line("mon 9-10"), world.request())

        assert not await world.hours.undo(acting(ida), saved.undo_id)
        assert await world.hours.undo(acting(world.host), saved.undo_id)

    async def test_given_dates_alone_when_saved_then_the_week_and_the_other_dates_stay(
        self, world: World
    ) -> None:
        lesson, host = await world.offers(), acting(world.host)

        for text in ("2030-01-09 off", "2030-01-10 20-21"):
            await world.hours.save(host, line(text), world.request())

        free = await world.free(lesson, "2030-01-09 00:00", 3)
        assert [f"{start:%d %H}" for start in free[:3]] == ["10 20", "11 09", "11 10"]

    async def test_given_the_same_press_when_it_comes_twice_then_it_has_one_effect(
        self, world: World
    ) -> None:
        host, press = acting(world.host), world.request("press")
        first = await world.hours.save(host, line("mon 9-10"), press)
        before = await world.fingerprint()

        again = await world.hours.save(host, line("mon 9-10"), press)

        assert (again.undo_id, again.undo_until) == (first.undo_id, first.undo_until)
        assert await world.fingerprint() == before

    async def test_given_a_student_when_saving_hours_then_it_is_not_allowed(
        self, world: World
    ) -> None:
        mia = acting(await world.person("Mia"))
        before = await world.fingerprint()

        with pytest.raises(NotAllowed):
            await world.hours.save(mia, line("mon 9-10"), world.request())
        with pytest.raises(NotAllowed):
            await world.hours.open(mia, between(WEDNESDAY, "2030-01-09 12:00"), world.request())

        assert await world.fingerprint() == before
        assert await world.hours.overview(mia) is None


class TestOneOff:
    async def test_given_an_opening_when_opened_and_closed_then_times_come_and_go(
        self, both_world: World
    ) -> None:
        world = both_world
        lesson, host = await world.offers(), acting(world.host)
        evening = between("2030-01-09 20:00", "2030-01-09 22:00")

        opening = await world.hours.open(host, evening, world.request())
        with pytest.raises(HoursRefused) as refused:
            await world.hours.open(host, evening, world.request())

        assert refused.value.problem == "overlap"
        assert at("2030-01-09 21:00") in await world.free(lesson)
        assert await world.hours.close_opening(host, opening.id)
        assert not await world.hours.close_opening(host, opening.id)
        assert at("2030-01-09 21:00") not in await world.free(lesson)

    @pytest.mark.parametrize(
        ("start", "end", "problem"),
        [
            ("2030-01-06 10:00", "2030-01-07 09:00", "past"),
            ("2030-01-08 10:00", "2030-01-15 10:01", "too_long"),
        ],
    )
    async def test_given_time_that_cannot_be_opened_when_tried_then_the_problem_is_named(
        self, world: World, start: str, end: str, problem: str
    ) -> None:
        with pytest.raises(HoursRefused) as refused:
            await world.hours.open(acting(world.host), between(start, end), world.request())

        assert refused.value.problem == problem

    async def test_given_time_off_and_openings_in_turn_when_listed_then_the_later_one_wins(
        self, both_world: World
    ) -> None:
        world = both_world
        lesson, host = await world.offers(), acting(world.host)
        day = between("2030-01-09 00:00", "2030-01-10 00:00")
        noon = between("2030-01-09 12:00", "2030-01-09 14:00")

        # All of it at one instant: the order of the presses decides all the same.
        first = await world.hours.off(host, day, world.request(), cancel_hit=False)
        await world.hours.open(host, noon, world.request())
        then = await world.free(lesson, "2030-01-09 00:00", 1)
        second = await world.hours.off(host, day, world.request(), cancel_hit=False)

        assert [start.hour for start in then] == [12, 13]
        assert await world.free(lesson, "2030-01-09 00:00", 1) == []
        assert await world.hours.end_time_off(host, second.time_off.id)
        assert await world.hours.end_time_off(host, first.time_off.id)
        assert len(await world.free(lesson, "2030-01-09 00:00", 1)) == 8


class TestTimeOff:
    async def test_given_bookings_in_it_when_time_off_keeps_them_then_they_are_only_named(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        booking = await world.books(mia, lesson, WEDNESDAY)
        day = between("2030-01-09 00:00", "2030-01-10 00:00")
        await world.forgets_news()

        hit = await world.hours.hit_by(acting(world.host), day)
        result = await world.hours.off(acting(world.host), day, world.request(), cancel_hit=False)

        assert [details.booking.id for details in hit] == [booking.id]
        assert [details.booking.id for details in result.hit] == [booking.id]
        assert (await world.read(booking)).booking.status is BookingStatus.CONFIRMED
        assert await world.told() == []

    async def test_given_bookings_in_it_when_time_off_cancels_them_then_undo_brings_all_back(
        self, both_world: World
    ) -> None:
        world = both_world
        mia, leo = await world.person("Mia"), await world.person("Leo")
        lesson, host = await world.offers(), acting(world.host)
        bookings = [
            await world.books(mia, lesson, WEDNESDAY),
            await world.books(leo, lesson, "2030-01-09 12:00"),
        ]
        await world.forgets_news()
        day = between("2030-01-09 00:00", "2030-01-10 00:00")

        result = await world.hours.off(
            host, day, world.request(), cancel_hit=True, reason="I am ill"
        )

        assert await world.told("cancelled") == [("Leo", "cancelled"), ("Mia", "cancelled")]
        assert {p.payload["reason"] for p in await world.planned("cancelled")} == {"I am ill"}
        assert len(result.hit) == 2
        assert await world.hours.undo(host, result.undo_id)
        now = [(await world.read(booking)).booking for booking in bookings]
        assert [booking.status for booking in now] == [BookingStatus.CONFIRMED] * 2
        assert await world.told("back_on") == [("Leo", "back_on"), ("Mia", "back_on")]
        assert len(await world.free(lesson, "2030-01-09 00:00", 1)) == 6
        assert not await world.hours.undo(host, result.undo_id)

    async def test_given_the_same_press_when_it_comes_twice_then_it_has_one_effect(
        self, world: World
    ) -> None:
        mia, lesson = await world.person("Mia"), await world.offers()
        await world.books(mia, lesson, WEDNESDAY)
        day, press = between("2030-01-09 00:00", "2030-01-10 00:00"), world.request("press")
        host = acting(world.host)
        first = await world.hours.off(host, day, press, cancel_hit=True)
        before = await world.fingerprint()

        again = await world.hours.off(host, day, press, cancel_hit=True)

        assert (again.undo_id, again.time_off.id) == (first.undo_id, first.time_off.id)
        assert [d.booking.id for d in again.hit] == [d.booking.id for d in first.hit]
        assert await world.fingerprint() == before


@pytest.mark.parametrize(
    ("text", "duration", "step", "sessions"),
    [("9-12, 13-17", 60, 60, 7), ("9-12", 50, 60, 3), ("9-12", 60, 45, 2), ("9-9:30", 60, 60, 0)],
)
def test_given_hours_when_counted_then_sessions_follow_each_other_on_the_grid(
    text: str, duration: int, step: int, sessions: int
) -> None:
    day = {0: hours(text)}

    count = sessions_a_week(day, timedelta(minutes=duration), timedelta(minutes=step))

    assert count == sessions
