"""The Store port: a function of the core becomes one transaction of the writer."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection

from persistence.reader import DialectName
from persistence.transaction import SqlTransaction
from scheduling.ids import OrganizationId
from scheduling.ports import Clock, Transaction

P = ParamSpec("P")
T = TypeVar("T")


class Writer(Protocol):
    """Runs a function in one transaction: the lane of SQLite, the pool of PostgreSQL."""

    @property
    def trouble(self) -> str | None:
        """Say why nothing can be written; None when all is well."""

    def start(self) -> None:
        """Be ready to run."""

    def stop(self) -> None:
        """Finish what was handed in; waits."""

    async def run(self, work: Callable[[Connection], T], *, lasting: bool = True) -> T:
        """Return what the function returns, after the commit.

        Without ``lasting`` a power cut may take it back, where that ends this process too.
        """


class SqlStore:
    """Hands the core's functions to the writer."""

    def __init__(self, writer: Writer, dialect: DialectName, clock: Clock) -> None:
        self._writer, self._clock = writer, clock
        self._dialect: DialectName = dialect

    async def transact(
        self,
        organization_id: OrganizationId,
        function: Callable[Concatenate[Transaction, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run the function in one transaction; see Store.transact."""

        def work(connection: Connection) -> Any:
            transaction = SqlTransaction(
                connection, organization_id, self._dialect, self._clock.now
            )
            result = function(transaction, *args, **kwargs)
            transaction.finish()
            return result

        return await self._writer.run(work)
