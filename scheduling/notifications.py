"""What is owed to whom: one value per message, planned in the transaction that causes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from scheduling.ids import BookingId, NotificationId, OrganizationId, PersonId, SessionId
from scheduling.people import Card, Recipient


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
    SESSION_POSTED = "session_posted"
    """The card of a group session, into its channel or group."""
    SESSION_SETTLED = "session_settled"
    """Into the thread: the time that was chosen, with the calendar file."""
    SESSION_REMINDER = "session_reminder"
    """Into the thread, shortly before the start."""
    SESSION_NUDGE = "session_nudge"
    """To somebody who has not voted, once."""
    SESSION_UNSETTLED = "session_unsettled"
    """To the organizer: no time suits all, or nobody answered."""
    SESSION_CALLED_OFF = "session_called_off"
    """To each attendee, and into the thread."""
    SEAT_OFFERED = "seat_offered"
    SEAT_LAPSED = "seat_lapsed"
    """The offer went to the next in line; only edits the card of the offer."""
    SEAT_WAITING = "seat_waiting"
    """The answer to joining a waitlist."""
    CONNECTED = "connected"
    """To the other chat: both are one person now."""


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
    chat: Recipient | None = None
    """The group or thread it is for, instead of a private chat; then ``person_id`` is whose
    language and doing it is (the organizer), and nobody's other chat is tried."""
    session_id: SessionId | None = None
    payload: Mapping[str, str | int] = field(default_factory=dict)
    """Facts of the moment that the booking does not keep; absent ones read as unknown.

    ``by``, ``by_name``: id and full name of the person whose act it tells of (they may have no
    seat any more). ``was``: former start in epoch seconds (moved, zone rules). ``reason``,
    ``text``: typed words (cancelled, declined; note). ``lead``: seconds (reminder). ``minutes``:
    running late, 0 for on time after all. ``request``: request id of the hold (hold expired).
    ``person``, ``name``: whom it is about (coach asked, not reached). ``about``: the kind that
    did not arrive (not reached). ``until``: ISO date (hours expiring); epoch seconds (seat
    offered). ``seat``: id of the seat (seat offered, lapsed). ``platform``: the chat that was
    joined (connected).
    """


class NotificationState(StrEnum):
    """Where a row of the outbox stands; all but WAITING are final."""

    WAITING = "waiting"
    SENT = "sent"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"
