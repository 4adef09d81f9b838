"""People: who writes, what they told us of themselves, and what they may do."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from scheduling import connecting, text
from scheduling.contact import AccountFacts as AccountFacts
from scheduling.contact import meet, nothing_new
from scheduling.errors import InputRefused
from scheduling.ids import (
    DEFAULT_ORGANIZATION,
    BookingId,
    OrganizationId,
    PersonId,
    RequestId,
    digest,
    new_code,
    new_id,
    new_secret,
)
from scheduling.moments import Interval, zone
from scheduling.people import (
    AccountKey,
    Actor,
    ChatAccount,
    Person,
    QuietHours,
    Recipient,
    Role,
)
from scheduling.policy import Policy
from scheduling.ports import Clock, Queries, Store, Transaction, WakeUp
from scheduling.replanning import replan_reminders

_MOST_REMINDERS = 5
_LONGEST_LEAD = timedelta(days=30)
_FAR = timedelta(days=400)
_BATCH = 50


class PeopleService:
    """Knows people by their chat accounts; the only writer of people, accounts and roles.

    ``admins`` holds accounts as written in the settings, "telegram:123" or "slack:T1:U1".
    """

    def __init__(
        self,
        store: Store,
        queries: Queries,
        clock: Clock,
        policy: Policy,
        admins: frozenset[str],
        wake: WakeUp,
    ) -> None:
        self._store = store
        self._queries = queries
        self._clock = clock
        self._policy = policy
        self._admins = admins
        self._wake = wake

    async def meet(
        self, organization_id: OrganizationId, facts: AccountFacts
    ) -> tuple[ChatAccount, Person]:
        """Return the account and its person, made at first contact and kept up to date.

        A known account about which nothing is new costs no write. Whoever writes can be reached
        again. Accounts named in the settings become admins.
        """
        known = await self._queries.account(facts.key)
        now = self._clock.now()
        is_admin = self._named_admin(facts.key)
        if known and nothing_new(facts, *known, now, is_admin=is_admin):
            return known
        account, person = await self._store.transact(
            organization_id, meet, facts, now, is_admin=is_admin
        )
        if known and person.quiet and person.zone != known[1].zone:
            await self._replan(Actor(organization_id, person.id))
        return account, person

    async def connect_code(self, actor: Actor) -> str:
        """Return a code that joins another chat to this person, once, within ten minutes.

        The code before it stops working.
        """
        code = new_code()
        now = self._clock.now()
        await self._store.transact(
            actor.organization_id, connecting.put_code, actor.person_id, code, now
        )
        return code

    async def connect(self, actor: Actor, code: str, request_id: RequestId | None = None) -> Person:
        """Make the actor and whoever issued the code one person, and return that one.

        Kept is a coach, else who has more bookings, else who issued the code. The chat of the
        issuer is told.

        Raises:
            CodeGone: it was used, is too old, or never was.
            SamePerson: the actor issued it.
            CannotConnect: both have an account on one platform, or host at the same time.
        """
        now = self._clock.now()
        person = await self._store.transact(
            actor.organization_id, connecting.connect, actor, code, request_id, now
        )
        await self._replan(Actor(actor.organization_id, person.id))
        return person

    async def disconnect(self, actor: Actor, key: AccountKey) -> Person:
        """Take one of the actor's accounts away, and return the fresh person it belongs to now.

        Bookings, hours and roles stay with the actor.

        Raises:
            NotAllowed: it is not the actor's account, or their only one.
        """
        return await self._store.transact(actor.organization_id, connecting.disconnect, actor, key)

    async def set_zone(self, actor: Actor, name: str) -> Person:
        """Set the person's time zone.

        Raises:
            UnknownZone: there is no such zone.
        """
        zone(name)
        person = await self._change(actor, lambda known: replace(known, zone=name))
        if person.quiet:
            await self._replan(actor)
        return person

    async def set_name(self, actor: Actor, name: str) -> Person:
        """Set how the person is called.

        Raises:
            InputRefused: empty, or longer than a name.
        """
        tidy = text.clean("name", name, text.NAME_LIMIT)
        return await self._change(actor, lambda known: replace(known, name=tidy))

    async def set_phone(self, actor: Actor, phone: str | None) -> Person:
        """Set or forget the phone number.

        Raises:
            InputRefused: it is none.
        """
        number = text.clean_phone(phone) if phone else None
        return await self._change(actor, lambda known: replace(known, phone=number))

    async def set_email(self, actor: Actor, email: str | None) -> Person:
        """Set or forget the e-mail address.

        Raises:
            InputRefused: it is none.
        """
        address = text.clean_email(email) if email else None
        return await self._change(actor, lambda known: replace(known, email=address))

    async def set_about(self, actor: Actor, about: str | None) -> Person:
        """Set or take away the line a coach shows beside the name.

        Raises:
            InputRefused: too long.
        """
        line = text.clean_or_none("about", about, text.DESCRIPTION_LIMIT)
        return await self._change(actor, lambda known: replace(known, about=line))

    async def set_quiet(self, actor: Actor, quiet: QuietHours | None) -> Person:
        """Set or end quiet hours; reminders already planned follow.

        Raises:
            InputRefused: not two different minutes of a day.
        """
        if quiet and not (0 <= quiet.start < 1440 and 0 <= quiet.end < 1440):
            raise InputRefused("quiet", "not_valid")
        if quiet and quiet.start == quiet.end:
            raise InputRefused("quiet", "not_valid")
        person = await self._change(actor, lambda known: replace(known, quiet=quiet))
        await self._replan(actor)
        return person

    async def set_reminders(self, actor: Actor, leads: tuple[timedelta, ...] | None) -> Person:
        """Set the person's own lead times, none at all (), or the event types' (None).

        Reminders already planned follow.

        Raises:
            InputRefused: more than five, or one not between a minute and 30 days.
        """
        if leads is not None:
            check_leads(leads)
            leads = tuple(sorted(set(leads), reverse=True))
        person = await self._change(actor, lambda known: replace(known, reminders=leads))
        await self._replan(actor)
        return person

    async def unreachable(
        self, recipient: Recipient, organization_id: OrganizationId = DEFAULT_ORGANIZATION
    ) -> None:
        """Note that nothing can be written to this chat, until its person writes again."""

        def note(tx: Transaction) -> None:
            tx.people.mark_reachable(recipient, reachable=False)

        await self._store.transact(organization_id, note)

    async def issue_feed(self, actor: Actor) -> str:
        """Return a new secret for the person's calendar feed; the one before stops working."""
        token, now = new_secret(), self._clock.now()

        def put(tx: Transaction) -> None:
            tx.people.put_feed_token(digest(token), actor.person_id, now)
            tx.audit.add(actor.person_id, "feed_issued", actor.person_id, {})

        await self._store.transact(actor.organization_id, put)
        return token

    async def revoke_feed(self, actor: Actor) -> bool:
        """End the person's calendar feed; False when there was none."""

        def revoke(tx: Transaction) -> bool:
            gone = tx.people.revoke_feed(actor.person_id)
            if gone:
                tx.audit.add(actor.person_id, "feed_revoked", actor.person_id, {})
            return gone

        return await self._store.transact(actor.organization_id, revoke)

    async def grant(
        self, organization_id: OrganizationId, person_id: PersonId, role: Role, by: PersonId | None
    ) -> bool:
        """Give a role; False when the person has it."""

        def give(tx: Transaction) -> bool:
            given = tx.people.grant(person_id, role)
            if given:
                tx.audit.add(by, "granted", person_id, {"role": role.value})
            return given

        return await self._store.transact(organization_id, give)

    async def revoke(
        self, organization_id: OrganizationId, person_id: PersonId, role: Role, by: PersonId | None
    ) -> bool:
        """Take a role; False when the person does not have it."""

        def take(tx: Transaction) -> bool:
            taken = tx.people.revoke(person_id, role)
            if taken:
                tx.audit.add(by, "revoked", person_id, {"role": role.value})
            return taken

        return await self._store.transact(organization_id, take)

    async def issue_invite(self, organization_id: OrganizationId, ttl: timedelta) -> str:
        """Return a code that makes one person a coach, once, within the time given."""
        code, until = new_id(), self._clock.now() + ttl

        def put(tx: Transaction) -> None:
            tx.people.add_invite(digest(code), until)
            tx.audit.add(None, "invite_issued", "coach", {})

        await self._store.transact(organization_id, put)
        return code

    def _named_admin(self, key: AccountKey) -> bool:
        return not self._admins.isdisjoint({str(key), f"{key.platform}:{key.account_id}"})

    async def _change(self, actor: Actor, change: Callable[[Person], Person]) -> Person:
        def store(tx: Transaction) -> Person:
            tx.lock_hosts([actor.person_id])
            known = tx.people.get(actor.person_id)
            changed = change(known)
            if changed == known:
                return known
            tx.people.update(changed)
            return replace(changed, version=known.version + 1)

        return await self._store.transact(actor.organization_id, store)

    async def _replan(self, actor: Actor) -> None:
        """Plan the person's reminders anew, a few bookings per transaction."""
        now = self._clock.now()
        attended = await self._queries.bookings_of(
            actor.organization_id, actor.person_id, now=now, limit=1_000
        )
        hosted = await self._queries.hosted(
            actor.organization_id, actor.person_id, Interval(now, now + _FAR)
        )
        ids = [details.booking.id for details in (*attended, *hosted)]
        hosts = {details.booking.id: details.booking.host_id for details in (*attended, *hosted)}
        for begin in range(0, len(ids), _BATCH):
            some = ids[begin : begin + _BATCH]
            locks = {hosts[booking_id] for booking_id in some}
            await self._store.transact(
                actor.organization_id, self._replan_some, actor.person_id, some, locks
            )
        self._wake()

    def _replan_some(
        self,
        tx: Transaction,
        person_id: PersonId,
        booking_ids: Sequence[BookingId],
        hosts: set[PersonId],
    ) -> None:
        tx.lock_hosts(hosts | {person_id})
        replan_reminders(tx, person_id, booking_ids, self._policy, self._clock.now())


def check_leads(leads: tuple[timedelta, ...]) -> None:
    """Refuse lead times nobody means.

    Raises:
        InputRefused: more than five, or one not between a minute and 30 days.
    """
    if len(leads) > _MOST_REMINDERS:
        raise InputRefused("reminders", "too_long", _MOST_REMINDERS)
    if any(not timedelta(minutes=1) <= lead <= _LONGEST_LEAD for lead in leads):
        raise InputRefused("reminders", "not_valid")
