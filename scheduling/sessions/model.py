"""Group sessions as values: what is asked, who answered, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from scheduling.ids import (
    BookingId,
    EventTypeId,
    OptionId,
    OrganizationId,
    PersonId,
    RequestId,
    SessionId,
)
from scheduling.model import BookingDetails
from scheduling.moments import Interval
from scheduling.people import Card, Person, Recipient


class SessionStatus(StrEnum):
    """Where a group session stands."""

    ASKING = "asking"
    """People vote on times."""
    ON = "on"
    """It has a time, and a booking that people join and leave."""
    UNSETTLED = "unsettled"
    """No time suited; the organizer takes one, asks anew, or calls it off."""
    CALLED_OFF = "called_off"


TOO_FEW = "too_few"
"""Why a session was called off by the count of heads, which follows it in the booking; else the
reason is what was typed."""
UNDONE = "undone"
"""Why a posting is gone that its organizer took back at once."""
_OPEN = frozenset({SessionStatus.ASKING, SessionStatus.UNSETTLED})


class Answer(StrEnum):
    """What somebody says to one candidate time."""

    YES = "yes"
    IF_NEED_BE = "if_need_be"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's answer to one candidate time; another one replaces it."""

    option_id: OptionId
    person_id: PersonId
    answer: Answer


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate time, held softly: busy when listing, checked again when it is settled."""

    id: OptionId
    letter: str
    time: Interval
    missing: tuple[PersonId, ...] = ()
    """Who cannot make it as far as slotbook knows; empty while it suits all asked."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody whose answer is asked for."""

    person_id: PersonId
    hours_known: bool = True
    """False: no hours are set, so the working day of their zone was taken."""
    nudged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A group session: first a question about times (maybe), then one booking with seats."""

    organization_id: OrganizationId
    id: SessionId
    organizer_id: PersonId
    title: str
    duration: timedelta
    status: SessionStatus
    group: Recipient
    """The channel or group that it was asked in (or a thread there)."""
    request_id: RequestId
    created_at: datetime
    capacity: int
    minimum: int | None = None
    """It takes place with so many; fewer by ``decide_by`` call it off."""
    decide_by: datetime | None = None
    """Asking: the votes are counted then. On, with a minimum: heads are counted then."""
    members: tuple[Member, ...] = ()
    """Who is asked, the organizer among them; empty for a session anybody joins."""
    options: tuple[Option, ...] = ()
    votes: tuple[Vote, ...] = ()
    event_type_id: EventTypeId | None = None
    booking_id: BookingId | None = None
    card: Card | None = None
    """The one message in the channel, once it was posted."""
    version: int = 1
    """Guards buttons that settle or call off; votes and seats make nobody's button stale."""
    undo_until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it has no time yet, and the organizer or the members may still settle it."""
        return self.status in _OPEN

    def ended(self) -> "Session":
        """Return it called off: nothing of it is due any more, and older buttons are stale."""
        return replace(
            self,
            status=SessionStatus.CALLED_OFF,
            decide_by=None,
            version=self.version + 1,
            undo_until=None,
        )

    def option(self, option_id: OptionId) -> Option | None:
        """Return the candidate of that id."""
        return next((each for each in self.options if each.id == option_id), None)

    def answer_of(self, person_id: PersonId, option_id: OptionId) -> Answer | None:
        """Return what the person says to the candidate; None before they answered."""
        return next(
            (v.answer for v in self.votes if (v.option_id, v.person_id) == (option_id, person_id)),
            None,
        )

    @property
    def silent(self) -> tuple[PersonId, ...]:
        """Return the members who have answered no candidate yet, in the order asked."""
        spoke = {vote.person_id for vote in self.votes}
        return tuple(m.person_id for m in self.members if m.person_id not in spoke)


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """A session with everything its card needs, read at once."""

    session: Session
    organizer: Person
    people: tuple[Person, ...] = ()
    """Members and everybody with a seat or a vote."""
    booking: BookingDetails | None = None
    """Once it has a time. Its seats tell who is in and who waits, in order."""

    def person(self, person_id: PersonId) -> Person | None:
        """Return the person of that id, if they have a part in it."""
        return next((p for p in (self.organizer, *self.people) if p.id == person_id), None)


@dataclass(frozen=True, slots=True)
class CommonTime:
    """A time found for several people."""

    time: Interval
    missing: tuple[PersonId, ...] = ()
    """Who is not free then; the best times have none."""


@dataclass(frozen=True, slots=True)
class CommonTimes:
    """What a search for common time found; people as asked, best options first."""

    people: tuple[Person, ...]
    times: tuple[CommonTime, ...]
    without_hours: tuple[PersonId, ...] = field(default=())
    """Who has set no hours: 09:00-17:00, Monday to Friday, of their zone was taken."""


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """When each of several people is free within a span, for a picture of it."""

    people: tuple[Person, ...]
    free: Mapping[PersonId, tuple[Interval, ...]]
    without_hours: tuple[PersonId, ...] = field(default=())
    """As in CommonTimes."""
