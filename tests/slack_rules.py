"""Slack's documented limits of views, as a second opinion on what is drawn."""

from collections.abc import Iterator
from typing import Any

from playground.slack import blocks

Json = dict[str, Any]


def faults_of_view(view: Json) -> list[str]:
    """Return what Slack would refuse in a view; empty for one it takes."""
    return list(_faults(view))


def every_fault(view: Json) -> list[str]:
    """Return what we, or the local stand-in of Slack, find wrong with a view."""
    return [*faults_of_view(view), *blocks.faults_of_view(view)]


def _faults(view: Json) -> Iterator[str]:
    kind, drawn = view.get("type"), view.get("blocks", [])
    if not 1 <= len(drawn) <= 100:
        yield f"{len(drawn)} blocks"
    if kind == "modal":
        for name in ("title", "submit", "close"):
            if name in view or name == "title":
                yield from _text(view.get(name), 24, name, plain=True)
        if "submit" not in view and any(b["type"] == "input" for b in drawn):
            yield "input without submit"
    elif kind != "home":
        yield f"type {kind}"
    if len(str(view.get("private_metadata", ""))) > 3000:
        yield "private_metadata too long"
    if len(str(view.get("callback_id", ""))) > 255:
        yield "callback_id too long"
    block_ids = [block["block_id"] for block in drawn if "block_id" in block]
    if len(block_ids) != len(set(block_ids)):
        yield f"block_id twice: {block_ids}"
    for number, block in enumerate(drawn):
        for fault in _block(block):
            yield f"block {number} ({block.get('type')}): {fault}"


def _block(block: Json) -> Iterator[str]:
    if not 0 < len(block.get("block_id", "x")) <= 255:
        yield "block_id"
    match block["type"]:
        case "section":
            yield from _text(block.get("text"), 3000, "text")
            if "accessory" in block:
                yield from _element(block["accessory"])
        case "context":
            if not 1 <= len(block["elements"]) <= 10:
                yield "context elements"
            for each in block["elements"]:
                yield from _text(each, 2000, "context")
        case "header":
            yield from _text(block.get("text"), 150, "header", plain=True)
        case "divider":
            pass
        case "actions":
            if not 1 <= len(block["elements"]) <= 25:
                yield "actions elements"
            ids = [each["action_id"] for each in block["elements"]]
            if len(ids) != len(set(ids)):
                yield f"action_id twice: {ids}"
            for each in block["elements"]:
                yield from _element(each)
        case "input":
            yield from _text(block.get("label"), 2000, "label", plain=True)
            if "hint" in block:
                yield from _text(block["hint"], 2000, "hint", plain=True)
            yield from _element(block["element"])
        case other:
            yield f"unknown type {other}"


def _element(element: Json) -> Iterator[str]:
    if not 0 < len(element.get("action_id", "")) <= 255:
        yield "action_id"
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, "placeholder", plain=True)
    match element["type"]:
        case "button":
            yield from _text(element.get("text"), 75, "button", plain=True)
            if len(element.get("value", "")) > 2000:
                yield "button value"
            if len(element.get("url", "")) > 3000:
                yield "button url"
            if element.get("style", "primary") not in {"primary", "danger"}:
                yield "button style"
        case "static_select":
            yield from _select(element)
        case "radio_buttons" | "checkboxes":
            yield from _options(element.get("options", []), 10)
            yield from _initial(element, element.get("options", []))
        case "overflow":
            yield from _options(element.get("options", []), 5, most_value=150)
        case "external_select":
            if "initial_option" in element:
                yield from _options([element["initial_option"]], 1)
        case "plain_text_input":
            most = element.get("max_length", 3000)
            if not 1 <= most <= 3000:
                yield "max_length"
            if len(element.get("initial_value", "")) > most:
                yield "initial_value"
        case "multi_users_select" | "conversations_select":
            pass
        case other:
            yield f"unknown element {other}"


def _select(element: Json) -> Iterator[str]:
    groups = element.get("option_groups")
    if (groups is None) == ("options" not in element):
        yield "options or option_groups"
        return
    every: list[Json] = []
    if groups is not None:
        if not 1 <= len(groups) <= 100:
            yield "groups"
        for group in groups:
            yield from _text(group["label"], 75, "group", plain=True)
            yield from _options(group["options"], 100)
            every += group["options"]
    else:
        every = element["options"]
        yield from _options(every, 100)
    if len({option["value"] for option in every}) != len(every):
        yield "value twice"
    yield from _initial(element, every)


def _initial(element: Json, options: list[Json]) -> Iterator[str]:
    chosen = [element["initial_option"]] if "initial_option" in element else []
    chosen += element.get("initial_options", [])
    if any(each not in options for each in chosen):
        yield "initial option is none of the options"
    if element.get("initial_options") == []:
        yield "empty initial_options"


def _options(options: list[Json], most: int, *, most_value: int = 150) -> Iterator[str]:
    if not 1 <= len(options) <= most:
        yield f"{len(options)} options"
    if len({option["value"] for option in options}) != len(options):
        yield "value twice"
    for option in options:
        yield from _text(option["text"], 75, "option", plain=True)
        if not 0 < len(option["value"]) <= most_value:
            yield "option value"


def _text(text: Json | None, most: int, what: str, *, plain: bool = False) -> Iterator[str]:
    if text is None or text.get("type") not in ({"plain_text"} if plain else _KINDS):
        yield f"{what}: no text"
        return
    words = text["text"]
    if not words or len(words.encode("utf-16-le")) // 2 > most:
        yield f"{what}: {len(words)} of {most} letters"
    if text["type"] == "mrkdwn" and "<!" in words:
        yield f"{what}: rings"


_KINDS = {"plain_text", "mrkdwn"}
