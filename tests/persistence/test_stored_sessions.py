"""Sessions as rows: what comes back, what is due, and what keeps whom softly busy."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from builders.people import a_card
from builders.scheduling import an_event_type
from builders.sessions import (
    ANA,
    ASKED_AT,
    BO,
    CEM,
    CHANNEL,
    DIA,
    GUS,
    TEAM,
    a_poll,
    an_open_session,
    moment,
    settled,
)
from builders.stored import Stored
from builders.times import between
from persistence.database import Database
from scheduling.errors import NotFound
from scheduling.hours import Calendar, TimeOff
from scheduling.ids import (
    AttendanceId,
    BookingId,
    OptionId,
    SessionId,
    TimeOffId,
)
from scheduling.model import Attendance, SeatStatus
from scheduling.people import Person
from scheduling.ports import Transaction
from scheduling.sessions.model import Answer, Session, SessionDetails, SessionStatus, Vote

EVERYBODY = (BO, *TEAM, GUS)
RETRO, HOUR = SessionId("retro"), SessionId("portfolio")
WEEK = between("2026-11-30 00:00", "2026-12-05 00:00")
NOW = ASKED_AT


@pytest.fixture
async def stored(database: Database) -> Stored:
    """A database with Bo and the team."""
    there = Stored(database)

    def put(tx: Transaction) -> None:
        for person in EVERYBODY:
            tx.people.add(person)

    await there.write(put)
    return there


async def asked(stored: Stored, details: SessionDetails) -> Session:
    """Store a session, with its booking if it has one."""

    def put(tx: Transaction) -> None:
        if details.booking is not None:
            booking, kind = details.booking.booking, details.booking.event_type
            tx.hours.add_calendar(Calendar(kind.calendar_id, BO.id, "Bo's"))
            kind = replace(kind, id=booking.event_type_id)
            tx.event_types.add(kind)
            tx.bookings.add(booking)
            tx.bookings.claim(booking, booking.time, None)
        tx.sessions.add(details.session)

    await stored.write(put)
    return details.session


async def read(stored: Stored, session_id: SessionId = RETRO) -> SessionDetails:
    return await stored.database.sessions.session(stored.organization, session_id)


class TestRoundTrip:
    async def test_given_a_poll_when_read_then_it_is_what_was_stored(self, stored: Stored) -> None:
        poll = a_poll(votes="ana:A=y,B=n bo:C=m", missing={"C": (DIA,)})
        await asked(stored, poll)

        inside = await stored.write(lambda tx: tx.sessions.get(RETRO))
        outside = await read(stored)

        assert inside == outside.session == poll.session
        assert outside.organizer == BO
        assert set(outside.people) == set(TEAM)
        assert outside.booking is None

    async def test_given_an_open_session_when_read_then_its_booking_and_line_are_there(
        self, stored: Stored
    ) -> None:
        await asked(stored, an_open_session(ANA, CEM, waiting=(GUS, DIA), seats=2))

        found = await read(stored, HOUR)

        assert found.booking is not None
        assert found.booking.people == (ANA, CEM)
        seats = found.booking.booking.seats
        waiting = [s.person_id for s in seats if s.status is SeatStatus.WAITLISTED]
        assert waiting == [GUS.id, DIA.id]
        assert found.person(GUS.id) == GUS
        by_booking = await stored.database.sessions.session_of_booking(
            stored.organization, BookingId("booking")
        )
        assert by_booking == found

    async def test_given_nothing_when_read_then_it_is_not_found(self, stored: Stored) -> None:
        with pytest.raises(NotFound):
            await read(stored)
        with pytest.raises(NotFound):
            await stored.write(lambda tx: tx.sessions.lock(RETRO))
        nothing = await stored.database.sessions.session_of_booking(
            stored.organization, BookingId("none")
        )
        assert nothing is None

    async def test_given_a_settled_one_when_updated_then_every_field_follows(
        self, stored: Stored
    ) -> None:
        poll = a_poll(votes="ana:A=y,B=n bo:A=y")
        await asked(stored, poll)
        done = settled(poll, "A", ANA)
        assert done.booking is not None
        kept = replace(
            done.session,
            members=(*poll.session.members[1:3], replace(poll.session.members[0], nudged_at=NOW)),
            options=poll.session.options[:1],
            votes=(Vote(OptionId("option-A"), ANA.id, Answer.NO),),
            decide_by=None,
            version=2,
            undo_until=NOW,
        )

        def settle(tx: Transaction) -> None:
            assert done.booking is not None
            kind = done.booking.event_type
            tx.hours.add_calendar(Calendar(kind.calendar_id, BO.id, "Bo's"))
            tx.event_types.add(replace(kind, id=done.booking.booking.event_type_id))
            tx.bookings.add(done.booking.booking)
            tx.sessions.lock(RETRO)
            tx.sessions.update(kept)

        await stored.write(settle)

        assert (await read(stored)).session == kept
        assert await stored.write(lambda tx: tx.sessions.by_booking(BookingId("booking"))) == kept

    async def test_given_a_vote_when_changed_then_only_it_changes_and_the_order_stays(
        self, stored: Stored
    ) -> None:
        poll = a_poll(votes="ana:A=y cem:A=y dia:A=n")
        await asked(stored, poll)
        first, *others = poll.session.votes
        votes = (replace(first, answer=Answer.IF_NEED_BE), *others)

        await stored.write(lambda tx: tx.sessions.update(replace(poll.session, votes=votes)))

        assert (await read(stored)).session.votes == votes


class TestTheCard:
    async def test_given_a_card_sent_while_somebody_votes_when_both_commit_then_both_stand(
        self, stored: Stored
    ) -> None:
        poll = a_poll()
        await asked(stored, poll)
        sessions, card = stored.database.sessions, a_card()
        vote = Vote(OptionId("option-A"), ANA.id, Answer.YES)

        def cast(tx: Transaction) -> None:
            session = tx.sessions.lock(RETRO)
            tx.sessions.update(replace(session, votes=(*session.votes, vote)))

        await asyncio.gather(
            stored.write(cast), sessions.remember_card(stored.organization, RETRO, card)
        )

        found = (await read(stored)).session
        assert (found.card, found.votes) == (card, (vote,))

    async def test_given_a_card_when_taken_off_then_it_is_gone(self, stored: Stored) -> None:
        await asked(stored, a_poll())
        await stored.database.sessions.remember_card(stored.organization, RETRO, a_card())

        def take_off(tx: Transaction) -> None:
            tx.sessions.update(replace(tx.sessions.lock(RETRO), card=None))

        await stored.write(take_off)

        assert (await read(stored)).session.card is None


class TestRaces:
    async def test_given_everybody_at_once_when_they_vote_then_no_vote_is_lost(
        self, stored: Stored
    ) -> None:
        await asked(stored, a_poll())

        def cast(tx: Transaction, person: Person) -> None:
            session = tx.sessions.lock(RETRO)
            votes = tuple(Vote(o.id, person.id, Answer.YES) for o in session.options)
            tx.sessions.update(replace(session, votes=(*session.votes, *votes)))

        await asyncio.gather(
            *(stored.write(partial(cast, person=person)) for person in (BO, *TEAM))
        )

        session = (await read(stored)).session
        assert len(session.votes) == 6 * 3
        assert session.silent == ()

    async def test_given_two_who_settle_when_they_queue_at_the_lock_then_the_second_sees_it(
        self, stored: Stored
    ) -> None:
        await asked(stored, a_poll())

        def settle(tx: Transaction) -> SessionStatus:
            session = tx.sessions.lock(RETRO)
            if session.status is SessionStatus.ASKING:
                tx.sessions.update(replace(session, status=SessionStatus.UNSETTLED))
            return session.status

        seen = await asyncio.gather(*(stored.write(settle) for _ in range(6)))

        assert sorted(seen) == [SessionStatus.ASKING, *[SessionStatus.UNSETTLED] * 5]


class TestDue:
    async def due(self, stored: Stored, at_time: str) -> list[SessionId]:
        now = moment(at_time)
        return await stored.write(lambda tx: tx.sessions.due(now, 10))

    async def test_given_a_deadline_when_reached_then_it_is_due(self, stored: Stored) -> None:
        poll = a_poll(votes="bo:A=y ana:A=y cem:A=y dia:A=y eli:A=y fay:A=y")
        await asked(stored, poll)

        assert await self.due(stored, "2026-11-27 11:59") == []
        assert await self.due(stored, "2026-11-27 12:00") == [RETRO]

    async def test_given_silent_members_when_half_the_time_is_gone_then_it_is_due_once(
        self, stored: Stored
    ) -> None:
        poll = a_poll(votes="bo:A=y ana:A=y cem:A=y dia:A=y eli:A=y")
        await asked(stored, poll)
        before, half = "2026-11-25 22:59", "2026-11-25 23:00"

        assert await self.due(stored, before) == []
        assert await self.due(stored, half) == [RETRO]

        nudged = tuple(replace(each, nudged_at=moment(half)) for each in poll.session.members)
        await stored.write(lambda tx: tx.sessions.update(replace(poll.session, members=nudged)))
        assert await self.due(stored, half) == []

    @pytest.mark.parametrize("status", [SessionStatus.UNSETTLED, SessionStatus.CALLED_OFF])
    async def test_given_one_that_is_over_when_its_time_comes_then_nothing_is_due(
        self, stored: Stored, status: SessionStatus
    ) -> None:
        await asked(stored, a_poll(status=status))

        assert await self.due(stored, "2026-12-24 12:00") == []
        assert await stored.write(lambda tx: tx.sessions.asking(10)) == []

    async def test_given_a_minimum_when_heads_are_to_be_counted_then_it_is_due(
        self, stored: Stored
    ) -> None:
        await asked(stored, an_open_session(ANA))

        assert await self.due(stored, "2026-11-25 15:59") == []
        assert await self.due(stored, "2026-11-25 16:00") == [HOUR]

    async def test_given_polls_when_asked_for_those_open_then_the_sooner_is_first(
        self, stored: Stored
    ) -> None:
        later = a_poll().session
        sooner = replace(
            later,
            id=SessionId("sooner"),
            decide_by=moment("2026-11-26 12:00"),
            options=(),
        )
        await stored.write(lambda tx: tx.sessions.add(later))
        await stored.write(lambda tx: tx.sessions.add(sooner))

        assert await stored.write(lambda tx: tx.sessions.asking(10)) == ["sooner", "retro"]
        assert await stored.write(lambda tx: tx.sessions.asking(1)) == ["sooner"]


OFFER = Attendance(
    AttendanceId("seat-gus"), BookingId("booking"), GUS.id, SeatStatus.OFFERED, expires_at=NOW
)


class TestOffers:
    async def test_given_offers_when_their_time_is_over_then_they_are_found(
        self, stored: Stored
    ) -> None:
        await asked(stored, an_open_session(ANA, waiting=(GUS,), seats=2))

        await stored.write(lambda tx: tx.bookings.put_seat(OFFER))

        early = NOW - timedelta(seconds=1)
        assert await stored.write(lambda tx: tx.sessions.overdue_offers(early, 5)) == []
        assert await stored.write(lambda tx: tx.sessions.overdue_offers(NOW, 5)) == [OFFER]

    async def test_given_an_offer_when_swept_with_the_holds_then_it_is_left_alone(
        self, stored: Stored
    ) -> None:
        await asked(stored, an_open_session(ANA, waiting=(GUS,), seats=2))
        await stored.write(lambda tx: tx.bookings.put_seat(OFFER))

        assert await stored.write(lambda tx: tx.bookings.overdue_seats(NOW, None, 5)) == []


class TestGroups:
    async def test_given_sessions_of_a_group_when_asked_then_those_not_called_off_come(
        self, stored: Stored
    ) -> None:
        poll = a_poll()
        await asked(stored, poll)
        off = replace(
            poll.session, id=SessionId("off"), status=SessionStatus.CALLED_OFF, options=()
        )
        await stored.write(lambda tx: tx.sessions.add(off))

        assert await stored.write(lambda tx: tx.sessions.of_group(CHANNEL)) == [poll.session]
        other = replace(CHANNEL, chat_id="C2")
        assert await stored.write(lambda tx: tx.sessions.of_group(other)) == []


class TestBusy:
    async def test_given_a_poll_when_asked_then_its_times_keep_whom_they_concern(
        self, stored: Stored
    ) -> None:
        poll = a_poll(missing={"B": (ANA,)})
        await asked(stored, poll)
        first, _, third = (option.time for option in poll.session.options)

        inside = await stored.write(lambda tx: tx.sessions.soft_busy([ANA.id, GUS.id], WEEK))
        outside = await stored.database.sessions.soft_busy(
            stored.organization, [ANA.id, GUS.id], WEEK
        )

        assert inside == outside == {ANA.id: [first, third], GUS.id: []}

    async def test_given_a_settled_poll_when_asked_then_it_keeps_nobody(
        self, stored: Stored
    ) -> None:
        await asked(stored, a_poll(status=SessionStatus.UNSETTLED))

        assert await stored.write(lambda tx: tx.sessions.soft_busy([ANA.id], WEEK)) == {ANA.id: []}
        assert await stored.write(lambda tx: tx.sessions.soft_busy([], WEEK)) == {}

    async def test_given_all_that_keeps_people_when_asked_then_it_is_told_by_person(
        self, stored: Stored
    ) -> None:
        hour = an_open_session(ANA, waiting=(GUS,))
        await asked(stored, hour)
        assert hour.booking is not None
        taken = hour.booking.booking.time
        away = between("2026-11-26 08:00", "2026-11-26 09:00")
        off = TimeOff(TimeOffId("off"), CEM.id, away, NOW)
        await stored.write(lambda tx: tx.hours.add_time_off(off))
        day = between("2026-11-26 00:00", "2026-11-27 00:00")
        people = [BO.id, ANA.id, CEM.id, GUS.id]

        inside = await stored.write(lambda tx: tx.sessions.busy_of(people, day, NOW))
        outside = await stored.database.sessions.busy_of(stored.organization, people, day)

        assert inside == {BO.id: [taken], ANA.id: [taken], CEM.id: [], GUS.id: []}
        assert outside == {**inside, CEM.id: [away]}

    async def test_given_a_hold_when_it_is_over_then_it_keeps_nobody(self, stored: Stored) -> None:
        hour = an_open_session(ANA)
        await asked(stored, hour)
        assert hour.booking is not None
        held = Attendance(
            AttendanceId("seat-ana"), BookingId("booking"), ANA.id, SeatStatus.HELD, expires_at=NOW
        )

        def hold(tx: Transaction) -> None:
            tx.bookings.put_seat(held)
            tx.bookings.claim_until(BookingId("booking"), NOW)

        await stored.write(hold)
        day = between("2026-11-26 00:00", "2026-11-27 00:00")

        before = NOW - timedelta(seconds=1)
        taken = hour.booking.booking.time
        both = [BO.id, ANA.id]
        assert await stored.write(lambda tx: tx.sessions.busy_of(both, day, before)) == {
            BO.id: [taken],
            ANA.id: [taken],
        }
        assert await stored.write(lambda tx: tx.sessions.busy_of(both, day, NOW)) == {
            BO.id: [],
            ANA.id: [],
        }


class TestQuestions:
    async def test_given_a_member_without_an_answer_when_asked_then_the_poll_comes(
        self, stored: Stored
    ) -> None:
        await asked(stored, a_poll(votes="ana:A=y"))
        questions = stored.database.sessions.open_questions

        assert await questions(stored.organization, ANA.id) == []
        assert await questions(stored.organization, GUS.id) == []
        (found,) = await questions(stored.organization, CEM.id)
        assert found == await read(stored)


class TestEventTypes:
    async def test_given_a_type_of_a_session_when_the_hosts_types_are_listed_then_it_is_not_there(
        self, stored: Stored
    ) -> None:
        hour = an_open_session(ANA)
        assert hour.booking is not None
        own = hour.booking.booking.event_type_id
        session = replace(hour.session, event_type_id=own)
        await asked(stored, replace(hour, session=session))
        lesson = an_event_type(host_id=BO.id, title="1:1")
        await stored.write(lambda tx: tx.event_types.add(lesson))

        found = await stored.write(lambda tx: tx.event_types.of_host(BO.id))

        assert found == [lesson]
