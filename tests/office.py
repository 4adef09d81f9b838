"""The real services over a real database, with everybody's flows on top."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bots.flows.booking import register_booking
from bots.flows.desk import Desk
from bots.flows.hosting import HostingParts, register_hosting
from bots.flows.parts import BookingParts
from bots.flows.switch import Switch
from bots.flows.zones import ZoneAt, ZoneQuestion
from bots.live.drawing import Renderers
from bots.live.watch import Watch
from bots.router import Router
from builders.people import acting
from doubles import FakeClock
from persistence.database import Database
from phones import BOT, TEAM, Phone, facts_of
from reminders.ics import IcsFiles
from scheduling.booking import BookingService
from scheduling.commands import BookSlot
from scheduling.errors import RecipientUnreachable
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.hosting import HostingService
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.messages import ChatMessage
from scheduling.model import BookingDetails, EventType
from scheduling.notifications import Notification
from scheduling.opening_hours import HoursService
from scheduling.people import AccountKey, Card, Person, Platform, Recipient, Role
from scheduling.people_service import PeopleService
from scheduling.policy import Policy
from scheduling.ports import Outcome, Settlement, Transaction
from scheduling.slots import SlotFinder
from wording.notifications import compose


class BotLinks:
    """Addresses of a bot called pianobot."""

    def deep_link(self, payload: str, organization_id: str = "") -> str:
        return f"https://t.me/pianobot?start={payload}"


class TeamLinks:
    """Addresses of the bot in a team's Slack."""

    def deep_link(self, payload: str) -> str:
        return "https://slack.com/app_redirect?app=A1&team=T1"


@dataclass
class Billboard:
    """A platform's channels and groups: what was put up there."""

    address: str = ""
    put_up: list[tuple[Recipient, ChatMessage]] = field(default_factory=list)
    closed: bool = False

    async def send(self, to: Recipient, message: ChatMessage) -> Card:
        if self.closed:
            raise RecipientUnreachable("not in there")
        self.put_up.append((to, message))
        return Card(to, str(len(self.put_up)))

    async def permalink(self, card: Card) -> str | None:
        return f"{self.address}/{card.chat.chat_id}/{card.message_id}" if self.address else None


