from dataclasses import replace
from datetime import timedelta

import pytest

from bots.callback_data import encode
from builders.sessions import (
    ANA,
    BO,
    CEM,
    CHANNEL,
    DIA,
    ELI,
    FAY,
    GROUP,
    GUS,
    TEAM,
    a_poll,
    an_open_session,
    moment,
    settled,
)
from scheduling.ids import NotificationId
from scheduling.messages import Action, ChatMessage, LocalTime
from scheduling.moments import seconds
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Person
from scheduling.ports import Links
from scheduling.sessions.model import SessionDetails, SessionStatus
from wording.notifications import compose, wants_file

NOW = moment("2026-11-24 10:00")
KINDS = [k for k in NotificationKind if k.name.startswith(("SESSION_", "SEAT_"))]


class _Links:
    def deep_link(self, payload: str) -> str:
        return f"https://t.me/pianobot?start={payload}"


LINKS: Links = _Links()


def told(
    kind: NotificationKind,
    session: SessionDetails,
    reader: Person = BO,
    *,
    now: str = "2026-11-24 10:00",
    thread: bool = False,
    **payload: str | int,
) -> ChatMessage:
    notification = Notification(
        organization_id=reader.organization_id,
        id=NotificationId("n"),
        kind=kind,
        person_id=reader.id,
        dedupe_key="key",
        due_at=NOW,
        chat=CHANNEL if thread else None,
        session_id=session.session.id,
        payload=payload,
    )
    return compose(
        notification, session.booking, reader, now=moment(now), links=LINKS, session=session
    )


def labels(message: ChatMessage) -> list[str]:
    return [button.label for row in message.rows for button in row]


class TestThread:
    def test_given_the_last_vote_when_told_then_it_reads_as_in_the_script(self) -> None:
        session = settled(a_poll(), "A", *TEAM)

        message = told(NotificationKind.SESSION_SETTLED, session, thread=True, how="votes")

        assert message.text == (
            "Settled by the last vote: Tue 1 Dec, 10:00 Berlin. I remind this thread 10 min before."
        )
        assert [p for p in message.parts if isinstance(p, LocalTime)]

    def test_given_the_deadline_or_bo_when_told_then_it_says_so(self) -> None:
        session = settled(a_poll(), "A", *TEAM)

        by_votes = told(NotificationKind.SESSION_SETTLED, session, thread=True, how="deadline")
        by_bo = told(
            NotificationKind.SESSION_SETTLED,
            session,
            thread=True,
            how="organizer",
            by=BO.id,
            by_name=BO.name,
        )

        assert by_votes.text.startswith("Settled with most votes: Tue 1 Dec")
        assert by_bo.text.startswith("Bo settled it: Tue 1 Dec")

    def test_given_ten_minutes_left_when_reminded_then_the_time_left_is_told(self) -> None:
        session = settled(a_poll(), "A", *TEAM)

        on_time = told(
            NotificationKind.SESSION_REMINDER, session, now="2026-12-01 09:50", thread=True
        )
        late = told(NotificationKind.SESSION_REMINDER, session, now="2026-12-01 09:56", thread=True)

        assert on_time.text == "In 10 minutes · Retro · Tue 1 Dec, 10:00 Berlin"
        assert late.text.startswith("In 4 minutes · Retro")

    def test_given_it_is_called_off_when_told_then_time_and_reason_are_there(self) -> None:
        session = an_open_session(DIA, status=SessionStatus.CALLED_OFF)

        few = told(
            NotificationKind.SESSION_CALLED_OFF,
            session,
            thread=True,
            reason="too_few",
            came=1,
            wanted=2,
        )
        ill = told(NotificationKind.SESSION_CALLED_OFF, session, thread=True, reason="I am ill")

        assert few.text == (
            "Called off: Thu 26 Nov, 16:00 Berlin · Portfolio hour. 1 of 2 came together."
        )
        assert ill.text.endswith('Bo called it off. "I am ill"')

    @pytest.mark.parametrize(
        "session", [a_poll(status=SessionStatus.CALLED_OFF), an_open_session(DIA)]
    )
    def test_given_an_admin_called_it_off_when_told_then_it_is_not_said_of_the_organizer(
        self, session: SessionDetails
    ) -> None:
        message = told(
            NotificationKind.SESSION_CALLED_OFF, session, thread=True, by=ANA.id, by_name=ANA.name
        )

        assert f"{ANA.first_name} called" in message.text

    def test_given_the_thread_when_settled_then_the_calendar_file_goes_with_it(self) -> None:
        for kind in KINDS:
            n = Notification(
                organization_id=BO.organization_id,
                id=NotificationId("n"),
                kind=kind,
                person_id=BO.id,
                dedupe_key="key",
                due_at=NOW,
                chat=CHANNEL,
            )
            assert wants_file(n) is (kind is NotificationKind.SESSION_SETTLED)


