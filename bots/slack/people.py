"""People of a workspace: who may enter, what their profile says, and where to write to them."""

import re
from collections.abc import Callable
from dataclasses import replace

import structlog

from bots.slack import limits
from bots.slack.accounts import AccountRead, read_account
from bots.slack.failures import FAILURES, delivery_error, in_short
from bots.slack.places import chat, read_place
from bots.slack.standing import account_key, profile_of, unknown_profile
from bots.slack.workspaces import Workspace, Workspaces
from scheduling.access import ChannelAccess
from scheduling.errors import (
    DeliveryDeferred,
    DeliveryError,
    RecipientUnreachable,
)
from scheduling.people import AccountKey, ChatAccount, Person, Recipient, Standing
from scheduling.people_service import AccountFacts, PeopleService
from scheduling.ports import Clock, Profile, Profiles, Queries

_MENTION = re.compile(r"<@([UW][A-Za-z0-9_-]{1,63})(?:\|[^>]*)?>", re.ASCII)
VISITORS = frozenset({Standing.GUEST, Standing.STRANGER, Standing.OTHER_TEAM})
"""Whom an admin may let in, channel by channel."""
_A_PAGE, _PAGES = 200, 10
"""Whoever is not among so many is found by a mention of Slack's own."""
_log = structlog.get_logger(__name__)


class SlackPeople:
    """Knows the people of every workspace by what Slack vouches for."""

    def __init__(
        self,
        workspaces: Workspaces,
        people: PeopleService,
        queries: Queries,
        profiles: Profiles,
        access: ChannelAccess,
        clock: Clock,
    ) -> None:
        self._workspaces, self._people, self._queries = workspaces, people, queries
        self._profiles, self._access, self._clock = profiles, access, clock
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
        channel = chat(group.tenant, read_place(group.chat_id).channel) if group else None
        await self._access.check(workspace.organization_id, standing, channel)
        return await self._meet(workspace, profile, direct)

    @staticmethod
    def _at_home(workspace: Workspace, claimed_team: str | None) -> bool:
        # In an organization of several workspaces people and requests may name any of them.
        return claimed_team in {None, workspace.team_id} or workspace.enterprise_id is not None

    async def _meet(
        self, workspace: Workspace, profile: Profile, direct: str | None = None
    ) -> tuple[ChatAccount, Person]:
        chat_id = direct or await self._remembered(profile.key) or profile.key.account_id
        return await self._people.meet(workspace.organization_id, facts_of(profile, chat_id))

    async def _remembered(self, key: AccountKey) -> str | None:
        known = await self._queries.account(key)
        return known[0].chat_id if known else None

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
        await self._profiles.put(fresh)
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
        known, met = await self._profiles.get(key), await self._queries.account(key)
        if known is None and met is None:
            return
        fresh = profile_of(account, workspace, self._clock.now())
        if known is not None:
            # Not every event tells the language, or what makes somebody a visitor.
            fresh = replace(fresh, locale=fresh.locale or known.locale)
            if account.team_id is None and known.standing in VISITORS:
                fresh = replace(fresh, standing=known.standing)
        await self._profiles.put(fresh)
        if met is not None and fresh.standing is Standing.MEMBER:
            await self._people.meet(workspace.organization_id, facts_of(fresh, met[0].chat_id))

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

    async def named(self, team_id: str, name: str) -> str | None:
        """Return the id of whose handle was typed, where Slack made no mention of it.

        None for nobody, for several, and where Slack does not tell now.
        """
        workspace, cursor, found = await self._workspaces.of(team_id), "", set[str]()
        for _ in range(_PAGES):
            try:
                answer = await workspace.client.users_list(limit=_A_PAGE, cursor=cursor or None)
            except FAILURES as error:
                _log.info("slack.people_not_listed", reason=in_short(error))
                return None
            members = answer.get("members")
            found |= {user for user in map(_handled(name), members or []) if user}
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return found.pop() if len(found) == 1 else None

    # --- direct messages ---

    async def posts_in(self, group: Recipient) -> bool:
        """Say whether we can write in a channel; where Slack does not tell, it is tried."""
        try:
            workspace = await self._workspaces.of(group.tenant)
            channel = read_place(group.chat_id).channel
            answer = await workspace.client.conversations_info(channel=channel)
        except FAILURES as error:
            return not isinstance(delivery_error(error), RecipientUnreachable)
        except DeliveryError:
            return True
        told = answer.get("channel")
        if not isinstance(told, dict) or told.get("is_im"):
            return True
        return bool(told.get("is_member", True)) and not told.get("is_archived")

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
        key = account_key(workspace, user_id)
        met, profile = await self._queries.account(key), await self._profiles.get(key)
        if met is None or profile is None or met[0].chat_id == channel:
            return
        await self._people.meet(workspace.organization_id, facts_of(profile, channel))


def _handled(name: str) -> Callable[[object], str]:
    """Return what says of a listed account its id, if it goes by that name; else ""."""
    wanted = name.casefold()

    def user_of(listed: object) -> str:
        if not isinstance(listed, dict) or listed.get("deleted"):
            return ""
        profile = listed.get("profile")
        shown = profile.get("display_name") if isinstance(profile, dict) else None
        names = {str(each).casefold() for each in (listed.get("name"), shown) if each}
        return str(listed.get("id") or "") if wanted in names else ""

    return user_of


def facts_of(profile: Profile, chat_id: str | None) -> AccountFacts:
    """Return a profile as the core takes it: what changes in it is followed."""
    return AccountFacts(
        key=profile.key,
        chat_id=chat_id,
        name=profile.name,
        username=None,
        language=profile.locale,
        zone=profile.zone,
        is_profile=True,
    )
