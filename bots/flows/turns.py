"""What flows do with a turn beyond answering it: who reads, and turns seen a little otherwise."""

from dataclasses import replace

from bots.chat import Command, Incoming, Press, Turn, Typed
from scheduling.messages import ChatMessage, Plain
from scheduling.people import Card, Person
from scheduling.ports import Clock
from wording.times import Reader


def reader_of(turn: Turn, clock: Clock) -> Reader:
    """Return the person of the turn as somebody who reads times now."""
    return Reader.of(turn.incoming.person, clock.now())


def press_of(turn: Turn) -> Press:
    """Return the button pressed; an empty one when the turn is something else."""
    said = turn.incoming.said
    return said if isinstance(said, Press) else Press("")


def typed_line(turn: Turn) -> str:
    """Return the rest of a command's line, or nothing."""
    said = turn.incoming.said
    return said.text.strip() if isinstance(said, Command) else ""


def typed_text(turn: Turn) -> str:
    """Return words typed into the chat or a field, or nothing."""
    said = turn.incoming.said
    return said.text if isinstance(said, Typed) else ""


def plain(text: str) -> ChatMessage:
    """Return a message of words alone."""
    return ChatMessage((Plain(text),))


class OtherTurn:
    """The same turn with some facts replaced.

    ``below`` sends anew what would be shown in the pressed card: the card stays as it is.
    """

    def __init__(self, turn: Turn, incoming: Incoming, *, below: bool = False) -> None:
        self._turn, self._incoming, self._below = turn, incoming, below

    @property
    def incoming(self) -> Incoming:
        return self._incoming

    async def toast(self, text: str, *, alert: bool = False) -> None:
        await self._turn.toast(text, alert=alert)

    async def show(self, message: ChatMessage) -> Card:
        return await (self._turn.say(message) if self._below else self._turn.show(message))

    async def redraw(self, card: Card, message: ChatMessage) -> Card:
        return await self._turn.redraw(card, message)

    async def say(self, message: ChatMessage) -> Card:
        return await self._turn.say(message)

    async def busy(self) -> None:
        await self._turn.busy()


def with_person(turn: Turn, person: Person) -> Turn:
    """Return the turn with what is now known of its person."""
    return OtherTurn(turn, replace(turn.incoming, person=person))


def as_command(turn: Turn, verb: str, text: str = "") -> Turn:
    """Return the turn as if the command had been typed: answered below, not in the card."""
    said = Command(verb, text)
    return OtherTurn(turn, replace(turn.incoming, said=said, card=None), below=True)
