"""A neutral flow's answer, caught to be shown inside a window instead of the chat."""

from bots.chat import Incoming
from scheduling.messages import ChatMessage, Part, Plain
from scheduling.people import Card


class CaughtTurn:
    """A turn that keeps what it is told to say; nothing is sent."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self._toasts: list[str] = []
        self._message: ChatMessage | None = None

    @property
    def incoming(self) -> Incoming:
        return self._incoming

    @property
    def message(self) -> ChatMessage:
        """Return everything that was said, as one message."""
        told: list[Part] = [Plain("\n".join(self._toasts))] if self._toasts else []
        if self._message is None:
            return ChatMessage(tuple(told))
        if told and self._message.parts:
            told.append(Plain("\n\n"))
        parts = (*told, *self._message.parts)
        return ChatMessage(parts, self._message.rows, live=self._message.live)

    async def toast(self, text: str, *, alert: bool = False) -> None:
        self._toasts.append(text)

    async def show(self, message: ChatMessage) -> Card:
        return await self.say(message)

    async def redraw(self, card: Card, message: ChatMessage) -> Card:
        return await self.say(message)

    async def say(self, message: ChatMessage) -> Card:
        self._message = message
        return self._incoming.card or Card(self._incoming.chat, "")

    async def busy(self) -> None:
        """Show nothing: the window is there already."""
