"""The parts of Slack's requests that slotbook reads, and no others.

What decides an answer has to be right, and what may be left out may be missing. What is stored
and handed on is the reading, never the request: parts nobody asked for go no further.
"""

import json
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic import ValidationError as _Invalid

from bots.slack.accounts import AccountRead
from bots.slack.reading import Id, Key, MaybeId, MaybeKey, MaybeText, MaybeTs, Read, Text
from bots.text import storable

_FIELDS_AT_MOST = 60


HEARD = frozenset({
    "app_home_opened", "message", "user_change", "user_profile_changed", "app_uninstalled",
    "tokens_revoked", "member_joined_channel",
})  # fmt: skip
"""Types of events that somebody here waits for."""


class NotARequest(Exception):
    """This is not what Slack sends."""


class OptionRead(Read):
    """A chosen option."""

    value: MaybeText = None
    text: dict[str, Any] | None = None


class ElementRead(Read):
    """What an element of a block holds."""

    type: MaybeKey = None
    value: MaybeText = None
    selected_option: OptionRead | None = None
    selected_options: list[OptionRead] | None = None
    selected_user: MaybeId = None
    selected_users: list[Id] | None = None
    selected_conversation: MaybeId = None
    selected_conversations: list[Id] | None = None
    selected_channel: MaybeId = None
    selected_channels: list[Id] | None = None
    selected_date: MaybeKey = None
    selected_time: MaybeKey = None
    selected_date_time: int | None = None


class ActionRead(ElementRead):
    """The element somebody acted on."""

    action_id: Key
    block_id: MaybeKey = None
    action_ts: MaybeKey = None


class UserRead(Read):
    """Who acted: of all this only the id is used as it is."""

    id: Id
    team_id: MaybeId = None


class TeamRead(Read):
    """A workspace, or an organization of several."""

    id: Id


class ChannelRead(Read):
    """A conversation."""

    id: Id


class ContainerRead(Read):
    """Where the element stands."""

    type: MaybeKey = None
    message_ts: MaybeTs = None
    channel_id: MaybeId = None
    is_ephemeral: Annotated[bool, BeforeValidator(bool)] = False
    thread_ts: MaybeTs = None
    view_id: MaybeId = None


class MessageRead(Read):
    """A message somebody acted on."""

    ts: MaybeTs = None
    thread_ts: MaybeTs = None
    user: MaybeId = None
    bot_id: MaybeId = None
    text: MaybeText = None


def _no_fields(value: object) -> object:
    return {} if value is None else value


def _no_items(value: object) -> object:
    return [] if value is None else value


class StateRead(Read):
    """What is filled in."""

    values: Annotated[dict[Key, dict[Key, ElementRead]], BeforeValidator(_no_fields)] = Field(
        default_factory=dict
    )


class ViewRead(Read):
    """A modal or App Home."""

    id: Id
    type: Annotated[
        Literal["modal", "home"],
        BeforeValidator(lambda value: value if value == "home" else "modal"),
    ] = "modal"
    callback_id: Annotated[Key, BeforeValidator(lambda value: value or "")] = ""
    hash: MaybeKey = None
    private_metadata: MaybeText = None
    root_view_id: MaybeId = None
    previous_view_id: MaybeId = None
    state: StateRead | None = None


class CommandRead(Read):
    """A slash command."""

    command: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    text: Text = ""
    user_id: Id
    team_id: MaybeId = None
    enterprise_id: MaybeId = None
    channel_id: MaybeId = None
    channel_name: MaybeKey = None
    response_url: MaybeText = None
    trigger_id: MaybeKey = None
    thread_ts: MaybeTs = None

    @property
    def team(self) -> str | None:
        """Return the workspace it was typed in."""
        return self.team_id

    @property
    def enterprise(self) -> str | None:
        """Return the organization the workspace belongs to."""
        return self.enterprise_id


