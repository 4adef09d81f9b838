"""One turn of a conversation as the flows see it, whatever platform it happens on.

A platform's adapter turns its update into a ``Turn`` and hands it to the router; the flow does
one thing and answers through the turn. Flows hold no state of their own: what must last is in
the database, so any process may handle the next turn.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from scheduling.ids import OrganizationId, RequestId
from scheduling.messages import ChatMessage
from scheduling.people import Actor, Card, ChatAccount, Person, Recipient


@dataclass(frozen=True, slots=True)
class Press:
    """A button of ours that was pressed; nothing in it is trusted."""

    verb: str
    subject: str = ""
    revision: int = 0
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was typed or chosen from a menu: ``verb`` without slash, rest of the line."""

    verb: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """Plain words typed into a private chat, or into the field under a message."""

    text: str
    draft_id: str = ""
    """The draft whose field it was; empty for words typed into the chat."""


@dataclass(frozen=True, slots=True)
class SharedPhone:
    """A phone number of the sender's own account, checked by the adapter."""

    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SharedContactOfOther:
    """Somebody else's contact was sent where one's own was asked for."""


@dataclass(frozen=True, slots=True)
class SharedLocation:
    """A place on earth, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something no flow reads: a sticker, a voice message, a poll."""


Said = Press | Command | Typed | SharedPhone | SharedContactOfOther | SharedLocation | Unreadable


@dataclass(frozen=True, slots=True)
class Incoming:
    """Who said what, where and when; ``account`` and ``person`` come from the verified sender."""

    organization_id: OrganizationId
    account: ChatAccount
    person: Person
    chat: Recipient
    """Where answers to this person go: their private chat, or their own view of a channel."""
    private: bool
    """Nobody else sees what is answered in ``chat``."""
    said: Said
    request_id: RequestId
    """From the platform's own update id: the same delivery again carries the same."""
    card: Card | None
    """The message whose button was pressed."""
    received_at: datetime
    group: Recipient | None = None
    """The channel or group it was said in (or its thread); None in a private chat."""

    @property
    def actor(self) -> Actor:
        """Return who acts, for commands."""
        return Actor(self.organization_id, self.person.id)


class Turn(Protocol):
    """What a flow may do to answer. A press is answered to the platform in any case."""

    @property
    def incoming(self) -> Incoming: ...

    async def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer a press with a short text (cut at 200 characters); after a command: say it."""

    async def show(self, message: ChatMessage) -> Card:
        """Edit the pressed card; without one, or when it cannot be edited, send a new message."""

    async def redraw(self, card: Card, message: ChatMessage) -> Card:
        """Edit another card of ours in this chat (a draft's, after typed text)."""

    async def say(self, message: ChatMessage) -> Card:
        """Send a new message."""

    async def busy(self) -> None:
        """Show a sign of life for what takes longer (typing, uploading)."""
