"""Bookings and their seats: rows in, domain values out, and back."""

import json
from collections.abc import Iterable
from datetime import timedelta

from persistence.mapping import AnyRow, Values, whole_seconds
from scheduling.ids import (
    AttendanceId,
    BookingId,
    CalendarId,
    EventTypeId,
    OrganizationId,
    PersonId,
    RequestId,
)
from scheduling.model import Attendance, Booking, BookingStatus, SeatStatus
from scheduling.moments import Interval


def seat_of(row: AnyRow) -> Attendance:
    """Build a seat from a row of ``attendances``."""
    return Attendance(
        id=AttendanceId(row.id),
        booking_id=BookingId(row.booking_id),
        person_id=PersonId(row.person_id),
        status=SeatStatus(row.status),
        answers=tuple((key, text) for key, text in json.loads(row.answers)),
        coming=row.coming,
        late_by=None if row.late_by is None else timedelta(seconds=row.late_by),
        expires_at=row.expires_at,
        cleared=row.cleared,
    )


def seat_values(seat: Attendance) -> Values:
    """Return what ``attendances`` stores, but the key and the position."""
    return {
        "booking_id": seat.booking_id,
        "person_id": seat.person_id,
        "status": seat.status.value,
        "answers": json.dumps(seat.answers),
        "coming": seat.coming,
        "late_by": None if seat.late_by is None else whole_seconds(seat.late_by),
        "expires_at": seat.expires_at,
        "cleared": seat.cleared,
    }


def booking_of(row: AnyRow, seats: Iterable[Attendance]) -> Booking:
    """Build a booking from a row of ``bookings`` and its seats in order."""
    moved_from = None
    if row.moved_from_start is not None:
        moved_from = Interval(row.moved_from_start, row.moved_from_end)
    return Booking(
        organization_id=OrganizationId(row.organization_id),
        id=BookingId(row.id),
        event_type_id=EventTypeId(row.event_type_id),
        calendar_id=CalendarId(row.calendar_id),
        host_id=PersonId(row.host_id),
        time=Interval(row.starts_at, row.ends_at),
        host_wall=row.host_wall,
        host_zone=row.host_zone,
        zone_data=row.zone_data,
        status=BookingStatus(row.status),
        title=row.title,
        place=row.place,
        video=row.video,
        capacity=row.capacity,
        uid=row.uid,
        request_id=RequestId(row.request_id),
        created_at=row.created_at,
        sequence=row.sequence,
        plan_revision=row.plan_revision,
        version=row.version,
        expires_at=row.expires_at,
        cancelled_by=None if row.cancelled_by is None else PersonId(row.cancelled_by),
        reason=row.reason,
        undo_until=row.undo_until,
        moved_from=moved_from,
        files_sent=row.files_sent,
        seats=tuple(seats),
    )


def booking_values(booking: Booking) -> Values:
    """Return what ``bookings`` stores, but the key."""
    return {
        "event_type_id": booking.event_type_id,
        "calendar_id": booking.calendar_id,
        "host_id": booking.host_id,
        "starts_at": booking.time.start,
        "ends_at": booking.time.end,
        "host_wall": booking.host_wall,
        "host_zone": booking.host_zone,
        "zone_data": booking.zone_data,
        "status": booking.status.value,
        "title": booking.title,
        "place": booking.place,
        "video": booking.video,
        "capacity": booking.capacity,
        "uid": booking.uid,
        "request_id": booking.request_id,
        "created_at": booking.created_at,
        "sequence": booking.sequence,
        "plan_revision": booking.plan_revision,
        "version": booking.version,
        "expires_at": booking.expires_at,
        "cancelled_by": booking.cancelled_by,
        "reason": booking.reason,
        "undo_until": booking.undo_until,
        "moved_from_start": booking.moved_from.start if booking.moved_from else None,
        "moved_from_end": booking.moved_from.end if booking.moved_from else None,
        "files_sent": booking.files_sent,
    }
