"""The Queries port: reads on the async engine, out of the writers' way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from persistence.coach_reads import coach_entries, hours_overview
from persistence.daybook import DayBookRead
from persistence.daybook_statements import TYPES
from persistence.details import EVENT_TYPES, PEOPLE, details_of, people_by_id, people_of
from persistence.mapping import account_of, event_type_of, schedule_of
from persistence.prepared import Prepared, all_of_async
from persistence.query_statements import BOOKING, COMING_OF, FINISHED_OF, HOSTED, PERSON_OF_ACCOUNT
from persistence.reader import Reader
from persistence.tables import (
    LONGEST_BOOKING,
    chat_accounts,
    event_types,
    feed_tokens,
    person_roles,
    schedules,
)
from scheduling.errors import NotFound
from scheduling.hours import Schedule
from scheduling.ids import (
    BookingId,
    EventTypeId,
    OrganizationId,
    PersonId,
    ScheduleId,
    StartCode,
)
from scheduling.model import BookingDetails, EventType, Listing
from scheduling.moments import Interval
from scheduling.people import AccountKey, ChatAccount, Person, Platform
from scheduling.ports import CoachEntry, DayBookRows, HoursOverview


class SqlQueries:
    """See scheduling.ports.Queries."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def person(self, organization_id: OrganizationId, person_id: PersonId) -> Person:
        rows = await self._reader.all(PEOPLE, {"org": organization_id, "ids": [person_id]})
        if not rows:
            raise NotFound(person_id)
        return people_of(rows)[person_id]

    async def with_roles(self, organization_id: OrganizationId) -> list[Person]:
        """Return everybody who is more than a student, by name."""
        async with self._reader.snapshot() as connection:
            ids = await connection.execute(
                select(person_roles.c.person_id)
                .where(person_roles.c.organization_id == organization_id)
                .distinct()
            )
            found = await people_by_id(connection, organization_id, list(ids.scalars()))
        return sorted(found.values(), key=lambda person: (person.name.casefold(), person.id))

    async def newest_person(self, organization_id: OrganizationId) -> Person | None:
        """Return who wrote last from a chat of their own; during the set-up that is the host."""
        row = await self._reader.first(
            select(chat_accounts.c.person_id)
            .where(
                chat_accounts.c.organization_id == organization_id,
                chat_accounts.c.chat_id.is_not(None),
            )
            .order_by(chat_accounts.c.last_seen.desc())
            .limit(1)
        )
        return None if row is None else await self.person(organization_id, row.person_id)

    async def person_named(
        self, organization_id: OrganizationId, platform: Platform, tenant: str, username: str
    ) -> Person | None:
        row = await self._reader.first(
            select(chat_accounts.c.person_id)
            .where(
                chat_accounts.c.organization_id == organization_id,
                chat_accounts.c.platform == platform.value,
                chat_accounts.c.tenant == tenant,
                func.lower(chat_accounts.c.username) == username.lower(),
            )
            .order_by(chat_accounts.c.last_seen.desc())
            .limit(1)
        )
        return None if row is None else await self.person(organization_id, row.person_id)

    async def account(self, key: AccountKey) -> tuple[ChatAccount, Person] | None:
        values = {
            "platform": key.platform.value,
            "tenant": key.tenant,
            "account": key.account_id,
        }
        rows = await self._reader.all(PERSON_OF_ACCOUNT, values)
        if not rows:
            return None
        row, person = rows[0], people_of(rows)[rows[0].id]
        account = ChatAccount(
            key=key,
            person_id=person.id,
            chat_id=row.chat_id,
            username=row.username,
            language=row.language,
            reachable=row.reachable,
            last_seen=row.last_seen,
            name=row.told_name,
            zone=row.told_zone,
        )
        return account, person

    async def accounts(
        self, organization_id: OrganizationId, person_id: PersonId
    ) -> list[ChatAccount]:
        rows = await self._reader.rows(
            select(chat_accounts)
            .where(
                chat_accounts.c.organization_id == organization_id,
                chat_accounts.c.person_id == person_id,
            )
            .order_by(chat_accounts.c.last_seen.desc())
        )
        return [account_of(row) for row in rows]

    async def event_type(
        self, organization_id: OrganizationId, event_type_id: EventTypeId
    ) -> EventType:
        values = {"org": organization_id, "ids": [event_type_id]}
        row = await self._reader.one(EVENT_TYPES, values)
        if row is None:
            raise NotFound(event_type_id)
        return event_type_of(row)

    async def by_code(self, organization_id: OrganizationId, code: StartCode) -> EventType | None:
        row = await self._reader.first(
            select(event_types).where(
                event_types.c.organization_id == organization_id, event_types.c.code == code
            )
        )
        return None if row is None else event_type_of(row)

    async def event_types_of(
        self, organization_id: OrganizationId, host_id: PersonId
    ) -> list[EventType]:
        rows = await self._reader.rows(
            select(event_types)
            .where(
                event_types.c.organization_id == organization_id,
                event_types.c.host_id == host_id,
                event_types.c.listing != Listing.OFF.value,
            )
            .order_by(event_types.c.position)
        )
        return [event_type_of(row) for row in rows]

    async def coaches(self, organization_id: OrganizationId, text: str = "") -> list[CoachEntry]:
        async with self._reader.snapshot() as connection:
            return await coach_entries(connection, organization_id, text)

    async def hours(
        self, organization_id: OrganizationId, owner_id: PersonId, now: datetime
    ) -> HoursOverview | None:
        async with self._reader.snapshot() as connection:
            return await hours_overview(connection, organization_id, owner_id, now)

    async def schedules(
        self, organization_id: OrganizationId, ids: Sequence[ScheduleId]
    ) -> list[Schedule]:
        rows = await self._reader.rows(
            select(schedules).where(
                schedules.c.organization_id == organization_id, schedules.c.id.in_(list(ids))
            )
        )
        return [schedule_of(row) for row in rows]

    async def daybook_rows(
        self,
        organization_id: OrganizationId,
        event_type_ids: Sequence[EventTypeId],
        span: Interval,
        *,
        asker_id: PersonId | None,
        now: datetime,
        excluding: BookingId | None = None,
    ) -> list[DayBookRows]:
        read = DayBookRead(organization_id, span, asker_id, now, excluding)
        async with self._reader.snapshot() as connection:
            types = await TYPES.all_async(connection, read.types(event_type_ids))
            selects, parameters = read.selects(types)
            found = await all_of_async(connection, selects, parameters)
        built = read.assemble(types, found)
        return [built[event_type_id] for event_type_id in event_type_ids if event_type_id in built]

    async def booking(
        self, organization_id: OrganizationId, booking_id: BookingId
    ) -> BookingDetails:
        values = {"org": organization_id, "this": booking_id}
        found = await self._details(organization_id, BOOKING, values)
        if not found:
            raise NotFound(booking_id)
        return found[0]

    async def bookings_of(
        self,
        organization_id: OrganizationId,
        person_id: PersonId,
        *,
        now: datetime,
        limit: int = 20,
    ) -> list[BookingDetails]:
        values = {"org": organization_id, "person": person_id, "now": now, "most": limit}
        return await self._details(organization_id, COMING_OF, values)

    async def finished_of(
        self, organization_id: OrganizationId, person_id: PersonId, *, limit: int = 20
    ) -> list[BookingDetails]:
        values = {"org": organization_id, "person": person_id, "most": limit}
        return await self._details(organization_id, FINISHED_OF, values)

    async def hosted(
        self, organization_id: OrganizationId, host_id: PersonId, span: Interval
    ) -> list[BookingDetails]:
        values = {
            "org": organization_id,
            "host": host_id,
            "from": span.start,
            "earliest": span.start - LONGEST_BOOKING,
            "to": span.end,
        }
        return await self._details(organization_id, HOSTED, values)

    async def feed_owner(self, token_hash: str) -> tuple[OrganizationId, PersonId] | None:
        row = await self._reader.first(
            select(feed_tokens.c.organization_id, feed_tokens.c.person_id).where(
                feed_tokens.c.token_hash == token_hash
            )
        )
        return (
            None if row is None else (OrganizationId(row.organization_id), PersonId(row.person_id))
        )

    async def _details(
        self, organization_id: OrganizationId, wanted: Prepared, values: Mapping[str, Any]
    ) -> list[BookingDetails]:
        async with self._reader.snapshot() as connection:
            rows = await wanted.all_async(connection, values)
            return await details_of(connection, organization_id, rows)