class Office:
    """The real services over a real database, with the coach's flows on top."""

    def __init__(
        self,
        database: Database,
        clock: FakeClock,
        *,
        policy: Policy | None = None,
        admins: frozenset[str] = frozenset(),
        feed_url: str | None = None,
        feed_is_public: bool = False,
        zone_at: ZoneAt | None = None,
    ) -> None:
        self.database, self.clock = database, clock
        self.policy = policy or Policy()
        store, queries = database.store, database.queries
        self.finder = SlotFinder(queries, clock, self.policy)
        wake = _nobody
        common = (store, queries)
        self.people = PeopleService(*common, clock, self.policy, admins, wake)
        self.hours = HoursService(*common, self.finder, clock, self.policy, wake)
        self.hosting = HostingService(*common, clock, self.policy, wake)
        self.booking = BookingService(*common, self.finder, clock, self.policy, wake)
        self.links = BotLinks()
        self.posts = {Platform.TELEGRAM: Billboard(), Platform.SLACK: Billboard("https://t1")}
        self.known: dict[str, Person] = {}
        desk = Desk(database.drafts, queries, clock)
        self.router, self.renderers = Router(), Renderers()
        self.watch = Watch(database.live_cards, clock)
        zones = ZoneQuestion(desk, self.people, clock, zone_at)
        zones.register(self.router)
        self.booking_parts = BookingParts(
            booking=self.booking,
            finder=self.finder,
            queries=queries,
            desk=desk,
            zones=zones,
            clock=clock,
            policy=self.policy,
            links=self.links,
            files=IcsFiles(self.policy.reminders),
            sent_files=database.sent_files,
            renderers=self.renderers,
        )
        register_booking(self.router, self.booking_parts)
        self.hosting_parts = HostingParts(
            hosting=self.hosting,
            hours=self.hours,
            booking=self.booking,
            people=self.people,
            finder=self.finder,
            queries=queries,
            desk=desk,
            zones=zones,
            clock=clock,
            links=self.links,
            policy=self.policy,
            renderers=self.renderers,
            posts=self.posts,
            chats={Platform.TELEGRAM: self.links, Platform.SLACK: TeamLinks()},
            feed_url=(lambda token: f"{feed_url}/{token}.ics") if feed_url else None,
            feed_is_public=feed_is_public,
        )
        register_hosting(self.router, self.hosting_parts)
        self.switch = Switch(self.router, desk, clock, self.watch)

    # --- people ---

    async def phone(
        self,
        name: str,
        *,
        zone: str | None = "Europe/Berlin",
        roles: tuple[Role, ...] = (),
        username: str | None = None,
        platform: Platform = Platform.TELEGRAM,
    ) -> Phone:
        """Return the phone of somebody the bot has met."""
        number = str(1001 + len(self.known))
        key = AccountKey(platform, BOT if platform is Platform.TELEGRAM else TEAM, number)
        facts = facts_of(key, name, username)
        _, person = await self.people.meet(DEFAULT_ORGANIZATION, facts)
        if zone:
            person = await self.people.set_zone(acting(person), zone)
        for role in roles:
            await self.people.grant(DEFAULT_ORGANIZATION, person.id, role, None)
        self.known[number] = person
        return Phone(self, key, name, username)

    async def coach(
        self,
        name: str = "Ana Ruiz",
        *,
        line: str = "mon,tue,thu,fri 9-12 13-17; wed,sat,sun off",
        minutes: int = 60,
        zone: str = "Europe/Berlin",
        title: str = "Piano lesson",
    ) -> tuple[Phone, EventType]:
        """Return the phone of somebody who offers time, and what is offered."""
        phone = await self.phone(name, zone=zone)
        today = self.clock.now().date()
        kind = await self.hosting.become_coach(
            acting(self.person(phone)),
            parse_hours_line(line, today=today),
            timedelta(minutes=minutes),
            RequestId(new_id()),
            title=title,
        )
        return phone, kind

    async def slack_coach(self) -> Phone:
        """Return Ana in Slack, who offers a piano lesson."""
        phone = await self.phone("Ana Ruiz", platform=Platform.SLACK)
        await self.hosting.become_coach(
            acting(self.person(phone)),
            parse_hours_line("mon-fri 9-17", today=self.clock.now().date()),
            timedelta(minutes=60),
            RequestId(new_id()),
            title="Piano lesson",
        )
        return phone

    def person(self, phone: Phone) -> Person:
        """Return who the phone belongs to, as first met."""
        return self.known[phone.chat.chat_id]

    async def read(self, phone: Phone) -> Person:
        """Return the phone's person as stored now."""
        return await self.database.queries.person(DEFAULT_ORGANIZATION, self.person(phone).id)

    # --- bookings ---

    async def books(
        self, phone: Phone, kind: EventType, start: datetime, *, answer: str = ""
    ) -> BookingDetails:
        """Let somebody book a time, as from elsewhere."""
        answers = ((kind.questions[0].key, answer),) if answer else ()
        booking = await self.booking.book(
            BookSlot(
                actor=acting(self.person(phone)),
                event_type_id=kind.id,
                start=start,
                request_id=RequestId(new_id()),
                answers=answers,
            )
        )
        return await self.database.queries.booking(DEFAULT_ORGANIZATION, booking.id)

    async def details(self, details: BookingDetails) -> BookingDetails:
        """Return the booking as it stands now."""
        return await self.database.queries.booking(DEFAULT_ORGANIZATION, details.booking.id)

    async def change(self, kind: EventType, **changes: object) -> EventType:
        """Store an event type otherwise, past what its coach may do by chat."""
        changed = replace(kind, version=kind.version + 1, **changes)  # type: ignore[arg-type]

        def store(tx: Transaction) -> None:
            tx.event_types.update(changed)

        await self.database.store.transact(DEFAULT_ORGANIZATION, store)
        return changed

    async def deliver(self, *phones: Phone) -> None:
        """Show on these phones what is due, as the dispatcher would; drop it for the others."""
        by_person = {self.person(phone).id: phone for phone in phones}
        now, outbox = self.clock.now(), self.database.outbox
        while claimed := await outbox.claim_due(now, limit=50, lease=timedelta(seconds=30)):
            for each in claimed:
                notification = each.notification
                phone = by_person.get(notification.person_id)
                if phone is not None:
                    await self._show(phone, notification)
                await outbox.settle(each, Settlement(Outcome.SENT), now)

    async def _show(self, phone: Phone, notification: Notification) -> None:
        queries = self.database.queries
        details = None
        if notification.booking_id:
            details = await queries.booking(DEFAULT_ORGANIZATION, notification.booking_id)
        reader = await queries.person(DEFAULT_ORGANIZATION, notification.person_id)
        message = compose(notification, details, reader, now=self.clock.now(), links=self.links)
        await self.put(phone, notification, message)

    async def put(self, phone: Phone, notification: Notification, message: ChatMessage) -> None:
        """Show what a notification says, and have it kept right."""
        card = notification.card
        message_id = card.message_id if card else phone.screen.new_id()
        phone.screen.put(message_id, message)
        if card or message.live:
            place = Card(phone.chat, message_id)
            await self.watch.shown(DEFAULT_ORGANIZATION, notification.person_id, place, message)


def _nobody() -> None:
    """Wake nobody: tests deliver by hand."""
