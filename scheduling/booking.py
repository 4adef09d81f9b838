"""Bookings: every use case by its name, each one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from scheduling import approval, cancelling, clearing, holding, making, moving, saying, undoing
from scheduling.commands import (
    ApproveBooking,
    BookSlot,
    CancelBooking,
    ChangeBooking,
    ClearFinished,
    ConfirmHold,
    DeclineBooking,
    HoldSlot,
    MoveBooking,
    ReleaseHold,
    SayCannotCome,
    SayComing,
    SayLate,
    SayWaiting,
    SendNote,
    UndoChange,
)
from scheduling.errors import OwnTime, SlotRefused
from scheduling.ground import Ground
from scheduling.model import Booking
from scheduling.policy import Policy
from scheduling.ports import Clock, Queries, Store, Transaction, WakeUp
from scheduling.slots import SlotFinder

_C = TypeVar("_C", HoldSlot, ConfirmHold, BookSlot, MoveBooking)
_D = TypeVar("_D", bound=ChangeBooking)


class BookingService:
    """Books, moves and cancels; the only writer of bookings.

    Repeating a ``request_id`` has no second effect and returns the booking the first delivery
    made or changed, as it stands now. Whatever is refused changed nothing. All notifications
    are written with their cause; the dispatcher is woken after the commit.

    Every method may raise NotFound (no such booking or type), NotAllowed (the actor has no part
    in it) and StoreUnavailable.
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
        self._store = store
        self._queries = queries
        self._finder = finder
        self._wake = wake
        self._ground = Ground(clock, policy, finder.windows)

    async def hold(self, command: HoldSlot) -> Booking:
        """Keep a start for the actor for the time of a hold; frees their earlier hold.

        In a group that takes place then, it keeps one seat. The message in ``card`` is told
        when the hold ends unused.

        Raises:
            SlotRefused: any rule's objection, with alternatives.
            TooManyHolds: the actor took too many within a day.
            EventTypeOff: the type is not offered any more.
            StudentsClosed: only people with a link may book here.
        """
        return await self._claiming(holding.hold, command)

    async def release(self, command: ReleaseHold) -> None:
        """Give a hold of the actor back at once; what is no hold any more is left alone."""
        organization_id = command.actor.organization_id
        await self._store.transact(organization_id, holding.release, self._ground, command)
        self._wake()

    async def confirm(self, command: ConfirmHold) -> Booking:
        """Make a booking of the actor's hold, pending where the host's yes is needed.

        What the hold promised holds: notice, horizon and the actor's number of bookings are not
        asked again. What the host did meanwhile (time off, other hours) is.

        Raises:
            HoldGone: the hold is over, or was used by another request.
            AnswerMissing: a required question is open.
            SlotRefused: the host is not there any more, with alternatives.
        """
        return await self._claiming(making.confirm, command)

    async def book(self, command: BookSlot) -> Booking:
        """Hold and confirm in one transaction.

        Raises:
            SlotRefused: any rule's objection, with alternatives.
            AnswerMissing: a required question has no answer.
            EventTypeOff: the type is not offered any more.
            StudentsClosed: only people with a link may book here.
        """
        return await self._claiming(making.book, command)

    async def approve(self, command: ApproveBooking) -> Booking:
        """Say yes to a request (the host); undoable for a minute.

        Raises:
            BookingChanged: it is no open request any more.
        """
        return await self._changing(approval.approve, command)

    async def decline(self, command: DeclineBooking) -> Booking:
        """Say no to a request (the host), which frees its time at once.

        Raises:
            BookingChanged: it is no open request any more.
        """
        return await self._changing(approval.decline, command)

    async def move(self, command: MoveBooking) -> Booking:
        """Give the booking another start: same UID, reminders planned anew.

        An attendee moving a booking of a type with approval asks again (pending); the host
        moving one confirms it. A group is moved by its host alone.

        Raises:
            AlreadyIn: it is at that start.
            SlotRefused: any rule's objection, with alternatives; the booking stays where it is.
            PastCutOff: too late for the attendee; the host is exempt.
            BookingChanged: it is over, or changed since ``seen_version``.
        """
        return await self._claiming(moving.move, command)

    async def cancel(self, command: CancelBooking) -> Booking:
        """End the booking (the host, the last attendee) or the actor's seat in it.

        The time, or the seat, is kept until undo has passed. A request can be withdrawn at any
        time.

        Raises:
            PastCutOff: too late for the attendee; the host is exempt.
            ReasonMissing: the type asks attendees for a reason.
            BookingChanged: it is over, cancelled already, or changed since ``seen_version``.
        """
        return await self._changing(cancelling.cancel, command)

    async def undo(self, command: UndoChange) -> Booking:
        """Take back the actor's own last book, cancel, leave or approve of this booking.

        Raises:
            UndoGone: the minute is over, it was undone already, or something happened since.
        """
        return await self._changing(undoing.undo, command)

    async def coming(self, command: SayComing) -> Booking:
        """Tell the host that the actor will be there.

        Raises:
            BookingChanged: it is over, or changed since ``seen_version``.
        """
        return await self._changing(saying.coming, command)

    async def late(self, command: SayLate) -> Booking:
        """Tell the other side how late the actor comes, zero for on time after all.

        Raises:
            InputRefused: less than nothing, or more than four hours.
            BookingChanged: it is over, or changed since ``seen_version``.
        """
        return await self._changing(saying.late, command)

    async def cannot_come(self, command: SayCannotCome) -> Booking:
        """Tell the host that the actor cannot come; the time stays taken.

        Raises:
            BookingChanged: it is over, or changed since ``seen_version``.
        """
        return await self._changing(saying.cannot_come, command)

    async def waiting(self, command: SayWaiting) -> Booking:
        """Tell whoever is late that the host waits.

        Raises:
            BookingChanged: it is over, or changed since ``seen_version``.
        """
        return await self._changing(saying.waiting, command)

    async def note(self, command: SendNote) -> Booking:
        """Relay words to the other side, until a week after the end.

        Raises:
            InputRefused: empty, or too long.
            BookingChanged: it is history.
        """
        return await self._changing(saying.note, command)

    async def clear(self, command: ClearFinished) -> Booking:
        """Take a finished booking off the actor's list; repeating it changes nothing.

        Raises:
            BookingChanged: it is not over yet.
        """
        return await self._changing(clearing.clear, command)

    async def _changing(
        self, function: Callable[[Transaction, Ground, _D], Booking], command: _D
    ) -> Booking:
        organization_id = command.actor.organization_id
        booking = await self._store.transact(organization_id, function, self._ground, command)
        self._wake()
        return booking

    async def _claiming(
        self, function: Callable[[Transaction, Ground, _C], Booking], command: _C
    ) -> Booking:
        try:
            organization_id = command.actor.organization_id
            booking = await self._store.transact(organization_id, function, self._ground, command)
        except SlotRefused as refused:
            refused.alternatives = await self._alternatives(refused, command)
            raise
        self._wake()
        return booking

    async def _alternatives(
        self, refused: SlotRefused, command: HoldSlot | ConfirmHold | BookSlot | MoveBooking
    ) -> tuple[datetime, ...]:
        """Return the nearest starts, read after the transaction so that they are free when read."""
        if refused.start is None or isinstance(refused, OwnTime):
            return ()  # nothing is free for whom the time is not the trouble
        organization_id, asker_id = command.actor.organization_id, command.actor.person_id
        if isinstance(command, HoldSlot | BookSlot):
            return await self._finder.nearest(
                organization_id, command.event_type_id, refused.start, asker_id=asker_id
            )
        booking = (await self._queries.booking(organization_id, command.booking_id)).booking
        moving_it = isinstance(command, MoveBooking)
        return await self._finder.nearest(
            organization_id,
            booking.event_type_id,
            refused.start,
            asker_id=None if moving_it and asker_id == booking.host_id else asker_id,
            excluding=booking.id if moving_it else None,
        )
