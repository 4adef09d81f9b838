"""What deciding a start needs, as selects that the transaction and the reads both run.

First the event types with their hosts, then everything else by their ids; the caller runs each
select on its own kind of connection and hands the rows back. Within the writer the host's row is
locked before (PostgreSQL) or nobody else writes (SQLite); reads run in one snapshot: either way
the schedules' versions and the busy time are of the same moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from persistence.daybook_statements import (
    ATTENDED,
    COMING,
    HEADS,
    OPENINGS,
    SPANS,
    STARTS,
    TIME_OFF,
)
from persistence.mapping import AnyRow, event_type_of, opening_of, time_off_of
from persistence.prepared import Prepared
from persistence.session_rows import soft_busy_of
from persistence.session_statements import SOFT_BUSY
from persistence.tables import micros
from scheduling.hours import ScheduleHead
from scheduling.ids import BookingId, EventTypeId, OrganizationId, PersonId, ScheduleId
from scheduling.model import EventType
from scheduling.moments import Interval, seconds
from scheduling.ports import DayBookRows, GroupTime

_SECOND = 1_000_000
_CAPS_MARGIN = timedelta(days=8)
_NOBODY = ""
"""No id is empty: stands for "no asker" and "no booking left out" in a prepared select."""


@dataclass(frozen=True, slots=True)
class DayBookRead:
    """One reading of day book rows for some event types; see the module's text."""

    organization_id: OrganizationId
    span: Interval
    asker_id: PersonId | None
    now: datetime
    excluding: BookingId | None

    def types(self, ids: Sequence[EventTypeId]) -> dict[str, Any]:
        """Return the parameters of ``TYPES``."""
        return {"org": self.organization_id, "ids": list(ids)}

    def selects(self, types: Sequence[AnyRow]) -> tuple[dict[str, Prepared], dict[str, Any]]:
        """Return the remaining selects by name, and the parameters of them all."""
        around = max(
            (row.duration + row.buffer_before + row.buffer_after for row in types), default=0
        )
        low = micros(self.span.start) - around * _SECOND
        high = micros(self.span.end) + around * _SECOND
        parameters: dict[str, Any] = {
            "org": self.organization_id,
            "hosts": sorted({row.host_id for row in types}),
            "calendars": sorted({row.calendar_id for row in types}),
            "low": low,
            "high": high,
            "now": micros(self.now),
            "asker": self.asker_id or _NOBODY,
            "excluding": self.excluding or _NOBODY,
            "people": sorted({row.host_id for row in types}),
            "from": self.span.start - timedelta(seconds=around),
            "to": self.span.end + timedelta(seconds=around),
            "caps_low": micros(self.span.start - _CAPS_MARGIN),
            "caps_high": micros(self.span.end + _CAPS_MARGIN),
        }
        wanted = {
            "heads": HEADS,
            "openings": OPENINGS,
            "time_off": TIME_OFF,
            "spans": SPANS,
            "attended": ATTENDED,
            "soft": SOFT_BUSY,
        }
        if any(_has_caps(row) for row in types):
            wanted["starts"] = STARTS
        if self.asker_id is not None:
            wanted["coming"] = COMING
        return wanted, parameters

    def assemble(
        self, types: Sequence[AnyRow], found: Mapping[str, Sequence[AnyRow]]
    ) -> dict[EventTypeId, DayBookRows]:
        """Build the rows of each event type."""
        by_calendar = _grouped(found["heads"], "calendar_id")
        opened = _grouped(found["openings"], "calendar_id")
        off = _grouped(found["time_off"], "person_id")
        spans = _grouped(found["spans"], "host_id")
        attended = _grouped(found["attended"], "person_id")
        soft = soft_busy_of(found["soft"], dict.fromkeys(row.host_id for row in types))
        starts = _grouped(found.get("starts", ()), "host_id")
        coming = found["coming"][0].coming if "coming" in found else 0
        built = {}
        for row in types:
            event_type = event_type_of(row)
            busy, groups = _busy(event_type, spans[row.host_id])
            busy += [(_down(a.starts), _up(a.ends)) for a in attended[row.host_id]]
            busy += [(seconds(time.start), seconds(time.end)) for time in soft[row.host_id]]
            built[event_type.id] = DayBookRows(
                event_type=event_type,
                host_zone=row.host_zone or "UTC",
                host_cap_per_day=row.host_cap_per_day,
                host_cap_per_week=row.host_cap_per_week,
                heads=tuple(_head(head) for head in by_calendar[row.calendar_id]),
                openings=tuple(opening_of(opening) for opening in opened[row.calendar_id]),
                time_off=tuple(time_off_of(part) for part in off[row.host_id]),
                busy=tuple(sorted(busy)),
                groups=tuple(groups),
                starts=tuple(
                    (_down(start.starts), EventTypeId(start.event_type_id))
                    for start in starts[row.host_id]
                )
                if _has_caps(row)
                else (),
                asker_id=self.asker_id,
                asker_is_host=self.asker_id == event_type.host_id,
                asker_coming=coming,
            )
        return built


def _has_caps(row: AnyRow) -> bool:
    caps = (row.cap_per_day, row.cap_per_week, row.host_cap_per_day, row.host_cap_per_week)
    return any(cap is not None for cap in caps)


def _grouped(rows: Iterable[AnyRow], column: str) -> defaultdict[str, list[AnyRow]]:
    groups: defaultdict[str, list[AnyRow]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, column)].append(row)
    return groups


def _head(row: AnyRow) -> ScheduleHead:
    expires_on = None if row.expires_on is None else datetime.fromisoformat(row.expires_on).date()
    return ScheduleHead(ScheduleId(row.id), row.version, row.zone, expires_on)


def _busy(
    event_type: EventType, spans: Sequence[AnyRow]
) -> tuple[list[tuple[int, int]], list[GroupTime]]:
    busy: list[tuple[int, int]] = []
    groups: list[GroupTime] = []
    for row in spans:
        if row.status == "held" and row.used == 0:
            continue  # nothing but the asker's own hold, or seats that are over
        busy.append((_down(row.span_start), _up(row.span_end)))
        if event_type.capacity > 1 and row.event_type_id == event_type.id and _is_live(row):
            groups.append(
                GroupTime(
                    BookingId(row.booking_id),
                    _down(row.starts),
                    _up(row.ends),
                    row.used,
                    row.capacity,
                    row.asker_in > 0,
                )
            )
    return busy, groups


def _is_live(row: AnyRow) -> bool:
    # A cancelled one keeps its time while it can be undone, but nobody may join it.
    return row.status in {"held", "pending", "confirmed"}


def _down(value: int) -> int:
    return value // _SECOND


def _up(value: int) -> int:
    return -(-value // _SECOND)
