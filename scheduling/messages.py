"""A message as the core knows it: text in parts, buttons, files; each chat draws it its way."""

from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime
from enum import StrEnum

from scheduling.people import AccountKey


@dataclass(frozen=True, slots=True)
class Plain:
    """Text exactly as written; whatever it holds is escaped by the messenger."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that matters most."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A web address under words."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class LocalTime:
    """An instant the platform shows in each reader's zone; ``fallback`` names a zone."""

    moment: datetime
    fallback: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody's name that rings for them, where the platform can reach that account."""

    text: str
    account: AccountKey | None


class ButtonStyle(StrEnum):
    """How a button may be coloured where the platform can."""

    NORMAL = "normal"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Action:
    """A button that comes back to us: a verb on a subject at a revision.

    ``verb`` is a short word registered with the router, ``subject`` a public id, ``argument`` at
    most 20 ASCII letters, digits, "-", "_" or "."; together they fit 64 bytes (Telegram).
    """

    label: str
    verb: str
    subject: str = ""
    revision: int = 0
    argument: str = ""
    style: ButtonStyle = ButtonStyle.NORMAL


@dataclass(frozen=True, slots=True)
class OpenUrl:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class CopyText:
    """A button that copies text (at most 256 characters)."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class More:
    """Up to five actions behind one small button, where the platform has such a menu.

    Elsewhere they stand side by side.
    """

    label: str
    actions: tuple[Action, ...]


Button = Action | OpenUrl | CopyText | More


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons that belong to the words before them.

    A platform that cannot put buttons between words gathers them, in their order, above the
    message's ``rows``; so their labels must be clear by themselves.
    """

    row: tuple[Button, ...]
    text: str = dataclass_field(default="", init=False)
    """Adds nothing to the words."""


Part = Plain | Strong | Quote | Link | LocalTime | Mention | Buttons


@dataclass(frozen=True, slots=True)
class Field:
    """A line to type the answer into, under the message, where the platform has one.

    What is typed there answers the draft ``draft_id``; elsewhere people simply type it.
    """

    draft_id: str
    label: str
    placeholder: str = ""
    initial: str = ""
    multiline: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with the message, as a document."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG shown with the message; ``alt`` says in words what it shows."""

    png: bytes
    alt: str


class Ask(StrEnum):
    """Something only the platform's own keyboard can ask for."""

    PHONE = "phone"
    LOCATION = "location"
    DONE = "done"
    """Takes such a keyboard away again."""


@dataclass(frozen=True, slots=True)
class Live:
    """What a message shows that may change under it, so that whoever sends it has it kept right.

    ``kind`` and ``subject`` say who draws it anew and of what; ``topics`` are the words of
    changes (scheduling.ports.live), ``again_at`` is when it is looked at even if nothing
    changes, ``data`` whatever the renderer needs besides.
    """

    kind: str
    subject: str
    topics: frozenset[str]
    again_at: datetime | None = None
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """What to say, without a word of how a platform says it.

    ``parts`` follow each other without a separator; line breaks are newlines inside them.
    ``rows`` are the buttons, row by row. A message with ``ask`` carries no ``rows``.
    """

    parts: tuple[Part, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    picture: Picture | None = None
    file: File | None = None
    ask: Ask | None = None
    ask_label: str = ""
    silent: bool = False
    field: Field | None = None
    live: Live | None = dataclass_field(default=None, compare=False, repr=False)
    """Set where the message is to be kept right after it was sent."""

    @property
    def text(self) -> str:
        """Return the words alone, for logs of tests, notifications and plain-text places."""
        return "".join(p.fallback if isinstance(p, LocalTime) else p.text for p in self.parts)

    def with_rows(self, *rows: tuple[Button, ...]) -> "ChatMessage":
        """Return the same words over other buttons."""
        return replace(self, rows=rows)
