"""A team in a channel: phones whose presses and commands come from a group, and its one card."""

from dataclasses import dataclass, field
from datetime import timedelta

from bots.callback_data import decode, encode
from bots.chat import Command, Incoming, Said, Turn
from bots.flows.compare import register_compare
from bots.flows.desk import Desk
from bots.flows.sessions import SessionParts, register_sessions
from bots.flows.zones import ZoneQuestion
from doubles import FakeClock
from persistence.database import Database
from phones import BOT, Phone, PhoneTurn
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, SessionId, new_id
from scheduling.messages import Action, Buttons, ChatMessage, More
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Card, Person, Platform, Recipient
from scheduling.people_service import AccountFacts
from scheduling.ports import Outcome, Settlement
from scheduling.sessions.model import Session, SessionDetails
from scheduling.sessions.service import SessionService
from town import Town
from wording.notifications import compose
from wording.sessions import card

GROUP = Recipient(Platform.TELEGRAM, BOT, "-1001")


@dataclass
class Channel:
    """What the group shows: its one card, and what stands below it."""

    card: ChatMessage | None = None
    thread: list[str] = field(default_factory=list)
    session_id: SessionId | None = None


class ByFirstName:
    """Finds people of the team by their first names."""

    def __init__(self, team: "Team") -> None:
        self._team = team

    async def find(self, turn: Turn, mention: str) -> Person | None:
        name = mention.removeprefix("@").lower()
        known = self._team.known.values()
        return next((p for p in known if p.first_name.lower() == name), None)