class InteractionRead(Read):
    """A press, a modal sent or closed, a shortcut, or a select that asks for options."""

    type: Literal[
        "block_actions", "view_submission", "view_closed", "shortcut", "message_action",
        "block_suggestion",
    ]  # fmt: skip
    user: UserRead
    team: TeamRead | None = None
    enterprise_of: TeamRead | None = Field(None, alias="enterprise")
    trigger_id: MaybeKey = None
    response_url: MaybeText = None
    channel: ChannelRead | None = None
    container: ContainerRead | None = None
    message: MessageRead | None = None
    view: ViewRead | None = None
    actions: Annotated[list[ActionRead], BeforeValidator(_no_items)] = Field(
        default_factory=list, max_length=20
    )
    state: StateRead | None = None
    callback_id: MaybeKey = None
    action_id: MaybeKey = None
    block_id: MaybeKey = None
    value: MaybeText = None
    action_ts: MaybeKey = None
    message_ts: MaybeTs = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse what lacks the very thing it is about."""
        about = {
            "block_actions": self.actions,
            "view_submission": self.view,
            "view_closed": self.view,
            "shortcut": self.callback_id,
            "message_action": self.callback_id,
            "block_suggestion": self.action_id,
        }
        if not about[self.type]:
            raise ValueError("nothing in it")
        return self

    @property
    def team_id(self) -> str | None:
        """Return the workspace it was done in."""
        return self.team.id if self.team else self.user.team_id

    @property
    def enterprise(self) -> str | None:
        """Return the organization the workspace belongs to."""
        return self.enterprise_of.id if self.enterprise_of else None


def _account_or_id(value: object) -> object:
    return value if isinstance(value, str | dict) and value else None


def _whole_or_none(value: object) -> object:
    return value if isinstance(value, int) else None


def _id_or_none(value: object) -> object:
    return value if isinstance(value, str) and value else None


class EventRead(Read):
    """What happened, inside its envelope."""

    type: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    user: Annotated[AccountRead | Id | None, BeforeValidator(_account_or_id)] = None
    channel: Annotated[Id | None, BeforeValidator(_id_or_none)] = None
    channel_type: MaybeKey = None
    text: MaybeText = None
    ts: MaybeTs = None
    thread_ts: MaybeTs = None
    subtype: MaybeKey = None
    bot_id: MaybeKey = None
    tab: MaybeKey = None
    view: ViewRead | None = None
    inviter: MaybeId = None
    tokens: dict[str, list[str]] | None = None


class EnvelopeRead(Read):
    """An event in its envelope."""

    type: Literal["event_callback"]
    event: EventRead
    event_id: MaybeKey = None
    event_time: Annotated[int | None, BeforeValidator(_whole_or_none)] = None
    team_id: MaybeId = None
    enterprise_id: MaybeId = None

    @property
    def enterprise(self) -> str | None:
        """Return the organization the workspace belongs to."""
        return self.enterprise_id


class UrlVerificationRead(Read):
    """Slack asks whether this address is ours."""

    type: Literal["url_verification"]
    challenge: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


Request = CommandRead | InteractionRead | EnvelopeRead | UrlVerificationRead


def parse_body(body: bytes, content_type: str) -> dict[str, Any]:
    """Return the fields of a request's body, JSON or a form as it may be.

    Raises:
        NotARequest: it is neither.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotARequest("not UTF-8") from None
    if "json" in content_type.lower() or text.lstrip().startswith("{"):
        return _fields(text)
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS_AT_MOST)
    except ValueError:
        raise NotARequest("not a form") from None
    form = dict(reversed(pairs))  # of two values the first counts
    return _fields(form["payload"]) if "payload" in form else dict(form)


def _fields(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotARequest("not JSON") from None
    if not isinstance(found, dict):
        raise NotARequest("not an object")
    return found


def read_request(fields: dict[str, Any]) -> Request:
    """Return what we read of a request.

    Raises:
        NotARequest: it lacks what makes a request, or says it in a way Slack never does.
    """
    kind = fields.get("type")
    model: type[Request]
    if kind == "url_verification":
        model = UrlVerificationRead
    elif kind in ("event_callback", "app_rate_limited"):  # whatever type it is of
        model, fields = EnvelopeRead, _heard(fields)
    elif "command" in fields and kind is None:
        model = CommandRead
    else:
        model = InteractionRead
    try:
        return model.model_validate(storable(fields))
    except (_Invalid, RecursionError) as error:
        faults = (
            error.errors(include_input=False, include_url=False)
            if isinstance(error, _Invalid)
            else []
        )
        where = ", ".join(".".join(map(str, fault["loc"])) for fault in faults[:3])
        raise NotARequest(f"{model.__name__}: {where or 'too deep'}") from None


def _heard(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the envelope of an event; of one that nobody here waits for only its type.

    Refusing it for a part nobody reads would count against us with Slack.
    """
    if fields.get("type") == "app_rate_limited":
        return {"type": "event_callback", "event": {"type": "other"}}  # told to all, no question
    event = fields.get("event")
    if isinstance(event, dict) and isinstance(event.get("type"), str) and event["type"]:
        return fields if event["type"] in HEARD else {**fields, "event": {"type": "other"}}
    return fields


def reduced(request: Request) -> dict[str, Any]:
    """Return the request with nothing in it but what is read, as JSON takes it."""
    return request.model_dump(mode="json", by_alias=True, exclude_none=True)
