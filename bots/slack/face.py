"""Slack as one face of slotbook: everything it needs, built in one place."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

import structlog

from bots.patience import pause_after
from bots.slack.adapter import SlackAdapter, Surroundings
from bots.slack.answers import SlackAnswers
from bots.slack.api import Connections, SlackClient, hush_libraries
from bots.slack.door import Door
from bots.slack.events import SlackEvents
from bots.slack.failures import FAILURES, SOON, in_short, wrong_token
from bots.slack.files import FileLinks, SlackFiles
from bots.slack.guests import Guests
from bots.slack.intake import SlackIntake
from bots.slack.listeners import SlackListeners
from bots.slack.messenger import SlackMessenger
from bots.slack.naming import SlackMembers
from bots.slack.people import SlackPeople
from bots.slack.socket import SlackSocket
from bots.slack.workspaces import Workspace, Workspaces, configured
from scheduling.access import ChannelAccess
from scheduling.errors import DeliveryDeferred, StoreUnavailable
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId, digest
from scheduling.ports import (
    Drafts,
    Inbound,
    Inbox,
    Memory,
    Profiles,
    Queries,
)

_REVOKED = "the workspace took slotbook out, or its token back: install it again"
_DEFECT = "stopped by a defect; see the log"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackConfig:
    """The settings of Slack, as the wiring hands them in.

    Without a bot token only workspaces that installed the app by themselves are served.
    """

    bot_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    """With it requests come by Socket Mode; without it over HTTP, which needs the secret."""
    api_url: str = "https://slack.com/api/"
    public_url: str | None = None
    """Address under which people reach our pages: where files are not allowed, links go there."""

    def __post_init__(self) -> None:
        if not self.app_token and not self.signing_secret:
            raise ValueError("requests over HTTP without a signing secret could be anybody's")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPorts:
    """Where Slack's face stores what it has to remember."""

    inbox: Inbox
    memory: Memory
    queries: Queries
    drafts: Drafts
    profiles: Profiles
    access: ChannelAccess


