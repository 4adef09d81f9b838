"""A whole world in one value: a real database, a clock that obeys, and every service."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Connection, text

from builders.people import a_person, a_recipient, acting
from builders.scheduling import CALENDAR, HOST, a_schedule, an_event_type
from builders.times import at
from doubles import FakeClock
from persistence.database import Database
from scheduling.booking import BookingService
from scheduling.commands import (
    ApproveBooking,
    BookSlot,
    CancelBooking,
    ConfirmHold,
    HoldSlot,
    MoveBooking,
    UndoChange,
)
from scheduling.hosting import HostingService
from scheduling.hours import Calendar, Schedule
from scheduling.ids import CalendarId, RequestId, new_id
from scheduling.model import Booking, BookingDetails, EventType
from scheduling.moments import Interval, from_seconds
from scheduling.opening_hours import HoursService
from scheduling.people import Actor, Card, Person, Role
from scheduling.people_service import PeopleService
from scheduling.policy import Policy
from scheduling.ports import Transaction
from scheduling.slots import SlotFinder
from scheduling.upkeep import Upkeep

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Planned:
    """A notification that waits in the outbox."""

    person: str
    kind: str
    due: datetime
    payload: dict[str, Any] = field(compare=False)
    card: str | None = field(compare=False, default=None)
    urgency: int = field(compare=False, default=1)


class World:
    """Ana Ruiz is the host, there from 9 to 17 UTC every day; the rest is up to the test.

    It is Monday 7 January 2030, 09:00 UTC unless the clock says otherwise.
    """

    def __init__(
        self, database: Database, clock: FakeClock, policy: Policy, admins: frozenset[str]
    ) -> None:
        store, queries = database.store, database.queries
        self.database, self.clock, self.policy = database, clock, policy
        self.wakes = 0
        self.finder = SlotFinder(queries, clock, policy)
        self.booking = BookingService(store, queries, self.finder, clock, policy, self._wake)
        self.hours = HoursService(store, queries, self.finder, clock, policy, self._wake)
        self.hosting = HostingService(store, queries, clock, policy, self._wake)
        self.people = PeopleService(store, queries, clock, policy, admins, self._wake)
        self.upkeep = Upkeep(store, queries, clock, policy, self._wake, database.memory)
        self.host = a_person("Ana Ruiz", id=HOST, roles=frozenset({Role.COACH}))
        self.schedule = a_schedule("9-17")
        self._requests = count(1)

    @classmethod
    async def begin(
        cls,
        database: Database,
        clock: FakeClock,
        *,
        policy: Policy | None = None,
        schedule: Schedule | None = None,
        zone: str = "UTC",
        admins: frozenset[str] = frozenset(),
    ) -> "World":
        """Return a world with its host in it."""
        world = cls(database, clock, policy or Policy(), admins)
        world.host = replace(world.host, zone=zone)
        world.schedule = schedule or a_schedule("9-17", zone=zone)
        await world.has_coach(world.host, CALENDAR, world.schedule)
        return world

    def under(self, policy: Policy) -> "World":
        """Return the same world under another policy."""
        other = World(self.database, self.clock, policy, frozenset())
        other.host, other.schedule, other._requests = self.host, self.schedule, self._requests
        return other

    # --- who and what there is ------------------------------------------------------------------

    async def has_coach(
        self,
        person: Person,
        calendar_id: CalendarId,
        schedule: Schedule,
        expires_on: date | None = None,
    ) -> None:
        """Put a coach with hours into the world."""

        def put(tx: Transaction) -> None:
            tx.people.add(person)
            tx.people.grant(person.id, Role.COACH)
            tx.hours.add_calendar(Calendar(calendar_id, person.id, person.name))
            tx.hours.put_schedule(replace(schedule, owner_id=person.id))
            tx.hours.link(calendar_id, schedule.id, expires_on)

        await self.write(put)

    async def coach_with_type(self, name: str, **changes: Any) -> tuple[Person, EventType]:
        """Put another coach into the world, there from 9 to 17 UTC, with a type."""
        person = a_person(name, roles=frozenset({Role.COACH}))
        calendar_id = CalendarId(new_id())
        await self.has_coach(person, calendar_id, a_schedule("9-17"))
        kind = an_event_type(host_id=person.id, calendar_id=calendar_id, **changes)
        return person, await self.offers(kind)

    async def offers(self, kind: EventType | None = None, **changes: Any) -> EventType:
        """Let the host offer a type; with changes, one that differs from the usual in these."""
        event_type = kind or an_event_type(**changes)
        await self.write(lambda tx: tx.event_types.add(event_type))
        return event_type

    async def changes_type(self, event_type: EventType, **changes: Any) -> EventType:
        """Let a type be different from now on."""
        changed = replace(event_type, **changes)
        await self.write(lambda tx: tx.event_types.update(changed))
        return changed

    async def person(self, name: str = "Mia Costa", **facts: Any) -> Person:
        """Put somebody into the world."""
        person = a_person(name, **facts)

        def put(tx: Transaction) -> None:
            tx.people.add(person)
            for role in person.roles:
                tx.people.grant(person.id, role)

        await self.write(put)
        return person

    # --- what they do ---------------------------------------------------------------------------

    def request(self, name: str | None = None) -> RequestId:
        """Return the id of a press of its own, or the same one for the same name."""
        return RequestId(name or f"request-{next(self._requests)}")

    async def holds(self, who: Person, event_type: EventType, start: str, **more: Any) -> Booking:
        """Let somebody hold a start."""
        command = HoldSlot(
            actor=acting(who), event_type_id=event_type.id, start=at(start), **self._id(more)
        )
        return await self.booking.hold(command)

    async def confirms(self, who: Person, booking: Booking, **more: Any) -> Booking:
        """Let somebody confirm a hold."""
        command = ConfirmHold(actor=acting(who), booking_id=booking.id, **self._id(more))
        return await self.booking.confirm(command)

    async def books(
        self, who: Person, event_type: EventType, start: str | datetime, **more: Any
    ) -> Booking:
        """Let somebody book a start at once."""
        moment = at(start) if isinstance(start, str) else start
        command = BookSlot(
            actor=acting(who), event_type_id=event_type.id, start=moment, **self._id(more)
        )
        return await self.booking.book(command)

    async def moves(self, who: Person, booking: Booking, start: str, **more: Any) -> Booking:
        """Let somebody move a booking."""
        command = MoveBooking(
            actor=acting(who), booking_id=booking.id, start=at(start), **self._id(more)
        )
        return await self.booking.move(command)

    async def cancels(self, who: Person, booking: Booking, **more: Any) -> Booking:
        """Let somebody cancel a booking, or their seat."""
        command = CancelBooking(actor=acting(who), booking_id=booking.id, **self._id(more))
        return await self.booking.cancel(command)

    async def approves(self, booking: Booking, **more: Any) -> Booking:
        """Let the host say yes."""
        host = Actor(self.host.organization_id, booking.host_id)
        command = ApproveBooking(actor=host, booking_id=booking.id, **self._id(more))
        return await self.booking.approve(command)

    async def undoes(self, who: Person, booking: Booking, **more: Any) -> Booking:
        """Let somebody take back what they just did with a booking."""
        command = UndoChange(actor=acting(who), booking_id=booking.id, **self._id(more))
        return await self.booking.undo(command)

    # --- what is there --------------------------------------------------------------------------

    async def free(
        self,
        event_type: EventType,
        start: str = "2030-01-07 00:00",
        days: float = 7,
        *,
        asker: Person | None = None,
    ) -> list[datetime]:
        """Return the starts that are listed."""
        span = Interval(at(start), at(start) + timedelta(days=days))
        slots = await self.finder.free(
            self.host.organization_id,
            [event_type.id],
            span,
            asker_id=asker.id if asker else None,
        )
        return [slot.start for slot in slots]

    async def read(self, booking: Booking) -> BookingDetails:
        """Return a booking as it stands now."""
        return await self.database.queries.booking(booking.organization_id, booking.id)

    async def planned(self, *kinds: str) -> list[Planned]:
        """Return what waits in the outbox, by time, then by person; of some kinds if named."""
        rows = await self.rows(
            "SELECT o.*, p.name FROM outbox o JOIN people p ON p.id = o.person_id"
            " WHERE o.state = 'waiting' ORDER BY o.due_at, p.name, o.kind"
        )
        return [
            Planned(
                row["name"],
                row["kind"],
                from_seconds(row["due_at"] // 1_000_000),
                json.loads(row["payload"]),
                row["card_message_id"],
                row["urgency"],
            )
            for row in rows
            if not kinds or row["kind"] in kinds
        ]

    async def told(self, *kinds: str) -> list[tuple[str, str]]:
        """Return who is told what, without reminders, by time and person."""
        return [
            (planned.person, planned.kind)
            for planned in await self.planned(*kinds)
            if planned.kind != "reminder" or kinds
        ]

    async def forgets_news(self) -> None:
        """Empty the outbox, so that what follows stands alone."""
        await self.write_sql("DELETE FROM outbox")

    async def audited(self, subject: str) -> list[str]:
        """Return the verbs written down about a subject, by name: one instant has no order."""
        rows = await self.rows("SELECT verb, subject FROM audit")
        return sorted(row["verb"] for row in rows if row["subject"] == subject)

    async def overlaps(self) -> int:
        """Return how many pairs of live bookings of one host share an instant."""
        (row,) = await self.rows(
            "SELECT count(*) AS pairs FROM bookings a JOIN bookings b"
            " ON a.host_id = b.host_id AND a.id < b.id"
            " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
            " WHERE a.status IN ('held', 'pending', 'confirmed')"
            " AND b.status IN ('held', 'pending', 'confirmed')"
        )
        return int(row["pairs"])

    async def fingerprint(self) -> dict[str, list[str]]:
        """Return everything that is stored, to see that nothing was changed."""
        tables = (
            *("people", "person_roles", "bookings", "attendances", "occupied_spans", "outbox"),
            *("audit", "requests", "undos", "schedules", "calendar_schedules", "openings"),
            *("time_off", "event_types"),
        )
        return {
            table: sorted(str(row) for row in await self.rows(f"SELECT * FROM {table}"))  # noqa: S608
            for table in tables
        }

    # --- underneath -----------------------------------------------------------------------------

    async def sends_file(self, booking: Booking) -> None:
        """Note that the calendar file went out: from then on every change has a new number."""

        def note(tx: Transaction) -> None:
            tx.bookings.update(replace(tx.bookings.get(booking.id), files_sent=True))

        await self.write(note)

    async def write(self, function: Callable[[Transaction], T]) -> T:
        """Run a function in a transaction."""
        return await self.database.store.transact(self.host.organization_id, function)

    async def rows(self, statement: str) -> list[dict[str, Any]]:
        """Return the rows of a plain select."""

        def select(connection: Connection) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(text(statement)).mappings()]

        return await self.database.writer.run(select)

    async def write_sql(self, statement: str) -> None:
        """Run a plain statement."""

        def execute(connection: Connection) -> None:
            connection.execute(text(statement))

        await self.database.writer.run(execute)

    def _id(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"request_id": self.request(), **more}

    def _wake(self) -> None:
        self.wakes += 1


def card_of(person: Person, message_id: str = "1") -> Card:
    """Return a message in the person's chat."""
    return Card(a_recipient(person.id), message_id)
