"""Who is told what and when, planned in the transaction that causes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from scheduling.ids import NotificationId, OrganizationId, PersonId, RequestId, new_id
from scheduling.model import Attendance, Booking, EventType
from scheduling.moments import seconds, zone
from scheduling.notifications import Notification, NotificationKind, Urgency
from scheduling.people import AccountKey, Card, Person, QuietHours
from scheduling.policy import Policy

PLANNED = (
    NotificationKind.REMINDER,
    NotificationKind.PENDING_NUDGE,
    NotificationKind.SESSION_REMINDER,
)
"""What waits for its time and must not outlive a change of the plan."""
# A note says what was typed, whatever becomes of the booking until it arrives.
_OUTLIVES_THE_PLAN = frozenset({NotificationKind.NOTE})


# --- dedupe keys: the same cause tells the same person once -----------------------------------


def act_key(kind: NotificationKind, booking: Booking, cause: str, reader_id: PersonId) -> str:
    """Return the key of what one action tells one person about a booking."""
    return f"{kind}:{booking.id}:{cause}:{reader_id}"


def reminder_key(booking: Booking, lead: timedelta, reader: Person, seat: Attendance | None) -> str:
    """Return the key of a reminder: booking, plan revision, lead time and person.

    With the seat, since whoever left a group and came back is reminded again, and with the
    revision of the person, whose reminders are planned anew when their settings change.
    """
    part = seat.id if seat else "host"
    whole = lead // timedelta(seconds=1)
    who = f"{reader.id}:{part}:{reader.version}"
    return f"reminder:{booking.id}:{booking.plan_revision}:{whole}:{who}"


def nudge_key(booking: Booking) -> str:
    """Return the key of asking the host once more."""
    return f"pending_nudge:{booking.id}:{booking.plan_revision}"


def hold_expired_key(booking: Booking, seat: Attendance) -> str:
    """Return the key of telling one message that its hold ended."""
    return f"hold_expired:{booking.id}:{seat.id}"


def zone_rules_key(booking: Booking, reader_id: PersonId) -> str:
    """Return the key of telling that zone rules moved a booking."""
    return f"zone_rules:{booking.id}:{booking.zone_data}:{reader_id}"


def hours_expiring_key(owner_id: PersonId, until: str) -> str:
    """Return the key of telling a coach that their hours end on a date."""
    return f"hours_expiring:{owner_id}:{until}"


def coach_asked_key(person_id: PersonId, day: str, admin_id: PersonId) -> str:
    """Return the key of asking an admin about a new coach: once a day, however often pressed."""
    return f"coach_asked:{person_id}:{day}:{admin_id}"


def coach_declined_mark(person_id: PersonId, day: str) -> RequestId:
    """Return the mark of an admin's no on that day: nobody is asked about it again before."""
    return RequestId(f"coach_declined:{person_id}:{day}")


def coach_decided_key(person_id: PersonId, cause: str) -> str:
    """Return the key of telling a person what an admin decided."""
    return f"coach_decided:{person_id}:{cause}"


def connected_key(joined: AccountKey, now: datetime) -> str:
    """Return the key of telling one chat that another one joined it."""
    return f"connected:{joined}:{seconds(now)}"


# --- what happened, told now -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that happened to a booking, to be told to everybody it concerns."""

    kind: NotificationKind
    by: Person | None
    """Whose act it was; None when time did it."""
    cause: str
    """The request id, or what else makes this act the same when it is repeated."""
    now: datetime
    card: Card | None = None
    """The actor's own message."""
    undo_until: datetime | None = None
    """Until then the actor may take it back."""
    facts: Mapping[str, str | int] = field(default_factory=dict)


def notifications_for(act: Act, booking: Booking, readers: Iterable[Person]) -> list[Notification]:
    """Return one notification per reader; the actor's own is an answer and edits their card."""
    return [_told(act, booking, reader) for reader in readers]


def _told(act: Act, booking: Booking, reader: Person) -> Notification:
    own = act.by is not None and reader.id == act.by.id
    payload: dict[str, str | int] = dict(act.facts)
    if act.by:
        payload |= {"by": act.by.id, "by_name": act.by.name}
        payload["by_host"] = int(act.by.id == booking.host_id)
    if own and act.undo_until:
        payload["undo_until"] = seconds(act.undo_until)
    lasting = act.kind in _OUTLIVES_THE_PLAN
    return Notification(
        organization_id=booking.organization_id,
        id=new_notification_id(),
        kind=act.kind,
        person_id=reader.id,
        dedupe_key=act_key(act.kind, booking, act.cause, reader.id),
        due_at=act.now,
        urgency=Urgency.ANSWER if own else Urgency.NEWS,
        booking_id=booking.id,
        plan_revision=None if lasting else booking.plan_revision,
        card=act.card if own else None,
        payload=payload,
    )


# --- what is told later ------------------------------------------------------------------------


def reminders_for(
    booking: Booking, kind: EventType, people: Iterable[Person], *, policy: Policy, now: datetime
) -> list[Notification]:
    """Plan the reminders of these people, the host among them or not."""
    planned: list[Notification] = []
    for person in people:
        if person.id == booking.host_id:
            planned += reminders_for_host(booking, kind, person, policy=policy, now=now)
        elif seat := booking.seat_of(person.id):
            planned += reminders_for_attendee(booking, kind, person, seat, policy=policy, now=now)
    return planned


