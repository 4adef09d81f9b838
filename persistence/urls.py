"""Database addresses: what people write, and what each engine wants to read."""

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from persistence.reader import DialectName

_POSTGRES = frozenset({"postgres", "postgresql"})


class DatabaseAddressError(ValueError):
    """The address names no database that can be used here; the text says what to write."""


def dialect_of(url: str) -> DialectName:
    """Say which of the two databases the address means.

    Raises:
        DatabaseAddressError: it is neither sqlite:/// nor postgresql://.
    """
    return _dialect(_parsed(url))


def driver_url(url: str, *, is_async: bool) -> str:
    """Return the address with the driver that blocking or async engines use.

    Raises:
        DatabaseAddressError: not a usable address, or the driver is not installed.
    """
    parsed = _parsed(url)
    if _dialect(parsed) == "sqlite":
        sqlite_path(url)
        driver = "sqlite+aiosqlite" if is_async else "sqlite"
    else:
        if find_spec("psycopg") is None:
            raise DatabaseAddressError(
                "PostgreSQL needs the psycopg driver: pip install 'slotbook[postgres]'"
            )
        driver = "postgresql+psycopg"  # speaks both ways
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def sqlite_path(url: str) -> Path:
    """Return the file an SQLite address names.

    Raises:
        DatabaseAddressError: it names none; a database in memory cannot be shared between the
            writer and the readers.
    """
    database = _parsed(url).database
    if not database or database == ":memory:" or database.startswith("file:"):
        raise DatabaseAddressError("name a file: sqlite:///slotbook.db or sqlite:////data/it.db")
    return Path(database)


def shown_url(url: str) -> str:
    """Return the address for people and logs: without the password."""
    return _parsed(url).render_as_string(hide_password=True)


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        # Its text repeats the address, and with it the password.
        raise DatabaseAddressError(
            "the database address is not of the form sqlite:///file or postgresql://host/name"
        ) from None


def _dialect(parsed: URL) -> DialectName:
    backend = parsed.drivername.partition("+")[0]
    if backend == "sqlite":
        return "sqlite"
    if backend in _POSTGRES:
        return "postgresql"
    raise DatabaseAddressError(f"{backend} is not supported; use sqlite:/// or postgresql://")
