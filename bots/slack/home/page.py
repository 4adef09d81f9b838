"""The page as it grows: lines with an element at their right, rows of buttons, small menus."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bots.slack import limits
from bots.slack.home.facts import HomeFacts
from bots.slack.modals.elements import (
    Json,
    actions,
    bold,
    button,
    divider,
    marked_section,
    overflow,
    section,
)
from bots.slack.text import escape
from scheduling.messages import Action, Button, More, OpenUrl
from wording.view import View


@dataclass
class Page:
    """Blocks as they grow; every button gets a number of its own."""

    facts: HomeFacts
    blocks: list[Json] = field(default_factory=list)
    number: int = 0

    def divide(self) -> None:
        """Draw a line between what is above and what comes."""
        if self.blocks and self.blocks[-1] != divider():
            self.blocks.append(divider())

    def row(self, row: Iterable[Button | Json]) -> None:
        """Add a row of buttons."""
        drawn = [each if isinstance(each, dict) else self._button(each) for each in row]
        self.blocks += actions(each for each in drawn if each)

    def line(self, text: str, beside: Json | None = None, *, strong: str = "") -> None:
        """Add a line, with one element at its right; ``strong`` begins it in bold."""
        words = f"{bold(strong)}   {escape(text)}" if strong else ""
        self.blocks.append(
            marked_section(words, accessory=beside) if strong else section(text, accessory=beside)
        )

    def beside(self, action: Button) -> Json | None:
        """Return a button for the right of a line."""
        return self._button(action)

    def menu(self, view: View, actions_: Sequence[Action]) -> Json | None:
        """Return the small menu of a booking, the way into its video first."""
        self.number += 1
        video = view.booking.video
        links = [OpenUrl(view.reader.say("home.join"), video)] if video else []
        most = limits.OVERFLOW_OPTIONS - len(links)
        more = More(view.reader.say("home.menu"), tuple(actions_[:most]))
        return overflow(more, self.number, links)

    def _button(self, action: Button) -> Json | None:
        self.number += 1
        return button(action, self.number)
