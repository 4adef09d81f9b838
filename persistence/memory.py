"""Small facts that survive a restart, by name."""

from sqlalchemy import Connection, select

from persistence.reader import DialectName, Reader, insert_for
from persistence.store import Writer
from persistence.tables import memory
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId


class SqlMemory:
    """See scheduling.ports.Memory."""

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        dialect: DialectName,
        organization_id: OrganizationId = DEFAULT_ORGANIZATION,
    ) -> None:
        self._writer, self._reader, self._org = writer, reader, organization_id
        insert = insert_for(dialect)
        new = insert(memory).values(organization_id=organization_id)
        self._put = new.on_conflict_do_update(
            index_elements=["organization_id", "key"], set_={"value": new.excluded.value}
        )

    async def recall(self, key: str) -> str | None:
        """Return what was last remembered under the key."""
        row = await self._reader.first(
            select(memory.c.value).where(memory.c.organization_id == self._org, memory.c.key == key)
        )
        return None if row is None else row.value

    async def remember(self, key: str, value: str) -> None:
        """Keep the value under the key, in the place of an earlier one."""

        def work(connection: Connection) -> None:
            connection.execute(self._put, {"key": key, "value": value})

        await self._writer.run(work)
