"""Uvicorn as one part among others: in our loop, without signal handlers, with a clear refusal."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import uvicorn
from starlette.types import ASGIApp

_GRACE = timedelta(seconds=2)
_BACKLOG = 512


class PortTaken(Exception):
    """The HTTP port cannot be had; the text says what to set."""


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the process, and says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serving.set()


class WebServer:
    """Serves the application on a port while its block runs; port 0 takes a free one."""

    name = "web"

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._app, self._host, self._port = app, host, port
        self._socket: socket.socket | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def address(self) -> str | None:
        """Return where it answers, such as http://127.0.0.1:8080; None while it does not."""
        if self._socket is None:
            return None
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve inside the block; leaving lets requests under way finish for a moment.

        Raises:
            PortTaken: somebody else listens there, or the address is not this machine's.
        """
        self._socket = _listen(self._host, self._port)
        server = _Server(
            uvicorn.Config(
                self._app,
                access_log=False,
                log_config=None,
                lifespan="off",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=int(_GRACE.total_seconds()),
            )
        )
        self._serving = asyncio.create_task(server.serve([self._socket]), name="web")
        try:
            await _begun(server, self._serving)
            yield
        finally:
            server.should_exit = True
            _, late = await asyncio.wait({self._serving}, timeout=2 * _GRACE.total_seconds())
            for task in late:
                task.cancel()
                await asyncio.wait({task})
            self._socket.close()
            self._socket = None

    def trouble(self, now: datetime) -> str | None:
        """Say whether it has stopped serving."""
        if self._serving is None or self._serving.done():
            return "not running"
        return None


async def _begun(server: _Server, serving: "asyncio.Task[None]") -> None:
    """Wait until it serves; a failure to begin is raised."""
    beginning = asyncio.ensure_future(server.serving.wait())
    try:
        await asyncio.wait({beginning, serving}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
    finally:
        beginning.cancel()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise PortTaken(
            f"HTTP port {port} on {host} cannot be used ({error.strerror or error}). "
            "Set SLOTBOOK_HTTP_PORT to another one, or to 0 for any that is free."
        ) from None
