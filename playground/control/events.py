"""The stream of what happens, numbered, so that nobody who follows it misses a step."""

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``data`` names user and bot where it concerns a chat."""

    seq: int
    kind: str
    data: dict[str, Any]

    def json(self) -> dict[str, Any]:
        return {"seq": self.seq, "kind": self.kind, **self.data}


class EventHub:
    """Keeps the newest events and wakes everybody who waits for the next."""

    def __init__(self, kept: int) -> None:
        self._events: deque[Event] = deque(maxlen=kept)
        self._waiters: set[asyncio.Future[None]] = set()
        self.seq = 0
        # Tells the events of one start from those of another at the same address.
        self.epoch = secrets.token_hex(4)
        self.closed = False

    def emit(self, kind: str, data: dict[str, Any]) -> Event:
        self.seq += 1
        event = Event(self.seq, kind, data)
        self._events.append(event)
        self._wake()
        return event

    def after(self, seq: int) -> list[Event] | None:
        """Events younger than ``seq``; None when some of them are no longer kept."""
        if seq > self.seq or (self._events and seq < self._events[0].seq - 1):
            return None
        return [event for event in self._events if event.seq > seq]

    def position(self, seq: int) -> str:
        """A place in the stream, as the page keeps it."""
        return f"{self.epoch}-{seq}"

    def seq_at(self, position: str) -> int | None:
        """The number at such a place; None for a place in another start's stream."""
        epoch, _, seq = position.partition("-")
        return int(seq) if epoch == self.epoch and seq.isdigit() else None

    async def wait(self, seq: int, seconds: float) -> None:
        """Return once something younger than ``seq`` happened, or after ``seconds``."""
        if self.seq > seq or self.closed:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return
        finally:
            self._waiters.discard(waiter)

    def close(self) -> None:
        """Let everybody who waits go home."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
