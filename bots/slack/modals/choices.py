"""Lists to choose from: options, people, channels; each within Slack's limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bots.slack import limits
from bots.slack.modals.elements import Choice, Json, option, plain


@dataclass(frozen=True, slots=True)
class Group:
    """Options under a heading."""

    label: str
    choices: tuple[Choice, ...]


def _options(choices: Iterable[Choice], most: int) -> list[Json]:
    """Return the options, each value once: Slack refuses the whole view for a double."""
    once = {choice.value: choice for choice in reversed(list(choices))}
    return [option(choice) for choice in reversed(once.values())][:most]


def select(
    action_id: str,
    placeholder: str,
    choices: Sequence[Choice],
    chosen: str = "",
) -> Json:
    """Return a list to choose one of; the first hundred are shown."""
    options = _options(choices, limits.OPTIONS)
    return _with_initial(
        {
            "type": "static_select",
            "action_id": action_id,
            "placeholder": plain(placeholder, limits.PLACEHOLDER),
            "options": options,
        },
        options,
        chosen,
    )


def grouped_select(
    action_id: str, placeholder: str, groups: Sequence[Group], chosen: str = ""
) -> Json:
    """Return a list under headings; at most a hundred options in all."""
    left, drawn, every = limits.OPTIONS, [], list[Json]()
    for group in groups:
        options = _options(group.choices, left)
        if options:
            drawn.append({"label": plain(group.label, limits.OPTION_TEXT), "options": options})
        left -= len(options)
        every += options
    element = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
        "option_groups": drawn,
    }
    return _with_initial(element, every, chosen)


def _with_initial(element: Json, options: Sequence[Json], chosen: str) -> Json:
    initial = next((each for each in options if chosen and each["value"] == chosen), None)
    return {**element, "initial_option": initial} if initial else element


def typeahead(action_id: str, placeholder: str, chosen: Choice | None = None) -> Json:
    """Return a list that is asked for while somebody types."""
    element: Json = {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
        "min_query_length": 0,
    }
    return {**element, "initial_option": option(chosen)} if chosen else element


def radio(action_id: str, choices: Sequence[Choice], chosen: str = "") -> Json:
    """Return up to ten options of which one is taken."""
    options = _options(choices, limits.RADIO_OPTIONS)
    element = {"type": "radio_buttons", "action_id": action_id, "options": options}
    return _with_initial(element, options, chosen)


def ticks(action_id: str, choices: Sequence[Choice], chosen: Iterable[str] = ()) -> Json:
    """Return up to ten options of which any number is taken."""
    wanted = set(chosen)
    options = _options(choices, limits.RADIO_OPTIONS)
    element: Json = {"type": "checkboxes", "action_id": action_id, "options": options}
    initial = [each for each in options if each["value"] in wanted]
    return {**element, "initial_options": initial} if initial else element


def people(action_id: str, placeholder: str, chosen: Sequence[str] = (), most: int = 20) -> Json:
    """Return a list of the workspace's people to choose several from."""
    element: Json = {
        "type": "multi_users_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
        "max_selected_items": most,
    }
    return {**element, "initial_users": list(chosen[:most])} if chosen else element


def channels(action_id: str, placeholder: str, chosen: str = "") -> Json:
    """Return a list of channels to choose one from; the one it was opened in comes first."""
    element: Json = {
        "type": "conversations_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "default_to_current_conversation": True,
    }
    return {**element, "initial_conversation": chosen} if chosen else element
