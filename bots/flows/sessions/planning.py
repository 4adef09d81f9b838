"""From a line to what is asked: which stretch of time is searched, which starts count."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from bots.flows.spans import moment_of, opening_span, within_reach
from scheduling.errors import HoursRefused
from scheduling.grammar.session_line import SessionLine
from scheduling.grammar.when import When
from scheduling.ids import PersonId
from scheduling.moments import Interval, from_seconds, local_day, seconds
from scheduling.people import Platform, Recipient
from scheduling.ports import Draft
from wording.times import Reader

USUAL_DAYS = 7
_LEAD = timedelta(hours=1)
"""A time nobody named in particular leaves people an hour to see the question."""
_DAY = 1440
_MINUTE = timedelta(minutes=1)
_PARTS = {"morning": (0, 720), "afternoon": (720, 1080), "evening": (1020, _DAY)}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where common time is looked for; ``after`` and ``before`` are local minutes of a start."""

    span: Interval
    after: int = 0
    before: int = _DAY

    def takes(self, start: datetime, reader: Reader) -> bool:
        """Say whether a start lies in the part of the day that was asked for."""
        local = reader.local(start)
        return self.after <= local.hour * 60 + local.minute < self.before

    @property
    def picks(self) -> bool:
        """Say whether some starts of the span are not meant."""
        return (self.after, self.before) != (0, _DAY)

    def week_after(self) -> "Stretch":
        """Return the same, seven days later."""
        week = timedelta(days=7)
        return replace(self, span=Interval(self.span.start + week, self.span.end + week))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a session that is not posted yet; kept in a draft meanwhile."""

    group: Recipient
    title: str = ""
    minutes: int = 0
    people: tuple[PersonId, ...] = ()
    unknown: tuple[str, ...] = ()
    seats: int = 0
    minimum: int = 0
    start: datetime | None = None
    """One exact start; else ``stretch`` is searched."""
    stretch: Stretch | None = None

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def data(self) -> dict[str, object]:
        """Return it as the draft keeps it."""
        stretch = self.stretch
        return {
            "group": [self.group.platform.value, self.group.tenant, self.group.chat_id],
            "title": self.title,
            "minutes": self.minutes,
            "people": list(self.people),
            "unknown": list(self.unknown),
            "seats": self.seats,
            "minimum": self.minimum,
            "start": seconds(self.start) if self.start else 0,
            "span": [seconds(stretch.span.start), seconds(stretch.span.end)] if stretch else [],
            "part": [stretch.after, stretch.before] if stretch else [],
        }

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Read it back."""
        data: Mapping[str, object] = draft.data
        platform, tenant, chat_id = _texts(data, "group")
        span, part = _numbers(data, "span"), _numbers(data, "part")
        start = _number(data, "start")
        stretch = None
        if len(span) == len(part) == 2:
            begin, end = map(from_seconds, span)
            stretch = Stretch(Interval(begin, end), *part)
        return cls(
            group=Recipient(Platform(platform), tenant, chat_id),
            title=str(data.get("title", "")),
            minutes=_number(data, "minutes"),
            people=tuple(map(PersonId, _texts(data, "people"))),
            unknown=tuple(_texts(data, "unknown")),
            seats=_number(data, "seats"),
            minimum=_number(data, "minimum"),
            start=from_seconds(start) if start else None,
            stretch=stretch,
        )

    def at(self, when: When | None, reader: Reader) -> "Plan":
        """Return the plan with the time that was typed.

        Raises:
            HoursRefused: "past", "gap", "too_far" or "backwards".
        """
        if when is None:
            return self
        if when.at is not None and when.last in (None, when.on):
            span = opening_span(when, reader, self.duration or timedelta(hours=1))
            if span is None or span.start <= reader.now:
                raise HoursRefused("past")
            return replace(self, start=span.start, stretch=None)
        return replace(self, start=None, stretch=_stretch(when, reader))

    def searched(self, reader: Reader, *, whole_days: bool = False) -> Stretch:
        """Return where to look for common time; ``whole_days`` widens one start to its day."""
        if self.start is None:
            return self.stretch or _usual(reader)
        if not whole_days:
            return Stretch(Interval(self.start, self.start + self.duration))
        day = local_day(reader.local(self.start).date(), reader.zone)
        return Stretch(Interval(max(reader.now, day.start), day.end))


def read_plan(group: Recipient, line: SessionLine, reader: Reader) -> Plan:
    """Return what a line tells, its people aside.

    Raises:
        HoursRefused: the time it names cannot be.
    """
    plan = Plan(
        group=group,
        title=line.title,
        minutes=line.duration or 0,
        seats=line.seats or 0,
        minimum=line.minimum or 0,
    )
    return plan.at(line.when, reader)


def _usual(reader: Reader) -> Stretch:
    """Return the coming days, from an hour on."""
    last = reader.today + timedelta(days=USUAL_DAYS)
    return Stretch(Interval(reader.now + _LEAD, local_day(last, reader.zone).end))


def _stretch(when: When, reader: Reader) -> Stretch:
    first = when.on or reader.today
    last = when.last or (when.on or reader.today + timedelta(days=USUAL_DAYS))
    for day in (first, last):
        if not within_reach(day, reader.today):
            raise HoursRefused("past" if day < reader.today else "too_far")
    end = local_day(last, reader.zone).end
    if end <= reader.now:
        raise HoursRefused("past")
    begin = max(local_day(first, reader.zone).start, _whole(reader.now + _LEAD))
    after, before = _PARTS[when.part] if when.part else (0, _DAY)
    if when.at is not None:
        after, before = when.at, when.at + 1
    if first == last and when.part:
        # Of one day only its part is searched, so that three times are found there.
        begin = max(begin, moment_of(first, after, reader))
        end = moment_of(first, before, reader) if before < _DAY else end
    if begin >= end:
        raise HoursRefused("past")
    return Stretch(Interval(begin, end), after, before)


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _number(data: Mapping[str, object], key: str) -> int:
    found = data.get(key)
    return found if isinstance(found, int) else 0


def _numbers(data: Mapping[str, object], key: str) -> list[int]:
    found = data.get(key)
    return [each for each in found if isinstance(each, int)] if isinstance(found, list) else []


def _texts(data: Mapping[str, object], key: str) -> list[str]:
    found = data.get(key)
    return [str(each) for each in found] if isinstance(found, list) else []
