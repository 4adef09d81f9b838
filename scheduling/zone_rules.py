"""New zone rules: coming bookings keep the time on the host's wall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scheduling.ground import (
    Ground,
    attendees,
    next_plan,
    occupied,
    wall,
)
from scheduling.ids import PersonId
from scheduling.model import Booking, BookingStatus
from scheduling.moments import Interval, seconds, zone, zone_data_version
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Person
from scheduling.plan import (
    PLANNED,
    new_notification_id,
    nudge_for_host,
    reminders_for,
    zone_rules_key,
)
from scheduling.ports import Transaction
from scheduling.sessions.following import reminder_of_thread

_AHEAD = timedelta(days=800)
_STANDING = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})


@dataclass(frozen=True, slots=True)
class _Shift:
    """A booking whose wall time has another instant by the new rules."""

    booking: Booking
    before: Interval
    """Occupied as it stands."""
    after: Interval
    """Occupied by the new rules."""
    time: Interval


def follow_host(
    tx: Transaction, ground: Ground, host_id: PersonId, *, keep_all: bool = False
) -> int:
    """Give a host's coming bookings the instants of their wall times by the present rules.

    One that would clash keeps its instant, and the host is told of it. Returns how many
    bookings were concerned.
    """
    tx.lock_hosts([host_id])
    now, version = ground.clock.now(), zone_data_version()
    live = tx.bookings.live_of_host(host_id, Interval(now, now + _AHEAD))
    shifts, fixed = _sorted_out(tx, live, version, now)
    moving, staying = ([], shifts) if keep_all else _without_clashes(shifts, fixed)
    # All old claims go before the new ones come: bookings that move together must not meet
    # each other's former times at the fence.
    for shift in moving:
        tx.bookings.release(shift.booking.id)
    for shift in moving:
        _move(tx, ground, shift, version, now)
    for shift in staying:
        _keep(tx, shift, version, now)
    return len(shifts)


def _sorted_out(
    tx: Transaction, live: Sequence[Booking], version: str, now: datetime
) -> tuple[list[_Shift], list[Interval]]:
    """Return what the rules shift, and the occupied time of everything else."""
    shifts: list[_Shift] = []
    fixed: list[Interval] = []
    for booking in live:
        kind = tx.event_types.get(booking.event_type_id)
        before = occupied(kind, booking.time)
        start = _instant(booking)
        settled = booking.zone_data == version or booking.time.start <= now
        if settled or booking.status not in _STANDING or start == booking.time.start:
            fixed.append(before)
            if not settled:
                tx.bookings.update(replace(booking, zone_data=version))
            continue
        time = Interval(start, start + booking.time.length)
        shifts.append(_Shift(booking, before, occupied(kind, time), time))
    return shifts, fixed


def _instant(booking: Booking) -> datetime:
    """Return the instant of the host's wall time; the present one where that still reads it."""
    if wall(booking.time.start, booking.host_zone) == booking.host_wall:
        return booking.time.start  # also tells the two readings of a repeated hour apart
    local = datetime.fromisoformat(booking.host_wall).replace(tzinfo=zone(booking.host_zone))
    return local.astimezone(UTC)


def _without_clashes(
    shifts: list[_Shift], fixed: list[Interval]
) -> tuple[list[_Shift], list[_Shift]]:
    """Part those that can move from those that stay, since staying may block others in turn."""
    moving, staying = list(shifts), []
    taken = list(fixed)
    while clash := next((s for s in moving if _blocked(s, moving, taken)), None):
        moving.remove(clash)
        staying.append(clash)
        taken.append(clash.before)
    return moving, staying


def _blocked(shift: _Shift, moving: list[_Shift], taken: list[Interval]) -> bool:
    others = (other.after for other in moving if other is not shift)
    return any(shift.after.overlaps(time) for time in (*taken, *others))


def _move(tx: Transaction, ground: Ground, shift: _Shift, version: str, now: datetime) -> None:
    booking = replace(
        next_plan(shift.booking),
        time=shift.time,
        zone_data=version,
        moved_from=shift.booking.time,
        undo_until=None,
    )
    tx.bookings.update(booking)
    tx.bookings.claim(booking, shift.after, booking.expires_at)
    tx.outbox.retire(booking.id, PLANNED)
    people = [tx.people.get(booking.host_id), *attendees(tx, booking)]
    was = {"was": seconds(shift.booking.time.start)}
    _tell(tx, booking, people, was, now)
    kind = tx.event_types.get(booking.event_type_id)
    if booking.status is BookingStatus.CONFIRMED:
        later = reminders_for(booking, kind, people, policy=ground.policy, now=now)
        tx.outbox.add(*later, *reminder_of_thread(tx, booking, now))
    elif booking.expires_at:
        nudge = nudge_for_host(booking, booking.expires_at, policy=ground.policy, now=now)
        tx.outbox.add(*nudge)
    tx.audit.add(None, "zone_rules_moved", booking.id, was)


def _keep(tx: Transaction, shift: _Shift, version: str, now: datetime) -> None:
    booking = shift.booking
    read_now = wall(booking.time.start, booking.host_zone)
    booking = replace(booking, zone_data=version, host_wall=read_now, version=booking.version + 1)
    tx.bookings.update(booking)
    facts: dict[str, str | int] = {"kept": 1, "was_wall": shift.booking.host_wall}
    _tell(tx, booking, [tx.people.get(booking.host_id)], facts, now)
    tx.audit.add(None, "zone_rules_kept", booking.id, {"wall": read_now})


def _tell(
    tx: Transaction,
    booking: Booking,
    readers: Sequence[Person],
    facts: Mapping[str, str | int],
    now: datetime,
) -> None:
    tx.outbox.add(
        *(
            Notification(
                organization_id=booking.organization_id,
                id=new_notification_id(),
                kind=NotificationKind.ZONE_RULES_CHANGED,
                person_id=reader.id,
                dedupe_key=zone_rules_key(booking, reader.id),
                due_at=now,
                booking_id=booking.id,
                plan_revision=booking.plan_revision,
                payload=facts,
            )
            for reader in readers
        )
    )
