"""The application: Bot API, Slack, control API and page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.types import Scope

from playground.config import PlaygroundConfig
from playground.control.api import install_control
from playground.control.slack_api import install_slack_control
from playground.slack.endpoint import slack_api
from playground.slack.socket import socket_routes
from playground.slack.workspace import Slack
from playground.telegram.endpoint import Cut, bot_api
from playground.telegram.state import World
from playground.telegram.webhooks import WebhookDelivery

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: http://127.0.0.1:* http://localhost:*; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _cannot_cut(_: Scope) -> None:
    """Without its own server the playground leaves a connection to the client's timeout."""


def create_app(config: PlaygroundConfig | None = None, *, cut: Cut = _cannot_cut) -> FastAPI:
    """The playground as an ASGI application, with a fresh state.

    ``cut`` closes the connection of a request without an answer, for the faults that need it;
    ``playground.serving.Playground`` provides it. The state is at ``app.state.world``,
    that of Slack, if there is one, at ``app.state.slack``.
    """
    world = World(config or PlaygroundConfig())
    slack_config = world.config.slack
    slack = Slack(slack_config, world.now, world.events) if slack_config else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        timeout = httpx.Timeout(world.config.webhook_timeout)
        async with httpx.AsyncClient(timeout=timeout, trust_env=False) as client:
            delivery = WebhookDelivery(world, client)
            world.on_updates = delivery.notice
            try:
                yield
            finally:
                await delivery.close()
                if slack is not None:
                    await slack.close()

    app = FastAPI(title="playground", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.world = world
    app.state.slack = slack
    app.include_router(bot_api(world, cut))
    install_control(app, world)
    if slack is not None:
        app.include_router(slack_api(slack, cut))
        app.include_router(socket_routes(slack.sockets))
        install_slack_control(app, slack)
    _install_page(app)

    @app.exception_handler(404)
    async def not_found(request: Request, error: Exception) -> JSONResponse:
        detail = getattr(error, "detail", "Not Found")
        if request.url.path.startswith("/playground/"):
            return JSONResponse({"detail": detail}, status_code=404)
        answer = {"ok": False, "error_code": 404, "description": "Not Found"}
        return JSONResponse(answer, status_code=404)

    return app


def _install_page(app: FastAPI) -> None:
    page = files("playground") / "page"

    def sent(name: str) -> Response:
        suffix = "." + name.rsplit(".", 1)[-1]
        headers = {"content-security-policy": _PAGE_POLICY, "cache-control": "no-cache"}
        content = (page / name).read_bytes()
        return Response(content, media_type=_TYPES[suffix], headers=headers)

    known = {
        entry.name for entry in page.iterdir() if "." + entry.name.rsplit(".", 1)[-1] in _TYPES
    }

    @app.get("/", include_in_schema=False)
    async def index() -> Response:
        return sent("index.html")

    @app.get("/playground/page/{name}", include_in_schema=False)
    async def asset(name: str) -> Response:
        if name not in known:
            return JSONResponse({"detail": "Not Found"}, status_code=404)
        return sent(name)
