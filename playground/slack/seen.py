"""What a person sees in Slack, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.seen import NothingSuch
from playground.slack.choices import options_of
from playground.slack.elements import elements_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackButton:
    """Something that acts at one tap: a button, or one line of an overflow menu."""

    text: str
    action_id: str
    block_id: str
    value: str | None
    url: str | None
    option: Json | None = None


@dataclass(frozen=True, slots=True)
class Surface:
    """Blocks on a screen, in a message or in a view."""

    blocks: list[Json]
    raw: Json

    @property
    def container(self) -> Json:
        """Where this is, as the control API takes it."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """Every text on it, one a line."""
        return "\n".join(_texts(self.blocks))

    @property
    def buttons(self) -> list[SlackButton]:
        return [button for block in self.blocks for button in _buttons(block)]

    @property
    def labels(self) -> list[str]:
        """What its buttons and menu lines say."""
        return [button.text for button in self.buttons]

    def button(self, label: str) -> SlackButton:
        """The button that says so, or begins so.

        Raises:
            NothingSuch: there is none.
        """
        for fits in (str.__eq__, str.startswith):
            for button in self.buttons:
                if fits(button.text, label):
                    return button
        raise NothingSuch(f"No button {label!r}; there are {self.labels}.")

    def element(self, name: str) -> tuple[Json, Json]:
        """An element and its block: by the label of its input, by placeholder, or by an id.

        Raises:
            NothingSuch: there is none.
        """
        for block in self.blocks:
            label = (block.get("label") or {}).get("text", "")
            for element in elements_of(block):
                placeholder = (element.get("placeholder") or {}).get("text")
                ids = (element.get("action_id"), block.get("block_id"))
                if label.startswith(name) or name == placeholder or name in ids:
                    return block, element
        raise NothingSuch(f"No element {name!r} on:\n{self.words}")

    def options(self, name: str) -> list[str]:
        """What the options of a select, radio buttons or checkboxes say."""
        return [option["text"]["text"] for option in options_of(self.element(name)[1])]


@dataclass(frozen=True, slots=True)
class SlackMessage(Surface):
    """A message as a person sees it. ``seq`` is the number of its last change."""

    channel: str
    ts: str
    seq: int
    user: str
    username: str
    bot: bool
    text: str
    thread_ts: str | None
    reply_count: int
    ephemeral: bool
    edited: bool
    files: list[Json]

    @property
    def container(self) -> Json:
        return {"type": "message", "channel_id": self.channel, "ts": self.ts}

    @property
    def said(self) -> str:
        """Its text and the words of its blocks."""
        return f"{self.text}\n{self.words}".strip()


@dataclass(frozen=True, slots=True)
class SlackView(Surface):
    """A modal or App Home as a person sees it."""

    id: str
    type: str
    title: str
    submit: str | None
    callback_id: str
    private_metadata: str
    hash: str
    values: dict[str, dict[str, Json]]
    errors: dict[str, str]

    @property
    def container(self) -> Json:
        return {"type": "view", "view_id": self.id}

    def error(self, name: str) -> str | None:
        """The fault under an input, by its label or an id."""
        return self.errors.get(self.element(name)[0]["block_id"])

    def state(self, name: str) -> Json:
        """What is filled in, as Slack sends it."""
        block, element = self.element(name)
        return self.values.get(block["block_id"], {}).get(element["action_id"], {})


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app took something: ``ok`` within time and well, its answer's body."""

    ok: bool
    status: int | None
    body: Any
    ms: float | None
    error: str | None
    delivery: int | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a modal."""

    ok: bool
    closed: bool
    errors: dict[str, str]
    views: list[SlackView]
    error: str | None


def read_message(shown: Json) -> SlackMessage:
    return SlackMessage(
        blocks=shown["blocks"], raw=shown, channel=shown["channel"], ts=shown["ts"],
        seq=shown["seq"], user=shown["user"], username=shown["username"], bot=shown["bot"],
        text=shown["text"], thread_ts=shown["thread_ts"], reply_count=shown["reply_count"],
        ephemeral=shown["ephemeral"], edited=shown["edited"], files=shown["files"],
    )  # fmt: skip


def read_view(shown: Json) -> SlackView:
    return SlackView(
        blocks=shown["blocks"], raw=shown, id=shown["id"], type=shown["type"],
        title=(shown["title"] or {}).get("text", ""),
        submit=(shown["submit"] or {}).get("text"),
        callback_id=shown["callback_id"], private_metadata=shown["private_metadata"],
        hash=shown["hash"], values=shown["state"]["values"], errors=shown.get("errors", {}),
    )  # fmt: skip


def read_ack(shown: Json) -> Ack:
    ack = shown.get("ack") or {}
    return Ack(
        ok=shown["ok"], status=ack.get("status"), body=ack.get("body"), ms=ack.get("ms"),
        error=ack.get("error"), delivery=shown.get("delivery"),
    )  # fmt: skip


def _buttons(block: Json) -> Iterator[SlackButton]:
    for element in elements_of(block):
        ids = (element.get("action_id", ""), block.get("block_id", ""))
        if element["type"] == "button":
            text, url = element["text"]["text"], element.get("url")
            yield SlackButton(text, *ids, value=element.get("value"), url=url)
        elif element["type"] == "overflow":
            for option in element["options"]:
                text, url = option["text"]["text"], option.get("url")
                yield SlackButton(text, *ids, value=option["value"], url=url, option=option)


_WORDY = ("title", "text", "fields", "elements", "accessory", "label", "hint", "element",
          "options", "placeholder", "description", "confirm", "deny")  # fmt: skip


def _texts(value: Any) -> Iterator[str]:
    """The texts anywhere inside blocks, in the order they are read."""
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name in _WORDY:
            inner = value.get(name)
            if isinstance(inner, str) and name == "text":
                yield inner
            elif isinstance(inner, dict | list):
                yield from _texts(inner)
