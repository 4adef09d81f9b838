"""One transaction as the core sees it: row groups over one connection."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, bindparam, select

from persistence.booking_rows import SqlBookingRows
from persistence.daybook import DayBookRead
from persistence.daybook_statements import TYPES
from persistence.hours_rows import SqlEventTypeRows, SqlHoursRows
from persistence.people_rows import SqlPeopleRows
from persistence.prepared import all_of
from persistence.reader import DialectName
from persistence.session_rows import SqlSessionRows
from persistence.small_rows import SqlAuditRows, SqlOutboxRows, SqlRequestRows, SqlUndoRows
from persistence.tables import people
from persistence.topics import SqlTopicRows
from scheduling.errors import NotFound
from scheduling.ids import BookingId, EventTypeId, OrganizationId, PersonId
from scheduling.moments import Interval
from scheduling.ports import DayBookRows

_HOSTS_FOR_UPDATE = (
    select(people.c.id)
    .where(
        people.c.organization_id == bindparam("org"),
        people.c.id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(people.c.id)
    .with_for_update()
)


class SqlTransaction:
    """See scheduling.ports.Transaction; lives as long as the function it is handed to."""

    def __init__(
        self,
        connection: Connection,
        organization_id: OrganizationId,
        dialect: DialectName,
        now: Callable[[], datetime],
    ) -> None:
        self._connection = connection
        self._organization_id = organization_id
        self._dialect: DialectName = dialect
        self._now = now

    @property
    def organization_id(self) -> OrganizationId:
        return self._organization_id

    @cached_property
    def people(self) -> SqlPeopleRows:
        return SqlPeopleRows(self._connection, self._organization_id, self.topics)

    @cached_property
    def hours(self) -> SqlHoursRows:
        return SqlHoursRows(self._connection, self._organization_id, self.topics)

    @cached_property
    def event_types(self) -> SqlEventTypeRows:
        return SqlEventTypeRows(self._connection, self._organization_id, self.topics)

    @cached_property
    def bookings(self) -> SqlBookingRows:
        return SqlBookingRows(self._connection, self._organization_id, self.topics)

    @cached_property
    def outbox(self) -> SqlOutboxRows:
        return SqlOutboxRows(self._connection, self._organization_id, self._dialect)

    @cached_property
    def audit(self) -> SqlAuditRows:
        return SqlAuditRows(self._connection, self._organization_id, self._now)

    @cached_property
    def requests(self) -> SqlRequestRows:
        return SqlRequestRows(self._connection, self._organization_id)

    @cached_property
    def undos(self) -> SqlUndoRows:
        return SqlUndoRows(self._connection, self._organization_id, self._dialect)

    @cached_property
    def sessions(self) -> SqlSessionRows:
        return SqlSessionRows(self._connection, self._organization_id, self.topics)

    @cached_property
    def topics(self) -> SqlTopicRows:
        return SqlTopicRows(self._connection, self._organization_id)

    def finish(self) -> bool:
        """Store what the rows noted while they were written; say whether anything changed."""
        return self.topics.append()

    def lock_hosts(self, host_ids: Iterable[PersonId]) -> None:
        # Locked before anything of theirs is read, and in id order: two transactions on one
        # host queue here instead of meeting at the exclusion constraint, where PostgreSQL would
        # have to break a deadlock. On SQLite the lane already is the queue.
        if self._dialect == "postgresql":
            ids = sorted(set(host_ids))
            self._connection.execute(
                _HOSTS_FOR_UPDATE, {"org": self._organization_id, "ids": ids}
            ).all()

    def daybook_rows(
        self,
        event_type_id: EventTypeId,
        span: Interval,
        *,
        asker_id: PersonId | None,
        now: datetime,
        excluding: BookingId | None = None,
    ) -> DayBookRows:
        read = DayBookRead(self._organization_id, span, asker_id, now, excluding)
        types = TYPES.all(self._connection, read.types([event_type_id]))
        if not types:
            raise NotFound(event_type_id)
        selects, parameters = read.selects(types)
        found = all_of(self._connection, selects, parameters)
        return read.assemble(types, found)[event_type_id]
