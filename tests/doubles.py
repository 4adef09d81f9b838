"""The only stand-ins: clocks that go when told to, and a messenger that remembers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.errors import DeliveryError
from scheduling.messages import ChatMessage, File
from scheduling.people import Card, Platform, Recipient


class SetClock:
    """Seconds since 1970, moved by the test alone: the clock of the playground."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class FakeClock:
    """Stands still until it is advanced; whoever sleeps on it wakes when it passes their time."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the time it was last set to."""
        return self._now

    async def sleep(self, length: timedelta) -> None:
        """Wait until the clock has been advanced by this much."""
        if length <= timedelta():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + length, future))
        await future

    def advance(self, length: timedelta) -> None:
        """Let time pass."""
        self.set(self._now + length)

    def set(self, now: datetime) -> None:
        """Set it, also backwards, as a machine's clock may be."""
        self._now = now
        due = [future for until, future in self._sleepers if until <= now and not future.done()]
        self._sleepers = [(u, f) for u, f in self._sleepers if u > now and not f.done()]
        for future in due:
            future.set_result(None)


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing a messenger was asked to do: "send", "edit", "refresh" or "file"."""

    how: str
    chat: Recipient
    card: Card
    message: ChatMessage | None = None
    file: File | None = None
    replacing: Card | None = None


class RecordingMessenger:
    """Takes every message and keeps it; fails when told to.

    ``fail_with`` may be an error, raised once per entry of ``failures``, or set ``failing`` to a
    function that returns the error for a chat, or None.
    """

    def __init__(self, platform: Platform = Platform.TELEGRAM) -> None:
        self._platform = platform
        self._next = 100
        self.log: list[Sent] = []
        self.failures: list[DeliveryError] = []
        self.failing: Callable[[Recipient], DeliveryError | None] = lambda _: None

    @property
    def platform(self) -> Platform:
        """Return the platform it stands for."""
        return self._platform

    def fail_with(self, *errors: DeliveryError) -> None:
        """Let the next calls end in these errors, one each, and change nothing."""
        self.failures.extend(errors)

    async def send(self, to: Recipient, message: ChatMessage) -> Card:
        """Take a new message."""
        self._maybe_fail(to)
        card = self._new_card(to)
        self.log.append(Sent("send", to, card, message))
        return card

    async def edit(self, card: Card, message: ChatMessage) -> Card:
        """Take a change of an earlier message."""
        self._maybe_fail(card.chat)
        self.log.append(Sent("edit", card.chat, card, message))
        return card

    async def refresh(self, card: Card, message: ChatMessage) -> None:
        """Take a silent change of an earlier message."""
        self._maybe_fail(card.chat)
        self.log.append(Sent("refresh", card.chat, card, message))

    async def send_file(self, to: Recipient, file: File, *, replacing: Card | None) -> Card:
        """Take a file."""
        self._maybe_fail(to)
        card = replacing or self._new_card(to)
        self.log.append(Sent("file", to, card, file=file, replacing=replacing))
        return card

    def texts(self, to: Recipient | None = None) -> list[str]:
        """Return the words of what was sent and edited, in order; of one chat if asked."""
        return [
            sent.message.text
            for sent in self.log
            if sent.message and (to is None or sent.chat == to)
        ]

    def _maybe_fail(self, chat: Recipient) -> None:
        if self.failures:
            raise self.failures.pop(0)
        if error := self.failing(chat):
            raise error

    def _new_card(self, chat: Recipient) -> Card:
        self._next += 1
        return Card(chat, str(self._next))
