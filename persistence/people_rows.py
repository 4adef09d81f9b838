"""People, accounts, roles, invites and feed tokens inside a transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from persistence.mapping import (
    account_of,
    account_values,
    person_of,
    person_values,
)
from persistence.merging import merge
from persistence.prepared import Prepared
from persistence.tables import (
    chat_accounts,
    connect_codes,
    feed_tokens,
    invites,
    people,
    person_roles,
)
from persistence.topics import SqlTopicRows
from scheduling.errors import NotFound
from scheduling.ids import OrganizationId, PersonId
from scheduling.people import AccountKey, ChatAccount, Person, Recipient, Role
from scheduling.ports import about_host, about_person

_GRANT = {
    "sqlite": Prepared(sqlite.insert(person_roles).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(person_roles).on_conflict_do_nothing()),
}
_ORG: BindParameter[str] = bindparam("org")
_PERSON = Prepared(
    select(people, person_roles.c.role)
    .outerjoin(
        person_roles,
        and_(
            person_roles.c.organization_id == people.c.organization_id,
            person_roles.c.person_id == people.c.id,
        ),
    )
    .where(people.c.organization_id == _ORG, people.c.id == bindparam("this"))
)


class SqlPeopleRows:
    """See scheduling.ports.PeopleRows."""

    def __init__(
        self, connection: Connection, organization_id: OrganizationId, topics: SqlTopicRows
    ) -> None:
        self._connection, self._org, self._topics = connection, organization_id, topics

    def get(self, person_id: PersonId) -> Person:
        # One row per role; somebody without any has one with none.
        rows = _PERSON.all(self._connection, {"org": self._org, "this": person_id})
        if not rows:
            raise NotFound(person_id)
        return person_of(rows[0], [row.role for row in rows if row.role is not None])

    def by_account(self, key: AccountKey) -> tuple[ChatAccount, Person] | None:
        row = self._connection.execute(select(chat_accounts).where(*self._account(key))).first()
        if row is None:
            return None
        account = account_of(row)
        return account, self.get(account.person_id)

    def accounts(self, person_id: PersonId) -> list[ChatAccount]:
        rows = self._connection.execute(
            select(chat_accounts)
            .where(
                chat_accounts.c.organization_id == self._org,
                chat_accounts.c.person_id == person_id,
            )
            .order_by(chat_accounts.c.last_seen.desc())
        )
        return [account_of(row) for row in rows]

    def add(self, person: Person) -> None:
        self._connection.execute(
            insert(people).values(
                organization_id=self._org,
                id=person.id,
                version=person.version,
                **person_values(person),
            )
        )
        for role in person.roles:
            self.grant(person.id, role)

    def update(self, person: Person) -> None:
        self._connection.execute(
            update(people)
            .where(people.c.organization_id == self._org, people.c.id == person.id)
            .values(version=people.c.version + 1, **person_values(person))
        )
        self._touch(person.id)

    def put_account(self, account: ChatAccount) -> None:
        changed = self._connection.execute(
            update(chat_accounts).where(*self._account(account.key)).values(account_values(account))
        )
        if changed.rowcount == 0:
            self._connection.execute(
                insert(chat_accounts).values(
                    organization_id=self._org,
                    platform=account.key.platform.value,
                    tenant=account.key.tenant,
                    account_id=account.key.account_id,
                    **account_values(account),
                )
            )

    def mark_reachable(self, recipient: Recipient, *, reachable: bool) -> None:
        self._connection.execute(
            update(chat_accounts)
            .where(
                chat_accounts.c.organization_id == self._org,
                chat_accounts.c.platform == recipient.platform.value,
                chat_accounts.c.tenant == recipient.tenant,
                chat_accounts.c.chat_id == recipient.chat_id,
            )
            .values(reachable=reachable)
        )

    def grant(self, person_id: PersonId, role: Role) -> bool:
        values = {"organization_id": self._org, "person_id": person_id, "role": role.value}
        self._touch(person_id)
        return _GRANT[self._connection.dialect.name].run(self._connection, values) > 0

    def revoke(self, person_id: PersonId, role: Role) -> bool:
        gone = self._connection.execute(
            delete(person_roles).where(
                person_roles.c.organization_id == self._org,
                person_roles.c.person_id == person_id,
                person_roles.c.role == role.value,
            )
        )
        self._touch(person_id)
        return gone.rowcount > 0

    def with_role(self, role: Role) -> list[Person]:
        ids = self._connection.execute(
            select(person_roles.c.person_id)
            .where(person_roles.c.organization_id == self._org, person_roles.c.role == role.value)
            .order_by(person_roles.c.person_id)
        ).scalars()
        return [self.get(PersonId(person_id)) for person_id in ids.all()]

    def add_invite(self, code_hash: str, expires_at: datetime) -> None:
        self._connection.execute(
            insert(invites).values(
                organization_id=self._org, code_hash=code_hash, expires_at=expires_at
            )
        )

    def use_invite(self, code_hash: str, person_id: PersonId, now: datetime) -> bool:
        # One statement decides: of two who redeem it at once the second changes no row.
        used = self._connection.execute(
            update(invites)
            .where(
                invites.c.organization_id == self._org,
                invites.c.code_hash == code_hash,
                invites.c.used_by.is_(None),
                invites.c.expires_at > now,
            )
            .values(used_by=person_id)
        )
        return used.rowcount > 0

    def put_connect_code(self, code_hash: str, person_id: PersonId, expires_at: datetime) -> None:
        codes = connect_codes.c
        self._connection.execute(
            delete(connect_codes).where(
                codes.organization_id == self._org, codes.person_id == person_id
            )
        )
        self._connection.execute(
            insert(connect_codes).values(
                organization_id=self._org,
                code_hash=code_hash,
                person_id=person_id,
                expires_at=expires_at,
            )
        )

    def use_connect_code(self, code_hash: str, now: datetime) -> PersonId | None:
        # One statement decides: of two who redeem it at once the second finds no row.
        codes = connect_codes.c
        used = self._connection.execute(
            delete(connect_codes)
            .where(
                codes.organization_id == self._org,
                codes.code_hash == code_hash,
                codes.expires_at > now,
            )
            .returning(codes.person_id)
        ).first()
        return None if used is None else PersonId(used.person_id)

    def merge(self, kept_id: PersonId, gone_id: PersonId) -> None:
        self._topics.touch(*merge(self._connection, self._org, kept_id, gone_id))

    def move_account(self, key: AccountKey, person_id: PersonId) -> None:
        owner = self._connection.execute(
            select(chat_accounts.c.person_id).where(*self._account(key))
        ).scalar()
        if owner is None:
            raise NotFound(str(key))
        self._connection.execute(
            update(chat_accounts).where(*self._account(key)).values(person_id=person_id)
        )
        self._topics.touch(about_person(owner), about_person(person_id))

    def put_feed_token(self, token_hash: str, person_id: PersonId, now: datetime) -> None:
        self.revoke_feed(person_id)
        self._connection.execute(
            insert(feed_tokens).values(
                organization_id=self._org,
                person_id=person_id,
                token_hash=token_hash,
                created_at=now,
            )
        )

    def revoke_feed(self, person_id: PersonId) -> bool:
        gone = self._connection.execute(
            delete(feed_tokens).where(
                feed_tokens.c.organization_id == self._org, feed_tokens.c.person_id == person_id
            )
        )
        return gone.rowcount > 0

    def _touch(self, person_id: PersonId) -> None:
        # Of a coach others see name, line and zone as well.
        self._topics.touch(about_person(person_id), about_host(person_id))

    def _account(self, key: AccountKey) -> tuple[Any, ...]:
        return (
            chat_accounts.c.organization_id == self._org,
            chat_accounts.c.platform == key.platform.value,
            chat_accounts.c.tenant == key.tenant,
            chat_accounts.c.account_id == key.account_id,
        )
