"""Bookings, their seats and the spans they occupy, inside a transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.exc import DBAPIError

from persistence.mapping import AnyRow, booking_of, booking_values, seat_of, seat_values
from persistence.tables import (
    FENCE,
    LONGEST_BOOKING,
    attendances,
    bookings,
    occupied_spans,
)
from scheduling.errors import NotFound, SlotTaken
from scheduling.ids import BookingId, EventTypeId, OrganizationId, PersonId
from scheduling.model import Attendance, Booking
from scheduling.moments import Interval

_LIVE = ("held", "pending", "confirmed")
_EXCLUSION_VIOLATION = "23P01"

_BOOKING = select(bookings).where(
    bookings.c.organization_id == bindparam("org"), bookings.c.id == bindparam("id")
)
_SEATS = (
    select(attendances)
    .where(
        attendances.c.organization_id == bindparam("org"),
        attendances.c.booking_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(attendances.c.booking_id, attendances.c.position)
)


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


class SqlBookingRows:
    """See scheduling.ports.BookingRows."""

    def __init__(self, connection: Connection, organization_id: OrganizationId) -> None:
        self._connection, self._org = connection, organization_id

    def get(self, booking_id: BookingId) -> Booking:
        row = self._connection.execute(_BOOKING, {"org": self._org, "id": booking_id}).first()
        if row is None:
            raise NotFound(booking_id)
        return self._with_seats([row])[0]

    def add(self, booking: Booking) -> None:
        self._connection.execute(
            insert(bookings),
            {"organization_id": self._org, "id": booking.id, **booking_values(booking)},
        )
        if booking.seats:
            self._connection.execute(
                insert(attendances),
                [self._seat(seat, place) for place, seat in enumerate(booking.seats)],
            )

    def update(self, booking: Booking) -> None:
        self._connection.execute(
            update(bookings)
            .where(bookings.c.organization_id == self._org, bookings.c.id == booking.id)
            .values(booking_values(booking))
        )

    def put_seat(self, seat: Attendance) -> None:
        changed = self._connection.execute(
            update(attendances)
            .where(attendances.c.organization_id == self._org, attendances.c.id == seat.id)
            .values(seat_values(seat))
        )
        if changed.rowcount:
            return
        last = self._connection.execute(
            select(func.max(attendances.c.position)).where(
                attendances.c.organization_id == self._org,
                attendances.c.booking_id == seat.booking_id,
            )
        ).scalar()
        place = 0 if last is None else last + 1
        self._connection.execute(insert(attendances), self._seat(seat, place))

    def claim(self, booking: Booking, occupied: Interval, expires_at: datetime | None) -> None:
        span = {
            "starts_at": occupied.start,
            "ends_at": occupied.end,
            "expires_at": expires_at,
            "host_id": booking.host_id,
        }
        # A savepoint around the fence: after a refusal PostgreSQL would take nothing more in
        # this transaction, and the use case may still want to write the refusal down.
        try:
            with self._connection.begin_nested():
                changed = self._connection.execute(
                    update(occupied_spans).where(self._span_of(booking.id)).values(span)
                )
                if changed.rowcount == 0:
                    self._connection.execute(
                        insert(occupied_spans),
                        {"organization_id": self._org, "booking_id": booking.id, **span},
                    )
        except DBAPIError as error:
            if overlap_of(error):
                raise SlotTaken(booking.time.start) from error
            raise

    def claim_until(self, booking_id: BookingId, expires_at: datetime | None) -> bool:
        changed = self._connection.execute(
            update(occupied_spans).where(self._span_of(booking_id)).values(expires_at=expires_at)
        )
        return changed.rowcount > 0

    def release(self, booking_id: BookingId) -> None:
        self._connection.execute(delete(occupied_spans).where(self._span_of(booking_id)))

    def has_claim(self, booking_id: BookingId) -> bool:
        found = self._connection.execute(
            select(occupied_spans.c.host_id).where(self._span_of(booking_id))
        )
        return found.first() is not None

    def overdue(
        self, now: datetime, host_ids: Sequence[PersonId] | None, limit: int
    ) -> list[Booking]:
        # Two selects instead of one OR, and the statuses written out: only so do both databases
        # walk the two small indexes of what can end, however many bookings are stored.
        over = select(bookings.c.id).where(
            bookings.c.organization_id == self._org,
            *self._of(bookings.c.host_id, host_ids),
            bookings.c.status.in_([literal_column("'held'"), literal_column("'pending'")]),
            bookings.c.expires_at <= now,
        )
        kept = (
            select(bookings.c.id)
            .join(
                occupied_spans,
                and_(
                    occupied_spans.c.organization_id == bookings.c.organization_id,
                    occupied_spans.c.booking_id == bookings.c.id,
                ),
            )
            .where(
                occupied_spans.c.organization_id == self._org,
                *self._of(occupied_spans.c.host_id, host_ids),
                occupied_spans.c.expires_at.is_not(None),
                occupied_spans.c.expires_at <= now,
                bookings.c.status.not_in(_LIVE),
            )
        )
        ids = self._connection.execute(union(over, kept).limit(limit)).scalars().all()
        if not ids:
            return []
        return self._find(
            select(bookings)
            .where(bookings.c.organization_id == self._org, bookings.c.id.in_(ids))
            .order_by(bookings.c.id)
        )

    def overdue_seats(
        self, now: datetime, host_ids: Sequence[PersonId] | None, limit: int
    ) -> list[Attendance]:
        rows = self._connection.execute(
            select(attendances)
            .join(bookings, self._same_booking())
            .where(
                attendances.c.organization_id == self._org,
                attendances.c.status == literal_column("'held'"),
                attendances.c.expires_at <= now,
                or_(bookings.c.status != "held", bookings.c.expires_at > now),
                *self._of(bookings.c.host_id, host_ids),
            )
            .order_by(attendances.c.id)
            .limit(limit)
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
        return self._find(
            select(bookings)
            .join(attendances, self._same_booking())
            .where(
                attendances.c.organization_id == self._org,
                attendances.c.person_id == person_id,
                attendances.c.status == "held",
            )
            .order_by(bookings.c.id)
        )

    def live_at(self, event_type_id: EventTypeId, start: datetime) -> Booking | None:
        found = self._find(
            select(bookings).where(
                bookings.c.organization_id == self._org,
                bookings.c.event_type_id == event_type_id,
                bookings.c.starts_at == start,
                bookings.c.status.in_(_LIVE),
            )
        )
        return found[0] if found else None

    def live_of_host(self, host_id: PersonId, span: Interval) -> list[Booking]:
        return self._find(
            select(bookings)
            .where(
                bookings.c.organization_id == self._org,
                bookings.c.host_id == host_id,
                bookings.c.status.in_(_LIVE),
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
        return self._connection.execute(
            select(func.count())
            .select_from(attendances)
            .join(bookings, self._same_booking())
            .where(
                attendances.c.organization_id == self._org,
                attendances.c.person_id == person_id,
                bookings.c.created_at >= since,
            )
        ).scalar_one()

    def mark_files_sent(self, booking_id: BookingId) -> None:
        self._connection.execute(
            update(bookings)
            .where(bookings.c.organization_id == self._org, bookings.c.id == booking_id)
            .values(files_sent=True)
        )

    def _find(self, statement: Any) -> list[Booking]:
        return self._with_seats(self._connection.execute(statement).all())

    def _with_seats(self, rows: Sequence[AnyRow]) -> list[Booking]:
        if not rows:
            return []
        seats = seats_by_booking(
            self._connection.execute(_SEATS, {"org": self._org, "ids": [row.id for row in rows]})
        )
        return [booking_of(row, seats.get(row.id, ())) for row in rows]

    def _seat(self, seat: Attendance, place: int) -> dict[str, Any]:
        return {
            "organization_id": self._org,
            "id": seat.id,
            "position": place,
            **seat_values(seat),
        }

    def _span_of(self, booking_id: BookingId) -> ColumnElement[bool]:
        return and_(
            occupied_spans.c.organization_id == self._org,
            occupied_spans.c.booking_id == booking_id,
        )

    def _same_booking(self) -> ColumnElement[bool]:
        return and_(
            bookings.c.organization_id == attendances.c.organization_id,
            bookings.c.id == attendances.c.booking_id,
        )

    def _of(
        self, column: Any, host_ids: Sequence[PersonId] | None
    ) -> tuple[ColumnElement[bool], ...]:
        return () if host_ids is None else (column.in_(list(host_ids)),)
