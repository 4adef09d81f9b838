"""Where something can be written in Slack: the grammar of ``Recipient.chat_id``.

``C1`` a channel; ``D1`` a direct message with us; ``U1`` the direct message with U1 that has not
been opened yet; ``C1#1700.1`` the thread under a message; ``C1/U1`` the channel as only U1 sees
it.
"""

import re
from dataclasses import dataclass

from scheduling.people import THREAD, Card, Platform, Recipient

HOME = "home"
"""The message_id of App Home, in the place of its person."""
VIEW = "view:"
"""Begins the message_id of an open modal; its view id follows."""
FILE = "file:"
"""Begins the message_id of an uploaded file; its file id follows."""

_ID = r"[A-Za-z0-9_-]{1,64}"
_PLACE = re.compile(rf"({_ID})(?:#([0-9.]{{1,32}}))?(?:#[0-9.]{{1,32}})?(?:/({_ID}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A chat_id, read."""

    channel: str
    thread_ts: str | None = None
    only_for: str | None = None
    """The one user who sees what is written there."""

    @property
    def is_person(self) -> bool:
        """Say whether it names a person whose direct message is not open yet."""
        return self.channel.startswith(("U", "W"))

    @property
    def is_direct(self) -> bool:
        """Say whether it is a direct message with us."""
        return self.channel.startswith("D") and self.only_for is None


def read_place(chat_id: str) -> Place:
    """Read a chat_id.

    Raises:
        ValueError: it is none of ours.
    """
    found = _PLACE.fullmatch(chat_id)
    if found is None:
        raise ValueError(f"no place in Slack: {chat_id!r}")
    return Place(found[1], found[2], found[3])


def whisper_in(tenant: str, channel: str, user: str) -> Recipient:
    """Return a channel as one person sees it."""
    return Recipient(Platform.SLACK, tenant, f"{channel}/{user}")


def chat(tenant: str, channel: str) -> Recipient:
    """Return a channel, a direct message, or a person's direct message yet to be opened."""
    return Recipient(Platform.SLACK, tenant, channel)


def thread_in(tenant: str, channel: str, ts: str) -> Recipient:
    """Return the thread under a message."""
    return Recipient(Platform.SLACK, tenant, f"{channel}{THREAD}{ts}")


def is_shared(recipient: Recipient) -> bool:
    """Say whether several people read what is written there, so that it has a pace of its own."""
    return recipient.chat_id.startswith(("C", "G")) and "/" not in recipient.chat_id


def is_response_url(card: Card) -> bool:
    """Say whether the card is edited through the address of an interaction with it."""
    return card.message_id.startswith(("https://", "http://"))
