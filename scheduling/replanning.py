"""Planning a person's reminders anew when they change how they want to be reminded."""

from collections.abc import Sequence
from datetime import datetime

from scheduling.ground import SEATED
from scheduling.ids import BookingId, PersonId
from scheduling.model import BookingStatus
from scheduling.notifications import NotificationKind
from scheduling.plan import reminders_for
from scheduling.policy import Policy
from scheduling.ports import Transaction


def replan_reminders(
    tx: Transaction,
    person_id: PersonId,
    booking_ids: Sequence[BookingId],
    policy: Policy,
    now: datetime,
) -> None:
    """Put the person's reminders of these bookings where their settings now want them."""
    person = tx.people.get(person_id)
    for booking_id in booking_ids:
        booking = tx.bookings.get(booking_id)
        if booking.status is not BookingStatus.CONFIRMED or booking.time.start <= now:
            continue
        kind = tx.event_types.get(booking.event_type_id)
        tx.outbox.retire(booking.id, [NotificationKind.REMINDER], person_id=person_id)
        seat = booking.seat_of(person_id)
        if booking.host_id == person_id or (seat and seat.status in SEATED):
            planned = reminders_for(booking, kind, [person], policy=policy, now=now)
            tx.outbox.add(*planned)
