from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from builders.times import at, between, minutes
from scheduling.ids import PersonId
from scheduling.moments import Interval, seconds
from scheduling.sessions.common_times import (
    FreeTime,
    find_times,
    free_time,
    nearest_free,
    open_hours,
)
from scheduling.sessions.model import CommonTime

BO, ANA, CEM = (PersonId(name) for name in ("bo", "ana", "cem"))
WEEK = between("2030-01-07 00:00", "2030-01-14 00:00")
QUARTER = minutes(15)


def someone(person: PersonId, *spans: tuple[str, str]) -> FreeTime:
    free = [(seconds(at(f"2030-01-{a}")), seconds(at(f"2030-01-{b}"))) for a, b in spans]
    return FreeTime(person, free)


def search(
    *people: FreeTime, length: int = 60, count: int = 3, span: Interval = WEEK
) -> list[CommonTime]:
    return find_times(people, BO, minutes(length), span, count=count, step=QUARTER)


def starts(found: list[CommonTime]) -> list[str]:
    return [f"{each.time.start:%a %H:%M}" for each in found]


class TestFinding:
    def test_given_shared_time_when_searched_then_full_hours_on_several_days_come_first(
        self,
    ) -> None:
        bo = someone(BO, ("08 09:00", "08 17:00"), ("09 09:00", "09 17:00"))
        ana = someone(ANA, ("08 09:30", "08 17:00"), ("09 09:00", "09 12:00"))
        assert starts(search(bo, ana)) == ["Tue 10:00", "Wed 09:00", "Tue 13:00"]

    def test_given_one_short_stretch_when_searched_then_what_fits_without_overlap(self) -> None:
        bo = someone(BO, ("08 09:00", "08 12:30"))
        assert starts(search(bo, someone(ANA, ("08 09:00", "08 12:30")))) == [
            "Tue 09:00",
            "Tue 10:00",
            "Tue 11:00",
        ]

    def test_given_nothing_for_all_when_searched_then_those_that_miss_fewest_say_who(self) -> None:
        bo = someone(BO, ("08 09:00", "08 12:00"))
        ana = someone(ANA, ("08 09:00", "08 10:00"))
        cem = someone(CEM, ("08 11:00", "08 12:00"))
        found = search(bo, ana, cem)
        assert [(f"{t.time.start:%H:%M}", t.missing) for t in found] == [
            ("09:00", (CEM,)),
            ("11:00", (ANA,)),
        ]

    def test_given_the_organizer_busy_when_searched_then_nothing_is_found(self) -> None:
        bo, ana = someone(BO), someone(ANA, ("08 09:00", "08 12:00"))
        assert search(bo, ana) == []

    def test_given_nobody_else_free_when_searched_then_nothing_is_found(self) -> None:
        assert search(someone(BO, ("08 09:00", "08 12:00")), someone(ANA)) == []


class TestFreeTime:
    def test_given_no_hours_when_read_then_the_working_days_of_the_zone(self) -> None:
        open_time = open_hours(ANA, None, "Europe/Berlin", WEEK)
        ana = free_time(ANA, open_time, [], WEEK)
        assert len(ana.free) == 5
        assert ana.intervals()[0] == between("2030-01-07 08:00", "2030-01-07 16:00")

    def test_given_busy_time_when_read_then_it_is_taken_out(self) -> None:
        open_time = open_hours(ANA, None, "UTC", WEEK)
        busy = [between("2030-01-07 10:00", "2030-01-07 11:00")]
        ana = free_time(ANA, open_time, busy, between("2030-01-07 00:00", "2030-01-07 12:00"))
        assert ana.intervals() == (
            between("2030-01-07 09:00", "2030-01-07 10:00"),
            between("2030-01-07 11:00", "2030-01-07 12:00"),
        )

    def test_given_a_taken_time_when_others_are_sought_then_the_nearest(self) -> None:
        ana = someone(ANA, ("08 09:00", "08 10:00"), ("08 11:00", "08 13:00"))
        near = nearest_free(ana, at("2030-01-08 10:15"), minutes(60), QUARTER)
        assert [f"{start:%H:%M}" for start in near] == ["11:00", "11:15", "09:00"]


SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=4
)  # quarters from nine o'clock


@given(people=st.lists(SPANS, min_size=2, max_size=4), length=st.sampled_from([15, 30, 45, 60]))
def test_given_any_people_when_searched_then_every_time_found_is_free_for_whom_it_says(
    people: list[list[tuple[int, int]]], length: int
) -> None:
    begin = seconds(at("2030-01-08 09:00"))
    span = between("2030-01-08 09:00", "2030-01-08 22:00")
    several = [
        free_time(
            PersonId(BO if n == 0 else f"p{n}"),
            sorted((begin + 900 * a, begin + 900 * (a + b)) for a, b in spans),
            [],
            span,
        )
        for n, spans in enumerate(people)
    ]
    found = search(*several, length=length, count=5, span=span)

    def quarters(free: FreeTime) -> set[int]:
        return {q for lo, hi in free.free for q in range(lo, hi, 900)}

    for each in found:
        needed = set(range(seconds(each.time.start), seconds(each.time.end), 900))
        away = tuple(free.person_id for free in several if not needed <= quarters(free))
        assert each.missing == away
    assert all(
        not one.time.overlaps(other.time) for one in found for other in found if one is not other
    )
    assert len({len(each.missing) for each in found}) <= 1
    assert all(each.time.length == timedelta(minutes=length) for each in found)
