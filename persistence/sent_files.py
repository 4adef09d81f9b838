"""Calendar files that are out, one per booking and person."""

from sqlalchemy import Connection, select, update

from persistence.mapping import card_of
from persistence.reader import DialectName, Reader, insert_for
from persistence.store import Writer
from persistence.tables import bookings, sent_files
from scheduling.ids import BookingId, OrganizationId, PersonId
from scheduling.ports import SentFile

_KEY = ("organization_id", "booking_id", "person_id")


class SqlSentFiles:
    """See scheduling.ports.SentFiles."""

    def __init__(self, writer: Writer, reader: Reader, dialect: DialectName) -> None:
        self._writer, self._reader = writer, reader
        insert = insert_for(dialect)
        new = insert(sent_files)
        self._put = new.on_conflict_do_update(
            index_elements=list(_KEY),
            set_={c.name: new.excluded[c.name] for c in sent_files.c if c.name not in _KEY},
        )

    async def find(
        self, organization_id: OrganizationId, booking_id: BookingId, person_id: PersonId
    ) -> SentFile | None:
        """Return the file the person has of the booking."""
        row = await self._reader.first(
            select(sent_files).where(
                sent_files.c.organization_id == organization_id,
                sent_files.c.booking_id == booking_id,
                sent_files.c.person_id == person_id,
            )
        )
        if row is None:
            return None
        return SentFile(
            card_of(row.platform, row.tenant, row.chat_id, row.message_id), row.sequence
        )

    async def remember(
        self,
        organization_id: OrganizationId,
        booking_id: BookingId,
        person_id: PersonId,
        sent: SentFile,
    ) -> None:
        """Store it in the place of an earlier one, and note on the booking that files are out."""
        values = {
            "organization_id": organization_id,
            "booking_id": booking_id,
            "person_id": person_id,
            "platform": sent.card.chat.platform.value,
            "tenant": sent.card.chat.tenant,
            "chat_id": sent.card.chat.chat_id,
            "message_id": sent.card.message_id,
            "sequence": sent.sequence,
        }
        note = (
            update(bookings)
            .where(
                bookings.c.organization_id == organization_id,
                bookings.c.id == booking_id,
                bookings.c.files_sent.is_(False),
            )
            .values(files_sent=True)
        )

        def work(connection: Connection) -> None:
            connection.execute(self._put, values)
            connection.execute(note)

        await self._writer.run(work)
