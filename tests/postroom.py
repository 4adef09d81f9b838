"""A post room: the real dispatcher over a real database, a recording messenger and a fake clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy import select

from builders.people import BOT, a_person, acting, an_account
from doubles import FakeClock, RecordingMessenger
from persistence.database import Database
from persistence.tables import outbox as outbox_table
from reminders.dispatch import Dispatcher, DispatchLimits
from reminders.ics import IcsFiles
from reminders.pace import Pace
from reminders.ports import DeliveryPorts
from scheduling.booking import BookingService
from scheduling.commands import BookSlot, CancelBooking, MoveBooking, SendNote
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.hosting import HostingService
from scheduling.ids import DEFAULT_ORGANIZATION, NotificationId, RequestId, new_id
from scheduling.model import Booking, EventType
from scheduling.notifications import Notification, NotificationKind, Urgency
from scheduling.people import AccountKey, Card, Person, Platform, Recipient
from scheduling.people_service import AccountFacts, PeopleService
from scheduling.plan import reminders_for_attendee
from scheduling.policy import Policy
from scheduling.ports import Transaction
from scheduling.slots import SlotFinder
from wording import notifications as wording

ORGANIZATION = DEFAULT_ORGANIZATION
UNHURRIED = Pace(chat_interval=timedelta(), bot_interval=timedelta(), bot_burst=100_000)


class NoLinks:
    def deep_link(self, payload: str) -> str:
        return f"https://t.me/pianobot?start={payload}"


class PostRoom:
    """Services, people and rows of one organization; ``dispatcher()`` makes who delivers them."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database, self.clock, self.policy = database, clock, Policy()
        self.messenger = RecordingMessenger()
        store, queries = database.store, database.queries
        self.finder = SlotFinder(queries, clock, self.policy)
        self.people = PeopleService(store, queries, clock, self.policy, frozenset(), lambda: None)
        self.hosting = HostingService(store, queries, clock, self.policy, lambda: None)
        self.booking = BookingService(store, queries, self.finder, clock, self.policy, lambda: None)
        self._met = 0

    # --- who delivers ---

    def ports(self, **changes: Any) -> DeliveryPorts:
        ports = DeliveryPorts(
            outbox=self.database.outbox,
            store=self.database.store,
            queries=self.database.queries,
            sessions=self.database.sessions,
            sent_files=self.database.sent_files,
            messengers={Platform.TELEGRAM: self.messenger},
            calendar_files=IcsFiles(),
            finder=self.finder,
            people=self.people,
            wording=wording,
            links=NoLinks(),
            clock=self.clock,
        )
        return replace(ports, **changes)

    def dispatcher(
        self,
        *,
        pace: Pace = UNHURRIED,
        limits: DispatchLimits | None = None,
        registry: CollectorRegistry | None = None,
        **ports: Any,
    ) -> Dispatcher:
        return Dispatcher(
            self.ports(**ports),
            paces={Platform.TELEGRAM: pace},
            registry=registry or CollectorRegistry(),
            limits=limits,
        )

    # --- people and bookings ---

    async def meet(self, name: str = "Mia Costa", zone: str = "UTC") -> tuple[Person, Recipient]:
        """Return somebody with an open private chat."""
        self._met += 1
        number = str(1000 + self._met)
        facts = AccountFacts(AccountKey(Platform.TELEGRAM, BOT, number), number, name, None, "en")
        _, person = await self.people.meet(ORGANIZATION, facts)
        person = await self.people.set_zone(acting(person), zone)
        return person, Recipient(Platform.TELEGRAM, BOT, number)

    async def second_chat(self, person: Person, number: str) -> Recipient:
        """Link another account to the person, used longer ago."""
        account = an_account(
            person,
            account_id=number,
            chat_id=number,
            last_seen=self.clock.now() - timedelta(days=1),
        )

        def put(tx: Transaction) -> None:
            tx.people.put_account(account)

        await self.database.store.transact(ORGANIZATION, put)
        return Recipient(Platform.TELEGRAM, BOT, number)

    async def coach(self, name: str = "Ana Ruiz") -> tuple[Person, Recipient, EventType]:
        """Return a coach who is there around the clock, and their 60-minute type."""
        host, chat = await self.meet(name)
        line = parse_hours_line("mon-sun 0-24", today=self.clock.now().date())
        hour = timedelta(minutes=60)
        kind = await self.hosting.become_coach(
            acting(host), line, hour, RequestId(new_id()), title="Piano lesson"
        )
        return host, chat, kind

    async def book(
        self, person: Person, kind: EventType, start: datetime, card: Card | None = None
    ) -> Booking:
        return await self.booking.book(
            BookSlot(
                actor=acting(person),
                event_type_id=kind.id,
                start=start,
                request_id=RequestId(new_id()),
                card=card,
            )
        )

    async def cancel(self, person: Person, booking: Booking, card: Card | None = None) -> Booking:
        return await self.booking.cancel(
            CancelBooking(
                actor=acting(person),
                booking_id=booking.id,
                request_id=RequestId(new_id()),
                card=card,
            )
        )

    async def move(
        self, person: Person, booking: Booking, start: datetime, card: Card | None = None
    ) -> Booking:
        return await self.booking.move(
            MoveBooking(
                actor=acting(person),
                booking_id=booking.id,
                request_id=RequestId(new_id()),
                start=start,
                card=card,
            )
        )

    async def note(self, person: Person, booking: Booking, text: str) -> None:
        """Let one side write to the other."""
        await self.booking.note(
            SendNote(
                actor=acting(person),
                booking_id=booking.id,
                request_id=RequestId(new_id()),
                text=text,
            )
        )

    async def booked(self, start: datetime) -> tuple[Booking, Person, Recipient]:
        """Return a booking whose first messages have been delivered, and its student."""
        _, _, kind = await self.coach()
        student, chat = await self.meet()
        booking = await self.book(student, kind, start)
        await self.dispatcher().run_once()
        self.messenger.log.clear()
        return booking, student, chat

    # --- rows ---

    async def owe(self, *notifications: Notification) -> None:
        """Write rows into the outbox."""

        def add(tx: Transaction) -> None:
            tx.outbox.add(*notifications)

        await self.database.store.transact(ORGANIZATION, add)

    def news(self, person: Person, **changes: Any) -> Notification:
        """Return news about no booking, due now."""
        row = Notification(
            organization_id=ORGANIZATION,
            id=NotificationId(new_id()),
            kind=NotificationKind.COACH_APPROVED,
            person_id=person.id,
            dedupe_key=new_id(),
            due_at=self.clock.now(),
            urgency=Urgency.NEWS,
        )
        return replace(row, **changes)

    async def crowd(self, count: int) -> list[Person]:
        """Return people with a chat each, made in one transaction."""
        people = [a_person(f"Person {number}") for number in range(count)]

        def add(tx: Transaction) -> None:
            for number, person in enumerate(people):
                tx.people.add(person)
                account = str(500_000 + number)
                tx.people.put_account(
                    an_account(person, account_id=account, last_seen=self.clock.now())
                )

        await self.database.store.transact(ORGANIZATION, add)
        return people

    async def remind(self, booking: Booking, person: Person, leads: Sequence[timedelta]) -> None:
        """Plan the person's reminders of the booking as if it had been made just now."""
        seat = booking.seat_of(person.id)
        assert seat is not None
        chooser = replace(person, reminders=tuple(leads))
        kind = await self.database.queries.event_type(ORGANIZATION, booking.event_type_id)
        planned = reminders_for_attendee(
            booking, kind, chooser, seat, policy=self.policy, now=self.clock.now()
        )
        await self.owe(*planned)

    async def states(self) -> dict[str, int]:
        """Return how many rows stand in each state."""
        return {state.value: n for state, n in (await self.database.outbox.states()).items()}

    async def reasons(self, kind: NotificationKind | None = None) -> list[tuple[str, str | None]]:
        """Return state and reason of every row (of a kind), in the order of their due times."""
        rows = await self.database.reader.rows(
            select(outbox_table.c.kind, outbox_table.c.state, outbox_table.c.reason).order_by(
                outbox_table.c.due_at
            )
        )
        return [(row.state, row.reason) for row in rows if kind is None or row.kind == kind]
