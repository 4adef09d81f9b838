"""The two pages of an installation by OAuth: the way out to Slack, and the way back."""

from collections.abc import Mapping
from typing import Protocol

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from scheduling.errors import StoreUnavailable

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
_COOKIE = "slotbook_install"
_COOKIE_LIFE = 600
_LONGEST = 2000
"""What is longer was written neither by Slack nor by us."""

_SENTENCES: Mapping[str, tuple[int, str]] = {
    "installed": (200, "slotbook is in {team} now. Open it: {url}"),
    "declined": (200, "Nothing was installed. To begin again, open {install}"),
    "stale": (400, "This page is over, or belongs to another browser. Begin again: {install}"),
    "not_admin": (
        403,
        "An admin of {team} has to add slotbook. Send them this address: {install}",
    ),
    "failed": (502, "Slack did not complete it. Nothing was installed. Try again: {install}"),
}


class Begun(Protocol):
    @property
    def url(self) -> str: ...
    @property
    def cookie(self) -> str: ...


class Ended(Protocol):
    @property
    def verdict(self) -> str: ...
    @property
    def team_name(self) -> str: ...
    @property
    def open_url(self) -> str: ...


class Installing(Protocol):
    """Whoever installs workspaces."""

    async def begin(self) -> Begun: ...
    async def finish(self, *, code: str, state: str, error: str, cookie: str) -> Ended: ...


def add_installing(app: FastAPI, installing: Installing, public_url: str) -> None:
    """Add the pages; ``public_url`` is where browsers find us."""
    secure = public_url.startswith("https://")

    @app.get(INSTALL_PATH)
    async def install() -> Response:
        """Send the browser to Slack, with a cookie it has to bring back."""
        try:
            begun = await installing.begin()
        except StoreUnavailable:
            return PlainTextResponse("Try again later.", 503, {"Retry-After": "60"})
        answer = RedirectResponse(begun.url, 302)
        answer.set_cookie(
            _COOKIE, begun.cookie, max_age=_COOKIE_LIFE, path=REDIRECT_PATH,
            secure=secure, httponly=True, samesite="lax",
        )  # fmt: skip
        return answer

    @app.get(REDIRECT_PATH)
    async def redirected(request: Request) -> Response:
        """Finish the installation that this browser began."""
        asked = {name: request.query_params.get(name, "") for name in ("code", "state", "error")}
        cookie = request.cookies.get(_COOKIE, "")
        if any(len(value) > _LONGEST for value in (*asked.values(), cookie)):
            return PlainTextResponse("Too long.", 400)
        try:
            ended = await installing.finish(**asked, cookie=cookie)
        except StoreUnavailable:
            return PlainTextResponse("Try again later.", 503, {"Retry-After": "60"})
        status, sentence = _SENTENCES[ended.verdict]
        words = sentence.format(
            team=ended.team_name or "the workspace",
            url=ended.open_url,
            install=f"{public_url}{INSTALL_PATH}",
        )
        answer = PlainTextResponse(words, status)
        answer.delete_cookie(_COOKIE, path=REDIRECT_PATH)
        return answer
