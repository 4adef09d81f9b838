"""Migrations: true, repeatable, never half done, and never against a newer database."""

import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, inspect, select, text

from persistence import migrate
from persistence.tables import (
    POSTGRESQL_FENCE,
    SQLITE_FENCE,
    chat_accounts,
    metadata,
    outbox,
)
from persistence.urls import driver_url
from scheduling.errors import StoreUnavailable


def run(url: str, *statements: str) -> None:
    engine = create_engine(driver_url(url, is_async=False))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def make_from_metadata(url: str) -> None:
    engine = create_engine(driver_url(url, is_async=False))
    with engine.begin() as connection:
        metadata.create_all(connection)
        is_sqlite = connection.dialect.name == "sqlite"
        for statement in SQLITE_FENCE if is_sqlite else POSTGRESQL_FENCE:
            connection.exec_driver_sql(statement)
    engine.dispose()


def shape(url: str) -> dict[str, object]:
    """Return everything the database knows of its schema, in an order of its own."""
    engine = create_engine(driver_url(url, is_async=False))
    try:
        with engine.connect() as connection:
            tables = inspect(connection)
            known: dict[str, object] = {
                name: (
                    [
                        (column["name"], str(column["type"]), column["nullable"])
                        for column in tables.get_columns(name)
                    ],
                    tables.get_pk_constraint(name)["constrained_columns"],
                    by_text(tables.get_foreign_keys(name)),
                    by_text(tables.get_unique_constraints(name)),
                    by_text(tables.get_check_constraints(name)),
                    by_text(tables.get_indexes(name)),
                )
                for name in tables.get_table_names()
                if name != "alembic_version"
            }
            known["beyond tables"] = rules(connection)
            return known
    finally:
        engine.dispose()


def by_text(things: object) -> list[str]:
    assert isinstance(things, list)
    # Dialect options (the conditions of partial indexes) are objects without a text of their own;
    # they are compared by rules().
    return sorted(
        repr(sorted((key, value) for key, value in thing.items() if key != "dialect_options"))
        for thing in things
    )


