"""The parts of an update that slotbook reads, and no others.

python-telegram-bot reads everything and refuses an update for a fault in a part nobody needs;
here only what decides an answer has to be right, and what may be left out may be missing.
"""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_CONTENT = (
    "animation", "audio", "checklist", "dice", "document", "game", "invoice", "paid_media",
    "photo", "poll", "sticker", "story", "venue", "video", "video_note", "voice",
)  # fmt: skip


class NotAnUpdate(Exception):
    """This JSON is not an update of the Bot API."""


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class UserRead(_Read):
    """An account, or a bot."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class ChatRead(_Read):
    """Where something was said; people's ids are positive, those of groups are not."""

    id: int
    type: str | None = None

    @property
    def is_private(self) -> bool:
        """Say whether only the person and the bot are in it."""
        return self.type == "private" if self.type else self.id > 0


class ContactRead(_Read):
    """Somebody's phone number; ``user_id`` tells whose, if that is known."""

    phone_number: str
    user_id: int | None = None


class LocationRead(_Read):
    """A place, in degrees."""

    latitude: float
    longitude: float


class MessageRead(_Read):
    """A message; one that can no longer be read has little more than its number."""

    message_id: int
    chat: ChatRead
    sender: UserRead | None = Field(None, alias="from")
    sender_chat: ChatRead | None = None
    text: str | None = None
    contact: ContactRead | None = None
    location: LocationRead | None = None
    migrate_to_chat_id: int | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    content: frozenset[str] = frozenset()
    """Which kinds of content it has beside those above."""


class PressRead(_Read):
    """A press on an inline button."""

    id: str
    sender: UserRead = Field(alias="from")
    message: MessageRead | None = None
    data: str | None = None


class MemberRead(_Read):
    """How one stands in a chat."""

    status: str


class MemberChangeRead(_Read):
    """The bot's own standing in a chat has changed."""

    chat: ChatRead
    sender: UserRead = Field(alias="from")
    new_chat_member: MemberRead


class UpdateRead(_Read):
    """One update; one of its parts is there, or none that was asked for."""

    update_id: int
    message: MessageRead | None = None
    callback_query: PressRead | None = None
    my_chat_member: MemberChangeRead | None = None


def parse_update(payload: str) -> UpdateRead:
    """Return what we read of the update.

    Raises:
        NotAnUpdate: it lacks what makes an update, or says it in a way Telegram never does.
    """
    try:
        given = json.loads(payload)
        for part in (_part(given, "message"), _part(given, "callback_query", "message")):
            if part is not None:
                part["content"] = [name for name in _CONTENT if part.get(name)]
        # Halves of characters, which JSON can name and nothing else can hold, become "?".
        written = json.dumps(given, ensure_ascii=False).encode("utf-8", "replace")
        return UpdateRead.model_validate_json(written)
    except (ValidationError, ValueError, RecursionError) as error:
        raise NotAnUpdate(type(error).__name__) from error


def _part(given: object, *path: str) -> dict[str, Any] | None:
    for name in path:
        given = given.get(name) if isinstance(given, dict) else None
    return given if isinstance(given, dict) else None
