"""Reading, out of the writers' way; and the rows that deciding a start needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from scheduling.hours import Calendar, Opening, Schedule, ScheduleHead, TimeOff
from scheduling.ids import (
    BookingId,
    EventTypeId,
    OrganizationId,
    PersonId,
    ScheduleId,
    StartCode,
)
from scheduling.model import BookingDetails, EventType
from scheduling.moments import Interval
from scheduling.people import (
    AccountKey,
    ChatAccount,
    Person,
    Platform,
)


@dataclass(frozen=True, slots=True)
class GroupTime:
    """A live booking of the event type itself, which others may still join."""

    booking_id: BookingId
    start: int
    end: int
    seats_used: int
    capacity: int
    asker_in: bool


@dataclass(frozen=True, slots=True)
class DayBookRows:
    """Everything deciding a start needs, as the database tells it in one read.

    Instants are whole seconds since the epoch; ``busy`` holds occupied spans of the host as
    they were claimed (buffers included) that are live at ``now``: overdue holds and pendings,
    the asker's own holds, and ``excluding`` are left out. ``busy`` also holds, without buffers,
    the host's own seats in other hosts' bookings, and candidate times of questions that still ask
    the host and that they could make when it was last looked at: soft, but as busy as the rest.
    The event type's own live times stand in ``groups`` besides when its capacity is above one.
    ``starts`` are the host's bookings that count against caps (held, pending, confirmed,
    completed), with their event type, over the range widened by eight days on both sides; empty
    when neither cap is set. What ``busy`` leaves out is left out of ``groups`` (the seat, or
    the whole time) and of ``starts`` too: what is listed for the asker must be what deciding,
    which frees their hold first, then allows.
    """

    event_type: EventType
    host_zone: str
    host_cap_per_day: int | None
    host_cap_per_week: int | None
    heads: tuple[ScheduleHead, ...]
    openings: tuple[Opening, ...]
    time_off: tuple[TimeOff, ...]
    busy: tuple[tuple[int, int], ...]
    groups: tuple[GroupTime, ...]
    starts: tuple[tuple[int, EventTypeId], ...]
    asker_id: PersonId | None
    asker_is_host: bool
    asker_coming: int
    """Live bookings of the asker that have not ended (held ones not counted)."""


@dataclass(frozen=True, slots=True)
class HoursOverview:
    """A coach's hours as they stand."""

    calendar: Calendar
    schedule: Schedule
    expires_on: date | None
    openings: tuple[Opening, ...]
    time_off: tuple[TimeOff, ...]
    """Openings and time off that have not ended."""


@dataclass(frozen=True, slots=True)
class CoachEntry:
    """A coach in the directory, with the types anybody may book."""

    person: Person
    event_types: tuple[EventType, ...]


class Queries(Protocol):
    """Reads that never wait for a writer."""

    async def person(self, organization_id: OrganizationId, person_id: PersonId) -> Person: ...
    async def account(self, key: AccountKey) -> tuple[ChatAccount, Person] | None: ...
    async def accounts(
        self, organization_id: OrganizationId, person_id: PersonId
    ) -> list[ChatAccount]:
        """Return the person's accounts, the one last used first."""

    async def person_named(
        self, organization_id: OrganizationId, platform: Platform, tenant: str, username: str
    ) -> Person | None:
        """Return whose account has that public name, whatever its case; the one seen last."""

    async def event_type(
        self, organization_id: OrganizationId, event_type_id: EventTypeId
    ) -> EventType: ...
    async def by_code(
        self, organization_id: OrganizationId, code: StartCode
    ) -> EventType | None: ...
    async def event_types_of(
        self, organization_id: OrganizationId, host_id: PersonId
    ) -> list[EventType]:
        """Return the host's types that are not off, in the order they were made."""

    async def coaches(self, organization_id: OrganizationId, text: str = "") -> list[CoachEntry]:
        """Return coaches with at least one listed type whose name or title holds the text."""

    async def hours(
        self, organization_id: OrganizationId, owner_id: PersonId, now: datetime
    ) -> HoursOverview | None: ...
    async def schedules(
        self, organization_id: OrganizationId, ids: Sequence[ScheduleId]
    ) -> list[Schedule]: ...
    async def daybook_rows(
        self,
        organization_id: OrganizationId,
        event_type_ids: Sequence[EventTypeId],
        span: Interval,
        *,
        asker_id: PersonId | None,
        now: datetime,
        excluding: BookingId | None = None,
    ) -> list[DayBookRows]:
        """Read the same rows as Transaction.daybook_rows, for several types, in their order."""

    async def booking(
        self, organization_id: OrganizationId, booking_id: BookingId
    ) -> BookingDetails: ...  # NotFound
    async def bookings_of(
        self,
        organization_id: OrganizationId,
        person_id: PersonId,
        *,
        now: datetime,
        limit: int = 20,
    ) -> list[BookingDetails]:
        """Return what the person attends that has not ended, live only (no holds), by start."""

    async def finished_of(
        self, organization_id: OrganizationId, person_id: PersonId, *, limit: int = 20
    ) -> list[BookingDetails]:
        """Return what the person attended that is over and not cleared, newest first."""

    async def hosted(
        self, organization_id: OrganizationId, host_id: PersonId, span: Interval
    ) -> list[BookingDetails]:
        """Return live bookings (no holds) and completed ones of the host in the span, by start."""

    async def feed_owner(self, token_hash: str) -> tuple[OrganizationId, PersonId] | None: ...
