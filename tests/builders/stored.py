"""Rows that other rows need: a host with hours who offers a type, and a student."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from builders.people import a_person
from builders.scheduling import CALENDAR, HOST, STUDENT, a_booking, a_schedule, an_event_type
from builders.times import at
from persistence.database import Database
from scheduling.hours import Calendar
from scheduling.ids import (
    DEFAULT_ORGANIZATION,
    BookingId,
    CalendarId,
    NotificationId,
    PersonId,
    new_id,
)
from scheduling.model import Booking, BookingStatus, EventType
from scheduling.moments import Interval
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Role
from scheduling.ports import Transaction

T = TypeVar("T")

HOUR = timedelta(hours=1)


class Stored:
    """Writes rows straight through the store, one transaction each."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.organization = DEFAULT_ORGANIZATION

    async def write(self, function: Callable[[Transaction], T]) -> T:
        """Run it in a transaction of the default organization."""
        return await self.database.store.transact(self.organization, function)

    async def host(
        self, person: str = HOST, calendar: str = CALENDAR, *, until: date | None = None
    ) -> None:
        """Store a coach with a calendar that uses hours from 9 to 17."""
        schedule = a_schedule("9-17", owner=PersonId(person))

        def put(tx: Transaction) -> None:
            tx.people.add(a_person("Ana Ruiz", id=person, roles=frozenset({Role.COACH})))
            tx.hours.add_calendar(Calendar(CalendarId(calendar), PersonId(person), "Mine"))
            tx.hours.put_schedule(schedule)
            tx.hours.link(CalendarId(calendar), schedule.id, until)

        await self.write(put)

    async def student(self, person: str = STUDENT, name: str = "Mia Costa") -> None:
        """Store somebody who books."""
        await self.write(lambda tx: tx.people.add(a_person(name, id=person)))

    async def event_type(self, **changes: Any) -> EventType:
        """Store a type of the host's."""
        kind = an_event_type(**changes)
        await self.write(lambda tx: tx.event_types.add(kind))
        return kind

    async def booking(
        self, kind: EventType, start: str = "2030-01-09 10:00", **changes: Any
    ) -> Booking:
        """Store a booking of the type that keeps its host's time, as a use case would."""
        begin = at(start)
        own = {
            "event_type_id": kind.id,
            "calendar_id": kind.calendar_id,
            "host_id": kind.host_id,
            "time": Interval(begin, begin + kind.duration),
            "capacity": kind.capacity,
            "uid": f"{new_id()}@slotbook",
        }
        booking = a_booking(**{**own, **changes})

        def put(tx: Transaction) -> None:
            tx.bookings.add(booking)
            if booking.status.is_live or booking.status is BookingStatus.COMPLETED:
                tx.bookings.claim(booking, booking.time, booking.expires_at)

        await self.write(put)
        return booking


async def a_lesson(database: Database, **changes: Any) -> tuple[Stored, EventType]:
    """Store a host, a student and one type of the host's."""
    stored = Stored(database)
    await stored.host()
    await stored.student()
    return stored, await stored.event_type(**changes)


def a_notification(**changes: Any) -> Notification:
    """Return news for the student, due on Monday 7 January 2030 at 09:00."""
    identity = new_id()
    notification = Notification(
        organization_id=DEFAULT_ORGANIZATION,
        id=NotificationId(identity),
        kind=NotificationKind.BOOKED,
        person_id=STUDENT,
        dedupe_key=f"key:{identity}",
        due_at=at("2030-01-07 09:00"),
    )
    return replace(notification, **changes)


def about(booking_id: str, kind: NotificationKind, due: datetime, **changes: Any) -> Notification:
    """Return a notification about a booking."""
    return a_notification(booking_id=BookingId(booking_id), kind=kind, due_at=due, **changes)
