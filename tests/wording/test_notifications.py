"""Every notification, on both sides, as the conversations say it."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from bots.callback_data import encode
from builders.people import a_person
from builders.scheduling import a_booking, a_seat, an_event_type
from builders.times import at
from scheduling.ids import DEFAULT_ORGANIZATION, NotificationId, PersonId
from scheduling.messages import Action, ChatMessage
from scheduling.model import BookingDetails, BookingStatus, SeatStatus
from scheduling.moments import Interval, seconds
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Person
from wording.notifications import compose, wants_file, wants_free_near

NOW = at("2026-11-23 09:02")
MIA = a_person("Mia Costa", id="mia", zone="Europe/Lisbon")
ANA = a_person("Ana Ruiz", id="ana", zone="Europe/Berlin")
LESSON = an_event_type(host_id=ANA.id, video="https://meet.example/ana-mia")
TUESDAY = Interval(at("2026-11-24 15:00"), at("2026-11-24 16:00"))
THURSDAY = Interval(at("2026-11-26 15:00"), at("2026-11-26 16:00"))
NEAR = tuple(at(f"2026-11-26 {hour}:00") for hour in ("14", "13", "12"))


class NoLinks:
    """Links that no message here needs."""

    def deep_link(self, payload: str) -> str:
        return f"https://t.me/pianobot?start={payload}"


def the_lesson(
    time: Interval = TUESDAY,
    *,
    status: BookingStatus = BookingStatus.CONFIRMED,
    answers: tuple[tuple[str, str], ...] = (),
    met: int = 0,
    **changes: object,
) -> BookingDetails:
    """Return Mia's lesson with Ana."""
    booking = a_booking(
        time=time,
        status=status,
        host_id=ANA.id,
        event_type_id=LESSON.id,
        video=LESSON.video,
        **changes,
    )
    pending = status is BookingStatus.PENDING
    seat = a_seat(
        booking.id,
        person_id=MIA.id,
        answers=answers,
        status=SeatStatus.PENDING if pending else SeatStatus.ACCEPTED,
    )
    return BookingDetails(replace(booking, seats=(seat,)), LESSON, ANA, (MIA,), met)


def told(
    kind: NotificationKind,
    reader: Person,
    details: BookingDetails | None,
    *,
    by: Person | None = None,
    now: datetime = NOW,
    near: tuple[datetime, ...] = (),
    **facts: str | int,
) -> ChatMessage:
    """Return what the reader is told."""
    return compose(
        a_notification(kind, reader, by, **facts),
        details,
        reader,
        now=now,
        links=NoLinks(),
        free_near=near,
    )


def a_notification(
    kind: NotificationKind, reader: Person, by: Person | None = None, **facts: str | int
) -> Notification:
    act: dict[str, str | int] = dict(facts)
    if by:
        act |= {"by": by.id, "by_name": by.name, "by_host": int(by.id == ANA.id)}
    return Notification(
        organization_id=DEFAULT_ORGANIZATION,
        id=NotificationId("n"),
        kind=kind,
        person_id=PersonId(reader.id),
        dedupe_key="key",
        due_at=NOW,
        payload=act,
    )


def labels(message: ChatMessage) -> list[list[str]]:
    return [[button.label for button in row] for row in message.rows]


