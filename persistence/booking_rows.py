"""Bookings, their seats and the spans they occupy, inside a transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Table,
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
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from persistence.mapping import AnyRow, booking_of, booking_values, seat_of, seat_values
from persistence.prepared import Prepared
from persistence.tables import (
    FENCE,
    LONGEST_BOOKING,
    Instant,
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

_ORG: BindParameter[str] = bindparam("org")
_NOW = bindparam("now", type_=Instant)
_MOST = bindparam("most", type_=Integer)
_HOSTS: BindParameter[list[str]] = bindparam("hosts", expanding=True)


def _own(table: Table, key: str = "id") -> ColumnElement[bool]:
    return and_(table.c.organization_id == _ORG, table.c[key] == bindparam("this"))


def _put_span(insert_of: Callable[..., Any]) -> Prepared:
    # One statement for a new claim and for one that moves: the fence looks at both.
    statement = insert_of(occupied_spans)
    changed = {name: statement.excluded[name] for name in ("starts_at", "ends_at", "expires_at")}
    return Prepared(
        statement.on_conflict_do_update(
            index_elements=["organization_id", "booking_id", "host_id"], set_=changed
        )
    )


_SAME_BOOKING = and_(
    bookings.c.organization_id == attendances.c.organization_id,
    bookings.c.id == attendances.c.booking_id,
)

_BOOKING = Prepared(select(bookings).where(_own(bookings)))
_BOOKINGS = Prepared(
    select(bookings)
    .where(bookings.c.organization_id == _ORG, bookings.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(bookings.c.id)
)
_ADD_BOOKING = Prepared(insert(bookings))
_CHANGE_BOOKING = Prepared(update(bookings).where(_own(bookings)))
SEATS = Prepared(
    select(attendances)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.booking_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(attendances.c.booking_id, attendances.c.position)
)
_ADD_SEAT = Prepared(insert(attendances))
_CHANGE_SEAT = Prepared(update(attendances).where(_own(attendances)))
_LAST_SEAT = Prepared(
    select(func.max(attendances.c.position).label("position")).where(
        _own(attendances, "booking_id")
    )
)
_PUT_SPAN = {"sqlite": _put_span(sqlite.insert), "postgresql": _put_span(postgresql.insert)}
_SPAN_UNTIL = Prepared(update(occupied_spans).where(_own(occupied_spans, "booking_id")))
_FREE_SPAN = Prepared(delete(occupied_spans).where(_own(occupied_spans, "booking_id")))
_HELD_BY = Prepared(
    select(bookings)
    .join(attendances, _SAME_BOOKING)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.person_id == bindparam("person"),
        attendances.c.status == "held",
    )
    .order_by(bookings.c.id)
)
_HOLDS_SINCE = Prepared(
    select(func.count().label("holds"))
    .select_from(attendances)
    .join(bookings, _SAME_BOOKING)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.person_id == bindparam("person"),
        bookings.c.created_at >= bindparam("since"),
    )
)
_LIVE_AT = Prepared(
    select(bookings).where(
        bookings.c.organization_id == _ORG,
        bookings.c.event_type_id == bindparam("event_type"),
        bookings.c.starts_at == bindparam("start"),
        bookings.c.status.in_(_LIVE),
    )
)


def _overdue(*, of_hosts: bool) -> Prepared:
    # Two selects instead of one OR, and the statuses written out: only so do both databases
    # walk the two small indexes of what can end, however many bookings are stored.
    over = select(bookings.c.id).where(
        bookings.c.organization_id == _ORG,
        *([bookings.c.host_id.in_(_HOSTS)] if of_hosts else []),
        bookings.c.status.in_([literal_column("'held'"), literal_column("'pending'")]),
        bookings.c.expires_at <= _NOW,
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
            occupied_spans.c.organization_id == _ORG,
            *([occupied_spans.c.host_id.in_(_HOSTS)] if of_hosts else []),
            occupied_spans.c.expires_at.is_not(None),
            occupied_spans.c.expires_at <= _NOW,
            bookings.c.status.not_in(_LIVE),
        )
    )
    return Prepared(union(over, kept).limit(_MOST))


def _overdue_seats(*, of_hosts: bool) -> Prepared:
    return Prepared(
        select(attendances)
        .join(bookings, _SAME_BOOKING)
        .where(
            attendances.c.organization_id == _ORG,
            attendances.c.status == literal_column("'held'"),
            attendances.c.expires_at <= _NOW,
            or_(bookings.c.status != "held", bookings.c.expires_at > _NOW),
            *([bookings.c.host_id.in_(_HOSTS)] if of_hosts else []),
        )
        .order_by(attendances.c.id)
        .limit(_MOST)
    )


_OVERDUE, _OVERDUE_OF_HOSTS = _overdue(of_hosts=False), _overdue(of_hosts=True)
_OVERDUE_SEATS = _overdue_seats(of_hosts=False)
_OVERDUE_SEATS_OF_HOSTS = _overdue_seats(of_hosts=True)


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
        row = _BOOKING.first(self._connection, self._this(booking_id))
        if row is None:
            raise NotFound(booking_id)
        return self._with_seats([row])[0]

    def add(self, booking: Booking) -> None:
        _ADD_BOOKING.run(
            self._connection,
            {"organization_id": self._org, "id": booking.id, **booking_values(booking)},
        )
        for place, seat in enumerate(booking.seats):
            _ADD_SEAT.run(self._connection, self._seat(seat, place))

    def update(self, booking: Booking) -> None:
        _CHANGE_BOOKING.run(self._connection, {**self._this(booking.id), **booking_values(booking)})

    def put_seat(self, seat: Attendance) -> None:
        if _CHANGE_SEAT.run(self._connection, {**self._this(seat.id), **seat_values(seat)}):
            return
        last = _LAST_SEAT.first(self._connection, self._this(seat.booking_id))
        place = 0 if last is None or last.position is None else last.position + 1
        _ADD_SEAT.run(self._connection, self._seat(seat, place))

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
                _PUT_SPAN[self._connection.dialect.name].run(self._connection, span)
        except DBAPIError as error:
            if overlap_of(error):
                raise SlotTaken(booking.time.start) from error
            raise

    def claim_until(self, booking_id: BookingId, expires_at: datetime | None) -> bool:
        values = {**self._this(booking_id), "expires_at": expires_at}
        return _SPAN_UNTIL.run(self._connection, values) > 0

    def release(self, booking_id: BookingId) -> None:
        _FREE_SPAN.run(self._connection, self._this(booking_id))

    def has_claim(self, booking_id: BookingId) -> bool:
        found = self._connection.execute(
            select(occupied_spans.c.host_id).where(self._span_of(booking_id))
        )
        return found.first() is not None

    def overdue(
        self, now: datetime, host_ids: Sequence[PersonId] | None, limit: int
    ) -> list[Booking]:
        values = {"org": self._org, "now": now, "most": limit}
        rows = (
            _OVERDUE.all(self._connection, values)
            if host_ids is None
            else _OVERDUE_OF_HOSTS.all(self._connection, {**values, "hosts": list(host_ids)})
        )
        ids = [row.id for row in rows]
        if not ids:
            return []
        return self._with_seats(_BOOKINGS.all(self._connection, {"org": self._org, "ids": ids}))

    def overdue_seats(
        self, now: datetime, host_ids: Sequence[PersonId] | None, limit: int
    ) -> list[Attendance]:
        values = {"org": self._org, "now": now, "most": limit}
        rows = (
            _OVERDUE_SEATS.all(self._connection, values)
            if host_ids is None
            else _OVERDUE_SEATS_OF_HOSTS.all(self._connection, {**values, "hosts": list(host_ids)})
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
        return self._with_seats(_HELD_BY.all(self._connection, values))

    def live_at(self, event_type_id: EventTypeId, start: datetime) -> Booking | None:
        values = {"org": self._org, "event_type": event_type_id, "start": start}
        found = self._with_seats(_LIVE_AT.all(self._connection, values))
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
        values = {"org": self._org, "person": person_id, "since": since}
        (row,) = _HOLDS_SINCE.all(self._connection, values)
        holds: int = row.holds
        return holds

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
        ids = [row.id for row in rows]
        seats = seats_by_booking(SEATS.all(self._connection, {"org": self._org, "ids": ids}))
        return [booking_of(row, seats.get(row.id, ())) for row in rows]

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

    def _span_of(self, booking_id: BookingId) -> ColumnElement[bool]:
        return and_(
            occupied_spans.c.organization_id == self._org,
            occupied_spans.c.booking_id == booking_id,
        )

    def _of(
        self, column: Any, host_ids: Sequence[PersonId] | None
    ) -> tuple[ColumnElement[bool], ...]:
        return () if host_ids is None else (column.in_(list(host_ids)),)
