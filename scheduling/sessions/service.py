"""Group sessions: every use case by its name, each one transaction."""

from collections.abc import Sequence
from datetime import timedelta

from scheduling.ids import OrganizationId, PersonId
from scheduling.model import Booking
from scheduling.moments import Interval
from scheduling.people import Actor
from scheduling.policy import Policy
from scheduling.ports import Clock, Queries, Store, WakeUp
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
from scheduling.sessions.model import CommonTimes, Session
from scheduling.slots import SlotFinder


class SessionService:
    """Asks for times, settles them, and seats people; the only writer of sessions.

    Repeating a ``request_id`` has no second effect and returns the session (or booking) as it
    stands. Every method may raise NotFound, NotAllowed and StoreUnavailable.
    """

    def __init__(
        self,
        store: Store,
        queries: Queries,
        finder: SlotFinder,
        clock: Clock,
        policy: Policy,
        wake: WakeUp,
    ) -> None:
        self._store, self._queries, self._finder = store, queries, finder
        self._clock, self._policy, self._wake = clock, policy, wake

    async def common_times(
        self,
        actor: Actor,
        people: Sequence[PersonId],
        duration: timedelta,
        span: Interval,
        *,
        count: int = 3,
        step: timedelta = timedelta(minutes=15),
    ) -> CommonTimes:
        """Find when all are free in the span, best first, spread over days; reads only.

        Free is what is inside everybody's hours (who has none: 09:00-17:00, Monday to Friday,
        in their zone) and outside their bookings, seats, time off and candidates of other
        polls. When nothing suits all, the times that miss fewest, each with who is missing.
        The actor's own calendar is always asked.

        Raises:
            InputRefused: nobody named, more than 20 people, a span in the past or too long.
        """
        raise NotImplementedError

    async def ask(self, command: AskTimes) -> Session:
        """Post the question; candidates are held softly for the members.

        Raises:
            InputRefused: title, length, number of people (20) or of times (1 to 8).
        """
        raise NotImplementedError

    async def open(self, command: OpenSession) -> Session:
        """Post a session with a time and seats; a booking hosted by the organizer.

        Raises:
            SlotTaken: the organizer has something else then.
            InThePast: the start is not after now.
            InputRefused: title, length, seats (2 to 200), minimum above the seats.
        """
        raise NotImplementedError

    async def vote(self, command: CastVotes) -> Session:
        """Store the answers; the last missing one may settle it (R7).

        Raises:
            SessionChanged: it is not asking any more; carries it as it stands.
            NotAllowed: the person is not asked (where people were named).
        """
        raise NotImplementedError

    async def settle(self, command: SettleSession) -> Session:
        """Take a candidate now (the organizer).

        Raises:
            NotOrganizer: only the organizer settles; carries who that is.
            SessionChanged: settled or called off meanwhile; two who settle make one winner.
            SlotTaken: a host among the members got booked meanwhile; carries alternatives.
        """
        raise NotImplementedError

    async def add_times(self, command: AddTimes) -> Session:
        """Add candidates, or replace all and ask anew; see ask and settle for the errors."""
        raise NotImplementedError

    async def call_off(self, command: CallOff) -> Session:
        """End it (the organizer, or an admin when the organizer has gone)."""
        raise NotImplementedError

    async def undo(self, command: UndoSession) -> Session:
        """Take the posting back. Raises UndoGone when the minute is over or others answered."""
        raise NotImplementedError

    async def join(self, command: JoinSession) -> Booking:
        """Take a seat, or a place in the line.

        Raises:
            SessionFull: no seat left and ``waiting`` not set; carries the session.
            AlreadyIn: the person has a seat.
            OwnTime: the organizer hosts it and needs no seat.
            SessionChanged: it is over, called off, or has no time yet.
        """
        raise NotImplementedError

    async def leave(self, command: LeaveSession) -> Booking:
        """Give a seat or place back; the first in line is offered it at once."""
        raise NotImplementedError

    async def answer_offer(self, command: AnswerOffer) -> Booking:
        """Take or pass an offered seat.

        Raises:
            OfferGone: it lapsed or was passed; carries whether the person still waits.
        """
        raise NotImplementedError

    async def undo_join(self, command: LeaveSession) -> Booking:
        """Take one's own joining back within the undo time; frees the seat like leaving."""
        raise NotImplementedError

    async def keep_up(self, organization_id: OrganizationId | None = None) -> int:
        """Do what time makes due: nudge, settle, count heads, lapse offers; returns how much.

        Safe to repeat and to run in several processes.
        """
        raise NotImplementedError
