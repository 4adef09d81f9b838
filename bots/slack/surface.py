"""What Slack has and no other chat: modals, App Home, shortcuts. Who draws them registers here.

The adapter meets and admits the person first; a handler gets a ``Surface``, which is one
interaction of that person. Commands, presses, actions, shortcuts and App Home come from the
durable inbox and may be repeated; submissions and options are answered while Slack waits.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bots.chat import Incoming, Turn

T = TypeVar("T")
OWN_PREFIX = "sb."
"""Begins every action_id and callback_id that is Slack's alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A modal or App Home as it stood when somebody acted in it."""

    id: str
    callback_id: str = ""
    hash: str = ""
    private_metadata: str = ""
    root_view_id: str = ""
    previous_view_id: str = ""
    is_home: bool = False
    values: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    """What is filled in: block_id, then action_id, then the element's state as Slack sends it."""

    def state(self, block_id: str, action_id: str = "") -> Mapping[str, Any]:
        """Return one element's state; with no ``action_id`` that of the block's only element."""
        block = self.values.get(block_id, {})
        return block.get(action_id, {}) if action_id else next(iter(block.values()), {})

    def text(self, block_id: str, action_id: str = "") -> str:
        """Return what an element holds as one string; empty where nothing is filled in.

        Typed text, the value of the chosen option, the date, the time, or the chosen user.
        """
        state = self.state(block_id, action_id)
        option = state.get("selected_option")
        if isinstance(option, Mapping):
            return str(option.get("value") or "")
        names = ("value", "selected_date", "selected_time", "selected_user",
                 "selected_conversation", "selected_channel")  # fmt: skip
        return next((str(state[name]) for name in names if state.get(name)), "")

    def several(self, block_id: str, action_id: str = "") -> tuple[str, ...]:
        """Return what a multi-select or checkboxes hold: values of options, or ids of users."""
        state = self.state(block_id, action_id)
        options = state.get("selected_options")
        if isinstance(options, Sequence) and not isinstance(options, str):
            return tuple(str(o.get("value")) for o in options if isinstance(o, Mapping))
        names = ("selected_users", "selected_conversations", "selected_channels")
        chosen = next((state[name] for name in names if state.get(name)), ())
        return tuple(str(each) for each in chosen) if isinstance(chosen, list | tuple) else ()


class Surface(Protocol):
    """One interaction of one person in Slack, met and admitted."""

    @property
    def incoming(self) -> Incoming: ...
    @property
    def turn(self) -> Turn:
        """The same interaction as flows see it."""

    @property
    def team_id(self) -> str: ...
    @property
    def user_id(self) -> str: ...
    @property
    def channel_id(self) -> str | None:
        """The conversation it was done in; None in App Home and in modals."""

    @property
    def trigger_id(self) -> str | None: ...
    @property
    def view(self) -> View | None: ...
    @property
    def action(self) -> Mapping[str, Any]:
        """The element acted on, as Slack sends it (``action_id``, ``block_id``, ``value`` ...)."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The whole payload, of which nothing but sender and team is vouched for."""

    async def open(self, view: Mapping[str, Any]) -> str:
        """Open a modal and return its id.

        When Slack no longer lets us (its trigger lives three seconds) the person gets a message
        with a button that opens it, and "" is returned.
        """

    async def push(self, view: Mapping[str, Any]) -> str:
        """Put a modal onto the open one and return its id; "" when it replaced it instead."""

    async def update(
        self,
        view: Mapping[str, Any],
        *,
        view_id: str | None = None,
        hash: str | None = None,  # noqa: A002  # Slack's own name for it
    ) -> None:
        """Replace an open modal; one that was closed or changed meanwhile is left alone."""

    async def say_with(self, text: str, elements: Sequence[Mapping[str, Any]]) -> None:
        """Send words, for this person alone, with elements under them that only Slack has."""

    async def publish_home(self, view: Mapping[str, Any]) -> None:
        """Replace the person's App Home; a ``hash`` that is old changes nothing."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the modal."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Close every modal of the stack."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Leave it open, each fault under the input block of that id."""

    by_block: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Update:
    """Replace the modal."""

    view: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Push:
    """Put another modal onto it."""

    view: Mapping[str, Any]


Answer = Close | Clear | Errors | Update | Push
SurfaceHandler = Callable[[Surface], Awaitable[None]]
SubmissionHandler = Callable[[Surface], Awaitable[Answer]]
OptionsHandler = Callable[[Surface, str], Awaitable[Sequence[tuple[str, str]]]]
"""Gets what was typed into the select; returns labels with their values, 100 at most."""