def rules(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql NOT NULL"
    else:
        query = (
            "SELECT conrelid::regclass || ' ' || conname || pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
            "UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
    lines = (" ".join(row[0].split()) for row in connection.execute(text(query)))
    return sorted(line for line in lines if "alembic_version" not in line)


class TestUpgrade:
    def test_given_nothing_when_upgraded_then_the_schema_is_the_one_in_the_code(
        self, empty_database_url: str
    ) -> None:
        migrate.upgrade(empty_database_url)
        migrated = shape(empty_database_url)

        run(empty_database_url, *drops(empty_database_url))
        make_from_metadata(empty_database_url)

        assert shape(empty_database_url) == migrated
        assert len(migrated) == len(metadata.tables) + 1

    def test_given_an_upgraded_one_when_upgraded_again_then_nothing_changes(
        self, database_url: str
    ) -> None:
        before = shape(database_url)

        migrate.upgrade(database_url)

        assert shape(database_url) == before
        assert migrate.current(database_url) == migrate.head()

    def test_given_nothing_when_asked_then_there_is_no_revision(
        self, empty_database_url: str
    ) -> None:
        assert migrate.current(empty_database_url) is None

    def test_given_a_newer_database_when_upgraded_then_it_is_left_alone(
        self, database_url: str
    ) -> None:
        run(database_url, "UPDATE alembic_version SET version_num = '9999'")

        with pytest.raises(migrate.SchemaTooNew, match="9999"):
            migrate.upgrade(database_url)

        assert migrate.current(database_url) == "9999"

    def test_given_two_programs_when_both_upgrade_then_one_waits_for_the_other(
        self, empty_database_url: str
    ) -> None:
        failures: list[Exception] = []

        def upgrade() -> None:
            try:
                migrate.upgrade(empty_database_url)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=upgrade) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        assert migrate.current(empty_database_url) == migrate.head()

    def test_given_an_upgraded_one_when_looked_at_then_the_default_organization_is_there(
        self, database_url: str
    ) -> None:
        engine = create_engine(driver_url(database_url, is_async=False))
        with engine.connect() as connection:
            names = connection.execute(text("SELECT id FROM organizations")).scalars().all()
        engine.dispose()

        assert names == ["default"]


class TestOlder:
    def test_given_the_first_schema_with_rows_when_upgraded_then_they_are_there_and_whole(
        self, empty_database_url: str
    ) -> None:
        upgrade_to(empty_database_url, "0001")
        run(
            empty_database_url,
            "INSERT INTO people (organization_id, id, name, locale, version) "
            "VALUES ('default', 'mia', 'Mia', 'en', 1)",
            "INSERT INTO chat_accounts (organization_id, platform, tenant, account_id, person_id, "
            "reachable, last_seen) VALUES ('default', 'telegram', '42', '7', 'mia', true, 5)",
            "INSERT INTO outbox (organization_id, id, kind, person_id, dedupe_key, payload, "
            "urgency, due_at, state, attempts, next_attempt_at, token, maybe_sent) "
            "VALUES ('default', 'n', 'booked', 'mia', 'k', '{}', 0, 5, 'waiting', 0, 5, 0, false)",
        )

        migrate.upgrade(empty_database_url)

        engine = create_engine(driver_url(empty_database_url, is_async=False))
        with engine.connect() as connection:
            (waiting,) = connection.execute(select(outbox)).all()
            (account,) = connection.execute(select(chat_accounts)).all()
        engine.dispose()
        assert (waiting.id, waiting.session_id, waiting.chat_id) == ("n", None, None)
        assert (account.person_id, account.name, account.zone) == ("mia", None, None)
        assert migrate.current(empty_database_url) == migrate.head()


def upgrade_to(url: str, revision: str) -> None:
    """Bring an empty database to an earlier schema."""
    engine = create_engine(driver_url(url, is_async=False))
    with engine.begin() as connection:
        config = migrate._config()  # noqa: SLF001
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


class TestFailing:
    def test_given_a_migration_that_fails_when_upgraded_then_nothing_is_left(
        self, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_: Connection) -> None:
            raise migrate.SchemaBroken("by hand")

        with monkeypatch.context() as patch:
            patch.setattr(migrate, "_check", fail)
            with pytest.raises(migrate.SchemaBroken):
                migrate.upgrade(empty_database_url)

        assert shape(empty_database_url).keys() == {"beyond tables"}
        migrate.upgrade(empty_database_url)
        assert migrate.current(empty_database_url) == migrate.head()

    def test_given_a_process_killed_at_the_end_when_upgraded_again_then_it_converges(
        self, empty_database_url: str
    ) -> None:
        program = (
            "import os, sys\n"
            "from persistence import migrate\n"
            "migrate._check = lambda connection: os._exit(9)\n"
            "migrate.upgrade(sys.argv[1])\n"
        )

        killed = subprocess.run([sys.executable, "-c", program, empty_database_url], check=False)

        assert killed.returncode == 9
        assert migrate.current(empty_database_url) is None
        migrate.upgrade(empty_database_url)
        assert migrate.current(empty_database_url) == migrate.head()

    def test_given_rows_that_point_nowhere_when_upgraded_then_it_is_refused(
        self, sqlite_url: str
    ) -> None:
        run(
            sqlite_url,
            "INSERT INTO person_roles (organization_id, person_id, role) "
            "VALUES ('default', 'nobody', 'coach')",
            "DELETE FROM alembic_version",
        )
        run(
            sqlite_url,
            *("DROP TABLE " + name for name in metadata.tables if name != "person_roles"),
        )
        run(sqlite_url, "ALTER TABLE person_roles RENAME TO old_roles")

        with pytest.raises(migrate.SchemaBroken, match="old_roles"):
            migrate.upgrade(sqlite_url)

        assert migrate.current(sqlite_url) is None

    def test_given_a_locked_file_when_upgraded_then_the_store_is_unavailable(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "locked.db"
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(migrate, "_LOCK_WAIT_MILLISECONDS", 50)

        with pytest.raises(StoreUnavailable, match="locked"):
            migrate.upgrade(f"sqlite:///{path}")

        holder.close()

    def test_given_no_server_when_upgraded_then_the_store_is_unavailable(self) -> None:
        with pytest.raises(StoreUnavailable):
            migrate.upgrade("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")


class TestNewFile:
    def test_given_no_file_when_upgraded_then_it_is_the_owners_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "a folder" / "100%.db"

        migrate.upgrade(f"sqlite:///{path}")

        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def drops(url: str) -> list[str]:
    if url.startswith("sqlite"):
        return [f"DROP TABLE {table.name}" for table in reversed(metadata.sorted_tables)]
    return ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"]
