"""What comes in, where conversations stand, and leases that outlive nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from scheduling.ids import (
    DraftId,
    OrganizationId,
    PersonId,
)
from scheduling.people import (
    Platform,
    Recipient,
)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One update of a platform, as it came."""

    platform: Platform
    tenant: str
    key: str
    """The platform's own id of the update; unique with platform and tenant."""
    conversation: str
    """What must stay in order: the chat's id."""
    payload: str
    """JSON as received."""
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ConversationClaim:
    """The right to work on one conversation until ``lease_until``, fenced by ``token``."""

    platform: Platform
    tenant: str
    conversation: str
    token: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored update with how often it was begun."""

    id: int
    inbound: Inbound
    attempts: int


class Inbox(Protocol):
    """Updates are rows before they are work."""

    async def put(self, updates: Sequence[Inbound]) -> int:
        """Store what is new, commit, and return how many were; safe to repeat."""

    async def claim(self, now: datetime, lease: timedelta) -> ConversationClaim | None:
        """Take the conversation with the oldest waiting update that nobody works on."""

    async def next(self, claim: ConversationClaim) -> InboxRow | None:
        """Return its oldest waiting update and count the attempt.

        None when there is none, or when the claim is no longer ours.
        """

    async def finish(self, claim: ConversationClaim, row: InboxRow, *, parked: str = "") -> None:
        """Mark it handled, or parked with the reason; a claim that is not ours changes nothing."""

    async def renew(self, claim: ConversationClaim, until: datetime) -> bool: ...
    async def release(self, claim: ConversationClaim) -> None: ...
    async def waiting(self) -> int: ...
    async def forget(self, before: datetime) -> int:
        """Delete handled updates older than that (at least 48 h are kept)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Choices made so far in one chat, before there is a command; survives a restart.

    ``data`` is a flat JSON-able mapping owned by the flow named in ``flow``. ``awaits`` names
    the text question that is open in the chat, or is empty.
    """

    organization_id: OrganizationId
    id: DraftId
    person_id: PersonId
    chat: Recipient
    flow: str
    data: Mapping[str, object]
    awaits: str = ""
    revision: int = 1
    message_id: str | None = None
    """The card that shows the draft, once it was sent."""


class Drafts(Protocol):
    """Where conversations stand."""

    async def get(self, organization_id: OrganizationId, draft_id: DraftId) -> Draft | None: ...
    async def awaiting(self, organization_id: OrganizationId, chat: Recipient) -> Draft | None:
        """Return the draft of the chat that last began to wait for typed text."""

    async def save(self, draft: Draft, now: datetime) -> Draft:
        """Insert it (revision 1), or store it over its present revision, raised by one.

        Raises:
            DraftChanged: another action has stored it since it was read.
        """

    async def attach(self, draft: Draft, message_id: str) -> None:
        """Remember the card that shows it; the revision stays."""

    async def hush(self, draft: Draft) -> None:
        """Let it wait for typed text no longer; the revision stays, so its buttons still act."""

    async def forget(self, before: datetime) -> int: ...


class DraftChanged(Exception):
    """Somebody (a second press) was quicker; read it again."""


class Leases(Protocol):
    """Leadership that survives nobody: a row with an end, fenced by a rising number."""

    async def acquire(self, name: str, holder: str, now: datetime, ttl: timedelta) -> int | None:
        """Take or renew it; returns the fence number, or None while another holds it."""

    async def release(self, name: str, holder: str) -> None: ...


class Memory(Protocol):
    """Small facts that must survive a restart: the polling offset, the zone data's version."""

    async def recall(self, key: str) -> str | None: ...
    async def remember(self, key: str, value: str) -> None: ...
