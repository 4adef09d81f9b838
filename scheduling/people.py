"""People, the chat accounts they write from, and what they may do."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from scheduling.ids import OrganizationId, PersonId


class Platform(StrEnum):
    """A chat platform."""

    TELEGRAM = "telegram"
    SLACK = "slack"


THREAD = "#"
"""Stands in a chat's id between the chat and the message whose thread is meant."""


class Standing(StrEnum):
    """What an account is to the organization, as its platform tells; decides who may enter."""

    MEMBER = "member"
    GUEST = "guest"
    """Invited to single channels of the workspace."""
    STRANGER = "stranger"
    """Of another company, in a shared channel, and unknown to the workspace."""
    OTHER_TEAM = "other_team"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    UNKNOWN = "unknown"
    """The platform would not tell: refused, as whoever fails a check."""


class Role(StrEnum):
    """What somebody may do beyond booking, which everybody may."""

    COACH = "coach"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class AccountKey:
    """One account on one platform; ``tenant`` is the bot's id (Telegram) or the team (Slack)."""

    platform: Platform
    tenant: str
    account_id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.tenant}:{self.account_id}"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A chat a message can be sent to.

    ``chat_id`` is the adapter's to read: besides the platform's own id it may name one person's
    view of a channel, or the thread under a message.
    """

    platform: Platform
    tenant: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class Card:
    """One message of ours that can be edited."""

    chat: Recipient
    message_id: str

    @property
    def thread(self) -> Recipient:
        """Return the place for answers to this message: its thread, or replies to it."""
        chat = self.chat
        return Recipient(chat.platform, chat.tenant, f"{chat.chat_id}{THREAD}{self.message_id}")


@dataclass(frozen=True, slots=True)
class ChatAccount:
    """A person's account on a chat platform, as last seen."""

    key: AccountKey
    person_id: PersonId
    chat_id: str | None
    """The private chat; None until the person has opened one."""
    username: str | None
    language: str | None
    reachable: bool
    last_seen: datetime
    name: str | None = None
    zone: str | None = None
    """Name and zone as the platform's profile told them last; followed when they change."""

    @property
    def recipient(self) -> Recipient | None:
        """Return where to write to this account, if that is possible now."""
        if self.chat_id is None or not self.reachable:
            return None
        return Recipient(self.key.platform, self.key.tenant, self.chat_id)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local minutes of the day in which reminders are not sent; may cross midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Person:
    """A human in an organization."""

    organization_id: OrganizationId
    id: PersonId
    name: str
    zone: str | None
    """IANA name; None until the person has told us."""
    locale: str
    roles: frozenset[Role] = frozenset()
    phone: str | None = field(default=None, repr=False)
    """Never shown but to the other side of a confirmed booking; never logged."""
    email: str | None = field(default=None, repr=False)
    quiet: QuietHours | None = None
    reminders: tuple[timedelta, ...] | None = None
    """Lead times that replace the event type's for this person; None keeps those."""
    about: str | None = None
    """The line a coach shows beside the name."""
    version: int = 1

    @property
    def first_name(self) -> str:
        """Return the first word of the name, the way messages call people."""
        return self.name.split(maxsplit=1)[0] if self.name.strip() else self.name

    @property
    def is_coach(self) -> bool:
        """Say whether this person offers time."""
        return Role.COACH in self.roles

    @property
    def is_admin(self) -> bool:
        """Say whether this person looks after the organization."""
        return Role.ADMIN in self.roles


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: taken from the verified sender of an update, never from a payload."""

    organization_id: OrganizationId
    person_id: PersonId
