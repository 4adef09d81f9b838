"""People and their accounts, valid by default."""

from datetime import datetime, timedelta

from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId, PersonId, new_id
from scheduling.people import (
    AccountKey,
    Actor,
    Card,
    ChatAccount,
    Person,
    Platform,
    QuietHours,
    Recipient,
    Role,
)

BOT = "4242"


def a_person(
    name: str = "Mia Costa",
    *,
    id: str | None = None,  # noqa: A002 - reads as the field it sets
    zone: str | None = "UTC",
    locale: str = "en",
    roles: frozenset[Role] = frozenset(),
    quiet: QuietHours | None = None,
    reminders: tuple[timedelta, ...] | None = None,
    organization: OrganizationId = DEFAULT_ORGANIZATION,
    phone: str | None = None,
    email: str | None = None,
    about: str | None = None,
) -> Person:
    """Return somebody who has told their time zone."""
    return Person(
        organization_id=organization,
        id=PersonId(id or new_id()),
        name=name,
        zone=zone,
        locale=locale,
        roles=roles,
        phone=phone,
        email=email,
        quiet=quiet,
        reminders=reminders,
        about=about,
    )


def an_account(
    person: Person,
    *,
    account_id: str | None = None,
    chat_id: str | None = None,
    username: str | None = None,
    language: str | None = "en",
    reachable: bool = True,
    last_seen: datetime,
) -> ChatAccount:
    """Return the person's Telegram account, with an open private chat."""
    number = account_id or str(int.from_bytes(person.id.encode()[:5]))
    key = AccountKey(Platform.TELEGRAM, BOT, number)
    return ChatAccount(key, person.id, chat_id or number, username, language, reachable, last_seen)


def a_recipient(number: str = "1001") -> Recipient:
    """Return a private chat."""
    return Recipient(Platform.TELEGRAM, BOT, number)


def a_card(number: str = "1001", message_id: str = "7") -> Card:
    """Return a message of ours in a private chat."""
    return Card(a_recipient(number), message_id)


def acting(person: Person) -> Actor:
    """Return the person as who acts."""
    return Actor(person.organization_id, person.id)
