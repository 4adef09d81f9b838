"""Which workspace a request came from, and which token writes there."""

from dataclasses import dataclass, field

from bots.slack.api import Connections, SlackClient
from bots.slack.failures import SOON
from scheduling.errors import DeliveryDeferred, RecipientUnreachable
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId
from scheduling.ports import Installation, Installations


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace that we may write to, and who we are in it."""

    team_id: str
    organization_id: OrganizationId
    client: SlackClient = field(repr=False)
    bot_user_id: str = ""
    bot_id: str = ""
    enterprise_id: str | None = None
    name: str = ""
    app_id: str = ""


class Workspaces:
    """The workspace of the configured token, and those that installed the app by themselves.

    Without a configured token only the latter count. Who we are in the configured one is learnt
    from Slack after the start; until then requests have to wait.
    """

    def __init__(
        self,
        connections: Connections,
        *,
        has_token: bool,
        installations: Installations | None = None,
    ) -> None:
        self._connections, self._has_token = connections, has_token
        self._installations = installations
        self._own: Workspace | None = None
        self._by_organization: dict[OrganizationId, Workspace] = {}
        """Where each organization was last met."""
        self.is_revoked = False
        """The workspace of the configured token took us out; known until the next start."""

    @property
    def own(self) -> Workspace | None:
        """Return the workspace of the configured token, once it is known."""
        return self._own

    @own.setter
    def own(self, workspace: Workspace) -> None:
        self._own = workspace

    async def find(self, team_id: str | None, enterprise_id: str | None = None) -> Workspace | None:
        """Return the workspace a request is for.

        A team nobody installed us in belongs, with one configured token, to that one's: a guest
        of a shared channel. Whether they may enter is decided by who they are.

        Raises:
            DeliveryDeferred: we do not know yet who we are.
        """
        if self._own is not None and team_id in {self._own.team_id, None}:
            return self._own
        installed = await self._installed(team_id, enterprise_id)
        if installed is not None:
            return installed
        if self._own is None and self._has_token:
            raise DeliveryDeferred(SOON)
        return self._own

    async def named(
        self, team_id: str | None, enterprise_id: str | None = None
    ) -> Workspace | None:
        """Return the workspace itself that an event tells of; None for one that took us out.

        Raises:
            DeliveryDeferred: we do not know yet who we are.
        """
        found = await self.find(team_id, enterprise_id)
        if found is None or team_id in {None, found.team_id}:
            return found
        one_organization = found.enterprise_id is not None
        return found if one_organization and found.enterprise_id == enterprise_id else None

    async def of(self, tenant: str) -> Workspace:
        """Return the workspace of a chat.

        Raises:
            DeliveryDeferred: we do not know yet who we are.
            RecipientUnreachable: the workspace took us out.
        """
        if self._own is not None and tenant == self._own.team_id:
            return self._own
        installed = await self._installed(tenant, None)
        if installed is not None:
            return installed
        if self._own is None and self._has_token:
            raise DeliveryDeferred(SOON)
        raise RecipientUnreachable("not installed")

    def of_organization(self, organization_id: OrganizationId) -> Workspace | None:
        """Return an organization's workspace; None before anything came from it."""
        if organization_id == DEFAULT_ORGANIZATION:
            return self._own
        return self._by_organization.get(organization_id)

    def is_own(self, team_id: str | None) -> bool:
        """Say whether it is the workspace of the configured token."""
        return self._own is not None and team_id == self._own.team_id

    async def _installed(self, team_id: str | None, enterprise_id: str | None) -> Workspace | None:
        if self._installations is None:
            return None
        found = await self._installations.find(team_id, enterprise_id)
        return self.installed(found) if found else None

    def installed(self, found: Installation) -> Workspace:
        """Return the workspace of an installation."""
        workspace = Workspace(
            team_id=found.team_id,
            organization_id=found.organization_id,
            client=self._connections.client(found.bot_token),
            bot_user_id=found.bot_user_id,
            bot_id=found.bot_id,
            enterprise_id=found.enterprise_id,
            name=found.team_name,
            app_id=found.app_id,
        )
        self._by_organization[found.organization_id] = workspace
        return workspace


def configured(
    client: SlackClient,
    *,
    team_id: str,
    bot_user_id: str,
    bot_id: str = "",
    enterprise_id: str | None = None,
    name: str = "",
    app_id: str = "",
) -> Workspace:
    """Return the workspace of the configured token, which belongs to the first organization."""
    return Workspace(
        team_id=team_id,
        organization_id=DEFAULT_ORGANIZATION,
        client=client,
        bot_user_id=bot_user_id,
        bot_id=bot_id,
        enterprise_id=enterprise_id,
        name=name,
        app_id=app_id,
    )
