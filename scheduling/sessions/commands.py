"""What people ask of group sessions; see scheduling/commands.py for what all commands share."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduling.ids import AttendanceId, OptionId, PersonId, RequestId, SessionId
from scheduling.moments import Interval
from scheduling.people import Actor, Card, Recipient
from scheduling.sessions.model import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTimes:
    """Ask the members which of the candidate times suit."""

    actor: Actor
    title: str
    duration: timedelta
    members: tuple[PersonId, ...]
    """Without the organizer, who is always one."""
    times: tuple[Interval, ...]
    group: Recipient
    request_id: RequestId
    decide_by: datetime | None = None
    """None: half of the time until the first candidate, at most four days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """Set a time with seats that anybody of the channel joins; the organizer hosts it."""

    actor: Actor
    title: str
    start: datetime
    duration: timedelta
    group: Recipient
    request_id: RequestId
    seats: int
    minimum: int | None = None
    members: tuple[PersonId, ...] = ()
    """Who has a seat from the start ("Book it now" for people named)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSession:
    """Base of what is done to a session; ``seen_version`` as in ChangeBooking."""

    actor: Actor
    session_id: SessionId
    request_id: RequestId
    seen_version: int | None = None
    card: Card | None = None
    """The actor's own message, where the answer is not the card in the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVotes(ChangeSession):
    """Answer candidates; the same answer again changes nothing, another one replaces it."""

    answers: tuple[tuple[OptionId, Answer], ...] = field(kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleSession(ChangeSession):
    """The organizer takes one candidate now."""

    option_id: OptionId = field(kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTimes(ChangeSession):
    """The organizer adds candidates, or asks anew with other ones (``instead``)."""

    times: tuple[Interval, ...] = field(kw_only=True)
    instead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff(ChangeSession):
    """The organizer ends it; everybody who has a part is told."""

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoSession(ChangeSession):
    """Take the posting back within the undo time; the card goes to one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinSession(ChangeSession):
    """Take a seat; full, and ``waiting``, a place in the line."""

    waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveSession(ChangeSession):
    """Give the seat, the offer or the place in the line back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOffer(ChangeSession):
    """Take the offered seat, or pass it to the next in line, keeping no place."""

    seat_id: AttendanceId = field(kw_only=True)
    take: bool = field(kw_only=True)
