"""`slotbook run`: until a signal ends it, draining within ten seconds."""

import asyncio
import os
import signal
from collections.abc import Callable

import structlog

from app.settings import Settings
from app.wiring import Role, running_slotbook

_DRAIN_SECONDS = 9.5
_log = structlog.get_logger(__name__)


def stop_on_signals() -> asyncio.Event:
    """Return an event set by SIGTERM or SIGINT; a second signal ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(name: str) -> Callable[[], None]:
        def asked() -> None:
            if stop.is_set():
                os._exit(130)  # somebody insists; whatever is unfinished replays from its row
            _log.info("stopping", signal=name)
            stop.set()
            # Whatever hangs must not outlive the ten seconds that supervisors give.
            loop.call_later(_DRAIN_SECONDS, os._exit, 0)

        return asked

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask(number.name))
    return stop


async def serve(settings: Settings, roles: frozenset[Role]) -> None:
    """Run the configured parts of these roles until SIGTERM or SIGINT."""
    stop = stop_on_signals()
    async with running_slotbook(settings, roles=roles) as slotbook:
        address = slotbook.web.address if slotbook.web else None
        _log.info("running", database=slotbook.database.url_shown, http=address)
        await stop.wait()
    _log.info("stopped")
