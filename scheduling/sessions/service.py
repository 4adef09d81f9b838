"""Group sessions: every use case by its name, each one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from scheduling import undoing
from scheduling.commands import UndoChange
from scheduling.errors import SchedulingError, SessionChanged, SlotTaken, UndoGone
from scheduling.ground import Ground
from scheduling.ids import (
    DEFAULT_ORGANIZATION,
    BookingId,
    OrganizationId,
    PersonId,
    SessionId,
)
from scheduling.model import Booking
from scheduling.moments import Interval, utc
from scheduling.people import Actor, Recipient
from scheduling.policy import Policy
from scheduling.ports import Clock, Queries, SessionReads, Store, Transaction, WakeUp
from scheduling.sessions import (
    asking,
    ending,
    joining,
    opening,
    posting,
    settling,
    upkeep,
    voting,
)
from scheduling.sessions.commands import (
    AddTimes,
    AnswerOffer,
    AskTimes,
    CallOff,
    CastVotes,
    ChangeSession,
    JoinSession,
    LeaveSession,
    OpenSession,
    SettleSession,
    UndoSession,
)
from scheduling.sessions.model import CommonTimes, FreeTimes, Session
from scheduling.sessions.searching import Search
from scheduling.slots import SlotFinder

_T = TypeVar("_T")
_C = TypeVar("_C", bound=AskTimes | OpenSession | ChangeSession)
_BATCH = 50
_LOOK_AGAIN = timedelta(seconds=15)


class SessionService:
    """Asks for times, settles them, and seats people; the only writer of sessions.

    Repeating a ``request_id`` has no second effect and returns the session (or booking) as it
    stands. Every method may raise NotFound, NotAllowed and StoreUnavailable.
    """

    def __init__(
        self,
        store: Store,
        queries: Queries,
        reads: SessionReads,
        finder: SlotFinder,
        clock: Clock,
        policy: Policy,
        wake: WakeUp,
    ) -> None:
        self._store, self._clock, self._wake = store, clock, wake
        self._search = Search(queries, reads, clock)
        self._ground = Ground(clock, policy, finder.windows)
        self._looked_at: dict[OrganizationId, datetime] = {}

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
        questions. When nothing suits all, the times that miss fewest, each with who is missing.
        The actor's own calendar is always asked.

        Raises:
            InputRefused: nobody named, more than 20 people, a span in the past or too long.
        """
        return await self._search.common_times(
            actor, people, duration, span, count=count, step=step
        )

    async def free_times(
        self, actor: Actor, people: Sequence[PersonId], span: Interval
    ) -> FreeTimes:
        """Return when each of these people (the actor first) is free in the span; reads only.

        The same free time that ``common_times`` searches, with the same errors.
        """
        return await self._search.free_times(actor, people, span)

    async def ask(self, command: AskTimes) -> Session:
        """Post the question; candidates are held softly for the members.

        Raises:
            InputRefused: title, length, number of people (20) or of times (1 to 8).
            InThePast: a candidate begins before now.
            TooManyHolds: the actor has many such questions open already.
        """
        return await self._changing(asking.ask, command)

    async def open(self, command: OpenSession) -> Session:
        """Post a session with a time and seats; a booking hosted by the organizer.

        Raises:
            SlotTaken: the organizer, or a coach among those named, has something else then.
            InThePast: the start is not after now.
            InputRefused: title, length, seats (2 to 200), minimum above the seats.
        """
        try:
            return await self._changing(opening.open_session, command)
        except SlotTaken as refused:
            refused.alternatives = await self._search.near(
                command.actor, utc(command.start), command.duration
            )
            raise

    async def vote(self, command: CastVotes) -> Session:
        """Store the answers; the last missing one may settle it (R7).

        Raises:
            SessionChanged: it is not asking any more; carries it as it stands.
            NotAllowed: the person is not asked (where people were named).
        """
        session, counted = await self._changing(voting.vote, command)
        if not counted:
            raise SessionChanged(session)
        return session

    async def settle(self, command: SettleSession) -> Session:
        """Take a candidate now (the organizer).

        Raises:
            NotOrganizer: only the organizer settles; carries who that is.
            SessionChanged: settled or called off meanwhile; two who settle make one winner.
            SlotTaken: a host among the members got booked meanwhile; carries alternatives.
        """
        return await self._changing(settling.settle, command)

    async def add_times(self, command: AddTimes) -> Session:
        """Add candidates, or replace all and ask anew; see ask and settle for the errors."""
        return await self._changing(asking.add_times, command)

    async def call_off(self, command: CallOff) -> Session:
        """End it (the organizer, or an admin when the organizer has gone)."""
        return await self._changing(ending.call_off, command)

    async def undo(self, command: UndoSession) -> Session:
        """Take the posting back. Raises UndoGone when the minute is over or others answered."""
        return await self._changing(ending.undo, command)

    async def post_again(self, command: ChangeSession) -> Session:
        """Post the card once more, where it could not be posted (the organizer).

        Raises:
            NotOrganizer: somebody else asked.
            SessionChanged: it was called off.
        """
        return await self._changing(posting.post_again, command)

    async def move_group(
        self, organization_id: OrganizationId, old: Recipient, new_chat_id: str
    ) -> int:
        """Follow a group that has a new id; its open sessions are posted there anew.

        Returns how many; repeating it changes nothing.
        """
        count = await self._store.transact(
            organization_id, posting.move_group, self._ground, old, new_chat_id
        )
        self._wake()
        return count

    async def join(self, command: JoinSession) -> Booking:
        """Take a seat, or a place in the line.

        Raises:
            SessionFull: no seat left and ``waiting`` not set; carries the session.
            AlreadyIn: the person has a seat.
            OwnTime: the organizer hosts it and needs no seat.
            SessionChanged: it is over, called off, or has no time yet.
        """
        return await self._changing(joining.join, command)

    async def leave(self, command: LeaveSession) -> Booking:
        """Give a seat or place back; the first in line is offered it at once."""
        return await self._changing(joining.leave, command)

    async def answer_offer(self, command: AnswerOffer) -> Booking:
        """Take or pass an offered seat.

        Raises:
            OfferGone: it lapsed or was passed; carries whether the person still waits.
        """
        return await self._changing(joining.answer_offer, command)

    async def undo_join(self, command: LeaveSession) -> Booking:
        """Take one's own joining back within the undo time; frees the seat like leaving."""
        return await self._changing(_undo_join, command)

    async def keep_up(self, organization_id: OrganizationId = DEFAULT_ORGANIZATION) -> int:
        """Do what time makes due: nudge, settle, count heads, lapse offers; returns how much.

        Safe to repeat and to run in several processes.
        """
        store, ground = self._store, self._ground
        due, offers = await store.transact(organization_id, self._due)
        looking = self._is_time_to_look(organization_id)
        asking = await store.transact(organization_id, _asking) if looking else []
        work = [
            *(partial(upkeep.attend_to, session_id=each) for each in due),
            *(partial(upkeep.lapse, booking_id=each) for each in offers),
            *(partial(upkeep.look_again, session_id=each) for each in asking),
        ]
        done, failed = 0, None
        for one in work:
            try:
                done += await store.transact(organization_id, one, ground)
            except SchedulingError as error:  # one that cannot go on must not stop the others
                failed = failed or error
        if done:
            self._wake()
        if failed:
            raise failed
        return done

    def _due(self, tx: Transaction) -> tuple[list[SessionId], list[BookingId]]:
        now = self._clock.now()
        offers = tx.sessions.overdue_offers(now, _BATCH)
        return tx.sessions.due(now, _BATCH), list(dict.fromkeys(o.booking_id for o in offers))

    def _is_time_to_look(self, organization_id: OrganizationId) -> bool:
        """Say, every few seconds, that the members' calendars are to be looked at again."""
        now, before = self._clock.now(), self._looked_at.get(organization_id)
        if before is not None and abs(now - before) < _LOOK_AGAIN:
            return False
        self._looked_at[organization_id] = now
        return True

    async def _changing(self, function: Callable[[Transaction, Ground, _C], _T], command: _C) -> _T:
        organization_id = command.actor.organization_id
        done = await self._store.transact(organization_id, function, self._ground, command)
        self._wake()
        return done


def _asking(tx: Transaction) -> list[SessionId]:
    return tx.sessions.asking(_BATCH)


def _undo_join(tx: Transaction, ground: Ground, command: LeaveSession) -> Booking:
    """Undo one's joining as any booking is undone, only that the button names the session."""
    booking_id = tx.sessions.get(command.session_id).booking_id
    if booking_id is None:
        raise UndoGone
    change = UndoChange(
        actor=command.actor,
        booking_id=booking_id,
        request_id=command.request_id,
        card=command.card,
    )
    return undoing.undo(tx, ground, change)
