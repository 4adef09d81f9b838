"""What people ask the core to do: one frozen value per use case, ``actor`` always verified.

``request_id`` names the user's action for life: repeating a command with it has no second effect
and returns what the first one made. ``card`` is the acting person's own message, which the
resulting notification edits; None has it sent as a new message.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduling.ids import BookingId, DraftId, EventTypeId, RequestId
from scheduling.people import Actor, Card


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSlot:
    """Keep a start for the actor while they answer and confirm; frees their earlier hold."""

    actor: Actor
    event_type_id: EventTypeId
    start: datetime
    request_id: RequestId
    card: Card | None = None
    """The message that shows the hold; it is edited when the hold ends by itself."""
    via_link: bool = False
    """The actor came by the type's code, which opens types that are not listed."""
    draft_id: DraftId | None = None
    """The draft the hold belongs to; goes with what that message is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """Give a hold of the actor back at once; repeating it is harmless."""

    actor: Actor
    booking_id: BookingId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmHold:
    """Turn the actor's hold into a booking (pending where the host approves)."""

    actor: Actor
    booking_id: BookingId
    request_id: RequestId
    answers: tuple[tuple[str, str], ...] = ()
    card: Card | None = None
    via_link: bool = False
    """The actor came by the type's code: the host gave it, so STUDENTS=approved asks no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSlot:
    """Hold and confirm in one transaction, for callers without a conversation.

    Like any new hold it frees the actor's earlier one.
    """

    actor: Actor
    event_type_id: EventTypeId
    start: datetime
    request_id: RequestId
    answers: tuple[tuple[str, str], ...] = ()
    card: Card | None = None
    via_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBooking:
    """Base of what is done to an existing booking.

    ``seen_version`` is the booking's version on the button pressed; another version now means
    the button is stale and the command is refused with BookingChanged. None skips the check.
    """

    actor: Actor
    booking_id: BookingId
    request_id: RequestId
    seen_version: int | None = None
    card: Card | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveBooking(ChangeBooking):
    """The host says yes to a pending booking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineBooking(ChangeBooking):
    """The host says no to a pending booking, with words if they like."""

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBooking(ChangeBooking):
    """Another start for the same booking: same UID, SEQUENCE + 1."""

    start: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBooking(ChangeBooking):
    """End a booking (the host), or the actor's seat in it; undoable for a minute."""

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoChange(ChangeBooking):
    """Take the actor's own last book, cancel, approve or move back, within the undo time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayComing(ChangeBooking):
    """The attendee will be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayLate(ChangeBooking):
    """The attendee (or host) comes late; zero takes it back ("I made it on time")."""

    by: timedelta = field(kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SayCannotCome(ChangeBooking):
    """Past the cut-off: tells the host and frees nothing by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayWaiting(ChangeBooking):
    """The host tells a late attendee that they wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNote(ChangeBooking):
    """Relay a short note to the other side, without showing contacts."""

    text: str = field(kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearFinished(ChangeBooking):
    """Take a booking that is over off the actor's own list; frees nothing, tells nobody."""
