"""Serve a playground inside the running event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from playground.config import PlaygroundConfig
from playground.server import create_app
from playground.slack.workspace import Slack
from playground.telegram.state import World


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever owns the process and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


class Playground:
    """A served playground: ``async with Playground(config) as playground: ...``.

    ``port`` 0 takes a free one. ``bot_api_url`` is what a bot takes as its API address: methods
    are at ``<bot_api_url>/bot<token>/<method>``, files at ``<bot_api_url>/file/bot<token>/<path>``.
    ``slack_api_url`` is what a Slack app takes as its base address.
    """

    def __init__(
        self,
        config: PlaygroundConfig | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._config = config or PlaygroundConfig()
        self._host = host
        self._port = port
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._base_url = ""
        self._world: World | None = None
        self._slack: Slack | None = None

    @property
    def base_url(self) -> str:
        """Address of the page, without a slash at its end."""
        return self._base_url

    @property
    def bot_api_url(self) -> str:
        return self._base_url

    @property
    def slack_api_url(self) -> str:
        """Address of Slack's Web API, with the slash at its end that clients expect."""
        return f"{self._base_url}/slack/api/"

    @property
    def slack(self) -> Slack:
        """The workspace, for tests that look behind the scenes."""
        if self._slack is None:
            raise RuntimeError("the playground is not being served, or has no Slack")
        return self._slack

    @property
    def world(self) -> World:
        """The state, for tests that look behind the scenes."""
        if self._world is None:
            raise RuntimeError("the playground is not being served")
        return self._world

    async def __aenter__(self) -> Self:
        app = create_app(self._config, cut=self._cut)
        self._world, self._slack = app.state.world, app.state.slack
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # Named as TCP: asyncio switches Nagle's delay (40 ms an answer) off only where it is told.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self._port))
        except OSError:
            listener.close()
            raise
        self._server = _Server(
            uvicorn.Config(
                app,
                http=H11Protocol,
                ws="websockets-sansio",
                lifespan="on",
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=1,
            )
        )
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        up = asyncio.create_task(self._server.is_up.wait())
        await asyncio.wait({self._task, up}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._task.done():
            await self._task
        shown = f"[{self._host}]" if family == socket.AF_INET6 else self._host
        self._base_url = f"http://{shown}:{listener.getsockname()[1]}"
        if self._slack is not None:
            self._slack.world.base_url = self._base_url
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is None or self._task is None:
            return
        self.world.close()
        self.world.faults.clear()
        if self._slack is not None:
            self._slack.faults.clear()
            await self._slack.sockets.disconnect("link_disabled")
        self._server.should_exit = True
        await self._task

    def _cut(self, scope: Scope) -> None:
        """Reset the connection a request came by."""
        if self._server is None:
            return
        for connection in list(self._server.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == scope.get("client"):
                connection.transport.abort()
