"""The selects of the Queries port that run often, prepared once."""

from typing import Any

from sqlalchemy import BindParameter, Integer, Select, bindparam, or_, select

from persistence.prepared import Prepared
from persistence.tables import attendances, bookings, chat_accounts

_ORG: BindParameter[str] = bindparam("org")
_MOST = bindparam("most", type_=Integer)

ACCOUNT = Prepared(
    select(chat_accounts).where(
        chat_accounts.c.platform == bindparam("platform"),
        chat_accounts.c.tenant == bindparam("tenant"),
        chat_accounts.c.account_id == bindparam("account"),
    )
)
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
