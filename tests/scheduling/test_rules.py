from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.scheduling import (
    HOST,
    a_day_book,
    a_group,
    a_schedule,
    a_time_off,
    an_event_type,
    an_opening,
)
from builders.times import at, between, hours
from scheduling.daybook import DayBook
from scheduling.errors import (
    AlreadyIn,
    BeyondHorizon,
    CapReached,
    InThePast,
    NoticeTooShort,
    OutsideAvailability,
    OwnTime,
    SlotRefused,
    SlotTaken,
    TooManyBookings,
)
from scheduling.moments import from_seconds, seconds
from scheduling.rules import list_slots, refusal

MONDAY = "2030-01-07"
TUESDAY = "2030-01-08"


def listed(book: DayBook, day: str) -> list[str]:
    """Return the listed starts of a UTC day as times."""
    found = [from_seconds(start) for start in list_slots(book)]
    return [f"{start:%H:%M}" for start in found if f"{start:%Y-%m-%d}" == day]


def why(book: DayBook, start: str) -> type[SlotRefused] | None:
    objection = refusal(book, at(start))
    return type(objection) if objection else None


class TestOrder:
    def test_given_a_start_with_every_fault_when_refused_then_the_past_is_named_first(
        self,
    ) -> None:
        kind = an_event_type(minimum_notice=timedelta(hours=2))
        book = a_day_book(now=f"{MONDAY} 12:00", kind=kind, asker=HOST, since=f"{MONDAY} 00:00")

        assert why(book, f"{MONDAY} 11:00") is InThePast
        assert why(book, f"{MONDAY} 13:00") is NoticeTooShort
        assert why(book, f"{MONDAY} 14:30") is OutsideAvailability
        assert why(book, f"{MONDAY} 14:00") is OwnTime

    def test_given_a_waived_rule_when_asked_then_the_others_still_object(self) -> None:
        kind = an_event_type(minimum_notice=timedelta(hours=2))
        book = a_day_book(now=f"{MONDAY} 12:00", kind=kind)

        objection = refusal(book, at(f"{MONDAY} 13:30"), waiving={"enough_notice"})

        assert isinstance(objection, OutsideAvailability)
        assert refusal(book, at(f"{MONDAY} 13:00"), waiving={"enough_notice"}) is None


class TestTime:
    def test_given_now_when_a_start_is_now_then_it_is_past(self) -> None:
        book = a_day_book(now=f"{MONDAY} 10:00")

        assert why(book, f"{MONDAY} 10:00") is InThePast
        assert listed(book, MONDAY)[0] == "11:00"

    def test_given_two_hours_notice_when_the_start_is_just_that_far_then_it_is_free(self) -> None:
        kind = an_event_type(minimum_notice=timedelta(hours=2))

        assert why(a_day_book(now=f"{MONDAY} 08:00", kind=kind), f"{MONDAY} 10:00") is None
        late = a_day_book(now=f"{MONDAY} 08:00:00.000001", kind=kind)
        assert why(late, f"{MONDAY} 10:00") is NoticeTooShort
        assert listed(late, MONDAY)[0] == "11:00"

    def test_given_a_horizon_when_the_start_lies_beyond_then_it_is_refused(self) -> None:
        kind = an_event_type(horizon=timedelta(days=1))
        book = a_day_book(now=f"{MONDAY} 10:00", kind=kind)

        assert why(book, f"{TUESDAY} 10:00") is None
        assert why(book, f"{TUESDAY} 11:00") is BeyondHorizon
        assert listed(book, TUESDAY) == ["09:00", "10:00"]

    def test_given_a_start_between_seconds_when_asked_then_it_is_on_no_grid(self) -> None:
        start = at(f"{MONDAY} 10:00") + timedelta(microseconds=1)

        assert isinstance(refusal(a_day_book(), start), OutsideAvailability)


