"""The schema, once: every table carries its organization, every instant is one integer.

Instants are microseconds since the epoch (exact both ways, the same on both databases);
``organization_id`` stands in every key, so that tenants can be spread over several servers.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

LONGEST_BOOKING = timedelta(days=31)
"""No booking and no occupied span may last longer: what lets range queries stop early."""
LONGEST_SPAN = LONGEST_BOOKING // timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return an aware moment as the integer stored for it."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(value: int) -> datetime:
    """Return the UTC moment an integer stands for."""
    return EPOCH + timedelta(microseconds=value)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment_of(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def organization_key() -> Column[str]:
    """Return the first column of every key."""
    return Column("organization_id", Text, primary_key=True)


def id_key() -> Column[str]:
    """Return the column of a random identity."""
    return Column("id", Text, primary_key=True)


def words(name: str, *, null: bool = False) -> Column[str]:
    """Return a column of text."""
    return Column(name, Text, nullable=null)


def whole(name: str, *, null: bool = False) -> Column[int]:
    """Return a column of whole numbers; lengths are seconds."""
    return Column(name, Integer, nullable=null)


def flag(name: str) -> Column[bool]:
    """Return a column that is true or false."""
    return Column(name, Boolean, nullable=False)


def instant(name: str, *, null: bool = False) -> Column[datetime]:
    """Return a column of moments."""
    return Column(name, Instant, nullable=null)


def belongs(column: str, table: str) -> ForeignKeyConstraint:
    """Return the rule that the column names a row of the table, in the same organization."""
    return ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"]
    )
