"""Two people become one: nothing names the one who has gone."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import ForeignKeyConstraint, Text, select

from builders.people import a_card, a_person, a_recipient, an_account
from builders.scheduling import CALENDAR, HOST, STUDENT, a_booking
from builders.sessions import a_poll
from builders.stored import Stored, a_lesson, a_notification
from builders.times import at, between
from persistence import merging
from persistence.database import Database
from persistence.tables import metadata
from scheduling.errors import SlotTaken
from scheduling.hours import TimeOff
from scheduling.ids import (
    DEFAULT_ORGANIZATION,
    AttendanceId,
    BookingId,
    CalendarId,
    DraftId,
    OptionId,
    PersonId,
    SessionId,
    TimeOffId,
    new_id,
)
from scheduling.model import Attendance, SeatStatus
from scheduling.people import Role
from scheduling.ports import (
    Draft,
    LiveCard,
    SentFile,
    Transaction,
    about_host,
    about_person,
)
from scheduling.sessions.model import Answer, Member, Option, Session, Vote

NOW = at("2030-01-07 09:00")
GONE = PersonId("gone-person")
BOOKING = BookingId("booking")
TIMES = ("2030-12-01 10:00", "2030-12-02 10:00")
HISTORY = {("audit", "subject"), ("audit", "detail"), ("changes", "topic")}
"""What tells of the past, or has just been told."""


def names_a_person(table: str, column: str) -> bool:
    """Say whether a column names a person, by its rule or by its name."""
    named = {"person_id", "owner_id", "host_id", "organizer_id", "actor_id", "used_by"}
    named |= {"cancelled_by"}
    rules = (
        each
        for each in metadata.tables[table].constraints
        if isinstance(each, ForeignKeyConstraint) and each.referred_table.name == "people"
    )
    return column in named or any(column in rule.column_keys for rule in rules)


class TestTheSchema:
    def test_given_every_column_that_names_a_person_when_merged_then_it_is_handled(self) -> None:
        handled = {
            (table.name, column)
            for table, column, *_ in (
                *merging.NAMED,
                *merging.NAMED_ONCE,
                *merging.ORDERED,
                *merging.FORGOTTEN,
            )
        }
        named = {
            (table.name, column.name)
            for table in metadata.sorted_tables
            for column in table.columns
            if column.name != "organization_id" and names_a_person(table.name, column.name)
        }

        assert named <= handled, "persistence/merging.py does not know of these columns"


class TestEverything:
    async def test_given_rows_everywhere_when_merged_then_no_column_holds_the_one_who_has_gone(
        self, database: Database
    ) -> None:
        stored = await everything(database)

        await stored.write(lambda tx: tx.people.merge(HOST, GONE))

        assert await holding(database, GONE) == set()
        assert (await stored.write(lambda tx: tx.people.get(HOST))).roles == {
            Role.COACH,
            Role.ADMIN,
        }

    async def test_given_rows_everywhere_when_counted_then_the_test_had_something_in_each(
        self, database: Database
    ) -> None:
        await everything(database)

        found = await holding(database, GONE)

        expected = {(table.name, column) for table, column, *_ in EXPECTED}
        assert expected <= found

    async def test_given_a_merge_when_asked_then_both_topics_were_touched(
        self, database: Database
    ) -> None:
        stored = await everything(database)
        await stored.write(lambda tx: tx.people.merge(HOST, GONE))

        changes = metadata.tables["changes"]
        topics = {row.topic for row in await database.reader.rows(select(changes.c.topic))}

        assert {about_host(HOST), about_person(HOST), about_person(GONE)} <= topics


class TestConflicts:
    async def test_given_both_busy_as_hosts_when_merged_then_it_is_refused_and_nothing_moves(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.booking(kind)
        await stored.host(GONE, "other")
        other = await stored.event_type(calendar_id=CalendarId("other"), host_id=GONE)
        await stored.booking(other)

        with pytest.raises(SlotTaken):
            await stored.write(lambda tx: tx.people.merge(HOST, GONE))

        await stored.write(lambda tx: tx.people.get(GONE))

    async def test_given_two_seats_in_one_booking_when_merged_then_the_better_one_stays(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database, capacity=3)
        await stored.student(GONE, "Mia C.")
        seats = (
            Attendance(AttendanceId("a"), BOOKING, STUDENT, SeatStatus.WAITLISTED),
            Attendance(AttendanceId("b"), BOOKING, GONE, SeatStatus.ACCEPTED),
        )
        booking = await stored.booking(kind, id=BOOKING, seats=seats)

        await stored.write(lambda tx: tx.people.merge(STUDENT, GONE))

        found = await stored.write(lambda tx: tx.bookings.get(booking.id))
        assert [(s.person_id, s.status) for s in found.seats] == [
            (STUDENT, SeatStatus.CANCELLED),
            (STUDENT, SeatStatus.ACCEPTED),
        ]

    async def test_given_both_in_a_poll_when_merged_then_the_answers_of_who_stays_count(
        self, database: Database
    ) -> None:
        stored = Stored(database)
        poll = a_poll((a_person(id=STUDENT), a_person(id=GONE)), times=TIMES)
        a, b = (option.id for option in poll.session.options)
        votes = (
            Vote(a, STUDENT, Answer.YES),
            Vote(a, GONE, Answer.NO),
            Vote(b, GONE, Answer.IF_NEED_BE),
        )

        def put(tx: Transaction) -> None:
            for person in (STUDENT, GONE, "bo"):
                tx.people.add(a_person(id=person))
            tx.sessions.add(replace(poll.session, votes=votes))

        await stored.write(put)
        await stored.write(lambda tx: tx.people.merge(STUDENT, GONE))

        found = await stored.write(lambda tx: tx.sessions.get(SessionId("retro")))
        assert [member.person_id for member in found.members] == ["bo", STUDENT]
        assert found.votes == (
            Vote(a, STUDENT, Answer.YES),
            Vote(b, STUDENT, Answer.IF_NEED_BE),
        )

    async def test_given_both_have_hours_when_merged_then_those_of_who_stays_come_first(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        await stored.host(GONE, "other")
        other = await stored.event_type(calendar_id=CalendarId("other"), host_id=GONE)

        await stored.write(lambda tx: tx.people.merge(HOST, GONE))

        calendar = await stored.write(lambda tx: tx.hours.default_calendar(HOST))
        assert calendar is not None
        assert calendar.id == CALENDAR
        types = await stored.write(lambda tx: tx.event_types.of_host(HOST))
        assert [each.id for each in types] == [kind.id, other.id]


class TestRaces:
    async def test_given_votes_and_bookings_meanwhile_when_merged_then_all_is_whole_afterwards(
        self, database: Database
    ) -> None:
        stored, kind = await a_lesson(database)
        people = (a_person(id=STUDENT), a_person(id=GONE))
        await stored.write(lambda tx: tx.people.add(people[1]))
        await stored.write(lambda tx: tx.people.add(a_person(id="bo")))
        poll = a_poll(people, times=TIMES)
        await stored.write(lambda tx: tx.sessions.add(poll.session))

        def vote(tx: Transaction, answer: Answer) -> None:
            session = tx.sessions.lock(SessionId("retro"))
            own = Vote(session.options[0].id, STUDENT, answer)
            others = tuple(v for v in session.votes if v.person_id != STUDENT)
            tx.sessions.update(replace(session, votes=(*others, own)))

        def book(tx: Transaction, day: int) -> None:
            tx.lock_hosts([HOST])
            tx.people.get(STUDENT)
            booking = a_booking(
                id=BookingId(f"b{day}"),
                event_type_id=kind.id,
                uid=f"b{day}",
                time=between(f"2030-01-{day} 10:00", f"2030-01-{day} 11:00"),
            )
            tx.bookings.add(booking)
            tx.bookings.claim(booking, booking.time, None)

        await asyncio.gather(
            *(stored.write(partial(vote, answer=answer)) for answer in Answer),
            *(stored.write(partial(book, day=day)) for day in (10, 11, 12)),
            stored.write(lambda tx: tx.people.merge(STUDENT, GONE)),
        )

        assert await holding(database, GONE) == set()
        found = await stored.write(lambda tx: tx.sessions.get(SessionId("retro")))
        assert [vote.person_id for vote in found.votes] == [STUDENT]


EXPECTED = (
    *merging.NAMED,
    *merging.NAMED_ONCE,
    *merging.ORDERED,
    *merging.QUOTED,
    *merging.FORGOTTEN,
)


async def everything(database: Database) -> Stored:
    """Store a row of every kind for the one who will go, as use cases would."""
    stored, kind = await a_lesson(database)
    booking = await stored.booking(kind)
    await stored.host(GONE, "other")
    theirs = await stored.event_type(calendar_id=CalendarId("other"), host_id=GONE)
    seat = Attendance(AttendanceId("seat"), BOOKING, GONE, SeatStatus.ACCEPTED)
    own = await stored.booking(
        theirs, "2030-01-10 10:00", cancelled_by=GONE, id=BOOKING, seats=(seat,)
    )
    person = a_person(id=GONE)

    def put(tx: Transaction) -> None:
        tx.people.grant(GONE, Role.ADMIN)
        tx.people.put_account(an_account(person, last_seen=NOW))
        tx.people.add_invite("invite", NOW + timedelta(days=1))
        tx.people.use_invite("invite", GONE, NOW)
        tx.people.put_feed_token("feed", GONE, NOW)
        tx.people.put_connect_code("code", GONE, NOW)
        tx.hours.add_time_off(
            TimeOff(TimeOffId("off"), GONE, between("2030-02-01 09:00", "2030-02-02 09:00"), NOW)
        )
        tx.undos.put("undo", GONE, f'{{"by": "{GONE}"}}', NOW)
        tx.audit.add(GONE, "booked", booking.id, {})
        tx.outbox.add(a_notification(person_id=GONE, payload={"by": GONE}))
        tx.sessions.add(a_session())

    await stored.write(put)
    organization = stored.organization
    sent = SentFile(a_card(), 0)
    await database.sent_files.remember(organization, own.id, GONE, sent)
    await database.drafts.save(a_draft(), NOW)
    live = LiveCard(
        organization_id=organization,
        card=a_card(),
        kind="home",
        subject=GONE,
        person_id=GONE,
        topics=frozenset({about_host(GONE), about_person(GONE), about_host(HOST)}),
        data={"of": GONE},
    )
    await database.live_cards.watch(live, NOW)
    return stored


def a_session() -> Session:
    option = Option(
        OptionId("option"), "A", between("2030-03-01 09:00", "2030-03-01 10:00"), (GONE,)
    )
    session = a_poll(()).session
    return replace(
        session,
        organizer_id=GONE,
        members=(Member(GONE), Member(STUDENT)),
        options=(option,),
        votes=(Vote(option.id, GONE, Answer.YES),),
    )


def a_draft() -> Draft:
    return Draft(
        organization_id=DEFAULT_ORGANIZATION,
        id=DraftId(new_id()),
        person_id=GONE,
        chat=a_recipient(),
        flow="compare",
        data={"people": [GONE]},
    )


async def holding(database: Database, person: str) -> set[tuple[str, str]]:
    """Return the columns of text in which the person's id stands, history aside."""
    found: set[tuple[str, str]] = set()
    for table in metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, Text) or (table.name, column.name) in HISTORY:
                continue
            holds = select(column).where(column.contains(person, autoescape=True)).limit(1)
            if await database.reader.first(holds) is not None:
                found.add((table.name, column.name))
    return found