class TestHours:
    def test_given_hours_when_listed_then_each_stretch_has_its_own_grid(self) -> None:
        book = a_day_book(a_schedule("9-12, 13:30-16"))

        assert listed(book, MONDAY) == ["09:00", "10:00", "11:00", "13:30", "14:30"]

    def test_given_an_opening_when_listed_then_its_grid_is_united_with_the_hours(self) -> None:
        opening = an_opening(between(f"{MONDAY} 10:30", f"{MONDAY} 12:30"))
        book = a_day_book(a_schedule("9-11"), openings=[opening])

        assert listed(book, MONDAY) == ["09:00", "10:00", "10:30", "11:30"]

    def test_given_time_off_when_listed_then_no_session_touches_it(self) -> None:
        off = a_time_off(between(f"{MONDAY} 10:30", f"{MONDAY} 13:00"))
        book = a_day_book(time_off=[off])

        assert listed(book, MONDAY) == ["09:00", "13:00", "14:00", "15:00", "16:00"]
        assert why(book, f"{MONDAY} 10:00") is OutsideAvailability

    def test_given_an_opening_added_later_when_listed_then_it_wins_over_time_off(self) -> None:
        off = a_time_off(between(f"{MONDAY} 00:00", f"{TUESDAY} 00:00"))
        later = an_opening(
            between(f"{MONDAY} 13:00", f"{MONDAY} 15:00"), created="2030-01-02 00:00"
        )
        earlier = an_opening(
            between(f"{MONDAY} 18:00", f"{MONDAY} 20:00"), created="2029-12-01 00:00"
        )

        book = a_day_book(time_off=[off], openings=[earlier, later])

        assert listed(book, MONDAY) == ["13:00", "14:00"]

    def test_given_hours_that_expire_when_listed_then_the_last_day_is_the_last(self) -> None:
        book = a_day_book(expires_on=date(2030, 1, 8))

        assert listed(book, TUESDAY)
        assert listed(book, "2030-01-09") == []

    def test_given_a_session_longer_than_the_hours_when_listed_then_there_is_none(self) -> None:
        book = a_day_book(a_schedule("9-10"), kind=an_event_type(duration=timedelta(minutes=61)))

        assert list_slots(book) == []


class TestBusy:
    def test_given_a_booking_when_listed_then_touching_it_is_free(self) -> None:
        book = a_day_book(busy=[(f"{MONDAY} 11:00", f"{MONDAY} 12:00")])

        assert why(book, f"{MONDAY} 10:00") is None
        assert why(book, f"{MONDAY} 11:00") is SlotTaken
        assert why(book, f"{MONDAY} 12:00") is None

    def test_given_buffers_when_listed_then_occupied_spans_may_only_touch(self) -> None:
        kind = an_event_type(
            step=timedelta(minutes=15),
            buffer_before=timedelta(minutes=15),
            buffer_after=timedelta(minutes=30),
        )
        book = a_day_book(kind=kind, busy=[(f"{MONDAY} 12:00", f"{MONDAY} 13:00")])

        around = [t for t in listed(book, MONDAY) if "10:00" <= t <= "14:00"]
        assert around == ["10:00", "10:15", "10:30", "13:15", "13:30", "13:45", "14:00"]


class TestPeople:
    def test_given_the_host_when_they_book_themselves_then_nothing_is_free(self) -> None:
        book = a_day_book(asker=HOST)

        assert list_slots(book) == []
        assert why(book, f"{MONDAY} 10:00") is OwnTime

    def test_given_as_many_bookings_as_allowed_when_one_more_is_asked_then_it_is_refused(
        self,
    ) -> None:
        full, room = a_day_book(coming=3, limit=3), a_day_book(coming=2, limit=3)

        assert (why(full, f"{MONDAY} 10:00"), list_slots(full)) == (TooManyBookings, [])
        assert why(room, f"{MONDAY} 10:00") is None
        assert why(a_day_book(coming=3, limit=3, moving=True), f"{MONDAY} 10:00") is None


