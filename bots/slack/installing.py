"""Many workspaces: from "Add to Slack" to a stored, sealed token, by OAuth v2.

Slack sends the browser back with a code and the state we gave it. The state is for one use, ten
minutes long and bound to the browser that began, so nobody can be led into finishing somebody
else's installation (RFC 6749, section 10.12). Only an admin of the workspace may install.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scheduling.ids import OrganizationId, digest, new_id
from scheduling.ports import Clock, Installation, Installations

STATE_LIFE = timedelta(minutes=10)
_AUTHORIZE = "https://slack.com/oauth/v2/authorize"
_log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """How an installation ended."""

    INSTALLED = "installed"
    DECLINED = "declined"
    """The person said no on Slack's page."""
    STALE = "stale"
    """The state was not given to this browser, was used, or is over."""
    NOT_ADMIN = "not_admin"
    FAILED = "failed"
    """Slack refused the code, or could not be reached."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and the cookie that it has to bring back."""

    url: str
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of it; with INSTALLED, the page that opens the app in Slack."""

    verdict: Verdict
    team_name: str = ""
    open_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCredentials:
    """The app as Slack knows it."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: Sequence[str]


class SlackInstalling:
    """Begins and ends installations. ``client`` makes a client of Slack's API for a token."""

    def __init__(
        self,
        app: AppCredentials,
        installations: Installations,
        client: Callable[[str | None], AsyncWebClient],
        clock: Clock,
    ) -> None:
        self._app, self._installations = app, installations
        self._client, self._clock = client, clock

    async def begin(self) -> Begun:
        """Return Slack's page for this installation."""
        now, cookie = self._clock.now(), secrets.token_urlsafe(32)
        state = await self._installations.issue_state(digest(cookie), now, now + STATE_LIFE)
        query = {
            "client_id": self._app.client_id,
            "scope": ",".join(self._app.scopes),
            "redirect_uri": self._app.redirect_uri,
            "state": state,
        }
        return Begun(f"{_AUTHORIZE}?{urlencode(query)}", cookie)

    async def finish(self, *, code: str, state: str, error: str, cookie: str) -> Ended:
        """Exchange the code and keep the token; safe to repeat, since a state is for one use."""
        known = await self._installations.consume_state(state, digest(cookie), self._clock.now())
        if not (state and cookie and known):
            return Ended(Verdict.STALE)
        if error or not code:
            return Ended(Verdict.DECLINED)
        try:
            # In the body, which Slack takes as well: the library's own call builds a header in
            # a way that its transport is about to drop.
            granted = await self._client(None).api_call(
                "oauth.v2.access",
                data={
                    "client_id": self._app.client_id,
                    "client_secret": self._app.client_secret,
                    "code": code,
                    "redirect_uri": self._app.redirect_uri,
                },
            )
            return await self._keep(granted.data if isinstance(granted.data, dict) else {})
        except (SlackApiError, aiohttp.ClientError, TimeoutError, KeyError) as fault:
            # Its text may quote the request, and with it the secret: only the kind is told.
            _log.warning("slack.install_failed", kind=type(fault).__name__)
            return Ended(Verdict.FAILED)

    async def _keep(self, granted: dict[str, Any]) -> Ended:
        token, installer = str(granted["access_token"]), str(granted["authed_user"]["id"])
        client = self._client(token)
        told = await client.users_info(user=installer)
        user = told.get("user") or {}
        team, enterprise = granted.get("team") or {}, granted.get("enterprise") or {}
        if not (user.get("is_admin") or user.get("is_owner")):
            await client.auth_revoke()
            return Ended(Verdict.NOT_ADMIN, str(team.get("name") or ""))
        me = await client.auth_test()
        team_id, enterprise_id = str(team["id"]), enterprise.get("id")
        before = await self._installations.find(team_id, enterprise_id)
        installation = Installation(
            organization_id=before.organization_id if before else OrganizationId(new_id()),
            team_id=team_id,
            enterprise_id=enterprise_id,
            team_name=str(team.get("name") or team_id),
            bot_token=token,
            bot_user_id=str(granted.get("bot_user_id") or me["user_id"]),
            bot_id=str(me.get("bot_id") or ""),
            app_id=str(granted.get("app_id") or ""),
            scopes=str(granted.get("scope") or ""),
            installed_by=installer,
            installed_at=self._clock.now(),
        )
        await self._installations.save(installation)
        _log.info("slack.installed", team=team_id)
        query = urlencode({"app": installation.app_id, "team": team_id})
        return Ended(
            Verdict.INSTALLED, installation.team_name, f"https://slack.com/app_redirect?{query}"
        )
