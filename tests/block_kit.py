"""Slack's documented limits, as a judge of what is sent: written from the documentation.

Knows nothing of how slotbook draws. Every fault is a sentence; an empty list is a pass.
"""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_TEXT = {"plain_text", "mrkdwn"}
_MARK = re.compile(r"<([^<>]*)>")
_KNOWN_MARKS = re.compile(
    r"https?://[^|]+(\|[^|]*)?|mailto:[^|]+(\|[^|]*)?|@[UW][A-Z0-9_-]+|#C[A-Z0-9]+"
    r"|!date\^\d+\^[^|^]*\{[a-z_]+\}[^|^]*(\^https?://[^|]+)?\|[^|]+",
    re.IGNORECASE,
)
_INPUTS = {
    "plain_text_input", "static_select", "external_select", "multi_static_select",
    "multi_external_select", "multi_users_select", "users_select", "conversations_select",
    "multi_conversations_select", "channels_select", "datepicker", "timepicker",
    "datetimepicker", "checkboxes", "radio_buttons", "email_text_input", "url_text_input",
    "number_input", "rich_text_input", "file_input",
}  # fmt: skip
_ACTIONS = {
    "button", "overflow", "static_select", "external_select", "users_select",
    "conversations_select", "channels_select", "datepicker", "timepicker", "datetimepicker",
    "checkboxes", "radio_buttons",
}  # fmt: skip


def message_faults(sent: Json) -> list[str]:
    """Return what Slack would refuse, or people would see broken, in a message."""
    return list(_message(sent))


def view_faults(view: Json) -> list[str]:
    """Return what Slack would refuse in a modal or App Home."""
    return list(_view(view))


def _message(sent: Json) -> Iterator[str]:
    text = sent.get("text")
    if not isinstance(text, str) or not text.strip():
        yield "no text beside the blocks"
    elif len(text) > 4000:
        yield f"text of {len(text)}"
    else:
        yield from _mrkdwn(text, "text")
    blocks = sent.get("blocks")
    if blocks is None:
        return
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= 50:
        yield "1 to 50 blocks"
        return
    yield from _blocks(blocks)


def _view(view: Json) -> Iterator[str]:
    kind = view.get("type")
    if kind not in {"modal", "home"}:
        yield f"view of type {kind}"
    blocks = view.get("blocks", [])
    if not isinstance(blocks, list) or not (1 if kind == "modal" else 0) <= len(blocks) <= 100:
        yield "1 to 100 blocks in a view"
        return
    if len(str(view.get("private_metadata", ""))) > 3000:
        yield "private_metadata over 3000"
    if len(str(view.get("callback_id", ""))) > 255:
        yield "callback_id over 255"
    if kind == "modal":
        for name in ("title", "submit", "close"):
            if name in view or name == "title":
                yield from _plain(view.get(name), 24, name)
        if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
            yield "inputs without submit"
    yield from _blocks(blocks)


def _blocks(blocks: list[Json]) -> Iterator[str]:
    named = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(named)) != len(named):
        yield "a block_id twice"
    for at, block in enumerate(blocks):
        for fault in _block(block):
            yield f"block {at}: {fault}"


