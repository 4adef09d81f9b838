"""People, teams and conversations as the Web API and events show them."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playground.slack.state import Conversation, Json, SlackWorld, User


def user_json(world: SlackWorld, user: User, *, locale: bool = False, email: bool = True) -> Json:
    """A user object; ``locale`` and ``email`` as asked for and allowed."""
    seed = user.seed
    profile: Json = {
        "real_name": seed.real_name,
        "real_name_normalized": seed.real_name,
        "display_name": seed.display_name or "",
        "display_name_normalized": seed.display_name or "",
        "first_name": seed.real_name.split(" ")[0],
        "last_name": " ".join(seed.real_name.split(" ")[1:]),
        "title": "", "phone": "", "skype": "", "status_text": "", "status_emoji": "",
        "avatar_hash": "", "team": world.team_of(user),
    }  # fmt: skip
    if email and seed.email and not seed.is_stranger and not seed.is_bot:
        profile["email"] = seed.email
    shown: Json = {
        "id": user.id,
        "team_id": world.team_of(user),
        "name": user.name,
        "deleted": seed.deleted,
        "profile": profile,
        "is_bot": seed.is_bot,
        "updated": user.updated,
        "is_app_user": False,
    }
    if seed.is_bot:
        profile["bot_id"] = "B0" + user.id[1:]
    if seed.deleted:
        return shown
    shown |= {
        "color": "9f69e7",
        "real_name": seed.real_name,
        "is_admin": seed.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": seed.is_restricted,
        "is_ultra_restricted": seed.is_ultra_restricted,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }
    shown |= _zone(world, seed.tz)
    if seed.is_stranger:
        shown["is_stranger"] = True
    if locale:
        shown["locale"] = seed.locale
    return shown


def _zone(world: SlackWorld, tz: str | None) -> Json:
    if tz is None:
        return {}
    try:
        moment = datetime.fromtimestamp(world.now(), ZoneInfo(tz))
    except (ZoneInfoNotFoundError, ValueError):
        return {"tz": tz}
    offset = moment.utcoffset()
    seconds = int(offset.total_seconds()) if offset is not None else 0
    return {"tz": tz, "tz_label": moment.tzname(), "tz_offset": seconds}


def bot_user_json(world: SlackWorld) -> Json:
    """The app's own user."""
    app = world.app
    return {
        "id": app.bot_user_id,
        "team_id": world.config.team_id,
        "name": app.name,
        "deleted": not world.install.installed,
        "real_name": app.name,
        "tz": "America/Los_Angeles",
        "tz_label": "Pacific Standard Time",
        "tz_offset": -28800,
        "profile": {"real_name": app.name, "display_name": "", "bot_id": app.bot_id,
                    "api_app_id": app.app_id, "always_active": True,
                    "team": world.config.team_id},
        "is_admin": False, "is_owner": False, "is_restricted": False,
        "is_ultra_restricted": False, "is_bot": True, "is_app_user": False, "updated": 0,
    }  # fmt: skip


def bot_profile(world: SlackWorld) -> Json:
    app = world.app
    return {
        "id": app.bot_id,
        "app_id": app.app_id,
        "name": app.name,
        "icons": {"image_36": "", "image_48": "", "image_72": ""},
        "deleted": not world.install.installed,
        "updated": 0,
        "team_id": world.config.team_id,
    }


def conversation_json(world: SlackWorld, conversation: Conversation) -> Json:
    """A conversation object as the app sees it."""
    common: Json = {
        "id": conversation.id,
        "created": conversation.created,
        "is_archived": conversation.is_archived,
        "is_im": conversation.is_im,
        "is_org_shared": False,
        "context_team_id": world.config.team_id,
        "updated": conversation.created * 1000,
    }
    if conversation.is_im:
        other = next(m for m in conversation.members if m != world.app.bot_user_id)
        return {
            **common,
            "user": other,
            "is_user_deleted": other in world.users and world.users[other].seed.deleted,
            "is_open": True,
            "priority": 0,
        }
    shared = conversation.is_ext_shared
    return {
        **common,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": not conversation.is_private,
        "is_group": conversation.is_private and not conversation.is_mpim,
        "is_mpim": conversation.is_mpim,
        "is_private": conversation.is_private,
        "is_general": False,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_pending_ext_shared": False,
        "is_member": world.app.bot_user_id in conversation.members,
        "creator": conversation.members[0] if conversation.members else "",
        "shared_team_ids": [world.config.team_id],
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(conversation.members),
    }


def team_json(world: SlackWorld) -> Json:
    config = world.config
    return {
        "id": config.team_id,
        "name": config.team_name,
        "url": f"https://{config.team_domain}.slack.com/",
        "domain": config.team_domain,
        "email_domain": "",
        "icon": {"image_default": True},
        "enterprise_id": "",
        "enterprise_name": "",
    }
