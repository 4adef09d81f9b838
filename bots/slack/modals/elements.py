"""The pieces views are made of, within Slack's limits by construction.

Words go in as plain text wherever Slack allows it: there is nothing to escape and nothing that
could ring for somebody. What is too long is cut, what would be refused is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bots.callback_data import encode
from bots.slack import limits
from bots.slack.text import cut, escape, sendable
from scheduling.messages import Action, Button, ButtonStyle, CopyText, More, OpenUrl

Json = dict[str, Any]

_NOTHING = "…"
_STYLES = {ButtonStyle.PRIMARY: "primary", ButtonStyle.DANGER: "danger"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select, of radio buttons or of ticks."""

    label: str
    value: str


def plain(text: str, limit: int) -> Json:
    """Return a text without marks, at most ``limit`` long and never empty."""
    words = cut(sendable(text).strip(), limit) or _NOTHING
    return {"type": "plain_text", "text": words, "emoji": False}


def marked(text: str, limit: int = limits.SECTION_TEXT) -> Json:
    """Return a text in mrkdwn; whoever made it has escaped what came from people."""
    return {"type": "mrkdwn", "text": cut(text.strip(), limit) or _NOTHING, "verbatim": True}


def bold(text: str) -> str:
    """Return words as mrkdwn shows them bold."""
    words = " ".join(sendable(text).replace("*", "∗").split())
    return f"*{escape(words)}*" if words else ""


# --- blocks ---


def section(text: str, *, accessory: Json | None = None, block_id: str = "") -> Json:
    """Return a paragraph, with one element at its right."""
    return _section(plain(text, limits.SECTION_TEXT), accessory, block_id)


def marked_section(text: str, *, accessory: Json | None = None) -> Json:
    """Return a paragraph of mrkdwn."""
    return _section(marked(text), accessory, "")


def _section(text: Json, accessory: Json | None, block_id: str) -> Json:
    block: Json = {"type": "section", "text": text}
    if block_id:
        block["block_id"] = block_id
    if accessory:
        block["accessory"] = accessory
    return block


def context(*lines: str, block_id: str = "") -> Json:
    """Return small print."""
    shown = [line for line in lines if line] or [_NOTHING]
    elements = [plain(line, limits.CONTEXT_TEXT) for line in shown]
    block: Json = {"type": "context", "elements": elements[: limits.CONTEXT_ELEMENTS]}
    return {**block, "block_id": block_id} if block_id else block


def header(text: str) -> Json:
    """Return a heading."""
    return {"type": "header", "text": plain(text, limits.HEADER)}


def divider() -> Json:
    """Return a line between what does not belong together."""
    return {"type": "divider"}


def actions(elements: Iterable[Json]) -> list[Json]:
    """Return a row of buttons, as often as it takes; nothing where there are none."""
    every = list(elements)
    most = limits.ACTIONS
    return [
        {"type": "actions", "elements": every[begin : begin + most]}
        for begin in range(0, len(every), most)
    ]


def field(
    block_id: str,
    label: str,
    element: Json,
    *,
    hint: str = "",
    optional: bool = False,
    follows: bool = False,
) -> Json:
    """Return something to fill in; ``follows`` tells us of every change while it is filled in."""
    block: Json = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, limits.LABEL),
        "element": element,
        "optional": optional,
    }
    if follows:
        block["dispatch_action"] = True
    if hint:
        block["hint"] = plain(hint, limits.LABEL)
    return block


# --- buttons ---


def button(action: Button, number: int = 0) -> Json | None:
    """Return a neutral button; None for one that has no form here."""
    match action:
        case Action():
            payload = encode(action)
            drawn = _button(action.label, f"{payload}~{number}")
            drawn["value"] = payload
            if style := _STYLES.get(action.style):
                drawn["style"] = style
            return drawn
        case OpenUrl(label=label, url=url):
            drawn = _button(label, f"url~{number}")
            return {**drawn, "url": url} if _opens(url) else None
        case More():
            return overflow(action, number)
        case CopyText():
            return None


def own_button(label: str, action_id: str, value: str = "", style: str = "") -> Json:
    """Return a button that only Slack has; its action id begins with ``sb.``."""
    drawn = _button(label, action_id)
    if value:
        drawn["value"] = value
    return {**drawn, "style": style} if style else drawn


def _button(label: str, action_id: str) -> Json:
    return {
        "type": "button",
        "action_id": action_id,
        "text": plain(label, limits.BUTTON_LABEL),
    }


def overflow(more: More, number: int = 0, links: Sequence[OpenUrl] = ()) -> Json | None:
    """Return a small menu of up to five entries; ``links`` come first."""
    options: list[Json] = [
        {**option(Choice(link.label, f"url.{at}")), "url": link.url}
        for at, link in enumerate(links)
        if _opens(link.url)
    ]
    # Each once: Slack refuses a whole message for one value that stands there twice.
    labels = {encode(each): each.label for each in more.actions}
    options += [option(Choice(label, payload)) for payload, label in labels.items()]
    if not options:
        return None
    return {
        "type": "overflow",
        "action_id": f"more~{number}",
        "options": options[: limits.OVERFLOW_OPTIONS],
    }


def _opens(url: str) -> bool:
    fits = len(url) <= limits.URL and url.isprintable() and " " not in url
    return fits and url.startswith(("https://", "http://"))


def option(choice: Choice) -> Json:
    """Return an option of a list."""
    return {"text": plain(choice.label, limits.OPTION_TEXT), "value": choice.value}


# --- things to type ---


def line(
    action_id: str,
    *,
    initial: str = "",
    placeholder: str = "",
    most: int = limits.INPUT_TEXT,
    several: bool = False,
    follows: bool = False,
) -> Json:
    """Return a line (or several) to type into."""
    element: Json = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": several,
        "max_length": min(most, limits.INPUT_TEXT),
    }
    if value := cut(sendable(initial), element["max_length"]):
        element["initial_value"] = value
    if placeholder:
        element["placeholder"] = plain(placeholder, limits.PLACEHOLDER)
    if follows:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return element


# --- views ---


def modal(
    callback_id: str,
    title: str,
    blocks: Iterable[Json],
    *,
    close: str,
    submit: str = "",
    metadata: str = "",
    tells_closing: bool = False,
) -> Json:
    """Return a modal; one with something to fill in needs ``submit``."""
    view: Json = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, limits.VIEW_TITLE),
        "close": plain(close, limits.VIEW_TITLE),
        "blocks": list(blocks)[: limits.VIEW_BLOCKS],
        "private_metadata": metadata,
        "notify_on_close": tells_closing,
    }
    if submit:
        view["submit"] = plain(submit, limits.VIEW_TITLE)
    return view


def home_tab(blocks: Iterable[Json]) -> Json:
    """Return App Home."""
    return {"type": "home", "blocks": list(blocks)[: limits.VIEW_BLOCKS]}
