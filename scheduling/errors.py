"""What the core refuses, as facts that carry data; their sentences live in wording/refusals.py."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduling.ids import BookingId, EventTypeId, PersonId
    from scheduling.model import Booking
    from scheduling.people import Standing
    from scheduling.sessions.model import Session


class SchedulingError(Exception):
    """The core says no; safe to show, nothing was changed."""


class UnknownZone(SchedulingError):
    """There is no zone of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotAllowed(SchedulingError):
    """This person may not do this; also said of what does not exist for them."""


class NotFound(SchedulingError):
    """The thing named does not exist, or not for this person."""


class InputRefused(SchedulingError):
    """Text given for a field cannot be taken.

    ``field`` names it (name, title, note, reason, answer, place, phone, email, description ...),
    ``problem`` is one of "empty", "too_long", "not_valid"; ``limit`` goes with too_long.
    """

    def __init__(self, field: str, problem: str, limit: int | None = None) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem, self.limit = field, problem, limit


class SlotRefused(SchedulingError):
    """A start cannot be booked; the root of every rule's objection."""

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__(str(start) if start else "")
        self.start = start
        self.alternatives: tuple[datetime, ...] = ()
        """Up to three free starts nearest to ``start``, in order of nearness, read afterwards."""


class InThePast(SlotRefused):
    """The start is not after now."""


class NoticeTooShort(SlotRefused):
    """The start lies within the event type's minimum notice."""

    def __init__(self, start: datetime, notice: timedelta) -> None:
        super().__init__(start)
        self.notice = notice


class BeyondHorizon(SlotRefused):
    """The start lies further ahead than the event type's horizon."""

    def __init__(self, start: datetime, horizon: timedelta) -> None:
        super().__init__(start)
        self.horizon = horizon


class OutsideAvailability(SlotRefused):
    """The start is not on the grid of the host's free hours (closed, a gap, or time off)."""


class SlotTaken(SlotRefused):
    """The time, or its last seat, has gone."""


class CapReached(SlotRefused):
    """The host's or the event type's number of bookings of that day or week is reached."""

    def __init__(self, start: datetime, per: str, cap: int) -> None:
        super().__init__(start)
        self.per, self.cap = per, cap  # per: "day" or "week"


class TooManyBookings(SlotRefused):
    """The person holds as many coming bookings as one person may."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class TooManyHolds(TooManyBookings):
    """The person took as many holds within a day as one person may."""


class OwnTime(SlotRefused):
    """Hosts cannot book themselves."""


class AlreadyIn(SlotRefused):
    """The person already has a seat at this time of this event type."""

    def __init__(self, start: datetime, booking_id: BookingId) -> None:
        super().__init__(start)
        self.booking_id = booking_id


class EventTypeOff(SchedulingError):
    """This event type is not offered any more; ``host_id`` may offer others."""

    def __init__(self, event_type_id: EventTypeId, host_id: PersonId) -> None:
        super().__init__(event_type_id)
        self.event_type_id, self.host_id = event_type_id, host_id


class HoldGone(SchedulingError):
    """The hold ended before it was confirmed; the same time may still be free."""

    def __init__(self, start: datetime, *, still_free: bool) -> None:
        super().__init__(str(start))
        self.start, self.still_free = start, still_free


class AnswerMissing(SchedulingError):
    """A required question of the event type has no answer yet."""

    def __init__(self, question_key: str) -> None:
        super().__init__(question_key)
        self.question_key = question_key


class BookingChanged(SchedulingError):
    """The booking is not in a state that allows this; it carries how it stands now."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking.status)
        self.booking = booking


class PastCutOff(SchedulingError):
    """Too late for the attendee to move or cancel by themselves."""

    def __init__(self, booking: Booking, cut_off: timedelta) -> None:
        super().__init__(str(cut_off))
        self.booking, self.cut_off = booking, cut_off


class ReasonMissing(SchedulingError):
    """The event type asks for a reason with a cancellation."""

    def __init__(self, booking: Booking) -> None:
        super().__init__()
        self.booking = booking


class UndoGone(SchedulingError):
    """The time to undo has passed, or something else happened since."""


class CoachSignUpClosed(SchedulingError):
    """Becoming a coach takes an invite code or an admin's yes.

    ``mode`` is invite, approval, or declined when an admin said no today.
    """

    def __init__(self, mode: str) -> None:
        super().__init__(mode)
        self.mode = mode


class StudentsClosed(SchedulingError):
    """This bot takes bookings from people with a link, or after approval, only."""

    def __init__(self, mode: str) -> None:
        super().__init__(mode)
        self.mode = mode


class SessionChanged(SchedulingError):
    """The session is not in a state that allows this; it carries how it stands now."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.status)
        self.session = session


class NotOrganizer(SchedulingError):
    """Only the organizer may do this."""

    def __init__(self, organizer_id: PersonId) -> None:
        super().__init__(organizer_id)
        self.organizer_id = organizer_id


class SessionFull(SchedulingError):
    """No seat is left; one may wait for one."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session


class OfferGone(SchedulingError):
    """The offered seat went to the next in line, or was answered already."""

    def __init__(self, *, waiting: bool) -> None:
        super().__init__()
        self.waiting = waiting


class EntryRefused(SchedulingError):
    """Bookings here are for members of the organization."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing)
        self.standing = standing


class CodeGone(SchedulingError):
    """A one-time code was used, is too old, or never was."""


class SamePerson(SchedulingError):
    """Both accounts belong to one person already."""


class CannotConnect(SchedulingError):
    """Two people cannot become one: "two_accounts" on one platform, or "overlap" of bookings."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class HoursRefused(SchedulingError):
    """An opening or time off cannot be taken as given: "past", "gap", "too_long", "overlap"."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class DeliveryError(Exception):
    """A chat platform did not take a message."""


class RecipientUnreachable(DeliveryError):
    """For good: blocked, deactivated, no such chat; do not try again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DeliveryDeferred(DeliveryError):
    """Certainly not sent; try again after ``retry_after``.

    ``whole_bot`` tells that the limit concerns every chat of the bot, not this one alone.
    """

    def __init__(self, retry_after: timedelta, *, whole_bot: bool = False) -> None:
        super().__init__(str(retry_after))
        self.retry_after, self.whole_bot = retry_after, whole_bot


class DeliveryUnknown(DeliveryError):
    """The platform may have taken it; the answer never came."""


class ChatMoved(DeliveryError):
    """The chat has a new id (a Telegram group became a supergroup)."""

    def __init__(self, new_chat_id: str) -> None:
        super().__init__(new_chat_id)
        self.new_chat_id = new_chat_id


class CardGone(DeliveryError):
    """The message was deleted, or cannot be edited any more."""


class MessageRefused(DeliveryError):
    """The platform refuses this message whatever the time: a defect of ours; never retried."""


class StoreUnavailable(Exception):
    """The database cannot be reached or written now; nothing was changed, try again."""


class StoreInUse(Exception):
    """Another process runs on this SQLite file."""
