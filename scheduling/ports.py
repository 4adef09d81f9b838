"""What the core and the middle packages ask of each other; app/wiring.py brings them together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Concatenate, Literal, ParamSpec, Protocol, TypeVar

from scheduling.hours import Calendar, Opening, Schedule, ScheduleHead, TimeOff
from scheduling.ids import (
    BookingId,
    CalendarId,
    DraftId,
    EventTypeId,
    OpeningId,
    OrganizationId,
    PersonId,
    RequestId,
    ScheduleId,
    StartCode,
    TimeOffId,
)
from scheduling.messages import ChatMessage, File
from scheduling.model import Attendance, Booking, BookingDetails, EventType
from scheduling.moments import Interval
from scheduling.notifications import Notification, NotificationKind, NotificationState
from scheduling.people import (
    AccountKey,
    Card,
    ChatAccount,
    Person,
    Platform,
    Recipient,
    Role,
)

P = ParamSpec("P")
T = TypeVar("T")


class Clock(Protocol):
    """Now, and waiting; the only source of either."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""

    async def sleep(self, length: timedelta) -> None:
        """Wait; the fake one returns when it has been advanced past the end."""


class WakeUp(Protocol):
    """Tells the dispatcher that rows may be due, so that nobody waits for the next tick."""

    def __call__(self) -> None:
        """Wake it; cheap, callable from any thread, repeats are one."""


# --- one day book's rows -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupTime:
    """A live booking of the event type itself, which others may still join."""

    booking_id: BookingId
    start: int
    end: int
    seats_used: int
    capacity: int
    asker_in: bool


@dataclass(frozen=True, slots=True)
class DayBookRows:
    """Everything deciding a start needs, as the database tells it in one read.

    Instants are whole seconds since the epoch; ``busy`` holds occupied spans of the host as they
    were claimed (buffers included) that are live at ``now``: overdue holds and pendings, the
    asker's own holds, and ``excluding`` are left out. ``busy`` also holds, without buffers, the
    host's own seats in other hosts' bookings. The event type's own live times stand in ``groups``
    besides when its capacity is above one. ``starts`` are the host's bookings that count
    against caps (held, pending, confirmed, completed), with their event type, over the range
    widened by eight days on both sides; empty when neither cap is set. What ``busy`` leaves out
    is left out of ``groups`` (the seat, or the whole time) and of ``starts`` too: what is listed
    for the asker must be what deciding, which frees their hold first, then allows.
    """

    event_type: EventType
    host_zone: str
    host_cap_per_day: int | None
    host_cap_per_week: int | None
    heads: tuple[ScheduleHead, ...]
    openings: tuple[Opening, ...]
    time_off: tuple[TimeOff, ...]
    busy: tuple[tuple[int, int], ...]
    groups: tuple[GroupTime, ...]
    starts: tuple[tuple[int, EventTypeId], ...]
    asker_id: PersonId | None
    asker_is_host: bool
    asker_coming: int
    """Live bookings of the asker that have not ended (held ones not counted)."""


# --- writing -------------------------------------------------------------------------------


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

    def has_claim(self, booking_id: BookingId) -> bool: ...
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
    def mark_files_sent(self, booking_id: BookingId) -> None: ...


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


# --- reading -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HoursOverview:
    """A coach's hours as they stand."""

    calendar: Calendar
    schedule: Schedule
    expires_on: date | None
    openings: tuple[Opening, ...]
    time_off: tuple[TimeOff, ...]
    """Openings and time off that have not ended."""


@dataclass(frozen=True, slots=True)
class CoachEntry:
    """A coach in the directory, with the types anybody may book."""

    person: Person
    event_types: tuple[EventType, ...]


