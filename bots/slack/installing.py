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
from urllib.parse import urlencode

import structlog
from pydantic import ValidationError

from bots.slack.accounts import AccountRead, read_account
from bots.slack.api import SlackClient
from bots.slack.failures import FAILURES, in_short
from bots.slack.people import facts_of
from bots.slack.reading import Id, Key, MaybeId, MaybeKey, Read
from bots.slack.standing import profile_of
from bots.slack.workspaces import Workspace, Workspaces
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId, digest, new_id
from scheduling.people import Role
from scheduling.people_service import PeopleService
from scheduling.ports import Clock, Installation, Installations, Profile

STATE_LIFE = timedelta(minutes=10)
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
    slack_url: str = "https://slack.com/"
    """Where people meet Slack; its pages lie beside its API."""


class _Named(Read):
    id: Id
    name: MaybeKey = None


class _Granted(Read):
    """What Slack gives for a code; a whole organization of workspaces names no team."""

    access_token: Key
    team: _Named
    authed_user: _Named
    enterprise: _Named | None = None
    bot_user_id: MaybeId = None
    app_id: MaybeId = None
    scope: Key = ""


class SlackInstalling:
    """Begins and ends installations. ``client`` makes a client of Slack's API for a token."""

    def __init__(
        self,
        app: AppCredentials,
        installations: Installations,
        workspaces: Workspaces,
        people: PeopleService,
        client: Callable[[str | None], SlackClient],
        clock: Clock,
    ) -> None:
        self._app, self._installations = app, installations
        self._workspaces, self._people = workspaces, people
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
        return Begun(f"{self._app.slack_url}oauth/v2/authorize?{urlencode(query)}", cookie)

    async def finish(self, *, code: str, state: str, error: str, cookie: str) -> Ended:
        """Exchange the code and keep the token; safe to repeat, since a state is for one use."""
        known = await self._installations.consume_state(state, digest(cookie), self._clock.now())
        if not (state and cookie and known):
            return Ended(Verdict.STALE)
        if error or not code:
            return Ended(Verdict.DECLINED)
        try:
            return await self._take(await self._exchange(code))
        except FAILURES as fault:
            # Its text may quote the request, and with it the secret: only the kind is told.
            _log.warning("slack.install_failed", reason=in_short(fault))
        except ValidationError as fault:
            where = [".".join(map(str, each["loc"])) for each in fault.errors(include_input=False)]
            _log.warning("slack.install_failed", reason="not what was asked for", where=where)
        return Ended(Verdict.FAILED)

    async def _exchange(self, code: str) -> _Granted:
        # In the body, which Slack takes as well: the library's own call builds a header in a way
        # that its transport is about to drop.
        answer = await self._client(None).api_call(
            "oauth.v2.access",
            data={
                "client_id": self._app.client_id,
                "client_secret": self._app.client_secret,
                "code": code,
                "redirect_uri": self._app.redirect_uri,
            },
        )
        return _Granted.model_validate(answer.data)

    async def _take(self, granted: _Granted) -> Ended:
        """Keep the token if an admin gave it; else give it back."""
        client, team = self._client(granted.access_token), granted.team
        told = await client.users_info(user=granted.authed_user.id, include_locale=True)
        installer = read_account(told.get("user"))
        if installer is None or not _administers(installer):
            await self._give_back(client, team.id)
            return Ended(Verdict.NOT_ADMIN, team.name or "")
        me = await client.auth_test()
        installation = Installation(
            organization_id=await self._organization_of(team.id),
            team_id=team.id,
            enterprise_id=granted.enterprise.id if granted.enterprise else None,
            team_name=team.name or team.id,
            bot_token=granted.access_token,
            bot_user_id=granted.bot_user_id or str(me["user_id"]),
            bot_id=str(me.get("bot_id") or ""),
            app_id=granted.app_id or "",
            scopes=granted.scope,
            installed_by=installer.id,
            installed_at=self._clock.now(),
        )
        await self._installations.save(installation)
        _log.info("slack.installed", team=team.id)
        if not self._workspaces.is_own(team.id):
            workspace = self._workspaces.installed(installation)
            profile = profile_of(installer, workspace, self._clock.now())
            await self._make_admin(workspace, profile)
        query = urlencode({"app": installation.app_id, "team": team.id})
        address = f"{self._app.slack_url}app_redirect?{query}"
        return Ended(Verdict.INSTALLED, installation.team_name, address)

    async def _organization_of(self, team_id: str) -> OrganizationId:
        """Return the workspace's organization, the one it had before if it had one."""
        if self._workspaces.is_own(team_id):
            return DEFAULT_ORGANIZATION
        return await self._installations.organization_of(team_id) or OrganizationId(new_id())

    async def _make_admin(self, workspace: Workspace, profile: Profile) -> None:
        facts = facts_of(profile, profile.key.account_id)
        _, person = await self._people.meet(workspace.organization_id, facts)
        await self._people.grant(workspace.organization_id, person.id, Role.ADMIN, None)

    async def _give_back(self, client: SlackClient, team_id: str) -> None:
        """Revoke a token that nobody may keep.

        Slack gives a workspace the same token again: where an admin installed us before, ending
        it would let anybody there put slotbook out of service.
        """
        if self._workspaces.is_own(team_id) or await self._installations.find(team_id, None):
            return
        await client.auth_revoke()


def _administers(account: AccountRead) -> bool:
    return bool(account.is_admin or account.is_owner) and not account.deleted
