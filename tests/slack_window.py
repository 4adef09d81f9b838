"""One window of Slack, as its person sees it and as the app drives it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bots.chat import Incoming
from bots.slack.surface import View
from phones import PhoneTurn
from slack_rules import every_fault

if TYPE_CHECKING:
    from slack_person import SlackPerson

TEAM = "T1"
Json = dict[str, Any]


@dataclass
class Window:
    """One open modal as its person sees it."""

    id: str
    view: Json
    filled: dict[tuple[str, str], Json] = field(default_factory=dict)
    hash: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    def show(self, view: Json) -> None:
        """Draw it anew; what was filled in stays where block and action stay."""
        assert every_fault(view) == []
        self.view, self.faults = view, {}
        self.hash += 1
        known = {(b["block_id"], e["action_id"]) for b, e in self.elements()}
        self.filled = {key: value for key, value in self.filled.items() if key in known}

    def elements(self) -> Iterator[tuple[Json, Json]]:
        """Return what can be filled in, each with its block."""
        for block in self.view["blocks"]:
            if block["type"] == "input":
                yield block, block["element"]

    def field(self, action_id: str) -> tuple[Json, Json]:
        """Return one of them."""
        for block, element in self.elements():
            if element["action_id"] == action_id:
                return block, element
        raise AssertionError(f"no field {action_id}; there are {self.fields}")

    @property
    def fields(self) -> list[str]:
        return [element["action_id"] for _, element in self.elements()]

    @property
    def state(self) -> Json:
        """Return what Slack sends of it."""
        values: Json = {}
        for block, element in self.elements():
            key = (block["block_id"], element["action_id"])
            now = self.filled.get(key, _initial(element))
            values.setdefault(key[0], {})[key[1]] = {"type": element["type"], **now}
        return values

    def options(self, action_id: str) -> dict[str, str]:
        """Return the labels of a list with their values."""
        element = self.field(action_id)[1]
        groups = element.get("option_groups", [{"options": element.get("options", [])}])
        every = [option for group in groups for option in group["options"]]
        return {option["text"]["text"]: option["value"] for option in every}

    def chosen(self, action_id: str) -> str:
        """Return the label that is chosen."""
        block, _ = self.field(action_id)
        option = self.state[block["block_id"]][action_id].get("selected_option")
        return option["text"]["text"] if option else ""

    @property
    def text(self) -> str:
        """Return every word in it."""
        return "\n".join(words_of(self.view))

    @property
    def buttons(self) -> dict[str, Json]:
        """Return its buttons by label."""
        return {e["text"]["text"]: e for e in every_part(self.view) if e.get("type") == "button"}


def _initial(element: Json) -> Json:
    return {
        new: element[old]
        for old, new in (
            ("initial_option", "selected_option"),
            ("initial_options", "selected_options"),
            ("initial_value", "value"),
            ("initial_users", "selected_users"),
            ("initial_conversation", "selected_conversation"),
        )
        if old in element
    }


def every_part(value: object) -> Iterator[Json]:
    """Return every object inside a view, itself first."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from every_part(each)
    elif isinstance(value, list):
        for each in value:
            yield from every_part(each)


def words_of(view: Json) -> list[str]:
    """Return every text of a view."""
    return [
        each["text"] for each in every_part(view) if each.get("type") in {"plain_text", "mrkdwn"}
    ]


class DeskSurface:
    """One interaction of a person with slotbook in Slack."""

    def __init__(
        self,
        person: "SlackPerson",
        incoming: Incoming,
        *,
        window: Window | None = None,
        action: Json | None = None,
        payload: Json | None = None,
        trigger: bool = True,
        is_home: bool = False,
    ) -> None:
        self._person, self._incoming = person, incoming
        self._window, self._action = window, action or {}
        self._payload, self._trigger, self._is_home = payload or {}, trigger, is_home

    @property
    def incoming(self) -> Incoming:
        return self._incoming

    @property
    def turn(self) -> PhoneTurn:
        return PhoneTurn(self._incoming, self._person.screen)

    @property
    def team_id(self) -> str:
        return TEAM

    @property
    def user_id(self) -> str:
        return self._person.user_id

    @property
    def channel_id(self) -> str | None:
        group = self._incoming.group
        return group.chat_id.partition("#")[0] if group else None

    @property
    def trigger_id(self) -> str | None:
        return "trigger" if self._trigger else None

    @property
    def view(self) -> View | None:
        if self._is_home:
            return View(id="V0", is_home=True)
        window = self._window
        if window is None:
            return None
        return View(
            id=window.id,
            callback_id=window.view["callback_id"],
            hash=str(window.hash),
            private_metadata=window.view["private_metadata"],
            values=window.state,
        )

    @property
    def action(self) -> Mapping[str, Any]:
        return self._action

    @property
    def payload(self) -> Mapping[str, Any]:
        return self._payload

    async def open(self, view: Mapping[str, Any]) -> str:
        if not self._trigger:
            return ""
        return self._person.open_window(dict(view))

    async def push(self, view: Mapping[str, Any]) -> str:
        return self._person.open_window(dict(view))

    async def update(
        self,
        view: Mapping[str, Any],
        *,
        view_id: str | None = None,
        hash: str | None = None,  # noqa: A002
    ) -> None:
        number = view_id or (self._window.id if self._window else "")
        window = self._person.windows.get(number)
        if window is not None:
            window.show(dict(view))

    async def say_with(self, text: str, elements: Sequence[Mapping[str, Any]]) -> None:
        await self.turn.toast(text)

    async def publish_home(self, view: Mapping[str, Any]) -> None:
        assert every_fault(dict(view)) == []
        self._person.home = dict(view)
