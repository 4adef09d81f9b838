"""One process on one SQLite file: a lock file that the operating system lets go by itself."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduling.errors import StoreInUse


@contextmanager
def only_process_on(path: Path) -> Iterator[None]:
    """Hold the lock beside the database file while the block runs.

    The lock ends with the process, also when that is killed; the file may stay.

    Raises:
        StoreInUse: another process holds it.
    """
    lock_path = path.with_name(path.name + ".lock")
    descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreInUse(str(path)) from None
        yield
    finally:
        os.close(descriptor)
