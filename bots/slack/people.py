"""People of a workspace: who may enter, what their profile says, and where to write to them."""

import re
from dataclasses import replace

import structlog

from bots.slack import limits
from bots.slack.failures import FAILURES, delivery_error, in_short
from bots.slack.payloads import AccountRead, read_account
from bots.slack.places import chat, read_place
from bots.slack.standing import account_key, profile_of, standing_of, unknown_profile
from bots.slack.workspaces import Workspace, Workspaces
from scheduling.errors import (
    DeliveryDeferred,
    DeliveryError,
    EntryRefused,
    RecipientUnreachable,
)
from scheduling.people import Actor, ChatAccount, Person, Recipient, Standing
from scheduling.people_service import AccountFacts, PeopleService
from scheduling.ports import Clock, GuestChannels, Profile, Profiles, Queries

_MENTION = re.compile(r"<@([UW][A-Za-z0-9_-]{1,63})(?:\|[^>]*)?>", re.ASCII)
_OUTSIDE = frozenset({Standing.GUEST, Standing.STRANGER, Standing.OTHER_TEAM})
"""Whom an admin may let in, channel by channel."""
_log = structlog.get_logger(__name__)


class SlackPeople:
    """Knows the people of every workspace by what Slack vouches for."""

    def __init__(
        self,
        workspaces: Workspaces,
        people: PeopleService,
        queries: Queries,
        profiles: Profiles,
        guests: GuestChannels,
        clock: Clock,
    ) -> None:
        self._workspaces, self._people, self._queries = workspaces, people, queries
        self._profiles, self._guests, self._clock = profiles, guests, clock
        self._direct: dict[tuple[str, str], str] = {}

    # --- who may enter ---

    async def admit(
        self,
        workspace: Workspace,
        user_id: str,
        *,
        claimed_team: str | None = None,
        group: Recipient | None = None,
        direct: str | None = None,
    ) -> tuple[ChatAccount, Person]:
        """Return the account and its person, if they may use slotbook there.

        ``claimed_team`` is what the request says of the person's workspace: it can only make
        them more of a stranger. ``group`` is the channel it was done in, ``direct`` the id of
        our direct message with the person where the request tells it.

        Raises:
            EntryRefused: they may not.
            DeliveryDeferred: Slack does not tell now who they are.
        """
        profile = await self.profile(workspace, user_id)
        standing = profile.standing
        if standing is Standing.MEMBER and not self._at_home(workspace, claimed_team):
            standing = Standing.OTHER_TEAM
        if standing in _OUTSIDE and group is not None:
            channel = chat(workspace.team_id, read_place(group.chat_id).channel)
            if await self._guests.is_open(workspace.organization_id, channel):
                standing = Standing.MEMBER
        if standing is not Standing.MEMBER:
            raise EntryRefused(standing)
        return await self._meet(workspace, profile, direct)

    @staticmethod
    def _at_home(workspace: Workspace, claimed_team: str | None) -> bool:
        # In an organization of several workspaces people and requests may name any of them.
        return claimed_team in {None, workspace.team_id} or workspace.enterprise_id is not None

    async def _meet(
        self, workspace: Workspace, profile: Profile, direct: str | None = None
    ) -> tuple[ChatAccount, Person]:
        key = profile.key
        known = await self._queries.account(key)
        chat_id = direct or (known[0].chat_id if known else None) or key.account_id
        facts = AccountFacts(
            key=key,
            chat_id=chat_id,
            name=profile.name,
            username=None,
            language=profile.locale,
        )
        account, person = await self._people.meet(workspace.organization_id, facts)
        if person.zone is None and profile.zone is not None:
            actor = Actor(workspace.organization_id, person.id)
            person = await self._people.set_zone(actor, profile.zone)
        return account, person

    # --- profiles ---

    async def profile(self, workspace: Workspace, user_id: str) -> Profile:
        """Return the account's profile, asking Slack where it is not known or old.

        Raises:
            DeliveryDeferred: Slack does not answer now.
        """
        now = self._clock.now()
        known = await self._profiles.get(account_key(workspace, user_id))
        if known is not None and now - known.fetched_at < limits.PROFILE_LIFE:
            return known
        fresh = await self._ask(workspace, user_id)
        await self._keep(workspace, known, fresh)
        return fresh

    async def _ask(self, workspace: Workspace, user_id: str) -> Profile:
        now = self._clock.now()
        try:
            answer = await workspace.client.users_info(user=user_id, include_locale=True)
        except FAILURES as error:
            meant = delivery_error(error)
            if isinstance(meant, RecipientUnreachable):
                return unknown_profile(workspace, user_id, now)
            _log.warning("slack.profile_not_told", reason=in_short(error))
            wait = meant.retry_after if isinstance(meant, DeliveryDeferred) else None
            raise DeliveryDeferred(wait or limits.CONNECT_TIMEOUT) from error
        account = read_account(answer.get("user"))
        if account is None or account.id != user_id:
            return unknown_profile(workspace, user_id, now)
        return profile_of(account, workspace, now)

    async def follow(self, workspace: Workspace, account: AccountRead) -> None:
        """Take note of a changed profile; somebody never met stays unknown."""
        key = account_key(workspace, account.id)
        known = await self._profiles.get(key)
        if known is None and await self._queries.account(key) is None:
            return
        fresh = profile_of(account, workspace, self._clock.now())
        if known is not None and account.locale is None:
            fresh = replace(fresh, locale=known.locale)  # not every change tells it
        if known is not None and standing_of(account, workspace) is Standing.MEMBER:
            # The event leaves out what users.info says of a shared channel's people.
            left_out = account.team_id is None and known.standing in _OUTSIDE
            fresh = replace(fresh, standing=known.standing) if left_out else fresh
        await self._keep(workspace, known, fresh)

    async def _keep(self, workspace: Workspace, known: Profile | None, fresh: Profile) -> None:
        """Store a profile; what the person never set otherwise in slotbook follows it."""
        await self._profiles.put(fresh)
        met = await self._queries.account(fresh.key)
        if known is None or met is None:
            return
        person, actor = met[1], Actor(workspace.organization_id, met[1].id)
        if fresh.zone and fresh.zone != person.zone and person.zone in {None, known.zone}:
            await self._people.set_zone(actor, fresh.zone)
        if fresh.name != person.name and person.name == known.name:
            await self._people.set_name(actor, fresh.name)
        if fresh.locale and fresh.locale != person.locale and person.locale == known.locale:
            await self._people.set_locale(actor, fresh.locale)

    # --- people named in a line ---

    async def resolve(self, team_id: str, mention: str) -> Person | None:
        """Return whom "<@U1|name>" (or a bare id) means, met without a word to them.

        None for what is no mention, and for those who may not use slotbook.

        Raises:
            DeliveryDeferred: Slack does not tell now who they are.
        """
        found = _MENTION.fullmatch(mention.strip())
        user_id = found[1] if found else mention.strip()
        if not _MENTION.fullmatch(f"<@{user_id}>"):
            return None
        workspace = await self._workspaces.of(team_id)
        profile = await self.profile(workspace, user_id)
        if profile.standing is not Standing.MEMBER:
            return None
        return (await self._meet(workspace, profile))[1]

    # --- direct messages ---

    async def direct_message(self, workspace: Workspace, user_id: str) -> str:
        """Return the id of our direct message with somebody, opening it at first.

        Raises:
            DeliveryError: it cannot be opened, or not now.
        """
        remembered = self._direct.get((workspace.team_id, user_id))
        if remembered is not None:
            return remembered
        try:
            answer = await workspace.client.conversations_open(users=user_id)
        except FAILURES as error:
            raise delivery_error(error) from error
        opened = answer.get("channel")
        channel = opened.get("id") if isinstance(opened, dict) else None
        if not isinstance(channel, str) or not channel:
            raise RecipientUnreachable("no direct message")
        self._direct[workspace.team_id, user_id] = channel
        await self._remember(workspace, user_id, channel)
        return channel

    async def direct_message_if_there(self, workspace: Workspace, user_id: str) -> str | None:
        """Return the id of our direct message, or None where it cannot be told now."""
        try:
            return await self.direct_message(workspace, user_id)
        except DeliveryError as error:
            _log.info("slack.direct_message_unknown", reason=type(error).__name__)
            return None

    async def _remember(self, workspace: Workspace, user_id: str, channel: str) -> None:
        met = await self._queries.account(account_key(workspace, user_id))
        if met is None or met[0].chat_id == channel:
            return
        account, person = met
        facts = AccountFacts(
            key=account.key,
            chat_id=channel,
            name=person.name,
            username=account.username,
            language=account.language,
        )
        await self._people.meet(workspace.organization_id, facts)
