"""Who hears that somebody could not be told."""

from datetime import datetime

from scheduling.ids import NotificationId, new_id
from scheduling.model import Booking, BookingDetails
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Person
from scheduling.sessions.model import SessionDetails

# About these nobody else needs to hear, or it would go round in circles.
_KEPT_TO_ONESELF = frozenset({NotificationKind.HOLD_EXPIRED, NotificationKind.NOT_REACHED})


def not_reached_key(booking: Booking, person: Person) -> str:
    """Return the key of telling the host that a person is out of reach: once per plan."""
    return f"not_reached:{booking.id}:{booking.plan_revision}:{person.id}"


def not_posted(
    notification: Notification, session: SessionDetails | None, now: datetime
) -> Notification | None:
    """Return what the organizer is told when a session's card could not be posted."""
    if notification.kind is not NotificationKind.SESSION_POSTED or session is None:
        return None
    return Notification(
        organization_id=notification.organization_id,
        id=NotificationId(new_id()),
        kind=NotificationKind.NOT_REACHED,
        person_id=session.session.organizer_id,
        # Once for each try: the organizer may ask us to try again.
        dedupe_key=f"not_posted:{notification.dedupe_key}",
        due_at=now,
        session_id=session.session.id,
        payload={"about": notification.kind.value},
    )


def not_reached(
    notification: Notification, details: BookingDetails | None, person: Person, now: datetime
) -> Notification | None:
    """Return what the host is told when an attendee could not be; None when nobody is."""
    if details is None or notification.kind in _KEPT_TO_ONESELF:
        return None
    booking = details.booking
    if person.id == booking.host_id:
        return None
    return Notification(
        organization_id=booking.organization_id,
        id=NotificationId(new_id()),
        kind=NotificationKind.NOT_REACHED,
        person_id=booking.host_id,
        dedupe_key=not_reached_key(booking, person),
        due_at=now,
        booking_id=booking.id,
        plan_revision=booking.plan_revision,
        payload={"person": person.id, "name": person.name, "about": notification.kind.value},
    )
