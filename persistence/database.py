"""A database opened: the writer, the reads and every port on top of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, update

from persistence.changes import PostgresChanges, SilentChanges
from persistence.drafts import SqlDrafts
from persistence.file_lock import only_process_on
from persistence.inbox import SqlInbox
from persistence.installations import SqlInstallations, Unsealed
from persistence.lane import WriterLane, protect
from persistence.leases import SqlLeases
from persistence.live_cards import SqlLiveCards
from persistence.memory import SqlMemory
from persistence.outbox import SqlOutbox
from persistence.pool import WriterPool
from persistence.queries import SqlQueries
from persistence.reader import DialectName, Reader
from persistence.sent_files import SqlSentFiles
from persistence.session_reads import SqlSessions
from persistence.store import SqlStore, Writer
from persistence.tables import EPOCH, conversation_leases, live_cards, outbox
from persistence.urls import dialect_of, driver_url, shown_url, sqlite_path
from persistence.workspaces import SqlGuestChannels, SqlProfiles
from scheduling.ports import Clock, Sealer


@dataclass(frozen=True, slots=True)
class Database:
    """Everything that persists, by port."""

    writer: Writer
    reader: Reader
    store: SqlStore
    queries: SqlQueries
    inbox: SqlInbox
    outbox: SqlOutbox
    drafts: SqlDrafts
    leases: SqlLeases
    memory: SqlMemory
    sent_files: SqlSentFiles
    sessions: SqlSessions
    live_cards: SqlLiveCards
    changes: PostgresChanges | SilentChanges
    profiles: SqlProfiles
    guest_channels: SqlGuestChannels
    installations: SqlInstallations
    dialect: DialectName
    url_shown: str
    """The address without its password."""


@asynccontextmanager
async def open_database(
    url: str,
    clock: Clock,
    *,
    pool_size: int = 10,
    lock: bool = True,
    prepare: Callable[[str], None] | None = None,
    sealer: Sealer | None = None,
) -> AsyncIterator[Database]:
    """Open a migrated database for as long as the block runs.

    ``lock`` keeps a second process off an SQLite file; commands that write one short
    transaction beside a running slotbook go without it. ``prepare`` is called with the address
    under that lock, before anything is opened: the place to migrate. ``sealer`` seals
    workspaces' tokens; without one there are none to keep.

    Raises:
        DatabaseAddressError: the address cannot be used.
        StoreInUse: another process holds the SQLite file.
    """
    dialect = dialect_of(url)
    with ExitStack() as held:
        writer: Writer
        if dialect == "sqlite":
            path = sqlite_path(url)
            if lock:
                held.enter_context(only_process_on(path))
            protect(path)
            writer = WriterLane(str(path))
        else:
            writer = WriterPool(driver_url(url, is_async=False), pool_size)
        if prepare is not None:
            await asyncio.to_thread(prepare, url)
        reader = Reader(driver_url(url, is_async=True), dialect, pool_size)
        changes: PostgresChanges | SilentChanges = SilentChanges()
        if dialect == "postgresql":
            changes = PostgresChanges(writer, driver_url(url, is_async=True), clock)
        writer.start()
        try:
            if dialect == "sqlite" and lock:
                await writer.run(_let_go_of_leases)
            yield Database(
                writer=writer,
                reader=reader,
                store=SqlStore(writer, dialect, clock),
                queries=SqlQueries(reader),
                inbox=SqlInbox(writer, reader, dialect),
                outbox=SqlOutbox(writer, reader, dialect),
                drafts=SqlDrafts(writer, reader, dialect),
                leases=SqlLeases(writer, reader, dialect),
                memory=SqlMemory(writer, reader, dialect),
                sent_files=SqlSentFiles(writer, reader, dialect),
                sessions=SqlSessions(writer, reader, clock),
                live_cards=SqlLiveCards(writer, reader, dialect),
                changes=changes,
                profiles=SqlProfiles(writer, reader, dialect),
                guest_channels=SqlGuestChannels(writer, reader, dialect),
                installations=SqlInstallations(writer, reader, dialect, sealer or Unsealed()),
                dialect=dialect,
                url_shown=shown_url(url),
            )
        finally:
            await changes.stop()
            writer.stop()
            await reader.stop()


def _let_go_of_leases(connection: Connection) -> None:
    """End every lease of work: who held it is gone, since the lock file is ours.

    Without this a process that was killed would keep its chats waiting for the rest of a lease.
    A notification leased then may have been sent; its lapsed lease tells so.
    """
    connection.execute(
        update(live_cards)
        .where(live_cards.c.held_until.is_not(None))
        .values(held_until=None, due_at=EPOCH)
    )
    connection.execute(update(conversation_leases).values(lease_until=EPOCH))
    connection.execute(
        update(outbox)
        .where(outbox.c.state == "waiting", outbox.c.lease_until.is_not(None))
        .values(lease_until=EPOCH, next_attempt_at=outbox.c.due_at)
    )
