"""A coach's hours: what a line would change, changing them, and one-off time on and off."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.grammar.hours_line import HoursLine
from scheduling.ground import Ground
from scheduling.hours import Opening, TimeOff
from scheduling.hours_preview import HoursPreview as HoursPreview
from scheduling.hours_preview import hit_by, preview
from scheduling.hours_saving import SavedHours as SavedHours
from scheduling.hours_saving import calendar_of, restore_hours, save
from scheduling.ids import OpeningId, RequestId, TimeOffId
from scheduling.model import BookingDetails
from scheduling.moments import Interval
from scheduling.one_off import open_time, restore_time, take_off
from scheduling.people import Actor
from scheduling.policy import Policy
from scheduling.ports import Clock, HoursOverview, Queries, Store, Transaction, WakeUp
from scheduling.slots import SlotFinder

_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class TimeOffResult:
    """Time off as taken, what lay in it, and how to take it back."""

    time_off: TimeOff
    hit: tuple[BookingDetails, ...]
    undo_id: str
    undo_until: datetime


class HoursService:
    """Reads and writes hours; every change of them queues behind the bookings of that host."""

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
        self._clock = clock
        self._wake = wake
        self._ground = Ground(clock, policy, finder.windows)

    async def preview(
        self, actor: Actor, line: HoursLine, *, duration: timedelta | None = None
    ) -> HoursPreview:
        """Say what saving the line would do; also for somebody who is no coach yet.

        Without ``duration`` sessions are as long as the actor's first type.

        Raises:
            UnknownZone: the actor has not told their time zone.
        """
        return await preview(self._queries, actor, line, duration, self._clock.now())

    async def save(self, actor: Actor, line: HoursLine, request_id: RequestId) -> SavedHours:
        """Make the line the actor's hours; undoable for a minute.

        A line with weekdays replaces the week, one with dates alone sets those dates; ``until``
        ends the hours after that day. Bookings stay as they are.

        Raises:
            NotAllowed: the actor is no coach with a calendar.
            UnknownZone: the actor has not told their time zone.
        """
        return await self._store.transact(
            actor.organization_id, save, self._ground, actor, line, request_id
        )

    async def undo(self, actor: Actor, undo_id: str) -> bool:
        """Put saved hours, or time off with what it cancelled, back as it was.

        False when the minute is over, it was undone already, or the hours changed since.
        """
        done = await self._store.transact(actor.organization_id, self._undo, actor, undo_id)
        self._wake()
        return done

    async def open(self, actor: Actor, time: Interval, request_id: RequestId) -> Opening:
        """Add bookable time by hand; it wins over time off that was there before.

        Raises:
            NotAllowed: the actor is no coach with a calendar.
            HoursRefused: "past", "too_long" (7 days), "overlap" with another opening.
        """
        return await self._store.transact(
            actor.organization_id, open_time, self._ground, actor, time, request_id
        )

    async def close_opening(self, actor: Actor, opening_id: OpeningId) -> bool:
        """Take an opening of the actor away; bookings in it stay. False when there is none."""

        def close(tx: Transaction) -> bool:
            tx.lock_hosts([actor.person_id])
            calendar = calendar_of(tx, actor)
            span = Interval(self._clock.now() - _AHEAD, self._clock.now() + 2 * _AHEAD)
            own = {opening.id for opening in tx.hours.openings(calendar.id, span)}
            if opening_id not in own or not tx.hours.remove_opening(opening_id):
                return False
            tx.audit.add(actor.person_id, "opening_closed", opening_id, {})
            return True

        return await self._store.transact(actor.organization_id, close)

    async def hit_by(self, actor: Actor, time: Interval) -> list[BookingDetails]:
        """Return the actor's bookings and requests that share an instant with the time."""
        return await hit_by(self._queries, actor, time)

    async def off(
        self,
        actor: Actor,
        time: Interval,
        request_id: RequestId,
        *,
        cancel_hit: bool,
        reason: str | None = None,
    ) -> TimeOffResult:
        """Take time off on all calendars; with ``cancel_hit`` cancel what lies in it.

        Whoever is cancelled is told, with the reason and free times. Undoable for a minute,
        cancellations included.

        Raises:
            HoursRefused: "past", "too_long" (366 days).
        """
        before = {details.booking.id: details for details in await self.hit_by(actor, time)}
        time_off, undo_id, until, hit = await self._store.transact(
            actor.organization_id,
            take_off,
            self._ground,
            actor,
            time,
            request_id,
            cancel_hit,
            reason,
        )
        self._wake()
        organization_id = actor.organization_id
        shown = [
            before.get(booking_id) or await self._queries.booking(organization_id, booking_id)
            for booking_id in hit
        ]
        return TimeOffResult(time_off, tuple(shown), undo_id, until)

    async def end_time_off(self, actor: Actor, time_off_id: TimeOffId) -> bool:
        """Be there again; False when there is no such time off of the actor."""

        def end(tx: Transaction) -> bool:
            tx.lock_hosts([actor.person_id])
            span = Interval(self._clock.now() - _AHEAD, self._clock.now() + 2 * _AHEAD)
            own = {off.id for off in tx.hours.time_off(actor.person_id, span)}
            if time_off_id not in own or not tx.hours.remove_time_off(time_off_id):
                return False
            tx.audit.add(actor.person_id, "time_off_ended", time_off_id, {})
            return True

        return await self._store.transact(actor.organization_id, end)

    async def overview(self, actor: Actor) -> HoursOverview | None:
        """Return the actor's hours as they stand; None for somebody without a calendar."""
        return await self._queries.hours(actor.organization_id, actor.person_id, self._clock.now())

    def _undo(self, tx: Transaction, actor: Actor, undo_id: str) -> bool:
        tx.lock_hosts([actor.person_id])
        now = self._clock.now()
        payload = tx.undos.take(undo_id, actor.person_id, now)
        if payload is None:
            return False
        did = json.loads(payload)
        match did.get("did"):
            case "hours":
                return restore_hours(tx, actor, did)
            case "off":
                return restore_time(tx, self._ground, actor, did, undo_id, now)
            case _:
                return False
