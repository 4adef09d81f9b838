"""Who answers what: flows register verbs here, adapters ask here, and menus are made from it."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bots.chat import Turn
from scheduling.people import Person
from scheduling.ports import Draft

Handler = Callable[[Turn], Awaitable[None]]
TextHandler = Callable[[Turn, Draft], Awaitable[None]]
StartHandler = Callable[[Turn, str], Awaitable[None]]
"""Gets what follows the prefix of a start code."""


class Audience(StrEnum):
    """Whose menu shows a command; the core authorises every use by itself."""

    ALL = "all"
    COACH = "coach"
    ADMIN = "admin"

    def includes(self, person: Person) -> bool:
        """Say whether the person belongs to it."""
        match self:
            case Audience.ALL:
                return True
            case Audience.COACH:
                return person.is_coach
            case Audience.ADMIN:
                return person.is_admin


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command with its other names; its description stands in the catalogue under its verb."""

    verb: str
    handler: Handler
    audience: Audience
    aliases: tuple[str, ...] = ()
    in_menu: bool = True
    in_groups: bool = False
    """It is answered where it was said; other commands go on in the private chat."""


@dataclass(frozen=True, slots=True)
class PressEntry:
    """A button's verb; ``private`` begins the start code that does the same in a private chat."""

    verb: str
    handler: Handler
    in_groups: bool = False
    private: str = ""


class Router:
    """The table of commands, presses and text questions."""

    def __init__(self) -> None:
        self._commands: dict[str, CommandEntry] = {}
        self._names: dict[str, str] = {}
        self._presses: dict[str, PressEntry] = {}
        self._texts: dict[str, TextHandler] = {}
        self._starts: dict[str, StartHandler] = {}
        self._otherwise: Handler | None = None

    def command(
        self,
        verb: str,
        handler: Handler,
        *,
        audience: Audience = Audience.ALL,
        aliases: Iterable[str] = (),
        in_menu: bool = True,
        in_groups: bool = False,
    ) -> None:
        """Register a typed command."""
        entry = CommandEntry(verb, handler, audience, tuple(aliases), in_menu, in_groups)
        for name in (verb, *entry.aliases):
            if name in self._names:
                raise ValueError(f"/{name} is registered twice")
            self._names[name] = verb
        self._commands[verb] = entry

    def press(
        self, verb: str, handler: Handler, *, in_groups: bool = False, private: str = ""
    ) -> None:
        """Register the verb of a button.

        ``in_groups``: it stands on cards that everybody sees. ``private``: it writes to who
        presses, so who has no private chat yet is led there by a start code, this and the
        button's subject.
        """
        if verb in self._presses:
            raise ValueError(f"button {verb} is registered twice")
        self._presses[verb] = PressEntry(verb, handler, in_groups, private)

    def text(self, awaits: str, handler: TextHandler) -> None:
        """Register who reads the text a draft awaits."""
        if awaits in self._texts:
            raise ValueError(f"text {awaits} is registered twice")
        self._texts[awaits] = handler

    def start(self, prefix: str, handler: StartHandler) -> None:
        """Register who opens start codes that begin so, such as "j_"."""
        if prefix in self._starts:
            raise ValueError(f"start codes {prefix} are registered twice")
        self._starts[prefix] = handler

    def otherwise(self, handler: Handler) -> None:
        """Register who answers what nobody else reads: free text, unknown commands, stickers."""
        if self._otherwise is not None:
            raise ValueError("what nobody else reads is registered twice")
        self._otherwise = handler

    def commands(self) -> list[CommandEntry]:
        """Return every command, in the order registered."""
        return list(self._commands.values())

    def presses(self) -> list[PressEntry]:
        """Return every button's entry, in the order registered."""
        return list(self._presses.values())

    def texts(self) -> list[str]:
        """Return what drafts await that somebody here reads."""
        return list(self._texts)

    def starts(self) -> list[str]:
        """Return how the start codes begin that somebody here opens."""
        return list(self._starts)

    def find_command(self, name: str) -> CommandEntry | None:
        """Return the command of that name or alias."""
        verb = self._names.get(name.lower())
        return self._commands[verb] if verb else None

    def nearest(self, name: str, person: Person) -> str | None:
        """Return the command the person most likely meant; one of their own menu if it can be."""
        theirs = [n for n, v in self._names.items() if self._commands[v].audience.includes(person)]
        for known in (theirs, list(self._names)):
            if found := get_close_matches(name.lower(), known, n=1, cutoff=0.6):
                return self._names[found[0]]
        return None

    def find_press(self, verb: str) -> Handler | None:
        """Return who answers a button."""
        entry = self._presses.get(verb)
        return entry.handler if entry else None

    def group_press(self, verb: str) -> PressEntry | None:
        """Return the entry of a button that may stand on a card everybody sees."""
        entry = self._presses.get(verb)
        return entry if entry and entry.in_groups else None

    def group_command(self, name: str) -> CommandEntry | None:
        """Return the command of that name or alias, if it is answered in groups."""
        entry = self.find_command(name)
        return entry if entry and entry.in_groups else None

    def find_text(self, awaits: str) -> TextHandler | None:
        """Return who reads the awaited text."""
        return self._texts.get(awaits)

    def find_start(self, code: str) -> tuple[StartHandler, str] | None:
        """Return who opens a start code, with the rest of it; None for links of bookings."""
        found = next((each for each in self._starts if code.startswith(each)), None)
        return (self._starts[found], code.removeprefix(found)) if found else None

    def find_otherwise(self) -> Handler | None:
        """Return who answers what nobody else reads."""
        return self._otherwise
