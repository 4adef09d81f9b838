from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.people import a_card, a_person
from builders.scheduling import HOST, STUDENT, a_booking, a_seat, an_event_type
from builders.times import at, between
from scheduling.model import Booking
from scheduling.moments import seconds
from scheduling.notifications import Notification, NotificationKind, Urgency
from scheduling.people import Person, QuietHours
from scheduling.plan import (
    Act,
    before_quiet,
    notifications_for,
    nudge_for_host,
    pending_deadline,
    reminders_for_attendee,
    reminders_for_host,
)
from scheduling.policy import Policy

POLICY = Policy()
NIGHT = QuietHours(22 * 60, 8 * 60)
DAY, HOUR, TEN = timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)


def planned(
    person: Person, booking: Booking | None = None, *, now: str = "2030-01-07 09:00"
) -> list[Notification]:
    booking = booking or a_booking()
    (seat, *_) = booking.seats
    return reminders_for_attendee(
        booking, an_event_type(), person, seat, policy=POLICY, now=at(now)
    )


def leads(notifications: list[Notification]) -> list[int]:
    return [int(notification.payload["lead"]) for notification in notifications]


class TestReminders:
    def test_given_a_booking_far_ahead_when_planned_then_all_three_come_in_order(self) -> None:
        reminders = planned(a_person())

        assert [reminder.due_at for reminder in reminders] == [
            at("2030-01-08 10:00"),
            at("2030-01-09 09:00"),
            at("2030-01-09 09:50"),
        ]
        assert [reminder.payload["index"] for reminder in reminders] == [0, 1, 2]
        assert {reminder.urgency for reminder in reminders} == {Urgency.REMINDER}

    def test_given_reminders_when_the_next_is_due_then_the_one_before_helps_nobody(self) -> None:
        first, second, last = planned(a_person())

        assert first.useful_until == second.due_at
        assert second.useful_until == last.due_at
        assert last.useful_until == at("2030-01-09 10:00")

    def test_given_a_late_booking_when_planned_then_what_is_past_is_skipped(self) -> None:
        assert leads(planned(a_person(), now="2030-01-09 09:40")) == [600]
        assert leads(planned(a_person(), now="2030-01-09 09:50")) == []

    def test_given_own_lead_times_when_planned_then_they_replace_the_types(self) -> None:
        own = a_person(reminders=(timedelta(hours=2),))

        assert leads(planned(own)) == [7200]
        assert leads(planned(a_person(reminders=()))) == []

    def test_given_lead_times_of_the_type_when_planned_then_they_replace_the_settings(
        self,
    ) -> None:
        kind = an_event_type(reminders=(HOUR,))
        booking = a_booking()

        reminders = reminders_for_attendee(
            booking, kind, a_person(), booking.seats[0], policy=POLICY, now=at("2030-01-07 09:00")
        )

        assert leads(reminders) == [3600]

    def test_given_a_host_when_planned_then_only_the_shortest_comes(self) -> None:
        host = a_person(id=HOST)
        now = at("2030-01-07 09:00")

        shortest = reminders_for_host(a_booking(), an_event_type(), host, policy=POLICY, now=now)
        own = reminders_for_host(
            a_booking(),
            an_event_type(),
            a_person(id=HOST, reminders=(DAY, HOUR)),
            policy=POLICY,
            now=now,
        )

        assert (leads(shortest), leads(own)) == ([600], [86_400, 3_600])

    def test_given_another_plan_or_seat_when_planned_then_the_keys_differ(self) -> None:
        booking = a_booking()
        moved = a_booking(id=booking.id, plan_revision=2)
        again = a_booking(id=booking.id, seats=(a_seat(booking.id),))
        person = a_person()

        keys = [
            {reminder.dedupe_key for reminder in planned(person, of)}
            for of in (booking, moved, again)
        ]

        assert {reminder.dedupe_key for reminder in planned(person, booking)} == keys[0]
        assert len(keys[0] | keys[1] | keys[2]) == 9


