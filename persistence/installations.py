"""Workspaces that installed the app: their tokens, sealed, and the way in by OAuth."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, and_, delete, insert, not_, or_, select, update

from persistence.mapping import AnyRow
from persistence.prepared import Prepared
from persistence.reader import DialectName, Reader, insert_for
from persistence.store import Writer
from persistence.tables import (
    chat_accounts,
    installations,
    oauth_states,
    organizations,
    outbox,
)
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId, digest, new_secret
from scheduling.people import Platform
from scheduling.ports import Installation, Sealer, WrongKey

_log = structlog.get_logger(__name__)

_ORGANIZATIONS = Prepared(
    select(organizations.c.id).order_by(organizations.c.created_at, organizations.c.id)
)


class NoKey(RuntimeError):
    """Tokens cannot be kept: no key to seal them with was given."""


class Unsealed:
    """Stands where no key was given: refuses to keep or to read a token."""

    def seal(self, secret: str) -> str:
        """Refuse."""
        raise NoKey

    def open(self, sealed: str) -> str:
        """Refuse."""
        raise NoKey


class SqlInstallations:
    """See scheduling.ports.Installations."""

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        dialect: DialectName,
        sealer: Sealer,
        organization_id: OrganizationId = DEFAULT_ORGANIZATION,
    ) -> None:
        self._writer, self._reader, self._sealer = writer, reader, sealer
        self._org = organization_id
        new = insert_for(dialect)(installations)
        fresh = {c.name: new.excluded[c.name] for c in installations.c if c.name != "workspace"}
        self._put = new.on_conflict_do_update(index_elements=["workspace"], set_=fresh)
        self._found = insert_for(dialect)(organizations).on_conflict_do_nothing()

    async def find(self, team_id: str | None, enterprise_id: str | None) -> Installation | None:
        """Return the team's own installation, else that of its whole enterprise.

        One whose token was sealed with another key is as good as none: installing anew mends it.
        """
        rows = await self._reader.rows(select(installations).where(_of(team_id, enterprise_id)))
        by_workspace = {row.workspace: row for row in rows}
        row = by_workspace.get(team_id or "") or by_workspace.get(enterprise_id or "")
        if row is None:
            return None
        try:
            return self._installation_of(row)
        except WrongKey:
            _log.error("slack.sealed_with_another_key", workspace=row.workspace)
            return None

    async def organizations(self) -> list[OrganizationId]:
        """Return every organization there is, the first one first, installed still or not."""
        rows = await self._reader.all(_ORGANIZATIONS, {})
        return [OrganizationId(row.id) for row in rows]

    async def organization_of(self, team_id: str) -> OrganizationId | None:
        """Return the organization that the people of a workspace belong to; None when new.

        It stays theirs when the app is taken out, so installing it again finds everything.
        """
        row = await self._reader.first(
            select(installations.c.organization_id).where(installations.c.workspace == team_id)
        )
        row = row or await self._reader.first(
            select(chat_accounts.c.organization_id).where(
                chat_accounts.c.platform == Platform.SLACK.value,
                chat_accounts.c.tenant == team_id,
            )
        )
        return None if row is None else OrganizationId(row.organization_id)

    async def save(self, installation: Installation) -> None:
        """Store it, replacing an earlier one of the workspace; makes its organization."""
        workspace = installation.team_id or installation.enterprise_id or ""
        founded = {
            "id": installation.organization_id,
            "name": installation.team_name,
            "created_at": installation.installed_at,
        }
        values = {
            "organization_id": installation.organization_id,
            "workspace": workspace,
            "team_id": installation.team_id,
            "enterprise_id": installation.enterprise_id,
            "team_name": installation.team_name,
            "sealed_token": self._sealer.seal(installation.bot_token),
            "bot_user_id": installation.bot_user_id,
            "bot_id": installation.bot_id,
            "app_id": installation.app_id,
            "scopes": installation.scopes,
            "installed_by": installation.installed_by,
            "installed_at": installation.installed_at,
        }

        def work(connection: Connection) -> None:
            connection.execute(self._found, founded)
            connection.execute(self._put, values)
            _welcome_back(connection, workspace)

        await self._writer.run(work)

    async def remove(self, team_id: str | None, enterprise_id: str | None, now: datetime) -> bool:
        """Forget the tokens and end what waits for this workspace, in one transaction."""
        workspace = team_id or enterprise_id

        def work(connection: Connection) -> bool:
            gone = connection.execute(
                delete(installations).where(installations.c.workspace == workspace)
            )
            _end_what_waits(connection, workspace or "", now)
            return gone.rowcount > 0

        return await self._writer.run(work)

    async def issue_state(self, cookie_hash: str, now: datetime, until: datetime) -> str:
        """Return a random state, for one use by the browser with that cookie."""
        state = new_secret()
        values = {
            "organization_id": self._org,
            "state_hash": digest(state),
            "cookie_hash": cookie_hash,
            "expires_at": until,
        }

        def work(connection: Connection) -> str:
            # Whoever turned back at Slack's page leaves a row behind.
            connection.execute(delete(oauth_states).where(oauth_states.c.expires_at <= now))
            connection.execute(insert(oauth_states), values)
            return state

        return await self._writer.run(work)

    async def consume_state(self, state: str, cookie_hash: str, now: datetime) -> bool:
        """Say whether it was issued to that browser and is used in time; only once."""

        def work(connection: Connection) -> bool:
            used = connection.execute(
                delete(oauth_states)
                .where(
                    oauth_states.c.organization_id == self._org,
                    oauth_states.c.state_hash == digest(state),
                )
                .returning(oauth_states.c.cookie_hash, oauth_states.c.expires_at)
            ).first()
            return used is not None and used.cookie_hash == cookie_hash and used.expires_at > now

        return await self._writer.run(work)

    def _installation_of(self, row: AnyRow) -> Installation:
        return Installation(
            organization_id=OrganizationId(row.organization_id),
            team_id=row.team_id,
            enterprise_id=row.enterprise_id,
            team_name=row.team_name,
            bot_token=self._sealer.open(row.sealed_token),
            bot_user_id=row.bot_user_id,
            bot_id=row.bot_id,
            app_id=row.app_id,
            scopes=row.scopes,
            installed_by=row.installed_by,
            installed_at=row.installed_at,
        )


def _end_what_waits(connection: Connection, workspace: str, now: datetime) -> None:
    """End what can only be sent to the workspace; who has another chat is told there."""
    there = and_(
        chat_accounts.c.platform == Platform.SLACK.value, chat_accounts.c.tenant == workspace
    )
    mine = select(chat_accounts.c.account_id).where(
        chat_accounts.c.organization_id == outbox.c.organization_id,
        chat_accounts.c.person_id == outbox.c.person_id,
    )
    aimed_there = or_(
        *(
            and_(
                outbox.c[f"{to}_platform"] == Platform.SLACK.value,
                outbox.c[f"{to}_tenant"] == workspace,
            )
            for to in ("card", "chat")
        )
    )
    nowhere_else = and_(
        outbox.c.chat_id.is_(None),
        mine.where(there).exists(),
        ~mine.where(not_(there), chat_accounts.c.reachable).exists(),
    )
    connection.execute(
        update(outbox)
        .where(outbox.c.state == "waiting", or_(aimed_there, nowhere_else))
        .values(state="superseded", reason="app_uninstalled", lease_until=None, finished_at=now)
    )
    connection.execute(update(chat_accounts).where(there).values(reachable=False))


def _welcome_back(connection: Connection, workspace: str) -> None:
    connection.execute(
        update(chat_accounts)
        .where(
            chat_accounts.c.platform == Platform.SLACK.value, chat_accounts.c.tenant == workspace
        )
        .values(reachable=True)
    )


def _of(team_id: str | None, enterprise_id: str | None) -> Any:
    return installations.c.workspace.in_([each for each in (team_id, enterprise_id) if each])
