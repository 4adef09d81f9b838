"""Flood control: how many messages a bot may send in a while."""

import math
import time
from collections import deque
from dataclasses import dataclass, field

from playground.config import FloodLimits, Rate
from playground.telegram.errors import too_many_requests

#: Methods that put something new in front of a person, or change it.
COUNTED = frozenset(
    {"sendmessage", "senddocument", "sendphoto", "sendlocation", "sendcontact", "copymessage",
     "forwardmessage", "editmessagetext", "editmessagecaption", "editmessagemedia",
     "editmessagereplymarkup"}
)  # fmt: skip


@dataclass(slots=True)
class FloodControl:
    """Sliding windows per chat and over all chats; ``limits`` may be replaced at any time."""

    limits: FloodLimits
    _chats: dict[tuple[int, int], deque[float]] = field(default_factory=dict)
    _overall: dict[int, deque[float]] = field(default_factory=dict)

    def check(self, bot_id: int, method: str, chat_id: int | None) -> None:
        """Count one call.

        Raises:
            ApiError: 429 with the seconds to wait; a refused call is not counted.
        """
        if method not in COUNTED or chat_id is None:
            return
        now = time.monotonic()
        windows: list[tuple[deque[float], Rate]] = []
        if self.limits.per_chat:
            windows.append(
                (self._chats.setdefault((bot_id, chat_id), deque()), self.limits.per_chat)
            )
        if self.limits.overall:
            windows.append((self._overall.setdefault(bot_id, deque()), self.limits.overall))
        wait = max((_wait(window, rate, now) for window, rate in windows), default=0.0)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for window, _ in windows:
            window.append(now)


def _wait(window: deque[float], rate: Rate, now: float) -> float:
    while window and window[0] <= now - rate.seconds:
        window.popleft()
    return 0.0 if len(window) < rate.count else window[0] + rate.seconds - now
