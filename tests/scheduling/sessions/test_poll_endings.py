"""How polls end: taken by the organizer, by the deadline, called off, taken back (R7)."""

from datetime import timedelta

import pytest

from builders.people import acting
from builders.times import between
from crew import Crew, moment
from scheduling.errors import (
    NotOrganizer,
    SessionChanged,
    SlotTaken,
    UndoGone,
)
from scheduling.model import BookingStatus, SeatStatus
from scheduling.people import Role
from scheduling.sessions.model import SessionStatus


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
