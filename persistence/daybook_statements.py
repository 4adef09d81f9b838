"""The selects of a day book: event types first, then everything around their hosts."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Integer,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from persistence.prepared import Prepared
from persistence.tables import (
    LONGEST_SPAN,
    OF_BOOKING,
    attendances,
    bookings,
    calendar_schedules,
    event_types,
    occupied_spans,
    openings,
    people,
    schedules,
    time_off,
)

_SEAT_TAKING = ("held", "pending", "accepted", "offered")
_COUNTED = ("held", "pending", "confirmed", "completed")


def _raw(column: Any) -> Any:
    # The bare integer: building a datetime for each of hundreds of spans is what costs.
    return type_coerce(column, BigInteger)


_ORG: BindParameter[str] = bindparam("org")
_NOW = bindparam("now", type_=BigInteger)
_LOW = bindparam("low", type_=BigInteger)
_HIGH = bindparam("high", type_=BigInteger)
_ASKER: BindParameter[str] = bindparam("asker")
_EXCLUDING: BindParameter[str] = bindparam("excluding")
_HOSTS: BindParameter[list[str]] = bindparam("hosts", expanding=True)
_CALENDARS: BindParameter[list[str]] = bindparam("calendars", expanding=True)

TYPES = Prepared(
    select(
        event_types,
        people.c.zone.label("host_zone"),
        people.c.cap_per_day.label("host_cap_per_day"),
        people.c.cap_per_week.label("host_cap_per_week"),
    )
    .join(
        people,
        and_(
            people.c.organization_id == event_types.c.organization_id,
            people.c.id == event_types.c.host_id,
        ),
    )
    .where(
        event_types.c.organization_id == _ORG,
        event_types.c.id.in_(bindparam("ids", expanding=True)),
    )
)

HEADS = Prepared(
    select(
        calendar_schedules.c.calendar_id,
        schedules.c.id,
        schedules.c.version,
        schedules.c.zone,
        calendar_schedules.c.expires_on,
    )
    .join(
        schedules,
        and_(
            schedules.c.organization_id == calendar_schedules.c.organization_id,
            schedules.c.id == calendar_schedules.c.schedule_id,
        ),
    )
    .where(
        calendar_schedules.c.organization_id == _ORG,
        calendar_schedules.c.calendar_id.in_(_CALENDARS),
    )
    .order_by(schedules.c.position)
)

OPENINGS = Prepared(
    select(openings)
    .where(
        openings.c.organization_id == _ORG,
        openings.c.calendar_id.in_(_CALENDARS),
        _raw(openings.c.ends_at) > _LOW,
        _raw(openings.c.starts_at) < _HIGH,
    )
    .order_by(openings.c.starts_at)
)

TIME_OFF = Prepared(
    select(time_off)
    .where(
        time_off.c.organization_id == _ORG,
        time_off.c.person_id.in_(_HOSTS),
        _raw(time_off.c.ends_at) > _LOW,
        _raw(time_off.c.starts_at) < _HIGH,
    )
    .order_by(time_off.c.starts_at)
)

# Seats that count, but for the asker's own hold: taking another time frees that first.
_seats_of_others = (
    select(func.count())
    .where(
        attendances.c.organization_id == occupied_spans.c.organization_id,
        attendances.c.booking_id == occupied_spans.c.booking_id,
        attendances.c.status.in_(_SEAT_TAKING),
        or_(attendances.c.status != "held", attendances.c.person_id != _ASKER),
        or_(attendances.c.expires_at.is_(None), _raw(attendances.c.expires_at) > _NOW),
    )
    .scalar_subquery()
)
_asker_in = (
    select(func.count())
    .where(
        attendances.c.organization_id == occupied_spans.c.organization_id,
        attendances.c.booking_id == occupied_spans.c.booking_id,
        attendances.c.person_id == _ASKER,
        attendances.c.status.in_(("pending", "accepted", "offered")),
    )
    .scalar_subquery()
)
_seats_matter = or_(bookings.c.status == "held", bookings.c.capacity > 1)

SPANS = Prepared(
    select(
        occupied_spans.c.host_id,
        occupied_spans.c.booking_id,
        _raw(occupied_spans.c.starts_at).label("span_start"),
        _raw(occupied_spans.c.ends_at).label("span_end"),
        bookings.c.event_type_id,
        bookings.c.capacity,
        bookings.c.status,
        _raw(bookings.c.starts_at).label("starts"),
        _raw(bookings.c.ends_at).label("ends"),
        case((_seats_matter, _seats_of_others), else_=literal(1, Integer)).label("used"),
        case((bookings.c.capacity > 1, _asker_in), else_=literal(0, Integer)).label("asker_in"),
    )
    .join(
        bookings,
        and_(
            bookings.c.organization_id == occupied_spans.c.organization_id,
            bookings.c.id == occupied_spans.c.booking_id,
        ),
    )
    .where(
        occupied_spans.c.organization_id == _ORG,
        occupied_spans.c.host_id.in_(_HOSTS),
        _raw(occupied_spans.c.ends_at) > _LOW,
        # No span is longer: the index range has two ends however much is stored.
        _raw(occupied_spans.c.ends_at) < _HIGH + LONGEST_SPAN,
        _raw(occupied_spans.c.starts_at) < _HIGH,
        or_(occupied_spans.c.expires_at.is_(None), _raw(occupied_spans.c.expires_at) > _NOW),
        occupied_spans.c.booking_id != _EXCLUDING,
    )
    .order_by(occupied_spans.c.ends_at)
)

ATTENDED = Prepared(
    select(
        attendances.c.person_id,
        _raw(bookings.c.starts_at).label("starts"),
        _raw(bookings.c.ends_at).label("ends"),
    )
    .join(bookings, OF_BOOKING)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.person_id.in_(_HOSTS),
        attendances.c.status.in_(_SEAT_TAKING),
        or_(attendances.c.expires_at.is_(None), _raw(attendances.c.expires_at) > _NOW),
        bookings.c.status.in_(("held", "pending", "confirmed")),
        or_(bookings.c.expires_at.is_(None), _raw(bookings.c.expires_at) > _NOW),
        _raw(bookings.c.ends_at) > _LOW,
        # The sum keeps SQLite from beginning with everybody's bookings: a host attends few.
        _raw(bookings.c.starts_at) + 0 < _HIGH,
        bookings.c.id != _EXCLUDING,
    )
)

# Freeing the asker's hold ends a held booking only when nobody else has a seat in it.
_held_by_asker_alone = and_(
    bookings.c.status == "held",
    ~select(attendances.c.id)
    .where(
        attendances.c.organization_id == bookings.c.organization_id,
        attendances.c.booking_id == bookings.c.id,
        attendances.c.status.in_(_SEAT_TAKING),
        or_(attendances.c.status != "held", attendances.c.person_id != _ASKER),
        or_(attendances.c.expires_at.is_(None), _raw(attendances.c.expires_at) > _NOW),
    )
    .exists(),
)
STARTS = Prepared(
    select(
        bookings.c.host_id, _raw(bookings.c.starts_at).label("starts"), bookings.c.event_type_id
    ).where(
        bookings.c.organization_id == _ORG,
        bookings.c.host_id.in_(_HOSTS),
        _raw(bookings.c.starts_at) >= bindparam("caps_low", type_=BigInteger),
        _raw(bookings.c.starts_at) < bindparam("caps_high", type_=BigInteger),
        bookings.c.status.in_(_COUNTED),
        or_(bookings.c.expires_at.is_(None), _raw(bookings.c.expires_at) > _NOW),
        bookings.c.id != _EXCLUDING,
        ~_held_by_asker_alone,
    )
)

COMING = Prepared(
    select(func.count().label("coming"))
    .select_from(attendances)
    .join(bookings, OF_BOOKING)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.person_id == _ASKER,
        attendances.c.status.in_(("pending", "accepted", "offered")),
        bookings.c.status.in_(("pending", "confirmed")),
        or_(bookings.c.expires_at.is_(None), _raw(bookings.c.expires_at) > _NOW),
        _raw(bookings.c.ends_at) > _NOW,
    )
)
