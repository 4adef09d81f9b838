"""What every answer has in common: safe headers, and never a stack trace."""

import json
import secrets

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_log = structlog.get_logger(__name__)


class Guard:
    """Puts the headers on every answer, and an error id in the place of what went wrong."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception:  # the edge: whatever is not caught before is a defect of ours
            code = secrets.token_hex(4)
            # The route, never the path: the path of a feed is a secret.
            route = getattr(scope.get("route"), "path", "")
            _log.exception("web.failed", code=code, route=route, method=scope["method"])
            if has_begun:
                raise
            await _send_error(send_guarded, code)


async def _send_error(send: Send, code: str) -> None:
    body = json.dumps({"error": "that did not work", "code": code}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
