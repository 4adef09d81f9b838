"""What goes to the app: over a socket when one is connected, else by signed HTTP."""

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from playground.slack.socket import ConnectionLost, SocketHub
from playground.slack.state import Json, SlackWorld, new_id

#: How a kind of delivery is named on a socket.
_ON_SOCKET = {
    "command": "slash_commands", "interaction": "interactive", "options": "interactive",
    "event": "events_api",
}  # fmt: skip


@dataclass(slots=True)
class Delivery:
    """One attempt to tell the app something. Times are ``time.monotonic()`` seconds."""

    id: int
    kind: str
    payload: Json
    attempt: int
    began: float
    via: str | None = None
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    envelope: Json | None = None
    ended: float | None = None
    status: int | None = None
    answer: Any = None
    error: str | None = None
    no_retry: bool = False

    @property
    def ack_ms(self) -> float | None:
        return None if self.ended is None else round((self.ended - self.began) * 1000, 1)

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300 and self.error is None

    def json(self) -> Json:
        """As the control API shows it."""
        return {
            "id": self.id, "kind": self.kind, "via": self.via, "attempt": self.attempt,
            "payload": self.payload, "body": self.body.decode("utf-8", "replace"),
            "headers": self.headers, "status": self.status, "ack_ms": self.ack_ms,
            "answer": self.answer, "error": self.error, "began": self.began, "ok": self.ok,
        }  # fmt: skip


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's signature of a body sent at a time in seconds."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Deliveries:
    """Sends to the app, keeps a record, and repeats events that were not acknowledged."""

    def __init__(self, world: SlackWorld, sockets: SocketHub) -> None:
        self._world = world
        self._sockets = sockets
        self._http = httpx.AsyncClient(timeout=None, trust_env=False)  # noqa: S113 - see _post
        self._tasks: set[asyncio.Task[Any]] = set()
        self._count = 0
        self.log: deque[Delivery] = deque(maxlen=world.config.deliveries_kept)

    @property
    def connected(self) -> str | None:
        """By which way the app is reached now."""
        if self._sockets.connections:
            return "socket"
        return "http" if self._world.install.events_url else None

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._http.aclose()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside the request that caused it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def deliver(self, kind: str, payload: Json) -> Delivery:
        """Deliver once and wait for the acknowledgement, no longer than Slack does."""
        return await self._attempt(kind, payload, 0, None)

    def send_event(self, event: Json) -> Json | None:
        """Deliver an event in the background, with repeats; None when nobody asked for it."""
        if not self._subscribed(event):
            return None
        envelope = self._event_envelope(event)
        self.spawn(self._until_acknowledged(envelope))
        return envelope

    async def verify_url(self) -> Delivery:
        """Send the handshake of an events address."""
        challenge = new_id("", 24)
        token = self._world.app.verification_token
        payload = {"token": token, "challenge": challenge, "type": "url_verification"}
        return await self._attempt("event", payload, 0, None, socket=False)

    async def replay(self, delivery_id: int, times: int) -> list[Delivery] | None:
        """Send a delivery again, byte for byte; None when there was none of that number."""
        found = next((one for one in self.log if one.id == delivery_id), None)
        if found is None:
            return None
        return [await self._again(found) for _ in range(times)]

    async def send_raw(self, body: bytes, headers: dict[str, str], *, sign: bool) -> Delivery:
        """Post any bytes to the app's address, with a good signature or as given."""
        delivery = self._new("raw", {}, 0)
        stamped = self._signed(body) if sign else {}
        delivery.headers, delivery.body = {**stamped, **headers}, body
        await self._post(delivery, self._world.install.events_url)
        return delivery

    def _subscribed(self, event: Json) -> bool:
        if not self._world.install.installed and event["type"] not in {
            "app_uninstalled", "tokens_revoked",
        }:  # fmt: skip
            return False
        name = str(event["type"])
        channel_type = event.get("channel_type")
        wanted = self._world.app.events
        if name == "message" and channel_type:
            plural = {"group": "groups", "channel": "channels"}.get(channel_type, channel_type)
            name = f"message.{plural}"
        return name in wanted

    def _event_envelope(self, event: Json) -> Json:
        world, app = self._world, self._world.app
        authorization = {
            "enterprise_id": None,
            "team_id": world.config.team_id,
            "user_id": app.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": app.verification_token,
            "team_id": world.config.team_id,
            "context_team_id": world.config.team_id,
            "context_enterprise_id": None,
            "api_app_id": app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev0"),
            "event_time": int(world.now()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": "4-" + new_id("", 40),
        }

    async def _until_acknowledged(self, envelope: Json) -> None:
        reason: str | None = None
        for attempt, pause in enumerate((None, *self._world.config.retry_pauses)):
            if pause is not None:
                await asyncio.sleep(pause)
            delivery = await self._attempt("event", envelope, attempt, reason)
            if delivery.ok or delivery.no_retry:
                return
            reason = delivery.error or "http_error"

    async def _attempt(
        self, kind: str, payload: Json, attempt: int, reason: str | None, *, socket: bool = True
    ) -> Delivery:
        delivery = self._new(kind, payload, attempt)
        if socket and self._sockets.connections:
            await self._by_socket(delivery, reason)
            return delivery
        self._write_request(delivery, reason)
        await self._post(delivery, self._address(kind))
        return delivery

    async def _by_socket(self, delivery: Delivery, reason: str | None) -> None:
        envelope: Json = {
            "envelope_id": f"{new_id('', 8)}-{new_id('', 12)}".lower(),
            "type": _ON_SOCKET[delivery.kind],
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "event",
        }
        if delivery.kind == "event":
            envelope |= {"retry_attempt": delivery.attempt, "retry_reason": reason or ""}
        delivery.via, delivery.envelope = "socket", envelope
        await self._exchange(delivery, envelope)

    async def _exchange(self, delivery: Delivery, envelope: Json) -> None:
        try:
            async with asyncio.timeout(self._world.config.ack_within):
                delivery.answer = await self._sockets.send(envelope)
        except TimeoutError:
            delivery.error = "timeout"
        except ConnectionLost:
            delivery.error = "connection_failed"
        else:
            delivery.status = 200
        delivery.ended = time.monotonic()

    def _write_request(self, delivery: Delivery, reason: str | None) -> None:
        if delivery.kind == "event":
            body = json.dumps(delivery.payload).encode()
            content_type = "application/json"
        else:
            whole = delivery.kind == "command"
            form = delivery.payload if whole else {"payload": json.dumps(delivery.payload)}
            body = urlencode(form).encode()
            content_type = "application/x-www-form-urlencoded"
        delivery.body = body
        delivery.headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "*/*",
            **self._signed(body),
        }
        if delivery.attempt:
            delivery.headers["X-Slack-Retry-Num"] = str(delivery.attempt)
            delivery.headers["X-Slack-Retry-Reason"] = {
                "timeout": "http_timeout", None: "http_error",
            }.get(reason, reason or "http_error")  # fmt: skip

    def _signed(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._world.config.signed_at()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._world.app.signing_secret, timestamp, body),
        }

    async def _post(self, delivery: Delivery, url: str | None) -> None:
        delivery.via = "http"
        if not url:
            delivery.via, delivery.error = None, "no_address"
            delivery.ended = time.monotonic()
            return
        delivery.url = url
        try:
            # Slack's limit is on the whole exchange, not on one read.
            async with asyncio.timeout(self._world.config.ack_within):
                response = await self._http.post(
                    url, content=delivery.body, headers=delivery.headers
                )
        except TimeoutError:
            delivery.error = "timeout"
        except httpx.HTTPError:
            delivery.error = "connection_failed"
        else:
            self._read_answer(delivery, response)
        delivery.ended = time.monotonic()

    @staticmethod
    def _read_answer(delivery: Delivery, response: httpx.Response) -> None:
        delivery.status = response.status_code
        if not response.is_success:
            delivery.error = "http_error"
            if response.headers.get("x-slack-no-retry") == "1":
                delivery.no_retry = True
        text = response.text
        if "json" in response.headers.get("content-type", "") and text:
            try:
                delivery.answer = response.json()
            except ValueError:
                delivery.error = "invalid_answer"
        elif text:
            delivery.answer = text

    def _address(self, kind: str) -> str | None:
        if kind == "options" and self._world.app.options_url:
            return self._world.app.options_url
        return self._world.install.events_url

    async def _again(self, old: Delivery) -> Delivery:
        again = self._new(old.kind, old.payload, old.attempt)
        again.headers, again.body, again.envelope = dict(old.headers), old.body, old.envelope
        if old.envelope is not None and self._sockets.connections:
            again.via = "socket"
            await self._exchange(again, old.envelope)
        else:
            if not again.body:
                self._write_request(again, None)
            await self._post(again, old.url or self._address(old.kind))
        return again

    def _new(self, kind: str, payload: Json, attempt: int) -> Delivery:
        self._count += 1
        delivery = Delivery(self._count, kind, payload, attempt, time.monotonic())
        self.log.append(delivery)
        return delivery
