"""People named in a line, as each platform names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bots.chat import Turn
from scheduling.people import Person, Platform
from scheduling.ports import Queries


class MemberFinder(Protocol):
    """Finds who is meant on one platform."""

    async def find(self, turn: Turn, mention: str) -> Person | None:
        """Return the person behind "<@U123>" or "@ana"; None for nobody we may ask."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who was named: people once each, and the names nobody has."""

    people: tuple[Person, ...] = ()
    unknown: tuple[str, ...] = ()


class NamedAccounts:
    """Finds people by the @name of an account that has written to us."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def find(self, turn: Turn, mention: str) -> Person | None:
        """Return the person whose account has this name."""
        key = turn.incoming.account.key
        return await self._queries.person_named(
            turn.incoming.organization_id, key.platform, key.tenant, mention.removeprefix("@")
        )


async def find_all(
    turn: Turn, finders: Mapping[Platform, MemberFinder], mentions: Sequence[str]
) -> Found:
    """Return everybody named in the turn's platform, whoever names themselves left out."""
    finder = finders.get(turn.incoming.account.key.platform)
    people: dict[str, Person] = {}
    unknown: list[str] = []
    for mention in mentions:
        person = await finder.find(turn, mention) if finder else None
        if person is None:
            unknown.append("@" + mention.strip("<@>"))
        elif person.id != turn.incoming.person.id:
            people[person.id] = person
    return Found(tuple(people.values()), tuple(unknown))
