"""A crew in a channel: an organizer, people to ask, and a session service over a world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from builders.people import acting
from builders.times import at
from scheduling.model import Booking, SeatStatus
from scheduling.moments import Interval
from scheduling.people import Card, Person, Platform, Recipient
from scheduling.sessions.commands import (
    AddTimes,
    AnswerOffer,
    AskTimes,
    CallOff,
    CastVotes,
    JoinSession,
    LeaveSession,
    OpenSession,
    SettleSession,
    UndoSession,
)
from scheduling.sessions.model import Answer, Session, SessionDetails
from scheduling.sessions.service import SessionService
from world import World

CHANNEL = Recipient(Platform.SLACK, "T1", "C1")
ANSWERS = {"y": Answer.YES, "m": Answer.IF_NEED_BE, "n": Answer.NO}
DAY = "2030-01-09"


@dataclass
class Crew:
    """What people do with sessions, by letters and times instead of ids."""

    world: World
    bo: Person

    def __post_init__(self) -> None:
        world = self.world
        database = world.database
        self.service = SessionService(
            database.store,
            database.queries,
            database.sessions,
            world.finder,
            world.clock,
            world.policy,
            world._wake,  # noqa: SLF001 - counts together with the other services'
        )

    @classmethod
    async def of(cls, world: World) -> "Crew":
        """Return Bo's crew in a world; Bo has no hours and is no coach."""
        return cls(world, await world.person("Bo Lind"))

    async def people(self, *names: str) -> list[Person]:
        """Put people into the world."""
        return [await self.world.person(name) for name in names]

    async def asks(
        self, members: Sequence[Person], *starts: str, by: Person | None = None, **more: Any
    ) -> Session:
        """Ask which of the starts (hours of Wednesday) suit, for 45 minutes."""
        length = more.get("duration", timedelta(minutes=45))
        times = tuple(Interval(moment(start), moment(start) + length) for start in starts)
        facts = {"title": "Retro", "duration": length, "times": times, "group": CHANNEL, **more}
        ids = tuple(member.id for member in members)
        return await self.service.ask(
            AskTimes(actor=acting(by or self.bo), members=ids, **self._id(facts))
        )

    async def opens(self, start: str = "16:00", *, seats: int = 2, **more: Any) -> Session:
        """Open an hour with seats on Wednesday."""
        by = more.pop("by", self.bo)
        facts = {
            "title": "Portfolio hour",
            "duration": timedelta(hours=1),
            "group": CHANNEL,
            "start": moment(start),
            **more,
        }
        return await self.service.open(
            OpenSession(actor=acting(by), seats=seats, **self._id(facts))
        )

    async def votes(self, who: Person, session: Session, said: str, **more: Any) -> Session:
        """Vote "A+ B? C-" in short: "Ay Bm Cn"."""
        options = {option.letter: option.id for option in (await self.read(session)).options}
        answers = tuple((options[word[0]], ANSWERS[word[1]]) for word in said.split())
        return await self.service.vote(
            CastVotes(actor=acting(who), session_id=session.id, answers=answers, **self._id(more))
        )

    async def settles(self, who: Person, session: Session, letter: str, **more: Any) -> Session:
        """Take a candidate."""
        options = {option.letter: option.id for option in (await self.read(session)).options}
        return await self.service.settle(
            SettleSession(
                actor=acting(who),
                session_id=session.id,
                option_id=options[letter],
                **self._id(more),
            )
        )

    async def adds(self, session: Session, *starts: str, **more: Any) -> Session:
        """Add candidates, or ask anew with ``instead``."""
        times = tuple(Interval(moment(s), moment(s) + session.duration) for s in starts)
        return await self.service.add_times(
            AddTimes(actor=acting(self.bo), session_id=session.id, times=times, **self._id(more))
        )

    async def calls_off(self, who: Person, session: Session, **more: Any) -> Session:
        """End it."""
        return await self.service.call_off(
            CallOff(actor=acting(who), session_id=session.id, **self._id(more))
        )

    async def undoes(self, who: Person, session: Session, **more: Any) -> Session:
        """Take the posting back."""
        return await self.service.undo(
            UndoSession(actor=acting(who), session_id=session.id, **self._id(more))
        )

    async def joins(self, who: Person, session: Session, **more: Any) -> Booking:
        """Sit down, or with ``waiting`` stand in line."""
        return await self.service.join(
            JoinSession(actor=acting(who), session_id=session.id, **self._id(more))
        )

    async def leaves(self, who: Person, session: Session, **more: Any) -> Booking:
        """Give up whatever place."""
        return await self.service.leave(
            LeaveSession(actor=acting(who), session_id=session.id, **self._id(more))
        )

    async def unjoins(self, who: Person, session: Session, **more: Any) -> Booking:
        """Undo one's joining."""
        return await self.service.undo_join(
            LeaveSession(actor=acting(who), session_id=session.id, **self._id(more))
        )

    async def answers(self, who: Person, session: Session, *, take: bool, **more: Any) -> Booking:
        """Take or pass the offer of the person's newest seat."""
        seat = (await self.booking(session)).seat_of(who.id)
        assert seat is not None
        facts = {"seat_id": seat.id, **more}
        return await self.service.answer_offer(
            AnswerOffer(actor=acting(who), session_id=session.id, take=take, **self._id(facts))
        )

    # --- what is there --------------------------------------------------------------------------

    async def read(self, session: Session) -> Session:
        """Return the session as it stands now."""
        return await self.world.write(lambda tx: tx.sessions.get(session.id))

    async def details(self, session: Session) -> SessionDetails:
        """Return the session as its card reads it."""
        return await self.world.database.sessions.session(session.organization_id, session.id)

    async def booking(self, session: Session) -> Booking:
        """Return the booking of the session as it stands now."""
        booking_id = (await self.read(session)).booking_id
        assert booking_id is not None
        return await self.world.write(lambda tx: tx.bookings.get(booking_id))

    async def seats(self, session: Session) -> dict[str, str]:
        """Return everybody's newest seat by first name, without those given up."""
        booking = await self.booking(session)
        people = await self.world.rows("SELECT id, name FROM people")
        names = {row["id"]: row["name"].split()[0] for row in people}
        newest = {seat.person_id: seat for seat in booking.seats}
        over = {SeatStatus.CANCELLED, SeatStatus.DECLINED}
        return {
            names[person]: seat.status.value
            for person, seat in newest.items()
            if seat.status not in over
        }

    async def posted_card(self, session: Session) -> None:
        """Let the card of the session be out."""
        await self.world.database.sessions.remember_card(
            session.organization_id, session.id, Card(CHANNEL, "1700.1")
        )

    async def chats(self, kind: str) -> list[str | None]:
        """Return the chats that waiting notifications of a kind go to."""
        rows = await self.world.rows(
            f"SELECT chat_id FROM outbox WHERE kind = '{kind}' AND state = 'waiting'"  # noqa: S608
        )
        return [row["chat_id"] for row in rows]

    def _id(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"request_id": self.world.request(), **more}


def moment(text: str) -> datetime:
    """Return an hour of Wednesday 9 January 2030, or a moment written in full."""
    return at(text if " " in text else f"{DAY} {text}")
