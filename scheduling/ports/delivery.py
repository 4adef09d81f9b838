"""What goes out: the outbox, the chat platforms, calendar files and links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, Protocol

from scheduling.ids import (
    DEFAULT_ORGANIZATION,
    BookingId,
    OrganizationId,
    PersonId,
)
from scheduling.messages import ChatMessage, File
from scheduling.model import BookingDetails
from scheduling.notifications import Notification, NotificationState
from scheduling.people import (
    Card,
    Person,
    Platform,
    Recipient,
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A due notification leased to this dispatcher."""

    notification: Notification
    attempts: int
    """This one included."""
    token: int
    maybe_sent: bool
    """An earlier attempt may have reached the platform: this one is its only repeat."""


class Outcome(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    STALE = "stale"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    RETRY = "retry"
    UNKNOWN = "unknown"
    """May have been sent; repeated at most once."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """The end of one attempt; ``retry_at`` with RETRY and UNKNOWN, ``reason`` in a word."""

    outcome: Outcome
    retry_at: datetime | None = None
    reason: str = ""
    sent_card: Card | None = None


class Outbox(Protocol):
    """The dispatcher's side of the outbox."""

    async def claim_due(
        self, now: datetime, *, limit: int, lease: timedelta, max_urgency: int = 9
    ) -> list[Claimed]:
        """Lease due rows, most urgent first, then by due time; expired leases count as due.

        A row whose lease ran out comes back with ``maybe_sent`` set.
        """

    async def still_ours(self, claimed: Claimed) -> bool:
        """Say whether the row still waits under our token; asked right before sending."""

    async def settle(self, claimed: Claimed, settlement: Settlement, now: datetime) -> bool:
        """Write how it ended; False (and no change) when the lease is no longer ours."""

    async def next_due(self) -> datetime | None: ...
    async def overdue(self, now: datetime) -> int: ...
    async def defer_chat(self, chat: Recipient, until: datetime) -> None:
        """Nothing is claimed for this chat before then; kept in the rows, so it outlives us."""

    async def move_chat(self, chat: Recipient, new_chat_id: str) -> None: ...
    async def states(self) -> Mapping[NotificationState, int]: ...


@dataclass(frozen=True, slots=True)
class SentFile:
    """A calendar file that went to a chat, so that it can be replaced."""

    card: Card
    sequence: int


class SentFiles(Protocol):
    """Calendar files that are out."""

    async def find(
        self, organization_id: OrganizationId, booking_id: BookingId, person_id: PersonId
    ) -> SentFile | None: ...
    async def remember(
        self,
        organization_id: OrganizationId,
        booking_id: BookingId,
        person_id: PersonId,
        sent: SentFile,
    ) -> None:
        """Store it and note on the booking that files are out."""


class Messenger(Protocol):
    """One chat platform, seen from the core. Every method may raise a DeliveryError."""

    @property
    def platform(self) -> Platform: ...

    async def send(self, to: Recipient, message: ChatMessage) -> Card:
        """Send a new message."""

    async def edit(self, card: Card, message: ChatMessage) -> Card:
        """Make the card show this; one that cannot be edited any more is sent anew.

        Showing what it shows already is success.
        """

    async def refresh(self, card: Card, message: ChatMessage) -> None:
        """Make a card that may be old show this, silently, and never by sending it anew.

        Raises:
            CardGone: it cannot be edited any more.
        """

    async def send_file(self, to: Recipient, file: File, *, replacing: Card | None) -> Card:
        """Send a document silently, or put it in the place of an earlier one."""


class Posting(Protocol):
    """Puts cards before everybody in a channel or group; may raise a DeliveryError."""

    async def send(self, to: Recipient, message: ChatMessage) -> Card:
        """Send a new message."""

    async def permalink(self, card: Card) -> str | None:
        """Return the address of a message, where the platform has one."""


class Pacing(Protocol):
    """How fast the platforms let us write, for what nobody waits for: it goes after all else."""

    def room_for_refreshing(self, platform: Platform, now: datetime) -> int:
        """Return how many cards could be refreshed there at this instant."""

    def refreshing_in(self, platform: Platform, now: datetime) -> timedelta:
        """Return how long until there is room for one; zero when there is."""

    def admit_refresh(self, chat: Recipient, now: datetime) -> datetime | None:
        """Return None when a card of the chat may be edited now, else when to ask again."""

    def defer(self, chat: Recipient, until: datetime) -> None:
        """Send the chat nothing before then."""

    def pause(self, platform: Platform, until: datetime) -> None:
        """Send nothing on this platform before then."""

    def worked(self, chat: Recipient) -> None:
        """Note that the platform answered."""

    def failed(self, chat: Recipient, now: datetime) -> None:
        """Note that the platform could not take an edit; many chats in a row make a pause."""


class CalendarFiles(Protocol):
    """Writes iCalendar."""

    def for_booking(
        self,
        details: BookingDetails,
        reader: Person,
        *,
        method: Literal["PUBLISH", "REQUEST", "CANCEL"] = "PUBLISH",
        now: datetime,
    ) -> File:
        """Compose the booking's file as this reader gets it."""

    def feed(self, owner: Person, bookings: Sequence[BookingDetails], *, now: datetime) -> bytes:
        """Compose a calendar feed; a booking that cannot be written is left out, the rest stay."""


class Links(Protocol):
    """Addresses that lead into the chats."""

    def deep_link(self, payload: str) -> str:
        """Return the address that opens the bot with /start and the payload."""


class OrganizationLinks(Protocol):
    """Addresses that lead into the chats of an organization."""

    def deep_link(
        self, payload: str, organization_id: OrganizationId = DEFAULT_ORGANIZATION
    ) -> str:
        """Return the address of the chat that the organization is at home in."""
