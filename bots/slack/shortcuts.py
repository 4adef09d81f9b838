"""Slack's shortcuts: what stands in its menus, for the manifest and for who answers."""

from dataclasses import dataclass
from typing import Literal

from bots.slack.modals import book_view, session_view
from wording.catalogue import FALLBACK, say

BOOK = book_view.CALLBACK
SESSION = session_view.ASK


@dataclass(frozen=True, slots=True)
class ShortcutEntry:
    """One entry of Slack's menus."""

    callback_id: str
    kind: Literal["global", "message"]
    key: str
    """Of its name in the catalogue; with ``_about`` that of its description."""

    @property
    def name(self) -> str:
        """Return what the menu says."""
        return say(FALLBACK, self.key)

    @property
    def description(self) -> str:
        """Return what it does."""
        return say(FALLBACK, f"{self.key}_about")


SHORTCUTS = (
    ShortcutEntry(BOOK, "global", "slack.shortcut_book"),
    ShortcutEntry(SESSION, "message", "slack.shortcut_session"),
)
