"""What each interactive element may look like, and where it may stand."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playground.slack import limits
from playground.slack.block_checks import Faults, Json

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_COMMON = frozenset({"type", "action_id"})
_FOCUS = "focus_on_load"
_FILTERS = frozenset({"im", "mpim", "private", "public"})
Check = Callable[[Faults, Json, str], None]


def _button(faults: Faults, element: Json, where: str) -> None:
    known = _COMMON | {"text", "url", "value", "style", "confirm", "accessibility_label"}
    faults.unknown_fields(element, known, where)
    faults.text(element.get("text"), f"{where}/text", limits.BUTTON)
    faults.string(element, "value", where, limits.BUTTON_VALUE)
    faults.string(element, "url", where, limits.URL, least=1)
    faults.string(element, "accessibility_label", where, limits.ACCESSIBILITY)
    if element.get("style") not in (None, "primary", "danger"):
        faults.add("must be a valid enum value", f"{where}/style")
    url = element.get("url")
    if isinstance(url, str) and url and not re.match(r"[a-z][a-z0-9+.-]*:", url):
        faults.add("must be a valid URL", f"{where}/url")
    faults.confirm(element.get("confirm"), f"{where}/confirm")


def _overflow(faults: Faults, element: Json, where: str) -> None:
    faults.unknown_fields(element, _COMMON | {"options", "confirm"}, where)
    options = faults.items(element, "options", where, limits.OVERFLOW_OPTIONS)
    faults.options(options, f"{where}/options", link=True)
    faults.confirm(element.get("confirm"), f"{where}/confirm")


def _ticks(faults: Faults, element: Json, where: str) -> None:
    several = element["type"] == "checkboxes"
    initial = "initial_options" if several else "initial_option"
    faults.unknown_fields(element, _COMMON | {"options", "confirm", initial, _FOCUS}, where)
    options = faults.items(element, "options", where, limits.TICK_OPTIONS)
    faults.options(options, f"{where}/options", rich=True)
    _initial(faults, element, initial, options, where)
    _shared(faults, element, where)


def _initial(faults: Faults, element: Json, name: str, options: list[Any], where: str) -> None:
    """What is chosen at first must be one of what can be chosen, exactly."""
    if name not in element:
        return
    chosen = element[name]
    if name.endswith("s"):
        chosen = faults.items(element, name, where, len(options) or 1)
    else:
        chosen = [chosen]
    for option in chosen:
        if option not in options:
            faults.add("must match one of the options", f"{where}/{name}")


def _shared(faults: Faults, element: Json, where: str) -> None:
    faults.confirm(element.get("confirm"), f"{where}/confirm")
    faults.flag(element, _FOCUS, where)
    placeholder = element.get("placeholder")
    faults.text(placeholder, f"{where}/placeholder", limits.PLACEHOLDER, required=False)
    if "max_selected_items" in element:
        faults.number(element, "max_selected_items", where, 1, 1_000_000)


def _select(faults: Faults, element: Json, where: str) -> None:
    kind = str(element["type"])
    several = kind.startswith("multi_")
    source = kind.removeprefix("multi_").removesuffix("_select")
    known = set(_COMMON) | {"placeholder", "confirm", _FOCUS}
    if several:
        known.add("max_selected_items")
    if source in {"static", "external"}:
        initial = "initial_options" if several else "initial_option"
    else:
        initial = f"initial_{source}" if several else f"initial_{source.removesuffix('s')}"
    known.add(initial)
    match source:
        case "static":
            known |= {"options", "option_groups"}
            _static(faults, element, initial, where)
        case "external":
            known.add("min_query_length")
            faults.number(element, "min_query_length", where, 0, 1000)
            if initial in element:
                values = element[initial] if several else [element[initial]]
                faults.options(values if isinstance(values, list) else [], f"{where}/{initial}")
        case "conversations":
            known |= {"default_to_current_conversation", "filter"}
            if not several:
                known.add("response_url_enabled")
            _filter(faults, element.get("filter"), f"{where}/filter")
        case "channels" if not several:
            known.add("response_url_enabled")
    faults.unknown_fields(element, known, where)
    _shared(faults, element, where)


def _static(faults: Faults, element: Json, initial: str, where: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        faults.add("must provide either options or option_groups", where)
    elif "option_groups" in element:
        groups = faults.items(element, "option_groups", where, limits.OPTION_GROUPS)
        faults.option_groups(groups, f"{where}/option_groups")
        inner = [o for g in groups if isinstance(g, dict) for o in g.get("options") or []]
        _initial(faults, element, initial, inner, where)
    else:
        options = faults.items(element, "options", where, limits.OPTIONS)
        faults.options(options, f"{where}/options")
        _initial(faults, element, initial, options, where)


def _filter(faults: Faults, value: Any, where: str) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or not value:
        faults.add("must provide a filter", where)
        return
    known = {"include", "exclude_external_shared_channels", "exclude_bot_users"}
    faults.unknown_fields(value, known, where)
    if "include" in value:
        for kind in faults.items(value, "include", where, len(_FILTERS)):
            if kind not in _FILTERS:
                faults.add("must be a valid enum value", f"{where}/include")


def _text_input(faults: Faults, element: Json, where: str) -> None:
    known = _COMMON | {"initial_value", "multiline", "min_length", "max_length",
                       "dispatch_action_config", _FOCUS, "placeholder"}  # fmt: skip
    faults.unknown_fields(element, known, where)
    faults.string(element, "initial_value", where, limits.INPUT_MOST)
    faults.flag(element, "multiline", where)
    faults.number(element, "min_length", where, 0, limits.INPUT_MOST)
    faults.number(element, "max_length", where, 1, limits.INPUT_MOST)
    low, high = element.get("min_length"), element.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        faults.add("min_length must not be above max_length", where)
    initial = element.get("initial_value")
    if isinstance(initial, str) and isinstance(high, int) and len(initial) > high:
        faults.add("must not be longer than max_length", f"{where}/initial_value")
    _dispatch(faults, element, where)


def _dispatch(faults: Faults, element: Json, where: str) -> None:
    config = element.get("dispatch_action_config")
    if config is not None:
        allowed = {"on_enter_pressed", "on_character_entered"}
        triggers = config.get("trigger_actions_on") if isinstance(config, dict) else None
        if not isinstance(triggers, list) or not triggers or not set(triggers) <= allowed:
            faults.add("must be a valid enum value", f"{where}/dispatch_action_config")
    _shared(faults, element, where)


def _special_input(faults: Faults, element: Json, where: str) -> None:
    known = _COMMON | {"initial_value", "dispatch_action_config", _FOCUS, "placeholder"}
    if element["type"] == "number_input":
        known |= {"is_decimal_allowed", "min_value", "max_value"}
        if not isinstance(element.get("is_decimal_allowed"), bool):
            faults.add("missing required field: is_decimal_allowed", where)
        for name in ("min_value", "max_value", "initial_value"):
            if name in element and not isinstance(element[name], str):
                faults.add("must provide a string", f"{where}/{name}")
    faults.unknown_fields(element, known, where)
    _dispatch(faults, element, where)


def _pattern(
    faults: Faults, element: Json, name: str, pattern: re.Pattern[str], where: str
) -> None:
    value = element.get(name)
    if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
        faults.add("must be a valid date or time", f"{where}/{name}")


def _datepicker(faults: Faults, element: Json, where: str) -> None:
    known = _COMMON | {"initial_date", "confirm", _FOCUS, "placeholder"}
    faults.unknown_fields(element, known, where)
    _pattern(faults, element, "initial_date", _DATE, where)
    _shared(faults, element, where)


def _timepicker(faults: Faults, element: Json, where: str) -> None:
    known = _COMMON | {"initial_time", "confirm", _FOCUS, "placeholder", "timezone"}
    faults.unknown_fields(element, known, where)
    _pattern(faults, element, "initial_time", _TIME, where)
    zone = element.get("timezone")
    if zone is not None:
        try:
            ZoneInfo(str(zone))
        except (ZoneInfoNotFoundError, ValueError):
            faults.add("must be a valid timezone", f"{where}/timezone")
    _shared(faults, element, where)


def _datetimepicker(faults: Faults, element: Json, where: str) -> None:
    known = _COMMON | {"initial_date_time", "confirm", _FOCUS}
    faults.unknown_fields(element, known, where)
    faults.number(element, "initial_date_time", where, 1_000_000_000, 9_999_999_999)
    _shared(faults, element, where)


_SELECTS = tuple(
    f"{many}{source}_select"
    for many in ("", "multi_")
    for source in ("static", "external", "users", "conversations", "channels")
)
ELEMENTS: dict[str, Check] = {
    "button": _button,
    "overflow": _overflow,
    "checkboxes": _ticks,
    "radio_buttons": _ticks,
    **dict.fromkeys(_SELECTS, _select),
    "plain_text_input": _text_input,
    "number_input": _special_input,
    "email_text_input": _special_input,
    "url_text_input": _special_input,
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "datetimepicker": _datetimepicker,
}
_TYPED = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
_MULTI = frozenset(name for name in _SELECTS if name.startswith("multi_"))
#: Which elements each block takes.
IN_INPUT = frozenset(ELEMENTS) - {"button", "overflow"}
IN_ACTIONS = frozenset(ELEMENTS) - _TYPED - _MULTI
IN_SECTION = frozenset(ELEMENTS) - _TYPED - {"datetimepicker"}


def check_element(faults: Faults, element: Any, where: str, allowed: frozenset[str]) -> str | None:
    """Check an element; returns its action_id when it has one."""
    if not isinstance(element, dict):
        faults.add("must provide an object", where)
        return None
    kind = element.get("type")
    if kind not in allowed:
        faults.add(f"unsupported type: {kind}", f"{where}/type")
        return None
    faults.string(element, "action_id", where, limits.ID, least=1)
    ELEMENTS[str(kind)](faults, element, where)
    action_id = element.get("action_id")
    return action_id if isinstance(action_id, str) else None