def _block(block: Json) -> Iterator[str]:
    if len(block.get("block_id", "")) > 255:
        yield "block_id over 255"
    match block.get("type"):
        case "section":
            if "text" not in block and not block.get("fields"):
                yield "a section without text"
            if "text" in block:
                yield from _text(block["text"], 3000, "section")
            fields = block.get("fields", [])
            if len(fields) > 10:
                yield "over 10 fields"
            for field in fields:
                yield from _text(field, 2000, "field")
            if "accessory" in block:
                yield from _element(block["accessory"], _ACTIONS | _INPUTS | {"image"})
        case "actions":
            elements = block.get("elements", [])
            if not 1 <= len(elements) <= 25:
                yield f"{len(elements)} elements in actions"
            ids = [element.get("action_id") for element in elements]
            if len(set(ids)) != len(ids):
                yield "an action_id twice in a block"
            for element in elements:
                yield from _element(element, _ACTIONS)
        case "input":
            yield from _plain(block.get("label"), 2000, "label")
            if "hint" in block:
                yield from _plain(block["hint"], 2000, "hint")
            yield from _element(block.get("element", {}), _INPUTS)
        case "context":
            elements = block.get("elements", [])
            if not 1 <= len(elements) <= 10:
                yield f"{len(elements)} elements in context"
            for element in elements:
                if element.get("type") in _TEXT:
                    yield from _text(element, 2000, "context")
        case "header":
            yield from _plain(block.get("text"), 150, "header")
        case "divider":
            pass
        case "image":
            if not block.get("alt_text") or len(block["alt_text"]) > 2000:
                yield "alt_text of an image"
            if ("image_url" in block) == ("slack_file" in block):
                yield "an image is by address or by file"
        case other:
            yield f"unknown type {other}"


def _element(element: Json, allowed: set[str]) -> Iterator[str]:
    kind = element.get("type")
    if kind not in allowed:
        yield f"{kind} may not stand here"
        return
    if not 1 <= len(element.get("action_id", "x")) <= 255:
        yield "action_id over 255"
    if "placeholder" in element:
        yield from _plain(element["placeholder"], 150, "placeholder")
    match kind:
        case "button":
            yield from _plain(element.get("text"), 75, "button")
            if len(element.get("value", "")) > 2000 or element.get("value") == "":
                yield "value of a button"
            if len(element.get("url", "")) > 3000:
                yield "url over 3000"
            if element.get("style", "primary") not in {"primary", "danger"}:
                yield "style of a button"
        case "overflow":
            yield from _options(element.get("options", []), 5)
        case "checkboxes" | "radio_buttons":
            yield from _options(element.get("options", []), 10)
        case "static_select" | "multi_static_select":
            if "option_groups" in element:
                groups = element["option_groups"]
                if not 1 <= len(groups) <= 100:
                    yield "1 to 100 groups"
                for group in groups:
                    yield from _plain(group.get("label"), 75, "group")
                    yield from _options(group.get("options", []), 100)
            else:
                yield from _options(element.get("options", []), 100)
        case "plain_text_input":
            if not 0 < element.get("max_length", 3000) <= 3000:
                yield "max_length"
            if len(element.get("initial_value", "")) > element.get("max_length", 3000):
                yield "initial_value over max_length"
        case _:
            pass


def _options(options: list[Json], most: int) -> Iterator[str]:
    if not 1 <= len(options) <= most:
        yield f"{len(options)} options of 1 to {most}"
    values = [option.get("value") for option in options]
    if len(set(values)) != len(values):
        yield "an option's value twice"
    for option in options:
        yield from _text(option.get("text"), 75, "option")
        if not 1 <= len(option.get("value") or "") <= 150:
            yield "value of an option"


def _plain(text: object, limit: int, where: str) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") != "plain_text":
        yield f"{where} is not plain_text"
        return
    yield from _text(text, limit, where)


def _text(text: object, limit: int, where: str) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in _TEXT:
        yield f"{where} is no text"
        return
    words = text.get("text")
    if not isinstance(words, str) or not 1 <= len(words) <= limit:
        yield f"{where}: text of {len(words) if isinstance(words, str) else words}"
        return
    if text["type"] == "mrkdwn":
        if "emoji" in text:
            yield f"{where}: emoji goes with plain_text only"
        yield from _mrkdwn(words, where)
    elif "verbatim" in text:
        yield f"{where}: verbatim goes with mrkdwn only"


def _mrkdwn(words: str, where: str) -> Iterator[str]:
    for found in _MARK.finditer(words):
        if not _KNOWN_MARKS.fullmatch(found[1]):
            yield f"{where}: an unescaped mark <{found[1][:40]}>"
    rest = _MARK.sub("", words)
    if "<" in rest:
        yield f"{where}: an unescaped <"
    if re.search(r"&(?!amp;|lt;|gt;)", rest):
        yield f"{where}: an unescaped &"
