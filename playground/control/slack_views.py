"""What page and tests are shown of the local Slack."""

from playground.slack.messages import file_json
from playground.slack.state import Conversation, Json, Message, SlackWorld, User
from playground.slack.surfaces import View
from playground.slack.workspace import Slack


def user_view(world: SlackWorld, user: User) -> Json:
    seed = user.seed
    return {
        "key": user.key, "id": user.id, "name": user.shown_name, "real_name": seed.real_name,
        "zone": seed.tz or "UTC", "tz": seed.tz, "locale": seed.locale, "label": seed.label,
        "is_bot": seed.is_bot, "is_admin": seed.is_admin, "deleted": seed.deleted,
        "is_restricted": seed.is_restricted, "is_ultra_restricted": seed.is_ultra_restricted,
        "is_stranger": seed.is_stranger, "team_id": world.team_of(user), "email": seed.email,
    }  # fmt: skip


def conversation_view(world: SlackWorld, place: Conversation, user: User | None = None) -> Json:
    bot = world.app.bot_user_id
    return {
        "id": place.id,
        "key": place.key,
        "name": place.name,
        "is_im": place.is_im,
        "is_mpim": place.is_mpim,
        "is_private": place.is_private,
        "is_archived": place.is_archived,
        "is_ext_shared": place.is_ext_shared,
        "members": list(place.members),
        "is_member": user is None or user.id in place.members,
        "with_app": bot in place.members,
    }


def state_view(slack: Slack) -> Json:
    """Everything the page needs before it opens the first conversation."""
    world = slack.world
    app, config = world.app, world.config
    humans = [u.key for u in world.users.values() if not (u.seed.is_bot or u.seed.deleted)]
    shown = [key for key in config.panes if key in {u.key for u in world.users.values()}]
    return {
        "now": world.now(),
        "seq": world.events.seq,
        "team": {"id": config.team_id, "name": config.team_name, "domain": config.team_domain},
        "users": [user_view(world, user) for user in world.users.values()],
        "channels": [
            conversation_view(world, place)
            for place in world.conversations.values()
            if not place.is_im
        ],
        "panes": shown or humans[:3],
        "app": {
            "name": app.name,
            "app_id": app.app_id,
            "bot_id": app.bot_id,
            "bot_user_id": app.bot_user_id,
            "connected": slack.deliveries.connected,
            "sockets": len(slack.sockets.connections),
            "installed": world.install.installed,
            "events_url": world.install.events_url,
            "commands": [
                {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
                for c in app.commands
            ],
        },
        "shortcuts": [
            {"callback_id": s.callback_id, "name": s.name, "type": s.type,
             "description": s.description}
            for s in app.shortcuts
        ],
    }  # fmt: skip


def conversations_view(slack: Slack, user: User) -> list[Json]:
    """The channels a person is in, then their direct messages with the app."""
    world = slack.world
    im = world.im(user)
    own = [p for p in world.conversations.values() if user.id in p.members and p is not im]
    return [conversation_view(world, place, user) for place in [*own, im]]


def messages_view(
    slack: Slack, user: User, place: Conversation, thread_ts: str | None
) -> list[Json]:
    """What a person sees of a conversation, or of one thread with its parent first."""
    visible = [m for m in place.messages.values() if m.visible_to(user.id)]
    visible.sort(key=lambda message: message.ts)
    if thread_ts is not None:
        wanted = [m for m in visible if thread_ts in (m.ts, m.thread_ts)]
    else:
        wanted = [m for m in visible if m.thread_ts in (None, m.ts) or m.broadcast]
    return [message_view(slack.world, user, place, message) for message in wanted]


def message_view(world: SlackWorld, user: User, place: Conversation, message: Message) -> Json:
    replies = [reply for reply in place.replies(message.ts) if reply.visible_to(user.id)]
    author = world.users.get(message.user_id)
    files = [file_json(world, world.files[f]) for f in message.files if f in world.files]
    return {
        "ts": message.ts,
        "seq": message.seq,
        "channel": place.id,
        "user": message.user_id,
        "bot": message.by_app,
        "username": author.shown_name if author else world.app.name,
        "text": message.text,
        "blocks": message.blocks,
        "state": {"values": message.state},
        "thread_ts": message.thread_ts,
        "reply_count": len(replies),
        "latest_reply": replies[-1].ts if replies else None,
        "ephemeral": message.ephemeral_for is not None,
        "edited": message.edited,
        "unfurls": message.unfurls,
        "files": [
            {
                "id": file["id"],
                "name": file["name"],
                "title": file["title"],
                "mimetype": file["mimetype"],
                "size": file["size"],
                "url": file["url_private"],
            }
            for file in files
        ],
    }


def view_view(slack: Slack, view: View) -> Json:
    shown = slack.surfaces.view_json(view)
    return {**shown, "errors": view.errors} if view.errors else shown


def views_view(slack: Slack, user: User) -> Json:
    home = slack.surfaces.homes.get(user.id)
    return {
        "seq": slack.world.events.seq,
        "home": view_view(slack, home) if home else None,
        "modals": [view_view(slack, view) for view in slack.surfaces.stack(user)],
    }