class TestCaps:
    def test_given_a_full_day_when_listed_then_it_is_closed_in_the_hosts_zone(self) -> None:
        kind = an_event_type(cap_per_day=1)
        auckland = a_schedule("9-17", zone="Pacific/Auckland")
        book = a_day_book(
            auckland,
            kind=kind,
            host_zone="Pacific/Auckland",
            starts=[("2030-01-08 20:00", kind)],  # Wednesday 9 a.m. there
        )

        refused = refusal(book, at("2030-01-09 03:00"))

        assert isinstance(refused, CapReached)
        assert (refused.per, refused.cap) == ("day", 1)
        assert why(book, "2030-01-09 20:00") is None
        wednesday = (at("2030-01-08 11:00"), at("2030-01-09 11:00"))
        assert not [s for s in list_slots(book) if wednesday[0] <= from_seconds(s) < wednesday[1]]

    def test_given_a_full_week_when_listed_then_it_ends_on_sunday(self) -> None:
        kind = an_event_type(cap_per_week=2)
        starts = [("2030-01-07 09:00", kind), ("2030-01-09 09:00", kind)]
        book = a_day_book(kind=kind, starts=starts)

        refused = refusal(book, at("2030-01-13 16:00"))

        assert isinstance(refused, CapReached)
        assert refused.per == "week"
        assert why(book, "2030-01-14 09:00") is None

    def test_given_caps_of_host_and_type_when_counted_then_each_counts_its_own(self) -> None:
        kind, other = an_event_type(cap_per_day=2), an_event_type()
        starts = [(f"{MONDAY} 09:00", kind), (f"{MONDAY} 10:00", other)]

        assert why(a_day_book(kind=kind, starts=starts), f"{MONDAY} 12:00") is None
        host_full = a_day_book(kind=kind, starts=starts, host_cap_per_day=2)
        assert why(host_full, f"{MONDAY} 12:00") is CapReached


class TestGroups:
    def test_given_a_group_with_a_seat_when_listed_then_its_start_is_free_and_nothing_around(
        self,
    ) -> None:
        kind = an_event_type(capacity=3, step=timedelta(minutes=30))
        book = a_day_book(kind=kind, groups=[a_group(f"{MONDAY} 11:00", used=2, capacity=3)])

        assert "11:00" in listed(book, MONDAY)
        assert why(book, f"{MONDAY} 11:30") is SlotTaken
        assert why(book, f"{MONDAY} 10:30") is SlotTaken
        assert why(book, f"{MONDAY} 12:00") is None

    def test_given_a_full_group_when_asked_then_it_is_taken(self) -> None:
        kind = an_event_type(capacity=2)
        book = a_day_book(kind=kind, groups=[a_group(f"{MONDAY} 11:00", used=2, capacity=2)])

        assert why(book, f"{MONDAY} 11:00") is SlotTaken
        assert "11:00" not in listed(book, MONDAY)

    def test_given_a_group_off_the_hours_and_over_the_cap_when_joined_then_it_takes_place(
        self,
    ) -> None:
        kind = an_event_type(capacity=3, cap_per_day=1)
        group = a_group(f"{MONDAY} 20:15", used=1, capacity=3)
        book = a_day_book(kind=kind, groups=[group], starts=[(f"{MONDAY} 20:15", kind)])

        assert listed(book, MONDAY) == ["20:15"]
        assert why(book, f"{MONDAY} 20:15") is None

    def test_given_a_seat_of_ones_own_when_asked_again_then_it_is_named(self) -> None:
        group = a_group(f"{MONDAY} 11:00", used=1, capacity=3, asker_in=True)
        book = a_day_book(kind=an_event_type(capacity=3), groups=[group])

        refused = refusal(book, at(f"{MONDAY} 11:00"))

        assert isinstance(refused, AlreadyIn)
        assert refused.booking_id == group.booking_id
        assert "11:00" not in listed(book, MONDAY)

    def test_given_a_move_when_a_group_takes_place_then_it_cannot_be_joined(self) -> None:
        group = a_group(f"{MONDAY} 11:00", used=1, capacity=3)
        book = a_day_book(kind=an_event_type(capacity=3), groups=[group], moving=True)

        assert why(book, f"{MONDAY} 11:00") is SlotTaken


