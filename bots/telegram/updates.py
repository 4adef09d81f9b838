"""Telegram's updates as what somebody did: read here, and nowhere else.

Nothing in an update is trusted but what Telegram itself vouches for: who sent it and where.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bots.callback_data import decode
from bots.chat import (
    Command,
    Press,
    Said,
    SharedContactOfOther,
    SharedLocation,
    SharedPhone,
    Typed,
    Unreadable,
)
from bots.telegram import limits
from bots.telegram.messenger import Kind
from bots.telegram.payloads import (
    LocationRead,
    MemberChangeRead,
    MessageRead,
    PressRead,
    UserRead,
    parse_update,
)
from bots.text import cut, sendable

NOWHERE = "0"
"""The conversation of updates that belong to no chat."""

_COMMAND = re.compile(
    rf"/([A-Za-z0-9_]{{1,{limits.COMMAND}}})(?:@([A-Za-z0-9_]{{1,64}}))?(?:\s+(.*))?", re.DOTALL
)
_CLOSED_TO_US = "kicked"


@dataclass(frozen=True, slots=True)
class Sender:
    """The Telegram account behind an update."""

    id: str
    name: str
    username: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Pressed:
    """The button behind a press: how to answer it, and which message it stood in."""

    query_id: str
    message_id: int | None
    """None for a message that is not in a chat of ours."""
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody said or pressed something."""

    update_id: int
    sender: Sender
    chat_id: str
    private: bool
    said: Said
    to_us: bool = True
    """False for what a group says that does not name this bot."""
    thread_id: int | None = None
    pressed: Pressed | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person closed the private chat to us."""

    chat_id: str


@dataclass(frozen=True, slots=True)
class Unblocked:
    """The person opened the private chat to us again."""

    chat_id: str
    sender: Sender


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """A group became a supergroup and has a new id."""

    chat_id: str
    new_chat_id: str


Event = Heard | Blocked | Unblocked | GroupMoved


def update_key(update: object) -> str | None:
    """Return the update's own id, or None for what is no update."""
    if not isinstance(update, dict):
        return None
    number = update.get("update_id")
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else None


def conversation_of(update: object) -> str:
    """Return the chat whose order the update belongs to, whatever else is wrong with it."""
    if not isinstance(update, dict):
        return NOWHERE
    for name in limits.ALLOWED_UPDATES:
        part = update.get(name)
        holder = part.get("message", part) if isinstance(part, dict) else None
        for place in (_part(holder, "chat"), _part(part, "from")):
            number = place.get("id")
            if isinstance(number, int):
                return str(number)
    return NOWHERE


def _part(holder: object, name: str) -> Mapping[str, object]:
    part = holder.get(name) if isinstance(holder, dict) else None
    return part if isinstance(part, dict) else {}


def read_update(payload: str, username: str) -> Event | None:
    """Return what happened, or None for what is not for us: other bots, channels, services.

    ``username`` is the bot's own, to tell commands for it from commands for other bots.

    Raises:
        NotAnUpdate: the payload is not what Telegram sends.
    """
    update = parse_update(payload)
    if update.callback_query is not None:
        return _read_press(update.update_id, update.callback_query)
    if update.message is not None:
        return _read_message(update.update_id, update.message, username)
    if update.my_chat_member is not None:
        return _read_member(update.my_chat_member)
    return None


def _read_press(update_id: int, query: PressRead) -> Heard | None:
    if query.sender.is_bot:
        return None
    message = query.message
    return Heard(
        update_id=update_id,
        sender=_sender(query.sender),
        chat_id=str(message.chat.id if message else query.sender.id),
        private=message is not None and message.chat.is_private,
        said=decode(query.data or "") or Press(""),
        thread_id=_thread(message) if message else None,
        pressed=Pressed(
            query.id,
            message.message_id if message else None,
            _kind(message) if message else Kind.TEXT,
        ),
    )


def _read_message(update_id: int, message: MessageRead, username: str) -> Event | None:
    if message.migrate_to_chat_id is not None:
        return GroupMoved(str(message.chat.id), str(message.migrate_to_chat_id))
    user = message.sender
    # Channels and anonymous admins speak through a placeholder account that is nobody.
    if user is None or user.is_bot or message.sender_chat is not None:
        return None
    said, named = _said(message, user)
    if said is None:
        return None
    private = message.chat.is_private
    ours = named is None or named.lower() == username.lower()
    return Heard(
        update_id=update_id,
        sender=_sender(user),
        chat_id=str(message.chat.id),
        private=private,
        said=said,
        to_us=private or (isinstance(said, Command) and ours),
        thread_id=_thread(message),
    )


def _said(message: MessageRead, user: UserRead) -> tuple[Said | None, str | None]:
    """Return what a message says, and the bot a command names."""
    if message.text is not None:
        text = cut(sendable(message.text), limits.TEXT)
        found = _COMMAND.fullmatch(text.strip())
        if found is None:
            return Typed(text), None
        return Command(found[1].lower(), (found[3] or "").strip()), found[2]
    if message.contact is not None:
        own = message.contact.user_id == user.id
        return (SharedPhone(message.contact.phone_number) if own else SharedContactOfOther()), None
    if message.location is not None:
        return _place(message.location), None
    return (Unreadable() if message.content else None), None


def _place(location: LocationRead) -> SharedLocation | Unreadable:
    if -90 <= location.latitude <= 90 and -180 <= location.longitude <= 180:
        return SharedLocation(location.latitude, location.longitude)
    return Unreadable()


def _read_member(change: MemberChangeRead) -> Blocked | Unblocked | None:
    if not change.chat.is_private or change.sender.is_bot:
        return None
    if change.new_chat_member.status == _CLOSED_TO_US:
        return Blocked(str(change.chat.id))
    return Unblocked(str(change.chat.id), _sender(change.sender))


def _sender(user: UserRead) -> Sender:
    name = sendable(f"{user.first_name} {user.last_name or ''}").strip()
    return Sender(
        id=str(user.id),
        name=name or user.username or str(user.id),
        username=user.username,
        language=user.language_code,
    )


def _kind(message: MessageRead) -> Kind:
    if "photo" in message.content:
        return Kind.PHOTO
    return Kind.DOCUMENT if "document" in message.content else Kind.TEXT


def _thread(message: MessageRead) -> int | None:
    return message.message_thread_id if message.is_topic_message else None