class TestQuietHours:
    @pytest.mark.parametrize(
        ("due", "moved"),
        [
            ("2030-01-08 21:59", "2030-01-08 21:59"),
            ("2030-01-08 22:00", "2030-01-08 22:00"),
            ("2030-01-08 23:30", "2030-01-08 22:00"),
            ("2030-01-09 07:59", "2030-01-08 22:00"),
            ("2030-01-09 08:00", "2030-01-09 08:00"),
        ],
    )
    def test_given_quiet_nights_when_a_reminder_falls_into_one_then_it_comes_before(
        self, due: str, moved: str
    ) -> None:
        assert before_quiet(at(due), NIGHT, "UTC") == at(moved)

    def test_given_quiet_hours_at_noon_when_a_reminder_falls_into_them_then_it_comes_before(
        self,
    ) -> None:
        siesta = QuietHours(13 * 60, 15 * 60)

        moved = before_quiet(at("2030-01-08 13:30", "Europe/Berlin"), siesta, "Europe/Berlin")

        assert moved == at("2030-01-08 13:00", "Europe/Berlin")

    def test_given_an_early_session_when_planned_then_the_evening_before_has_one_reminder(
        self,
    ) -> None:
        booking = a_booking(time=between("2030-01-09 07:30", "2030-01-09 08:30"))

        reminders = planned(a_person(quiet=NIGHT), booking)

        assert [reminder.due_at for reminder in reminders] == [
            at("2030-01-07 22:00"),
            at("2030-01-08 22:00"),
        ]

    def test_given_quiet_hours_that_began_when_booked_then_nothing_comes_in_them(self) -> None:
        booking = a_booking(time=between("2030-01-09 07:30", "2030-01-09 08:30"))

        assert planned(a_person(quiet=NIGHT), booking, now="2030-01-08 22:30") == []

    @given(
        st.integers(0, 1439),
        st.integers(0, 1439),
        st.datetimes(
            at("2030-03-01 00:00").replace(tzinfo=None), at("2030-04-15 00:00").replace(tzinfo=None)
        ),
    )
    def test_given_any_quiet_hours_when_applied_then_a_reminder_only_ever_comes_earlier(
        self, start: int, end: int, naive: object
    ) -> None:
        due = at(str(naive)[:16])

        moved = before_quiet(due, QuietHours(start, end), "Europe/Berlin")

        assert timedelta() <= due - moved <= timedelta(hours=25)


class TestActs:
    def test_given_an_act_when_told_then_the_actor_gets_an_answer_in_their_card(self) -> None:
        actor, host = a_person(id=STUDENT), a_person("Ana Ruiz", id=HOST)
        act = Act(
            kind=NotificationKind.BOOKED,
            by=actor,
            cause="request",
            now=at("2030-01-07 09:00"),
            card=a_card(),
            undo_until=at("2030-01-07 09:01"),
        )

        own, news = notifications_for(act, a_booking(), [actor, host])

        assert (own.urgency, own.card) == (Urgency.ANSWER, a_card())
        assert (news.urgency, news.card) == (Urgency.NEWS, None)
        assert own.payload["undo_until"] == seconds(at("2030-01-07 09:01"))
        assert "undo_until" not in news.payload
        assert (news.payload["by"], news.payload["by_name"]) == (STUDENT, "Mia Costa")
        assert news.payload["by_host"] == 0
        assert own.dedupe_key != news.dedupe_key

    def test_given_a_note_when_told_then_it_outlives_a_change_of_the_plan(self) -> None:
        actor = a_person(id=STUDENT)
        note = Act(kind=NotificationKind.NOTE, by=actor, cause="r", now=at("2030-01-07 09:00"))

        (told,) = notifications_for(note, a_booking(), [actor])

        assert told.plan_revision is None


class TestDeadline:
    @pytest.mark.parametrize(
        ("start", "deadline"),
        [
            ("2030-01-20 10:00", "2030-01-08 09:00"),  # a day to answer
            ("2030-01-07 15:00", "2030-01-07 13:00"),  # two hours before the start
            ("2030-01-07 11:05", "2030-01-07 09:15"),  # a quarter of an hour at least
            ("2030-01-07 09:10", "2030-01-07 09:10"),  # never after the start
        ],
    )
    def test_given_a_request_when_it_waits_then_it_waits_until(
        self, start: str, deadline: str
    ) -> None:
        assert pending_deadline(POLICY, at(start), at("2030-01-07 09:00")) == at(deadline)

    def test_given_a_short_deadline_when_planned_then_nobody_is_nudged(self) -> None:
        now = at("2030-01-07 09:00")

        (nudge,) = nudge_for_host(a_booking(), now + DAY, policy=POLICY, now=now)

        assert nudge.due_at == at("2030-01-08 05:00")
        assert nudge_for_host(a_booking(), now + HOUR, policy=POLICY, now=now) == []
