"""Socket Mode: the app connects here, gets envelopes and acknowledges them."""

import asyncio
import itertools
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.slack.state import Json, SlackWorld

CONNECTIONS_MOST = 10


class ConnectionLost(Exception):
    """No connection is left over which an envelope could be acknowledged."""


@dataclass(eq=False, slots=True)
class Connection:
    """One open socket. ``waiting`` are the envelopes sent over it and not acknowledged."""

    id: int
    socket: WebSocket
    waiting: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)
    closing: bool = False


class SocketHub:
    """All open sockets. Envelopes go to them in turn, each to one of them."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._turn = 0
        self._arrived = asyncio.Condition()
        self.all: list[Connection] = []
        self.on_change: Callable[[], None] = lambda: None

    @property
    def connections(self) -> list[Connection]:
        """Those that still take envelopes."""
        return [connection for connection in self.all if not connection.closing]

    def new_address(self) -> str:
        """A ws address that can be connected to once."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        base = self._world.base_url.replace("http", "ws", 1)
        return f"{base}/slack/socket/?ticket={ticket}&app_id={self._world.app.app_id}"

    async def send(self, envelope: Json) -> Any:
        """Send an envelope and wait for its acknowledgement; returns what it carried.

        When its connection closes first, it goes out again over another one, or over the next
        that connects. The caller sets the limit of time.

        Raises:
            ConnectionLost: the playground is closing.
        """
        while True:
            connection = await self._next_connection()
            answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            connection.waiting[envelope["envelope_id"]] = answered
            try:
                await connection.socket.send_text(json.dumps(envelope))
                return await answered
            except (ConnectionLost, WebSocketDisconnect, RuntimeError):
                self._drop(connection)
            finally:
                connection.waiting.pop(envelope["envelope_id"], None)

    async def _next_connection(self) -> Connection:
        async with self._arrived:
            await self._arrived.wait_for(lambda: bool(self.connections))
        connections = self.connections
        self._turn += 1
        return connections[self._turn % len(connections)]

    async def disconnect(self, reason: str, *, close: bool = True) -> int:
        """Tell every connection to go and connect again; returns how many there were."""
        leaving = self.connections
        for connection in leaving:
            farewell = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}}
            if reason != "warning":
                connection.closing = True
            await connection.socket.send_text(json.dumps(farewell))
            if close and reason != "warning":
                await connection.socket.close()
                self._drop(connection)
        return len(leaving)

    async def cut(self) -> int:
        """Close every connection without a word."""
        leaving = list(self.all)
        for connection in leaving:
            connection.closing = True
            await connection.socket.close(1011)
            self._drop(connection)
        return len(leaving)

    async def serve(self, socket: WebSocket) -> None:
        """One connection from its handshake to its end."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(1008)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        if len(self.connections) >= CONNECTIONS_MOST:
            await socket.send_text(
                json.dumps({"type": "disconnect", "reason": "too_many_websockets"})
            )
            await socket.close()
            return
        connection = Connection(next(self._numbers), socket)
        await socket.send_text(json.dumps(self._hello()))
        async with self._arrived:
            self.all.append(connection)
            self._arrived.notify_all()
        self.on_change()
        try:
            await self._listen(connection)
        finally:
            self._drop(connection)

    async def _listen(self, connection: Connection) -> None:
        while True:
            try:
                text = await connection.socket.receive_text()
            except (WebSocketDisconnect, RuntimeError, KeyError):
                return
            try:
                answer = json.loads(text)
            except ValueError:
                continue
            if not isinstance(answer, dict):
                continue
            waiting = connection.waiting.get(str(answer.get("envelope_id")))
            if waiting is not None and not waiting.done():
                waiting.set_result(answer.get("payload"))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "debug_info": {
                "host": "applink-playground",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self._world.app.app_id},
        }

    def _drop(self, connection: Connection) -> None:
        # What nobody acknowledged is woken here and looks for another connection by itself.
        connection.closing = True
        if connection in self.all:
            self.all.remove(connection)
            self.on_change()
        for waiting in list(connection.waiting.values()):
            if not waiting.done():
                waiting.set_exception(ConnectionLost())


def socket_routes(hub: SocketHub) -> APIRouter:
    """The address sockets connect to."""
    router = APIRouter()
    serve: Callable[[WebSocket], Awaitable[None]] = hub.serve
    router.add_api_websocket_route("/slack/socket/", serve)
    return router