def reminders_for_attendee(
    booking: Booking,
    kind: EventType,
    person: Person,
    seat: Attendance,
    *,
    policy: Policy,
    now: datetime,
) -> list[Notification]:
    """Plan an attendee's reminders: their own lead times, else the type's, else the setting's."""
    leads = person.reminders if person.reminders is not None else _leads(kind, policy)
    return _reminders(booking, person, seat, leads, now)


def reminders_for_host(
    booking: Booking, kind: EventType, host: Person, *, policy: Policy, now: datetime
) -> list[Notification]:
    """Plan the host's reminders: their own lead times, else only the shortest of the others."""
    shortest = min(_leads(kind, policy), default=None)
    default = () if shortest is None else (shortest,)
    leads = host.reminders if host.reminders is not None else default
    return _reminders(booking, host, None, leads, now)


def _leads(kind: EventType, policy: Policy) -> tuple[timedelta, ...]:
    return kind.reminders if kind.reminders is not None else policy.reminders


def _reminders(
    booking: Booking,
    person: Person,
    seat: Attendance | None,
    leads: Iterable[timedelta],
    now: datetime,
) -> list[Notification]:
    """Plan what still lies ahead; two that quiet hours move to one moment are one.

    Each is useful until the next one is due: after a break in service only the latest goes out.
    """
    planned: dict[datetime, timedelta] = {}
    for lead in sorted(set(leads), reverse=True):
        due = before_quiet(booking.time.start - lead, person.quiet, person.zone)
        if due > now and due not in planned:
            planned[due] = lead
    dues = list(planned)
    return [
        Notification(
            organization_id=booking.organization_id,
            id=new_notification_id(),
            kind=NotificationKind.REMINDER,
            person_id=person.id,
            dedupe_key=reminder_key(booking, lead, person, seat),
            due_at=due,
            useful_until=dues[index + 1] if index + 1 < len(dues) else booking.time.start,
            urgency=Urgency.REMINDER,
            booking_id=booking.id,
            plan_revision=booking.plan_revision,
            payload={"lead": lead // timedelta(seconds=1), "index": index},
        )
        for index, (due, lead) in enumerate(planned.items())
    ]


def before_quiet(due: datetime, quiet: QuietHours | None, zone_name: str | None) -> datetime:
    """Return the moment, or the beginning of the quiet hours it falls into.

    Quiet hours only ever move a reminder earlier, so it never comes after the start.
    """
    if quiet is None or quiet.start == quiet.end:
        return due
    local = due.astimezone(zone(zone_name or "UTC"))
    minute = local.hour * 60 + local.minute
    if quiet.start < quiet.end:
        inside, day = quiet.start <= minute < quiet.end, local.date()
    elif minute >= quiet.start:
        inside, day = True, local.date()
    else:
        inside, day = minute < quiet.end, local.date() - timedelta(days=1)
    if not inside:
        return due
    begin = datetime.combine(day, time(quiet.start // 60, quiet.start % 60), local.tzinfo)
    return min(due, begin.astimezone(due.tzinfo))


def pending_deadline(policy: Policy, start: datetime, now: datetime) -> datetime:
    """Return until when the host may answer: never after the start, else at least a little."""
    wanted = min(now + policy.pending_ttl, start - policy.pending_lead)
    return min(max(wanted, now + policy.pending_least), start)


def nudge_for_host(
    booking: Booking, deadline: datetime, *, policy: Policy, now: datetime
) -> list[Notification]:
    """Plan to ask the host once more, if the deadline leaves time for it."""
    due = now + policy.pending_nudge
    if due >= deadline:
        return []
    return [
        Notification(
            organization_id=booking.organization_id,
            id=new_notification_id(),
            kind=NotificationKind.PENDING_NUDGE,
            person_id=booking.host_id,
            dedupe_key=nudge_key(booking),
            due_at=due,
            useful_until=deadline,
            booking_id=booking.id,
            plan_revision=booking.plan_revision,
        )
    ]


def end_of_hold(
    booking: Booking,
    seat: Attendance,
    due: datetime,
    card: Card,
    facts: Mapping[str, str | int],
) -> Notification:
    """Plan to tell the message that shows a hold that it has ended."""
    return Notification(
        organization_id=booking.organization_id,
        id=new_notification_id(),
        kind=NotificationKind.HOLD_EXPIRED,
        person_id=seat.person_id,
        dedupe_key=hold_expired_key(booking, seat),
        due_at=due,
        urgency=Urgency.ANSWER,
        booking_id=booking.id,
        card=card,
        payload=facts,
    )


def to_person(
    organization_id: OrganizationId,
    kind: NotificationKind,
    person_id: PersonId,
    dedupe_key: str,
    now: datetime,
    payload: Mapping[str, str | int],
) -> Notification:
    """Tell a person something that concerns no booking."""
    return Notification(
        organization_id=organization_id,
        id=new_notification_id(),
        kind=kind,
        person_id=person_id,
        dedupe_key=dedupe_key,
        due_at=now,
        payload=payload,
    )


def new_notification_id() -> NotificationId:
    """Return a fresh identity for a row of the outbox."""
    return NotificationId(new_id())
