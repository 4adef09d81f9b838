"""What the local Slack knows. Nothing here speaks HTTP."""

import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from playground.control.events import EventHub
from playground.slack.errors import SlackError
from playground.slack.seeds import SlackAppSeed, SlackChannelSeed, SlackConfig, SlackUserSeed

Json = dict[str, Any]
_LETTERS = string.ascii_uppercase + string.digits


def new_id(prefix: str, length: int = 10) -> str:
    """An id as Slack writes them: a letter or two, then capitals and digits."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


@dataclass(slots=True)
class User:
    """A person or bot; ``seed`` is replaced whenever the profile changes."""

    seed: SlackUserSeed
    updated: int = 0

    @property
    def key(self) -> str:
        return self.seed.key

    @property
    def id(self) -> str:
        return self.seed.user_id

    @property
    def name(self) -> str:
        """The handle, which Slack makes of the key a person signed up with."""
        return self.seed.key

    @property
    def shown_name(self) -> str:
        return self.seed.display_name or self.seed.real_name


@dataclass(slots=True)
class Message:
    """One message. ``ephemeral_for`` is the user id of the only person who sees it."""

    ts: str
    user_id: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    by_app: bool = False
    thread_ts: str | None = None
    broadcast: bool = False
    ephemeral_for: str | None = None
    edited: bool = False
    deleted: bool = False
    files: list[str] = field(default_factory=list)
    subtype: str | None = None
    metadata: Json | None = None
    unfurls: dict[str, Json] = field(default_factory=dict)
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    seq: int = 0
    created: float = 0.0

    def visible_to(self, user_id: str) -> bool:
        return not self.deleted and self.ephemeral_for in (None, user_id)


@dataclass(slots=True)
class Conversation:
    """A channel, or a direct message of the app with one or several people.

    ``members`` are user ids in the order of joining, the app's own among them.
    """

    id: str
    name: str
    key: str
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    uploads: bool = True
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[Message]] = field(default_factory=dict)
    """Replies by the ts of their parent."""

    @property
    def type(self) -> str:
        """As events call it."""
        if self.is_im:
            return "im"
        return "mpim" if self.is_mpim else "group" if self.is_private else "channel"

    def replies(self, ts: str) -> list[Message]:
        """The replies to a message that are still there, oldest first."""
        return [reply for reply in self.threads.get(ts, ()) if not reply.deleted]

    def add(self, message: Message) -> None:
        self.messages[message.ts] = message
        if message.thread_ts:
            self.threads.setdefault(message.thread_ts, []).append(message)


@dataclass(slots=True)
class StoredFile:
    """A file between its upload address and its deletion; ``data`` is None before the bytes."""

    id: str
    name: str
    length: int
    created: int
    title: str = ""
    mimetype: str = "application/octet-stream"
    data: bytes | None = None
    complete: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Installation:
    """The app in the workspace, as long as its tokens are good."""

    app: SlackAppSeed
    tokens: dict[str, str] = field(default_factory=dict)
    """Bot tokens with the reason they are refused for; "" while they are good."""
    codes: dict[str, str] = field(default_factory=dict)
    """OAuth codes and the redirect address each was made for."""
    events_url: str | None = None

    @property
    def installed(self) -> bool:
        return "" in self.tokens.values()


class SlackWorld:
    """The workspace: people, conversations, files and the app; parts are in files beside this."""

    def __init__(self, config: SlackConfig, now: Callable[[], float], events: EventHub) -> None:
        self.config = config
        self.now = now
        self.events = events
        self.users: dict[str, User] = {}
        self.conversations: dict[str, Conversation] = {}
        self.files: dict[str, StoredFile] = {}
        self.install = Installation(config.app, {config.app.bot_token: ""})
        self.install.events_url = config.app.events_url
        self.uploads = config.uploads
        self.base_url = ""
        self._last_ts = 0
        for user in config.users:
            self.add_user(user)
        for channel in config.channels:
            self.add_channel(channel)

    @property
    def app(self) -> SlackAppSeed:
        return self.install.app

    def add_user(self, seed: SlackUserSeed) -> User:
        user = User(seed, int(self.now()))
        self.users[seed.user_id] = user
        return user

    def add_channel(self, seed: SlackChannelSeed) -> Conversation:
        members = [self.user_by_key(key).id for key in seed.members]
        channel = Conversation(
            id=seed.channel_id,
            name=seed.name,
            key=seed.key,
            members=[*members, self.app.bot_user_id] if seed.has_app else members,
            is_private=seed.is_private,
            is_archived=seed.is_archived,
            is_ext_shared=seed.is_ext_shared,
            uploads=seed.uploads,
            created=int(self.now()),
        )
        self.conversations[channel.id] = channel
        return channel

    def user_by_key(self, key: str) -> User:
        """The person of a key.

        Raises:
            KeyError: nobody here has that key.
        """
        for user in self.users.values():
            if user.key == key:
                return user
        raise KeyError(key)

    def user(self, user_id: str, error: str = "user_not_found") -> User:
        """The person of an id.

        Raises:
            SlackError: nobody here has that id.
        """
        user = self.users.get(user_id)
        if user is None:
            raise SlackError(error)
        return user

    def change_user(self, user: User, **changes: Any) -> None:
        user.seed = replace(user.seed, **changes)
        user.updated = max(int(self.now()), user.updated + 1)
        self.tell("users", user=user.key)

    def team_of(self, user: User) -> str:
        return user.seed.team_id or self.config.team_id

    def im(self, user: User) -> Conversation:
        """The direct message of the app with a person, made when first needed."""
        conversation_id = "D" + user.id[1:]
        if conversation_id not in self.conversations:
            self.conversations[conversation_id] = Conversation(
                id=conversation_id,
                name=self.app.name,
                key=f"im:{user.key}",
                members=[user.id, self.app.bot_user_id],
                is_private=True,
                is_im=True,
                uploads=True,
                created=int(self.now()),
            )
            self.tell("conversations", user=user.key)
        return self.conversations[conversation_id]

    def mpim(self, users: list[User]) -> Conversation:
        """The group direct message of the app with several people."""
        ids = [*(user.id for user in users), self.app.bot_user_id]
        for known in self.conversations.values():
            if known.is_mpim and set(known.members) == set(ids):
                return known
        name = "mpdm-" + "--".join(user.name for user in users) + "-1"
        made = Conversation(
            id=new_id("G0"), name=name, key=name, members=ids, is_private=True, is_mpim=True,
            created=int(self.now()),
        )  # fmt: skip
        self.conversations[made.id] = made
        self.tell("conversations")
        return made

    def new_ts(self) -> str:
        """A time of its own for a message: seconds and microseconds, always growing."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def tell(self, type_: str, **more: Any) -> int:
        """Tell the page what changed; returns the number of the change."""
        return self.events.emit("slack", {"type": type_, **more}).seq

    def changed(self, conversation: Conversation, message: Message, type_: str) -> None:
        """Number the change of a message and tell whom it concerns."""
        more: Json = {"channel": conversation.id, "ts": message.ts}
        if message.thread_ts:
            more["thread_ts"] = message.thread_ts
        if message.ephemeral_for:
            more["user"] = self.users[message.ephemeral_for].key
        elif conversation.is_im:
            other = next(m for m in conversation.members if m != self.app.bot_user_id)
            more["user"] = self.users[other].key
        message.seq = self.tell(type_, **more)
