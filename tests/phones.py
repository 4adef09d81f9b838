"""A person with a phone before the real flows: types, taps, and reads what the chat shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bots.callback_data import decode, encode
from bots.chat import Command, Incoming, Said, Typed
from bots.flows.turns import plain
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.messages import Action, Button, ChatMessage
from scheduling.people import AccountKey, Card, Platform, Recipient
from scheduling.people_service import AccountFacts

if TYPE_CHECKING:
    from office import Office

BOT, TEAM = "4242", "T1"


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
