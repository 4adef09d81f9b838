"""What an hours line says, and its canonical text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from scheduling.grammar.clocks import DAY, MinuteRange
from scheduling.grammar.dates import LONGEST_DAYS
from scheduling.grammar.words import DAY_NAMES

Ranges = tuple[MinuteRange, ...]


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Weekly hours by weekday (0 is Monday) and overrides by date, with an optional last day.

    Only days that were named are there; an empty tuple closes its day. The ranges of a day
    are in order and neither overlap nor touch.
    """

    weekly: Mapping[int, Ranges]
    dated: Mapping[date, Ranges]
    until: date | None = None


def format_hours_line(line: HoursLine) -> str:
    """Return the line in its canonical form, which parses back to an equal line.

    A line without any day or date has no form that could be parsed.
    """
    days_by_ranges: dict[Ranges, list[int]] = {}
    for day, ranges in sorted(line.weekly.items()):
        days_by_ranges.setdefault(ranges, []).append(day)
    parts = [f"{_days_text(days)} {_ranges_text(of)}" for of, days in days_by_ranges.items()]
    parts += [f"{_run_text(run)} {_ranges_text(line.dated[run[0]])}" for run in _runs(line.dated)]
    expiry = [f"until {line.until.isoformat()}"] if line.until else []
    return " ".join(["; ".join(parts), *expiry]).strip()


def _days_text(days: list[int]) -> str:
    runs = [[days[0]]]
    for before, day in pairwise(days):
        if day == before + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = ([DAY_NAMES[day] for day in run] for run in runs)
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in names)


def _runs(dated: Mapping[date, Ranges]) -> list[list[date]]:
    """Return the dates in runs of neighbours with equal hours, each short enough to parse."""
    runs: list[list[date]] = []
    for day in sorted(dated):
        run = runs[-1] if runs else []
        follows = run and (day - run[-1]).days == 1 and dated[day] == dated[run[-1]]
        if follows and len(run) < LONGEST_DAYS:
            run.append(day)
        else:
            runs.append([day])
    return runs


def _run_text(run: list[date]) -> str:
    return run[0].isoformat() + (f" - {run[-1].isoformat()}" if len(run) > 1 else "")


def _ranges_text(ranges: Ranges) -> str:
    return " ".join(map(_range_text, ranges)) or "off"


def _range_text(item: MinuteRange) -> str:
    end = item.end if item.end <= DAY else item.end - DAY
    # Half a day and more over midnight reads like a slip, so it is said in full.
    said = " next day" if item.end > DAY and item.end - item.start > DAY // 2 else ""
    return f"{item.start // 60:02}:{item.start % 60:02}-{end // 60:02}:{end % 60:02}{said}"
