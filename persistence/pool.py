"""Writing on PostgreSQL: a few connections, each transaction in a thread of its own.

Order between transactions on the same hosts is made by `lock_hosts`, the first statement of
every use case that claims time: they queue on the host's row instead of meeting at the exclusion
constraint, where the database would have to break a deadlock. What still collides (two use cases
over the same rows in another order, or one whose person another has merged away while it waited)
is repeated as a whole: it has had no effect, and reads anew what there is now.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import stamina
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from scheduling.errors import StoreUnavailable

Work = Callable[[Connection], Any]

_COLLISIONS = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected."""
_ROW_GONE = "23503"
"""foreign_key_violation: a row that was read before waiting is gone, as when two people became
one. Repeated it is not read any more; one that fails each time is a defect, and told as one."""
_READ_ONLY = "25006"
_ATTEMPTS = 6


class WriterPool:
    """Runs functions in transactions on a pool of connections."""

    def __init__(self, url: str, size: int) -> None:
        self._engine = create_engine(
            url,
            pool_size=size,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            # What queues behind a host's row must see what the one before it wrote.
            isolation_level="READ COMMITTED",
            connect_args={"connect_timeout": 5},
        )
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="slotbook-writer")
        self._trouble: str | None = None

    def start(self) -> None:
        """Nothing is opened before it is needed."""

    def stop(self) -> None:
        """Finish what was handed in and close the connections; waits for it."""
        self._threads.shutdown(wait=True)
        self._engine.dispose()

    @property
    def trouble(self) -> str | None:
        """Say why the last transaction could not be run; None when all is well."""
        return self._trouble

    async def run(self, work: Work, *, lasting: bool = True) -> Any:
        """Run it in one transaction and return what it returns, after the commit.

        ``lasting`` changes nothing here: a server that forgot a claim in a crash, while those
        who made it live on, would hand the same token out twice.

        Cancelling the caller leaves the transaction to its thread: it commits, or not, whole.
        """
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._threads, self._transaction, work))

    def _transaction(self, work: Work) -> Any:
        try:
            result = self._repeating(work)
        except StopIteration as error:
            # A future refuses to carry it, and its caller would wait for ever.
            raise RuntimeError(f"the transaction raised {error!r}") from error
        except (OperationalError, PoolTimeout) as error:
            raise self._unavailable(error) from error
        except DBAPIError as error:
            if error.connection_invalidated or _collided(error) or sqlstate(error) == _READ_ONLY:
                raise self._unavailable(error) from error
            raise
        self._trouble = None
        return result

    @stamina.retry(
        on=lambda error: _collided(error) or _row_gone(error),
        attempts=_ATTEMPTS,
        wait_initial=0.01,
        wait_max=0.2,
        wait_jitter=0.05,
    )
    def _repeating(self, work: Work) -> Any:
        with self._engine.begin() as connection:
            return work(connection)

    def _unavailable(self, error: Exception) -> StoreUnavailable:
        original = getattr(error, "orig", None) or error
        # The first line only: later ones may name addresses and users.
        self._trouble = f"{type(original).__name__}: {str(original).splitlines()[0][:120]}"
        return StoreUnavailable(self._trouble)


def _collided(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and sqlstate(error) in _COLLISIONS


def _row_gone(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and sqlstate(error) == _ROW_GONE


def sqlstate(error: DBAPIError) -> str | None:
    """Return PostgreSQL's code of the error."""
    return getattr(error.orig, "sqlstate", None)
