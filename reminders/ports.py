"""What delivering a notification needs of others; the wiring brings it together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from scheduling.errors import SlotRefused
from scheduling.ids import BookingId, EventTypeId, OrganizationId, PersonId
from scheduling.messages import ChatMessage
from scheduling.model import BookingDetails
from scheduling.notifications import Notification
from scheduling.people import AccountKey, Person, Platform, Recipient
from scheduling.policy import Policy
from scheduling.ports import (
    CalendarFiles,
    Clock,
    Links,
    Messenger,
    Outbox,
    Queries,
    SentFiles,
    SessionReads,
    Store,
    Watching,
)
from scheduling.sessions.model import SessionDetails


class Wording(Protocol):
    """Says every notification; the module ``wording.notifications`` is one."""

    def compose(
        self,
        notification: Notification,
        details: BookingDetails | None,
        reader: Person,
        *,
        now: datetime,
        links: Links,
        free_near: tuple[datetime, ...] = (),
        usual_reminders: Sequence[timedelta] = (),
        session: SessionDetails | None = None,
        ringing: Mapping[PersonId, AccountKey] = ...,
    ) -> ChatMessage:
        """Return the message as this reader, or the group it is for, gets it now."""

    def wants_free_near(self, notification: Notification) -> bool:
        """Say whether it offers free starts near the booking's."""

    def wants_file(self, notification: Notification) -> bool:
        """Say whether the attendee's calendar file goes with it."""


class FreeStarts(Protocol):
    """Finds free starts; the SlotFinder of the core is one."""

    async def nearest(
        self,
        organization_id: OrganizationId,
        event_type_id: EventTypeId,
        start: datetime,
        *,
        asker_id: PersonId | None = None,
        excluding: BookingId | None = None,
        count: int = 3,
    ) -> tuple[datetime, ...]:
        """Return up to ``count`` free starts other than this one, the nearest first."""

    async def refusal(
        self,
        organization_id: OrganizationId,
        event_type_id: EventTypeId,
        start: datetime,
        *,
        asker_id: PersonId | None = None,
        excluding: BookingId | None = None,
    ) -> SlotRefused | None:
        """Return why a start cannot be booked, or None."""


class Reachability(Protocol):
    """Keeps who can be written to; the PeopleService of the core is one."""

    async def unreachable(
        self, recipient: Recipient, organization_id: OrganizationId = ...
    ) -> None:
        """Note that nothing can be written to this chat, until its person writes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPorts:
    """Everything delivering a notification touches."""

    outbox: Outbox
    store: Store
    queries: Queries
    sessions: SessionReads
    sent_files: SentFiles
    messengers: Mapping[Platform, Messenger]
    calendar_files: CalendarFiles
    finder: FreeStarts
    people: Reachability
    wording: Wording
    links: Links
    clock: Clock
    watch: Watching | None = None
    """Keeps what is sent right; None where cards are not kept."""
    usual_reminders: tuple[timedelta, ...] = Policy().reminders
    """Lead times where neither the event type nor the person has others."""
