"""The HTTP face of the Bot API: calls, files, and the faults between them."""

import json
from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from playground.telegram.answers import Answer
from playground.telegram.call import Call, read_call
from playground.telegram.errors import ApiError, invalid_token, unauthorized
from playground.telegram.faults import AFTER, Fault, error_of
from playground.telegram.log import LoggedCall
from playground.telegram.methods import perform
from playground.telegram.state import Bot, World

Cut = Callable[[Scope], None]

_HTML_ERROR = (
    "<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>{status} Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
    "</body>\r\n</html>\r\n"
)
_NOTHING = 0  # status in the log of a call that got no answer


class CutResponse(Response):
    """No answer at all, or the beginning of one, and then a closed connection."""

    def __init__(self, cut: Cut, beginning: bytes = b"", promised: int = 0) -> None:
        super().__init__()
        self._cut, self._beginning, self._promised = cut, beginning, promised

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._beginning:
            headers = [
                (b"content-type", b"application/json"),
                (b"content-length", str(self._promised).encode()),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            body = {"type": "http.response.body", "body": self._beginning, "more_body": True}
            await send(body)
        self._cut(scope)
        while (await receive())["type"] != "http.disconnect":
            pass


def bot_api(world: World, cut: Cut) -> APIRouter:
    """Routes ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""
    router = APIRouter()

    @router.api_route("/bot{token}/{method}", methods=["GET", "POST"])
    async def call_method(request: Request, token: str, method: str) -> Response:
        try:
            bot = world.bot(token)
        except ApiError as error:
            return _refusal(error)
        body, content_type = await request.body(), request.headers.get("content-type", "")
        try:
            call = read_call(method, request.url.query, content_type, body)
        except ApiError as error:
            return _refusal(error)
        return await _answered(world, bot, call, cut)

    @router.get("/file/bot{token}/{path:path}")
    async def download(token: str, path: str) -> Response:
        if token not in world.bots:
            return _refusal(invalid_token())
        stored = world.files.by_path(path)
        if stored is None:
            return _refusal(ApiError(404, "Not Found"))
        return Response(stored.data, media_type="application/octet-stream")

    @router.api_route("/bot{token}", methods=["GET", "POST"])
    async def no_method(token: str) -> Response:
        return _refusal(ApiError(404, "Not Found") if ":" in token else unauthorized())

    return router


async def _answered(world: World, bot: Bot, call: Call, cut: Cut) -> Response:
    logged = world.calls.begin(bot.username, call)
    fault = world.faults.strike(lambda each: each.fits(bot.username, call.method, logged.chat_id))
    if fault is not None:
        logged.fault = fault.kind
        if fault.kind not in AFTER and fault.kind != "slow":
            return await _spoiled(world, fault, logged, cut)
        if fault.kind == "slow":
            await world.faults.hold(fault.seconds)
    try:
        answer = await perform(world, bot, call)
    except ApiError as error:
        world.calls.end(logged, error.code, error.description)
        return _refusal(error)
    if fault is not None and fault.kind in AFTER:
        return await _lost(world, fault, logged, answer, cut)
    world.calls.end(logged, 200, answer.description, answer.result)
    return JSONResponse(_body(answer))


def _body(answer: Answer) -> dict[str, object]:
    body: dict[str, object] = {"ok": True, "result": answer.result}
    return body if answer.description is None else {**body, "description": answer.description}


def _refusal(error: ApiError) -> Response:
    retry_after = (error.parameters or {}).get("retry_after")
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return JSONResponse(error.body(), status_code=error.code, headers=headers)


async def _spoiled(world: World, fault: Fault, logged: LoggedCall, cut: Cut) -> Response:
    """The answer to a call that a fault keeps from being carried out."""
    if error := error_of(fault):
        status = 200 if fault.kind == "ok_false" else error.code
        world.calls.end(logged, status, error.description)
        if fault.kind == "ok_false":
            return JSONResponse(error.body())
        return _refusal(error)
    if fault.kind == "forged":
        world.calls.end(logged, 200, None, fault.result)
        return JSONResponse({"ok": True, "result": fault.result})
    if fault.kind == "html":
        status = fault.status or 502
        world.calls.end(logged, status, "HTML")
        page = _HTML_ERROR.format(status=status)
        return Response(page, status_code=status, media_type="text/html")
    if fault.kind == "stall":
        await world.faults.hold(fault.seconds)
    world.calls.end(logged, _NOTHING, "cut")
    return CutResponse(cut)


async def _lost(
    world: World, fault: Fault, logged: LoggedCall, answer: Answer, cut: Cut
) -> Response:
    """The answer to a call that was carried out and whose answer gets lost on the way."""
    world.calls.end(logged, _NOTHING, "carried out, then cut", answer.result)
    if fault.kind == "truncated":
        whole = json.dumps(_body(answer)).encode()
        return CutResponse(cut, whole[: len(whole) // 2], len(whole))
    if fault.kind == "stall_after_accept":
        await world.faults.hold(fault.seconds)
    return CutResponse(cut)
