"""Interactive elements inside blocks: where they are, their ids, and what is filled in."""

import secrets
import string
from collections.abc import Iterator
from typing import Any

from playground.slack.state import Json

Values = dict[str, dict[str, Json]]

_LETTERS = string.ascii_letters + string.digits
#: Elements whose choice is kept in ``state.values``, with the field that holds it when empty.
STATEFUL: dict[str, Any] = {
    "plain_text_input": "value", "number_input": "value", "email_text_input": "value",
    "url_text_input": "value", "rich_text_input": "rich_text_value",
    "static_select": "selected_option", "external_select": "selected_option",
    "users_select": "selected_user", "conversations_select": "selected_conversation",
    "channels_select": "selected_channel", "multi_static_select": "selected_options",
    "multi_external_select": "selected_options", "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels", "datepicker": "selected_date",
    "timepicker": "selected_time", "datetimepicker": "selected_date_time",
    "checkboxes": "selected_options", "radio_buttons": "selected_option", "file_input": "files",
}  # fmt: skip
#: Elements that act without keeping a choice.
ACTING = frozenset({"button", "overflow", "workflow_button"})
_INITIAL = {
    "value": "initial_value", "rich_text_value": "initial_value",
    "selected_option": "initial_option", "selected_options": "initial_options",
    "selected_user": "initial_user", "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations", "selected_channel": "initial_channel",
    "selected_channels": "initial_channels", "selected_date": "initial_date",
    "selected_time": "initial_time", "selected_date_time": "initial_date_time",
}  # fmt: skip


def random_id(length: int = 5) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def elements_of(block: Json) -> Iterator[Json]:
    """The elements of a block that somebody can act on."""
    match block.get("type"):
        case "actions" | "context_actions":
            candidates = block.get("elements") or []
        case "section":
            candidates = [block.get("accessory")]
        case "input":
            candidates = [block.get("element")]
        case _:
            candidates = []
    for element in candidates:
        if isinstance(element, dict) and element.get("type") in STATEFUL.keys() | ACTING:
            yield element


def with_ids(blocks: list[Json]) -> list[Json]:
    """The same blocks, ids put in where the app gave none."""
    done = []
    for block in blocks:
        copy = dict(block)
        copy.setdefault("block_id", random_id())
        for name in ("accessory", "element"):
            if isinstance(copy.get(name), dict) and copy["type"] in {"section", "input"}:
                copy[name] = _with_action_id(copy[name])
        if copy.get("type") == "actions":
            copy["elements"] = [_with_action_id(element) for element in copy["elements"]]
        done.append(copy)
    return done


def _with_action_id(element: Json) -> Json:
    if element.get("type") not in STATEFUL.keys() | ACTING:
        return element
    return {"action_id": random_id(), **element}


def empty_state(element: Json) -> Json:
    """An element's state before anybody touches it."""
    kind = str(element["type"])
    name = str(STATEFUL[kind])
    blank: Any = [] if name.endswith("s") else None  # the plural ones hold lists
    state: Json = {"type": kind, name: element.get(_INITIAL.get(name, ""), blank)}
    if kind == "timepicker" and element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def values_of(blocks: list[Json], before: Values | None = None) -> Values:
    """``state.values`` of blocks; what was filled in under the same two ids is kept."""
    known = before or {}
    values: Values = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in STATEFUL:
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            kept = known.get(block_id, {}).get(action_id)
            same = kept is not None and kept.get("type") == element["type"]
            state = kept if kept is not None and same else empty_state(element)
            values.setdefault(block_id, {})[action_id] = state
    return values


def find(blocks: list[Json], block_id: str | None, action_id: str) -> tuple[Json, Json] | None:
    """The block and the element of two ids; without a block id the first that fits."""
    for block in blocks:
        if block_id and block.get("block_id") != block_id:
            continue
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
    return None
