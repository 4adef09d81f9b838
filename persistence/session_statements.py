"""The statements of sessions, their members, candidates and votes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    or_,
    select,
    type_coerce,
    union,
    union_all,
    update,
)

from persistence.details import PEOPLE_AND_ROLES
from persistence.prepared import Prepared
from persistence.tables import (
    OF_BOOKING,
    Instant,
    attendances,
    bookings,
    event_types,
    occupied_spans,
    people,
    session_members,
    session_options,
    session_votes,
    sessions,
    time_off,
)

_ORG: BindParameter[str] = bindparam("org")
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_PEOPLE: BindParameter[list[str]] = bindparam("people", expanding=True)
_NOW = bindparam("now", type_=Instant)
_MOST = bindparam("most", type_=Integer)
_FROM, _TO = bindparam("from", type_=Instant), bindparam("to", type_=Instant)

_ASKING = sessions.c.status == literal_column("'asking'")
_THIS = and_(sessions.c.organization_id == _ORG, sessions.c.id == bindparam("this"))

SESSION = Prepared(select(sessions).where(_THIS))
SESSION_FOR_UPDATE = Prepared(select(sessions).where(_THIS).with_for_update())
SESSIONS = Prepared(
    select(sessions).where(sessions.c.organization_id == _ORG, sessions.c.id.in_(_IDS))
)
SESSION_OF_BOOKING = Prepared(
    select(sessions.c.id).where(
        sessions.c.organization_id == _ORG, sessions.c.booking_id == bindparam("booking")
    )
)
SESSIONS_OF_GROUP = Prepared(
    select(sessions)
    .where(
        sessions.c.organization_id == _ORG,
        sessions.c.group_platform == bindparam("platform"),
        sessions.c.group_tenant == bindparam("tenant"),
        sessions.c.group_chat_id == bindparam("chat"),
        sessions.c.status != "called_off",
    )
    .order_by(sessions.c.id)
)
ADD_SESSION = Prepared(insert(sessions))
CHANGE_SESSION = Prepared(update(sessions).where(_THIS))
CHANGE_CARD = Prepared(update(sessions).where(_THIS))
REMEMBER_CARD = Prepared(update(sessions).where(_THIS))


@dataclass(frozen=True, slots=True)
class Part:
    """What belongs to a session, as rows with an order: how to read and to write them."""

    key: tuple[str, ...]
    rows: Prepared
    add: Prepared
    change: Prepared
    remove: Prepared


def _part(table: Table, *key: str) -> Part:
    this = and_(
        table.c.organization_id == _ORG,
        *(table.c[column] == bindparam(f"this_{column}") for column in key),
        table.c.session_id == bindparam("session"),
    )
    return Part(
        key,
        rows=Prepared(
            select(table)
            .where(table.c.organization_id == _ORG, table.c.session_id.in_(_IDS))
            .order_by(table.c.session_id, table.c.position)
        ),
        add=Prepared(insert(table)),
        change=Prepared(update(table).where(this)),
        remove=Prepared(delete(table).where(this)),
    )


MEMBERS = _part(session_members, "person_id")
OPTIONS = _part(session_options, "id")
VOTES = _part(session_votes, "option_id", "person_id")

_BOOKING_IDS = select(sessions.c.booking_id).where(
    sessions.c.organization_id == _ORG,
    sessions.c.id.in_(_IDS),
    sessions.c.booking_id.is_not(None),
)
_BOOKINGS = select(bookings).where(
    bookings.c.organization_id == _ORG, bookings.c.id.in_(_BOOKING_IDS)
)
_SEATS = (
    select(attendances)
    .where(attendances.c.organization_id == _ORG, attendances.c.booking_id.in_(_BOOKING_IDS))
    .order_by(attendances.c.booking_id, attendances.c.position)
)
_TYPES = select(event_types).where(
    event_types.c.organization_id == _ORG,
    event_types.c.id.in_(_BOOKINGS.with_only_columns(bookings.c.event_type_id)),
)


def _of_sessions(table: Table) -> Select[Any]:
    return select(table.c.person_id).where(
        table.c.organization_id == _ORG, table.c.session_id.in_(_IDS)
    )


_EVERYBODY = union(
    select(sessions.c.organizer_id).where(
        sessions.c.organization_id == _ORG, sessions.c.id.in_(_IDS)
    ),
    _of_sessions(session_members),
    _of_sessions(session_votes),
    _BOOKINGS.with_only_columns(bookings.c.host_id),
    _SEATS.with_only_columns(attendances.c.person_id).order_by(None),
)
# By the sessions' ids alone, so that none waits for the answer to another.
DETAILS = {
    "sessions": SESSIONS,
    "members": MEMBERS.rows,
    "options": OPTIONS.rows,
    "votes": VOTES.rows,
    "bookings": Prepared(_BOOKINGS),
    "seats": Prepared(_SEATS),
    "types": Prepared(_TYPES),
    "people": Prepared(PEOPLE_AND_ROLES.where(people.c.id.in_(_EVERYBODY))),
}
"""Everything a session's card needs; each takes the ids of sessions."""

