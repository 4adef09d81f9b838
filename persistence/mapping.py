"""Rows in, domain values out, and back; shared by the transaction and the queries."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row

from scheduling.grammar.hours_line import MinuteRange
from scheduling.hours import Calendar, Opening, Schedule, TimeOff
from scheduling.ids import (
    BookingId,
    CalendarId,
    EventTypeId,
    NotificationId,
    OpeningId,
    OrganizationId,
    PersonId,
    ScheduleId,
    SessionId,
    StartCode,
    TimeOffId,
)
from scheduling.model import (
    EventType,
    Listing,
    Question,
)
from scheduling.moments import Interval
from scheduling.notifications import Notification, NotificationKind, Urgency
from scheduling.people import (
    AccountKey,
    Card,
    ChatAccount,
    Person,
    Platform,
    QuietHours,
    Recipient,
    Role,
)

AnyRow = Row[Any]
Values = dict[str, Any]


def whole_seconds(length: timedelta) -> int:
    """Return a length as stored: whole seconds."""
    return length // timedelta(seconds=1)


def _leads(leads: Iterable[timedelta] | None) -> str | None:
    return None if leads is None else json.dumps([whole_seconds(lead) for lead in leads])


def _read_leads(text: str | None) -> tuple[timedelta, ...] | None:
    return None if text is None else tuple(timedelta(seconds=lead) for lead in json.loads(text))


def person_of(row: AnyRow, roles: Iterable[str]) -> Person:
    """Build a person from a row of ``people``."""
    quiet = None if row.quiet_start is None else QuietHours(row.quiet_start, row.quiet_end)
    return Person(
        organization_id=OrganizationId(row.organization_id),
        id=PersonId(row.id),
        name=row.name,
        zone=row.zone,
        locale=row.locale,
        roles=frozenset(Role(role) for role in roles),
        phone=row.phone,
        email=row.email,
        quiet=quiet,
        reminders=_read_leads(row.reminders),
        about=row.about,
        version=row.version,
    )


def person_values(person: Person) -> Values:
    """Return what ``people`` stores of a person, but the key and the version."""
    return {
        "name": person.name,
        "zone": person.zone,
        "locale": person.locale,
        "phone": person.phone,
        "email": person.email,
        "quiet_start": person.quiet.start if person.quiet else None,
        "quiet_end": person.quiet.end if person.quiet else None,
        "reminders": _leads(person.reminders),
        "about": person.about,
    }


def account_of(row: AnyRow) -> ChatAccount:
    """Build an account from a row of ``chat_accounts``."""
    return ChatAccount(
        key=AccountKey(Platform(row.platform), row.tenant, row.account_id),
        person_id=PersonId(row.person_id),
        chat_id=row.chat_id,
        username=row.username,
        language=row.language,
        reachable=row.reachable,
        last_seen=row.last_seen,
        name=row.name,
        zone=row.zone,
    )


def account_values(account: ChatAccount) -> Values:
    """Return what ``chat_accounts`` stores, but the key."""
    return {
        "person_id": account.person_id,
        "chat_id": account.chat_id,
        "username": account.username,
        "language": account.language,
        "reachable": account.reachable,
        "last_seen": account.last_seen,
        "name": account.name,
        "zone": account.zone,
    }


def _ranges(pairs: Iterable[Iterable[int]]) -> tuple[MinuteRange, ...]:
    return tuple(MinuteRange(start, end) for start, end in pairs)


def _pairs(ranges: Iterable[MinuteRange]) -> list[list[int]]:
    return [[part.start, part.end] for part in ranges]


def schedule_of(row: AnyRow) -> Schedule:
    """Build a schedule from a row of ``schedules``."""
    weekly = {int(day): _ranges(pairs) for day, pairs in json.loads(row.weekly).items()}
    dated = {
        date.fromisoformat(day): _ranges(pairs) for day, pairs in json.loads(row.dated).items()
    }
    return Schedule(
        id=ScheduleId(row.id),
        owner_id=PersonId(row.owner_id),
        name=row.name,
        zone=row.zone,
        weekly=MappingProxyType(weekly),
        dated=MappingProxyType(dated),
        version=row.version,
    )


def schedule_values(schedule: Schedule) -> Values:
    """Return what ``schedules`` stores, but the key and the position."""
    return {
        "owner_id": schedule.owner_id,
        "name": schedule.name,
        "zone": schedule.zone,
        "weekly": json.dumps({day: _pairs(part) for day, part in sorted(schedule.weekly.items())}),
        "dated": json.dumps(
            {day.isoformat(): _pairs(part) for day, part in sorted(schedule.dated.items())}
        ),
        "version": schedule.version,
    }


def calendar_of(row: AnyRow) -> Calendar:
    """Build a calendar from a row of ``calendars``."""
    return Calendar(CalendarId(row.id), PersonId(row.owner_id), row.name)


def opening_of(row: AnyRow) -> Opening:
    """Build an opening from a row of ``openings``."""
    time = Interval(row.starts_at, row.ends_at)
    return Opening(OpeningId(row.id), CalendarId(row.calendar_id), time, row.created_at)


def time_off_of(row: AnyRow) -> TimeOff:
    """Build time off from a row of ``time_off``."""
    time = Interval(row.starts_at, row.ends_at)
    return TimeOff(TimeOffId(row.id), PersonId(row.person_id), time, row.created_at)


# Read with every booking and seldom changed: the same row is the same value.
@lru_cache(maxsize=2_000)
def event_type_of(row: AnyRow) -> EventType:
    """Build an event type from a row of ``event_types``."""
    return EventType(
        organization_id=OrganizationId(row.organization_id),
        id=EventTypeId(row.id),
        calendar_id=CalendarId(row.calendar_id),
        host_id=PersonId(row.host_id),
        code=StartCode(row.code),
        title=row.title,
        duration=timedelta(seconds=row.duration),
        step=timedelta(seconds=row.step),
        buffer_before=timedelta(seconds=row.buffer_before),
        buffer_after=timedelta(seconds=row.buffer_after),
        minimum_notice=timedelta(seconds=row.minimum_notice),
        horizon=timedelta(seconds=row.horizon),
        cap_per_day=row.cap_per_day,
        cap_per_week=row.cap_per_week,
        capacity=row.capacity,
        listing=Listing(row.listing),
        place=row.place,
        video=row.video,
        description=row.description,
        approval=row.approval,
        questions=tuple(Question(**question) for question in json.loads(row.questions)),
        cut_off=timedelta(seconds=row.cut_off),
        reason_required=row.reason_required,
        reminders=_read_leads(row.reminders),
        version=row.version,
    )


def event_type_values(event_type: EventType) -> Values:
    """Return what ``event_types`` stores, but the key, the position and the version."""
    return {
        "calendar_id": event_type.calendar_id,
        "host_id": event_type.host_id,
        "code": event_type.code,
        "title": event_type.title,
        "duration": whole_seconds(event_type.duration),
        "step": whole_seconds(event_type.step),
        "buffer_before": whole_seconds(event_type.buffer_before),
        "buffer_after": whole_seconds(event_type.buffer_after),
        "minimum_notice": whole_seconds(event_type.minimum_notice),
        "horizon": whole_seconds(event_type.horizon),
        "cap_per_day": event_type.cap_per_day,
        "cap_per_week": event_type.cap_per_week,
        "capacity": event_type.capacity,
        "listing": event_type.listing.value,
        "place": event_type.place,
        "video": event_type.video,
        "description": event_type.description,
        "approval": event_type.approval,
        "questions": json.dumps(
            [
                {"key": question.key, "text": question.text, "required": question.required}
                for question in event_type.questions
            ]
        ),
        "cut_off": whole_seconds(event_type.cut_off),
        "reason_required": event_type.reason_required,
        "reminders": _leads(event_type.reminders),
    }


def card_of(platform: str, tenant: str, chat_id: str, message_id: str) -> Card:
    """Build a card from its four columns."""
    return Card(Recipient(Platform(platform), tenant, chat_id), message_id)


def notification_of(row: AnyRow) -> Notification:
    """Build a notification from a row of ``outbox``."""
    card = None
    if row.card_message_id is not None:
        card = card_of(row.card_platform, row.card_tenant, row.card_chat_id, row.card_message_id)
    chat = None
    if row.chat_id is not None:
        chat = Recipient(Platform(row.chat_platform), row.chat_tenant, row.chat_id)
    payload: Mapping[str, str | int] = json.loads(row.payload)
    return Notification(
        organization_id=OrganizationId(row.organization_id),
        id=NotificationId(row.id),
        kind=NotificationKind(row.kind),
        person_id=PersonId(row.person_id),
        dedupe_key=row.dedupe_key,
        due_at=row.due_at,
        useful_until=row.useful_until,
        urgency=Urgency(row.urgency),
        booking_id=None if row.booking_id is None else BookingId(row.booking_id),
        plan_revision=row.plan_revision,
        card=card,
        chat=chat,
        session_id=None if row.session_id is None else SessionId(row.session_id),
        payload=MappingProxyType(payload),
    )


def notification_values(notification: Notification) -> Values:
    """Return what a new row of ``outbox`` stores."""
    card, chat = notification.card, notification.chat
    return {
        "organization_id": notification.organization_id,
        "id": notification.id,
        "kind": notification.kind.value,
        "person_id": notification.person_id,
        "dedupe_key": notification.dedupe_key,
        "booking_id": notification.booking_id,
        "plan_revision": notification.plan_revision,
        "card_platform": card.chat.platform.value if card else None,
        "card_tenant": card.chat.tenant if card else None,
        "card_chat_id": card.chat.chat_id if card else None,
        "card_message_id": card.message_id if card else None,
        "session_id": notification.session_id,
        "chat_platform": chat.platform.value if chat else None,
        "chat_tenant": chat.tenant if chat else None,
        "chat_id": chat.chat_id if chat else None,
        "payload": json.dumps(dict(notification.payload)),
        "urgency": int(notification.urgency),
        "due_at": notification.due_at,
        "useful_until": notification.useful_until,
        "state": "waiting",
        "attempts": 0,
        "next_attempt_at": notification.due_at,
        "token": 0,
        "maybe_sent": False,
    }
