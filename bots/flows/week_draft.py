"""A week of hours on its way from a typed line to being saved."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum

from scheduling.grammar.hours_line import HoursLine, parse_hours_line
from scheduling.ports import Draft

FLOW = "week"
AWAITS_LINE = "week.line"
AWAITS_LENGTH = "week.length"


class Step(StrEnum):
    """What the card of the draft shows."""

    HOURS = "hours"
    LENGTH = "length"
    PREVIEW = "preview"
    SAVED = "saved"
    ASKED = "asked"
    """An admin decides whether the person may offer time."""


@dataclass(frozen=True, slots=True)
class WeekDraft:
    """The choices so far."""

    step: Step
    new: bool
    """The first week of somebody who offers no time yet."""
    line: str = ""
    """The hours in their canonical form."""
    minutes: int = 0
    """Length of a session; asked of new coaches only."""
    suggestion: str = ""
    """What was offered in place of a line not understood."""
    undo_id: str = ""
    event_type_id: str = ""

    @classmethod
    def of(cls, draft: Draft) -> "WeekDraft":
        """Read the draft's data."""
        data = draft.data
        minutes = data.get("minutes")
        return cls(
            step=Step(str(data.get("step", Step.HOURS))),
            new=bool(data.get("new")),
            line=str(data.get("line", "")),
            minutes=minutes if isinstance(minutes, int) else 0,
            suggestion=str(data.get("suggestion", "")),
            undo_id=str(data.get("undo_id", "")),
            event_type_id=str(data.get("event_type_id", "")),
        )

    @property
    def data(self) -> dict[str, object]:
        """Return it as a draft stores it."""
        return asdict(self)

    @property
    def duration(self) -> timedelta:
        """Return the length of a session."""
        return timedelta(minutes=self.minutes)

    def hours(self, today: date) -> HoursLine:
        """Return the hours.

        Raises:
            HoursNotUnderstood: dates in them have passed since, and cannot be read any more.
        """
        return parse_hours_line(self.line, today=today)