class TestTheScript:
    def test_given_a_request_then_ana_reads_who_what_and_until_when(self) -> None:
        asked = the_lesson(
            THURSDAY,
            status=BookingStatus.PENDING,
            answers=(("wish", "I'd like to finish the Satie."),),
            met=2,
            expires_at=at("2026-11-24 09:02"),
        )

        message = told(NotificationKind.PENDING, ANA, asked, by=MIA)

        assert message.text == (
            "Thu 26 Nov, 16:00-17:00 · Mia Costa asks for Piano lesson.\n"
            '"I\'d like to finish the Satie."\n'
            "2 lessons so far. Nothing else that hour.\n"
            "Answer by Tue 24 Nov, 10:02, or it goes."
        )
        assert labels(message) == [["Approve", "Decline", "Message Mia"]]

    def test_given_a_yes_then_both_know(self) -> None:
        agreed = the_lesson(THURSDAY)
        until = seconds(NOW + timedelta(minutes=1))

        anas = told(NotificationKind.APPROVED, ANA, agreed, by=ANA, undo_until=until)
        mias = told(NotificationKind.APPROVED, MIA, agreed, by=ANA)

        assert anas.text == "Approved. Thu 26 Nov, 16:00 · Mia knows."
        assert labels(anas)[0] == ["Undo"]
        assert mias.text.startswith("Ana said yes. Thu 26 Nov, 15:00-16:00 Lisbon")

    def test_given_a_no_then_mia_gets_its_reason_and_three_times(self) -> None:
        declined = the_lesson(THURSDAY, status=BookingStatus.DECLINED)

        message = told(
            NotificationKind.DECLINED,
            MIA,
            declined,
            by=ANA,
            near=NEAR,
            reason="Not free after all.",
        )

        assert message.text == (
            'Thu 26 Nov, 15:00 does not work for Ana. "Not free after all." Free near it:'
        )
        assert labels(message) == [["Thu 14:00", "Thu 13:00", "Thu 12:00"], ["Days"]]

    def test_given_no_answer_in_time_then_both_are_told(self) -> None:
        over = the_lesson(THURSDAY, status=BookingStatus.EXPIRED)

        mias = told(NotificationKind.EXPIRED, MIA, over, near=NEAR, names="Mia Costa")
        anas = told(NotificationKind.EXPIRED, ANA, over, names="Mia Costa")

        assert mias.text.startswith("Ana did not answer in time, so Thu 26 Nov, 15:00 is free")
        assert anas.text.startswith("Thu 26 Nov, 16:00 is free again: Mia's request")

    def test_given_ana_waits_then_mia_reads_it(self) -> None:
        message = told(NotificationKind.HOST_WAITS, MIA, the_lesson(), by=ANA)

        assert message.text == "Ana waits for you."

    def test_given_mia_left_and_has_no_seat_then_ana_still_reads_her_name(self) -> None:
        gone = replace(the_lesson(status=BookingStatus.CANCELLED), people=())

        message = told(NotificationKind.CANCELLED, ANA, gone, by=MIA, reason="I am ill")

        assert message.text == 'Cancelled: Tue 24 Nov, 16:00 · Mia Costa, Piano lesson. "I am ill"'

    def test_given_a_reminder_without_video_then_nothing_to_join_is_offered(self) -> None:
        details = the_lesson()
        details = replace(details, booking=replace(details.booking, video=None))

        message = told(NotificationKind.REMINDER, MIA, details, now=at("2026-11-24 14:00"))

        assert message.text == "In 1 hour, 15:00 · Piano lesson with Ana"
        assert labels(message) == [["Running late", "Can't come"]]

    def test_given_markup_in_a_note_then_it_is_somebodys_words(self) -> None:
        message = told(NotificationKind.NOTE, ANA, the_lesson(), by=MIA, text="<a href=x>hi")

        assert message.text.endswith("\n<a href=x>hi")
        assert message.parts[-1].__class__.__name__ == "Quote"

    def test_given_hours_that_end_then_the_coach_is_told_the_day(self) -> None:
        message = told(NotificationKind.HOURS_EXPIRING, ANA, None, until="2026-12-20")

        assert message.text == "Your hours end on Sun 20 Dec. From then on nobody can book you."

    def test_given_somebody_who_would_coach_then_an_admin_decides_by_button(self) -> None:
        message = told(NotificationKind.COACH_ASKED, ANA, None, person="leo", name="Leo Brandt")

        assert message.text == "Leo Brandt would like to offer time here."
        assert [button.subject for row in message.rows for button in row] == ["leo", "leo"]  # type: ignore[union-attr]

    def test_given_the_other_side_was_not_reached_then_the_host_reads_about_what(self) -> None:
        message = told(
            NotificationKind.NOT_REACHED, ANA, the_lesson(), name="Mia Costa", about="moved"
        )

        assert message.text == (
            "I could not reach Mia Costa about Tue 24 Nov, 16:00: the new time did not arrive."
        )


OF_SESSIONS = {
    kind
    for kind in NotificationKind
    if kind.name.startswith(("SESSION_", "SEAT_"))  # see test_session_news.py
}


class TestEveryKind:
    @pytest.mark.parametrize(
        ("kind", "reader", "by", "status"),
        [
            (kind, reader, by, status)
            for kind, reader, by, status in product(
                sorted(set(NotificationKind) - OF_SESSIONS),
                (MIA, ANA),
                (MIA, ANA, None),
                BookingStatus,
            )
        ],
    )
    def test_given_any_kind_side_and_state_then_it_can_be_said_and_its_buttons_fit(
        self, kind: NotificationKind, reader: Person, by: Person | None, status: BookingStatus
    ) -> None:
        details = the_lesson(status=status, expires_at=at("2026-11-23 20:00"))

        if kind in NO_BOOKING:
            until = "2026-12-20"
            message = told(
                kind, reader, None, until=until, person="leo", name="Leo", platform="slack"
            )
        else:
            message = told(kind, reader, details, by=by, near=NEAR)

        assert message.text.strip()
        assert all(row for row in message.rows)
        for row in message.rows:
            for button in row:
                assert not isinstance(button, Action) or encode(button)


NO_BOOKING = {
    NotificationKind.HOURS_EXPIRING,
    NotificationKind.COACH_ASKED,
    NotificationKind.COACH_APPROVED,
    NotificationKind.COACH_DECLINED,
    NotificationKind.CONNECTED,
}


class TestWhatGoesWithIt:
    @pytest.mark.parametrize(
        ("kind", "reader", "by", "file"),
        [
            (NotificationKind.BOOKED, MIA, MIA, True),
            (NotificationKind.BOOKED, ANA, MIA, False),
            (NotificationKind.PENDING, MIA, MIA, False),
            (NotificationKind.APPROVED, MIA, ANA, True),
            (NotificationKind.APPROVED, ANA, ANA, False),
            (NotificationKind.MOVED, MIA, ANA, True),
            (NotificationKind.CANCELLED, MIA, MIA, True),
            (NotificationKind.CANCELLED, ANA, MIA, False),
            (NotificationKind.REMINDER, MIA, None, False),
        ],
    )
    def test_given_a_change_of_the_plan_then_the_attendee_gets_the_file(
        self, kind: NotificationKind, reader: Person, by: Person | None, file: bool
    ) -> None:
        assert wants_file(a_notification(kind, reader, by)) is file

    @pytest.mark.parametrize(
        ("kind", "reader", "by", "near"),
        [
            (NotificationKind.DECLINED, MIA, ANA, True),
            (NotificationKind.DECLINED, ANA, ANA, False),
            (NotificationKind.CANCELLED, MIA, ANA, True),
            (NotificationKind.CANCELLED, MIA, MIA, False),
            (NotificationKind.HOLD_EXPIRED, MIA, None, True),
            (NotificationKind.BOOKED, MIA, MIA, False),
        ],
    )
    def test_given_a_time_taken_from_somebody_then_others_are_looked_up(
        self, kind: NotificationKind, reader: Person, by: Person | None, near: bool
    ) -> None:
        assert wants_free_near(a_notification(kind, reader, by)) is near
