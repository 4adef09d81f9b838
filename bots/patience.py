"""How long both chats wait for their platform: briefly within an answer, longer in between."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from scheduling.errors import DeliveryDeferred, DeliveryUnknown
from scheduling.ports import Clock

PATIENCE = timedelta(seconds=5)
"""An interactive answer waits as long as this for a busy chat before it is put off."""
_TRIES = 3
_LEAST_PAUSE = timedelta(milliseconds=500)
_LONGEST_PAUSE = timedelta(seconds=30)
_T = TypeVar("_T")


async def patiently(send: Callable[[], Awaitable[_T]], clock: Clock) -> _T:
    """Send, waiting out a short limit or a lost connection; repeat an unknown outcome once.

    Raises:
        DeliveryError: what is left after that.
    """
    tries, unknown = 0, False
    while True:
        tries += 1
        try:
            return await send()
        except DeliveryDeferred as wait:
            if tries == _TRIES or wait.retry_after > PATIENCE:
                raise
            await clock.sleep(wait.retry_after)
        except DeliveryUnknown:
            if unknown or tries == _TRIES:
                raise
            unknown = True


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: doubling, and never in step."""
    whole = min(_LEAST_PAUSE * (1 << min(failures - 1, 10)), _LONGEST_PAUSE)
    return whole / 2 + timedelta(milliseconds=secrets.randbelow(whole // timedelta(milliseconds=2)))
