"""What the control API of the local Slack is sent."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Chosen(_Body):
    """What was chosen in an element; one of these, or none for a plain button."""

    value: Any = None
    rich_text_value: dict[str, Any] | None = None
    selected_option: dict[str, Any] | str | None = None
    selected_options: list[dict[str, Any] | str] | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_date_time: int | None = None
    selected_user: str | None = None
    selected_users: list[str] | None = None
    selected_conversation: str | None = None
    selected_conversations: list[str] | None = None
    selected_channel: str | None = None
    selected_channels: list[str] | None = None

    def choice(self) -> dict[str, Any]:
        names = Chosen.model_fields.keys()
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


class SlashCommand(_Body):
    channel_id: str
    command: str = Field(pattern=r"^/\S+$")
    text: str = ""


class TypedMessage(_Body):
    channel_id: str
    text: str
    thread_ts: str | None = None


class Action(Chosen):
    """An element used; ``state`` are other inputs of the same message, filled in before."""

    container: dict[str, Any]
    action_id: str
    block_id: str | None = None
    state: dict[str, Any] | None = None


class Typeahead(_Body):
    container: dict[str, Any]
    action_id: str
    block_id: str | None = None
    value: str = ""


class ShortcutUse(_Body):
    callback_id: str
    type: str = Field(default="global", pattern="^(global|message)$")
    channel_id: str | None = None
    ts: str | None = None


class Submission(_Body):
    """``forged`` skips what a client checks before it sends."""

    values: dict[str, dict[str, dict[str, Any]]] = Field(default_factory=dict)
    forged: bool = False


class FilledIn(Chosen):
    block_id: str
    action_id: str


class Closing(_Body):
    clear: bool = False


class Membership(_Body):
    channel_id: str
    member: bool = True


class NewChannel(_Body):
    key: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    name: str | None = None
    channel_id: str | None = None
    members: list[str] = Field(default_factory=list)
    is_private: bool = False
    has_app: bool = True
    is_ext_shared: bool = False
    uploads: bool = True


class ChannelChange(_Body):
    archived: bool | None = None
    uploads: bool | None = None


class Archiving(_Body):
    archived: bool = True


class Profile(_Body):
    real_name: str | None = None
    display_name: str | None = None
    tz: str | None = None
    locale: str | None = None
    deleted: bool | None = None
    is_admin: bool | None = None
    is_restricted: bool | None = None
    is_ultra_restricted: bool | None = None
    is_stranger: bool | None = None
    team_id: str | None = None
    email: str | None = None


class NewPerson(_Body):
    key: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    real_name: str
    user_id: str | None = None
    display_name: str | None = None
    tz: str | None = "UTC"
    locale: str = "en-US"
    is_admin: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    team_id: str | None = None
    deleted: bool = False
    email: str | None = None
    label: str | None = None


class Address(_Body):
    url: str | None


class Replay(_Body):
    id: int
    times: int = Field(default=1, ge=1, le=1000)


class RawDelivery(_Body):
    """Any text posted to the app; signed well unless ``sign`` is False or a header says else."""

    body: str
    headers: dict[str, str] = Field(default_factory=dict)
    sign: bool = True


class ForgedDelivery(_Body):
    """Any payload as a kind of delivery, over the usual way."""

    kind: str = Field(pattern="^(command|interaction|options|event)$")
    payload: dict[str, Any]


class Disconnection(_Body):
    """How sockets are ended: told to refresh, warned, or cut without a word."""

    reason: str = Field(
        default="refresh_requested", pattern="^(refresh_requested|warning|link_disabled|cut)$"
    )


class Uploads(_Body):
    allowed: bool


class Rates(_Body):
    """Calls allowed per method: count and seconds; an empty object lifts all."""

    rates: dict[str, tuple[int, float]] = Field(default_factory=dict)


class RedirectUri(_Body):
    redirect_uri: str = ""
