from datetime import timedelta

import pytest

from builders.times import at, minutes
from scheduling.policy import Policy
from scheduling.sessions.deadlines import (
    heads_deadline,
    nudge_time,
    offer_deadline,
    question_deadline,
)

NOW = at("2030-01-07 09:00")
HOURS = [
    pytest.param("2030-01-08 09:00", "2030-01-07 21:00", id="half of a day"),
    pytest.param("2030-02-07 09:00", "2030-01-11 09:00", id="at most four days"),
    pytest.param("2030-01-07 09:20", "2030-01-07 09:15", id="at least a quarter of an hour"),
    pytest.param("2030-01-07 09:10", "2030-01-07 09:10", id="never after the first candidate"),
    pytest.param("2030-01-14 15:00", "2030-01-10 15:00", id="at the candidate's time of day"),
    pytest.param("2030-01-08 15:00", "2030-01-07 15:00", id="a day before"),
    pytest.param("2030-01-07 10:15", "2030-01-07 09:37", id="in whole minutes"),
]


@pytest.mark.parametrize(("first", "deadline"), HOURS)
def test_given_candidates_when_asked_then_about_half_of_the_time_is_left_to_answer(
    first: str, deadline: str
) -> None:
    assert question_deadline(NOW, at(first)) == at(deadline)


def test_given_a_deadline_when_half_of_the_time_is_gone_then_it_is_time_to_nudge() -> None:
    assert nudge_time(NOW, at("2030-01-07 11:00")) == at("2030-01-07 10:00")


@pytest.mark.parametrize(
    ("start", "deadline"),
    [("2030-01-10 16:00", "2030-01-09 16:00"), ("2030-01-07 17:00", "2030-01-07 13:00")],
)
def test_given_a_start_when_heads_are_to_be_counted_then_a_day_before_or_half_way(
    start: str, deadline: str
) -> None:
    assert heads_deadline(NOW, at(start)) == at(deadline)


class TestOffers:
    @pytest.mark.parametrize(
        ("now", "zone", "start", "until"),
        [
            pytest.param("09:00", "UTC", "2030-01-07 17:00", "2030-01-07 09:15", id="by day"),
            pytest.param("09:00", "UTC", "2030-01-10 17:00", "2030-01-07 11:00", id="early"),
            pytest.param("21:50", "UTC", "2030-01-08 17:00", "2030-01-08 08:05", id="at bedtime"),
            pytest.param("23:00", "UTC", "2030-01-08 17:00", "2030-01-08 08:15", id="at night"),
            pytest.param("03:00", "UTC", "2030-01-07 17:00", "2030-01-07 08:15", id="before dawn"),
            pytest.param(
                "09:00", "Asia/Tokyo", "2030-01-07 17:00", "2030-01-07 09:15", id="evening there"
            ),
            pytest.param(
                "14:00", "Asia/Tokyo", "2030-01-08 12:00", "2030-01-07 23:15", id="night there"
            ),
            pytest.param("23:00", "UTC", "2030-01-08 07:00", "2030-01-08 07:00", id="the start"),
        ],
    )
    def test_given_a_freed_seat_when_offered_then_only_waking_time_counts(
        self, now: str, zone: str, start: str, until: str
    ) -> None:
        found = offer_deadline(Policy(), at(f"2030-01-07 {now}"), at(start), zone)
        assert found == at(until)

    def test_given_two_hours_at_nine_in_the_evening_when_offered_then_they_go_on_next_morning(
        self,
    ) -> None:
        start = at("2030-01-20 17:00")
        until = offer_deadline(Policy(), at("2030-01-07 21:00"), start, "UTC")
        assert until == at("2030-01-08 09:00")

    def test_given_a_short_night_of_a_spring_gap_when_offered_then_the_clock_on_the_wall_counts(
        self,
    ) -> None:
        night = at("2030-03-30 23:00", "Europe/Berlin")
        until = offer_deadline(Policy(), night, night + timedelta(hours=20), "Europe/Berlin")
        assert until == at("2030-03-31 08:00", "Europe/Berlin") + minutes(15)

    def test_given_no_zone_when_offered_then_it_is_read_in_utc(self) -> None:
        assert offer_deadline(Policy(), NOW, NOW + timedelta(hours=5), None) == NOW + minutes(15)
