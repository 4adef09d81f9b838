"""A person with a phone before the real flows: types, taps, and reads what the chat shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bots.callback_data import decode, encode
from bots.chat import Command, Incoming, Said, Typed
from bots.flows.booking import register_booking
from bots.flows.desk import Desk
from bots.flows.hosting import HostingParts, register_hosting
from bots.flows.parts import BookingParts
from bots.flows.switch import Switch
from bots.flows.turns import plain
from bots.flows.zones import ZoneAt, ZoneQuestion
from bots.live.drawing import Renderers
from bots.live.watch import Watch
from bots.router import Router
from builders.people import acting
from doubles import FakeClock
from persistence.database import Database
from reminders.ics import IcsFiles
from scheduling.booking import BookingService
from scheduling.commands import BookSlot
from scheduling.errors import RecipientUnreachable
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.hosting import HostingService
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.messages import Action, Button, ChatMessage
from scheduling.model import BookingDetails, EventType
from scheduling.notifications import Notification
from scheduling.opening_hours import HoursService
from scheduling.people import AccountKey, Card, Person, Platform, Recipient, Role
from scheduling.people_service import AccountFacts, PeopleService
from scheduling.policy import Policy
from scheduling.ports import Outcome, Settlement, Transaction
from scheduling.slots import SlotFinder
from wording.notifications import compose

BOT, TEAM = "4242", "T1"


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


@dataclass
class Screen:
    """What one chat shows: messages by id, the one touched last at the end."""

    messages: dict[str, ChatMessage] = field(default_factory=dict)
    toasts: list[str] = field(default_factory=list)
    changes: int = 0
    """How often something was shown."""

    def put(self, message_id: str, message: ChatMessage) -> None:
        """Show a message, whose every button must be able to come back."""
        for button in _buttons(message):
            if isinstance(button, Action):
                encode(button)
        self.changes += 1
        self.messages.pop(message_id, None)
        self.messages[message_id] = message

    def new_id(self) -> str:
        return str(101 + len(self.messages))


class PhoneTurn:
    """A turn that draws on a screen."""

    def __init__(self, incoming: Incoming, screen: Screen) -> None:
        self._incoming, self._screen = incoming, screen

    @property
    def incoming(self) -> Incoming:
        return self._incoming

    async def toast(self, text: str, *, alert: bool = False) -> None:
        self._screen.changes += 1
        self._screen.toasts.append(text)

    async def show(self, message: ChatMessage) -> Card:
        if self._incoming.card is None:
            return await self.say(message)
        return await self.redraw(self._incoming.card, message)

    async def redraw(self, card: Card, message: ChatMessage) -> Card:
        self._screen.put(card.message_id, message)
        return card

    async def say(self, message: ChatMessage) -> Card:
        message_id = self._screen.new_id()
        self._screen.put(message_id, message)
        return Card(self._incoming.chat, message_id)

    async def busy(self) -> None:
        pass


def facts_of(key: AccountKey, name: str, username: str | None) -> AccountFacts:
    """Return what a platform says of somebody; Slack's profiles are kept up to date by them."""
    in_slack = key.platform is Platform.SLACK
    return AccountFacts(key, key.account_id, name, username, "en", is_profile=in_slack)


class Phone:
    """One person's private chat with the bot."""

    def __init__(
        self, office: "Office", key: AccountKey, name: str, username: str | None = None
    ) -> None:
        self._office, self._key, self._name, self._username = office, key, name, username
        self.screen = Screen()
        self.chat = Recipient(key.platform, key.tenant, key.account_id)
        self.taps = 0

    # --- doing ---

    async def type(self, text: str) -> ChatMessage:
        """Type words, or a command with its slash."""
        verb, _, rest = text.removeprefix("/").partition(" ")
        return await self.say(Command(verb, rest) if text.startswith("/") else Typed(text))

    async def tap(self, label: str) -> ChatMessage:
        """Press the newest button of that label."""
        self.taps += 1
        return await self.press(*self.button(label))

    async def press(self, action: Action, message_id: str) -> ChatMessage:
        """Press a button that may not be there any more; it travels as its 64 bytes."""
        press = decode(encode(action))
        assert press is not None
        return await self.say(press, Card(self.chat, message_id))

    async def say(
        self, said: Said, card: Card | None = None, *, group: str | None = None
    ) -> ChatMessage:
        """Let the bot hear something, maybe in a group, and return what the chat shows then."""
        facts = facts_of(self._key, self._name, self._username)
        account, person = await self._office.people.meet(DEFAULT_ORGANIZATION, facts)
        incoming = Incoming(
            organization_id=DEFAULT_ORGANIZATION,
            account=account,
            person=person,
            chat=self.chat,
            private=True,
            said=said,
            request_id=RequestId(new_id()),
            card=card,
            received_at=self._office.clock.now(),
            group=replace(self.chat, chat_id=group) if group else None,
        )
        await self._office.switch.answer(PhoneTurn(incoming, self.screen))
        return self.card

    # --- reading ---

    @property
    def card(self) -> ChatMessage:
        """Return the message touched last."""
        return list(self.screen.messages.values())[-1] if self.screen.messages else plain("")

    @property
    def text(self) -> str:
        """Return its words."""
        return self.card.text

    @property
    def labels(self) -> list[list[str]]:
        """Return its buttons, row by row."""
        return [[button.label for button in row] for row in self.card.rows]

    @property
    def toast(self) -> str:
        """Return the last short answer."""
        return self.screen.toasts[-1] if self.screen.toasts else ""

    @property
    def message_id(self) -> str:
        """Return the id of the message touched last."""
        return list(self.screen.messages)[-1]

    def button(self, label: str) -> tuple[Action, str]:
        """Return the newest button of that label, and its message."""
        for message_id, message in reversed(self.screen.messages.items()):
            for button in _buttons(message):
                if button.label == label and isinstance(button, Action):
                    return button, message_id
        shown = [button.label for button in _buttons(self.card)]
        raise AssertionError(f"no button {label!r}; the newest message has {shown}")

    def buttons(self) -> list[Button]:
        """Return the buttons of the message touched last."""
        return list(_buttons(self.card))


def _buttons(message: ChatMessage) -> Iterator[Button]:
    for row in message.rows:
        yield from row


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
