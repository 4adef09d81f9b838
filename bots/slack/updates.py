"""Slack's requests as what somebody did: read here, and nowhere else.

Nothing in a request is trusted but what Slack itself vouches for: who sent it, and where.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bots.callback_data import decode
from bots.chat import Press, Said, Typed
from bots.slack import limits
from bots.slack.accounts import AccountRead
from bots.slack.payloads import (
    ActionRead,
    CommandRead,
    EnvelopeRead,
    InteractionRead,
    Request,
    ViewRead,
    reduced,
)
from bots.slack.render import FIELD
from bots.slack.surface import OWN_PREFIX, View
from bots.text import cut, sendable


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who did something, where, and how to answer."""

    user_id: str
    team_id: str | None
    enterprise_id: str | None = None
    user_team: str | None = None
    """The workspace the request says the person is of; can only count against them."""
    channel: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None
    """The message that was acted on."""
    ephemeral: bool = False
    response_url: str | None = field(default=None, repr=False)
    trigger_id: str | None = None
    view: View | None = None
    payload: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Commanded:
    """Somebody typed a slash command."""

    origin: Origin
    command: str
    text: str


@dataclass(frozen=True, slots=True)
class Did:
    """Somebody pressed a button of ours, or typed words for us."""

    origin: Origin
    said: Said
    action: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acted:
    """Somebody used an element that only Slack has."""

    origin: Origin
    action_id: str
    action: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Somebody chose a shortcut of ours."""

    origin: Origin
    callback_id: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Somebody closed a modal that wanted to know."""

    origin: Origin
    callback_id: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at App Home."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """An account of the workspace has changed."""

    team_id: str | None
    enterprise_id: str | None
    account: AccountRead


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The workspace took us out, or took our token back."""

    team_id: str | None
    enterprise_id: str | None
    at: int | None
    """When, in seconds since 1970, where Slack tells."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody, perhaps we, came into a channel."""

    team_id: str | None
    enterprise_id: str | None
    channel: str
    user_id: str
    inviter: str | None


Asked = Commanded | Did | Acted | Shortcut | Closed | HomeOpened
Event = Asked | ProfileChanged | Uninstalled | Joined


def read_event(request: Request) -> Event | None:
    """Return what happened; None for what nobody here waits for."""
    match request:
        case CommandRead():
            return _command(request)
        case InteractionRead():
            return _interaction(request)
        case EnvelopeRead():
            return _event(request)
        case _:
            return None


def view_of(read: ViewRead) -> View:
    """Return a view as handlers see it."""
    values = read.state.values if read.state else {}
    return View(
        id=read.id,
        callback_id=read.callback_id,
        hash=read.hash or "",
        private_metadata=read.private_metadata or "",
        root_view_id=read.root_view_id or "",
        previous_view_id=read.previous_view_id or "",
        is_home=read.type == "home",
        values={
            block: {name: each.model_dump(exclude_none=True) for name, each in elements.items()}
            for block, elements in values.items()
        },
    )


def origin_of(request: InteractionRead) -> Origin:
    """Return who interacted, and where."""
    container, message = request.container, request.message
    channel = request.channel.id if request.channel else None
    ts = thread = None
    if container is not None:
        channel = channel or container.channel_id
        ts, thread = container.message_ts, container.thread_ts
    if message is not None:
        ts, thread = ts or message.ts, thread or message.thread_ts
    return Origin(
        user_id=request.user.id,
        team_id=request.team_id,
        enterprise_id=request.enterprise,
        user_team=request.user.team_id,
        channel=channel,
        thread_ts=thread if thread != ts else None,
        message_ts=ts or request.message_ts,
        ephemeral=_only_one_sees(request),
        response_url=request.response_url,
        trigger_id=request.trigger_id,
        view=view_of(request.view) if request.view else None,
        payload=reduced(request),
    )


def _only_one_sees(request: InteractionRead) -> bool:
    """Say whether the message is one person's: Slack sends no content of such messages."""
    container = request.container
    if container is None or request.view is not None:
        return False
    return container.is_ephemeral or (container.message_ts is not None and request.message is None)


def _command(request: CommandRead) -> Commanded:
    origin = Origin(
        user_id=request.user_id,
        team_id=request.team_id,
        enterprise_id=request.enterprise_id,
        user_team=request.team_id,
        channel=request.channel_id,
        thread_ts=request.thread_ts,
        response_url=request.response_url,
        trigger_id=request.trigger_id,
        payload=reduced(request),
    )
    return Commanded(origin, request.command, cut(sendable(unescape(request.text)), limits.TYPED))


def _interaction(request: InteractionRead) -> Event | None:
    origin = origin_of(request)
    match request.type:
        case "shortcut" | "message_action":
            return Shortcut(origin, request.callback_id or "")
        case "view_closed":
            return Closed(origin, origin.view.callback_id if origin.view else "")
        case "block_actions" if request.actions:
            return _action(origin, request.actions[0])
        case _:
            return None


def _action(origin: Origin, action: ActionRead) -> Did | Acted | None:
    fields = action.model_dump(exclude_none=True)
    if action.action_id.startswith(OWN_PREFIX):
        return Acted(origin, action.action_id, fields)
    if action.action_id.startswith(FIELD):
        text = cut(sendable(action.value or ""), limits.TYPED)
        draft_id = action.action_id.removeprefix(FIELD)[:64]
        return Did(origin, Typed(text, draft_id), fields)
    option = action.selected_option
    payload = (option.value if option else action.value) or ""
    pressed = decode(payload)
    if pressed is None and action.action_id.startswith(("url", "more")):
        return None  # a button that opens an address tells of it, and wants no answer
    return Did(origin, pressed or Press(""), fields)


def _event(envelope: EnvelopeRead) -> Event | None:
    event, team, enterprise = envelope.event, envelope.team_id, envelope.enterprise_id
    user_id = event.user if isinstance(event.user, str) else None
    match event.type:
        case "app_home_opened" if user_id and event.tab in {None, "home"}:
            view = view_of(event.view) if event.view else None
            return HomeOpened(
                Origin(user_id=user_id, team_id=team, enterprise_id=enterprise, view=view)
            )
        case "message" if user_id and event.channel:
            return _message(envelope, user_id, event.channel)
        case "user_change" | "user_profile_changed" if isinstance(event.user, AccountRead):
            return ProfileChanged(team, enterprise, event.user)
        case "app_uninstalled":
            return Uninstalled(team, enterprise, envelope.event_time)
        case "tokens_revoked" if event.tokens and event.tokens.get("bot"):
            return Uninstalled(team, enterprise, envelope.event_time)
        case "member_joined_channel" if user_id and event.channel:
            return Joined(team, enterprise, event.channel, user_id, event.inviter)
        case _:
            return None


def _message(envelope: EnvelopeRead, user_id: str, channel: str) -> Did | None:
    """Return words typed in our direct message; others talk to each other."""
    event = envelope.event
    is_direct = event.channel_type == "im" or (
        event.channel_type is None and channel.startswith("D")
    )
    if not is_direct or event.bot_id or (event.subtype not in {None, "file_share"}):
        return None
    origin = Origin(
        user_id=user_id,
        team_id=envelope.team_id,
        enterprise_id=envelope.enterprise_id,
        channel=channel,
        thread_ts=event.thread_ts if event.thread_ts != event.ts else None,
    )
    return Did(origin, Typed(cut(sendable(unescape(event.text or "")), limits.TYPED)))


def unescape(text: str) -> str:
    """Return typed words as they were typed: Slack sends three characters as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
