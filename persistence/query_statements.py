"""The selects of the Queries port that run often, prepared once."""

from typing import Any

from sqlalchemy import BindParameter, Integer, Select, and_, bindparam, or_, select

from persistence.prepared import Prepared
from persistence.tables import attendances, bookings, chat_accounts, people, person_roles

_ORG: BindParameter[str] = bindparam("org")
_MOST = bindparam("most", type_=Integer)

PERSON_OF_ACCOUNT = Prepared(
    select(
        people,
        person_roles.c.role,
        chat_accounts.c.chat_id,
        chat_accounts.c.username,
        chat_accounts.c.language,
        chat_accounts.c.reachable,
        chat_accounts.c.last_seen,
        chat_accounts.c.name.label("told_name"),
        chat_accounts.c.zone.label("told_zone"),
    )
    .select_from(chat_accounts)
    .join(
        people,
        and_(
            people.c.organization_id == chat_accounts.c.organization_id,
            people.c.id == chat_accounts.c.person_id,
        ),
    )
    .outerjoin(
        person_roles,
        and_(
            person_roles.c.organization_id == people.c.organization_id,
            person_roles.c.person_id == people.c.id,
        ),
    )
    .where(
        chat_accounts.c.platform == bindparam("platform"),
        chat_accounts.c.tenant == bindparam("tenant"),
        chat_accounts.c.account_id == bindparam("account"),
    )
)
"""Asked with every press, so both in one select; one row per role, as in details.PEOPLE."""
BOOKING = Prepared(
    select(bookings).where(bookings.c.organization_id == _ORG, bookings.c.id == bindparam("this"))
)


def _attended(*states: str) -> Select[Any]:
    return select(attendances.c.booking_id).where(
        attendances.c.organization_id == _ORG,
        attendances.c.person_id == bindparam("person"),
        attendances.c.status.in_(states),
    )


COMING_OF = Prepared(
    select(bookings)
    .where(
        bookings.c.organization_id == _ORG,
        bookings.c.id.in_(_attended("pending", "accepted", "offered")),
        bookings.c.status.in_(("pending", "confirmed")),
        or_(bookings.c.expires_at.is_(None), bookings.c.expires_at > bindparam("now")),
        bookings.c.ends_at > bindparam("now"),
    )
    .order_by(bookings.c.starts_at, bookings.c.id)
    .limit(_MOST)
)
FINISHED_OF = Prepared(
    select(bookings)
    .where(
        bookings.c.organization_id == _ORG,
        bookings.c.id.in_(_attended("accepted", "no_show").where(attendances.c.cleared.is_(False))),
        bookings.c.status == "completed",
    )
    .order_by(bookings.c.starts_at.desc(), bookings.c.id)
    .limit(_MOST)
)
HOSTED = Prepared(
    select(bookings)
    .where(
        bookings.c.organization_id == _ORG,
        bookings.c.host_id == bindparam("host"),
        bookings.c.status.in_(("pending", "confirmed", "completed")),
        bookings.c.ends_at > bindparam("from"),
        bookings.c.starts_at > bindparam("earliest"),
        bookings.c.starts_at < bindparam("to"),
    )
    .order_by(bookings.c.starts_at, bookings.c.id)
)