class SlackFace:
    """The app in Slack: its messenger, its links, and the part that keeps its connections.

    It can be built without Slack being there; ``running`` goes on trying until it is. What
    sends through it (the dispatcher, the worker) runs inside that block; ``receiver`` is a part
    of its own in Socket Mode, and ``events`` takes what comes over HTTP.
    """

    name = "slack"

    def __init__(
        self,
        config: SlackConfig,
        around: Surroundings,
        ports: SlackPorts,
        *,
        wake: Callable[[], None],
    ) -> None:
        hush_libraries()
        clock = around.clock
        self._config, self._clock, self._memory = config, clock, ports.memory
        self._connections = Connections(config.api_url)
        self._client = self._connections.client(config.bot_token)
        self._introduced = asyncio.Event()
        self._trouble: str | None = None
        self._task: asyncio.Task[None] | None = None
        self.workspaces = Workspaces(
            self._connections,
            has_token=config.bot_token is not None,
            installations=around.installations,
        )
        self.people = SlackPeople(
            self.workspaces, around.people, ports.queries, ports.profiles, ports.access, clock
        )
        self._links = FileLinks(config.signing_secret or config.app_token or "")
        files = SlackFiles(self._connections, self._file_address)
        self.messenger = SlackMessenger(self._connections, self.workspaces, self.people, files)
        door = Door(self.workspaces, self.people, self.messenger, ports.drafts, clock)
        self._adapter = SlackAdapter(door, self.messenger, self.people, self.workspaces, around)
        self.members = SlackMembers(self.people)
        Guests(ports.access).register(around.surfaces)
        intake = SlackIntake(ports.inbox, clock, wake)
        answers = SlackAnswers(door, around.surfaces, intake, clock)
        self.listeners = SlackListeners(intake, answers, self.workspaces, self._connections)
        self.events = (
            SlackEvents(self.listeners, clock, config.signing_secret)
            if config.signing_secret
            else None
        )
        self.receiver = (
            SlackSocket(self._connections, config.app_token, self.listeners, clock)
            if config.app_token
            else None
        )

    def client(self, token: str | None) -> SlackClient:
        """Return a client of the Web API on our connections."""
        return self._connections.client(token)

    async def handle(self, inbound: Inbound) -> None:
        """Handle a stored request; see SlackAdapter."""
        await self._adapter.handle(inbound)

    async def apologize(self, inbound: Inbound, code: str) -> None:
        """Tell a person that it did not work; see SlackAdapter."""
        await self._adapter.apologize(inbound, code)

    def deep_link(
        self, payload: str, organization_id: OrganizationId = DEFAULT_ORGANIZATION
    ) -> str:
        """Return the address that opens our direct message in an organization's workspace.

        Slack's links carry no payload; what a code opens is told beside the link.

        Raises:
            DeliveryDeferred: Slack has not told yet who we are.
        """
        found = self.workspaces.of_organization(organization_id)
        if found is None:
            raise DeliveryDeferred(SOON)
        # Without the app's id, which Slack may not tell, the talk with its user is named.
        to = f"app={quote(found.app_id)}" if found.app_id else f"channel={quote(found.bot_user_id)}"
        return f"https://slack.com/app_redirect?{to}&team={quote(found.team_id)}"

    def file_content(self, token: str) -> bytes | None:
        """Return the file behind one of our links; None for what is none of ours."""
        return self._links.content(token)

    def _file_address(self, content: bytes) -> str | None:
        token = self._links.token(content) if self._config.public_url else None
        return f"{self._config.public_url}/files/{token}.ics" if token else None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Learn who we are inside the block; leaving closes the connections."""
        await self._recall()
        self._task = asyncio.create_task(self._begin(), name=self.name)
        try:
            yield
        finally:
            self._task.cancel()
            await asyncio.wait({self._task})
            await self.listeners.finish()
            await self._connections.close()

    def trouble(self, now: datetime) -> str | None:
        """Say what is wrong between Slack and us."""
        if self._task is None:
            return "not running"
        if self._task.done() and not self._introduced.is_set():
            return _DEFECT
        return _REVOKED if self.workspaces.is_revoked else self._trouble

    async def _begin(self) -> None:
        if self._config.bot_token is None:
            self._introduced.set()
            return
        try:
            failures = 0
            while not await self._introduce():
                failures += 1
                await self._clock.sleep(pause_after(failures))
        except Exception:  # the edge of this part: trouble() tells, the log says why
            _log.exception("slack.stopped")

    async def _introduce(self) -> bool:
        """Ask Slack who we are; False when it does not tell."""
        try:
            me = await self._client.auth_test()
        except FAILURES as error:
            self._note_trouble(
                "Slack does not know this token"
                if wrong_token(error)
                else f"Slack cannot be reached ({in_short(error)})"
            )
            return False
        told = {
            name: value
            for name in ("team_id", "user_id", "bot_id", "enterprise_id", "team", "app_id")
            if isinstance(value := me.get(name), str)
        }
        told.setdefault("app_id", await self._app_id(told.get("bot_id", "")))
        if not told.get("team_id"):
            self._note_trouble("Slack does not say whose token this is")
            return False
        self._trouble = None
        self.workspaces.own = self._workspace(told)
        with suppress(StoreUnavailable):
            await self._memory.remember(self._memory_key, json.dumps(told))
        _log.info("slack.ready", team=told["team_id"], bot=told.get("user_id"))
        self._introduced.set()
        return True

    async def _app_id(self, bot_id: str) -> str:
        """Return the app's id, for links that open it; empty where Slack does not tell."""
        try:
            answer = await self._client.bots_info(bot=bot_id)
        except FAILURES as error:
            _log.info("slack.app_not_told", reason=in_short(error))
            return ""
        bot = answer.get("bot")
        found = bot.get("app_id") if isinstance(bot, dict) else None
        return found if isinstance(found, str) else ""

    async def _recall(self) -> None:
        """Know who we are at once after a restart, even while Slack is away."""
        if self._config.bot_token is None:
            return
        with suppress(StoreUnavailable, ValueError, KeyError):
            told = json.loads(await self._memory.recall(self._memory_key) or "null")
            if told is not None:
                self.workspaces.own = self._workspace(told)

    def _workspace(self, told: dict[str, str]) -> Workspace:
        return configured(
            self._client,
            team_id=told["team_id"],
            bot_user_id=told.get("user_id", ""),
            bot_id=told.get("bot_id", ""),
            enterprise_id=told.get("enterprise_id"),
            name=told.get("team", ""),
            app_id=told.get("app_id", ""),
        )

    @property
    def _memory_key(self) -> str:
        # Of the token only a digest: another token may be another workspace's.
        return f"slack-team:{digest(self._config.bot_token or '')[:24]}"

    def _note_trouble(self, trouble: str) -> None:
        if trouble != self._trouble:
            _log.warning("slack.not_there", trouble=trouble)
        self._trouble = trouble
