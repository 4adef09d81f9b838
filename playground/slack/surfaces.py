"""What opens on a person's screen: triggers, modals, App Home; and addresses to answer to."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from playground.slack.elements import Values, random_id, values_of, with_ids
from playground.slack.errors import SlackError
from playground.slack.state import Json, SlackWorld, User, new_id

STACK_MOST = 3


@dataclass(slots=True)
class View:
    """A modal or App Home of one person."""

    id: str
    user_id: str
    content: Json
    blocks: list[Json]
    values: Values
    hash: str
    previous: str | None = None
    root: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    response_urls: list[Json] = field(default_factory=list)

    @property
    def type(self) -> str:
        return str(self.content.get("type"))

    @property
    def external_id(self) -> str:
        return str(self.content.get("external_id") or "")

    def flag(self, name: str) -> bool:
        return bool(self.content.get(name))


@dataclass(slots=True)
class Trigger:
    """The right to open one modal, for one person, for a moment."""

    user_id: str
    until: float
    in_view: bool
    used: bool = False


class Surfaces:
    """The open views of everybody, and the triggers that open more."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._triggers: dict[str, Trigger] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._hashes = 0

    def trigger(self, user: User, *, in_view: bool = False) -> str:
        """A new trigger_id for something a person just did, perhaps in a modal."""
        world = self._world
        number = 10**11 + len(self._triggers)
        trigger_id = f"{number}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(
            user.id, world.now() + world.config.trigger_life, in_view
        )
        return trigger_id

    def exchange(self, trigger_id: str) -> tuple[User, bool]:
        """Use a trigger up; returns whose screen it opens, and whether it came from a modal.

        Raises:
            SlackError: it is unknown, used or too old.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._world.now() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return self._world.user(trigger.user_id), trigger.in_view

    def views(self) -> list[View]:
        stacked = [view for stack in self.stacks.values() for view in stack]
        return [*stacked, *self.homes.values()]

    def by_id(self, view_id: str) -> View | None:
        return next((view for view in self.views() if view.id == view_id), None)

    def by_external_id(self, external_id: str) -> View | None:
        return next((view for view in self.views() if view.external_id == external_id), None)

    def stack(self, user: User) -> list[View]:
        return self.stacks.setdefault(user.id, [])

    def open(self, user: User, content: Json) -> View:
        """Open a modal in the place of whatever is open."""
        self.claim_external_id(content, None)
        view = self._new(user, content)
        self.stacks[user.id] = [view]
        self._tell(view)
        return view

    def push(self, user: User, content: Json) -> View:
        """Put a modal onto the open ones.

        Raises:
            SlackError: nothing is open, or three are.
        """
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= STACK_MOST:
            raise SlackError("push_limit_reached")
        self.claim_external_id(content, None)
        view = self._new(user, content)
        view.previous, view.root = stack[-1].id, stack[0].id
        stack.append(view)
        self._tell(view)
        return view

    def update(self, view: View, content: Json) -> View:
        """Replace what a view shows; what is filled in stays where the ids stay."""
        self.claim_external_id(content, view)
        view.content = content
        view.blocks = with_ids(content["blocks"])
        view.values = values_of(view.blocks, view.values)
        view.errors = {}
        view.hash = self._new_hash()
        self._tell(view)
        return view

    def publish(self, user: User, content: Json) -> View:
        """Replace a person's App Home; its id stays for good, as at Slack."""
        known = self.homes.get(user.id)
        if known is not None:
            return self.update(known, content)
        view = self._new(user, content)
        self.homes[user.id] = view
        self._tell(view)
        return view

    def close(self, view: View) -> None:
        """Take a modal and those above it from the screen."""
        stack = self.stacks.get(view.user_id, [])
        if view in stack:
            del stack[stack.index(view) :]
            self._tell(view)

    def clear(self, user: User) -> None:
        for view in list(self.stack(user))[:1]:
            self.close(view)

    def refuse(self, view: View, errors: dict[str, str]) -> None:
        """Show faults under the fields of a modal."""
        view.errors = errors
        self._tell(view)

    def claim_external_id(self, content: Json, view: View | None) -> None:
        wanted = content.get("external_id")
        known = self.by_external_id(str(wanted)) if wanted else None
        if known is not None and known is not view:
            raise SlackError("duplicate_external_id")

    def _new(self, user: User, content: Json) -> View:
        blocks = with_ids(content["blocks"])
        view_id = new_id("V0")
        values = values_of(blocks)
        return View(view_id, user.id, content, blocks, values, self._new_hash(), root=view_id)

    def _new_hash(self) -> str:
        self._hashes += 1
        return f"{int(self._world.now())}.{self._hashes:04d}{random_id(4)}"

    def _tell(self, view: View) -> None:
        type_ = "home" if view.type == "home" else "view"
        self._world.tell(type_, user=self._world.users[view.user_id].key, view=view.id)

    def view_json(self, view: View) -> Json:
        """A view as methods answer and payloads carry it."""
        world, content = self._world, view.content
        shown: Json = {
            "id": view.id,
            "team_id": world.config.team_id,
            "type": view.type,
            "blocks": view.blocks,
            "private_metadata": content.get("private_metadata") or "",
            "callback_id": content.get("callback_id") or "",
            "state": {"values": view.values},
            "hash": view.hash,
            "title": _plain(content.get("title")),
            "clear_on_close": view.flag("clear_on_close"),
            "notify_on_close": view.flag("notify_on_close"),
            "close": _plain(content.get("close")),
            "submit": _plain(content.get("submit")),
            "previous_view_id": view.previous,
            "root_view_id": view.root,
            "app_id": world.app.app_id,
            "external_id": view.external_id,
            "app_installed_team_id": world.config.team_id,
            "bot_id": world.app.bot_id,
        }
        if "submit_disabled" in content:
            shown["submit_disabled"] = content["submit_disabled"]
        return shown


def _plain(text: Any) -> Any:
    return {"emoji": True, **text} if isinstance(text, dict) else text


@dataclass(slots=True)
class ResponseUrl:
    """An address to answer an interaction at, a few times and not for long."""

    user_id: str
    channel_id: str
    until: float
    uses_left: int
    message_ts: str | None = None
    thread_ts: str | None = None


class ResponseUrls:
    """All response addresses handed out."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._by_token: dict[str, ResponseUrl] = {}

    def new(
        self, user: User, channel_id: str, message_ts: str | None, thread_ts: str | None
    ) -> str:
        config = self._world.config
        token = f"{config.team_id}/{secrets.randbelow(10**13)}/{secrets.token_urlsafe(18)}"
        self._by_token[token] = ResponseUrl(
            user_id=user.id,
            channel_id=channel_id,
            until=self._world.now() + config.response_url_life,
            uses_left=config.response_url_uses,
            message_ts=message_ts,
            thread_ts=thread_ts,
        )
        return f"{self._world.base_url}/slack/response/{token}"

    def use(self, token: str) -> ResponseUrl:
        """The address of a token, counted as used.

        Raises:
            SlackError: there is none, it is too old, or used up.
        """
        found = self._by_token.get(token)
        if found is None:
            raise SlackError("invalid_url", status=404)
        if self._world.now() > found.until:
            raise SlackError("expired_url", status=404)
        if found.uses_left <= 0:
            raise SlackError("used_url", status=404)
        found.uses_left -= 1
        return found
