"""What the playground knows: bots, people, chats and messages. Nothing here speaks HTTP."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playground.config import BotSeed, PlaygroundConfig, UserSeed
from playground.control.events import EventHub
from playground.faults import FaultScript
from playground.telegram.errors import invalid_token, unauthorized
from playground.telegram.faults import Fault
from playground.telegram.files import FileStore
from playground.telegram.flood import FloodControl
from playground.telegram.log import CallLog
from playground.telegram.updates import Update, UpdateQueue

Json = dict[str, Any]

_TOKEN = re.compile(r"([1-9]\d{0,15}):[A-Za-z0-9_-]{30,}")
_FIRST_USER_ID = 700_000_001
_IDS_FROM = 1_704_067_200  # 2024-01-01: message ids of a later start are above an earlier one's


@dataclass(slots=True)
class User:
    """A person, or the bot's view of itself."""

    seed: UserSeed
    id: int
    deactivated: bool = False

    @property
    def key(self) -> str:
        return self.seed.key

    def api(self) -> Json:
        optional = {
            "last_name": self.seed.last_name,
            "username": self.seed.username,
            "language_code": self.seed.language_code,
        }
        shown = {name: value for name, value in optional.items() if value}
        return {"id": self.id, "is_bot": False, "first_name": self.seed.first_name, **shown}

    def api_chat(self) -> Json:
        optional = {"last_name": self.seed.last_name, "username": self.seed.username}
        shown = {name: value for name, value in optional.items() if value}
        return {"id": self.id, "first_name": self.seed.first_name, **shown, "type": "private"}


@dataclass(slots=True)
class Group(User):
    """A group, in the place of the other side of a chat: everybody in it sees one conversation."""

    members: list[User] = field(default_factory=list)
    """Its people, in the order they came."""
    supergroup: bool = True
    moved_to: int | None = None
    """The id of the supergroup it became."""
    last_message_id: int = 0

    def api_chat(self) -> Json:
        kind = "supergroup" if self.supergroup else "group"
        return {"id": self.id, "title": self.seed.first_name, "type": kind}


@dataclass(slots=True)
class Message:
    """One message as both sides see it. ``content`` is spelled as in the Bot API."""

    id: int
    date: int
    from_bot: bool
    content: Json
    markup: Json | None = None
    silent: bool = False
    protected: bool = False
    reply_to: int | None = None
    forwarded_from: Json | None = None
    edited_at: int | None = None
    edits: int = 0
    deleted: bool = False
    reactions: list[Json] = field(default_factory=list)
    seq: int = 0
    sender: User | None = None
    """Who wrote it in a group; in a private chat it is the chat's person."""

    @property
    def inline_keyboard(self) -> list[list[Json]]:
        rows: list[list[Json]] = (self.markup or {}).get("inline_keyboard", [])
        return rows


@dataclass(slots=True)
class Chat:
    """The private chat of one person with one bot."""

    user: User
    messages: dict[int, Message] = field(default_factory=dict)
    started: bool = False
    blocked: bool = False
    keyboard: Json | None = None
    keyboard_from: int | None = None
    pinned: list[int] = field(default_factory=list)
    start_payload: str | None = None
    action: str | None = None
    action_until: float = 0.0
    menu_button: Json | None = None


@dataclass(slots=True)
class Webhook:
    """Where updates of a bot are posted to."""

    url: str
    secret: str
    max_connections: int
    last_error: str | None = None
    last_error_at: int | None = None


@dataclass(slots=True)
class Bot:
    """One bot account, made when its token is first seen."""

    token: str
    id: int
    username: str
    name: str
    updates: UpdateQueue
    next_message_id: int
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    webhook: Webhook | None = None
    chats: dict[int, Chat] = field(default_factory=dict)
    logged_out: bool = False

    def api(self) -> Json:
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.names.get("") or self.name,
            "username": self.username,
        }

    def chat(self, user: User) -> Chat:
        return self.chats.setdefault(user.id, Chat(user))

    def message_id_in(self, chat: Chat) -> int:
        """Return the next id: a supergroup counts its messages by itself, from 1."""
        group = chat.user
        if not isinstance(group, Group) or not group.supergroup:
            return self.new_message_id()
        group.last_message_id += 1
        return group.last_message_id

    def new_message_id(self) -> int:
        # One counter for all private chats of an account, as at Telegram.
        self.next_message_id += 1
        return self.next_message_id