TEXTS = ["9-12, 13-17", "0-24", "22-26", "8:15-9:45", "6-7, 7:30-11, 20-24"]
QUARTERS = st.integers(0, 6 * 96)


@st.composite
def day_books(draw: st.DrawFn) -> DayBook:
    """A week of somebody's time with everything that can stand in the way of it."""
    zone = draw(st.sampled_from(["UTC", "America/New_York", "Pacific/Chatham"]))
    first = draw(st.sampled_from(["2030-03-08", "2030-01-07", "2030-09-27"]))
    midnight = at(f"{first} 00:00")

    def moment(quarter: int) -> datetime:
        return midnight + timedelta(minutes=15 * quarter)

    def spans(most: int) -> list[tuple[str, str]]:
        begins = draw(st.lists(QUARTERS, max_size=most, unique=True).map(sorted))
        return [
            (f"{moment(begin):%Y-%m-%d %H:%M}", f"{moment(begin + 3):%Y-%m-%d %H:%M}")
            for begin, following in pairwise([*begins, 10_000])
            if following - begin >= 3
        ]

    kind = an_event_type(
        duration=timedelta(minutes=draw(st.sampled_from([15, 30, 60, 100]))),
        step=timedelta(minutes=draw(st.sampled_from([15, 30, 50]))),
        buffer_before=timedelta(minutes=draw(st.sampled_from([0, 10, 30]))),
        buffer_after=timedelta(minutes=draw(st.sampled_from([0, 5]))),
        minimum_notice=timedelta(hours=draw(st.sampled_from([0, 5]))),
        horizon=timedelta(days=draw(st.sampled_from([2, 60]))),
        capacity=draw(st.sampled_from([1, 3])),
        cap_per_day=draw(st.sampled_from([None, 1])),
        cap_per_week=draw(st.sampled_from([None, 2])),
    )
    week = dict.fromkeys(
        draw(st.sets(st.integers(0, 6), min_size=3)), hours(draw(st.sampled_from(TEXTS)))
    )
    busy = spans(6)
    groups = [a_group(start, used=draw(st.integers(1, 3)), capacity=3) for start, _ in busy[:2]]
    return a_day_book(
        a_schedule(week, zone=zone),
        now=f"{first} 0{draw(st.integers(0, 9))}:07:30",
        days=6,
        since=f"{first} 00:00",
        kind=kind,
        openings=[an_opening(between(*span), created="2030-01-02 00:00") for span in spans(2)],
        time_off=[
            a_time_off(between(*span), created=draw(st.sampled_from(["2030-01-01", "2030-01-03"])))
            for span in spans(3)
        ],
        busy=busy[2:],
        groups=groups if kind.capacity > 1 else [],
        starts=[(start, kind) for start, _ in busy],
        host_zone=zone,
    )


@given(day_books())
def test_given_any_day_book_when_listed_then_exactly_what_is_not_refused_is_listed(
    book: DayBook,
) -> None:
    listed_starts = list_slots(book)

    every_quarter = range(book.within[0], book.within[1], 15 * 60)
    every_five_by_grid = range(book.within[0], book.within[1], 5 * 60)
    tried = sorted({*every_quarter, *every_five_by_grid, *listed_starts})
    assert listed_starts == [s for s in tried if refusal(book, from_seconds(s)) is None]


def test_given_a_full_book_when_listed_then_seconds_are_whole() -> None:
    assert all(isinstance(start, int) for start in list_slots(a_day_book()))
    assert list_slots(a_day_book())[0] == seconds(at(f"{MONDAY} 09:00"))


@pytest.mark.parametrize("step", [15, 20, 60])
def test_given_a_step_when_listed_then_starts_are_that_far_apart(step: int) -> None:
    kind = an_event_type(step=timedelta(minutes=step), duration=timedelta(minutes=15))

    starts = list_slots(a_day_book(a_schedule("9-10"), kind=kind, days=1))

    assert [start - starts[0] for start in starts] == list(range(0, 3600, step * 60))
