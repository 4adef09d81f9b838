"""What a transaction changed, in the words of topics: collected, and appended once at its end.

Only ever inserts, and only at the end of the table: two transactions never want the same row, so
that touching adds no lock and no deadlock to a booking. The keeper of cards counts the rows onto
the cards later (persistence/live_cards.py).
"""

from sqlalchemy import Connection, bindparam, insert, select

from persistence.prepared import Prepared
from persistence.tables import changes, sessions
from scheduling.ids import BookingId, OrganizationId
from scheduling.ports import about_session

_APPEND = Prepared(insert(changes))
_SESSIONS_OF = Prepared(
    select(sessions.c.id).where(
        sessions.c.organization_id == bindparam("org"),
        sessions.c.booking_id.in_(bindparam("bookings", expanding=True)),
    )
)


class SqlTopicRows:
    """See scheduling.ports.TopicRows."""

    def __init__(self, connection: Connection, organization_id: OrganizationId) -> None:
        self._connection, self._org = connection, organization_id
        self._topics: set[str] = set()
        self._group_bookings: set[BookingId] = set()

    def touch(self, *topics: str) -> None:
        self._topics.update(topics)

    def touch_session_of(self, booking_id: BookingId) -> None:
        """Note a change of the session that the booking belongs to, if there is one."""
        self._group_bookings.add(booking_id)

    def append(self) -> bool:
        """Store what was noted; say whether that was anything."""
        if self._group_bookings:
            values = {"org": self._org, "bookings": sorted(self._group_bookings)}
            found = _SESSIONS_OF.all(self._connection, values)
            self._topics.update(about_session(row.id) for row in found)
        if not self._topics:
            return False
        _APPEND.run_each(
            self._connection,
            [{"organization_id": self._org, "topic": topic} for topic in sorted(self._topics)],
        )
        return True