class World:
    """Everything of one playground."""

    def __init__(self, config: PlaygroundConfig) -> None:
        self.config = config
        self.bots: dict[str, Bot] = {}
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.events = EventHub(config.events_kept)
        self.files = FileStore(config.upload_limit)
        self.faults = FaultScript[Fault]()
        self.flood = FloodControl(config.flood)
        self.calls = CallLog(config.calls_kept)
        self.presses: dict[str, Press] = {}
        self.on_updates: Callable[[Bot], None] = _nobody_listens
        for bot in config.bots:
            self._add_bot(bot)
        for user in config.users:
            self.add_user(user)

    def now(self) -> float:
        return self.config.now()

    def bot(self, token: str) -> Bot:
        """The bot of a token, which is made on first use.

        Raises:
            ApiError: 401 for a token of the wrong shape, or an unknown one in strict mode.
        """
        if token in self.bots:
            return self.bots[token]
        if _TOKEN.fullmatch(token) is None:
            raise invalid_token()
        if not self.config.accept_any_token:
            raise unauthorized()
        return self._add_bot(BotSeed(token=token))

    def _add_bot(self, seed: BotSeed) -> Bot:
        bot_id = int(seed.token.split(":")[0])
        username = seed.username or f"bot{bot_id}_bot"
        bot = Bot(
            token=seed.token,
            id=bot_id,
            username=username,
            name=seed.name or username.removesuffix("_bot").replace("_", " ").title(),
            updates=UpdateQueue(self.now),
            next_message_id=max(1, int(self.now()) - _IDS_FROM),
        )
        bot.updates.on_arrival = lambda: self.on_updates(bot)
        self.bots[seed.token] = bot
        self.events.emit("bots", {"bot": bot.username})
        return bot

    def bot_named(self, name: str) -> Bot | None:
        """By username or id; "-" is the first bot."""
        wanted = name.removeprefix("@").lower()
        for bot in self.bots.values():
            if wanted in {"-", bot.username.lower(), str(bot.id)}:
                return bot
        return None

    def add_user(self, seed: UserSeed) -> User:
        taken = {user.id for user in self.users.values()}
        user_id = seed.id or next(
            number for number in range(_FIRST_USER_ID, 2**52) if number not in taken
        )
        user = User(seed, user_id)
        self.users[seed.key] = user
        self.events.emit("users", {"user": seed.key})
        return user

    def user_with_id(self, user_id: int) -> User | None:
        return next((user for user in self.users.values() if user.id == user_id), None)

    def group_with_id(self, group_id: int) -> Group | None:
        return next((group for group in self.groups.values() if group.id == group_id), None)

    def changed(self, bot: Bot, chat: Chat, message: Message, kind: str) -> None:
        """Number the change and tell the page."""
        event = self.events.emit(
            kind, {"user": chat.user.key, "bot": bot.username, "message_id": message.id}
        )
        message.seq = event.seq

    def tell_chat(self, bot: Bot, chat: Chat, kind: str = "chat", **more: Any) -> None:
        """Tell the page of something in a chat that is not a message."""
        self.events.emit(kind, {"user": chat.user.key, "bot": bot.username, **more})

    def close(self) -> None:
        for bot in self.bots.values():
            bot.updates.close()
        self.events.close()


def _nobody_listens(_: Bot) -> None:
    """Until webhooks are served, updates wait in their queue."""


@dataclass(slots=True)
class Press:
    """A pressed inline button, until and after the bot answers it."""

    id: str
    bot: Bot
    chat: Chat
    message_id: int
    data: str
    pressed_at: float
    update: Update | None = None
    answered: bool = False
    text: str | None = None
    alert: bool = False
    url: str | None = None
    answer_seq: int = 0
