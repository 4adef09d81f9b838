"""A school to measure on: one coach whose whole week is open, students, and every service.

It lies in a file of its own below ``build/``, on the disk slotbook itself would use: a folder
for temporary files may be memory, where nothing waits for a disk.
"""

import random
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from app.clock import SystemClock
from app.services import Services, build_services
from persistence.database import Database, open_database
from persistence.migrate import upgrade
from scheduling.commands import BookSlot
from scheduling.event_type_change import EventTypeChange
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.ids import DEFAULT_ORGANIZATION, EventTypeId, PersonId, RequestId
from scheduling.model import Booking
from scheduling.moments import from_seconds, seconds
from scheduling.people import AccountKey, Actor, Platform
from scheduling.people_service import AccountFacts
from scheduling.policy import Policy

LESSON = timedelta(minutes=15)
_SECONDS = LESSON // timedelta(seconds=1)
_AHEAD = timedelta(days=2)
_STUDENTS = 500
_STARTS = 9_000  # some three months of quarters of an hour


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder on the disk for as long as the block runs."""
    build = Path("build")
    build.mkdir(exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="bench-", dir=build))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class School:
    """Services over a database with a coach and students in it."""

    database: Database
    services: Services
    event_type_id: EventTypeId
    students: tuple[PersonId, ...]
    starts: Iterator[datetime]
    """Free starts of the coming weeks, in no order."""
    numbers: Iterator[int]

    async def book(self) -> Booking:
        """Book another free start for another student."""
        return await self.services.booking.book(self.next_booking())

    def next_booking(self) -> BookSlot:
        """Return what books another free start, each time for another student."""
        student = self.students[next(self.numbers) % len(self.students)]
        return self.booking_of(student, next(self.starts))

    def booking_of(self, student: PersonId, start: datetime) -> BookSlot:
        """Return what books a start for a student."""
        return BookSlot(
            actor=Actor(DEFAULT_ORGANIZATION, student),
            event_type_id=self.event_type_id,
            start=start,
            request_id=RequestId(f"bench:{student}:{seconds(start)}"),
            via_link=True,
        )


@asynccontextmanager
async def school(url: str, pool_size: int = 10) -> AsyncIterator[School]:
    """Open a migrated database and fill it, unless it was filled before."""
    clock = SystemClock()
    async with open_database(url, clock, pool_size=pool_size) as database:
        services = build_services(database, clock, Policy())
        coach = await _meet(services, 0)
        await services.people.set_zone(coach, "Europe/Berlin")
        made = await services.hosting.become_coach(
            coach,
            parse_hours_line("daily 0-24", today=clock.now().date()),
            LESSON,
            RequestId("bench"),
            title="Quick talk",
        )
        change = EventTypeChange(step=LESSON, horizon=timedelta(days=365))
        event_type = await services.hosting.change(coach, made.id, change)
        students = [(await _meet(services, 1 + i)).person_id for i in range(_STUDENTS)]
        starts = iter(_starts(clock.now()))
        yield School(database, services, event_type.id, tuple(students), starts, count())


def migrated(path: Path) -> str:
    """Make an SQLite database with the present schema and return its address."""
    url = f"sqlite:///{path.resolve()}"
    upgrade(url)
    return url


def _starts(now: datetime) -> list[datetime]:
    first = from_seconds(seconds(now + _AHEAD) // _SECONDS * _SECONDS)
    starts = [first + number * LESSON for number in range(_STARTS)]
    random.Random(7).shuffle(starts)
    return starts


async def _meet(services: Services, number: int) -> Actor:
    account = str(1000 + number)
    key = AccountKey(Platform.TELEGRAM, "1", account)
    facts = AccountFacts(key, account, f"Person {number}", None, "en")
    _, person = await services.people.meet(DEFAULT_ORGANIZATION, facts)
    return Actor(DEFAULT_ORGANIZATION, person.id)
