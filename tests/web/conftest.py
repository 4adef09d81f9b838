"""The web face over a real server on loopback."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry

from doubles import FakeClock
from reminders.ics import IcsFiles
from web.app import WebParts, create_web
from web.serving import WebServer

Browse = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


class Health:
    """A part that is as well as it is told to be."""

    def __init__(self, name: str, trouble: str | None = None) -> None:
        self.name, self.told = name, trouble

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        yield

    def trouble(self, now: datetime) -> str | None:
        return self.told


@asynccontextmanager
async def served(parts: WebParts) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the application on a free port, with a client that talks to it."""
    server = WebServer(create_web(parts), "127.0.0.1", 0)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server.running())
        assert server.address is not None
        yield await stack.enter_async_context(httpx.AsyncClient(base_url=server.address))


class NoDatabase:
    """Stands where a test asks nothing of the database."""

    writer = SimpleNamespace(trouble=None)
    queries = outbox = inbox = None


@pytest.fixture
def browse(clock: FakeClock) -> Browse:
    """Opens a client on a web face; takes what WebParts takes."""

    def start(**changes: Any) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        given: dict[str, Any] = {
            "parts": (Health("intake"), Health("dispatcher")),
            "database": NoDatabase(),
            "clock": clock,
            "registry": CollectorRegistry(),
            "files": IcsFiles(),
            **changes,
        }
        return served(WebParts(**given))

    return start
