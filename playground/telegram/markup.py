"""Reply markups: inline keyboards, reply keyboards, their removal, and forced replies."""

from typing import Any

from playground.telegram import limits
from playground.telegram.call import Call
from playground.telegram.entities import cleaned
from playground.telegram.errors import ApiError, bad_request
from playground.telegram.links import invalid_link, mentioned_user, require_link

Markup = dict[str, Any]

_STYLES = {"", "default", "primary", "danger", "success"}
_INLINE_ACTIONS = (
    "url", "callback_data", "callback_game", "pay", "switch_inline_query",
    "switch_inline_query_chosen_chat", "switch_inline_query_current_chat", "login_url", "web_app",
    "copy_text",
)  # fmt: skip
_KEYBOARD_ACTIONS = (
    "request_contact", "request_location", "request_poll", "web_app", "request_users",
    "request_chat", "request_managed_bot",
)  # fmt: skip


def read_markup(call: Call, *, inline_only: bool = False) -> Markup | None:
    """The checked ``reply_markup`` of a call; None when there is none or it is empty.

    Raises:
        ApiError: 400 when Telegram would refuse it.
    """
    given = call.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    markup = _checked(given)
    if inline_only and markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _checked(given: dict[str, Any]) -> Markup | None:
    if given.get("inline_keyboard") is not None:
        rows = _rows(given, "inline_keyboard", _inline_button)
        return {"inline_keyboard": rows} if rows else None
    if given.get("keyboard") is not None:
        rows = _rows(given, "keyboard", _keyboard_button)
        return {**_kept(given), "keyboard": rows} if rows else None
    if given.get("remove_keyboard"):
        return {"remove_keyboard": True}
    if given.get("force_reply"):
        return {**_kept(given), "force_reply": True}
    return None


def _kept(given: dict[str, Any]) -> Markup:
    kept = {
        name: True
        for name in ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")
        if given.get(name)
    }
    placeholder = given.get("input_field_placeholder")
    if not placeholder:
        return kept
    if not isinstance(placeholder, str) or len(placeholder) > limits.PLACEHOLDER:
        raise bad_request("input field placeholder is too long")
    return {**kept, "input_field_placeholder": cleaned(placeholder)}


def _rows(given: dict[str, Any], name: str, button: Any) -> list[list[Markup]]:
    rows = given[name]
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        where = " of the InlineKeyboardMarkup" if name == "inline_keyboard" else ""
        raise bad_request(f'field "{name}"{where} must be an Array of Arrays')
    checked = [[button(one) for one in row] for row in rows]
    checked = [row for row in checked if row]
    total = sum(len(row) for row in checked)
    if total > limits.BUTTONS or any(len(row) > limits.BUTTONS_A_ROW for row in checked):
        raise bad_request("reply markup is too long")
    return checked


def _text(given: dict[str, Any], what: str) -> str:
    text = given.get("text")
    if not isinstance(text, str):
        raise bad_request(f"can't parse {what}: Can't find field \"text\"")
    text = cleaned(text).strip()
    if not text:
        raise bad_request(f"{what} text must be non-empty")
    return text


def _style(given: dict[str, Any], what: str) -> Markup:
    style = str(given.get("style") or "").lower()
    if style not in _STYLES:
        raise bad_request(f"can't parse {what}: invalid button style specified")
    return {"style": style} if style not in {"", "default"} else {}


def _inline_button(given: object) -> Markup:
    what = "inline keyboard button"
    if not isinstance(given, dict):
        raise bad_request(f"can't parse {what}: InlineKeyboardButton must be an Object")
    text = _text(given, what)
    actions = [name for name in _INLINE_ACTIONS if given.get(name) not in (None, "", False)]
    if "switch_inline_query" in given or "switch_inline_query_current_chat" in given:
        actions = [name for name in _INLINE_ACTIONS if name in given]
    if not actions:
        raise bad_request(f"can't parse {what}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # The real server silently takes the first; its documentation says "exactly one".
        raise bad_request(f"can't parse {what}: exactly one optional field must be used")
    return {"text": text, **_style(given, what), **_inline_action(actions[0], given[actions[0]])}


def _inline_action(name: str, value: Any) -> Markup:
    if name == "callback_data":
        if not isinstance(value, str):
            raise _wrong_type(name, "String")
        if not 1 <= len(value.encode()) <= limits.CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif name == "url":
        if not isinstance(value, str):
            raise _wrong_type(name, "String")
        if mentioned_user(value) is None:
            value = require_link(value, "inline keyboard button")
    elif name == "copy_text":
        copied = value.get("text") if isinstance(value, dict) else None
        if not isinstance(copied, str) or not copied:
            raise _wrong_type(name, "Object")
        if len(copied) > limits.COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif name in {"web_app", "login_url"}:
        _require_https(name, value)
    return {name: value}


def _require_https(name: str, value: Any) -> None:
    url = value.get("url") if isinstance(value, dict) else None
    if not isinstance(url, str):
        raise _wrong_type(name, "Object")
    what = "inline keyboard button " + ("Web App" if name == "web_app" else "login")
    address = require_link(url, what)
    if name == "web_app" and not address.startswith("https://"):
        raise invalid_link(url, what, "Only HTTPS links are allowed")


def _wrong_type(name: str, wanted: str) -> ApiError:
    return bad_request(
        f'can\'t parse inline keyboard button: Field "{name}" must be of type {wanted}'
    )


def _keyboard_button(given: object) -> Markup:
    what = "keyboard button"
    if isinstance(given, str):
        given = {"text": given}
    if not isinstance(given, dict):
        raise bad_request(f"can't parse {what}: KeyboardButton must be a String or an Object")
    actions = [name for name in _KEYBOARD_ACTIONS if given.get(name) not in (None, False)]
    if len(actions) > 1:
        raise bad_request(f"can't parse {what}: exactly one optional field must be used")
    action = {name: given[name] for name in actions}
    return {"text": _text(given, what), **_style(given, what), **action}
