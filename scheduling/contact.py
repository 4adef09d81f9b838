"""Meeting people: what a platform says of an account, taken at first contact and followed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduling import text
from scheduling.ids import PersonId, new_id
from scheduling.moments import zone_names
from scheduling.people import AccountKey, ChatAccount, Person, Role
from scheduling.ports import Transaction

_NAMELESS = "Guest"
_LOCALE = "en"
_SEEN_AGAIN = timedelta(minutes=1)
"""How exactly it is known which chat somebody used last; each note of it is a write."""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What a platform says of the sender of an update."""

    key: AccountKey
    chat_id: str | None
    name: str
    username: str | None
    language: str | None
    zone: str | None = None
    """IANA name, where the platform knows it."""
    is_profile: bool = False
    """A profile its owner keeps up to date: what changes there is followed here."""

    @property
    def known_zone(self) -> str | None:
        """Return the zone, if our data has it too."""
        return self.zone if self.zone in zone_names() else None


def nothing_new(
    facts: AccountFacts, account: ChatAccount, person: Person, now: datetime, *, is_admin: bool
) -> bool:
    """Say whether meeting the person again would change nothing worth a write."""
    same_profile = not facts.is_profile or (
        account.name == facts.name and account.zone == facts.known_zone
    )
    return (
        account.reachable
        and (facts.chat_id is None or account.chat_id == facts.chat_id)
        and account.username == facts.username
        and account.language == facts.language
        and same_profile
        and (person.is_admin or not is_admin)
        and now - account.last_seen < _SEEN_AGAIN
    )


def meet(
    tx: Transaction, facts: AccountFacts, now: datetime, *, is_admin: bool
) -> tuple[ChatAccount, Person]:
    """Store the account as it is now, with its person, made at first contact."""
    known = tx.people.by_account(facts.key)
    account, person = known or (None, _welcome(tx, facts))
    if account and facts.is_profile:
        person = _followed(tx, facts, account, person)
    account = ChatAccount(
        key=facts.key,
        person_id=person.id,
        chat_id=facts.chat_id or (account.chat_id if account else None),
        username=facts.username,
        language=facts.language,
        reachable=True,
        last_seen=now,
        name=facts.name if facts.is_profile else None,
        zone=facts.known_zone if facts.is_profile else None,
    )
    tx.people.put_account(account)
    if is_admin and tx.people.grant(person.id, Role.ADMIN):
        tx.audit.add(None, "granted", person.id, {"role": Role.ADMIN.value})
        person = replace(person, roles=person.roles | {Role.ADMIN})
    return account, person


def _welcome(tx: Transaction, facts: AccountFacts) -> Person:
    name = text.cut(facts.name, text.NAME_LIMIT)
    person = Person(
        organization_id=tx.organization_id,
        id=PersonId(new_id()),
        name=name or text.cut(facts.username or "", text.NAME_LIMIT) or _NAMELESS,
        zone=facts.known_zone,
        locale=facts.language or _LOCALE,
    )
    tx.people.add(person)
    tx.audit.add(person.id, "met", person.id, {"platform": facts.key.platform.value})
    return person


def _followed(tx: Transaction, facts: AccountFacts, account: ChatAccount, person: Person) -> Person:
    """Take over what changed in the profile since it was last taken.

    What the person told us themselves stays until the profile says something else than before.
    """
    if _following(facts, account, person) == person:
        return person
    tx.lock_hosts([person.id])
    person = tx.people.get(person.id)
    changed = _following(facts, account, person)
    tx.people.update(changed)
    return replace(changed, version=person.version + 1)


def _following(facts: AccountFacts, account: ChatAccount, person: Person) -> Person:
    name, zone_name = text.cut(facts.name, text.NAME_LIMIT), facts.known_zone
    if name and account.name and facts.name != account.name:
        person = replace(person, name=name)
    moved = account.zone is not None and zone_name != account.zone
    if zone_name and (person.zone is None or moved):
        person = replace(person, zone=zone_name)
    if facts.language and account.language and facts.language != account.language:
        person = replace(person, locale=facts.language)
    return person
