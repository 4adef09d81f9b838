"""Requests over HTTP: proven to be Slack's before a word of them is believed."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl

import structlog
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bots.slack import limits
from bots.slack.listeners import SlackListeners
from bots.slack.payloads import NotARequest, parse_body, read_request
from scheduling.ports import Clock

TIMESTAMP = "x-slack-request-timestamp"
SIGNATURE = "x-slack-signature"
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_FORM = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_SSL_CHECK_BYTES = 4096
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What goes back over HTTP."""

    status: int
    body: str = ""
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


class SlackEvents:
    """Takes what is posted to /slack/events."""

    def __init__(self, listeners: SlackListeners, clock: Clock, signing_secret: str) -> None:
        self._listeners, self._clock = listeners, clock
        self._verifier = SignatureVerifier(signing_secret)

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Return the answer to one request; ``headers`` with names in lower case.

        200: done, or stored and committed. 401: not signed by Slack, or too long ago. 400: not
        what Slack sends. 413: too long. 503: an event could not be stored, deliver it again.
        """
        if len(body) > limits.BODY_BYTES:
            return HttpAnswer(413)
        if _is_ssl_check(body):
            return HttpAnswer(200)  # sent now and then by Slack, unsigned; changes nothing
        if not self._is_slack(body, headers, self._clock.now()):
            _log.warning("slack.signature_refused")
            return HttpAnswer(401)
        try:
            request = read_request(parse_body(body, headers.get("content-type", "")))
        except NotARequest as error:
            _log.warning("slack.not_a_request", reason=str(error)[:200])
            return HttpAnswer(400)
        return _answer(await self._listeners.receive(request))

    def _is_slack(self, body: bytes, headers: Mapping[str, str], now: datetime) -> bool:
        """Say whether Slack signed this body within the last minutes."""
        timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        # Checked by form first: what the library is given to parse it may trip over.
        if not _SECONDS.fullmatch(timestamp) or not _FORM.fullmatch(signature):
            return False
        if abs(now.timestamp() - int(timestamp)) > limits.SIGNATURE_WINDOW.total_seconds():
            return False
        try:
            ours = self._verifier.generate_signature(timestamp=timestamp, body=body)
        except UnicodeDecodeError:
            return False  # the library signs text; Slack sends nothing else
        return ours is not None and hmac.compare_digest(ours, signature)


def _is_ssl_check(body: bytes) -> bool:
    if len(body) > _SSL_CHECK_BYTES or b"ssl_check=1" not in body:
        return False
    try:
        return dict(parse_qsl(body.decode("ascii"))).get("ssl_check") == "1"
    except ValueError:
        return False


def _answer(response: BoltResponse) -> HttpAnswer:
    body = response.body
    is_json = body.lstrip().startswith(("{", "["))
    kind = "application/json" if is_json else "text/plain"
    return HttpAnswer(response.status, body, kind)
