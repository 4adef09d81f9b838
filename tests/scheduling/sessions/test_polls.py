"""A team agrees on a time: asked, voted, settled (R7, S4)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders.people import acting
from builders.times import at, between
from scheduling.errors import (
    InputRefused,
    InThePast,
    NotAllowed,
    NotOrganizer,
    SessionChanged,
    SlotTaken,
    UndoGone,
)
from scheduling.model import BookingStatus, Listing, SeatStatus
from scheduling.people import Role
from scheduling.sessions.commands import CastVotes
from scheduling.sessions.model import Answer, SessionStatus
from team import Team, moment


class TestAsking:
    async def test_given_people_and_times_when_asked_then_the_card_is_owed_to_the_channel(
        self, both_team: Team
    ) -> None:
        team = both_team
        ana, cem = await team.people("Ana", "Cem")
        session = await team.asks([ana, cem], "15:00", "10:00")

        read = await team.read(session)
        assert read == session
        assert read.status is SessionStatus.ASKING
        assert [(o.letter, o.time.start) for o in read.options] == [
            ("A", moment("10:00")),
            ("B", moment("15:00")),
        ]
        assert [member.person_id for member in read.members] == [team.bo.id, ana.id, cem.id]
        assert not any(member.hours_known for member in read.members)
        assert {v.person_id for v in read.votes} == {team.bo.id}
        assert await team.world.told() == [("Bo Lind", "session_posted")]
        assert await team.chats("session_posted") == ["C1"]

    async def test_given_the_same_request_when_asked_again_then_there_is_one_question(
        self, team: Team
    ) -> None:
        (ana,) = await team.people("Ana")
        first = await team.asks([ana], "10:00", request_id="r")
        assert await team.asks([ana], "10:00", request_id="r") == first
        assert len(await team.world.told()) == 1

    async def test_given_a_deadline_when_it_is_not_named_then_half_of_the_time_is_left(
        self, team: Team
    ) -> None:
        (ana,) = await team.people("Ana")
        session = await team.asks([ana], "10:00", "15:00")
        assert session.decide_by == at("2030-01-08 09:30")

    @pytest.mark.parametrize(
        ("starts", "more", "field"),
        [
            ([], {}, "times"),
            ([f"{10 + n}:00" for n in range(9)], {}, "times"),
            (["10:00"], {"title": " "}, "title"),
            (["10:00"], {"duration": timedelta(minutes=1)}, "duration"),
            ([], {"times": (between("2030-01-09 10:00", "2030-01-09 10:30"),)}, "times"),
            (["10:00"], {"decide_by": at("2030-01-07 08:00")}, "deadline"),
        ],
    )
    async def test_given_what_cannot_be_when_asked_then_it_is_refused_by_name(
        self, team: Team, starts: list[str], more: dict[str, Any], field: str
    ) -> None:
        (ana,) = await team.people("Ana")
        before = await team.world.fingerprint()
        with pytest.raises(InputRefused) as refused:
            await team.asks([ana], *starts, **more)
        assert refused.value.field == field
        assert await team.world.fingerprint() == before

    async def test_given_nobody_or_a_crowd_when_asked_then_it_is_refused(self, team: Team) -> None:
        with pytest.raises(InputRefused):
            await team.asks([team.bo], "10:00")
        crowd = await team.people(*(f"P{n}" for n in range(20)))
        with pytest.raises(InputRefused):
            await team.asks(crowd, "10:00")

    async def test_given_a_time_gone_by_when_asked_then_it_is_refused(self, team: Team) -> None:
        (ana,) = await team.people("Ana")
        with pytest.raises(InThePast):
            await team.asks([ana], "2030-01-07 08:00")

    async def test_given_a_member_booked_then_when_asked_then_the_candidate_says_so(
        self, team: Team
    ) -> None:
        lesson = await team.world.offers()
        (ana,) = await team.people("Ana")
        await team.world.books(ana, lesson, "2030-01-09 10:00")
        session = await team.asks([ana], "10:30", "12:00")
        assert [option.missing for option in session.options] == [(ana.id,), ()]


class TestVoting:
    async def test_given_a_time_that_all_can_make_when_the_last_vote_comes_then_it_is_on(
        self, both_team: Team
    ) -> None:
        team = both_team
        ana, cem = await team.people("Ana", "Cem")
        session = await team.asks([ana, cem], "10:00", "15:00")
        await team.posted_card(session)
        await team.world.forgets_news()

        assert (await team.votes(ana, session, "Ay Bn")).status is SessionStatus.ASKING
        settled = await team.votes(cem, session, "Am By")

        assert settled.status is SessionStatus.ON
        assert settled == await team.read(session)
        booking = await team.booking(session)
        assert booking.status is BookingStatus.CONFIRMED
        assert booking.host_id == team.bo.id
        assert booking.time.start == moment("10:00")
        assert await team.seats(session) == {"Ana": "accepted", "Cem": "accepted"}
        kind = await team.world.write(lambda tx: tx.event_types.get(booking.event_type_id))
        assert kind.listing is Listing.OFF
        assert await team.world.told() == [
            ("Bo Lind", "session_settled"),
            ("Bo Lind", "session_reminder"),
        ]
        assert await team.chats("session_settled") == ["C1#1700.1"]
        (thread,) = await team.world.planned("session_reminder")
        assert thread.due == moment("09:50")
        reminders = await team.world.told("reminder")
        assert {person for person, _ in reminders} == {"Ana", "Bo Lind", "Cem"}
        person = await team.world.database.queries.person(team.bo.organization_id, team.bo.id)
        assert not person.is_coach

    async def test_given_a_vote_when_cast_again_then_the_newest_counts(self, team: Team) -> None:
        ana, cem = await team.people("Ana", "Cem")
        session = await team.asks([ana, cem], "10:00")
        await team.votes(ana, session, "An")
        once = await team.votes(ana, session, "Am", request_id="again")
        assert await team.votes(ana, session, "Ay", request_id="again") == once
        option = once.options[0]
        assert once.answer_of(ana.id, option.id) is Answer.IF_NEED_BE
        assert once.silent == (cem.id,)
        assert once.version == session.version

    async def test_given_somebody_who_was_not_asked_when_voting_then_it_is_refused(
        self, team: Team
    ) -> None:
        ana, eve = await team.people("Ana", "Eve")
        session = await team.asks([ana], "10:00")
        with pytest.raises(NotAllowed):
            await team.votes(eve, session, "Ay")

    async def test_given_a_settled_poll_when_voted_on_then_it_tells_how_it_stands(
        self, team: Team
    ) -> None:
        ana, cem = await team.people("Ana", "Cem")
        session = await team.asks([ana, cem], "10:00")
        await team.settles(team.bo, session, "A")
        with pytest.raises(SessionChanged) as changed:
            await team.votes(ana, session, "Ay")
        assert changed.value.session.status is SessionStatus.ON

    async def test_given_times_asked_anew_when_an_old_candidate_is_voted_on_then_it_is_refused(
        self, team: Team
    ) -> None:
        (ana,) = await team.people("Ana")
        session = await team.asks([ana], "10:00")
        old = session.options[0].id
        await team.adds(session, "12:00", instead=True)
        with pytest.raises(SessionChanged):
            await team.service.vote(
                CastVotes(
                    actor=acting(ana),
                    session_id=session.id,
                    answers=((old, Answer.YES),),
                    request_id=team.world.request(),
                )
            )

    async def test_given_the_organizer_booked_meanwhile_when_all_can_then_another_time_is_taken(
        self, team: Team
    ) -> None:
        (ana,) = await team.people("Ana")
        session = await team.asks([ana], "10:00", "15:00")
        await team.opens("10:30")
        settled = await team.votes(ana, session, "Ay By")
        booking = await team.booking(settled)
        assert booking.time.start == moment("15:00")

    async def test_given_a_coach_booked_meanwhile_when_all_can_then_it_is_not_settled(
        self, team: Team
    ) -> None:
        coach = team.world.host
        (ana,) = await team.people("Ana")
        session = await team.asks([coach, ana], "10:00")
        await team.opens("10:00", by=coach)
        await team.votes(coach, session, "Ay")
        open_still = await team.votes(ana, session, "Ay")
        assert open_still.status is SessionStatus.ASKING
        assert open_still.options[0].missing == (coach.id,)


class TestSettling:
    async def test_given_a_question_when_the_organizer_takes_one_then_whoever_can_is_in(
        self, both_team: Team
    ) -> None:
        team = both_team
        ana, cem, dia = await team.people("Ana", "Cem", "Dia")
        session = await team.asks([ana, cem, dia], "10:00", "15:00")
        await team.votes(ana, session, "Ay Bm")
        await team.votes(cem, session, "An Bm")
        settled = await team.settles(team.bo, session, "B", seen_version=session.version)
        assert settled.status is SessionStatus.ON
        assert await team.seats(session) == {"Ana": "accepted", "Cem": "accepted"}
        (news,) = await team.world.planned("session_settled")
        assert (news.payload["how"], news.payload["by_name"]) == ("organizer", "Bo Lind")

    async def test_given_somebody_else_when_settling_then_it_is_refused_but_an_admin_may(
        self, team: Team
    ) -> None:
        (ana,) = await team.people("Ana")
        boss = await team.world.person("Eva", roles=frozenset({Role.ADMIN}))
        session = await team.asks([ana], "10:00")
        with pytest.raises(NotOrganizer) as refused:
            await team.settles(ana, session, "A")
        assert refused.value.organizer_id == team.bo.id
        assert (await team.settles(boss, session, "A")).status is SessionStatus.ON

    async def test_given_an_old_button_when_settling_then_it_is_refused(self, team: Team) -> None:
        (ana,) = await team.people("Ana")
        session = await team.asks([ana], "10:00")
        await team.adds(session, "12:00")
        with pytest.raises(SessionChanged):
            await team.settles(team.bo, session, "A", seen_version=session.version)

    async def test_given_the_organizer_busy_when_settling_then_it_is_refused_with_other_times(
        self, team: Team
    ) -> None:
        (ana,) = await team.people("Ana")
        session = await team.asks([ana], "10:00", "15:00")
        await team.opens("10:00")
        before = await team.world.fingerprint()
        with pytest.raises(SlotTaken) as refused:
            await team.settles(team.bo, session, "A")
        assert refused.value.alternatives == (moment("15:00"),)
        assert await team.world.fingerprint() == before


class TestDeadline:
    async def test_given_votes_when_the_deadline_passes_then_most_yes_wins(
        self, both_team: Team
    ) -> None:
        team = both_team
        ana, cem, dia = await team.people("Ana", "Cem", "Dia")
        session = await team.asks([ana, cem, dia], "10:00", "15:00")
        await team.votes(ana, session, "Ay By")
        await team.votes(cem, session, "An By")
        assert session.decide_by
        team.world.clock.set(session.decide_by)
        assert await team.service.keep_up() > 0
        assert await team.service.keep_up() == 0
        booking = await team.booking(session)
        assert booking.time.start == moment("15:00")
        (news,) = await team.world.planned("session_settled")
        assert news.payload["how"] == "deadline"

    async def test_given_a_hosts_no_when_the_deadline_passes_then_it_is_unsettled(
        self, team: Team
    ) -> None:
        coach = team.world.host
        (ana,) = await team.people("Ana")
        session = await team.asks([coach, ana], "10:00")
        await team.votes(ana, session, "Ay")
        await team.votes(coach, session, "An")
        team.world.clock.set(session.decide_by or moment("10:00"))
        await team.world.forgets_news()
        await team.service.keep_up()
        assert (await team.read(session)).status is SessionStatus.UNSETTLED
        assert await team.world.told() == [("Bo Lind", "session_unsettled")]
        assert await team.chats("session_unsettled") == [None]

        taken = await team.settles(team.bo, session, "A")
        assert taken.status is SessionStatus.ON

    async def test_given_nobody_answers_when_the_deadline_passes_then_it_is_unsettled(
        self, team: Team
    ) -> None:
        (ana,) = await team.people("Ana")
        session = await team.asks([ana], "10:00")
        team.world.clock.set(session.decide_by or moment("10:00"))
        await team.service.keep_up()
        unsettled = await team.read(session)
        assert unsettled.status is SessionStatus.UNSETTLED

        asked = await team.adds(unsettled, "2030-01-10 10:00", instead=True)
        assert asked.status is SessionStatus.ASKING
        assert [option.letter for option in asked.options] == ["A"]
        assert asked.silent == (ana.id,)

    async def test_given_a_late_vote_when_it_comes_before_the_tick_then_the_deadline_decides(
        self, team: Team
    ) -> None:
        ana, cem = await team.people("Ana", "Cem")
        session = await team.asks([ana, cem], "10:00", "15:00")
        await team.votes(ana, session, "Ay Bn")
        team.world.clock.set(session.decide_by or moment("10:00"))
        with pytest.raises(SessionChanged) as changed:
            await team.votes(cem, session, "An By")
        assert changed.value.session.status is SessionStatus.ON
        assert (await team.booking(session)).time.start == moment("10:00")
        assert await team.seats(session) == {"Ana": "accepted"}

    async def test_given_silence_when_half_of_the_time_is_gone_then_each_is_nudged_once(
        self, both_team: Team
    ) -> None:
        team = both_team
        ana, cem = await team.people("Ana", "Cem")
        session = await team.asks([ana, cem], "10:00")
        await team.votes(ana, session, "An")
        await team.world.forgets_news()
        half = (
            session.created_at + ((session.decide_by or moment("10:00")) - session.created_at) / 2
        )
        team.world.clock.set(half - timedelta(seconds=1))
        await team.service.keep_up()
        assert await team.world.told() == []
        team.world.clock.set(half)
        for _ in range(3):
            await team.service.keep_up()
        assert await team.world.told() == [("Cem", "session_nudge")]

    async def test_given_a_member_booked_meanwhile_when_kept_up_then_the_candidate_shows_it(
        self, team: Team
    ) -> None:
        ana, cem = await team.people("Ana", "Cem")
        session = await team.asks([ana], "10:00", "15:00")
        await team.service.keep_up()
        other = await team.opens("10:00", by=cem)
        await team.joins(ana, other)
        team.world.clock.advance(timedelta(seconds=20))
        await team.service.keep_up()
        read = await team.read(session)
        assert [option.missing for option in read.options] == [(ana.id,), ()]
        assert read.version == session.version


class TestEnding:
    async def test_given_a_question_when_called_off_then_its_times_are_free(
        self, both_team: Team
    ) -> None:
        team = both_team
        (ana,) = await team.people("Ana")
        session = await team.asks([ana], "10:00")
        await team.world.forgets_news()
        ended = await team.calls_off(team.bo, session, reason="Strike")
        assert ended.status is SessionStatus.CALLED_OFF
        assert await team.chats("session_called_off") == ["C1"]
        soft = await team.world.write(
            lambda tx: tx.sessions.soft_busy(
                [ana.id], between("2030-01-09 00:00", "2030-01-10 00:00")
            )
        )
        assert soft.get(ana.id, []) == []
        with pytest.raises(SessionChanged):
            await team.calls_off(team.bo, session)

    async def test_given_a_slip_when_undone_within_a_minute_then_it_is_gone_without_a_word(
        self, team: Team
    ) -> None:
        (ana,) = await team.people("Ana")
        session = await team.asks([ana], "10:00")
        await team.world.forgets_news()
        team.world.clock.advance(timedelta(seconds=59))
        undone = await team.undoes(team.bo, session)
        assert undone.status is SessionStatus.CALLED_OFF
        assert await team.world.told() == []

    async def test_given_an_answer_or_a_minute_when_undone_then_it_is_too_late(
        self, team: Team
    ) -> None:
        ana, cem = await team.people("Ana", "Cem")
        voted, late = await team.asks([ana, cem], "10:00"), await team.asks([ana], "12:00")
        await team.votes(ana, voted, "Am")
        with pytest.raises(UndoGone):
            await team.undoes(team.bo, voted)
        team.world.clock.advance(timedelta(minutes=1))
        with pytest.raises(UndoGone):
            await team.undoes(team.bo, late)

    async def test_given_a_settled_session_when_called_off_then_each_attendee_and_the_thread_hear(
        self, both_team: Team
    ) -> None:
        team = both_team
        ana, cem = await team.people("Ana", "Cem")
        session = await team.asks([ana, cem], "10:00")
        await team.votes(ana, session, "Ay")
        await team.votes(cem, session, "Ay")
        await team.world.forgets_news()
        await team.calls_off(team.bo, session)
        assert await team.world.told() == [
            ("Ana", "session_called_off"),
            ("Bo Lind", "session_called_off"),
            ("Cem", "session_called_off"),
        ]
        assert sorted(map(str, await team.chats("session_called_off"))) == ["C1", "None", "None"]
        booking = await team.booking(session)
        assert booking.status is BookingStatus.CANCELLED
        assert all(seat.status is SeatStatus.CANCELLED for seat in booking.seats)

    async def test_given_a_settled_session_when_its_host_cancels_the_booking_then_it_is_off(
        self, both_team: Team
    ) -> None:
        team = both_team
        (ana,) = await team.people("Ana")
        session = await team.asks([ana], "10:00")
        await team.votes(ana, session, "Ay")
        booking = await team.booking(session)
        await team.world.cancels(team.bo, booking)
        assert (await team.read(session)).status is SessionStatus.CALLED_OFF

        await team.world.undoes(team.bo, booking)

        assert (await team.read(session)).status is SessionStatus.ON
        assert await team.world.told("session_called_off") == []
        assert len(await team.world.told("session_reminder")) == 1
        assert await team.seats(session) == {"Ana": "accepted"}

    async def test_given_a_coachs_session_when_types_are_listed_then_only_those_they_offer(
        self, team: Team
    ) -> None:
        coach, lesson = team.world.host, await team.world.offers()
        await team.opens("10:00", by=coach)
        types = await team.world.hosting.event_types(acting(coach))
        assert [kind.id for kind in types] == [lesson.id]


async def test_given_a_group_that_moved_when_followed_then_open_sessions_are_posted_there(
    team: Team,
) -> None:
    ana, cem = await team.people("Ana", "Cem")
    asked, opened = await team.asks([ana, cem], "10:00"), await team.opens("15:00")
    gone = await team.asks([ana], "12:00")
    await team.calls_off(team.bo, gone)
    await team.posted_card(asked)
    await team.world.forgets_news()
    for _ in range(2):
        await team.service.move_group(asked.organization_id, asked.group, "C2")
    moved = replace(asked.group, chat_id="C2")
    assert (await team.read(asked)).group == (await team.read(opened)).group == moved
    assert (await team.read(asked)).card is None
    assert sorted(map(str, await team.chats("session_posted"))) == ["C2", "C2"]
