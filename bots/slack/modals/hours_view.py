"""The window "Your weekly hours": a tick and a line for each day, and what they would make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from bots.slack.modals import choices, elements
from bots.slack.modals.elements import Choice, Json
from bots.slack.modals.values import Values
from scheduling.grammar.hours_line import (
    HoursLine,
    HoursNotUnderstood,
    format_hours_line,
    parse_hours_line,
)
from scheduling.grammar.hours_text import Ranges
from scheduling.grammar.words import DAY_NAMES
from scheduling.hours import Schedule
from wording.hours import LENGTHS
from wording.times import Reader

CALLBACK = "sb.hours"
DAYS, LENGTH, DAY = "sb.hours.days", "sb.hours.length", "sb.hours.day."
_USUAL = "9-17"
_USUAL_MINUTES = 60
_MOST = 200


@dataclass(frozen=True, slots=True)
class Hours:
    """What is ticked and typed."""

    ticked: tuple[int, ...]
    texts: Mapping[int, str] = field(default_factory=dict)
    born: Mapping[int, int] = field(default_factory=dict)
    """In which turn the line of a day came into the window; another one fills it anew."""
    turn: int = 0
    new: bool = False
    """The first hours of somebody who offers no time yet."""
    seen: str = ""
    """The preview that is shown."""

    @classmethod
    def of_schedule(cls, schedule: Schedule | None) -> Self:
        """Return the hours as they stand."""
        if schedule is None:
            return cls(tuple(range(5)), dict.fromkeys(range(7), _USUAL), new=True)
        weekly = {day: ranges for day, ranges in schedule.weekly.items() if ranges}
        return cls(tuple(sorted(weekly)), {day: _typed(ranges) for day, ranges in weekly.items()})

    @classmethod
    def read(cls, data: Mapping[str, object]) -> Self:
        """Read them out of a draft."""
        ticks = str(data.get("ticked", ""))
        turn = data.get("turn")
        return cls(
            ticked=tuple(int(each) for each in ticks.split(",") if each),
            texts={n: str(data[f"text{n}"]) for n in range(7) if f"text{n}" in data},
            born={n: int(str(data[f"born{n}"])) for n in range(7) if f"born{n}" in data},
            turn=turn if isinstance(turn, int) else 0,
            new=bool(data.get("new")),
            seen=str(data.get("seen", "")),
        )

    @property
    def data(self) -> dict[str, object]:
        """Return them as a draft keeps them."""
        return {
            "ticked": ",".join(map(str, self.ticked)),
            "turn": self.turn,
            "new": self.new,
            "seen": self.seen,
            **{f"text{day}": text for day, text in self.texts.items()},
            **{f"born{day}": turn for day, turn in self.born.items()},
        }

    def filled(self, values: Values) -> Self:
        """Return them with what stands in the window now.

        A day ticked just now gets the hours it had, or those of the day before it in the week.
        """
        texts = dict(self.texts)
        for day in self.ticked:
            if values.has(f"{DAY}{day}"):
                texts[day] = values.typed(f"{DAY}{day}")
        known = values.ticked(DAYS) if values.has(DAYS) else tuple(map(str, self.ticked))
        ticked = tuple(sorted(int(each) for each in known if each in set("0123456")))
        if ticked == self.ticked:
            return replace(self, texts=texts)
        turn, born = self.turn + 1, dict(self.born)
        for day in set(ticked) - set(self.ticked):
            born[day] = turn
            if not texts.get(day, "").strip():
                before = [texts[each] for each in self.ticked if texts.get(each, "").strip()]
                texts[day] = before[-1] if before else _USUAL
        return replace(self, ticked=ticked, texts=texts, born=born, turn=turn)


@dataclass(frozen=True, slots=True)
class HoursRead:
    """The hours typed, as far as they could be read."""

    line: HoursLine
    faults: Mapping[int, str]
    """By day: what is wrong with what was typed."""


def read_hours(hours: Hours, reader: Reader) -> HoursRead:
    """Read every day's line by itself, so that each fault stands where it was made."""
    weekly: dict[int, Ranges] = dict.fromkeys(range(7), ())
    faults: dict[int, str] = {}
    for day in hours.ticked:
        text = hours.texts.get(day, "").strip()
        try:
            weekly[day] = _read_day(day, text, reader.today)
        except _Fault as fault:
            name = reader.weekday_name(day)
            faults[day] = reader.say(
                fault.key, text=fault.text, suggestion=fault.suggestion, day=name
            )
    return HoursRead(HoursLine(weekly, {}), faults)


