"""Commands that touch the database alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.clock import SystemClock
from app.seed import seed
from app.services import Services, build_services
from app.settings import Settings
from app.wiring import prepare_database
from persistence.database import Database, open_database
from persistence.migrate import head, upgrade

SAMPLE_TENANT = "0"
"""Stands for the bot where no token is set."""


@asynccontextmanager
async def services_beside(settings: Settings) -> AsyncIterator[tuple[Database, Services]]:
    """Open the database for a short command, also beside a running slotbook.

    It takes no lock file: each command writes one short transaction and waits its turn.
    """
    clock = SystemClock()
    url = settings.database_url.get_secret_value()
    async with open_database(
        url, clock, pool_size=2, lock=False, prepare=prepare_database
    ) as database:
        yield database, build_services(database, clock, settings.policy, admins=settings.admins)


def tenant_of(settings: Settings) -> str:
    """Return the id of the configured bot, which its token begins with."""
    token = settings.telegram_token
    return token.get_secret_value().partition(":")[0] if token else SAMPLE_TENANT


async def migrate(settings: Settings) -> None:
    """Bring the database to the present schema and say so."""
    await asyncio.to_thread(upgrade, settings.database_url.get_secret_value())
    print(f"The database has the present schema ({head()}).")  # noqa: T201


async def seed_samples(settings: Settings) -> None:
    """Add what is missing of the samples and list what there is."""
    async with services_beside(settings) as (_, services):
        types = await seed(services, SystemClock(), tenant_of(settings))
    for event_type in types:
        print(f"{event_type.code}  {event_type.title}")  # noqa: T201
