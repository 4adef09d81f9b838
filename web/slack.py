"""Slack's requests over HTTP, and the files its links lead to."""

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from web.webhook import TooLong, read_body

BODY_BYTES = 1_000_000
_SINGLE = ("x-slack-signature", "x-slack-request-timestamp", "content-type")
_FILE = re.compile(r"([A-Za-z0-9_-]{20,3000})\.ics", re.ASCII)


class SlackAnswer(Protocol):
    """What goes back to Slack."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def content_type(self) -> str: ...


class SlackReceiver(Protocol):
    """Takes one request of Slack's, as it came."""

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> SlackAnswer:
        """Return the answer; ``headers`` by their names in lower case."""


def add_slack(app: FastAPI, receiver: SlackReceiver) -> None:
    """Serve the one address that Slack is told: commands, interactions, options, events."""

    @app.post("/slack/events")
    async def slack_events(request: Request) -> Response:
        """Take one request; it is stored and committed before this answers."""
        headers: dict[str, str] = {}
        for name in _SINGLE:
            values = request.headers.getlist(name)
            if len(values) > 1:
                return Response(status_code=401)  # of two, a proxy may have checked the other
            if values:
                headers[name] = values[0]
        try:
            body = await read_body(request, BODY_BYTES)
        except TooLong:
            return Response(status_code=413, headers={"Connection": "close"})
        answer = await receiver.receive(body, headers)
        return Response(answer.body, answer.status, media_type=answer.content_type)


def add_files(app: FastAPI, file_behind: Callable[[str], bytes | None]) -> None:
    """Serve calendar files by signed addresses."""

    @app.api_route("/files/{name}", methods=["GET", "HEAD"])
    async def file(name: str) -> Response:
        """Return the file whose address this is."""
        found = _FILE.fullmatch(name)
        content = file_behind(found[1]) if found else None
        if content is None:
            raise HTTPException(404)
        disposition = 'attachment; filename="slotbook.ics"'
        return Response(
            content, media_type="text/calendar", headers={"Content-Disposition": disposition}
        )
