"""The Web API client: slack-sdk's, with its sharp edges covered.

What it adds: one shared connection pool, answers that are not Slack's told apart from Slack's
own, no second try behind our back (a message could come twice), nothing read from the
environment but a proxy, and no way for a token to reach a log.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack import limits
from bots.slack.failures import Garbled, NotSlack, ResponseUrlOver

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SLACK = (".slack.com", ".slack-gov.com")
_TOO_MANY = 429


def is_on_this_machine(address: str) -> bool:
    """Say whether the address never leaves this machine."""
    return urlsplit(address).hostname in _LOOPBACK


class Connections:
    """One pool for every workspace; opened at first use, inside the event loop."""

    def __init__(self, api_url: str) -> None:
        self.api_url = api_url if api_url.endswith("/") else f"{api_url}/"
        self._local = is_on_this_machine(api_url)
        self._host = urlsplit(api_url).hostname or ""
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the session, open."""
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(
                total=limits.CALL_TIMEOUT.total_seconds(),
                sock_connect=limits.CONNECT_TIMEOUT.total_seconds(),
            )
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=limits.CONNECTIONS, keepalive_timeout=30),
                timeout=timeout,
                # A server on this machine is never behind the proxy of the environment.
                trust_env=not self._local,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def client(self, token: str | None) -> "SlackClient":
        """Return a client of these connections."""
        return SlackClient(token, self)

    def is_ours_to_call(self, address: str) -> bool:
        """Say whether an address out of a payload is Slack's, or that of the configured API."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return False
        if host == self._host or (self._local and host in _LOOPBACK):
            return parts.scheme in {"http", "https"}
        # A Slack of somebody's own names addresses of its own: what it does not serve is nobody's.
        is_slack = f".{self._host}".endswith(_SLACK)
        return is_slack and parts.scheme == "https" and host.endswith(_SLACK)

    async def respond(self, address: str, message: Mapping[str, Any]) -> None:
        """Answer an interaction at its own address.

        Raises:
            ResponseUrlOver: it takes nothing any more, or is none.
            SlackClientError, aiohttp.ClientError, TimeoutError: it was not taken now.
        """
        if not self.is_ours_to_call(address):
            raise ResponseUrlOver("not an address of Slack's")
        async with self.session.post(address, json=dict(message), allow_redirects=False) as answer:
            body = await answer.read()
        _judge_response(answer, body)

    async def upload(self, address: str, content: bytes) -> None:
        """Put a file's content where Slack wants it."""
        if not self.is_ours_to_call(address):
            raise NotSlack(0)
        timeout = aiohttp.ClientTimeout(total=limits.UPLOAD_TIMEOUT.total_seconds())
        headers = {"Content-Type": "application/octet-stream"}
        async with self.session.post(
            address, data=content, headers=headers, timeout=timeout, allow_redirects=False
        ) as answer:
            await answer.read()
        if answer.status != 200:
            raise NotSlack(answer.status)

    async def close(self) -> None:
        """Close the pool; a later use opens another."""
        if self._session is not None:
            await self._session.close()
            self._session = None


class _Refused(Mapping[str, Any]):
    """A refusal outside the Web API, in the form its errors have."""

    def __init__(self, error: str, status: int, headers: Mapping[str, str]) -> None:
        self._data = {"ok": False, "error": error}
        self.status_code, self.headers = status, headers

    def __getitem__(self, name: str) -> Any:
        return self._data[name]

    def __iter__(self) -> Any:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def _judge_response(answer: aiohttp.ClientResponse, body: bytes) -> None:
    said = _json(body)
    error = said.get("error") if isinstance(said, dict) and said.get("ok") is not True else None
    if answer.status == _TOO_MANY:
        raise _refusal("ratelimited", answer)
    if answer.status >= 500:
        raise NotSlack(answer.status)
    if answer.status == 200 and error is None:
        return
    word = error if isinstance(error, str) else body[:40].decode("ascii", "replace").strip()
    if answer.status in {404, 410} or word in {"expired_url", "used_url", "invalid_url"}:
        raise ResponseUrlOver(word)
    raise _refusal(word, answer)


def _refusal(word: str, answer: aiohttp.ClientResponse) -> SlackApiError:
    refused = _Refused(word, answer.status, answer.headers)
    return SlackApiError(word, refused)  # type: ignore[no-untyped-call]


class SlackClient(AsyncWebClient):
    """The Web API under one token."""

    def __init__(self, token: str | None, connections: Connections) -> None:
        super().__init__(token=token, base_url=connections.api_url, retry_handlers=[])
        if is_on_this_machine(connections.api_url):
            self.proxy = None
        self._connections = connections

    def __repr__(self) -> str:
        return "SlackClient()"

    __str__ = __repr__

    async def _request(
        self, *, http_verb: str, api_url: str, req_args: dict[str, Any]
    ) -> dict[str, Any]:
        """Send it, and let only what Slack itself said through to the library.

        The library fails in ways of its own on answers that are not JSON.
        """
        given = {name: value for name, value in req_args.items() if value is not None}
        session = self._connections.session
        async with session.request(http_verb, api_url, **given) as answer:
            body = await answer.read()
        return {
            "data": judged(answer.status, body),
            "headers": dict(answer.headers),
            "status_code": answer.status,
        }


def judged(status: int, body: bytes) -> dict[str, Any]:
    """Return an answer of the Web API.

    Raises:
        Garbled: it was done, and the answer has been cut short.
        NotSlack: this is no answer of the Web API.
    """
    said = _json(body)
    if isinstance(said, dict) and isinstance(said.get("ok"), bool):
        return said
    if status == _TOO_MANY:
        return {"ok": False, "error": "ratelimited"}
    if status == 200 and body.lstrip().startswith(b"{"):
        raise Garbled(f"an answer cut short after {len(body)} bytes")
    raise NotSlack(status)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def hush_libraries() -> None:
    """Keep payloads, tokens and addresses out of logs at any level of ours."""
    for name in ("slack_sdk", "slack_bolt", "aiohttp"):
        logging.getLogger(name).setLevel(logging.WARNING)