class Queries(Protocol):
    """Reads that never wait for a writer."""

    async def person(self, organization_id: OrganizationId, person_id: PersonId) -> Person: ...
    async def account(self, key: AccountKey) -> tuple[ChatAccount, Person] | None: ...
    async def accounts(
        self, organization_id: OrganizationId, person_id: PersonId
    ) -> list[ChatAccount]:
        """Return the person's accounts, the one last used first."""

    async def event_type(
        self, organization_id: OrganizationId, event_type_id: EventTypeId
    ) -> EventType: ...
    async def by_code(
        self, organization_id: OrganizationId, code: StartCode
    ) -> EventType | None: ...
    async def event_types_of(
        self, organization_id: OrganizationId, host_id: PersonId
    ) -> list[EventType]:
        """Return the host's types that are not off, in the order they were made."""

    async def coaches(self, organization_id: OrganizationId, text: str = "") -> list[CoachEntry]:
        """Return coaches with at least one listed type whose name or title holds the text."""

    async def hours(
        self, organization_id: OrganizationId, owner_id: PersonId, now: datetime
    ) -> HoursOverview | None: ...
    async def schedules(
        self, organization_id: OrganizationId, ids: Sequence[ScheduleId]
    ) -> list[Schedule]: ...
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
        """Read the same rows as Transaction.daybook_rows, for several types, in their order."""

    async def booking(
        self, organization_id: OrganizationId, booking_id: BookingId
    ) -> BookingDetails: ...  # NotFound
    async def bookings_of(
        self,
        organization_id: OrganizationId,
        person_id: PersonId,
        *,
        now: datetime,
        limit: int = 20,
    ) -> list[BookingDetails]:
        """Return what the person attends that has not ended, live only (no holds), by start."""

    async def finished_of(
        self, organization_id: OrganizationId, person_id: PersonId, *, limit: int = 20
    ) -> list[BookingDetails]:
        """Return what the person attended that is over and not cleared, newest first."""

    async def hosted(
        self, organization_id: OrganizationId, host_id: PersonId, span: Interval
    ) -> list[BookingDetails]:
        """Return live bookings (no holds) and completed ones of the host in the span, by start."""

    async def feed_owner(self, token_hash: str) -> tuple[OrganizationId, PersonId] | None: ...


# --- intake, drafts, leases ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inbound:
    """One update of a platform, as it came."""

    platform: Platform
    tenant: str
    key: str
    """The platform's own id of the update; unique with platform and tenant."""
    conversation: str
    """What must stay in order: the chat's id."""
    payload: str
    """JSON as received."""
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ConversationClaim:
    """The right to work on one conversation until ``lease_until``, fenced by ``token``."""

    platform: Platform
    tenant: str
    conversation: str
    token: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored update with how often it was begun."""

    id: int
    inbound: Inbound
    attempts: int


class Inbox(Protocol):
    """Updates are rows before they are work."""

    async def put(self, updates: Sequence[Inbound]) -> int:
        """Store what is new, commit, and return how many were; safe to repeat."""

    async def claim(self, now: datetime, lease: timedelta) -> ConversationClaim | None:
        """Take the conversation with the oldest waiting update that nobody works on."""

    async def next(self, claim: ConversationClaim) -> InboxRow | None:
        """Return its oldest waiting update and count the attempt.

        None when there is none, or when the claim is no longer ours.
        """

    async def finish(self, claim: ConversationClaim, row: InboxRow, *, parked: str = "") -> None:
        """Mark it handled, or parked with the reason; a claim that is not ours changes nothing."""

    async def renew(self, claim: ConversationClaim, until: datetime) -> bool: ...
    async def release(self, claim: ConversationClaim) -> None: ...
    async def waiting(self) -> int: ...
    async def forget(self, before: datetime) -> int:
        """Delete handled updates older than that (at least 48 h are kept)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Choices made so far in one chat, before there is a command; survives a restart.

    ``data`` is a flat JSON-able mapping owned by the flow named in ``flow``. ``awaits`` names
    the text question that is open in the chat, or is empty.
    """

    organization_id: OrganizationId
    id: DraftId
    person_id: PersonId
    chat: Recipient
    flow: str
    data: Mapping[str, object]
    awaits: str = ""
    revision: int = 1
    message_id: str | None = None
    """The card that shows the draft, once it was sent."""


class Drafts(Protocol):
    """Where conversations stand."""

    async def get(self, organization_id: OrganizationId, draft_id: DraftId) -> Draft | None: ...
    async def awaiting(self, organization_id: OrganizationId, chat: Recipient) -> Draft | None:
        """Return the draft of the chat that last began to wait for typed text."""

    async def save(self, draft: Draft, now: datetime) -> Draft:
        """Insert it (revision 1), or store it over its present revision, raised by one.

        Raises:
            DraftChanged: another action has stored it since it was read.
        """

    async def attach(self, draft: Draft, message_id: str) -> None:
        """Remember the card that shows it; the revision stays."""

    async def forget(self, before: datetime) -> int: ...


class DraftChanged(Exception):
    """Somebody (a second press) was quicker; read it again."""


class Leases(Protocol):
    """Leadership that survives nobody: a row with an end, fenced by a rising number."""

    async def acquire(self, name: str, holder: str, now: datetime, ttl: timedelta) -> int | None:
        """Take or renew it; returns the fence number, or None while another holds it."""

    async def release(self, name: str, holder: str) -> None: ...


class Memory(Protocol):
    """Small facts that must survive a restart: the polling offset, the zone data's version."""

    async def recall(self, key: str) -> str | None: ...
    async def remember(self, key: str, value: str) -> None: ...


