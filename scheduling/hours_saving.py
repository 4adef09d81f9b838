"""Saving hours, and putting them back."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from scheduling.errors import NotAllowed, UnknownZone
from scheduling.grammar.hours_line import HoursLine, MinuteRange
from scheduling.ground import Ground
from scheduling.hours import Calendar, Schedule
from scheduling.hours_lines import Ranges, expiry_with, schedule_with
from scheduling.ids import CalendarId, RequestId, new_id
from scheduling.moments import from_seconds, seconds, zone
from scheduling.people import Actor
from scheduling.ports import Transaction


@dataclass(frozen=True, slots=True)
class SavedHours:
    """Hours as saved, and how to have those before back."""

    schedule: Schedule
    undo_id: str
    undo_until: datetime


def save(
    tx: Transaction, ground: Ground, actor: Actor, line: HoursLine, request_id: RequestId
) -> SavedHours:
    """Make the line the actor's hours; see HoursService.save."""
    tx.lock_hosts([actor.person_id])
    calendar = calendar_of(tx, actor)
    before = tx.hours.default_schedule(actor.person_id)
    if before is None:
        raise NotAllowed
    if made := tx.requests.made(request_id):
        undo_id, _, end = made.partition(":")
        return SavedHours(before, undo_id, from_seconds(int(end)))
    now = ground.clock.now()
    person = tx.people.get(actor.person_id)
    if person.zone is None:
        raise UnknownZone("")
    expires_on = tx.hours.expiry(calendar.id, before.id)
    today = now.astimezone(zone(person.zone)).date()
    after = schedule_with(before, line, person.zone, today)
    tx.hours.put_schedule(after)
    tx.hours.link(calendar.id, after.id, expiry_with(line, expires_on))
    undo_id, until = new_id(), now + ground.policy.undo_ttl
    payload = _hours_payload(before, expires_on, calendar, after.version)
    tx.undos.put(undo_id, actor.person_id, payload, until)
    tx.audit.add(actor.person_id, "hours_saved", after.id, {"version": after.version})
    tx.requests.record(request_id, f"{undo_id}:{seconds(until)}", now)
    return SavedHours(after, undo_id, until)


def calendar_of(tx: Transaction, actor: Actor) -> Calendar:
    """Return the actor's calendar.

    Raises:
        NotAllowed: the actor is no coach, or has none.
    """
    calendar = tx.hours.default_calendar(actor.person_id)
    if calendar is None or not tx.people.get(actor.person_id).is_coach:
        raise NotAllowed
    return calendar


def _hours_payload(
    before: Schedule, expires_on: date | None, calendar: Calendar, version: int
) -> str:
    return json.dumps(
        {
            "did": "hours",
            "calendar": calendar.id,
            "version": version,
            "zone": before.zone,
            "weekly": {str(day): _pairs(ranges) for day, ranges in before.weekly.items()},
            "dated": {day.isoformat(): _pairs(ranges) for day, ranges in before.dated.items()},
            "expires_on": expires_on.isoformat() if expires_on else None,
        }
    )


def _pairs(ranges: Ranges) -> list[list[int]]:
    return [[r.start, r.end] for r in ranges]


def _ranges(pairs: Iterable[Iterable[int]]) -> Ranges:
    return tuple(MinuteRange(start, end) for start, end in pairs)


def restore_hours(tx: Transaction, actor: Actor, did: dict[str, object]) -> bool:
    """Put hours back as a payload of ``save`` tells; False when they changed since."""
    now = tx.hours.default_schedule(actor.person_id)
    if now is None or now.version != did["version"]:
        return False  # saved again since
    weekly, dated, expires = did["weekly"], did["dated"], did["expires_on"]
    if not isinstance(weekly, dict) or not isinstance(dated, dict):
        return False
    tx.hours.put_schedule(
        replace(
            now,
            zone=str(did["zone"]),
            weekly={int(day): _ranges(pairs) for day, pairs in weekly.items()},
            dated={date.fromisoformat(day): _ranges(pairs) for day, pairs in dated.items()},
            version=now.version + 1,
        )
    )
    until = date.fromisoformat(expires) if isinstance(expires, str) else None
    tx.hours.link(CalendarId(str(did["calendar"])), now.id, until)
    tx.audit.add(actor.person_id, "hours_undone", now.id, {"version": now.version + 1})
    return True