class Team(Town):
    """The flows of a town, and a group in which sessions are asked."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        super().__init__(database, clock)
        queries = database.queries
        self.channel = Channel()
        self.sessions = SessionService(
            database.store, queries, database.sessions, self.finder, clock, self.policy, _nobody
        )
        desk = Desk(database.drafts, queries, clock)
        parts = SessionParts(
            sessions=self.sessions,
            reads=database.sessions,
            queries=queries,
            desk=desk,
            zones=ZoneQuestion(desk, self.people, clock),
            clock=clock,
            finders={Platform.TELEGRAM: ByFirstName(self)},
        )
        register_sessions(self.router, parts)
        register_compare(self.router, parts)

    # --- doing ---

    async def in_group(
        self, phone: Phone, said: Said, *, private: bool = True, request: str | None = None
    ) -> str:
        """Let the bot hear something in the group, and return the toast or the private answer."""
        facts = AccountFacts(
            phone._key,  # noqa: SLF001
            phone.chat.chat_id if private else None,
            phone._name,  # noqa: SLF001
            None,
            "en",
        )
        account, person = await self.people.meet(DEFAULT_ORGANIZATION, facts)
        incoming = Incoming(
            organization_id=DEFAULT_ORGANIZATION,
            account=account,
            person=person,
            chat=phone.chat if private else GROUP,
            private=private,
            said=said,
            request_id=RequestId(request or new_id()),
            card=None,
            received_at=self.clock.now(),
            group=GROUP,
        )
        toasts, changes = len(phone.screen.toasts), phone.screen.changes
        await self.switch.answer(PhoneTurn(incoming, phone.screen))
        if len(phone.screen.toasts) > toasts:
            return phone.toast
        return phone.text if phone.screen.changes > changes else ""

    async def command(self, phone: Phone, line: str) -> str:
        """Type /session with a line in the group; post what it brings, and return the answer."""
        answer = await self.in_group(phone, Command("session", line))
        await self.post()
        return answer

    async def press(self, phone: Phone, label: str, *, private: bool = True) -> str:
        """Press a button of the group's card, which is then drawn anew, as for everybody."""
        press = decode(encode(self.group_button(label)))
        assert press is not None
        answer = await self.in_group(phone, press, private=private)
        await self.redraw()
        return answer

    def group_button(self, label: str) -> Action:
        """Return a button of the group's card."""
        assert self.channel.card is not None
        for action in _actions(self.channel.card):
            if action.label == label:
                return action
        shown = [action.label for action in _actions(self.channel.card)]
        raise AssertionError(f"no button {label!r} in the group; there are {shown}")

    # --- what the dispatcher and the keeper of cards do ---

    async def post(self, *phones: Phone) -> None:
        """Send what is due: into the group, below its card, and to these phones."""
        by_person = {self.person(phone).id: phone for phone in phones}
        now, outbox = self.clock.now(), self.database.outbox
        while claimed := await outbox.claim_due(now, limit=50, lease=timedelta(seconds=30)):
            for each in claimed:
                notification = each.notification
                if notification.chat is not None:
                    await self._into_group(notification)
                elif phone := by_person.get(notification.person_id):
                    await self._show(phone, notification)
                await outbox.settle(each, Settlement(Outcome.SENT), now)
        await self.redraw()

    async def lose(self) -> None:
        """Let what is due come to nothing, as where the group is closed to us."""
        now, outbox = self.clock.now(), self.database.outbox
        for each in await outbox.claim_due(now, limit=50, lease=timedelta(seconds=30)):
            await outbox.settle(each, Settlement(Outcome.UNREACHABLE), now)

    async def _into_group(self, notification: Notification) -> None:
        assert notification.session_id is not None
        self.channel.session_id = notification.session_id
        message = await self._composed(notification)
        if notification.kind is NotificationKind.SESSION_POSTED:
            self.channel.card = message
            await self.database.sessions.remember_card(
                DEFAULT_ORGANIZATION, notification.session_id, Card(GROUP, "77")
            )
        else:
            self.channel.thread.append(message.text)

    async def _composed(self, notification: Notification) -> ChatMessage:
        queries = self.database.queries
        booking = session = None
        if notification.booking_id:
            booking = await queries.booking(DEFAULT_ORGANIZATION, notification.booking_id)
        if notification.session_id:
            session = await self.details(notification.session_id)
        reader = await queries.person(DEFAULT_ORGANIZATION, notification.person_id)
        return compose(
            notification,
            booking,
            reader,
            now=self.clock.now(),
            links=self.links,
            session=session,
        )

    async def _show(self, phone: Phone, notification: Notification) -> None:
        if notification.session_id is None:
            await super()._show(phone, notification)
            return
        message, on = await self._composed(notification), notification.card
        phone.screen.put(on.message_id if on else phone.screen.new_id(), message)

    async def redraw(self) -> None:
        """Draw the group's card as it stands, as the keeper of live cards does."""
        if self.channel.session_id is not None and self.channel.card is not None:
            details = await self.details(self.channel.session_id)
            self.channel.card = card(details, None, self.clock.now())

    # --- reading ---

    async def details(self, session_id: SessionId) -> SessionDetails:  # type: ignore[override]
        return await self.database.sessions.session(DEFAULT_ORGANIZATION, session_id)

    async def session(self) -> Session:
        """Return the session in the group as it stands."""
        assert self.channel.session_id is not None
        return (await self.details(self.channel.session_id)).session

    @property
    def text(self) -> str:
        """Return the words of the group's card."""
        return self.channel.card.text if self.channel.card else ""

    @property
    def labels(self) -> list[str]:
        """Return the labels of the group's card, those between the words too."""
        return [a.label for a in _actions(self.channel.card)] if self.channel.card else []

    async def later(self, length: timedelta, *phones: Phone) -> None:
        """Let time pass, and what it makes due happen."""
        self.clock.advance(length)
        await self.sessions.keep_up(DEFAULT_ORGANIZATION)
        await self.post(*phones)


async def three(team: Team) -> tuple[Phone, Phone, Phone]:
    """Return Bo, Ana and Cem; Ana offers time, the others have set no hours."""
    bo = await team.phone("Bo Lind")
    ana, _ = await team.coach("Ana Ruiz")
    cem = await team.phone("Cem Kaya")
    return bo, ana, cem


def _actions(message: ChatMessage) -> list[Action]:
    rows = [*(p.row for p in message.parts if isinstance(p, Buttons)), *message.rows]
    buttons = [button for row in rows for button in row]
    flat = [each for b in buttons for each in (b.actions if isinstance(b, More) else (b,))]
    return [each for each in flat if isinstance(each, Action)]


def _nobody() -> None:
    """Wake nobody: tests deliver by hand."""