# --- delivery ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claimed:
    """A due notification leased to this dispatcher."""

    notification: Notification
    attempts: int
    """This one included."""
    token: int
    maybe_sent: bool
    """An earlier attempt may have reached the platform: this one is its only repeat."""


class Outcome(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    STALE = "stale"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    RETRY = "retry"
    UNKNOWN = "unknown"
    """May have been sent; repeated at most once."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """The end of one attempt; ``retry_at`` with RETRY and UNKNOWN, ``reason`` in a word."""

    outcome: Outcome
    retry_at: datetime | None = None
    reason: str = ""
    sent_card: Card | None = None


class Outbox(Protocol):
    """The dispatcher's side of the outbox."""

    async def claim_due(
        self, now: datetime, *, limit: int, lease: timedelta, max_urgency: int = 9
    ) -> list[Claimed]:
        """Lease due rows, most urgent first, then by due time; expired leases count as due.

        A row whose lease ran out comes back with ``maybe_sent`` set.
        """

    async def still_ours(self, claimed: Claimed) -> bool:
        """Say whether the row still waits under our token; asked right before sending."""

    async def settle(self, claimed: Claimed, settlement: Settlement, now: datetime) -> bool:
        """Write how it ended; False (and no change) when the lease is no longer ours."""

    async def next_due(self) -> datetime | None: ...
    async def overdue(self, now: datetime) -> int: ...
    async def defer_chat(self, chat: Recipient, until: datetime) -> None:
        """Nothing is claimed for this chat before then; kept in the rows, so it outlives us."""

    async def move_chat(self, chat: Recipient, new_chat_id: str) -> None: ...
    async def states(self) -> Mapping[NotificationState, int]: ...


@dataclass(frozen=True, slots=True)
class SentFile:
    """A calendar file that went to a chat, so that it can be replaced."""

    card: Card
    sequence: int


class SentFiles(Protocol):
    """Calendar files that are out."""

    async def find(
        self, organization_id: OrganizationId, booking_id: BookingId, person_id: PersonId
    ) -> SentFile | None: ...
    async def remember(
        self,
        organization_id: OrganizationId,
        booking_id: BookingId,
        person_id: PersonId,
        sent: SentFile,
    ) -> None:
        """Store it and note on the booking that files are out."""


class Messenger(Protocol):
    """One chat platform, seen from the core. Every method may raise a DeliveryError."""

    @property
    def platform(self) -> Platform: ...

    async def send(self, to: Recipient, message: ChatMessage) -> Card:
        """Send a new message."""

    async def edit(self, card: Card, message: ChatMessage) -> Card:
        """Make the card show this; one that cannot be edited any more is sent anew.

        Showing what it shows already is success.
        """

    async def send_file(self, to: Recipient, file: File, *, replacing: Card | None) -> Card:
        """Send a document silently, or put it in the place of an earlier one."""


class CalendarFiles(Protocol):
    """Writes iCalendar."""

    def for_booking(
        self,
        details: BookingDetails,
        reader: Person,
        *,
        method: Literal["PUBLISH", "REQUEST", "CANCEL"] = "PUBLISH",
        now: datetime,
    ) -> File:
        """Compose the booking's file as this reader gets it."""

    def feed(self, owner: Person, bookings: Sequence[BookingDetails], *, now: datetime) -> bytes:
        """Compose a calendar feed; a booking that cannot be written is left out, the rest stay."""


class Links(Protocol):
    """Addresses that lead into the chats."""

    def deep_link(self, payload: str) -> str:
        """Return the address that opens the bot with /start and the payload."""


class Part(Protocol):
    """Something that runs while slotbook runs."""

    @property
    def name(self) -> str: ...

    def running(self) -> AbstractAsyncContextManager[None]:
        """Run it inside the block; leaving drains it."""

    def trouble(self, now: datetime) -> str | None:
        """Say what is wrong with it, for /healthz; None when it is alive."""
