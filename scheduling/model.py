"""Event types, bookings and seats: the words of spec.md section 1 as values."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from scheduling.ids import (
    AttendanceId,
    BookingId,
    CalendarId,
    EventTypeId,
    OrganizationId,
    PersonId,
    RequestId,
    StartCode,
)
from scheduling.moments import Interval
from scheduling.people import Person


class Listing(StrEnum):
    """Who may book an event type."""

    LISTED = "listed"
    LINK = "link"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked of the attendee before the booking is made."""

    key: str
    text: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class EventType:
    """A template people book, of one calendar and hence of one host; never an occurrence."""

    organization_id: OrganizationId
    id: EventTypeId
    calendar_id: CalendarId
    host_id: PersonId
    code: StartCode
    title: str
    duration: timedelta
    step: timedelta
    """Distance between the starts offered; the grid begins where each stretch of hours does."""
    buffer_before: timedelta = timedelta()
    buffer_after: timedelta = timedelta()
    minimum_notice: timedelta = timedelta()
    horizon: timedelta = timedelta(days=60)
    cap_per_day: int | None = None
    cap_per_week: int | None = None
    capacity: int = 1
    listing: Listing = Listing.LISTED
    place: str | None = None
    """Where, in words; for a meeting in person."""
    video: str | None = None
    """Join link (https), or None."""
    description: str | None = None
    approval: bool = False
    questions: tuple[Question, ...] = ()
    cut_off: timedelta = timedelta(hours=4)
    """How long before the start attendees may still move or cancel by themselves."""
    reason_required: bool = False
    reminders: tuple[timedelta, ...] | None = None
    """Lead times; None takes the setting's."""
    version: int = 1


class BookingStatus(StrEnum):
    """Where a booking stands."""

    HELD = "held"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"

    @property
    def is_live(self) -> bool:
        """Say whether a booking in this state keeps its time."""
        return self in {BookingStatus.HELD, BookingStatus.PENDING, BookingStatus.CONFIRMED}


class SeatStatus(StrEnum):
    """Where one person's seat in a booking stands."""

    HELD = "held"
    PENDING = "pending"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"

    @property
    def uses_seat(self) -> bool:
        """Say whether the seat counts against the capacity."""
        return self in {
            SeatStatus.HELD,
            SeatStatus.PENDING,
            SeatStatus.ACCEPTED,
            SeatStatus.OFFERED,
        }


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person's seat in a booking."""

    id: AttendanceId
    booking_id: BookingId
    person_id: PersonId
    status: SeatStatus
    answers: tuple[tuple[str, str], ...] = ()
    """Question key and what was typed, in the order asked."""
    coming: bool = False
    """The attendee said "I'll be there"."""
    late_by: timedelta | None = None
    expires_at: datetime | None = None
    """End of a held or offered seat; of a waiting one, when an offer to it lapsed, for then it
    stands behind those that have had none. None otherwise."""
    cleared: bool = False
    """Taken off the person's own list after the end; frees nothing."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A time taken: one per time, also for a group; one iCalendar UID for life."""

    organization_id: OrganizationId
    id: BookingId
    event_type_id: EventTypeId
    calendar_id: CalendarId
    host_id: PersonId
    time: Interval
    host_wall: str
    """The start as the host reads it, "2026-11-24T16:00"; kept when zone rules change."""
    host_zone: str
    zone_data: str
    status: BookingStatus
    title: str
    place: str | None
    video: str | None
    capacity: int
    uid: str
    request_id: RequestId
    """The action that made it."""
    created_at: datetime
    sequence: int = 0
    """iCalendar SEQUENCE: rises when start, end, place or status changes after the first file."""
    plan_revision: int = 1
    """Guards notifications: rises when start, end or status changes."""
    version: int = 1
    """Guards buttons: rises with every change of the row. Somebody else's seat makes nobody's
    button stale; what the actor's own seat allows is checked by its state."""
    expires_at: datetime | None = None
    """When a held or pending booking ends by itself; None otherwise."""
    cancelled_by: PersonId | None = None
    reason: str | None = None
    undo_until: datetime | None = None
    """Until then the last change can be undone and a cancelled time is kept."""
    moved_from: Interval | None = None
    """The time before the latest move."""
    files_sent: bool = False
    """A calendar file has gone out, so changes raise ``sequence``."""
    seats: tuple[Attendance, ...] = ()

    @property
    def seats_used(self) -> int:
        """Return the number of seats that count against the capacity."""
        return sum(seat.status.uses_seat for seat in self.seats)

    def seat_of(self, person_id: PersonId) -> Attendance | None:
        """Return the person's newest seat, in whatever state."""
        return next((s for s in reversed(self.seats) if s.person_id == person_id), None)


@dataclass(frozen=True, slots=True)
class BookingDetails:
    """A booking with everything a message about it needs, read at once."""

    booking: Booking
    event_type: EventType
    host: Person
    people: tuple[Person, ...] = field(default=())
    """Everybody with a seat that counts, in the order they came; never the host."""
    times_met: int = 0
    """Of a pending booking: how many the first attendee had with this host before it."""

    def person(self, person_id: PersonId) -> Person | None:
        """Return the host or attendee of that id."""
        return next((p for p in (self.host, *self.people) if p.id == person_id), None)
