"""Who may enter: members always; others where an admin opened the channel; machines never."""

from scheduling.errors import EntryRefused, NotAllowed
from scheduling.ids import OrganizationId
from scheduling.people import Actor, Recipient, Standing
from scheduling.ports import Clock, GuestChannels, Profiles, Queries, Store, Transaction

_VISITORS = frozenset({Standing.GUEST, Standing.STRANGER, Standing.OTHER_TEAM})


def check_entry(standing: Standing, *, channel_open: bool) -> None:
    """Let members in, and visitors where the channel was opened for them.

    Raises:
        EntryRefused: everybody else; bots, deactivated accounts, and accounts of which the
            platform would not tell what they are, wherever they write.
    """
    if standing is Standing.MEMBER or (standing in _VISITORS and channel_open):
        return
    raise EntryRefused(standing)


class ChannelAccess:
    """Knows which channels admins opened to visitors.

    Admins are ours, and in their own workspace those whom Slack's profile calls so.
    """

    def __init__(
        self,
        store: Store,
        queries: Queries,
        guests: GuestChannels,
        profiles: Profiles,
        clock: Clock,
    ) -> None:
        self._store, self._queries, self._guests = store, queries, guests
        self._profiles, self._clock = profiles, clock

    async def check(
        self, organization_id: OrganizationId, standing: Standing, group: Recipient | None
    ) -> None:
        """Check an account that writes in a channel, or in private (None).

        Raises:
            EntryRefused: see check_entry; the opening of a channel does not reach beyond it.
        """
        is_open = (
            standing in _VISITORS
            and group is not None
            and await self._guests.is_open(organization_id, group)
        )
        check_entry(standing, channel_open=is_open)

    async def is_open(self, organization_id: OrganizationId, group: Recipient) -> bool:
        """Say whether the channel was opened to visitors."""
        return await self._guests.is_open(organization_id, group)

    async def may_open(self, actor: Actor, group: Recipient) -> bool:
        """Say whether the actor opens and closes channels of that workspace."""
        person = await self._queries.person(actor.organization_id, actor.person_id)
        if person.is_admin:
            return True
        for account in await self._queries.accounts(actor.organization_id, person.id):
            profile = await self._profiles.get(account.key)
            if (account.key.platform, account.key.tenant) != (group.platform, group.tenant):
                continue
            if profile and profile.is_workspace_admin and profile.standing is Standing.MEMBER:
                return True
        return False

    async def open_channel(self, actor: Actor, group: Recipient, *, is_open: bool) -> None:
        """Open a channel to visitors, or close it again (admins); repeating it changes nothing.

        Raises:
            NotAllowed: the actor is no admin.
        """
        organization_id = actor.organization_id
        if not await self.may_open(actor, group):
            raise NotAllowed
        await self._guests.set_open(organization_id, group, is_open=is_open, now=self._clock.now())

        def note(tx: Transaction) -> None:
            verb = "channel_opened" if is_open else "channel_closed"
            tx.audit.add(actor.person_id, verb, group.chat_id, {"platform": group.platform.value})

        await self._store.transact(organization_id, note)
