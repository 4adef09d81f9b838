"""What one real booking leaves in the database, to be written again by a bare driver.

The reference of a booking has to write what a booking writes, into the same tables with the same
indexes, triggers and foreign keys, whatever the use case becomes. So the rows are taken from a
booking that was made instead of being listed here. Reads and rules are left out: the reference
decides nothing.
"""

import re
from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any

from persistence.tables import metadata
from scheduling.ids import new_id

Row = tuple[Any, ...]
Query = Callable[[str], Sequence[Row]]
Statement = tuple[str, list[Row]]

_AN_INSTANT = 10**15
"""Whole numbers above are microseconds since the epoch; nothing else stored is that large."""
_IDENTITIES = ("id", "booking_id", "request_id")


class BookingRows:
    """The rows one booking added, table by table, parents first."""

    def __init__(self, query: Query, placeholder: str) -> None:
        self._query = query
        self._placeholder = placeholder
        self._before = self._read()
        self._added: list[tuple[str, tuple[str, ...], list[Row]]] = []
        self._identities: re.Pattern[str] = re.compile("")

    def take(self) -> None:
        """Note what has been added since this was made."""
        found: set[str] = set()
        for name, rows in self._read().items():
            added = sorted(rows - self._before[name], key=str)
            if added:
                table = metadata.tables[name]
                # What the database counts by itself is not written.
                kept = [column is not table.autoincrement_column for column in table.columns]
                columns = tuple(column.name for column in compress(table.columns, kept))
                added = [tuple(compress(row, kept)) for row in added]
                self._added.append((name, columns, added))
                places = [columns.index(key) for key in _IDENTITIES if key in columns]
                found |= {row[place] for row in added for place in places if row[place]}
        # The longest first: one identity may be part of another.
        self._identities = re.compile(
            "|".join(re.escape(old) for old in sorted(found, key=len, reverse=True))
        )

    def another(self, later: int) -> list[Statement]:
        """Return inserts of the same rows for another booking, that many microseconds later."""
        fresh: dict[str, str] = {}

        def renamed(found: re.Match[str]) -> str:
            return fresh.setdefault(found.group(), new_id())

        def varied(value: Any) -> Any:
            if isinstance(value, str):
                return self._identities.sub(renamed, value)
            is_instant = isinstance(value, int) and value > _AN_INSTANT
            return value + later if is_instant else value

        return [
            (self._insert(name, columns), [tuple(map(varied, row)) for row in rows])
            for name, columns, rows in self._added
        ]

    def _insert(self, table: str, columns: Sequence[str]) -> str:
        places = ", ".join(self._placeholder for _ in columns)
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608

    def _read(self) -> dict[str, set[Row]]:
        read = {}
        for table in metadata.sorted_tables:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            read[table.name] = set(self._query(f"SELECT {columns} FROM {table.name}"))  # noqa: S608
        return read
