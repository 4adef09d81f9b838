"""Who an account of Slack is to the workspace, and what its profile tells of the person."""

from datetime import datetime

from bots.slack.accounts import AccountRead
from bots.slack.text import flat
from bots.slack.workspaces import Workspace
from scheduling.errors import UnknownZone
from scheduling.moments import zone
from scheduling.people import AccountKey, Platform, Standing
from scheduling.ports import Profile

_SLACKBOT = "USLACKBOT"


def account_key(workspace: Workspace, user_id: str) -> AccountKey:
    """Return the key of an account; strangers are known by the workspace they were met in."""
    return AccountKey(Platform.SLACK, workspace.team_id, user_id)


def standing_of(account: AccountRead, workspace: Workspace) -> Standing:
    """Return what the account is to the workspace; what is not told counts against nobody."""
    if account.is_bot or account.is_workflow_bot or account.id == _SLACKBOT:
        return Standing.BOT
    if account.deleted:
        return Standing.DEACTIVATED
    if account.is_stranger:
        return Standing.STRANGER
    teams = account.enterprise_user.teams if account.enterprise_user else []
    ours = account.team_id is None or workspace.team_id in {account.team_id, *teams}
    in_our_org = workspace.enterprise_id is not None and account.team_id == workspace.enterprise_id
    if not ours and not in_our_org:
        return Standing.OTHER_TEAM
    if account.is_restricted or account.is_ultra_restricted:
        return Standing.GUEST
    return Standing.MEMBER


def profile_of(account: AccountRead, workspace: Workspace, now: datetime) -> Profile:
    """Return what is kept of an account."""
    shown = account.profile
    in_profile = (shown.real_name, shown.display_name) if shown else ()
    names = (account.real_name, *in_profile, account.name)
    return Profile(
        key=account_key(workspace, account.id),
        name=next((name for each in names if each and (name := flat(each))), account.id),
        zone=_zone(account.tz),
        locale=account.locale or None,
        standing=standing_of(account, workspace),
        is_workspace_admin=bool(account.is_admin or account.is_owner),
        fetched_at=now,
    )


def unknown_profile(workspace: Workspace, user_id: str, now: datetime) -> Profile:
    """Return what is kept of an account that Slack tells nothing about."""
    return Profile(
        key=account_key(workspace, user_id),
        name=user_id,
        zone=None,
        locale=None,
        standing=Standing.UNKNOWN,
        fetched_at=now,
    )


def _zone(name: str | None) -> str | None:
    try:
        return zone(name).key if name else None
    except UnknownZone:
        return None
