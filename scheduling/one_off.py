"""Openings and time off."""

import json
from datetime import datetime, timedelta

from scheduling import text
from scheduling.cancelling import Words, end_all
from scheduling.errors import HoursRefused
from scheduling.expiry import expire_overdue
from scheduling.ground import Ground
from scheduling.hours import Opening, TimeOff
from scheduling.hours_saving import calendar_of
from scheduling.ids import BookingId, OpeningId, RequestId, TimeOffId, new_id
from scheduling.model import BookingStatus
from scheduling.moments import Interval, from_seconds, seconds
from scheduling.people import Actor
from scheduling.ports import Transaction
from scheduling.undoing import restore_cancelled

_INSTANT = timedelta(microseconds=1)
_LONGEST_OPENING = timedelta(days=7)
_LONGEST_OFF = timedelta(days=366)
_STANDING = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})


def open_time(
    tx: Transaction, ground: Ground, actor: Actor, time: Interval, request_id: RequestId
) -> Opening:
    """Add an opening; see HoursService.open."""
    tx.lock_hosts([actor.person_id])
    now = ground.clock.now()
    calendar = calendar_of(tx, actor)
    if made := tx.requests.made(request_id):
        return Opening(OpeningId(made), calendar.id, time, now)
    _check(time, now, _LONGEST_OPENING)
    if any(known.time.overlaps(time) for known in tx.hours.openings(calendar.id, time)):
        raise HoursRefused("overlap")
    # Which of two wins is told by when they were made: two at one instant have an order too.
    off = [known.created_at for known in tx.hours.time_off(actor.person_id, time)]
    made_at = max([now, *(earlier + _INSTANT for earlier in off)])
    opening = Opening(OpeningId(new_id()), calendar.id, time, made_at)
    tx.hours.add_opening(opening)
    tx.audit.add(actor.person_id, "opened", opening.id, _detail(time))
    tx.requests.record(request_id, opening.id, now)
    return opening


def take_off(
    tx: Transaction,
    ground: Ground,
    actor: Actor,
    time: Interval,
    request_id: RequestId,
    cancel_hit: bool,
    reason: str | None,
) -> tuple[TimeOff, str, datetime, list[BookingId]]:
    """Take time off; see HoursService.off. Also return the undo, and what lay in it."""
    tx.lock_hosts([actor.person_id])
    now = ground.clock.now()
    if made := tx.requests.made(request_id):
        return _off_again(made, actor, time)
    _check(time, now, _LONGEST_OFF)
    words = text.clean_or_none("reason", reason, text.REASON_LIMIT)
    expire_overdue(tx, ground, [actor.person_id], now)
    person = tx.people.get(actor.person_id)
    calendar = tx.hours.default_calendar(actor.person_id)
    openings = tx.hours.openings(calendar.id, time) if calendar else []
    made_at = max([now, *(opening.created_at for opening in openings)])
    time_off = TimeOff(TimeOffId(new_id()), actor.person_id, time, made_at)
    tx.hours.add_time_off(time_off)
    hit = [
        booking
        for booking in tx.bookings.live_of_host(actor.person_id, time)
        if booking.status in _STANDING
    ]
    if cancel_hit:
        said = Words(person, request_id, now, None, words, host_knows=True)
        for booking in hit:
            end_all(tx, ground, booking, said)
    undo_id, until = new_id(), now + ground.policy.undo_ttl
    ids = [booking.id for booking in hit]
    payload = {"did": "off", "time_off": time_off.id, "bookings": ids if cancel_hit else []}
    tx.undos.put(undo_id, actor.person_id, json.dumps(payload), until)
    tx.audit.add(actor.person_id, "took_off", time_off.id, _detail(time))
    subject = ":".join([time_off.id, undo_id, str(seconds(until)), *ids])
    tx.requests.record(request_id, subject, now)
    return time_off, undo_id, until, ids


def restore_time(
    tx: Transaction,
    ground: Ground,
    actor: Actor,
    did: dict[str, object],
    undo_id: str,
    now: datetime,
) -> bool:
    """Undo time off as a payload of ``take_off`` tells, with the bookings it cancelled."""
    time_off_id, hit = TimeOffId(str(did["time_off"])), did["bookings"]
    removed = tx.hours.remove_time_off(time_off_id)
    for booking_id in hit if isinstance(hit, list) else ():
        restore_cancelled(tx, ground, BookingId(booking_id), actor.person_id, undo_id, now)
    tx.audit.add(actor.person_id, "time_off_undone", time_off_id, {})
    return removed


def _off_again(
    made: str, actor: Actor, time: Interval
) -> tuple[TimeOff, str, datetime, list[BookingId]]:
    time_off_id, undo_id, until, *ids = made.split(":")
    end = from_seconds(int(until))
    time_off = TimeOff(TimeOffId(time_off_id), actor.person_id, time, end)
    return time_off, undo_id, end, [BookingId(each) for each in ids]


def _check(time: Interval, now: datetime, longest: timedelta) -> None:
    if time.end <= now:
        raise HoursRefused("past")
    if time.length > longest:
        raise HoursRefused("too_long")


def _detail(time: Interval) -> dict[str, str | int]:
    return {"start": seconds(time.start), "end": seconds(time.end)}
