"""Faults the person who hosts slotbook can mend, each as one sentence with what to do."""

from app.settings import SettingsError
from app.wiring import NothingToRun, SchemaOutdated
from persistence.migrate import SchemaBroken, SchemaTooNew
from persistence.urls import DatabaseAddressError
from scheduling.errors import NotFound, StoreInUse, StoreUnavailable
from web.serving import PortTaken

_EXPLAINED: tuple[type[Exception], ...] = (
    SettingsError,
    NothingToRun,
    SchemaOutdated,
    SchemaTooNew,
    SchemaBroken,
    DatabaseAddressError,
    StoreInUse,
    StoreUnavailable,
    NotFound,
    PortTaken,
)


def explained() -> tuple[type[Exception], ...]:
    """Return the faults that ``sentence`` can word."""
    return _EXPLAINED


def sentence(fault: Exception) -> str:
    """Say what happened and what to do about it."""
    match fault:
        case StoreInUse():
            return (
                f"Another slotbook runs on {fault}. Stop that one first, or use PostgreSQL for "
                "several."
            )
        case StoreUnavailable():
            return f"The database cannot be used: {fault}. Is it there, and is the disk not full?"
        case NotFound():
            return f"Nobody here is {fault}. `slotbook admin list` shows who is known."
        case _:
            return str(fault)
