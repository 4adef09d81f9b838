"""The parts of an event type that a question changes: what is offered, and how it is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bots.flows.lengths import NOTHING_WORDS, read_length, read_lengths, read_number
from scheduling.hosting import EventTypeChange
from scheduling.model import EventType, Listing
from wording.event_types import length_or_none, reminders_text
from wording.times import Reader

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_MOST_REMINDERS = 5
_NONE = "none"


class NotRead(ValueError):
    """What was typed cannot be taken; ``sentence`` says why, in the reader's words."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an event type, its ready-made values and how words become a change."""

    presets: tuple[str, ...]
    """Also typable; letters and digits only, since buttons carry them."""
    label: Callable[[Reader, str], str]
    present: Callable[[Reader, EventType], str]
    read: Callable[[Reader, EventType, str], EventTypeChange]
    """Raises NotRead, or what the core refuses."""


def _says_none(text: str) -> bool:
    return text.strip().lower() in NOTHING_WORDS


def _cut(text: str) -> str:
    return " ".join(text.split())[:40]


# --- lengths ---


def _length(
    presets: str,
    limits: tuple[timedelta, timedelta],
    present: Callable[[EventType], timedelta],
    change: Callable[[EventType, timedelta], EventTypeChange],
    *,
    unit: timedelta = _MINUTE,
    example: str = "45 min",
) -> Part:
    def label(reader: Reader, value: str) -> str:
        length = read_length(value)
        return reader.short_length(length) if length else reader.say("types.choice_none")

    def read(reader: Reader, kind: EventType, text: str) -> EventTypeChange:
        none = _says_none(text)
        length = timedelta() if none else read_length(text, unit=unit // _MINUTE)
        if length is None:
            raise NotRead(reader.say("types.not_length", text=_cut(text), example=example))
        least, most = limits
        if not least <= length <= most:
            named = {"least": length_or_none(reader, least), "most": reader.short_length(most)}
            raise NotRead(reader.say("types.out_of_range", **named))
        return change(kind, length)

    return Part(
        tuple(presets.split()),
        label,
        lambda reader, kind: length_or_none(reader, present(kind)),
        read,
    )


def _with_length(kind: EventType, length: timedelta) -> EventTypeChange:
    # Sessions back to back stay so when they get longer or shorter.
    if kind.step == kind.duration:
        return EventTypeChange(duration=length, step=length)
    return EventTypeChange(duration=length)


# --- numbers ---


def _number(
    presets: str,
    most: int,
    present: Callable[[EventType], int | None],
    change: Callable[[int | None], EventTypeChange],
    *,
    may_be_none: bool = True,
) -> Part:
    def label(reader: Reader, value: str) -> str:
        return value if value != _NONE else reader.say("types.choice_no_limit")

    def read(reader: Reader, _: EventType, text: str) -> EventTypeChange:
        number = read_number(text)
        if number is None:
            raise NotRead(reader.say("types.not_number", text=_cut(text), example=4))
        if number == 0 and may_be_none:
            return change(None)
        if not 1 <= number <= most:
            raise NotRead(reader.say("types.out_of_range", least=1, most=most))
        return change(number)

    def shown(reader: Reader, kind: EventType) -> str:
        number = present(kind)
        return str(number) if number else reader.say("types.no_limit")

    return Part(tuple(presets.split()), label, shown, read)


# --- words ---


def _words(
    none_key: str,
    present: Callable[[EventType], str | None],
    change: Callable[[str | None], EventTypeChange],
) -> Part:
    def read(_: Reader, __: EventType, text: str) -> EventTypeChange:
        return change(None if text == _NONE else text)

    return Part(
        (_NONE,) if none_key else (),
        lambda reader, _: reader.say(none_key),
        lambda reader, kind: present(kind) or "",
        read,
    )


def _where(text: str | None) -> EventTypeChange:
    link = text.strip() if text else ""
    if link.lower().startswith(("http:", "https:")) and " " not in link:
        return EventTypeChange(video=link, place=None)
    return EventTypeChange(place=text, video=None)


# --- choices ---


def _listing_part() -> Part:
    def read(reader: Reader, _: EventType, text: str) -> EventTypeChange:
        found = {reader.say(f"types.choice_{one}").lower(): one for one in Listing}
        found |= {one.value: one for one in Listing}
        listing = found.get(text.strip().lower())
        if listing is None:
            example = reader.say("types.choice_link")
            raise NotRead(reader.say("types.not_length", text=_cut(text), example=example))
        return EventTypeChange(listing=listing)

    return Part(
        tuple(one.value for one in Listing),
        lambda reader, value: reader.say(f"types.choice_{value}"),
        lambda reader, kind: reader.say(f"types.listing_{kind.listing}"),
        read,
    )


def read_reminders(reader: Reader, text: str) -> tuple[timedelta, ...] | None:
    """Return the lead times typed or chosen; None for the usual ones.

    Raises:
        NotRead: it is no list of lengths, or one that nobody could want.
    """
    if text == "usual":
        return None
    leads = read_lengths(text.replace("_", ","))
    if leads is None or len(leads) > _MOST_REMINDERS:
        example = "1 day, 1 h, 10 min"
        raise NotRead(reader.say("types.not_length", text=_cut(text), example=example))
    if leads and not (leads[-1] >= _MINUTE and leads[0] <= 30 * _DAY):
        named = {"least": reader.short_length(_MINUTE), "most": reader.short_length(30 * _DAY)}
        raise NotRead(reader.say("types.out_of_range", **named))
    return leads


REMINDER_PRESETS = ("usual", "24h_1h_10m", "24h_1h", "1h", _NONE)


def reminder_label(reader: Reader, value: str, usual_key: str) -> str:
    """Return the label of a ready-made set of lead times."""
    leads = read_reminders(reader, value)
    if leads is None:
        return reader.say(usual_key)
    if not leads:
        return reader.say("types.choice_none")
    return ", ".join(reader.short_length(lead) for lead in leads)


def _reminder_part(setting: Sequence[timedelta]) -> Part:
    return Part(
        REMINDER_PRESETS,
        lambda reader, value: reminder_label(reader, value, "types.choice_usual"),
        lambda reader, kind: reminders_text(reader, kind.reminders, setting),
        lambda reader, _, text: EventTypeChange(reminders=read_reminders(reader, text)),
    )


def parts(setting: Sequence[timedelta]) -> Mapping[str, Part]:
    """Return every part by its name; ``setting`` are the usual lead times of reminders."""
    short = (timedelta(minutes=5), 12 * _HOUR)
    pause = (timedelta(), 4 * _HOUR)
    ahead = (timedelta(), 30 * _DAY)
    return {
        "title": _words("", lambda k: k.title, lambda v: EventTypeChange(title=v or "")),
        "length": _length("15m 30m 45m 60m 90m 2h", short, lambda k: k.duration, _with_length),
        "step": _length(
            "15m 30m 60m 90m 2h",
            short,
            lambda k: k.step,
            lambda _, v: EventTypeChange(step=v),
        ),
        "before": _length(
            "none 5m 10m 15m 30m",
            pause,
            lambda k: k.buffer_before,
            lambda _, v: EventTypeChange(buffer_before=v),
        ),
        "after": _length(
            "none 5m 10m 15m 30m",
            pause,
            lambda k: k.buffer_after,
            lambda _, v: EventTypeChange(buffer_after=v),
        ),
        "notice": _length(
            "none 1h 4h 24h 2d",
            ahead,
            lambda k: k.minimum_notice,
            lambda _, v: EventTypeChange(minimum_notice=v),
            unit=_HOUR,
            example="4 h",
        ),
        "horizon": _length(
            "7d 14d 30d 60d 180d",
            (_DAY, 365 * _DAY),
            lambda k: k.horizon,
            lambda _, v: EventTypeChange(horizon=v),
            unit=_DAY,
            example="30 days",
        ),
        "cutoff": _length(
            "none 1h 4h 24h 2d",
            ahead,
            lambda k: k.cut_off,
            lambda _, v: EventTypeChange(cut_off=v),
            unit=_HOUR,
            example="4 h",
        ),
        "day": _number(
            "none 1 2 4 6 8", 50, lambda k: k.cap_per_day, lambda v: EventTypeChange(cap_per_day=v)
        ),
        "week": _number(
            "none 5 10 20", 200, lambda k: k.cap_per_week, lambda v: EventTypeChange(cap_per_week=v)
        ),
        "seats": _number(
            "1 2 4 6 10",
            100,
            lambda k: k.capacity,
            lambda v: EventTypeChange(capacity=v or 1),
            may_be_none=False,
        ),
        "where": _words("types.choice_no_place", lambda k: k.place or k.video, _where),
        "text": _words(
            "types.choice_nothing",
            lambda k: k.description,
            lambda v: EventTypeChange(description=v),
        ),
        "reminders": _reminder_part(setting),
        "listing": _listing_part(),
    }
