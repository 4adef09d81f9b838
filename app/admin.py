"""Roles and invites from the shell."""

from datetime import timedelta

from app.database import services_beside, tenant_of
from app.settings import Settings
from persistence.database import Database
from scheduling.errors import NotFound
from scheduling.ids import DEFAULT_ORGANIZATION, PersonId
from scheduling.people import AccountKey, Person, Platform, Role


async def show_roles(settings: Settings) -> None:
    """Print everybody with a role, one a line: id, name, roles."""
    async with services_beside(settings) as (database, _):
        for person in await database.queries.with_roles(DEFAULT_ORGANIZATION):
            roles = ", ".join(sorted(person.roles))
            print(f"{person.id}  {person.name}  {roles}")  # noqa: T201


async def change_role(settings: Settings, account: str, role: str, *, give: bool) -> None:
    """Give or take a role and say what is so now.

    Raises:
        NotFound: nobody has written from that account, and nobody has that id; or no such role.
    """
    try:
        wanted = Role(role)
    except ValueError:
        raise NotFound(f"a {role} (roles are {', '.join(Role)})") from None
    async with services_beside(settings) as (database, services):
        person = await _find(database, settings, account)
        change = services.people.grant if give else services.people.revoke
        changed = await change(DEFAULT_ORGANIZATION, person.id, wanted, None)
    now = "is" if give else "is not"
    again = "" if changed else " already"
    print(f"{person.name} {now} {wanted.value}{again}.")  # noqa: T201


async def print_invite(settings: Settings, days: int) -> None:
    """Print a new invite code; only its hash is stored, so it is shown this once."""
    async with services_beside(settings) as (_, services):
        code = await services.people.issue_invite(DEFAULT_ORGANIZATION, timedelta(days=days))
    print(f"{code}  (for one person, good for {days} days)")  # noqa: T201


async def _find(database: Database, settings: Settings, account: str) -> Person:
    platform, _, account_id = account.partition(":")
    if platform == Platform.TELEGRAM and account_id:
        key = AccountKey(Platform.TELEGRAM, tenant_of(settings), account_id)
        found = await database.queries.account(key)
        if found is None:
            raise NotFound(account)
        return found[1]
    return await database.queries.person(DEFAULT_ORGANIZATION, PersonId(account))
