"""Brings a database to the schema this program was written for: all of it, or nothing.

Migrations run on an engine of their own, without SQLite's foreign keys: rebuilding a parent
table would otherwise delete its children. What they leave behind is checked before the commit.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from persistence.lane import protect
from persistence.urls import dialect_of, driver_url, sqlite_path
from scheduling.errors import StoreUnavailable

_FOLDER = Path(__file__).parent / "migrations"
_LOCK_WAIT_MILLISECONDS = 5_000
_LOCK = 7_305_815_441_001
"""PostgreSQL's advisory lock: of several programs that start at once, one migrates."""


class SchemaTooNew(Exception):
    """The database was migrated by a newer slotbook; this one must not touch it."""

    def __init__(self, found: str) -> None:
        super().__init__(f"the database is at {found}, which this slotbook does not know")
        self.found = found


class SchemaBroken(Exception):
    """After the migration some rows point at rows that are not there; nothing was committed."""


def head() -> str:
    """Return the revision this program was written for."""
    found = _script().get_current_head()
    if found is None:
        raise LookupError("no migrations are installed")
    return found


def current(url: str) -> str | None:
    """Return the database's revision; None while it is empty.

    Raises:
        StoreUnavailable: it cannot be reached.
    """
    if dialect_of(url) == "sqlite" and not sqlite_path(url).exists():
        return None
    with _transaction(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(url: str) -> None:
    """Bring the schema up to date in one transaction, under a lock; harmless to repeat.

    A missing SQLite file is created, readable by its owner alone. Blocks: on a running event
    loop, call it in a thread.

    Raises:
        SchemaTooNew: a newer slotbook has been here; nothing was changed.
        SchemaBroken: the data does not fit the new schema; nothing was changed.
        StoreUnavailable: the database cannot be reached, or is locked.
    """
    if dialect_of(url) == "sqlite":
        path = sqlite_path(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        protect(path)
    with _transaction(url) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and not _knows(found):
            raise SchemaTooNew(found)
        if found == head():
            return
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _check(connection)


def _config() -> Config:
    config = Config()
    # A percent sign in the path would be read as interpolation.
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _knows(revision: str) -> bool:
    return revision in {script.revision for script in _script().walk_revisions()}


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    """Open the one connection, take the lock, commit at the end; roll back when it raises."""
    dialect = dialect_of(url)
    engine = create_engine(driver_url(url, is_async=False), poolclass=NullPool)
    if dialect == "sqlite":
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin_writing)
    try:
        with engine.begin() as connection:
            if dialect == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection
    except OperationalError as error:
        raise StoreUnavailable(str(error.orig)) from error
    finally:
        engine.dispose()


def _leave_transactions_to_us(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={_LOCK_WAIT_MILLISECONDS}")


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _check(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if broken:
        rows = ", ".join(f"{row[0]} row {row[1]} -> {row[2]}" for row in broken)
        raise SchemaBroken(rows)
