"""Several workspaces at one address, as at Slack: a token says which one is asked.

Every workspace has the same people, channels and bot by id; only what they are called differs.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiohttp import web
from pydantic import SecretStr

from app.settings import Settings
from app.wiring import Slotbook, running_slotbook
from fake_slack import BOT_USER, SECRET, FakeSlack, member
from running_clock import RunningClock
from slack_desk import Desk

CLIENT_ID, CLIENT_SECRET = "11.22", "c0ffee-client-secret"
PUBLIC = "https://book.example"
REDIRECT = f"{PUBLIC}/slack/oauth_redirect"
ANA, BO, GUS = "U0ANA", "U0BO", "U0GUS"
_COOKIE = "slotbook_install"


@dataclass
class ManySlacks:
    """The workspaces, and what Slack knows of installations."""

    url: str = ""
    workspaces: dict[str, FakeSlack] = field(default_factory=dict)
    """By token; a token that was taken back stands here no longer."""
    codes: dict[str, tuple[FakeSlack, str]] = field(default_factory=dict)
    """What a code is good for, once: a workspace, and who allowed it."""
    exchanged: list[dict[str, str]] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    _everywhere: dict[str, FakeSlack] = field(default_factory=dict)
    fault: int | None = None
    """The status with which everything is answered while Slack is away."""

    def workspace(self, team: str, label: str) -> FakeSlack:
        """Add a workspace whose people carry its label in their names."""
        fake = FakeSlack(
            url=f"{self.url}{team}/",
            team=team,
            token=f"xoxb-{team}-canary",
            users={
                ANA: member(ANA, f"Ana {label}", team_id=team, is_admin=True),
                BO: member(BO, f"Bo {label}", team_id=team),
                GUS: member(GUS, f"Gus {label}", team_id=team, is_admin=True, deleted=True),
            },
        )
        self.workspaces[fake.token] = self._everywhere[team] = fake
        return fake

    def allowed_by(self, fake: FakeSlack, user: str = ANA) -> str:
        """Return the code of somebody who allowed the app on Slack's page."""
        code = f"code.{len(self.codes) + len(self.exchanged)}.{fake.team}"
        self.codes[code] = (fake, user)
        return code

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Answer as the workspace of the token."""
        if self.fault is not None:
            return web.Response(status=self.fault, text="<html>away</html>")
        method = request.match_info["method"]
        if method == "oauth.v2.access":
            return web.json_response(await self._exchange(request))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        fake = self.workspaces.get(token)
        if fake is None:
            return web.json_response({"ok": False, "error": "account_inactive"})
        if method == "auth.revoke":
            self.revoked.append(token)
            del self.workspaces[token]
            return web.json_response({"ok": True, "revoked": True})
        return await fake.api(request)

    async def respond(self, request: web.Request) -> web.Response:
        """Take an answer at the address of an interaction."""
        team = request.match_info["team"]
        return await self._everywhere[team].respond(request)

    async def upload(self, request: web.Request) -> web.Response:
        """Take a file's content."""
        return await self._everywhere[request.match_info["team"]].upload(request)

    async def _exchange(self, request: web.Request) -> dict[str, Any]:
        given = {name: str(value) for name, value in (await request.post()).items()}
        self.exchanged.append(given)
        if (given["client_id"], given["client_secret"]) != (CLIENT_ID, CLIENT_SECRET):
            return {"ok": False, "error": "bad_client_secret"}
        found = self.codes.pop(given.get("code", ""), None)
        if found is None or given.get("redirect_uri") != REDIRECT:
            return {"ok": False, "error": "invalid_code"}
        fake, user = found
        self.workspaces[fake.token] = fake
        return {
            "ok": True,
            "access_token": fake.token,
            "token_type": "bot",
            "scope": "chat:write,commands",
            "bot_user_id": BOT_USER,
            "app_id": "A0SLOT",
            "team": {"id": fake.team, "name": f"Team {fake.team}"},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": user},
        }


@asynccontextmanager
async def many_slacks() -> AsyncIterator[ManySlacks]:
    """Serve them on a free port of this machine; there is no workspace yet."""
    many = ManySlacks()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", many.api)
    app.router.add_post("/api/{team}/response/{name}", many.respond)
    app.router.add_post("/api/{team}/upload/{name}", many.upload)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    many.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield many
    finally:
        await runner.cleanup()


def oauth_settings(database_url: str, many: ManySlacks, **more: Any) -> Settings:
    """Return the settings of slotbook for workspaces that install it by themselves."""
    more.setdefault("secret_key", SecretStr("a long and random key of the host"))
    return Settings(
        database_url=SecretStr(database_url),
        slack_client_id=CLIENT_ID,
        slack_client_secret=SecretStr(CLIENT_SECRET),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=many.url,
        public_url=PUBLIC,
        http_port=0,
        **more,
    )


@dataclass
class Office:
    """Slotbook running for many workspaces, and a browser in which they install it."""

    slacks: ManySlacks
    slotbook: Slotbook
    clock: RunningClock
    client: httpx.AsyncClient

    async def begins(self) -> tuple[str, str]:
        """Open the page of an installation and return the state and the browser's cookie."""
        answer = await self.client.get("/slack/install")
        assert answer.status_code == 302
        state = httpx.URL(answer.headers["location"]).params["state"]
        return state, answer.cookies[_COOKIE]

    async def returns(self, cookie: str | None, **query: str) -> httpx.Response:
        """Come back from Slack's page, with the cookie of a browser."""
        headers = {"Cookie": f"{_COOKIE}={cookie}"} if cookie is not None else {}
        self.client.cookies.clear()
        return await self.client.get("/slack/oauth_redirect", params=query, headers=headers)

    async def installs(self, fake: FakeSlack, user: str = ANA) -> httpx.Response:
        """Let somebody add slotbook to their workspace."""
        state, cookie = await self.begins()
        return await self.returns(cookie, state=state, code=self.slacks.allowed_by(fake, user))

    def desk(self, fake: FakeSlack) -> Desk:
        """Return hands to act with in a workspace."""
        return Desk(fake, self.slotbook, self.clock, self.client, fake.team)


@asynccontextmanager
async def running_office(
    database_url: str, many: ManySlacks, clock: RunningClock, **more: Any
) -> AsyncIterator[Office]:
    """Run slotbook for every workspace that installs it."""
    settings = oauth_settings(database_url, many, **more)
    async with running_slotbook(settings, clock=clock) as slotbook:
        assert slotbook.web is not None
        base = slotbook.web.address or ""
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            yield Office(many, slotbook, clock, client)
