"""Event types, schedules, bookings and day books, valid by default."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from builders.times import at, hours
from scheduling.daybook import DayBook, day_book, windows_of
from scheduling.hours import Opening, Schedule, TimeOff
from scheduling.ids import (
    DEFAULT_ORGANIZATION,
    AttendanceId,
    BookingId,
    CalendarId,
    EventTypeId,
    OpeningId,
    PersonId,
    RequestId,
    ScheduleId,
    StartCode,
    TimeOffId,
    new_code,
    new_id,
)
from scheduling.model import (
    Attendance,
    Booking,
    BookingStatus,
    EventType,
    SeatStatus,
)
from scheduling.moments import Interval, seconds
from scheduling.ports import DayBookRows, GroupTime

HOST = PersonId("host")
STUDENT = PersonId("student")
CALENDAR = CalendarId("calendar")

WEEKDAYS_9_17 = dict.fromkeys(range(5), hours("9-17"))
ALWAYS = dict.fromkeys(range(7), hours("0-24"))


def an_event_type(**changes: Any) -> EventType:
    """Return a 60-minute type on the hour, without buffers, notice or caps."""
    kind = EventType(
        organization_id=DEFAULT_ORGANIZATION,
        id=EventTypeId(new_id()),
        calendar_id=CALENDAR,
        host_id=HOST,
        code=StartCode(new_code()),
        title="Piano lesson",
        duration=timedelta(minutes=60),
        step=timedelta(minutes=60),
    )
    return replace(kind, **changes)


def a_schedule(
    weekly: Mapping[int, Any] | str = "9-17",
    *,
    zone: str = "UTC",
    dated: Mapping[date, Any] | None = None,
    id: str | None = None,  # noqa: A002 - reads as the field it sets
    owner: PersonId = HOST,
    version: int = 1,
) -> Schedule:
    """Return hours in a zone; a text stands for the same hours every day."""
    week = dict.fromkeys(range(7), hours(weekly)) if isinstance(weekly, str) else dict(weekly)
    return Schedule(
        ScheduleId(id or new_id()), owner, "Hours", zone, week, dict(dated or {}), version
    )


def an_opening(time: Interval, *, created: str = "2030-01-01 00:00") -> Opening:
    """Return time opened by hand."""
    return Opening(OpeningId(new_id()), CALENDAR, time, at(created))


def a_time_off(time: Interval, *, created: str = "2030-01-01 00:00") -> TimeOff:
    """Return time off of the host."""
    return TimeOff(TimeOffId(new_id()), HOST, time, at(created))


def a_group(start: str, *, used: int, capacity: int, asker_in: bool = False) -> GroupTime:
    """Return a live group of one hour."""
    begin = seconds(at(start))
    return GroupTime(BookingId(new_id()), begin, begin + 3600, used, capacity, asker_in)


def a_booking(**changes: Any) -> Booking:
    """Return a confirmed booking of one student on Wednesday 9 January 2030, 10:00."""
    time = Interval(at("2030-01-09 10:00"), at("2030-01-09 11:00"))
    booking = Booking(
        organization_id=DEFAULT_ORGANIZATION,
        id=BookingId(new_id()),
        event_type_id=EventTypeId("type"),
        calendar_id=CALENDAR,
        host_id=HOST,
        time=time,
        host_wall="2030-01-09T10:00",
        host_zone="UTC",
        zone_data="2026.1",
        status=BookingStatus.CONFIRMED,
        title="Piano lesson",
        place=None,
        video=None,
        capacity=1,
        uid="uid@slotbook",
        request_id=RequestId(new_id()),
        created_at=at("2030-01-07 09:00"),
    )
    booking = replace(booking, **changes)
    return booking if booking.seats else replace(booking, seats=(a_seat(booking.id),))


def a_seat(booking_id: BookingId, **changes: Any) -> Attendance:
    """Return an accepted seat of the student."""
    seat = Attendance(AttendanceId(new_id()), booking_id, STUDENT, SeatStatus.ACCEPTED)
    return replace(seat, **changes)


def a_day_book(
    schedule: Schedule | None = None,
    *,
    now: str = "2030-01-07 00:00",
    days: int = 14,
    since: str | None = None,
    kind: EventType | None = None,
    openings: Sequence[Opening] = (),
    time_off: Sequence[TimeOff] = (),
    busy: Sequence[tuple[str, str]] = (),
    groups: Sequence[GroupTime] = (),
    starts: Sequence[tuple[str, EventType]] = (),
    asker: PersonId | None = STUDENT,
    coming: int = 0,
    limit: int | None = 30,
    host_zone: str = "UTC",
    host_cap_per_day: int | None = None,
    host_cap_per_week: int | None = None,
    expires_on: date | None = None,
    moving: bool = False,
) -> DayBook:
    """Return the day book of a host who is there from 9 to 17 every day, with nothing booked."""
    moment: datetime = at(now)
    begin = at(since) if since else moment
    span = Interval(begin, begin + timedelta(days=days))
    kind = kind or an_event_type()
    taken = [(seconds(at(a)), seconds(at(b))) for a, b in busy]
    for group in groups:
        before, after = seconds_of(kind.buffer_before), seconds_of(kind.buffer_after)
        taken.append((group.start - before, group.end + after))
    rows = DayBookRows(
        event_type=kind,
        host_zone=host_zone,
        host_cap_per_day=host_cap_per_day,
        host_cap_per_week=host_cap_per_week,
        heads=(),
        openings=tuple(openings),
        time_off=tuple(time_off),
        busy=tuple(sorted(taken)),
        groups=tuple(groups),
        starts=tuple((seconds(at(start)), of.id) for start, of in starts),
        asker_id=asker,
        asker_is_host=asker == HOST,
        asker_coming=coming,
    )
    within = (seconds(span.start), seconds(span.end) + 1)
    windows = windows_of(schedule or a_schedule(), expires_on, within)
    return day_book(rows, [windows], span, now=moment, limit=limit, moving=moving)


def seconds_of(length: timedelta) -> int:
    """Return a length in whole seconds."""
    return length // timedelta(seconds=1)
