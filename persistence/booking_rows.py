"""Bookings, their seats and the spans they occupy, inside a transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    literal_column,
    select,
)
from sqlalchemy.exc import DBAPIError

from persistence.booking_mapping import booking_of, booking_values, seat_of, seat_values
from persistence.booking_statements import (
    ADD_BOOKING,
    ADD_SEAT,
    BOOKING,
    BOOKINGS,
    CHANGE_BOOKING,
    CHANGE_SEAT,
    FREE_SPAN,
    HELD_BY,
    HOLDS_SINCE,
    LAST_SEAT,
    LIVE,
    LIVE_AT,
    OVERDUE,
    OVERDUE_OF_HOSTS,
    OVERDUE_SEATS,
    OVERDUE_SEATS_OF_HOSTS,
    PUT_SPAN,
    SEATS,
    SPAN_UNTIL,
)
from persistence.mapping import AnyRow
from persistence.tables import (
    FENCE,
    LONGEST_BOOKING,
    bookings,
)
from persistence.topics import SqlTopicRows
from scheduling.errors import NotFound, SlotTaken
from scheduling.ids import BookingId, EventTypeId, OrganizationId, PersonId
from scheduling.model import Attendance, Booking
from scheduling.moments import Interval
from scheduling.ports import about_booking, about_host, about_person

_EXCLUSION_VIOLATION = "23P01"


def seats_by_booking(rows: Iterable[AnyRow]) -> dict[str, list[Attendance]]:
    """Group rows of ``attendances`` by booking, in their order."""
    seats: defaultdict[str, list[Attendance]] = defaultdict(list)
    for row in rows:
        seats[row.booking_id].append(seat_of(row))
    return seats


def overlap_of(error: DBAPIError) -> bool:
    """Say whether the database refused a claim because it overlaps another."""
    if getattr(error.orig, "sqlstate", None) == _EXCLUSION_VIOLATION:
        return True
    return FENCE in str(error.orig)


class _Known(NamedTuple):
    host_id: str
    capacity: int


class SqlBookingRows:
    """See scheduling.ports.BookingRows.

    Topics are touched by what is written. Seats and spans do not tell whose time they change, so
    the bookings read before are remembered: use cases read what they change.
    """

    def __init__(
        self, connection: Connection, organization_id: OrganizationId, topics: SqlTopicRows
    ) -> None:
        self._connection, self._org, self._topics = connection, organization_id, topics
        self._read: dict[str, _Known] = {}

    def get(self, booking_id: BookingId) -> Booking:
        row = BOOKING.first(self._connection, self._this(booking_id))
        if row is None:
            raise NotFound(booking_id)
        return self._with_seats([row])[0]

    def add(self, booking: Booking) -> None:
        ADD_BOOKING.run(
            self._connection,
            {"organization_id": self._org, "id": booking.id, **booking_values(booking)},
        )
        for place, seat in enumerate(booking.seats):
            ADD_SEAT.run(self._connection, self._seat(seat, place))
        self._touch(booking)

    def update(self, booking: Booking) -> None:
        CHANGE_BOOKING.run(self._connection, {**self._this(booking.id), **booking_values(booking)})
        self._touch(booking)

    def put_seat(self, seat: Attendance) -> None:
        self._touch_time(seat.booking_id)
        self._topics.touch(about_person(seat.person_id))
        if CHANGE_SEAT.run(self._connection, {**self._this(seat.id), **seat_values(seat)}):
            return
        last = LAST_SEAT.first(self._connection, self._this(seat.booking_id))
        place = 0 if last is None or last.position is None else last.position + 1
        ADD_SEAT.run(self._connection, self._seat(seat, place))

    def claim(self, booking: Booking, occupied: Interval, expires_at: datetime | None) -> None:
        span = {
            "organization_id": self._org,
            "booking_id": booking.id,
            "host_id": booking.host_id,
            "starts_at": occupied.start,
            "ends_at": occupied.end,
            "expires_at": expires_at,
        }
        try:
            with self._kept_usable():
                PUT_SPAN[self._connection.dialect.name].run(self._connection, span)
        except DBAPIError as error:
            if overlap_of(error):
                raise SlotTaken(booking.time.start) from error
            raise
        self._topics.touch(about_host(booking.host_id))

    def claim_until(self, booking_id: BookingId, expires_at: datetime | None) -> bool:
        self._touch_time(booking_id)
        values = {**self._this(booking_id), "expires_at": expires_at}
        return SPAN_UNTIL.run(self._connection, values) > 0

    def release(self, booking_id: BookingId) -> None:
        self._touch_time(booking_id)
        FREE_SPAN.run(self._connection, self._this(booking_id))

    def overdue(
        self, now: datetime, host_ids: Sequence[PersonId] | None, limit: int
    ) -> list[Booking]:
        values = {"org": self._org, "now": now, "most": limit}
        rows = (
            OVERDUE.all(self._connection, values)
            if host_ids is None
            else OVERDUE_OF_HOSTS.all(self._connection, {**values, "hosts": list(host_ids)})
        )
        ids = [row.id for row in rows]
        if not ids:
            return []
        return self._with_seats(BOOKINGS.all(self._connection, {"org": self._org, "ids": ids}))

    def overdue_seats(
        self, now: datetime, host_ids: Sequence[PersonId] | None, limit: int
    ) -> list[Attendance]:
        values = {"org": self._org, "now": now, "most": limit}
        rows = (
            OVERDUE_SEATS.all(self._connection, values)
            if host_ids is None
            else OVERDUE_SEATS_OF_HOSTS.all(self._connection, {**values, "hosts": list(host_ids)})
        )
        return [seat_of(row) for row in rows]

    def ended(self, now: datetime, limit: int) -> list[Booking]:
        return self._find(
            select(bookings)
            .where(
                bookings.c.organization_id == self._org,
                bookings.c.status == literal_column("'confirmed'"),
                bookings.c.ends_at <= now,
            )
            .order_by(bookings.c.ends_at)
            .limit(limit)
        )

    def held_by(self, person_id: PersonId) -> list[Booking]:
        values = {"org": self._org, "person": person_id}
        return self._with_seats(HELD_BY.all(self._connection, values))

    def live_at(self, event_type_id: EventTypeId, start: datetime) -> Booking | None:
        values = {"org": self._org, "event_type": event_type_id, "start": start}
        found = self._with_seats(LIVE_AT.all(self._connection, values))
        return found[0] if found else None

    def live_of_host(self, host_id: PersonId, span: Interval) -> list[Booking]:
        return self._find(
            select(bookings)
            .where(
                bookings.c.organization_id == self._org,
                bookings.c.host_id == host_id,
                bookings.c.status.in_(LIVE),
                bookings.c.ends_at > span.start,
                bookings.c.starts_at > span.start - LONGEST_BOOKING,
                bookings.c.starts_at < span.end,
            )
            .order_by(bookings.c.starts_at)
        )

    def coming(self, host_ids: Sequence[PersonId] | None, now: datetime) -> list[Booking]:
        return self._find(
            select(bookings)
            .where(
                bookings.c.organization_id == self._org,
                bookings.c.status.in_(("pending", "confirmed")),
                bookings.c.starts_at > now,
                *self._of(bookings.c.host_id, host_ids),
            )
            .order_by(bookings.c.starts_at)
        )

    def holds_since(self, person_id: PersonId, since: datetime) -> int:
        values = {"org": self._org, "person": person_id, "since": since}
        (row,) = HOLDS_SINCE.all(self._connection, values)
        holds: int = row.holds
        return holds

    def _find(self, statement: Any) -> list[Booking]:
        return self._with_seats(self._connection.execute(statement).all())

    def _with_seats(self, rows: Sequence[AnyRow]) -> list[Booking]:
        if not rows:
            return []
        ids = [row.id for row in rows]
        seats = seats_by_booking(SEATS.all(self._connection, {"org": self._org, "ids": ids}))
        self._read.update((row.id, _Known(row.host_id, row.capacity)) for row in rows)
        return [booking_of(row, seats.get(row.id, ())) for row in rows]

    def _touch(self, booking: Booking) -> None:
        self._read[booking.id] = _Known(booking.host_id, booking.capacity)
        self._touch_time(booking.id)
        self._topics.touch(*(about_person(seat.person_id) for seat in booking.seats))

    def _touch_time(self, booking_id: BookingId) -> None:
        """Note that the booking changed, and how free its host is."""
        known = self._read.get(booking_id)
        if known is None:
            row = BOOKING.first(self._connection, self._this(booking_id))
            if row is None:
                return
            known = self._read[booking_id] = _Known(row.host_id, row.capacity)
        self._topics.touch(about_booking(booking_id), about_host(PersonId(known.host_id)))
        if known.capacity > 1:
            # Its card shows who is in.
            self._topics.touch_session_of(booking_id)

    def _kept_usable(self) -> AbstractContextManager[object]:
        # After a refusal PostgreSQL takes nothing more in a transaction without a savepoint, and
        # the use case may want to write on. SQLite undoes the one statement by itself.
        if self._connection.dialect.name == "postgresql":
            return self._connection.begin_nested()
        return nullcontext()

    def _this(self, row_id: str) -> dict[str, Any]:
        return {"org": self._org, "this": row_id}

    def _seat(self, seat: Attendance, place: int) -> dict[str, Any]:
        return {
            "organization_id": self._org,
            "id": seat.id,
            "position": place,
            **seat_values(seat),
        }

    def _of(
        self, column: Any, host_ids: Sequence[PersonId] | None
    ) -> tuple[ColumnElement[bool], ...]:
        return () if host_ids is None else (column.in_(list(host_ids)),)
