"""What both sides tell each other around a booking; none of it changes the plan."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduling import text
from scheduling.commands import (
    ChangeBooking,
    SayCannotCome,
    SayComing,
    SayLate,
    SayWaiting,
    SendNote,
)
from scheduling.errors import BookingChanged, InputRefused, NotAllowed
from scheduling.ground import (
    SEATED,
    Ground,
    attendees,
    check_fresh,
    check_side,
    made_by,
    tell,
    with_seats,
)
from scheduling.model import Attendance, Booking, BookingStatus
from scheduling.notifications import NotificationKind
from scheduling.people import Person
from scheduling.plan import Act
from scheduling.ports import Transaction

_LATEST = timedelta(hours=4)
# After that the booking is history, and whoever wants to talk has other ways.
_NOTES_UNTIL = timedelta(days=7)


def coming(tx: Transaction, ground: Ground, command: SayComing) -> Booking:
    """The attendee will be there."""

    def said(scene: _Scene) -> Booking:
        seat = scene.seat()
        booking = with_seats(tx, scene.booking, [replace(seat, coming=True)])
        scene.tell(NotificationKind.COMING, {})
        return booking

    return _say(tx, ground, command, said)


def late(tx: Transaction, ground: Ground, command: SayLate) -> Booking:
    """Somebody comes late, or on time after all."""
    minutes = command.by // timedelta(minutes=1)
    if not timedelta() <= command.by <= _LATEST:
        raise InputRefused("late", "not_valid")

    def said(scene: _Scene) -> Booking:
        booking = scene.booking
        if not scene.by_host:
            changed = replace(scene.seat(), late_by=command.by or None, coming=True)
            booking = with_seats(tx, booking, [changed])
        scene.tell(NotificationKind.RUNNING_LATE, {"minutes": minutes})
        return booking

    return _say(tx, ground, command, said)


def cannot_come(tx: Transaction, ground: Ground, command: SayCannotCome) -> Booking:
    """The attendee cannot come, too late to cancel: the host knows, the time stays taken."""

    def said(scene: _Scene) -> Booking:
        booking = with_seats(tx, scene.booking, [replace(scene.seat(), coming=False)])
        scene.tell(NotificationKind.CANNOT_COME, {})
        return booking

    return _say(tx, ground, command, said)


def waiting(tx: Transaction, ground: Ground, command: SayWaiting) -> Booking:
    """The host waits for whoever is late."""

    def said(scene: _Scene) -> Booking:
        if not scene.by_host:
            raise NotAllowed
        scene.tell(NotificationKind.HOST_WAITS, {}, only_late=True)
        return scene.booking

    return _say(tx, ground, command, said)


def note(tx: Transaction, ground: Ground, command: SendNote) -> Booking:
    """Relay words to the other side, also for some days after the booking ended."""
    words = text.clean("note", command.text, text.NOTE_LIMIT)
    booking, now, made = _begin(tx, ground, command)
    if made:
        return made
    by_host = check_side(booking, command.actor.person_id)
    if booking.status is BookingStatus.HELD or now > booking.time.end + _NOTES_UNTIL:
        raise BookingChanged(booking)
    scene = _Scene(tx, booking, command, now, by_host=by_host)
    scene.tell(NotificationKind.NOTE, {"text": words}, also_gone=True)
    return _end(tx, command, booking, "note", now)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A live booking, and who speaks about it."""

    tx: Transaction
    booking: Booking
    command: ChangeBooking
    now: datetime
    by_host: bool

    def seat(self) -> Attendance:
        """Return the speaker's seat.

        Raises:
            NotAllowed: the host speaks, who has none.
            BookingChanged: the seat was given up.
        """
        if self.by_host:
            raise NotAllowed
        seat = self.booking.seat_of(self.command.actor.person_id)
        if seat is None or seat.status not in SEATED:
            raise BookingChanged(self.booking)
        return seat

    def tell(
        self,
        kind: NotificationKind,
        facts: dict[str, str | int],
        *,
        only_late: bool = False,
        also_gone: bool = False,
    ) -> None:
        """Tell the other side, and the speaker's own message where there is one."""
        speaker = self.tx.people.get(self.command.actor.person_id)
        others = self._others(only_late=only_late, also_gone=also_gone)
        readers = [speaker, *others] if self.command.card else others
        act = Act(
            kind=kind,
            by=speaker,
            cause=self.command.request_id,
            now=self.now,
            card=self.command.card,
            facts=facts,
        )
        tell(self.tx, act, self.booking, readers)

    def _others(self, *, only_late: bool, also_gone: bool) -> list[Person]:
        if not self.by_host:
            return [self.tx.people.get(self.booking.host_id)]
        if only_late:
            late = [s.person_id for s in self.booking.seats if s.status in SEATED and s.late_by]
            if late:
                return [self.tx.people.get(person_id) for person_id in late]
        came = attendees(self.tx, self.booking)
        if not came and also_gone:
            gone = dict.fromkeys(seat.person_id for seat in self.booking.seats)
            return [self.tx.people.get(person_id) for person_id in gone]
        return came


def _say(
    tx: Transaction,
    ground: Ground,
    command: ChangeBooking,
    said: Callable[[_Scene], Booking],
) -> Booking:
    booking, now, made = _begin(tx, ground, command)
    if made:
        return made
    by_host = check_side(booking, command.actor.person_id)
    check_fresh(booking, command.seen_version)
    if booking.status is not BookingStatus.CONFIRMED or booking.time.end <= now:
        raise BookingChanged(booking)
    booking = said(_Scene(tx, booking, command, now, by_host=by_host))
    return _end(tx, command, booking, _verb(command), now)


def _begin(
    tx: Transaction, ground: Ground, command: ChangeBooking
) -> tuple[Booking, datetime, Booking | None]:
    booking = tx.bookings.get(command.booking_id)
    tx.lock_hosts({booking.host_id, command.actor.person_id})
    made = made_by(tx, command.request_id)
    return tx.bookings.get(command.booking_id), ground.clock.now(), made


def _end(
    tx: Transaction, command: ChangeBooking, booking: Booking, verb: str, now: datetime
) -> Booking:
    tx.audit.add(command.actor.person_id, verb, booking.id, {})
    tx.requests.record(command.request_id, booking.id, now)
    return booking


def _verb(command: ChangeBooking) -> str:
    match command:
        case SayComing():
            return "said_coming"
        case SayLate():
            return "said_late"
        case SayCannotCome():
            return "said_cannot_come"
        case _:
            return "said_waiting"
