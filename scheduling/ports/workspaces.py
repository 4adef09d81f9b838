"""Slack workspaces that installed us, what their accounts are, and one-time codes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from scheduling.ids import OrganizationId
from scheduling.people import AccountKey, Recipient, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a platform tells of an account, kept so that no press waits for asking again."""

    key: AccountKey
    name: str
    zone: str | None
    locale: str | None
    standing: Standing
    is_workspace_admin: bool = False
    email: str | None = field(default=None, repr=False)
    fetched_at: datetime


class Profiles(Protocol):
    """Profiles as last told."""

    async def get(self, key: AccountKey) -> Profile | None: ...
    async def put(self, profile: Profile) -> None: ...


class GuestChannels(Protocol):
    """Channels that an admin opened to guests and other companies."""

    async def is_open(self, organization_id: OrganizationId, group: Recipient) -> bool: ...
    async def set_open(
        self, organization_id: OrganizationId, group: Recipient, *, is_open: bool, now: datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A workspace that installed the app. ``bot_token`` is in clear here, sealed in the rows."""

    organization_id: OrganizationId
    team_id: str
    enterprise_id: str | None
    team_name: str
    bot_token: str = field(repr=False)
    bot_user_id: str
    bot_id: str
    app_id: str
    scopes: str
    installed_by: str
    installed_at: datetime


class Installations(Protocol):
    """Workspaces by OAuth; tokens are sealed with the key from the settings."""

    async def find(self, team_id: str | None, enterprise_id: str | None) -> Installation | None:
        """Return the workspace's installation; None too where its token can be read no more."""

    async def organizations(self) -> list[OrganizationId]:
        """Return every organization there is, the first one first, installed still or not."""

    async def organization_of(self, team_id: str) -> OrganizationId | None:
        """Return the organization that the people of a workspace belong to; None when new."""

    async def save(self, installation: Installation) -> None:
        """Store it, replacing an earlier one of the workspace; makes its organization."""

    async def remove(self, team_id: str | None, enterprise_id: str | None, now: datetime) -> bool:
        """Forget the tokens and end what waits for this workspace in the outbox."""

    async def issue_state(self, cookie_hash: str, now: datetime, until: datetime) -> str:
        """Return a random state, for one use by the browser with that cookie."""

    async def consume_state(self, state: str, cookie_hash: str, now: datetime) -> bool: ...


class WrongKey(Exception):
    """What is stored was sealed with another key, or is damaged."""


class Sealer(Protocol):
    """Seals secrets for storage."""

    def seal(self, secret: str) -> str: ...
    def open(self, sealed: str) -> str:
        """Return the secret.

        Raises:
            WrongKey: it was sealed with another key, or is damaged.
        """
