"""A session with a time and seats, posted at once."""

from dataclasses import replace
from datetime import datetime

from scheduling import text
from scheduling.errors import BeyondHorizon, InputRefused, InThePast, SlotTaken
from scheduling.event_type_change import check_duration
from scheduling.expiry import expire_overdue
from scheduling.ground import Ground
from scheduling.ids import PersonId, SessionId, new_id
from scheduling.model import Booking, EventType
from scheduling.moments import Interval, utc
from scheduling.notifications import Notification, NotificationKind
from scheduling.plan import Act, notifications_for, reminders_for
from scheduling.ports import Transaction
from scheduling.sessions.commands import OpenSession
from scheduling.sessions.deadlines import heads_deadline
from scheduling.sessions.model import Member, Session, SessionStatus
from scheduling.sessions.news import posted, thread_reminder
from scheduling.sessions.stage import made_session
from scheduling.sessions.taking_place import AHEAD, MOST_SEATS, take_place

_FEWEST_SEATS = 2


def open_session(tx: Transaction, ground: Ground, command: OpenSession) -> Session:
    """Claim the organizer's time and plan the card; see SessionService.open."""
    organizer_id = command.actor.person_id
    people = [person for person in dict.fromkeys(command.members) if person != organizer_id]
    tx.lock_hosts({organizer_id, *people})
    if made := made_session(tx, command.request_id):
        return made
    now = ground.clock.now()
    _check(command, people, now)
    expire_overdue(tx, ground, [organizer_id, *people], now)
    start = utc(command.start)
    time = Interval(start, start + command.duration)
    _check_coaches(tx, people, time, now)
    session = Session(
        organization_id=tx.organization_id,
        id=SessionId(new_id()),
        organizer_id=organizer_id,
        title=text.clean("title", command.title, text.TITLE_LIMIT),
        duration=command.duration,
        status=SessionStatus.ON,
        group=command.group,
        request_id=command.request_id,
        created_at=now,
        capacity=command.seats,
        minimum=command.minimum,
        decide_by=heads_deadline(now, start) if command.minimum else None,
        members=tuple(Member(person) for person in (organizer_id, *people)) if people else (),
        undo_until=now + ground.policy.undo_ttl,
    )
    kind, booking = take_place(tx, session, time, people, command.request_id, now)
    session = replace(session, event_type_id=kind.id, booking_id=booking.id)
    tx.sessions.add(session)
    tx.outbox.add(posted(session, now), *thread_reminder(session, booking, now))
    tx.outbox.add(*_personal(tx, ground, kind, booking, people, command, now))
    tx.audit.add(organizer_id, "session_opened", session.id, {"seats": command.seats})
    tx.requests.record(command.request_id, session.id, now)
    return session


def _check(command: OpenSession, people: list[PersonId], now: datetime) -> None:
    check_duration(command.duration)
    if command.start <= now:
        raise InThePast(command.start)
    if command.start > now + AHEAD:
        raise BeyondHorizon(command.start, AHEAD)
    if not _FEWEST_SEATS <= command.seats <= MOST_SEATS or len(people) > command.seats:
        raise InputRefused("seats", "not_valid", MOST_SEATS)
    if command.minimum is not None and not 1 <= command.minimum <= command.seats:
        raise InputRefused("minimum", "not_valid", command.seats)


def _check_coaches(tx: Transaction, people: list[PersonId], time: Interval, now: datetime) -> None:
    """Refuse a time at which a coach among those named is booked: they were free when asked.

    Raises:
        SlotTaken: one is not any more.
    """
    coaches = [person for person in people if tx.people.get(person).is_coach]
    if any(tx.sessions.busy_of(coaches, time, now).values()):
        raise SlotTaken(time.start)


def _personal(
    tx: Transaction,
    ground: Ground,
    kind: EventType,
    booking: Booking,
    people: list[PersonId],
    command: OpenSession,
    now: datetime,
) -> list[Notification]:
    """Return what those named are told, and everybody's reminders, the organizer's included."""
    organizer = tx.people.get(booking.host_id)
    seated = [tx.people.get(person) for person in people]
    act = Act(kind=NotificationKind.BOOKED, by=organizer, cause=command.request_id, now=now)
    return [
        *notifications_for(act, booking, seated),
        *reminders_for(booking, kind, [organizer, *seated], policy=ground.policy, now=now),
    ]
