"""A small Slack of our own: the Web API methods the bot calls, and what became of them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from block_kit import message_faults, view_faults
from playground.slack import blocks

TEAM, BOT_USER, BOT = "T0ACME", "U0BOT", "B0BOT"
TOKEN, SECRET, APP_TOKEN = "xoxb-fake-1", "f00d" * 8, "xapp-fake-1"


def member(user_id: str, name: str, zone: str = "Europe/Berlin", **more: Any) -> dict[str, Any]:
    """Return a user as users.info tells it."""
    return {
        "id": user_id,
        "team_id": TEAM,
        "name": name.lower().replace(" ", "."),
        "real_name": name,
        "tz": zone,
        "locale": "en-US",
        "deleted": False,
        "is_bot": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "profile": {"real_name": name, "display_name": ""},
        **more,
    }


@dataclass
class Call:
    """One call of the Web API, or one answer at a response_url."""

    method: str
    arguments: dict[str, Any]


@dataclass
class FakeSlack:
    """Answers like Slack; ``faults`` maps a method to the errors it gives first."""

    url: str = ""
    team: str = TEAM
    token: str = TOKEN
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: dict[str, list[dict[str, Any] | int]] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    """Channel to the users in it; a channel that is not named takes everybody."""
    refused: list[str] = field(default_factory=list)
    """What was sent that Slack would not take."""
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    greets: bool = True
    _ts: int = 1_796_000_000

    def said(self, method: str) -> list[dict[str, Any]]:
        """Return the arguments of every call of a method, in order."""
        return [call.arguments for call in self.calls if call.method == method]

    @property
    def responses(self) -> list[dict[str, Any]]:
        """Return what was said at response_urls."""
        return self.said("response")

    def response_url(self, name: str = "r1") -> str:
        """Return an address for answers."""
        return f"{self.url}response/{name}"

    def _answer(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {"team_id": self.team, "team": "Acme", "user_id": BOT_USER, "bot_id": BOT}
            case "bots.info":
                return {"bot": {"id": BOT, "app_id": "A0SLOT"}}
            case "users.info":
                user = self.users.get(given.get("user", ""))
                return {"user": user} if user else {"ok": False, "error": "user_not_found"}
            case "users.list":
                return {"members": list(self.users.values())}
            case "conversations.open":
                return {"channel": {"id": f"D{str(given.get('users'))[1:]}"}}
            case "conversations.info":
                return {"channel": {"id": given.get("channel"), "is_member": True}}
            case "chat.postMessage":
                if not self._may(given.get("channel", ""), BOT_USER):
                    return {"ok": False, "error": "not_in_channel"}
                self._ts += 1
                return {"channel": given.get("channel"), "ts": f"{self._ts}.000100"}
            case "chat.postEphemeral":
                if not self._may(given.get("channel", ""), str(given.get("user"))):
                    return {"ok": False, "error": "user_not_in_channel"}
                return {"message_ts": "1.1"}
            case "views.open" | "views.push" | "views.update" | "views.publish":
                return {"view": {"id": "V0NEW", "hash": "1.h"}}
            case "files.getUploadURLExternal":
                return {"upload_url": f"{self.url}upload/F1", "file_id": "F0FILE"}
            case "apps.connections.open":
                return {"url": self.url.replace("http", "ws", 1) + "socket?ticket=secret"}
            case _:
                return {}

    def _judge(self, method: str, given: dict[str, Any]) -> None:
        if method in {"chat.postMessage", "chat.postEphemeral", "chat.update", "response"}:
            faults = message_faults(given)
            faults += blocks.faults_of_message(given.get("blocks") or [], given.get("text") or "")
        elif method.startswith("views."):
            faults = view_faults(given.get("view", {})) + blocks.faults_of_view(given.get("view"))
        else:
            faults = []
        self.refused += [f"{method}: {fault}" for fault in faults]

    def _may(self, channel: str, user: str) -> bool:
        return channel not in self.members or user in self.members[channel]

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            given |= await request.json()
        else:
            given |= {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append(Call(method, given))
        self._judge(method, given)
        token = request.headers.get("Authorization", "")
        if token not in {f"Bearer {self.token}", f"Bearer {APP_TOKEN}"}:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if self.faults.get(method):
            fault = self.faults[method].pop(0)
            if isinstance(fault, int):
                return web.Response(status=fault, text="oops", headers={"Retry-After": "1"})
            return web.json_response({"ok": False, **fault})
        return web.json_response({"ok": True, **self._answer(method, given)})

    async def respond(self, request: web.Request) -> web.Response:
        if self.faults.get("response"):
            fault = self.faults["response"].pop(0)
            return web.json_response(fault, status=404)
        said = await request.json()
        self._judge("response", said)
        self.calls.append(Call("response", {**said, "url": str(request.url)}))
        return web.Response(text="ok")

    async def upload(self, request: web.Request) -> web.Response:
        self.calls.append(Call("upload", {"content": await request.read()}))
        return web.Response(text="OK - 3")

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        if self.greets:
            await socket.send_json({"type": "hello", "num_connections": 1})
        async for message in socket:
            self.acknowledged.append(json.loads(message.data))
        return socket


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """Serve a fake Slack on a free port of this machine."""
    fake = FakeSlack(
        users={
            "U0ANA": member("U0ANA", "Ana Ruiz"),
            "U0BO": member("U0BO", "Bo Lind"),
            "U0GUEST": member("U0GUEST", "Gus Guest", is_restricted=True),
            "U0GONE": member("U0GONE", "Gone Girl", deleted=True),
            "U0ROBOT": member("U0ROBOT", "Robot", is_bot=True),
            "U0OTHER": member("U0OTHER", "Otto Other", team_id="T0OTHER"),
            "U0STRANGE": member("U0STRANGE", "Stan Strange", team_id="T0X", is_stranger=True),
        }
    )
    app = web.Application()
    app.router.add_route("*", "/api/{method}", fake.api)
    app.router.add_post("/api/response/{name}", fake.respond)
    app.router.add_post("/api/upload/{name}", fake.upload)
    app.router.add_get("/api/socket", fake.socket)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    fake.url = f"http://127.0.0.1:{port}/api/"
    try:
        yield fake
    finally:
        for socket in fake.sockets:
            await socket.close()
        await runner.cleanup()
