"""Changing an event type: which fields, and what they may be."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from enum import Enum
from typing import Final, TypeVar

from scheduling import text
from scheduling.errors import InputRefused
from scheduling.model import EventType, Listing, Question
from scheduling.people_service import check_leads

_T = TypeVar("_T")
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_MOST_QUESTIONS = 10


class Unset(Enum):
    """Stands for a field that is to stay as it is, where None means something."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTypeChange:
    """What to change of an event type; fields left out stay."""

    title: str | Unset = UNSET
    duration: timedelta | Unset = UNSET
    step: timedelta | Unset = UNSET
    buffer_before: timedelta | Unset = UNSET
    buffer_after: timedelta | Unset = UNSET
    minimum_notice: timedelta | Unset = UNSET
    horizon: timedelta | Unset = UNSET
    cap_per_day: int | Unset | None = UNSET
    cap_per_week: int | Unset | None = UNSET
    capacity: int | Unset = UNSET
    listing: Listing | Unset = UNSET
    place: str | Unset | None = UNSET
    video: str | Unset | None = UNSET
    description: str | Unset | None = UNSET
    approval: bool | Unset = UNSET
    questions: tuple[Question, ...] | Unset = UNSET
    cut_off: timedelta | Unset = UNSET
    reason_required: bool | Unset = UNSET
    reminders: tuple[timedelta, ...] | Unset | None = UNSET

    def names(self) -> list[str]:
        """Return which fields it changes."""
        return [field.name for field in fields(self) if getattr(self, field.name) is not UNSET]

    def applied_to(self, known: EventType) -> EventType:
        """Return the event type with these changes, cleaned.

        Raises:
            InputRefused: a value that cannot be; its field is named.
        """
        changed = replace(
            known,
            title=_new(self.title, known.title),
            duration=_new(self.duration, known.duration),
            step=_new(self.step, known.step),
            buffer_before=_new(self.buffer_before, known.buffer_before),
            buffer_after=_new(self.buffer_after, known.buffer_after),
            minimum_notice=_new(self.minimum_notice, known.minimum_notice),
            horizon=_new(self.horizon, known.horizon),
            cap_per_day=_new(self.cap_per_day, known.cap_per_day),
            cap_per_week=_new(self.cap_per_week, known.cap_per_week),
            capacity=_new(self.capacity, known.capacity),
            listing=_new(self.listing, known.listing),
            place=_new(self.place, known.place),
            video=_new(self.video, known.video),
            description=_new(self.description, known.description),
            approval=_new(self.approval, known.approval),
            questions=_new(self.questions, known.questions),
            cut_off=_new(self.cut_off, known.cut_off),
            reason_required=_new(self.reason_required, known.reason_required),
            reminders=_new(self.reminders, known.reminders),
        )
        _check_numbers(changed)
        return _cleaned(changed)


def check_duration(duration: timedelta) -> None:
    """Refuse a length no session has: 5 minutes to a day, in whole minutes."""
    _check_length("duration", duration, timedelta(minutes=5), _DAY)


def _new(value: _T | Unset, known: _T) -> _T:
    return known if isinstance(value, Unset) else value


def _check_numbers(kind: EventType) -> None:
    check_duration(kind.duration)
    _check_length("step", kind.step, timedelta(minutes=5), _DAY)
    _check_length("buffer_before", kind.buffer_before, timedelta(), _DAY)
    _check_length("buffer_after", kind.buffer_after, timedelta(), _DAY)
    _check_length("minimum_notice", kind.minimum_notice, timedelta(), timedelta(days=60), _SECOND)
    _check_length("horizon", kind.horizon, _DAY, timedelta(days=366), _SECOND)
    _check_length("cut_off", kind.cut_off, timedelta(), timedelta(days=30), _SECOND)
    _check_count("cap_per_day", kind.cap_per_day, 1_000)
    _check_count("cap_per_week", kind.cap_per_week, 7_000)
    _check_count("capacity", kind.capacity, 500)
    if kind.reminders is not None:
        check_leads(kind.reminders)


def _check_length(
    field: str, value: timedelta, least: timedelta, most: timedelta, unit: timedelta = _MINUTE
) -> None:
    if not least <= value <= most or value % unit:
        raise InputRefused(field, "not_valid")


def _check_count(field: str, value: int | None, most: int) -> None:
    if value is not None and not 1 <= value <= most:
        raise InputRefused(field, "not_valid")


def _cleaned(kind: EventType) -> EventType:
    if len(kind.questions) > _MOST_QUESTIONS:
        raise InputRefused("questions", "too_long", _MOST_QUESTIONS)
    if len({question.key for question in kind.questions}) != len(kind.questions):
        raise InputRefused("questions", "not_valid")
    reminders = kind.reminders
    if reminders is not None:
        reminders = tuple(sorted(set(reminders), reverse=True))
    return replace(
        kind,
        reminders=reminders,
        title=text.clean("title", kind.title, text.TITLE_LIMIT),
        place=text.clean_or_none("place", kind.place, text.PLACE_LIMIT),
        video=text.clean_link("video", kind.video) if kind.video else None,
        description=text.clean_or_none("description", kind.description, text.DESCRIPTION_LIMIT),
        questions=tuple(_cleaned_question(question) for question in kind.questions),
    )


def _cleaned_question(question: Question) -> Question:
    return replace(question, text=text.clean("question", question.text, text.QUESTION_LIMIT))
