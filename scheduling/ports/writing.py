"""Writing: one synchronous function is one transaction over rows by subject."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from scheduling.hours import Calendar, Opening, Schedule, TimeOff
from scheduling.ids import (
    BookingId,
    CalendarId,
    EventTypeId,
    OpeningId,
    OrganizationId,
    PersonId,
    RequestId,
    ScheduleId,
    TimeOffId,
)
from scheduling.model import Attendance, Booking, EventType
from scheduling.moments import Interval
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import (
    AccountKey,
    ChatAccount,
    Person,
    Recipient,
    Role,
)
from scheduling.ports.live import TopicRows
from scheduling.ports.reading import DayBookRows
from scheduling.ports.sessions import SessionRows

P = ParamSpec("P")
T = TypeVar("T")


class PeopleRows(Protocol):
    """People, accounts and roles of the transaction's organization."""

    def get(self, person_id: PersonId) -> Person: ...  # NotFound
    def by_account(self, key: AccountKey) -> tuple[ChatAccount, Person] | None: ...
    def accounts(self, person_id: PersonId) -> list[ChatAccount]: ...
    def add(self, person: Person) -> None: ...
    def update(self, person: Person) -> None:
        """Store every field but roles; the row's version rises by one."""

    def put_account(self, account: ChatAccount) -> None:
        """Insert it, or bring what is known of it up to date."""

    def mark_reachable(self, recipient: Recipient, *, reachable: bool) -> None: ...
    def grant(self, person_id: PersonId, role: Role) -> bool: ...
    def revoke(self, person_id: PersonId, role: Role) -> bool: ...
    def with_role(self, role: Role) -> list[Person]: ...
    def add_invite(self, code_hash: str, expires_at: datetime) -> None: ...
    def use_invite(self, code_hash: str, person_id: PersonId, now: datetime) -> bool:
        """Redeem it once: True for one person only, and before it expires."""

    def put_connect_code(self, code_hash: str, person_id: PersonId, expires_at: datetime) -> None:
        """Make this the person's only connect code."""

    def use_connect_code(self, code_hash: str, now: datetime) -> PersonId | None:
        """Redeem it once; None when it was used, is over, or never was."""

    def merge(self, kept_id: PersonId, gone_id: PersonId) -> None:
        """Make everything of one person the other's; the row that is left goes.

        Accounts, roles, hours, types, bookings, seats, sessions, votes, notifications, drafts
        and feeds.

        Raises:
            SlotTaken: both are busy at the same time as hosts.
        """

    def move_account(self, key: AccountKey, person_id: PersonId) -> None:
        """Let the account belong to another person."""

    def put_feed_token(self, token_hash: str, person_id: PersonId, now: datetime) -> None:
        """Make this the person's only feed token."""

    def revoke_feed(self, person_id: PersonId) -> bool: ...


class HoursRows(Protocol):
    """Schedules, calendars, openings and time off."""

    def schedule(self, schedule_id: ScheduleId) -> Schedule: ...  # NotFound
    def schedules(self, ids: Iterable[ScheduleId]) -> list[Schedule]: ...
    def put_schedule(self, schedule: Schedule) -> None:
        """Insert it, or replace its hours; the caller has raised ``version``."""

    def default_schedule(self, owner_id: PersonId) -> Schedule | None:
        """Return the owner's first one."""

    def calendar(self, calendar_id: CalendarId) -> Calendar: ...  # NotFound
    def default_calendar(self, owner_id: PersonId) -> Calendar | None: ...
    def add_calendar(self, calendar: Calendar) -> None: ...
    def link(
        self, calendar_id: CalendarId, schedule_id: ScheduleId, expires_on: date | None
    ) -> None:
        """Let the calendar use the schedule until the end of that local day (None: for good)."""

    def expiry(self, calendar_id: CalendarId, schedule_id: ScheduleId) -> date | None: ...
    def add_opening(self, opening: Opening) -> None: ...
    def remove_opening(self, opening_id: OpeningId) -> bool: ...
    def add_time_off(self, time_off: TimeOff) -> None: ...
    def remove_time_off(self, time_off_id: TimeOffId) -> bool: ...
    def openings(self, calendar_id: CalendarId, span: Interval) -> list[Opening]: ...
    def time_off(self, person_id: PersonId, span: Interval) -> list[TimeOff]: ...


class EventTypeRows(Protocol):
    """Event types."""

    def get(self, event_type_id: EventTypeId) -> EventType: ...  # NotFound
    def of_host(self, host_id: PersonId) -> list[EventType]: ...
    def add(self, event_type: EventType) -> None: ...
    def update(self, event_type: EventType) -> None: ...