class _Fault(Exception):
    def __init__(self, key: str, text: str, suggestion: str) -> None:
        super().__init__(key)
        self.key, self.text, self.suggestion = key, text, suggestion


def _read_day(day: int, text: str, today: date) -> Ranges:
    name = DAY_NAMES[day]
    if not text:
        raise _Fault("slack.hours_missing", "", _USUAL)
    try:
        line = parse_hours_line(f"{name} {text}", today=today)
    except HoursNotUnderstood as error:
        suggestion = error.suggestion.removeprefix(name).strip() or _USUAL
        if any(suggestion.startswith(each) for each in DAY_NAMES):
            suggestion = _USUAL  # an example of a whole week says nothing about this day
        wrong = error.not_understood.removeprefix(name).strip()
        key = "slack.hours_fault" if wrong else "slack.hours_missing"
        raise _Fault(key, wrong, suggestion) from None
    if set(line.weekly) != {day} or line.dated or line.until:
        raise _Fault("slack.hours_other_day", text, _USUAL)
    return line.weekly[day]


def _typed(ranges: Ranges) -> str:
    """Return the hours of a day the way they can be typed again."""
    text = format_hours_line(HoursLine({0: ranges}, {})).removeprefix(DAY_NAMES[0]).strip()
    return text if "next day" in text else text.replace(" ", ", ")


def hours_view(hours: Hours, reader: Reader, preview: str, *, draft_id: str, city: str) -> Json:
    """Return the window."""
    order = [(reader.first_weekday + step) % 7 for step in range(7)]
    names = {day: reader.weekday_name(day) for day in order}
    days = [Choice(names[day], str(day)) for day in order]
    ticks = choices.ticks(DAYS, days, [str(day) for day in hours.ticked])
    label = reader.say("slack.hours_days")
    blocks = [elements.field("days", label, ticks, follows=True)]
    blocks += [
        elements.field(
            block_of(hours, day),
            reader.say("slack.hours_of", day=names[day]),
            elements.line(
                f"{DAY}{day}",
                initial=hours.texts.get(day, ""),
                placeholder=reader.say("slack.hours_hint"),
                most=_MOST,
                follows=True,
            ),
            follows=True,
        )
        for day in order
        if day in hours.ticked
    ]
    if hours.new:
        blocks.append(_length(reader))
    blocks.append(elements.section(preview, block_id="preview"))
    return elements.modal(
        CALLBACK,
        reader.say("slack.hours_title"),
        [elements.context(reader.say("slack.hours_zone", city=city)), *blocks],
        close=reader.say("slack.not_now"),
        submit=reader.say("slack.hours_save"),
        metadata=draft_id,
    )


def _length(reader: Reader) -> Json:
    lengths = [
        Choice(reader.short_length(timedelta(minutes=minutes)), str(minutes)) for minutes in LENGTHS
    ]
    element = choices.radio(LENGTH, lengths, str(_USUAL_MINUTES))
    return elements.field("length", reader.say("slack.hours_length"), element, follows=True)


def block_of(hours: Hours, day: int) -> str:
    """Return the block a day's line stands in."""
    return f"day.{day}.{hours.born.get(day, 0)}"


def length_of(values: Values) -> timedelta:
    """Return the length of a session chosen."""
    chosen = values.chosen(LENGTH)
    minutes = int(chosen) if chosen in {str(each) for each in LENGTHS} else _USUAL_MINUTES
    return timedelta(minutes=minutes)


def faults_text(reader: Reader, faults: Mapping[int, str]) -> str:
    """Return what is wrong, a line for each day."""
    lines: Sequence[str] = [
        reader.say("slack.hours_fix", day=reader.weekday_name(day), problem=fault)
        for day, fault in sorted(faults.items())
    ]
    return "\n".join(lines)
