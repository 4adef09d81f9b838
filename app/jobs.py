"""What the clock does at intervals: some of it for all at once, most for each organization."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from app.services import Services
from persistence.database import Database
from reminders.timer import Job
from scheduling.errors import StoreUnavailable
from scheduling.ids import OrganizationId
from scheduling.ports import Clock

_HOUR = timedelta(hours=1)
_log = structlog.get_logger(__name__)


def jobs(
    services: Services,
    database: Database,
    wake: Callable[[], None],
    clock: Clock,
    tick: timedelta,
) -> list[Job]:
    """Return every job; ``wake`` tells the dispatcher that something may be due."""
    upkeep = services.upkeep

    def for_each(
        work: Callable[[OrganizationId], Awaitable[object]],
    ) -> Callable[[], Awaitable[None]]:
        return lambda: _for_each(database, work)

    async def awake() -> None:
        wake()

    async def forget() -> None:
        now = clock.now()
        await database.inbox.forget(now - timedelta(days=7))
        await database.drafts.forget(now - timedelta(days=60))

    return [
        Job("tick", tick, awake),
        Job("expire", tick, for_each(upkeep.expire_overdue)),
        Job("sessions", tick, for_each(services.sessions.keep_up)),
        Job("complete", max(tick, timedelta(seconds=20)), for_each(upkeep.complete_ended)),
        Job("zone data", 24 * _HOUR, for_each(upkeep.follow_zone_data)),
        Job("expiring hours", _HOUR, for_each(upkeep.announce_expiring_hours)),
        Job("forget", _HOUR, forget),
    ]


async def _for_each(
    database: Database, work: Callable[[OrganizationId], Awaitable[object]]
) -> None:
    """Do it for every organization; a fault in one does not keep it from the others."""
    for organization_id in await database.installations.organizations():
        try:
            await work(organization_id)
        except StoreUnavailable:
            raise
        except Exception:  # an edge as the timer's: it is tried again at its next time
            _log.exception("jobs.failed", organization=organization_id)
