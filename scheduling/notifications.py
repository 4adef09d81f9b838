"""What is owed to whom: one value per message, planned in the transaction that causes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from scheduling.ids import BookingId, NotificationId, OrganizationId, PersonId
from scheduling.people import Card


class NotificationKind(StrEnum):
    """Why somebody is told something."""

    BOOKED = "booked"
    PENDING = "pending"
    PENDING_NUDGE = "pending_nudge"
    APPROVED = "approved"
    DECLINED = "declined"
    MOVED = "moved"
    CANCELLED = "cancelled"
    BACK_ON = "back_on"
    EXPIRED = "expired"
    """A pending request ended unanswered."""
    HOLD_EXPIRED = "hold_expired"
    """Only edits the card that showed the hold."""
    REMINDER = "reminder"
    COMING = "coming"
    RUNNING_LATE = "running_late"
    CANNOT_COME = "cannot_come"
    HOST_WAITS = "host_waits"
    NOTE = "note"
    NOT_REACHED = "not_reached"
    """Tells the host that the other side could not be told."""
    ZONE_RULES_CHANGED = "zone_rules_changed"
    HOURS_EXPIRING = "hours_expiring"
    COACH_ASKED = "coach_asked"
    """To admins: somebody wants to become a coach."""
    COACH_APPROVED = "coach_approved"
    COACH_DECLINED = "coach_declined"


class Urgency(IntEnum):
    """Who goes first when the chat's pace leaves room for one."""

    ANSWER = 0
    NEWS = 1
    REMINDER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message owed to one person, or to one card; a row in the outbox."""

    organization_id: OrganizationId
    id: NotificationId
    kind: NotificationKind
    person_id: PersonId
    dedupe_key: str
    """Unique in the organization: the same cause plans the same message once."""
    due_at: datetime
    useful_until: datetime | None = None
    """Sending it later than that helps nobody; None for no end."""
    urgency: Urgency = Urgency.NEWS
    booking_id: BookingId | None = None
    plan_revision: int | None = None
    """The plan the message is about; another one now makes it stale."""
    card: Card | None = None
    """The message to edit instead of sending a new one."""
    payload: Mapping[str, str | int] = field(default_factory=dict)
    """Facts of the moment that the booking does not keep; absent ones read as unknown.

    ``by``, ``by_name``: id and full name of the person whose act it tells of (they may have no
    seat any more). ``was``: former start in epoch seconds (moved, zone rules). ``reason``,
    ``text``: typed words (cancelled, declined; note). ``lead``: seconds (reminder). ``minutes``:
    running late, 0 for on time after all. ``request``: request id of the hold (hold expired).
    ``person``, ``name``: whom it is about (coach asked, not reached). ``about``: the kind that
    did not arrive (not reached). ``until``: ISO date (hours expiring).
    """


class NotificationState(StrEnum):
    """Where a row of the outbox stands; all but WAITING are final."""

    WAITING = "waiting"
    SENT = "sent"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"
