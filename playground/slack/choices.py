"""What can be chosen in an element, and what a client refuses before it sends anything."""

import re
from datetime import date
from typing import Any

from playground.slack.block_checks import Faults
from playground.slack.elements import STATEFUL
from playground.slack.errors import NotPossible
from playground.slack.limits import INPUT_MOST, OPTION_GROUPS, OPTIONS
from playground.slack.state import Json, SlackWorld
from playground.slack.surfaces import View

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+\.?\S+")
_REQUIRED = "Please complete this required field."


def chosen_state(world: SlackWorld, element: Json, chosen: Json) -> Json:
    """The state of an element after a choice, as Slack sends it.

    Raises:
        NotPossible: the element cannot hold that.
    """
    kind = str(element["type"])
    if kind == "button":
        value = chosen.get("value") or element.get("value")
        return {"type": kind} | ({"value": value} if value is not None else {})
    if kind == "overflow":
        return {"type": kind, "selected_option": _option(element, chosen.get("selected_option"))}
    name = str(STATEFUL[kind])
    # Whoever fills in by hand may say "value" for the one thing every element holds.
    given = chosen.get(name, chosen.get("value"))
    state: Json = {"type": kind, name: _checked(world, element, name, given)}
    if kind == "timepicker" and element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def _checked(world: SlackWorld, element: Json, name: str, given: Any) -> Any:
    if name == "selected_option":
        return None if given is None else _option(element, given)
    if name == "selected_options":
        many = [] if given is None else given if isinstance(given, list) else [given]
        return [_option(element, one) for one in many]
    if name in {"selected_users", "selected_conversations", "selected_channels"}:
        many = [] if given is None else given if isinstance(given, list) else [given]
        return [_known_id(world, one) for one in many]
    if given is None or given == "":
        return None
    if name in {"selected_user", "selected_conversation", "selected_channel"}:
        return _known_id(world, given)
    if name == "selected_date":
        return _a_date(str(given))
    if name == "selected_time":
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(given)):
            raise NotPossible(f"{given!r} is no time of day.")
        return str(given)
    return int(given) if name == "selected_date_time" else given


def _a_date(given: str) -> str:
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise NotPossible(f"{given!r} is no date.") from None


def _known_id(world: SlackWorld, given: Any) -> str:
    if given in world.users or given in world.conversations or given == world.app.bot_user_id:
        return str(given)
    raise NotPossible(f"{given!r} is nobody and no channel here.")


def _option(element: Json, given: Any) -> Json:
    """The option meant by itself or by its value."""
    value = given.get("value") if isinstance(given, dict) else given
    if str(element["type"]).endswith("external_select"):
        if isinstance(given, dict) and "text" in given:
            return given
        raise NotPossible("An option of a typeahead is chosen as it was offered.")
    for option in options_of(element):
        if option.get("value") == value:
            return option
    raise NotPossible(f"There is no option {value!r}.")


def options_of(element: Json) -> list[Json]:
    """All options an element carries, those of its groups too."""
    own: list[Json] = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        own += group.get("options") or []
    return own


def shape_faults(answer: Json) -> list[str]:
    """What is wrong with options the app gave for a typeahead."""
    faults = Faults()
    if "option_groups" in answer:
        groups = faults.items(answer, "option_groups", "", OPTION_GROUPS, least=0)
        faults.option_groups(groups, "/option_groups")
    elif "options" in answer:
        options = faults.items(answer, "options", "", OPTIONS, least=0)
        faults.options(options, "/options")
    return faults.found


def input_faults(view: View) -> dict[str, str]:
    """What a client says under the inputs of a modal before it sends anything."""
    found: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = view.values.get(block["block_id"], {}).get(element["action_id"], {})
        value = state.get(str(STATEFUL[element["type"]]))
        if value in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = _REQUIRED
        elif fault := _value_fault(element, value):
            found[block["block_id"]] = fault
    return found


def _value_fault(element: Json, value: Any) -> str | None:
    match element["type"]:
        case "plain_text_input":
            most, least = element.get("max_length", INPUT_MOST), element.get("min_length", 0)
            if len(str(value)) > most:
                return f"Must be at most {most} characters."
            if len(str(value)) < least:
                return f"Must be at least {least} characters."
        case "email_text_input" if not _MAIL.fullmatch(str(value)):
            return "Please enter a valid email address."
        case "url_text_input" if not _URL.fullmatch(str(value)):
            return "Please enter a valid URL."
        case "number_input":
            return _number_fault(element, str(value))
    most = element.get("max_selected_items")
    if most and isinstance(value, list) and len(value) > most:
        return f"Please choose at most {most}."
    return None


def _number_fault(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a number."
    number = float(value)
    if "min_value" in element and number < float(element["min_value"]):
        return f"Must be at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Must be at most {element['max_value']}."
    return None
