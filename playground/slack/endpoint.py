"""The HTTP face of the local Slack: Web API, response addresses, uploads and files."""

import json
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

from playground.slack import installing
from playground.slack.call import Call, read_call
from playground.slack.errors import SlackError
from playground.slack.faults import SlackFault
from playground.slack.log import LoggedCall
from playground.slack.methods import perform
from playground.slack.methods_files import receive_bytes
from playground.slack.responses import respond
from playground.slack.state import Json
from playground.slack.workspace import Slack

Cut = Callable[[Scope], None]


class _Silence(Response):
    """No answer: the connection is closed."""

    def __init__(self, cut: Cut) -> None:
        super().__init__()
        self._cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._cut(scope)
        while (await receive())["type"] != "http.disconnect":
            pass


def slack_api(slack: Slack, cut: Cut) -> APIRouter:
    """Routes under ``/slack``."""
    router = APIRouter(prefix="/slack")

    @router.api_route("/api/{method}", methods=["GET", "POST"])
    async def call_method(request: Request, method: str) -> Response:
        slack.world.base_url = slack.world.base_url or str(request.base_url).rstrip("/")
        headers = request.headers
        try:
            call = read_call(
                method,
                request.url.query,
                headers.get("content-type", ""),
                headers.get("authorization", ""),
                await request.body(),
            )
        except SlackError as error:
            return _refusal(error)
        return await _answered(slack, call, cut)

    @router.post("/response/{token:path}")
    async def answer_interaction(request: Request, token: str) -> Response:
        body = await request.body()
        call = Call("response_url", _loose_json(body))
        return await _answered(slack, call, cut, token=token)

    @router.post("/upload/{file_id}")
    async def upload(request: Request, file_id: str) -> Response:
        data = _posted(request.headers.get("content-type", ""), await request.body())
        fault = slack.faults.strike(lambda each: each.fits("upload", "", ""))
        if fault is not None:
            return await _spoiled(slack, fault, cut)
        try:
            size = receive_bytes(slack, file_id, data)
        except SlackError as error:
            return PlainTextResponse(error.name, error.status)
        return PlainTextResponse(f"OK - {size}")

    @router.get("/files/{file_id}/{name}")
    async def download(file_id: str, name: str) -> Response:
        stored = slack.world.files.get(file_id)
        if stored is None or stored.data is None:
            return JSONResponse({"ok": False, "error": "file_not_found"}, 404)
        picture = stored.mimetype in {"image/png", "image/jpeg", "image/gif"}
        kind = "inline" if picture else "attachment"
        # Anything but a picture is only ever saved, so no upload can run as a page.
        disposition = f"{kind}; filename*=UTF-8''{quote(stored.name)}"
        headers = {
            "content-disposition": disposition,
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox",
        }
        return Response(stored.data, media_type=stored.mimetype, headers=headers)

    @router.get("/oauth/v2/authorize")
    async def authorize(client_id: str, redirect_uri: str = "", state: str = "") -> Response:
        """The page on which a person allows the app, who allows it at once."""
        if client_id != slack.world.app.client_id:
            return PlainTextResponse("invalid_client_id", 400)
        code = installing.new_code(slack, redirect_uri)
        query = urlencode({"code": code, "state": state})
        return RedirectResponse(f"{redirect_uri}?{query}", 302)

    return router


def _loose_json(body: bytes) -> Json:
    try:
        values = json.loads(body)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _posted(content_type: str, body: bytes) -> bytes:
    """The bytes of an upload, sent bare or as the only part of a form."""
    if not content_type.startswith("multipart/form-data"):
        return body
    head = f"content-type: {content_type}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    for part in form.iter_parts():
        if part.get_filename():
            data = part.get_payload(decode=True)
            return data if isinstance(data, bytes) else b""
    return b""


async def _answered(slack: Slack, call: Call, cut: Cut, token: str = "") -> Response:
    logged = slack.calls.begin(call)
    user = call.text("user") or call.text("user_id")
    channel = call.text("channel")
    fault = slack.faults.strike(lambda each: each.fits(call.method, channel, user))
    if fault is not None:
        logged.fault = fault.model_dump_json(exclude_defaults=True)
        if fault.slow is not None:
            await slack.faults.hold(fault.slow)
        elif not fault.after_effect:
            return await _spoiled(slack, fault, cut, logged)
    try:
        if call.method == "response_url":
            body = respond(slack, token, call)
        else:
            body = await perform(slack, call)
    except SlackError as error:
        slack.calls.end(logged, error.status, error.body())
        if call.method == "response_url":
            return PlainTextResponse(error.name, error.status if error.status != 200 else 400)
        return _refusal(error)
    if fault is not None and fault.after_effect:
        return await _spoiled(slack, fault, cut, logged)
    slack.calls.end(logged, 200, body)
    if call.method == "response_url":
        return PlainTextResponse("ok")
    return JSONResponse(body, headers=_headers(slack))


def _headers(slack: Slack) -> dict[str, str]:
    return {"x-oauth-scopes": ",".join(slack.world.app.scopes)}


def _refusal(error: SlackError) -> Response:
    body = error.body()
    headers = {}
    if error.name == "ratelimited":
        headers["Retry-After"] = str(body.pop("retry_after", 1))
    return JSONResponse(body, status_code=error.status, headers=headers)


async def _spoiled(
    slack: Slack, fault: SlackFault, cut: Cut, logged: LoggedCall | None = None
) -> Response:
    """The answer to a call that a fault has struck."""

    def end(status: int, body: Json | None) -> None:
        if logged is not None:
            slack.calls.end(logged, status, body)

    if error := fault.refusal():
        end(error.status, error.body())
        return _refusal(error)
    if fault.forged is not None:
        end(200, fault.forged)
        return JSONResponse(fault.forged)
    if fault.status is not None:
        end(fault.status, None)
        return PlainTextResponse("upstream connect error", fault.status)
    if fault.stall is not None:
        await slack.faults.hold(fault.stall)
    end(0, None)
    return _Silence(cut)
