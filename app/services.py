"""The core's services over one database: what the bots, the commands and the seed share."""

from collections.abc import Callable
from dataclasses import dataclass

from persistence.database import Database
from scheduling.booking import BookingService
from scheduling.hosting import HostingService
from scheduling.opening_hours import HoursService
from scheduling.people_service import PeopleService
from scheduling.policy import Policy
from scheduling.ports import Clock, Store
from scheduling.sessions.service import SessionService
from scheduling.slots import SlotFinder
from scheduling.upkeep import Upkeep


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case."""

    people: PeopleService
    hosting: HostingService
    hours: HoursService
    booking: BookingService
    sessions: SessionService
    finder: SlotFinder
    upkeep: Upkeep
    store: Store
    """What they write through."""


def build_services(
    database: Database,
    clock: Clock,
    policy: Policy,
    *,
    admins: frozenset[str] = frozenset(),
    wake: Callable[[], None] = lambda: None,
    store: Store | None = None,
) -> Services:
    """Build the services; ``wake`` is told whenever notifications may be due.

    ``store`` stands before the database's own, to hear of commits.
    """
    store, queries = store or database.store, database.queries
    finder = SlotFinder(queries, clock, policy)
    return Services(
        people=PeopleService(store, queries, clock, policy, admins, wake),
        hosting=HostingService(store, queries, clock, policy, wake),
        hours=HoursService(store, queries, finder, clock, policy, wake),
        booking=BookingService(store, queries, finder, clock, policy, wake),
        sessions=SessionService(store, queries, database.sessions, finder, clock, policy, wake),
        finder=finder,
        upkeep=Upkeep(store, queries, clock, policy, wake, database.memory),
        store=store,
    )
