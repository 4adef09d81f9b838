"""What platforms tell of accounts, and which channels guests may use."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, select

from persistence.mapping import AnyRow, Values
from persistence.prepared import Prepared
from persistence.reader import DialectName, Reader, insert_for
from persistence.store import Writer
from persistence.tables import guest_channels, profiles
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId
from scheduling.people import AccountKey, Platform, Recipient, Standing
from scheduling.ports import Profile

_PROFILE = Prepared(
    select(profiles).where(
        profiles.c.organization_id == bindparam("org"),
        profiles.c.platform == bindparam("platform"),
        profiles.c.tenant == bindparam("tenant"),
        profiles.c.account_id == bindparam("account"),
    )
)


class SqlProfiles:
    """See scheduling.ports.Profiles.

    A profile is what a platform says, whoever asks: it belongs to no tenant of ours.
    """

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        dialect: DialectName,
        organization_id: OrganizationId = DEFAULT_ORGANIZATION,
    ) -> None:
        self._writer, self._reader, self._org = writer, reader, organization_id
        new = insert_for(dialect)(profiles)
        key = ("organization_id", "platform", "tenant", "account_id")
        told = {c.name: new.excluded[c.name] for c in profiles.c if c.name not in key}
        # What was asked first may arrive last: an older answer replaces nothing.
        self._put = new.on_conflict_do_update(
            index_elements=list(key),
            set_=told,
            where=profiles.c.fetched_at <= new.excluded.fetched_at,
        )

    async def get(self, key: AccountKey) -> Profile | None:
        """Return what was last told of the account."""
        values = {
            "org": self._org,
            "platform": key.platform.value,
            "tenant": key.tenant,
            "account": key.account_id,
        }
        row = await self._reader.one(_PROFILE, values)
        return None if row is None else _profile_of(row)

    async def put(self, profile: Profile) -> None:
        """Store it in the place of an earlier one; one fetched before that changes nothing."""
        values = {
            "organization_id": self._org,
            "platform": profile.key.platform.value,
            "tenant": profile.key.tenant,
            "account_id": profile.key.account_id,
            "name": profile.name,
            "zone": profile.zone,
            "locale": profile.locale,
            "standing": profile.standing.value,
            "is_workspace_admin": profile.is_workspace_admin,
            "email": profile.email,
            "fetched_at": profile.fetched_at,
        }

        def work(connection: Connection) -> None:
            connection.execute(self._put, values)

        await self._writer.run(work, lasting=False)


class SqlGuestChannels:
    """See scheduling.ports.GuestChannels."""

    def __init__(self, writer: Writer, reader: Reader, dialect: DialectName) -> None:
        self._writer, self._reader = writer, reader
        self._open = insert_for(dialect)(guest_channels).on_conflict_do_nothing()

    async def is_open(self, organization_id: OrganizationId, group: Recipient) -> bool:
        """Say whether an admin opened it."""
        this = and_(
            *(guest_channels.c[k] == v for k, v in _channel(organization_id, group).items())
        )
        return await self._reader.first(select(guest_channels.c.chat_id).where(this)) is not None

    async def set_open(
        self, organization_id: OrganizationId, group: Recipient, *, is_open: bool, now: datetime
    ) -> None:
        """Open or close it; repeating it changes nothing."""
        key = _channel(organization_id, group)
        this = and_(*(guest_channels.c[name] == value for name, value in key.items()))

        def work(connection: Connection) -> None:
            if is_open:
                connection.execute(self._open, {**key, "opened_at": now})
            else:
                connection.execute(delete(guest_channels).where(this))

        await self._writer.run(work)


def _channel(organization_id: OrganizationId, group: Recipient) -> Values:
    return {
        "organization_id": organization_id,
        "platform": group.platform.value,
        "tenant": group.tenant,
        "chat_id": group.chat_id,
    }


def _profile_of(row: AnyRow) -> Profile:
    return Profile(
        key=AccountKey(Platform(row.platform), row.tenant, row.account_id),
        name=row.name,
        zone=row.zone,
        locale=row.locale,
        standing=Standing(row.standing),
        is_workspace_admin=row.is_workspace_admin,
        email=row.email,
        fetched_at=row.fetched_at,
    )
