"""A crew looks for a time: asked, voted (R7, S4)."""

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
    SessionChanged,
    TooManyHolds,
)
from scheduling.model import BookingStatus, Listing
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