class SlackSurfaces:
    """Who answers what only Slack has; the twin of the Router."""

    def __init__(self) -> None:
        self._commands: dict[str, tuple[SurfaceHandler, Callable[[str], bool]]] = {}
        self._presses: dict[str, SurfaceHandler] = {}
        self._actions: dict[str, SurfaceHandler] = {}
        self._submissions: dict[str, SubmissionHandler] = {}
        self._closed: dict[str, SurfaceHandler] = {}
        self._options: dict[str, OptionsHandler] = {}
        self._shortcuts: dict[str, SurfaceHandler] = {}
        self._home: SurfaceHandler | None = None

    def command(
        self, verb: str, handler: SurfaceHandler, when: Callable[[str], bool] = lambda text: True
    ) -> None:
        """Take a command before the router does, when the rest of its line is like that."""
        _once(self._commands, verb, (handler, when))

    def press(self, verb: str, handler: SurfaceHandler) -> None:
        """Take the buttons of a neutral verb before the router does."""
        _once(self._presses, verb, handler)

    def action(self, prefix: str, handler: SurfaceHandler) -> None:
        """Take every element whose action_id is ``prefix``, or begins with it and a dot."""
        _once(self._actions, _own(prefix), handler)

    def submission(self, callback_id: str, handler: SubmissionHandler) -> None:
        """Answer the submission of a modal, within two seconds; a repeat must be harmless."""
        _once(self._submissions, _own(callback_id), handler)

    def closed(self, callback_id: str, handler: SurfaceHandler) -> None:
        """Be told that a modal was closed (it asks for that by ``notify_on_close``)."""
        _once(self._closed, _own(callback_id), handler)

    def options(self, action_id: str, handler: OptionsHandler) -> None:
        """Answer what a select with typeahead offers, within two seconds."""
        _once(self._options, _own(action_id), handler)

    def shortcut(self, callback_id: str, handler: SurfaceHandler) -> None:
        """Answer a global or message shortcut."""
        _once(self._shortcuts, _own(callback_id), handler)

    def home(self, handler: SurfaceHandler) -> None:
        """Draw App Home when somebody opens it."""
        if self._home is not None:
            raise ValueError("App Home is registered twice")
        self._home = handler

    def find_command(self, verb: str, text: str) -> SurfaceHandler | None:
        """Return who takes the command before the router."""
        found = self._commands.get(verb)
        return found[0] if found and found[1](text) else None

    def find_press(self, verb: str) -> SurfaceHandler | None:
        """Return who takes the button before the router."""
        return self._presses.get(verb)

    def find_action(self, action_id: str) -> SurfaceHandler | None:
        """Return who answers an element of Slack's own; the longest prefix counts."""
        return _by_prefix(self._actions, action_id)

    def find_submission(self, callback_id: str) -> SubmissionHandler | None:
        """Return who answers a modal's submission."""
        return self._submissions.get(callback_id)

    def find_closed(self, callback_id: str) -> SurfaceHandler | None:
        """Return who wants to know that a modal was closed."""
        return self._closed.get(callback_id)

    def find_options(self, action_id: str) -> OptionsHandler | None:
        """Return who knows what a select offers; the longest prefix counts."""
        return _by_prefix(self._options, action_id)

    def find_shortcut(self, callback_id: str) -> SurfaceHandler | None:
        """Return who answers a shortcut."""
        return self._shortcuts.get(callback_id)

    def find_home(self) -> SurfaceHandler | None:
        """Return who draws App Home."""
        return self._home

    def names(self) -> Mapping[str, frozenset[str]]:
        """Return everything registered, by what it is, for tables of who may use what."""
        kinds: dict[str, Mapping[str, object]] = {
            "command": self._commands, "press": self._presses, "action": self._actions,
            "submission": self._submissions, "closed": self._closed, "options": self._options,
            "shortcut": self._shortcuts,
        }  # fmt: skip
        return {kind: frozenset(entries) for kind, entries in kinds.items()}


def _own(name: str) -> str:
    if not name.startswith(OWN_PREFIX):
        raise ValueError(f"{name} does not begin with {OWN_PREFIX}")
    return name


def _once(entries: dict[str, T], name: str, entry: T) -> None:
    if name in entries:
        raise ValueError(f"{name} is registered twice")
    entries[name] = entry


def _by_prefix(entries: Mapping[str, T], name: str) -> T | None:
    while name:
        if name in entries:
            return entries[name]
        name = name.rpartition(".")[0]
    return None
