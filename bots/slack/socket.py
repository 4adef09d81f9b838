"""Socket Mode: requests over a connection that we open, kept alive by a watchdog.

Slack drops such connections now and then, sometimes without a word. A connection that does not
greet us, or is silent for longer than Slack's own pings allow, is given up for a new one; when
Slack announces that it will close one, the next is open before that.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog

from bots.patience import pause_after
from bots.slack import limits
from bots.slack.api import Connections
from bots.slack.failures import FAILURES, code_of, in_short, wrong_token
from bots.slack.listeners import SlackListeners
from bots.slack.payloads import NotARequest, read_request
from scheduling.ports import Clock

_LOOK = timedelta(seconds=5)
_DEFECT = "stopped by a defect; see the log"
_log = structlog.get_logger(__name__)


class SlackSocket:
    """The part that receives requests by Socket Mode."""

    name = "slack-intake"

    def __init__(
        self, connections: Connections, app_token: str, listeners: SlackListeners, clock: Clock
    ) -> None:
        self._connections, self._listeners, self._clock = connections, listeners, clock
        self._client = connections.client(app_token)
        self._task: asyncio.Task[None] | None = None
        self._lines: set[_Line] = set()
        self._trouble: str | None = "not connected yet"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Receive inside the block; leaving stops at once, what is not acknowledged comes again."""
        self._task = asyncio.create_task(self._run(), name=self.name)
        try:
            yield
        finally:
            self._task.cancel()
            await asyncio.wait({self._task})

    def trouble(self, now: datetime) -> str | None:
        """Say what keeps requests from coming."""
        if self._task is None:
            return "not running"
        return _DEFECT if self._task.done() else self._trouble

    async def _run(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._keep_connected(tasks)
        except Exception:  # the edge of this part: trouble() tells, the log says why
            _log.exception("slack.socket_stopped")

    async def _keep_connected(self, tasks: asyncio.TaskGroup) -> None:
        """Have one line open at any time, and a second while the first is being closed."""
        failures = 0
        while True:
            line = await self._connect()
            if line is None:
                failures += 1
                await self._clock.sleep(pause_after(failures))
                continue
            serving = tasks.create_task(line.serve(), name="slack socket")
            await line.watch(self._note)
            if line.was_greeted:
                failures = 0
            if not line.is_closing:
                serving.cancel()
            # A line that Slack will close hears the last requests while the next one opens.

    async def _connect(self) -> "_Line | None":
        try:
            answer = await self._client.apps_connections_open(app_token=self._client.token or "")
            address = answer.get("url")
            if not isinstance(address, str) or not address.startswith(("wss://", "ws://")):
                self._note("Slack names no address for Socket Mode")
                return None
            socket = await self._connections.session.ws_connect(
                address,
                autoping=True,
                heartbeat=limits.SOCKET_PING.total_seconds(),
                max_msg_size=limits.SOCKET_MESSAGE_BYTES,
            )
        except (*FAILURES, OSError) as error:
            self._note(
                "Slack does not know the app token"
                if wrong_token(error)
                else f"Socket Mode cannot be opened ({code_of(error) or in_short(error)})"
            )
            return None
        return _Line(socket, self._listeners, self._clock)

    def _note(self, trouble: str | None) -> None:
        if trouble != self._trouble:
            log = _log.warning if trouble else _log.info
            log("slack.socket", trouble=trouble or "none")
        self._trouble = trouble


class _Line:
    """One connection of Socket Mode."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, listeners: SlackListeners, clock: Clock
    ) -> None:
        self._socket, self._listeners, self._clock = socket, listeners, clock
        self._heard_at = clock.now()
        self._opened_at = self._heard_at
        self._changed = asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()
        self.was_greeted = False
        self.is_closing = False
        self._ended: str | None = None

    async def serve(self) -> None:
        """Take what comes until the connection ends."""
        try:
            async for message in self._socket:
                self._heard_at = self._clock.now()
                if message.type is aiohttp.WSMsgType.TEXT:
                    await self._take(message.data)
        except (*FAILURES, OSError) as error:
            self._ended = in_short(error)
        finally:
            self._ended = self._ended or "closed"
            self._changed.set()
            for task in self._answering:
                task.cancel()
            await self._socket.close()

    async def watch(self, note: "Any") -> None:
        """Return when another connection is needed; ``note`` is told how this one does."""
        while True:
            if self._ended is not None:
                note(f"the connection was lost ({self._ended})")
                return
            if self.is_closing:
                return
            now = self._clock.now()
            if self.was_greeted:
                note(None)
            elif now - self._opened_at > limits.SOCKET_HELLO:
                note("Slack opens connections and does not greet")
                return
            if now - self._alive_at() > limits.SOCKET_SILENCE:
                note("the connection went silent")
                return
            await self._changed_or(_LOOK)

    def _alive_at(self) -> datetime:
        """Return when the line was last known to be alive.

        aiohttp sends pings of its own and ends a line that does not answer them, so one that
        is open has been answered within that time.
        """
        return self._clock.now() if not self._socket.closed else self._heard_at

    async def _changed_or(self, length: timedelta) -> None:
        self._changed.clear()
        changed = asyncio.create_task(self._changed.wait())
        time = asyncio.create_task(self._clock.sleep(length))
        try:
            await asyncio.wait({changed, time}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (changed, time):
                task.cancel()
            await asyncio.wait({changed, time})

    async def _take(self, text: str) -> None:
        try:
            envelope = json.loads(text)
        except (ValueError, RecursionError):
            _log.warning("slack.socket_unreadable")
            return
        if not isinstance(envelope, dict):
            return
        match envelope.get("type"):
            case "hello":
                self.was_greeted = True
                self._changed.set()
            case "disconnect":
                # "warning" and "refresh_requested" come before the end, "link_disabled" at it.
                self._say_goodbye(str(envelope.get("reason") or ""))
            case _ if isinstance(envelope.get("envelope_id"), str):
                task = asyncio.create_task(self._answer(envelope))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)

    def _say_goodbye(self, reason: str) -> None:
        _log.info("slack.socket_refresh", reason=reason[:40])
        if reason in {"link_disabled", "too_many_websockets"}:
            self._ended = reason
        self.is_closing = True
        self._changed.set()

    async def _answer(self, envelope: dict[str, Any]) -> None:
        """Acknowledge a request once it is stored; what is not is delivered again."""
        payload = envelope.get("payload")
        answer: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        try:
            request = read_request(payload if isinstance(payload, dict) else {})
        except NotARequest as error:
            # Acknowledged all the same: it will not read better the next time.
            _log.warning("slack.not_a_request", reason=str(error)[:200])
        else:
            response = await self._listeners.receive(request)
            if response.status != 200:
                return
            if response.body.startswith("{"):
                answer["payload"] = json.loads(response.body)
        try:
            await self._socket.send_str(json.dumps(answer))
        except (*FAILURES, OSError):
            _log.info("slack.acknowledgement_lost")
