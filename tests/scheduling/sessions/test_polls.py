"""A crew agrees on a time: asked, voted, settled (R7, S4)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders.people import acting
from builders.times import at, between
from crew import Crew, moment
from scheduling.errors import (
    InputRefused,
    InThePast,
    NotAllowed,
    NotOrganizer,
    SessionChanged,
    SlotTaken,
    TooManyHolds,
    UndoGone,
)
from scheduling.model import BookingStatus, Listing, SeatStatus
from scheduling.people import Role
from scheduling.sessions.commands import CastVotes
from scheduling.sessions.model import Answer, SessionStatus


class TestAsking:
    async def test_given_people_and_times_when_asked_then_the_card_is_owed_to_the_channel(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.asks([ana, cem], "15:00", "10:00")

        read = await crew.read(session)
        assert read == session
        assert read.status is SessionStatus.ASKING
        assert [(o.letter, o.time.start) for o in read.options] == [
            ("A", moment("10:00")),
            ("B", moment("15:00")),
        ]
        assert [member.person_id for member in read.members] == [crew.bo.id, ana.id, cem.id]
        assert not any(member.hours_known for member in read.members)
        assert {v.person_id for v in read.votes} == {crew.bo.id}
        assert await crew.world.told() == [("Bo Lind", "session_posted")]
        assert await crew.chats("session_posted") == ["C1"]

    async def test_given_the_same_request_when_asked_again_then_there_is_one_question(
        self, crew: Crew
    ) -> None:
        (ana,) = await crew.people("Ana")
        first = await crew.asks([ana], "10:00", request_id="r")
        assert await crew.asks([ana], "10:00", request_id="r") == first
        assert len(await crew.world.told()) == 1

    async def test_given_a_deadline_when_it_is_not_named_then_half_of_the_time_is_left(
        self, crew: Crew
    ) -> None:
        (ana,) = await crew.people("Ana")
        session = await crew.asks([ana], "10:00", "15:00")
        assert session.decide_by == at("2030-01-08 10:00")

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
        self, crew: Crew, starts: list[str], more: dict[str, Any], field: str
    ) -> None:
        (ana,) = await crew.people("Ana")
        before = await crew.world.fingerprint()
        with pytest.raises(InputRefused) as refused:
            await crew.asks([ana], *starts, **more)
        assert refused.value.field == field
        assert await crew.world.fingerprint() == before

    async def test_given_nobody_or_a_crowd_when_asked_then_it_is_refused(self, crew: Crew) -> None:
        with pytest.raises(InputRefused):
            await crew.asks([crew.bo], "10:00")
        crowd = await crew.people(*(f"P{n}" for n in range(20)))
        with pytest.raises(InputRefused):
            await crew.asks(crowd, "10:00")

    async def test_given_many_open_questions_when_asking_more_then_it_is_refused(
        self, crew: Crew
    ) -> None:
        (ana,) = await crew.people("Ana")
        starts = [f"{10 + n}:00" for n in range(8)]
        asked = [await crew.asks([ana], *starts) for _ in range(8)]
        with pytest.raises(TooManyHolds):
            await crew.asks([ana], "10:00")
        await crew.calls_off(crew.bo, asked[0])
        await crew.asks([ana], "10:00")

    async def test_given_a_time_gone_by_when_asked_then_it_is_refused(self, crew: Crew) -> None:
        (ana,) = await crew.people("Ana")
        with pytest.raises(InThePast):
            await crew.asks([ana], "2030-01-07 08:00")

    async def test_given_a_member_booked_then_when_asked_then_the_candidate_says_so(
        self, crew: Crew
    ) -> None:
        lesson = await crew.world.offers()
        (ana,) = await crew.people("Ana")
        await crew.world.books(ana, lesson, "2030-01-09 10:00")
        session = await crew.asks([ana], "10:30", "12:00")
        assert [option.missing for option in session.options] == [(ana.id,), ()]


class TestVoting:
    async def test_given_a_time_that_all_can_make_when_the_last_vote_comes_then_it_is_on(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.asks([ana, cem], "10:00", "15:00")
        await crew.posted_card(session)
        await crew.world.forgets_news()

        assert (await crew.votes(ana, session, "Ay Bn")).status is SessionStatus.ASKING
        settled = await crew.votes(cem, session, "Am By")

        assert settled.status is SessionStatus.ON
        assert settled == await crew.read(session)
        booking = await crew.booking(session)
        assert booking.status is BookingStatus.CONFIRMED
        assert booking.host_id == crew.bo.id
        assert booking.time.start == moment("10:00")
        assert await crew.seats(session) == {"Ana": "accepted", "Cem": "accepted"}
        kind = await crew.world.write(lambda tx: tx.event_types.get(booking.event_type_id))
        assert kind.listing is Listing.OFF
        assert await crew.world.told() == [
            ("Bo Lind", "session_settled"),
            ("Bo Lind", "session_reminder"),
        ]
        assert await crew.chats("session_settled") == ["C1#1700.1"]
        (thread,) = await crew.world.planned("session_reminder")
        assert thread.due == moment("09:50")
        reminders = await crew.world.told("reminder")
        assert {person for person, _ in reminders} == {"Ana", "Bo Lind", "Cem"}
        person = await crew.world.database.queries.person(crew.bo.organization_id, crew.bo.id)
        assert not person.is_coach

    async def test_given_a_vote_when_cast_again_then_the_newest_counts(self, crew: Crew) -> None:
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.asks([ana, cem], "10:00")
        await crew.votes(ana, session, "An")
        once = await crew.votes(ana, session, "Am", request_id="again")
        assert await crew.votes(ana, session, "Ay", request_id="again") == once
        option = once.options[0]
        assert once.answer_of(ana.id, option.id) is Answer.IF_NEED_BE
        assert once.silent == (cem.id,)
        assert once.version == session.version

    async def test_given_somebody_who_was_not_asked_when_voting_then_it_is_refused(
        self, crew: Crew
    ) -> None:
        ana, eve = await crew.people("Ana", "Eve")
        session = await crew.asks([ana], "10:00")
        with pytest.raises(NotAllowed):
            await crew.votes(eve, session, "Ay")

    async def test_given_a_settled_poll_when_voted_on_then_it_tells_how_it_stands(
        self, crew: Crew
    ) -> None:
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.asks([ana, cem], "10:00")
        await crew.settles(crew.bo, session, "A")
        with pytest.raises(SessionChanged) as changed:
            await crew.votes(ana, session, "Ay")
        assert changed.value.session.status is SessionStatus.ON

    async def test_given_times_asked_anew_when_an_old_candidate_is_voted_on_then_it_is_refused(
        self, crew: Crew
    ) -> None:
        (ana,) = await crew.people("Ana")
        session = await crew.asks([ana], "10:00")
        old = session.options[0].id
        await crew.adds(session, "12:00", instead=True)
        with pytest.raises(SessionChanged):
            await crew.service.vote(
                CastVotes(
                    actor=acting(ana),
                    session_id=session.id,
                    answers=((old, Answer.YES),),
                    request_id=crew.world.request(),
                )
            )

    async def test_given_the_organizer_booked_meanwhile_when_all_can_then_another_time_is_taken(
        self, crew: Crew
    ) -> None:
        (ana,) = await crew.people("Ana")
        session = await crew.asks([ana], "10:00", "15:00")
        await crew.opens("10:30")
        settled = await crew.votes(ana, session, "Ay By")
        booking = await crew.booking(settled)
        assert booking.time.start == moment("15:00")

    async def test_given_a_coach_booked_meanwhile_when_all_can_then_it_is_not_settled(
        self, crew: Crew
    ) -> None:
        coach = crew.world.host
        (ana,) = await crew.people("Ana")
        session = await crew.asks([coach, ana], "10:00")
        await crew.opens("10:00", by=coach)
        await crew.votes(coach, session, "Ay")
        open_still = await crew.votes(ana, session, "Ay")
        assert open_still.status is SessionStatus.ASKING
        assert open_still.options[0].missing == (coach.id,)


class TestSettling:
    async def test_given_a_question_when_the_organizer_takes_one_then_whoever_can_is_in(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        ana, cem, dia = await crew.people("Ana", "Cem", "Dia")
        session = await crew.asks([ana, cem, dia], "10:00", "15:00")
        await crew.votes(ana, session, "Ay Bm")
        await crew.votes(cem, session, "An Bm")
        settled = await crew.settles(crew.bo, session, "B", seen_version=session.version)
        assert settled.status is SessionStatus.ON
        assert await crew.seats(session) == {"Ana": "accepted", "Cem": "accepted"}
        (news,) = await crew.world.planned("session_settled")
        assert (news.payload["how"], news.payload["by_name"]) == ("organizer", "Bo Lind")

    async def test_given_somebody_else_when_settling_then_it_is_refused_but_an_admin_may(
        self, crew: Crew
    ) -> None:
        (ana,) = await crew.people("Ana")
        boss = await crew.world.person("Eva", roles=frozenset({Role.ADMIN}))
        session = await crew.asks([ana], "10:00")
        with pytest.raises(NotOrganizer) as refused:
            await crew.settles(ana, session, "A")
        assert refused.value.organizer_id == crew.bo.id
        assert (await crew.settles(boss, session, "A")).status is SessionStatus.ON

    async def test_given_an_old_button_when_settling_then_it_is_refused(self, crew: Crew) -> None:
        (ana,) = await crew.people("Ana")
        session = await crew.asks([ana], "10:00")
        await crew.adds(session, "12:00")
        with pytest.raises(SessionChanged):
            await crew.settles(crew.bo, session, "A", seen_version=session.version)

    async def test_given_the_organizer_busy_when_settling_then_it_is_refused_with_other_times(
        self, crew: Crew
    ) -> None:
        (ana,) = await crew.people("Ana")
        session = await crew.asks([ana], "10:00", "15:00")
        await crew.opens("10:00")
        before = await crew.world.fingerprint()
        with pytest.raises(SlotTaken) as refused:
            await crew.settles(crew.bo, session, "A")
        assert refused.value.alternatives == (moment("15:00"),)
        assert await crew.world.fingerprint() == before


class TestDeadline:
    async def test_given_votes_when_the_deadline_passes_then_most_yes_wins(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        ana, cem, dia = await crew.people("Ana", "Cem", "Dia")
        session = await crew.asks([ana, cem, dia], "10:00", "15:00")
        await crew.votes(ana, session, "Ay By")
        await crew.votes(cem, session, "An By")
        assert session.decide_by
        crew.world.clock.set(session.decide_by)
        assert await crew.service.keep_up() > 0
        assert await crew.service.keep_up() == 0
        booking = await crew.booking(session)
        assert booking.time.start == moment("15:00")
        (news,) = await crew.world.planned("session_settled")
        assert news.payload["how"] == "deadline"

    async def test_given_a_hosts_no_when_the_deadline_passes_then_it_is_unsettled(
        self, crew: Crew
    ) -> None:
        coach = crew.world.host
        (ana,) = await crew.people("Ana")
        session = await crew.asks([coach, ana], "10:00")
        await crew.votes(ana, session, "Ay")
        await crew.votes(coach, session, "An")
        crew.world.clock.set(session.decide_by or moment("10:00"))
        await crew.world.forgets_news()
        await crew.service.keep_up()
        assert (await crew.read(session)).status is SessionStatus.UNSETTLED
        assert await crew.world.told() == [("Bo Lind", "session_unsettled")]
        assert await crew.chats("session_unsettled") == [None]

        taken = await crew.settles(crew.bo, session, "A")
        assert taken.status is SessionStatus.ON

    async def test_given_nobody_answers_when_the_deadline_passes_then_it_is_unsettled(
        self, crew: Crew
    ) -> None:
        (ana,) = await crew.people("Ana")
        session = await crew.asks([ana], "10:00")
        crew.world.clock.set(session.decide_by or moment("10:00"))
        await crew.service.keep_up()
        unsettled = await crew.read(session)
        assert unsettled.status is SessionStatus.UNSETTLED

        asked = await crew.adds(unsettled, "2030-01-10 10:00", instead=True)
        assert asked.status is SessionStatus.ASKING
        assert [option.letter for option in asked.options] == ["A"]
        assert asked.silent == (ana.id,)

    async def test_given_a_late_vote_when_it_comes_before_the_tick_then_the_deadline_decides(
        self, crew: Crew
    ) -> None:
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.asks([ana, cem], "10:00", "15:00")
        await crew.votes(ana, session, "Ay Bn")
        crew.world.clock.set(session.decide_by or moment("10:00"))
        with pytest.raises(SessionChanged) as changed:
            await crew.votes(cem, session, "An By")
        assert changed.value.session.status is SessionStatus.ON
        assert (await crew.booking(session)).time.start == moment("10:00")
        assert await crew.seats(session) == {"Ana": "accepted"}

    async def test_given_silence_when_half_of_the_time_is_gone_then_each_is_nudged_once(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.asks([ana, cem], "10:00")
        await crew.votes(ana, session, "An")
        await crew.world.forgets_news()
        half = (
            session.created_at + ((session.decide_by or moment("10:00")) - session.created_at) / 2
        )
        crew.world.clock.set(half - timedelta(seconds=1))
        await crew.service.keep_up()
        assert await crew.world.told() == []
        crew.world.clock.set(half)
        for _ in range(3):
            await crew.service.keep_up()
        assert await crew.world.told() == [("Cem", "session_nudge")]

    async def test_given_a_member_booked_meanwhile_when_kept_up_then_the_candidate_shows_it(
        self, crew: Crew
    ) -> None:
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.asks([ana], "10:00", "15:00")
        await crew.service.keep_up()
        other = await crew.opens("10:00", by=cem)
        await crew.joins(ana, other)
        crew.world.clock.advance(timedelta(seconds=20))
        await crew.service.keep_up()
        read = await crew.read(session)
        assert [option.missing for option in read.options] == [(ana.id,), ()]
        assert read.version == session.version


class TestEnding:
    async def test_given_a_question_when_called_off_then_its_times_are_free(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        (ana,) = await crew.people("Ana")
        session = await crew.asks([ana], "10:00")
        await crew.world.forgets_news()
        ended = await crew.calls_off(crew.bo, session, reason="Strike")
        assert ended.status is SessionStatus.CALLED_OFF
        assert await crew.chats("session_called_off") == ["C1"]
        soft = await crew.world.write(
            lambda tx: tx.sessions.soft_busy(
                [ana.id], between("2030-01-09 00:00", "2030-01-10 00:00")
            )
        )
        assert soft.get(ana.id, []) == []
        with pytest.raises(SessionChanged):
            await crew.calls_off(crew.bo, session)

    async def test_given_a_slip_when_undone_within_a_minute_then_it_is_gone_without_a_word(
        self, crew: Crew
    ) -> None:
        (ana,) = await crew.people("Ana")
        session = await crew.asks([ana], "10:00")
        await crew.world.forgets_news()
        crew.world.clock.advance(timedelta(seconds=59))
        undone = await crew.undoes(crew.bo, session)
        assert undone.status is SessionStatus.CALLED_OFF
        assert await crew.world.told() == []

    async def test_given_an_answer_or_a_minute_when_undone_then_it_is_too_late(
        self, crew: Crew
    ) -> None:
        ana, cem = await crew.people("Ana", "Cem")
        voted, late = await crew.asks([ana, cem], "10:00"), await crew.asks([ana], "12:00")
        await crew.votes(ana, voted, "Am")
        with pytest.raises(UndoGone):
            await crew.undoes(crew.bo, voted)
        crew.world.clock.advance(timedelta(minutes=1))
        with pytest.raises(UndoGone):
            await crew.undoes(crew.bo, late)

    async def test_given_a_settled_session_when_called_off_then_each_attendee_and_the_thread_hear(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        ana, cem = await crew.people("Ana", "Cem")
        session = await crew.asks([ana, cem], "10:00")
        await crew.votes(ana, session, "Ay")
        await crew.votes(cem, session, "Ay")
        await crew.world.forgets_news()
        await crew.calls_off(crew.bo, session)
        assert await crew.world.told() == [
            ("Ana", "session_called_off"),
            ("Bo Lind", "session_called_off"),
            ("Cem", "session_called_off"),
        ]
        assert sorted(map(str, await crew.chats("session_called_off"))) == ["C1", "None", "None"]
        booking = await crew.booking(session)
        assert booking.status is BookingStatus.CANCELLED
        assert all(seat.status is SeatStatus.CANCELLED for seat in booking.seats)

    async def test_given_a_settled_session_when_its_host_cancels_the_booking_then_it_is_off(
        self, both_crew: Crew
    ) -> None:
        crew = both_crew
        (ana,) = await crew.people("Ana")
        session = await crew.asks([ana], "10:00")
        await crew.votes(ana, session, "Ay")
        booking = await crew.booking(session)
        await crew.world.cancels(crew.bo, booking)
        assert (await crew.read(session)).status is SessionStatus.CALLED_OFF

        await crew.world.undoes(crew.bo, booking)

        assert (await crew.read(session)).status is SessionStatus.ON
        assert await crew.world.told("session_called_off") == []
        assert len(await crew.world.told("session_reminder")) == 1
        assert await crew.seats(session) == {"Ana": "accepted"}

    async def test_given_a_coachs_session_when_types_are_listed_then_only_those_they_offer(
        self, crew: Crew
    ) -> None:
        coach, lesson = crew.world.host, await crew.world.offers()
        await crew.opens("10:00", by=coach)
        types = await crew.world.hosting.event_types(acting(coach))
        assert [kind.id for kind in types] == [lesson.id]


async def test_given_a_group_that_moved_when_followed_then_open_sessions_are_posted_there(
    crew: Crew,
) -> None:
    ana, cem = await crew.people("Ana", "Cem")
    asked, opened = await crew.asks([ana, cem], "10:00"), await crew.opens("15:00")
    gone, over = await crew.asks([ana], "12:00"), await crew.opens("2030-01-07 10:00")
    await crew.calls_off(crew.bo, gone)
    crew.world.clock.set(at("2030-01-07 11:00"))
    await crew.posted_card(asked)
    await crew.world.forgets_news()
    for _ in range(2):
        await crew.service.move_group(asked.organization_id, asked.group, "C2")
    moved = replace(asked.group, chat_id="C2")
    assert (await crew.read(asked)).group == (await crew.read(opened)).group == moved
    assert (await crew.read(asked)).card is None
    assert (await crew.read(over)).group == asked.group
    assert sorted(map(str, await crew.chats("session_posted"))) == ["C2", "C2"]
