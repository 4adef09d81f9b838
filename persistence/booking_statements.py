"""The statements of bookings, their seats and the spans they occupy."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
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

from persistence.prepared import Prepared
from persistence.tables import OF_BOOKING, Instant, attendances, bookings, occupied_spans

LIVE = ("held", "pending", "confirmed")
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


BOOKING = Prepared(select(bookings).where(_own(bookings)))
BOOKINGS = Prepared(
    select(bookings)
    .where(bookings.c.organization_id == _ORG, bookings.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(bookings.c.id)
)
ADD_BOOKING = Prepared(insert(bookings))
CHANGE_BOOKING = Prepared(update(bookings).where(_own(bookings)))
SEATS = Prepared(
    select(attendances)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.booking_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(attendances.c.booking_id, attendances.c.position)
)
ADD_SEAT = Prepared(insert(attendances))
CHANGE_SEAT = Prepared(update(attendances).where(_own(attendances)))
LAST_SEAT = Prepared(
    select(func.max(attendances.c.position).label("position")).where(
        _own(attendances, "booking_id")
    )
)
PUT_SPAN = {"sqlite": _put_span(sqlite.insert), "postgresql": _put_span(postgresql.insert)}
SPAN_UNTIL = Prepared(update(occupied_spans).where(_own(occupied_spans, "booking_id")))
FREE_SPAN = Prepared(delete(occupied_spans).where(_own(occupied_spans, "booking_id")))
HELD_BY = Prepared(
    select(bookings)
    .join(attendances, OF_BOOKING)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.person_id == bindparam("person"),
        attendances.c.status == "held",
    )
    .order_by(bookings.c.id)
)
HOLDS_SINCE = Prepared(
    select(func.count().label("holds"))
    .select_from(attendances)
    .join(bookings, OF_BOOKING)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.person_id == bindparam("person"),
        bookings.c.created_at >= bindparam("since"),
    )
)
LIVE_AT = Prepared(
    select(bookings).where(
        bookings.c.organization_id == _ORG,
        bookings.c.event_type_id == bindparam("event_type"),
        bookings.c.starts_at == bindparam("start"),
        bookings.c.status.in_(LIVE),
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
            bookings.c.status.not_in(LIVE),
        )
    )
    return Prepared(union(over, kept).limit(_MOST))


def _overdue_seats(*, of_hosts: bool) -> Prepared:
    return Prepared(
        select(attendances)
        .join(bookings, OF_BOOKING)
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


OVERDUE, OVERDUE_OF_HOSTS = _overdue(of_hosts=False), _overdue(of_hosts=True)
OVERDUE_SEATS = _overdue_seats(of_hosts=False)
OVERDUE_SEATS_OF_HOSTS = _overdue_seats(of_hosts=True)