class TestOnePerson:
    def test_given_a_silent_member_when_nudged_then_one_tap_answers(self) -> None:
        message = told(NotificationKind.SESSION_NUDGE, a_poll(), ELI)

        assert message.text == "Retro needs your answer by Fri 27 Nov, 11:00."
        assert labels(message) == ["All work for me", "Choose", "None works"]

    def test_given_no_time_for_all_when_bo_is_told_then_there_are_ways_on(self) -> None:
        votes = "bo:A=y,C=y ana:A=n,C=y cem:A=y,C=y dia:C=m eli:C=y fay:C=n"
        poll = a_poll(votes=votes, status=SessionStatus.UNSETTLED)

        message = told(NotificationKind.SESSION_UNSETTLED, poll)

        assert message.text == (
            "Retro: no time works for all six. C (Thu 3 Dec, 11:00) works for five, not for Fay. "
        )
        assert labels(message) == ["Take C", "Take A", "Take B", "Ask with new times", "Call off"]

    def test_given_an_offer_when_told_then_it_is_theirs_until_then(self) -> None:
        session = an_open_session(DIA, ELI, CEM, FAY, waiting=(GUS,))

        message = told(
            NotificationKind.SEAT_OFFERED,
            session,
            GUS,
            seat="abcdefghjkmn",
            until=seconds(moment("2026-11-24 11:15")),
        )

        assert message.text == (
            "A seat is free: Thu 26 Nov, 16:00 · Portfolio hour. Yours alone until 11:15."
        )
        assert labels(message) == ["Take it", "Pass"]
        assert [b.argument for b in message.rows[0] if isinstance(b, Action)] == [
            "tabcdefghjkmn",
            "pabcdefghjkmn",
        ]

    def test_given_an_offer_that_ended_when_told_then_they_still_wait(self) -> None:
        session = an_open_session(DIA, ELI, CEM, FAY, waiting=(GUS,))
        until = seconds(moment("2026-11-24 11:15"))

        lapsed = told(NotificationKind.SEAT_LAPSED, session, GUS, seat="x", until=until)
        to_all = told(NotificationKind.SEAT_LAPSED, session, GUS, seat="x", until=until, open=1)

        assert lapsed.text == "It went to the next in line at 11:15. You are still waiting."
        assert labels(lapsed) == ["Stop waiting"]
        assert labels(to_all) == ["Join", "Stop waiting"]

    def test_given_somebody_waits_when_told_then_their_place_is_said(self) -> None:
        session = an_open_session(DIA, ELI, CEM, FAY, waiting=(GUS,))

        first = told(NotificationKind.SEAT_WAITING, session, GUS, place=1)
        third = told(NotificationKind.SEAT_WAITING, session, GUS, place=3)

        assert first.text == "You are next in line. I write to you when a seat is yours."
        assert third.text.startswith("You are number 3 in line.")

    def test_given_a_closed_channel_when_bo_is_told_then_inviting_us_is_one_line(self) -> None:
        about = NotificationKind.SESSION_POSTED.value

        slack = told(NotificationKind.NOT_REACHED, a_poll(), about=about)
        telegram = told(NotificationKind.NOT_REACHED, a_poll(group=GROUP), about=about)

        assert "Type /invite @slotbook there, then tap again." in slack.text
        assert "Add me to the group" in telegram.text
        assert labels(slack) == labels(telegram) == ["Try again", "Call off"]


class TestEvery:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("reader", [BO, ANA, DIA])
    @pytest.mark.parametrize("thread", [False, True])
    @pytest.mark.parametrize(
        "session",
        [
            a_poll(),
            a_poll(status=SessionStatus.UNSETTLED),
            a_poll(status=SessionStatus.CALLED_OFF),
            settled(a_poll(), "B", ANA),
            an_open_session(DIA),
            an_open_session(DIA, status=SessionStatus.CALLED_OFF, reason="too_few 1"),
        ],
        ids=["asking", "unsettled", "no-more", "on", "open", "off"],
    )
    def test_given_any_kind_and_state_then_it_can_be_said_and_its_buttons_fit(
        self, kind: NotificationKind, reader: Person, thread: bool, session: SessionDetails
    ) -> None:
        session = replace(session, session=replace(session.session, version=9999))
        until = seconds(NOW + timedelta(minutes=15))

        message = told(kind, session, reader, thread=thread, seat="abcdefghjkmn", until=until)

        assert message.text.strip()
        assert all(row for row in message.rows)
        for row in message.rows:
            for button in row:
                assert not isinstance(button, Action) or encode(button)
