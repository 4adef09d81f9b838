"""The web face: health, metrics, the chats' webhooks and calendar feeds."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException

from scheduling.errors import StoreUnavailable
from scheduling.ports import CalendarFiles, Clock, Inbox, Outbox, Part, Queries
from web.feeds import Feeds
from web.guard import Guard
from web.metrics import Metrics
from web.slack import SlackReceiver, add_files, add_slack
from web.slack_install import Installing, add_installing
from web.webhook import TooLong, read_body, single_header

Receiver = Callable[[bytes, str | None], Awaitable[int]]
"""Takes a webhook's body and its secret header; returns the HTTP status to answer with."""

WEBHOOK_BODY_BYTES = 1_000_000
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  # the header's name, no secret


class Writer(Protocol):
    """Whoever writes to the database."""

    @property
    def trouble(self) -> str | None:
        """What keeps it from writing."""


class Storage(Protocol):
    """The part of an open database that the web reads."""

    @property
    def queries(self) -> Queries: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def writer(self) -> Writer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WebParts:
    """What the web face speaks for; ``parts`` are those that /healthz asks."""

    parts: Sequence[Part]
    database: Storage
    clock: Clock
    registry: CollectorRegistry
    files: CalendarFiles
    telegram_webhook: Receiver | None = None
    slack: SlackReceiver | None = None
    file_behind: Callable[[str], bytes | None] | None = None
    """Returns the calendar file of a signed address, for chats that take no files."""
    slack_installing: Installing | None = None
    """Lets workspaces add the app by themselves; needs ``public_url``."""
    public_url: str | None = None


def create_web(parts: WebParts) -> FastAPI:
    """Return the application; without a receiver there is no webhook."""
    app = FastAPI(title="slotbook", docs_url=None, redoc_url=None, openapi_url=None)
    # Every "no" of a path looks the same, whatever the path was.
    app.add_exception_handler(HTTPException, _refused)
    app.add_middleware(Guard)
    _add_health(app, parts)
    _add_metrics(app, parts)
    _add_feeds(app, parts)
    if parts.telegram_webhook is not None:
        _add_webhook(app, parts.telegram_webhook)
    if parts.slack is not None:
        add_slack(app, parts.slack)
    if parts.file_behind is not None:
        add_files(app, parts.file_behind)
    if parts.slack_installing is not None and parts.public_url is not None:
        add_installing(app, parts.slack_installing, parts.public_url)
    return app


async def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"error": "not found" if status == 404 else "refused"}, status)


def _add_health(app: FastAPI, parts: WebParts) -> None:
    @app.get("/healthz")
    async def healthz() -> Response:
        """Say whether every part is alive; 503 names what is not."""
        troubles = _troubles(parts, parts.clock.now())
        return _verdict(troubles)

    @app.get("/readyz")
    async def readyz() -> Response:
        """Say whether work can be taken: this answers last of all parts, so they have begun."""
        try:
            await parts.database.inbox.waiting()
        except StoreUnavailable:
            return _verdict({"database": "cannot be reached"})
        return _verdict({"database": parts.database.writer.trouble})


def _troubles(parts: WebParts, now: datetime) -> dict[str, str | None]:
    told: dict[str, str | None] = {"database": parts.database.writer.trouble}
    for part in parts.parts:
        told[part.name] = part.trouble(now)
    return told


def _verdict(troubles: dict[str, str | None]) -> Response:
    well = not any(troubles.values())
    body = {"status": "ok" if well else "trouble", "parts": troubles}
    return JSONResponse(body, 200 if well else 503)


def _add_metrics(app: FastAPI, parts: WebParts) -> None:
    metrics = Metrics(parts.registry, parts.database.outbox, parts.database.inbox)

    @app.get("/metrics")
    async def read_metrics() -> Response:
        """Return what Prometheus scrapes; without the database's counts while it is away."""
        return Response(await metrics.text(), media_type=metrics.media_type)


def _add_feeds(app: FastAPI, parts: WebParts) -> None:
    feeds = Feeds(parts.database.queries, parts.files, parts.clock)

    @app.api_route("/feeds/{name}", methods=["GET", "HEAD"])
    async def feed(name: str, request: Request) -> Response:
        """Return the calendar of whoever the secret in the address belongs to."""
        try:
            found = await feeds.find(name, request.headers.get("if-none-match"))
        except StoreUnavailable:
            return PlainTextResponse("Try again later.", 503, {"Retry-After": "60"})
        if found is None:
            raise HTTPException(404)
        return found


def _add_webhook(app: FastAPI, receive: Receiver) -> None:
    @app.post("/telegram/webhook")
    async def telegram_webhook(request: Request) -> Response:
        """Store one update; anything but 200 has Telegram deliver it again."""
        secret, is_single = single_header(request, SECRET_HEADER)
        if not is_single:
            return Response(status_code=403)
        try:
            body = await read_body(request, WEBHOOK_BODY_BYTES)
        except TooLong:
            return Response(status_code=413, headers={"Connection": "close"})
        return Response(status_code=await receive(body, secret))
