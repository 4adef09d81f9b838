"""What somebody has filled in so far, found by action id: block ids change to empty a field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_CHANNEL = re.compile(r"[CG][A-Za-z0-9]{1,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Values:
    """The state of an open view, as Slack sent it; nothing in it is trusted."""

    state: Mapping[str, Any]

    def _found(self, action_id: str) -> tuple[str, Mapping[str, Any]]:
        for block_id, elements in self.state.items():
            if isinstance(elements, Mapping):
                value = elements.get(action_id)
                if isinstance(value, Mapping):
                    return block_id, value
        return "", {}

    def block_of(self, action_id: str) -> str:
        """Return the block a field stands in, which is where its fault is shown."""
        return self._found(action_id)[0]

    def has(self, action_id: str) -> bool:
        """Say whether the view has such a field."""
        return bool(self.block_of(action_id))

    def chosen(self, action_id: str) -> str:
        """Return the value of the option taken; empty for none."""
        option = self._found(action_id)[1].get("selected_option")
        value = option.get("value") if isinstance(option, Mapping) else None
        return value if isinstance(value, str) else ""

    def ticked(self, action_id: str) -> tuple[str, ...]:
        """Return the values of the options ticked."""
        options = self._found(action_id)[1].get("selected_options")
        several = options if isinstance(options, list) else []
        values = (each.get("value") for each in several if isinstance(each, Mapping))
        return tuple(value for value in values if isinstance(value, str))

    def typed(self, action_id: str) -> str:
        """Return the text typed."""
        value = self._found(action_id)[1].get("value")
        return value if isinstance(value, str) else ""

    def people(self, action_id: str) -> tuple[str, ...]:
        """Return the accounts chosen."""
        users = self._found(action_id)[1].get("selected_users")
        several = users if isinstance(users, list) else []
        return tuple(user for user in several if isinstance(user, str))

    def conversation(self, action_id: str, untouched: str = "") -> str:
        """Return the channel chosen; empty for what is none, such as somebody's messages.

        ``untouched`` is the one shown at first, where nothing is told of the list.
        """
        value = self._found(action_id)[1].get("selected_conversation", untouched)
        is_channel = isinstance(value, str) and _CHANNEL.fullmatch(value)
        return value if isinstance(value, str) and is_channel else ""
