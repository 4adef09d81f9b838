"""Checks blocks and views against Slack's documented limits.

``faults_of_message`` and ``faults_of_view`` return sentences as Slack writes them, none when all
is well. Tests use them for anything that is about to be sent.
"""

from collections.abc import Callable, Sequence
from typing import Any

from playground.slack import limits
from playground.slack.block_checks import Faults, Json, byte_size
from playground.slack.block_elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
)

_COMMON = frozenset({"type", "block_id"})
_RICH = frozenset(
    {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
)
_SURFACE_BLOCKS = frozenset({"section", "header", "divider", "context", "actions", "image",
                             "input", "rich_text", "video"})  # fmt: skip
_MESSAGE_BLOCKS = (_SURFACE_BLOCKS - {"video"}) | {"markdown", "file", "video"}
_VIEW_FIELDS = frozenset(
    {"type", "title", "blocks", "close", "submit", "private_metadata", "callback_id",
     "clear_on_close", "notify_on_close", "external_id", "submit_disabled"}
)  # fmt: skip
_HOME_FIELDS = frozenset({"type", "blocks", "private_metadata", "callback_id", "external_id"})


def faults_of_message(blocks: Sequence[Any], text: str = "") -> list[str]:
    """Everything in a message's blocks that Slack would refuse."""
    faults = Faults()
    if len(text) > limits.TEXT:
        faults.add(f"must be less than {limits.TEXT + 1} characters", "/text")
    if len(blocks) > limits.MESSAGE_BLOCKS:
        faults.add(f"no more than {limits.MESSAGE_BLOCKS} items allowed", "/blocks")
    _check_blocks(faults, blocks, "/blocks", _MESSAGE_BLOCKS)
    markdown = sum(
        len(str(block.get("text", "")))
        for block in blocks
        if isinstance(block, dict) and block.get("type") == "markdown"
    )
    if markdown > limits.MARKDOWN:
        faults.add(f"must be less than {limits.MARKDOWN + 1} characters", "/blocks")
    return faults.found


def faults_of_view(view: Any) -> list[str]:
    """Everything in a modal or App Home that Slack would refuse."""
    faults = Faults()
    if not isinstance(view, dict):
        faults.add("must provide an object", "/view")
        return faults.found
    kind = view.get("type")
    if kind not in ("modal", "home"):
        faults.add(f"unsupported type: {kind}", "/view/type")
        return faults.found
    faults.unknown_fields(view, _VIEW_FIELDS if kind == "modal" else _HOME_FIELDS, "/view")
    if kind == "modal":
        faults.text(view.get("title"), "/view/title", limits.VIEW_TITLE)
        for name in ("close", "submit"):
            faults.text(view.get(name), f"/view/{name}", limits.VIEW_TITLE, required=False)
    for name in ("callback_id", "external_id"):
        faults.string(view, name, "/view", limits.ID)
    faults.string(view, "private_metadata", "/view", limits.METADATA)
    for name in ("clear_on_close", "notify_on_close", "submit_disabled"):
        faults.flag(view, name, "/view")
    # An empty list is a blank surface, which Slack takes.
    blocks = faults.items(view, "blocks", "/view", limits.VIEW_BLOCKS, least=0)
    _check_blocks(faults, blocks, "/view/blocks", _SURFACE_BLOCKS)
    inputs = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if kind == "modal" and inputs and view.get("submit") is None:
        faults.add("submit is required when an input is within blocks", "/view/submit")
    return faults.found


def is_too_large(view: Any) -> bool:
    return byte_size(view) > limits.VIEW_BYTES


def _check_blocks(
    faults: Faults, blocks: Sequence[Any], where: str, allowed: frozenset[str]
) -> None:
    seen: set[str] = set()
    focused = 0
    for number, block in enumerate(blocks):
        place = f"{where}/{number}"
        if not isinstance(block, dict):
            faults.add("must provide an object", place)
            continue
        kind = block.get("type")
        if kind not in allowed or kind not in _BLOCKS:
            faults.add(f"unsupported type: {kind}", f"{place}/type")
            continue
        faults.string(block, "block_id", place, limits.ID)
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                faults.add(f"block_id already exists: {block_id}", f"{place}/block_id")
            seen.add(block_id)
        _BLOCKS[str(kind)](faults, block, place)
        element = block.get("element")
        focused += isinstance(element, dict) and element.get("focus_on_load") is True
    if focused > 1:
        faults.add("only one element may have focus_on_load", where)


def _section(faults: Faults, block: Json, where: str) -> None:
    faults.unknown_fields(block, _COMMON | {"text", "fields", "accessory", "expand"}, where)
    if "text" not in block and "fields" not in block:
        faults.add("missing required field: text", where)
    faults.text(block.get("text"), f"{where}/text", limits.BLOCK_TEXT, plain=False, required=False)
    if "fields" in block:
        fields = faults.items(block, "fields", where, limits.FIELDS)
        for number, value in enumerate(fields):
            faults.text(value, f"{where}/fields/{number}", limits.FIELD_TEXT, plain=False)
    accessory = block.get("accessory")
    if isinstance(accessory, dict) and accessory.get("type") == "image":
        _image_element(faults, accessory, f"{where}/accessory")
    elif accessory is not None:
        check_element(faults, accessory, f"{where}/accessory", IN_SECTION)


def _header(faults: Faults, block: Json, where: str) -> None:
    faults.unknown_fields(block, _COMMON | {"text", "level"}, where)
    faults.text(block.get("text"), f"{where}/text", limits.HEADER)


def _divider(faults: Faults, block: Json, where: str) -> None:
    faults.unknown_fields(block, _COMMON, where)


def _context(faults: Faults, block: Json, where: str) -> None:
    faults.unknown_fields(block, _COMMON | {"elements"}, where)
    for number, element in enumerate(
        faults.items(block, "elements", where, limits.CONTEXT_ELEMENTS)
    ):
        place = f"{where}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            _image_element(faults, element, place)
        else:
            faults.text(element, place, limits.BLOCK_TEXT, plain=False)


def _actions(faults: Faults, block: Json, where: str) -> None:
    faults.unknown_fields(block, _COMMON | {"elements"}, where)
    seen: set[str] = set()
    for number, element in enumerate(
        faults.items(block, "elements", where, limits.ACTIONS_ELEMENTS)
    ):
        place = f"{where}/elements/{number}"
        action_id = check_element(faults, element, place, IN_ACTIONS)
        if action_id is not None and action_id in seen:
            faults.add(f"action_id already exists: {action_id}", f"{place}/action_id")
        if action_id is not None:
            seen.add(action_id)


def _input(faults: Faults, block: Json, where: str) -> None:
    known = _COMMON | {"label", "element", "dispatch_action", "hint", "optional"}
    faults.unknown_fields(block, known, where)
    faults.text(block.get("label"), f"{where}/label", limits.LABEL)
    faults.text(block.get("hint"), f"{where}/hint", limits.LABEL, required=False)
    for name in ("dispatch_action", "optional"):
        faults.flag(block, name, where)
    if "element" not in block:
        faults.add("missing required field: element", where)
    else:
        check_element(faults, block["element"], f"{where}/element", IN_INPUT)


def _image(faults: Faults, block: Json, where: str) -> None:
    known = _COMMON | {"image_url", "slack_file", "alt_text", "title"}
    faults.unknown_fields(block, known, where)
    _image_source(faults, block, where)
    faults.text(block.get("title"), f"{where}/title", limits.IMAGE_TITLE, required=False)


def _image_element(faults: Faults, element: Json, where: str) -> None:
    faults.unknown_fields(element, {"type", "image_url", "slack_file", "alt_text"}, where)
    _image_source(faults, element, where)


def _image_source(faults: Faults, value: Json, where: str) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        faults.add("must provide either image_url or slack_file", where)
    faults.string(value, "image_url", where, limits.URL, least=1)
    faults.string(value, "alt_text", where, limits.IMAGE_TITLE, least=1, required=True)


def _rich_text(faults: Faults, block: Json, where: str) -> None:
    faults.unknown_fields(block, _COMMON | {"elements"}, where)
    for number, element in enumerate(faults.items(block, "elements", where, 1000)):
        if not isinstance(element, dict) or element.get("type") not in _RICH:
            faults.add("unsupported type", f"{where}/elements/{number}/type")
        elif not isinstance(element.get("elements"), list):
            faults.add("missing required field: elements", f"{where}/elements/{number}")


def _markdown(faults: Faults, block: Json, where: str) -> None:
    faults.unknown_fields(block, _COMMON | {"text"}, where)
    faults.string(block, "text", where, limits.MARKDOWN, least=1, required=True)


_BLOCKS: dict[str, Callable[[Faults, Json, str], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "rich_text": _rich_text,
    "markdown": _markdown,
}
