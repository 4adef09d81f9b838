"""Who draws a card anew, and when two drawings are the same."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from scheduling.ids import OrganizationId, PersonId, digest
from scheduling.messages import ChatMessage
from scheduling.people import Card
from scheduling.ports import LiveCard


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a card has to show now; it is kept further when the message is live."""

    message: ChatMessage | None
    """None leaves what stands there, and keeps it."""
    still: Callable[[], Awaitable[bool]] | None = None
    """Says whether what was drawn from still holds; asked after the edit."""


class Renderer(Protocol):
    """Draws one kind of card."""

    async def __call__(self, live: LiveCard) -> Rendered | None:
        """Return what the card has to show now; None leaves it as it is, for good."""


class Renderers:
    """The table of who draws what; flows put theirs in when they register."""

    def __init__(self) -> None:
        self._renderers: dict[str, Renderer] = {}

    def put(self, kind: str, renderer: Renderer) -> None:
        """Let cards of a kind be drawn by this."""
        if kind in self._renderers:
            raise ValueError(f"cards of kind {kind} are drawn twice")
        self._renderers[kind] = renderer

    def find(self, kind: str) -> Renderer | None:
        """Return who draws the kind."""
        return self._renderers.get(kind)


def fingerprint(message: ChatMessage) -> str:
    """Return what is equal for messages that look the same."""
    return digest(repr(message))[:24]


def live_card(
    organization_id: OrganizationId, person_id: PersonId | None, card: Card, message: ChatMessage
) -> LiveCard | None:
    """Return how a card that shows the message is kept; None when it is not to be."""
    live = message.live
    if live is None:
        return None
    return LiveCard(
        organization_id=organization_id,
        card=card,
        kind=live.kind,
        subject=live.subject,
        person_id=person_id,
        topics=live.topics,
        shown=fingerprint(message),
        again_at=live.again_at,
        data=dict(live.data),
    )
