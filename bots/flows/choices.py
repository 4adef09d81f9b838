"""What has been chosen so far on the way to a booking, as its draft keeps it."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self, TypeVar

from scheduling.errors import NotFound
from scheduling.ids import BookingId, EventTypeId, PersonId, RequestId
from scheduling.moments import from_seconds, seconds
from scheduling.ports import Draft
from wording.zones import Target

T = TypeVar("T")

FLOW = "booking"
_ANSWER = "answer."
_YEARS = range(2000, 2200)
"""Beyond these a payload was made up, and calendars and zones end somewhere."""


class Stage(StrEnum):
    """What the card shows."""

    COACHES = "coaches"
    TYPES = "types"
    LENGTHS = "lengths"
    DAYS = "days"
    TIMES = "times"
    QUESTION = "question"
    CONFIRM = "confirm"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Choices:
    """The journey to one booking, or to another time of one.

    ``types`` are those whose free times are shown; ``number`` is the place in it of the one
    chosen. Texts and times are what was chosen, empty or None before.
    """

    stage: Stage = Stage.DAYS
    types: tuple[EventTypeId, ...] = ()
    number: int = 0
    via_link: bool = False
    others: bool = False
    coach: PersonId | None = None
    ended: bool = False
    """The link that led here has ended."""
    text: str = ""
    """What coaches were searched by."""
    listed: int = 0
    """Page of the directory."""
    when: str = ""
    """Words about time, read once it is known whose time."""
    page: date | None = None
    day: date | None = None
    part: str = ""
    start: datetime | None = None
    hold: BookingId | None = None
    asking: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    moving: BookingId | None = None
    booked: BookingId | None = None

    @property
    def chosen(self) -> EventTypeId:
        """Return the event type of the time chosen."""
        return self.types[self.number]

    def answer(self, key: str) -> str | None:
        """Return what was typed for a question; "" when it was skipped, None when not asked."""
        return dict(self.answers).get(key)

    def answered(self, key: str, text: str) -> Self:
        """Return it with one more answer."""
        kept = tuple((k, v) for k, v in self.answers if k != key)
        return replace(self, answers=(*kept, (key, text)))

    def without_time(self, stage: Stage) -> Self:
        """Return it before a time was chosen; what was typed is kept."""
        return replace(self, stage=stage, start=None, hold=None, asking="")

    @property
    def data(self) -> dict[str, object]:
        """Return it flat, as JSON can hold it; what is empty is left out."""
        data: dict[str, object] = {f"{_ANSWER}{key}": text for key, text in self.answers}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "answers" or not value:
                continue
            match value:
                case datetime():
                    data[field.name] = seconds(value)
                case date():
                    data[field.name] = value.isoformat()
                case tuple():
                    data[field.name] = ",".join(value)
                case _:
                    data[field.name] = value
        return data

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Read it back."""
        data = draft.data
        start = data.get("start")
        return cls(
            stage=_stage(data.get("stage")),
            types=tuple(EventTypeId(each) for each in _text(data.get("types")).split(",") if each),
            number=_number(data.get("number")),
            via_link=bool(data.get("via_link")),
            others=bool(data.get("others")),
            coach=PersonId(_text(data.get("coach"))) or None,
            ended=bool(data.get("ended")),
            text=_text(data.get("text")),
            listed=_number(data.get("listed")),
            when=_text(data.get("when")),
            page=_date(data.get("page")),
            day=_date(data.get("day")),
            part=_text(data.get("part")),
            start=from_seconds(start) if isinstance(start, int) else None,
            hold=BookingId(_text(data.get("hold"))) or None,
            asking=_text(data.get("asking")),
            answers=tuple(
                (key.removeprefix(_ANSWER), _text(value))
                for key, value in data.items()
                if key.startswith(_ANSWER)
            ),
            moving=BookingId(_text(data.get("moving"))) or None,
            booked=BookingId(_text(data.get("booked"))) or None,
        )


def given(value: T | None) -> T:
    """Return what a draft of this stage has; NotFound for one that was made up."""
    if value is None:
        raise NotFound
    return value


def target_of(draft: Draft) -> Target:
    """Return what the draft's buttons act on."""
    return Target(draft.id, draft.revision)


def request_of(draft: Draft) -> RequestId:
    """Return the request id of a press on the draft as it was shown (R11)."""
    return RequestId(f"draft:{draft.id}:{draft.revision}")


def read_date(text: str) -> date | None:
    """Return the date of a button's argument; None for anything we never wrote."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _YEARS.start <= day.year < _YEARS.stop else None


def read_instant(text: str) -> datetime | None:
    """Return the moment of a button's argument in epoch seconds; None for anything else."""
    moment = from_seconds(int(text)) if text.isdecimal() and len(text) <= 10 else None
    return moment if moment and moment.year in _YEARS else None


def _stage(value: object) -> Stage:
    return Stage(value) if isinstance(value, str) and value in set(Stage) else Stage.DAYS


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _date(value: object) -> date | None:
    return read_date(_text(value))
