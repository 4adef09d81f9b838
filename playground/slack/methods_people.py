"""Methods about users, teams and conversations."""

import base64
from collections.abc import Sequence
from typing import TypeVar

from playground.slack.call import Call
from playground.slack.errors import SlackError
from playground.slack.places import conversation
from playground.slack.profiles import (
    bot_profile,
    bot_user_json,
    conversation_json,
    team_json,
    user_json,
)
from playground.slack.state import Json
from playground.slack.workspace import Slack

T = TypeVar("T")
_MPIM_MOST = 8


def _page(call: Call, things: Sequence[T], default: int) -> tuple[list[T], Json]:
    """One page of a list and the cursor of the next."""
    limit = call.integer("limit", 0) or default
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    begin = 0
    if cursor := call.text("cursor"):
        try:
            begin = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except ValueError:
            raise SlackError("invalid_cursor") from None
    after = begin + limit
    following = base64.b64encode(f"next:{after}".encode()).decode()
    next_cursor = following if after < len(things) else ""
    return list(things[begin:after]), {"next_cursor": next_cursor}


def _sees_email(slack: Slack) -> bool:
    return "users:read.email" in slack.world.app.scopes


async def users_info(slack: Slack, call: Call) -> Json:
    world, wanted = slack.world, call.required("user", "user_not_found")
    if wanted == world.app.bot_user_id:
        return {"user": bot_user_json(world)}
    user = world.user(wanted)
    locale = call.flag("include_locale")
    return {"user": user_json(world, user, locale=locale, email=_sees_email(slack))}


async def users_list(slack: Slack, call: Call) -> Json:
    world, locale = slack.world, call.flag("include_locale")
    # Strangers of shared channels are no members of the workspace.
    own = [user for user in world.users.values() if not user.seed.is_stranger]
    email = _sees_email(slack)
    members = [user_json(world, user, locale=locale, email=email) for user in own]
    page, metadata = _page(call, [*members, bot_user_json(world)], 1000)
    return {"members": page, "cache_ts": int(world.now()), "response_metadata": metadata}


async def users_lookup(slack: Slack, call: Call) -> Json:
    wanted = call.required("email", "users_not_found").casefold()
    for user in slack.world.users.values():
        seed = user.seed
        if seed.email and seed.email.casefold() == wanted and not (seed.deleted or seed.is_bot):
            return {"user": user_json(slack.world, user)}
    raise SlackError("users_not_found")


async def conversations_open(slack: Slack, call: Call) -> Json:
    world = slack.world
    if channel := call.text("channel"):
        return {"channel": {"id": conversation(world, channel).id}}
    wanted = call.names("users")
    if not wanted:
        raise SlackError("users_list_not_supplied")
    if len(wanted) > _MPIM_MOST:
        raise SlackError("too_many_users")
    users = [world.user(user_id) for user_id in dict.fromkeys(wanted)]
    if any(user.seed.deleted for user in users):
        raise SlackError("user_disabled")
    if any(user.seed.is_bot for user in users):
        raise SlackError("cannot_dm_bot")
    if len(users) > 1:
        if any(user.seed.is_stranger for user in users):
            raise SlackError("invalid_user_combination")
        return {"channel": conversation_json(world, world.mpim(users))}
    if users[0].seed.is_stranger and not _shares_channel(slack, users[0].id):
        raise SlackError("invalid_user_combination")
    already = "D" + users[0].id[1:] in world.conversations
    im = world.im(users[0])
    shown: Json = {"id": im.id}
    if call.flag("return_im"):
        shown = conversation_json(world, im)
    return {"no_op": already, "already_open": already, "channel": shown}


def _shares_channel(slack: Slack, user_id: str) -> bool:
    bot = slack.world.app.bot_user_id
    return any(
        place.is_ext_shared and {user_id, bot} <= set(place.members)
        for place in slack.world.conversations.values()
    )


async def conversations_info(slack: Slack, call: Call) -> Json:
    place = conversation(slack.world, call.required("channel", "channel_not_found"))
    shown = conversation_json(slack.world, place)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    if call.flag("include_locale"):
        shown["locale"] = "en-US"
    return {"channel": shown}


async def conversations_members(slack: Slack, call: Call) -> Json:
    place = conversation(slack.world, call.required("channel", "channel_not_found"))
    members, metadata = _page(call, place.members, 100)
    return {"members": members, "response_metadata": metadata}


async def conversations_list(slack: Slack, call: Call) -> Json:
    world = slack.world
    kinds = {"channel": "public_channel", "group": "private_channel", "mpim": "mpim", "im": "im"}
    wanted = set(call.names("types")) or {"public_channel"}
    if not wanted <= set(kinds.values()):
        raise SlackError("invalid_types")
    bot = world.app.bot_user_id
    found = [
        conversation_json(world, one)
        for one in world.conversations.values()
        if kinds[one.type] in wanted
        and (not one.is_private or bot in one.members)
        and not (call.flag("exclude_archived") and one.is_archived)
    ]
    page, metadata = _page(call, found, 100)
    return {"channels": page, "response_metadata": metadata}


async def conversations_join(slack: Slack, call: Call) -> Json:
    world = slack.world
    place = conversation(world, call.required("channel", "channel_not_found"))
    if place.is_archived:
        raise SlackError("is_archived")
    if place.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    more: Json = {"warning": "already_in_channel"}
    if world.app.bot_user_id not in place.members:
        place.members.append(world.app.bot_user_id)
        world.tell("conversations")
        more = {}
    return {"channel": conversation_json(world, place), **more}


async def team_info(slack: Slack, call: Call) -> Json:
    if call.text("team") not in ("", slack.world.config.team_id):
        raise SlackError("team_not_found")
    return {"team": team_json(slack.world)}


async def bots_info(slack: Slack, call: Call) -> Json:
    wanted = call.text("bot") or slack.world.app.bot_id
    if wanted != slack.world.app.bot_id:
        raise SlackError("bot_not_found")
    shown = bot_profile(slack.world)
    shown["user_id"] = slack.world.app.bot_user_id
    return {"bot": shown}
