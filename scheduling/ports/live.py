"""Cards that show what may change under them, and how changes find them."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from scheduling.ids import BookingId, OrganizationId, PersonId, SessionId
from scheduling.messages import ChatMessage
from scheduling.people import Card, Platform


def about_host(person_id: PersonId) -> str:
    """Return the topic of everything that changes when this person is free."""
    return f"host:{person_id}"


def about_booking(booking_id: BookingId) -> str:
    """Return the topic of one booking."""
    return f"booking:{booking_id}"


def about_session(session_id: SessionId) -> str:
    """Return the topic of one group session."""
    return f"session:{session_id}"


def about_person(person_id: PersonId) -> str:
    """Return the topic of what one person sees of their own: bookings, seats, hours, roles."""
    return f"person:{person_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCard:
    """A message (or home page, or open window) that is kept right while it can be seen."""

    organization_id: OrganizationId
    card: Card
    kind: str
    """Who draws it anew: the name a renderer is registered under."""
    subject: str
    """What it shows: id of a draft, a booking, a session, a person."""
    person_id: PersonId | None
    """Whose view it is; None for everybody in a channel."""
    topics: frozenset[str]
    shown: str = ""
    """Digest of what stands there, so that equal is not sent again."""
    again_at: datetime | None = None
    """It is stale from then on even if nothing changes: an Undo ends, a cut-off passes."""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StaleCard:
    """A card that a change concerns, leased to this keeper."""

    live: LiveCard
    token: int


class LiveCards(Protocol):
    """Which cards are open, and which are stale.

    Changes are noted by the transactions themselves, as rows, so that a restart forgets nothing.
    """

    async def watch(self, live: LiveCard, now: datetime) -> None:
        """Keep this card from now on; the same message again replaces what was known of it."""

    async def forget(self, card: Card) -> None:
        """Keep it no longer."""

    async def stale(
        self, now: datetime, *, platform: Platform, limit: int, lease: timedelta
    ) -> list[StaleCard]:
        """Lease cards whose topics changed since they were drawn, last opened first."""

    async def refreshed(self, stale: StaleCard, now_shows: LiveCard | None) -> None:
        """Note that it is right again, and what it shows now; None: keep it no longer.

        Of ``now_shows`` digest, topics, data and ``again_at`` are stored; its ``card`` may be
        another message, sent where the old one could not be edited. A change that came since it
        was leased leaves it stale. A lease that is not ours changes nothing.
        """

    async def postpone(self, stale: StaleCard, until: datetime) -> None:
        """Try it again then."""

    async def tidy(self, before: datetime) -> int:
        """Forget cards opened before then, and changes that every card has seen.

        A card that is to be looked at later (``again_at``) stays until then.
        """


class Changes(Protocol):
    """Word of commits in other processes."""

    async def announce(self) -> None:
        """Tell the other processes that something changed (coalesced by the caller)."""

    async def heard(self) -> None:
        """Wait until another process announces; on one-process databases for ever."""


class Watching(Protocol):
    """Whoever writes a card tells it here, so that it is kept right from then on."""

    def writing(self, card: Card) -> AbstractContextManager[None]:
        """Keep others of this process from drawing the card inside the block."""

    async def shown(
        self,
        organization_id: OrganizationId,
        person_id: PersonId | None,
        card: Card,
        message: ChatMessage,
    ) -> None:
        """Note what the card shows now: kept right when the message is live, else left alone.

        Never fails for want of a database: a card that is not kept still answers when pressed.
        """


class TopicRows(Protocol):
    """Inside a transaction: what it changes, in the words of topics."""

    def touch(self, *topics: str) -> None:
        """Note a change of these; stored with the commit.

        Rows of bookings, seats, sessions, hours and people touch their own topics, so use cases
        seldom need to.
        """