_SILENT = and_(
    session_members.c.organization_id == sessions.c.organization_id,
    session_members.c.session_id == sessions.c.id,
    ~exists().where(
        session_votes.c.organization_id == session_members.c.organization_id,
        session_votes.c.session_id == session_members.c.session_id,
        session_votes.c.person_id == session_members.c.person_id,
    ),
)
# Half the time is gone: now is past the middle of created_at and decide_by.
_TWICE_NOW = bindparam("twice_now", type_=BigInteger)
_HALF_GONE = (
    type_coerce(sessions.c.created_at, BigInteger) + type_coerce(sessions.c.decide_by, BigInteger)
    <= _TWICE_NOW
)
# As the index says it, so that both databases see that it fits.
_MAY_BE_DUE: ColumnElement[bool] = literal_column(
    "status IN ('asking', 'on') AND decide_by IS NOT NULL"
)
ASKING = Prepared(
    select(sessions.c.id)
    .where(sessions.c.organization_id == _ORG, _MAY_BE_DUE, _ASKING)
    .order_by(sessions.c.decide_by, sessions.c.id)
    .limit(_MOST)
)
DUE = Prepared(
    select(sessions.c.id)
    .where(
        sessions.c.organization_id == _ORG,
        _MAY_BE_DUE,
        or_(
            sessions.c.decide_by <= _NOW,
            and_(
                _ASKING,
                _HALF_GONE,
                exists().where(_SILENT, session_members.c.nudged_at.is_(None)),
            ),
        ),
    )
    .order_by(sessions.c.decide_by, sessions.c.id)
    .limit(_MOST)
)
OVERDUE_OFFERS = Prepared(
    select(attendances)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.status == literal_column("'offered'"),
        attendances.c.expires_at <= _NOW,
    )
    .order_by(attendances.c.expires_at, attendances.c.id)
    .limit(_MOST)
)
SOFT_BUSY = Prepared(
    select(
        session_members.c.person_id,
        session_options.c.starts_at,
        session_options.c.ends_at,
        session_options.c.missing,
    )
    .select_from(session_members)
    .join(
        sessions,
        and_(
            sessions.c.organization_id == session_members.c.organization_id,
            sessions.c.id == session_members.c.session_id,
        ),
    )
    .join(
        session_options,
        and_(
            session_options.c.organization_id == session_members.c.organization_id,
            session_options.c.session_id == session_members.c.session_id,
        ),
    )
    .where(
        session_members.c.organization_id == _ORG,
        session_members.c.person_id.in_(_PEOPLE),
        _ASKING,
        session_options.c.ends_at > _FROM,
        session_options.c.starts_at < _TO,
    )
    .order_by(session_options.c.starts_at)
)
UNANSWERED = Prepared(
    select(sessions.c.id)
    .select_from(sessions)
    .join(session_members, _SILENT)
    .where(
        session_members.c.organization_id == _ORG,
        session_members.c.person_id == bindparam("person"),
        _ASKING,
    )
    .order_by(sessions.c.decide_by, sessions.c.id)
)

_SEAT_TAKING = ("held", "pending", "accepted", "offered")


def _not_over(table: Table) -> ColumnElement[bool]:
    return or_(table.c.expires_at.is_(None), table.c.expires_at > _NOW)


_CLAIMED = select(
    occupied_spans.c.host_id.label("person_id"),
    occupied_spans.c.starts_at,
    occupied_spans.c.ends_at,
).where(
    occupied_spans.c.organization_id == _ORG,
    occupied_spans.c.host_id.in_(_PEOPLE),
    occupied_spans.c.ends_at > _FROM,
    occupied_spans.c.starts_at < _TO,
    _not_over(occupied_spans),
)
_ATTENDED = (
    select(attendances.c.person_id, bookings.c.starts_at, bookings.c.ends_at)
    .select_from(attendances)
    .join(bookings, OF_BOOKING)
    .where(
        attendances.c.organization_id == _ORG,
        attendances.c.person_id.in_(_PEOPLE),
        attendances.c.status.in_(_SEAT_TAKING),
        _not_over(attendances),
        bookings.c.status.in_(("held", "pending", "confirmed")),
        _not_over(bookings),
        bookings.c.ends_at > _FROM,
        bookings.c.starts_at < _TO,
    )
)
_AWAY = select(time_off.c.person_id, time_off.c.starts_at, time_off.c.ends_at).where(
    time_off.c.organization_id == _ORG,
    time_off.c.person_id.in_(_PEOPLE),
    time_off.c.ends_at > _FROM,
    time_off.c.starts_at < _TO,
)
BUSY_OF = Prepared(union_all(_CLAIMED, _ATTENDED))
BUSY_OR_AWAY = Prepared(union_all(_CLAIMED, _ATTENDED, _AWAY))
