"""Whatever a host, students and a clock do, stored seats and times are those of a plain model.

Book, hold, confirm, move, cancel, join, leave, offer, pass, vote, settle, expire: every step is
asked of both, and both must do it or both refuse it.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from builders.times import at
from crew import Crew, moment
from doubles import FakeClock
from persistence.database import open_database
from plain_model import HOST, Meeting, Plain
from scheduling.errors import SchedulingError, SessionChanged
from scheduling.ids import BookingId
from scheduling.model import Booking, SeatStatus
from scheduling.people import Person
from scheduling.ports import Transaction
from scheduling.sessions.model import Session, SessionStatus
from world import World

HOURS = st.integers(9, 15)
STUDENTS = ("Mia", "Leo", "Zoe", "Kim", "Pia")
PEOPLE = st.sampled_from(STUDENTS)
SAID = st.sampled_from(["yes", "yes", "if_need_be", "no"])
BEGINNING = at("2030-01-07 09:00")
# Everything takes place on Wednesday: until Tuesday morning no start comes near.
LATEST = at("2030-01-08 08:00")
GIVEN_UP = {SeatStatus.CANCELLED, SeatStatus.DECLINED}
SHORT = {"yes": "y", "if_need_be": "m", "no": "n"}
MOST_POLLS = 5


class Sessions(RuleBasedStateMachine):
    """A world and a model of it, side by side."""

    template: Path
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.path = self.folder / f"machine-{id(self)}.db"
        shutil.copy(self.template, self.path)
        self.clock = FakeClock(BEGINNING)
        self.plain = Plain(BEGINNING)
        self.bookings: dict[str, BookingId] = {}
        self.sessions: dict[str, Session] = {}
        self.count = 0
        self.run(self._begin())

    async def _begin(self) -> None:
        database = await self.stack.enter_async_context(
            open_database(f"sqlite:///{self.path}", self.clock, pool_size=2)
        )
        self.world = await World.begin(database, self.clock)
        self.lesson = await self.world.offers(cut_off=timedelta())
        self.crew = Crew(self.world, self.world.host)
        self.people = {name: await self.world.person(name) for name in STUDENTS}
        self.people[HOST] = self.world.host

    def teardown(self) -> None:
        overlaps = self.run(self.world.overlaps())
        self.run(self.stack.aclose())
        self.loop.close()
        for left_over in self.folder.glob(f"{self.path.name}*"):
            left_over.unlink()
        assert overlaps == 0

    def run(self, work: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(work)

    def both(self, predict: Callable[[Plain], bool], work: Awaitable[Any]) -> Any:
        """Ask model and world for the same; a refusal leaves both as they were."""
        after = deepcopy(self.plain)
        expected = predict(after)
        result, refused = None, ""
        try:
            result = self.run(work)
        except SchedulingError as error:
            refused = repr(error)
        assert expected == (not refused), refused or "done, though the model refuses"
        if expected:
            self.plain = after
        return result

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind} {self.count}"

    def person(self, name: str) -> Person:
        return self.people[name]

    def some(self, data: st.DataObject, names: list[str]) -> str:
        return data.draw(st.sampled_from(names))

    def lessons(self) -> list[str]:
        return [
            n for n, m in self.plain.meetings.items() if not m.is_session and n in self.bookings
        ]

    def opened(self) -> list[str]:
        return [n for n, m in self.plain.meetings.items() if m.is_session]

    @initialize()
    def a_full_session(self) -> None:
        self.open_one(12, 2)
        self.crowd_into(self.opened()[0])

    # --- lessons --------------------------------------------------------------------------------

    @rule(who=PEOPLE, hour=HOURS, held=st.booleans())
    def hold_or_book(self, who: str, hour: int, held: bool) -> None:
        name, start = self.name("lesson"), f"2030-01-09 {hour:02}:00"
        act = self.world.holds if held else self.world.books
        booking = self.both(
            lambda plain: plain.begin(name, who, hour, held=held),
            act(self.person(who), self.lesson, start),
        )
        if booking:
            self.bookings[name] = booking.id

    @precondition(lambda self: self.lessons())
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        name = self.some(data, self.lessons())
        booking = self.stored(name)
        student = next(p for p in self.people.values() if booking.seat_of(p.id))
        self.both(lambda plain: plain.confirm(name), self.world.confirms(student, booking))

    @precondition(lambda self: self.lessons())
    @rule(data=st.data(), hour=HOURS, by_host=st.booleans())
    def move(self, data: st.DataObject, hour: int, by_host: bool) -> None:
        name = self.some(data, self.lessons())
        booking = self.stored(name)
        student = next(p for p in self.people.values() if booking.seat_of(p.id))
        who = self.world.host if by_host else student
        self.both(
            lambda plain: plain.move(name, hour),
            self.world.moves(who, booking, f"2030-01-09 {hour:02}:00"),
        )

    @precondition(lambda self: self.bookings)
    @rule(data=st.data(), who=st.sampled_from((*STUDENTS, HOST)))
    def cancel(self, data: st.DataObject, who: str) -> None:
        name = self.some(data, list(self.bookings))
        self.both(
            lambda plain: plain.cancel(name, who),
            self.world.cancels(self.person(who), self.stored(name)),
        )

    # --- sessions -------------------------------------------------------------------------------

    @rule(hour=HOURS, seats=st.integers(2, 3))
    def open_session(self, hour: int, seats: int) -> None:
        self.open_one(hour, seats)

    def open_one(self, hour: int, seats: int) -> None:
        name = self.name("session")
        session = self.both(
            lambda plain: plain.open(name, hour, seats),
            self.crew.opens(f"{hour:02}:00", seats=seats),
        )
        if session:
            self.sessions[name] = session
            self.bookings[name] = session.booking_id

    @precondition(lambda self: self.opened())
    @rule(data=st.data(), who=PEOPLE, waiting=st.booleans())
    def join(self, data: st.DataObject, who: str, waiting: bool) -> None:
        self.one_joins(self.some(data, self.opened()), who, waiting=waiting)

    def crowd_into(self, name: str) -> None:
        for who in STUDENTS:
            self.one_joins(name, who, waiting=True)

    def one_joins(self, name: str, who: str, *, waiting: bool) -> None:
        self.both(
            lambda plain: plain.join(name, who, waiting=waiting),
            self.crew.joins(self.person(who), self.sessions[name], waiting=waiting),
        )

    @precondition(lambda self: self.opened())
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        name = self.some(data, self.opened())
        inside = [seat.person for seat in self.plain.meetings[name].seats]
        who = self.some(data, [*inside, "Mia"])
        self.both(
            lambda plain: plain.leave(name, who),
            self.crew.leaves(self.person(who), self.sessions[name]),
        )

    @precondition(lambda self: any("offered" in self.states(n) for n in self.opened()))
    @rule(data=st.data(), take=st.booleans())
    def answer_an_offer(self, data: st.DataObject, take: bool) -> None:
        name = self.some(data, [n for n in self.opened() if "offered" in self.states(n)])
        seats = self.plain.meetings[name].seats
        who = next(seat.person for seat in seats if seat.status == "offered")
        self.both(
            lambda plain: plain.answer(name, who, take=take),
            self.crew.answers(self.person(who), self.sessions[name], take=take),
        )

    # --- polls ----------------------------------------------------------------------------------

    @precondition(lambda self: len(self.plain.polls) < MOST_POLLS)
    @rule(
        members=st.lists(PEOPLE, min_size=1, max_size=2, unique=True),
        hours=st.lists(HOURS, min_size=1, max_size=2, unique=True),
        eager=st.integers(0, 2),
    )
    def ask(self, members: list[str], hours: list[int], eager: int) -> None:
        name = self.name("poll")
        decide_by = self.clock.now() + timedelta(hours=2, minutes=self.count)
        session = self.both(
            lambda plain: plain.ask(name, members, hours, decide_by),
            self.crew.asks(
                [self.person(member) for member in members],
                *(f"{hour:02}:00" for hour in hours),
                decide_by=decide_by,
                duration=timedelta(hours=1),
            ),
        )
        self.sessions[name] = session
        for member in members[:eager]:
            self.one_votes(name, member, ["if_need_be", "yes"])

    @precondition(lambda self: self.plain.polls)
    @rule(data=st.data(), said=st.lists(SAID, min_size=2, max_size=2))
    def vote(self, data: st.DataObject, said: list[str]) -> None:
        name = self.some(data, list(self.plain.polls))
        members = self.plain.polls[name].members
        self.one_votes(name, self.some(data, [*members[1:], HOST, "Kim"]), said)

    def one_votes(self, name: str, who: str, said: list[str]) -> None:
        poll = self.plain.polls[name]
        answers = dict(zip(poll.hours, said, strict=False))
        words = " ".join(
            f"{letter}{SHORT[answer]}"
            for letter, answer in zip("AB", answers.values(), strict=False)
        )
        voting = self.crew.votes(self.person(who), self.sessions[name], words)
        if self.plain.is_late(name, who):
            with pytest.raises(SessionChanged):  # it makes the deadline's decision instead
                self.run(voting)
            self.plain.decide(poll)
        else:
            self.both(lambda plain: plain.vote(name, who, answers), voting)
        self.follow(name)

    @precondition(lambda self: self.plain.polls)
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        name = self.some(data, list(self.plain.polls))
        poll = self.plain.polls[name]
        at_hour = data.draw(st.integers(0, len(poll.hours) - 1))
        self.both(
            lambda plain: plain.settle(name, poll.hours[at_hour]),
            self.crew.settles(self.world.host, self.sessions[name], "AB"[at_hour]),
        )
        self.follow(name)

    # --- time -----------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 6, 30, 60, 120]))
    def time_goes_by(self, minutes: int) -> None:
        later = self.clock.now() + timedelta(minutes=minutes)
        if later >= LATEST:
            return
        self.clock.set(later)
        self.plain.now = later

    @rule(minutes=st.sampled_from([1, 30, 120]))
    def expire(self, minutes: int) -> None:
        later = self.clock.now() + timedelta(minutes=minutes)
        if later >= LATEST:
            return
        self.clock.set(later)
        self.plain.now = later
        self.run(self.world.upkeep.expire_overdue())
        self.run(self.crew.service.keep_up())
        self.plain.tick()
        for name in list(self.plain.polls):
            self.follow(name)

    # --- what must hold -------------------------------------------------------------------------

    @invariant()
    def stored_is_what_the_model_says(self) -> None:
        bookings, sessions = self.run(self.world.write(self.everything))
        for name, booking in bookings.items():
            meeting = self.plain.meetings[name]
            assert booking.status.value == meeting.status, name
            if booking.status.is_live:
                assert booking.time.start == moment(f"{meeting.hour:02}:00")
                assert self.seats(booking) == seats_of(meeting), name
                assert booking.seats_used <= booking.capacity
        for name, session in sessions.items():
            poll = self.plain.polls[name]
            off = poll.meeting and self.plain.meetings[poll.meeting].status == "cancelled"
            assert session.status.value == ("called_off" if off else poll.status), name
            if session.status is SessionStatus.ASKING:
                names = {person.id: name for name, person in self.people.items()}
                noted = [{names[p] for p in option.missing} for option in session.options]
                assert noted == [poll.missing[hour] for hour in poll.hours]

    # --- underneath -----------------------------------------------------------------------------

    def everything(self, tx: Transaction) -> tuple[dict[str, Booking], dict[str, Session]]:
        return (
            {name: tx.bookings.get(booking_id) for name, booking_id in self.bookings.items()},
            {name: tx.sessions.get(self.sessions[name].id) for name in self.plain.polls},
        )

    def stored(self, name: str) -> Booking:
        booking: Booking = self.run(
            self.world.write(lambda tx: tx.bookings.get(self.bookings[name]))
        )
        return booking

    def states(self, name: str) -> set[str]:
        return {seat.status for seat in self.plain.meetings[name].seats}

    def follow(self, name: str) -> None:
        """Learn the booking of a poll that the model has just settled."""
        meeting = self.plain.polls[name].meeting
        if meeting and meeting not in self.bookings:
            session = self.run(self.crew.read(self.sessions[name]))
            self.sessions[meeting] = session
            self.bookings[meeting] = session.booking_id

    def seats(self, booking: Booking) -> dict[str, tuple[str, Any]]:
        names = {person.id: name for name, person in self.people.items()}
        newest = {names[seat.person_id]: seat for seat in booking.seats}
        return {
            name: (seat.status.value, seat.expires_at)
            for name, seat in newest.items()
            if seat.status not in GIVEN_UP
        }


def seats_of(meeting: Meeting) -> dict[str, tuple[str, Any]]:
    """Return the seats of the model as they are stored: a lapse stands where an offer ended."""
    return {
        seat.person: (seat.status, seat.lapsed if seat.status == "waitlisted" else seat.until)
        for seat in meeting.seats
    }


@pytest.mark.slow
def test_given_any_steps_when_taken_then_world_and_model_agree(
    sqlite_template: Path, quick_folder: Path
) -> None:
    class Machine(Sessions):
        template, folder = sqlite_template, quick_folder

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
