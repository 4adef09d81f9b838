"""Core statements on their shortest way to the driver, for what runs with every booking.

SQLAlchemy builds the statement, knows the types and speaks both dialects; that is done once. What
it does again with each execution (looking the statement up, a context, the result's metadata)
costs several times what SQLite needs for the statement itself: measured, a booking took ten times
as long as the same rows through the bare driver. So the text and the conversions are kept, and
each execution is one call of the driver.
"""

import asyncio
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

Values = Mapping[str, Any]
Lengths = tuple[int, ...]
_Convert = Callable[[Any], Any]


class Prepared:
    """One statement; its parameters are named as in the statement, lists where it expects them.

    Members of lists are texts or whole numbers, which every driver takes as they are. An insert
    or update sets the columns it is given values for, and is always given the same. Errors are
    SQLAlchemy's, as if it had executed the statement.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement: Any = statement
        self._forms: dict[tuple[str, Lengths], Form] = {}
        self._only: dict[str, Form] = {}

    def all(self, connection: Connection, values: Values) -> list[Any]:
        """Return every row; columns are attributes, converted as their types say."""
        return self.begin(connection, values)()

    def begin(self, connection: Connection, values: Values) -> Callable[[], list[Any]]:
        """Send it, and return what gives every row."""
        form = self.form(connection.dialect, values)
        cursor = self._execute(connection, form, values)
        return lambda: [form.row(raw) for raw in cursor.fetchall()]

    async def all_async(self, connection: AsyncConnection, values: Values) -> list[Any]:
        """Return every row, in one turn of the driver instead of several."""
        dialect = connection.dialect
        form = self.form(dialect, values)
        driver: Any = (await connection.get_raw_connection()).driver_connection
        try:
            if dialect.name == "sqlite":
                found = await driver.execute_fetchall(form.text, form.parameters(values))
            else:
                cursor = await driver.execute(form.text, form.parameters(values))
                found = await cursor.fetchall()
        except dialect.loaded_dbapi.Error as error:
            raise _translated(error, dialect, driver, form.text) from error
        return [form.row(raw) for raw in found]

    def first(self, connection: Connection, values: Values) -> Any | None:
        """Return the first row, or None."""
        form = self.form(connection.dialect, values)
        raw = self._execute(connection, form, values).fetchone()
        return None if raw is None else form.row(raw)

    def run(self, connection: Connection, values: Values) -> int:
        """Execute it and return how many rows it changed."""
        form = self.form(connection.dialect, values)
        changed: int = self._execute(connection, form, values).rowcount
        return changed

    def run_each(self, connection: Connection, several: Sequence[Values]) -> None:
        """Execute it once with each of these values, none of which is a list."""
        form = self.form(connection.dialect, several[0])
        driver = _driver(connection)
        try:
            driver.cursor().executemany(form.text, [form.parameters(values) for values in several])
        except connection.dialect.loaded_dbapi.Error as error:
            raise _translated(error, connection.dialect, driver, form.text) from error

    def _execute(self, connection: Connection, form: "Form", values: Values) -> Any:
        driver = _driver(connection)
        try:
            return driver.execute(form.text, form.parameters(values))
        except connection.dialect.loaded_dbapi.Error as error:
            raise _translated(error, connection.dialect, driver, form.text) from error

    def form(self, dialect: Dialect, values: Values) -> "Form":
        """Return the statement as the driver of the dialect takes it."""
        form = self._only.get(dialect.name)
        if form is not None:
            return form
        # A list of another length makes another text.
        lengths = tuple([len(value) for value in values.values() if type(value) is list])
        form = self._forms.get((dialect.name, lengths))
        if form is None:
            form = self._forms[dialect.name, lengths] = _compiled(self._statement, dialect, values)
            if not lengths:
                self._only[dialect.name] = form
        return form


def all_of(
    connection: Connection, selects: Mapping[str, Prepared], values: Values
) -> dict[str, list[Any]]:
    """Run several selects with the same values and return the rows of each."""
    with _sent_together(connection):
        sent = {name: select.begin(connection, values) for name, select in selects.items()}
    return {name: rows() for name, rows in sent.items()}


async def all_of_async(
    connection: AsyncConnection, selects: Mapping[str, Prepared], values: Values
) -> dict[str, list[Any]]:
    """Run several selects with the same values and return the rows of each; see all_of."""
    dialect = connection.dialect
    if dialect.name == "sqlite":
        # All are handed to the driver's thread before the first is waited for.
        rows = await asyncio.gather(
            *[each.all_async(connection, values) for each in selects.values()]
        )
        return dict(zip(selects, rows, strict=True))
    driver: Any = (await connection.get_raw_connection()).driver_connection
    forms = {name: each.form(dialect, values) for name, each in selects.items()}
    try:
        async with driver.pipeline():
            sent = [
                (name, form, await driver.execute(form.text, form.parameters(values)))
                for name, form in forms.items()
            ]
        return {
            name: [form.row(raw) for raw in await cursor.fetchall()] for name, form, cursor in sent
        }
    except dialect.loaded_dbapi.Error as error:
        raise _translated(error, dialect, driver, "selects sent together") from error


@contextmanager
def _sent_together(connection: Connection) -> Iterator[None]:
    # PostgreSQL answers each statement across a socket; sent in one go they cost one round trip
    # (measured: a sixth of a booking). SQLite answers in place.
    if connection.dialect.name == "sqlite":
        yield
        return
    driver = _driver(connection)
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise _translated(error, connection.dialect, driver, "selects sent together") from error


@dataclass(frozen=True, slots=True)
class Form:
    """The statement for one dialect and one length of each list.

    The driver takes a list of parameters or a dictionary, by dialect: a place is where in it.
    """

    text: str
    constants: Any
    """The parameters, with what is written into the statement itself in its places."""
    plain: tuple[tuple[Any, str], ...]
    """Places with the names of the values that go there as they are."""
    converted: tuple[tuple[Any, str, _Convert], ...]
    listed: tuple[tuple[Any, str, int], ...]
    """Places with the list and the number of its member that go there."""
    make: Callable[[Any], Any]
    conversions: tuple[tuple[int, _Convert], ...]

    def parameters(self, values: Values) -> Any:
        filled = self.constants.copy()
        for place, name in self.plain:
            filled[place] = values[name]
        for place, name, convert in self.converted:
            filled[place] = convert(values[name])
        for place, name, at in self.listed:
            filled[place] = values[name][at]
        return filled

    def row(self, raw: Sequence[Any]) -> Any:
        if not self.conversions:
            return self.make(raw)
        converted = list(raw)
        for at, convert in self.conversions:
            converted[at] = convert(converted[at])
        return self.make(converted)


def _compiled(statement: Any, dialect: Dialect, values: Values) -> Form:
    columns = list(values) if statement.is_dml else None
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    expanded = compiled.construct_expanded_state(values)
    members = {
        member: (name, at)
        for name, several in expanded.parameter_expansion.items()
        for at, member in enumerate(several)
    }
    order = list(enumerate(expanded.positiontup or ())) or [(k, k) for k in expanded.parameters]
    constants: Any = [None] * len(order) if compiled.positional else {}
    plain, converted, listed = [], [], []
    for place, key in order:
        name, at = members.get(key, (key, None))
        convert = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        if name not in values:
            constant = expanded.parameters[key]
            constants[place] = convert(constant) if convert else constant
        elif at is not None:
            listed.append((place, name, at))
        elif convert is not None:
            converted.append((place, name, convert))
        else:
            plain.append((place, name))
    make, conversions = _result(statement, dialect)
    places = (tuple(plain), tuple(converted), tuple(listed))
    return Form(expanded.statement, constants, *places, make, conversions)


def _result(
    statement: Any, dialect: Dialect
) -> tuple[Callable[[Any], Any], tuple[tuple[int, _Convert], ...]]:
    columns = list(statement.exported_columns)
    names = [column.key for column in columns]
    row = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # known at run time only
    conversions = []
    for at, column in enumerate(columns):
        convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if convert is not None:
            conversions.append((at, convert))
    return row._make, tuple(conversions)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _translated(error: Any, dialect: Dialect, driver: Any, text: str) -> Exception:
    translated: Exception = DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=dialect.is_disconnect(error, driver, None),
        dialect=dialect,
    )
    return translated