class BookingRows(Protocol):
    """Bookings with their seats, and the spans they occupy."""

    def get(self, booking_id: BookingId) -> Booking: ...  # NotFound
    def add(self, booking: Booking) -> None:
        """Store it with its seats."""

    def update(self, booking: Booking) -> None:
        """Store every field of the row (not the seats)."""

    def put_seat(self, seat: Attendance) -> None:
        """Insert it, or bring it up to date."""

    def claim(self, booking: Booking, occupied: Interval, expires_at: datetime | None) -> None:
        """Let the booking's host be busy for ``occupied``, replacing an earlier claim.

        The second fence: raises SlotTaken when it would overlap another claim of the host.
        A claim past ``expires_at`` is dead for reading, but in the fence until released.
        """

    def claim_until(self, booking_id: BookingId, expires_at: datetime | None) -> bool:
        """Let the claim end then (None: not by itself), its span as it is; False without one.

        Never in conflict, even where the type's buffers have grown since the claim was made.
        """

    def release(self, booking_id: BookingId) -> None:
        """Give the time back."""

    def overdue(
        self, now: datetime, host_ids: Sequence[PersonId] | None, limit: int
    ) -> list[Booking]:
        """Return bookings whose hold, pending deadline or kept-for-undo time is over.

        That is: held and pending ones with expires_at <= now, and cancelled or declined ones
        that still have a claim past its expiry; of these hosts, or of all when None.
        """

    def overdue_seats(
        self, now: datetime, host_ids: Sequence[PersonId] | None, limit: int
    ) -> list[Attendance]:
        """Return held seats past their expiry in bookings that have other seats too."""

    def ended(self, now: datetime, limit: int) -> list[Booking]:
        """Return confirmed bookings whose end is not after now."""

    def held_by(self, person_id: PersonId) -> list[Booking]: ...
    def live_at(self, event_type_id: EventTypeId, start: datetime) -> Booking | None:
        """Return the live booking of the event type that starts then."""

    def live_of_host(self, host_id: PersonId, span: Interval) -> list[Booking]:
        """Return held, pending and confirmed bookings that overlap the span, by start."""

    def coming(self, host_ids: Sequence[PersonId] | None, now: datetime) -> list[Booking]:
        """Return pending and confirmed bookings that start after now."""

    def holds_since(self, person_id: PersonId, since: datetime) -> int: ...


class OutboxRows(Protocol):
    """Notifications written with their cause."""

    def add(self, *notifications: Notification) -> None:
        """Store them; one whose dedupe key is there already is skipped."""

    def retire(
        self,
        booking_id: BookingId,
        kinds: Iterable[NotificationKind],
        *,
        person_id: PersonId | None = None,
    ) -> None:
        """End what waits of these kinds about the booking, claimed or not: no send begins now.

        With ``person_id`` only what that person would get: others keep their seats.
        """


class AuditRows(Protocol):
    """Who did what, for good."""

    def add(
        self, actor_id: PersonId | None, verb: str, subject: str, detail: Mapping[str, str | int]
    ) -> None: ...


class RequestRows(Protocol):
    """Actions that have had their effect."""

    def made(self, request_id: RequestId) -> str | None:
        """Return the subject the first delivery of this action recorded."""

    def record(self, request_id: RequestId, subject: str, now: datetime) -> None: ...


class UndoRows(Protocol):
    """How to take a person's last change back."""

    def put(self, undo_id: str, person_id: PersonId, payload: str, until: datetime) -> None:
        """Store it, in the place of what stood under this id."""

    def take(self, undo_id: str, person_id: PersonId, now: datetime) -> str | None:
        """Return and forget the payload; None when it is over, used, or another's."""


class Transaction(Protocol):
    """One transaction in one organization; returning commits, raising rolls everything back."""

    @property
    def organization_id(self) -> OrganizationId: ...
    @property
    def people(self) -> PeopleRows: ...
    @property
    def hours(self) -> HoursRows: ...
    @property
    def event_types(self) -> EventTypeRows: ...
    @property
    def bookings(self) -> BookingRows: ...
    @property
    def outbox(self) -> OutboxRows: ...
    @property
    def audit(self) -> AuditRows: ...
    @property
    def requests(self) -> RequestRows: ...
    @property
    def undos(self) -> UndoRows: ...
    @property
    def sessions(self) -> SessionRows: ...
    @property
    def topics(self) -> TopicRows: ...

    def lock_hosts(self, host_ids: Iterable[PersonId]) -> None:
        """Queue behind every other transaction on these hosts; call before reading them."""

    def daybook_rows(
        self,
        event_type_id: EventTypeId,
        span: Interval,
        *,
        asker_id: PersonId | None,
        now: datetime,
        excluding: BookingId | None = None,
    ) -> DayBookRows:
        """Read what deciding starts within ``span`` needs; see Queries.daybook_rows."""


class Store(Protocol):
    """The only way to write."""

    async def transact(
        self,
        organization_id: OrganizationId,
        function: "Callable[Concatenate[Transaction, P], T]",
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a synchronous function in one transaction and return what it returns.

        It returns only after the commit. Whatever the function raises leaves unchanged, and
        nothing is written. Cancelling the caller does not cancel the transaction.

        Raises:
            StoreUnavailable: the database cannot be written now (down, locked, full disk).
        """
