"""An act on a booking before whoever reads of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.messages import Action, Button, ChatMessage, Plain
from scheduling.moments import from_seconds
from wording import buttons
from wording.view import View


@dataclass(frozen=True, slots=True)
class News:
    """An act on a booking, before one of those it concerns."""

    view: View
    payload: Mapping[str, str | int]
    free_near: tuple[datetime, ...]
    usual: Sequence[timedelta]
    """Lead times of reminders where neither the type nor the person has others."""

    @property
    def own(self) -> bool:
        """Say whether the reader did it."""
        return self.payload.get("by") == self.view.person.id

    @property
    def who(self) -> str:
        """Return the full name of who did it."""
        return str(self.payload.get("by_name") or self.view.who)

    @property
    def first_name(self) -> str:
        return self.who.split(maxsplit=1)[0]

    @property
    def names(self) -> str:
        """Return the first names of whom it was about, who may have no seat any more."""
        told = str(self.payload.get("names") or "")
        firsts = [name.split(maxsplit=1)[0] for name in told.split(", ") if name.strip()]
        return self.view.reader.listing(firsts) or self.view.others

    @property
    def undo_until(self) -> datetime | None:
        until = self.payload.get("undo_until")
        return from_seconds(until) if isinstance(until, int) else None

    @property
    def was(self) -> str:
        """Return when it was before the move."""
        was = self.payload.get("was")
        if isinstance(was, int):
            return self.view.reader.day_time(from_seconds(was))
        before = self.view.booking.moved_from
        return self.view.reader.day_time(before.start) if before else ""

    @property
    def reason(self) -> str:
        """Return ' "I am ill"', or nothing."""
        reason = self.payload.get("reason")
        return " " + self.say("news.quoted", text=reason) if reason else ""

    def say(self, key: str, **values: object) -> str:
        return self.view.reader.say(key, **values)

    def plain(self, key: str, *rows: tuple[Button, ...], **values: object) -> ChatMessage:
        """Return one sentence over rows of buttons; empty rows are left out."""
        return ChatMessage((Plain(self.say(key, **values)),), tuple(row for row in rows if row))

    @property
    def message_them(self) -> Action:
        """Return the button that writes to who did it."""
        label = self.say("booking.message", name=self.first_name)
        return buttons.on_booking(self.view, label, "note")
