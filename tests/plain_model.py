"""One host's week as a child would keep it on paper: no locks, no rows, minutes counted one by one.

Everything lasts an hour and begins on one of a few hours of one day, so a time is its hour. Every
method says whether it may happen, and if so makes it so; what is refused must not be kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOST = "Ana"
UNDO = timedelta(seconds=60)
HOLD = timedelta(minutes=5)
OFFER = timedelta(hours=2)
TAKES_SEAT = {"held", "accepted", "offered"}
COMES = {"yes", "if_need_be"}


@dataclass
class Seat:
    """Where one person stands with one booking; ``until`` ends a hold or an offer."""

    person: str
    status: str
    until: datetime | None = None
    lapsed: datetime | None = None


@dataclass
class Meeting:
    """A booking: a lesson for one, or a session with seats."""

    hour: int
    status: str
    capacity: int
    seats: list[Seat]
    until: datetime | None = None
    """When a hold ends, or a cancelled time is given back."""
    is_session: bool = False

    def seat(self, person: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.person == person), None)

    @property
    def used(self) -> int:
        return sum(seat.status in TAKES_SEAT for seat in self.seats)

    def line(self) -> list[Seat]:
        waiting = [seat for seat in self.seats if seat.status == "waitlisted"]
        lapsed = [(seat.lapsed, seat) for seat in waiting if seat.lapsed]
        in_turn = [seat for _, seat in sorted(lapsed, key=lambda pair: pair[0])]
        return [*(seat for seat in waiting if not seat.lapsed), *in_turn]


@dataclass
class Poll:
    """A question about hours; ``missing`` as it was last noted."""

    name: str
    hours: list[int]
    members: list[str]
    decide_by: datetime
    status: str = "asking"
    votes: dict[tuple[str, int], str] = field(default_factory=dict)
    missing: dict[int, set[str]] = field(default_factory=dict)
    meeting: str | None = None


class Plain:
    """The whole of it. Meetings and polls have names, given by whoever asks for them."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.meetings: dict[str, Meeting] = {}
        self.polls: dict[str, Poll] = {}

    # --- what the host has on -------------------------------------------------------------------

    def keeper(self, hour: int, *, but: str = "") -> Meeting | None:
        """Return what keeps the host's hour now."""
        for name, meeting in self.meetings.items():
            over = meeting.until is not None and meeting.until <= self.now
            keeps = meeting.status in {"held", "confirmed"} or meeting.until is not None
            if meeting.hour == hour and name != but and keeps and not over:
                return meeting
        return None

    def softly_held(self, hour: int) -> bool:
        return any(
            poll.status == "asking" and hour in poll.hours and HOST not in poll.missing[hour]
            for poll in self.polls.values()
        )

    def is_free(self, hour: int, *, but: str = "") -> bool:
        """Say whether a lesson may begin then."""
        return self.keeper(hour, but=but) is None and not self.softly_held(hour)

    # --- what ends by itself --------------------------------------------------------------------

    def sweep(self) -> None:
        """End what is over: holds, seats kept for an undo, times kept for one."""
        for meeting in self.meetings.values():
            if meeting.status == "held" and meeting.until and meeting.until <= self.now:
                meeting.status, meeting.until, meeting.seats = "expired", None, []
            elif meeting.status == "cancelled" and meeting.until and meeting.until <= self.now:
                meeting.until = None
            over = [s for s in meeting.seats if s.status == "held" and s.until]
            if meeting.status == "confirmed" and any(s.until <= self.now for s in over if s.until):
                for seat in over:
                    if seat.until and seat.until <= self.now:
                        meeting.seats.remove(seat)
                self.offer(meeting)

    def lapse(self, meeting: Meeting) -> None:
        """End offers that are over, and let the next ones have theirs."""
        over = [
            s for s in meeting.seats if s.status == "offered" and s.until and s.until <= self.now
        ]
        for seat in over:
            seat.status, seat.lapsed, seat.until = "waitlisted", seat.until, None
        if over:
            self.offer(meeting, again=False)

    def offer(self, meeting: Meeting, *, again: bool = True) -> None:
        """Offer free seats along the line."""
        if meeting.status != "confirmed":
            return
        for seat in meeting.line():
            if meeting.used < meeting.capacity and (again or seat.lapsed is None):
                seat.status, seat.until, seat.lapsed = "offered", self.two_waking_hours(), None

    def two_waking_hours(self) -> datetime:
        moment, left = self.now, OFFER
        while left:
            if 8 <= moment.hour < 22:
                left -= timedelta(minutes=1)
            moment += timedelta(minutes=1)
        return moment

    # --- lessons --------------------------------------------------------------------------------

    def begin(self, name: str, person: str, hour: int, *, held: bool) -> bool:
        """Hold or book a lesson; the person's earlier hold goes first."""
        self.sweep()
        for meeting in self.meetings.values():
            seat = meeting.seat(person)
            if seat and seat.status == "held":
                meeting.seats.remove(seat)
                if meeting.status == "held":
                    meeting.status, meeting.until = "expired", None
                self.offer(meeting)
        if not self.is_free(hour):
            return False
        until = self.now + HOLD if held else None
        seat = Seat(person, "held" if held else "accepted", until)
        status = "held" if held else "confirmed"
        self.meetings[name] = Meeting(hour, status, 1, [seat], until)
        return True

    def confirm(self, name: str) -> bool:
        self.sweep()
        meeting = self.meetings[name]
        if meeting.status != "held" or not self.is_free(meeting.hour, but=name):
            return False
        meeting.status, meeting.until = "confirmed", None
        meeting.seats[0].status, meeting.seats[0].until = "accepted", None
        return True

    def move(self, name: str, hour: int) -> bool:
        self.sweep()
        meeting = self.meetings[name]
        if meeting.status != "confirmed" or not self.is_free(hour, but=name):
            return False
        if meeting.hour == hour:
            return False
        meeting.hour = hour
        return True

    def cancel(self, name: str, person: str) -> bool:
        self.sweep()
        meeting = self.meetings[name]
        if meeting.status != "confirmed":
            return False
        seat = meeting.seat(person)
        if person != HOST and (seat is None or seat.status != "accepted"):
            return False
        if person == HOST or not meeting.is_session:
            meeting.status, meeting.until, meeting.seats = "cancelled", self.now + UNDO, []
        elif seat:
            seat.status, seat.until = "held", self.now + UNDO
        return True

    # --- sessions -------------------------------------------------------------------------------

    def open(self, name: str, hour: int, capacity: int) -> bool:
        self.sweep()
        if self.keeper(hour):
            return False
        self.meetings[name] = Meeting(hour, "confirmed", capacity, [], is_session=True)
        return True

    def join(self, name: str, person: str, *, waiting: bool) -> bool:
        self.sweep()
        meeting = self.meetings[name]
        self.lapse(meeting)
        seat = meeting.seat(person)
        if meeting.status != "confirmed" or (seat and seat.status == "accepted"):
            return False
        is_open = meeting.used < meeting.capacity
        if (seat and seat.status in {"held", "offered"}) or is_open:
            return self._sit(meeting, person)
        if seat is None and waiting:
            meeting.seats.append(Seat(person, "waitlisted"))
        return seat is not None or waiting

    def leave(self, name: str, person: str) -> bool:
        self.sweep()
        meeting = self.meetings[name]
        self.lapse(meeting)
        seat = meeting.seat(person)
        if meeting.status != "confirmed" or seat is None:
            return False
        meeting.seats.remove(seat)
        if seat.status in {"accepted", "held"}:
            self.offer(meeting)
        elif seat.status == "offered":
            self.offer(meeting, again=False)
        return True

    def answer(self, name: str, person: str, *, take: bool) -> bool:
        self.sweep()
        meeting = self.meetings[name]
        self.lapse(meeting)
        seat = meeting.seat(person)
        if meeting.status != "confirmed" or seat is None or seat.status != "offered":
            return False
        if take:
            return self._sit(meeting, person)
        meeting.seats.remove(seat)
        self.offer(meeting, again=False)
        return True

    def _sit(self, meeting: Meeting, person: str) -> bool:
        meeting.seats = [s for s in meeting.seats if s.person != person]
        meeting.seats.append(Seat(person, "accepted"))
        return True

    # --- polls ----------------------------------------------------------------------------------

    def ask(
        self, name: str, members: Iterable[str], hours: Iterable[int], decide_by: datetime
    ) -> bool:
        poll = Poll(name, sorted(hours), [HOST, *members], decide_by)
        poll.votes = {(HOST, hour): "yes" for hour in poll.hours}
        self.polls[name] = poll
        self.look_again(poll)
        return True

    def look_again(self, poll: Poll) -> None:
        """Note who has something else at each of the hours."""
        for hour in poll.hours:
            meeting = self.keeper(hour)
            away = {HOST} if meeting else set()
            if meeting and meeting.status != "cancelled":
                away |= {
                    s.person
                    for s in meeting.seats
                    if s.status in TAKES_SEAT and (s.until is None or s.until > self.now)
                }
            poll.missing[hour] = away & set(poll.members)

    def vote(self, name: str, person: str, answers: dict[int, str]) -> bool:
        poll = self.polls[name]
        if poll.status != "asking" or person not in poll.members:
            return False
        poll.votes |= {(person, hour): said for hour, said in answers.items()}
        self.look_again(poll)
        if any(self.suits_all(poll, hour) for hour in poll.hours):
            self.sweep()
            self.look_again(poll)
            self._settle_best(poll, [h for h in poll.hours if self.suits_all(poll, h)])
        return True

    def settle(self, name: str, hour: int) -> bool:
        poll = self.polls[name]
        if poll.status not in {"asking", "unsettled"}:
            return False
        self.sweep()
        self.look_again(poll)
        if HOST in poll.missing[hour]:
            return False
        self._settle_best(poll, [hour])
        return True

    def suits_all(self, poll: Poll, hour: int) -> bool:
        said = [poll.votes.get((member, hour)) for member in poll.members]
        return not poll.missing[hour] and all(answer in COMES for answer in said)

    def tick(self) -> None:
        """Do what time makes due: sweep, decide polls in the order they end, lapse, look."""
        self.sweep()
        for poll in sorted(self.polls.values(), key=lambda p: p.decide_by):
            if poll.status == "asking" and poll.decide_by <= self.now:
                self.decide(poll)
        for meeting in self.meetings.values():
            self.lapse(meeting)
        for poll in self.polls.values():
            if poll.status == "asking":
                self.look_again(poll)

    def is_late(self, name: str, person: str) -> bool:
        """Say whether a vote of this person comes when the deadline has passed unseen."""
        poll = self.polls[name]
        over = poll.status == "asking" and poll.decide_by <= self.now
        return over and person in poll.members

    def decide(self, poll: Poll) -> None:
        """Do what the deadline asks."""
        self.sweep()
        self.look_again(poll)
        can = [
            hour
            for hour in poll.hours
            if HOST not in poll.missing[hour]
            and poll.votes.get((HOST, hour)) != "no"
            and any(
                poll.votes.get((m, hour)) in COMES and m not in poll.missing[hour]
                for m in poll.members[1:]
            )
        ]
        if can:
            self._settle_best(poll, can)
        else:
            poll.status = "unsettled"

    def _settle_best(self, poll: Poll, hours: list[int]) -> None:
        def count(hour: int, answer: str) -> int:
            return sum(
                poll.votes.get((m, hour)) == answer
                for m in poll.members
                if m not in poll.missing[hour]
            )

        ranked = sorted(hours, key=lambda h: (-count(h, "yes"), -count(h, "if_need_be"), h))
        if ranked:
            hour, poll.status = ranked[0], "on"
            coming = [m for m in poll.members[1:] if poll.votes.get((m, hour)) in COMES]
            seats = [Seat(person, "accepted") for person in coming]
            name = poll.meeting = f"{poll.name} settled"
            self.meetings[name] = Meeting(hour, "confirmed", 200, seats, is_session=True)
