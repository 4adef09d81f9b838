"""Leadership: one row per name, with a holder, an end and a number that only rises."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, case, or_, update

from persistence.reader import DialectName, Reader, insert_for
from persistence.store import Writer
from persistence.tables import EPOCH, leases
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId

_NOBODY = ""


class SqlLeases:
    """See scheduling.ports.Leases."""

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        dialect: DialectName,
        organization_id: OrganizationId = DEFAULT_ORGANIZATION,
    ) -> None:
        self._writer, self._org = writer, organization_id
        insert = insert_for(dialect)
        new = insert(leases).values(organization_id=organization_id, fence=1)
        # One statement decides: of two that come together the second sees the first's row.
        self._take = new.on_conflict_do_update(
            index_elements=["organization_id", "name"],
            set_={
                "holder": new.excluded.holder,
                "lease_until": new.excluded.lease_until,
                "fence": leases.c.fence
                + case((leases.c.holder == new.excluded.holder, 0), else_=1),
            },
            where=or_(
                leases.c.holder == new.excluded.holder, leases.c.lease_until <= bindparam("now")
            ),
        ).returning(leases.c.fence)

    async def acquire(self, name: str, holder: str, now: datetime, ttl: timedelta) -> int | None:
        """Take or renew it; returns the fence number, or None while another holds it.

        The number stays while the same holder renews, and rises when the lease changes hands.
        """
        values = {"name": name, "holder": holder, "now": now, "lease_until": now + ttl}

        def work(connection: Connection) -> int | None:
            return connection.execute(self._take, values).scalar()

        return await self._writer.run(work, lasting=False)

    async def release(self, name: str, holder: str) -> None:
        """Let it go; another's lease is left alone, and the number is kept for the next."""
        statement = (
            update(leases)
            .where(
                leases.c.organization_id == self._org,
                leases.c.name == name,
                leases.c.holder == holder,
            )
            .values(holder=_NOBODY, lease_until=EPOCH)
        )

        def work(connection: Connection) -> None:
            connection.execute(statement)

        await self._writer.run(work, lasting=False)
