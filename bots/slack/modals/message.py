"""Views on their way through ports that carry messages."""

from dataclasses import dataclass, field
from typing import Any

from scheduling.messages import ChatMessage, Live


@dataclass(frozen=True, slots=True)
class ViewMessage(ChatMessage):
    """A finished view: what ``Messenger.refresh`` puts on App Home or into an open window.

    Its words are empty; nothing but the Slack messenger reads it.
    """

    view: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, view: dict[str, Any], live: Live | None = None) -> "ViewMessage":
        """Wrap a view."""
        return cls((), live=live, view=view)
