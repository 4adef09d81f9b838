"""What happens in the workspace and the events the app hears of it."""

from typing import Any

from playground.slack import messages
from playground.slack.acting import conversation_for
from playground.slack.errors import NotPossible
from playground.slack.payloads import as_sent
from playground.slack.profiles import user_json
from playground.slack.seeds import SlackUserSeed
from playground.slack.state import Conversation, Json, Message, User
from playground.slack.workspace import Slack


def type_message(
    slack: Slack, user: User, channel_id: str, text: str, thread_ts: str | None
) -> Message:
    """Type a message and send it.

    Raises:
        NotPossible: it is empty, or the person cannot write there.
    """
    world = slack.world
    place = conversation_for(slack, user, channel_id)
    if place.is_archived:
        raise NotPossible(f"#{place.name} is archived.")
    sent = as_sent(world, text, labelled=False).strip()
    if not sent:
        raise NotPossible("An empty message cannot be sent.")
    if thread_ts is not None and thread_ts not in place.messages:
        raise NotPossible("That thread is gone.")
    message = Message(ts=world.new_ts(), user_id=user.id, text=sent, thread_ts=thread_ts)
    messages.post(world, place, message)
    present = world.app.bot_user_id in place.members
    event = messages.event_of(world, place, message)
    if present:
        slack.deliveries.send_event(event)
    if present and not place.is_im and world.app.bot_user_id in messages.mentioned(sent):
        slack.deliveries.send_event(messages.mention_event(event))
    _tell_links(slack, place, message)
    return message


def _tell_links(slack: Slack, place: Conversation, message: Message) -> None:
    domains = slack.world.app.unfurl_domains
    links = [
        {"url": word, "domain": domain}
        for word in message.text.split()
        for domain in domains
        if word.startswith((f"https://{domain}", f"http://{domain}"))
    ]
    if links:
        event = {
            "type": "link_shared",
            "user": message.user_id,
            "channel": place.id,
            "message_ts": message.ts,
            "links": links,
            "source": "conversations_history",
            "is_bot_user_member": slack.world.app.bot_user_id in place.members,
        }
        _send(slack, event)


def open_home(slack: Slack, user: User) -> None:
    """Open the app's Home tab."""
    im = slack.world.im(user)
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": im.id, "tab": "home"}
    view = slack.surfaces.homes.get(user.id)
    if view is not None:
        event["view"] = slack.surfaces.view_json(view)
    _send(slack, event)


def open_messages_tab(slack: Slack, user: User) -> None:
    """Open the app's direct message, which Slack tells by the same event."""
    im = slack.world.im(user)
    _send(slack, {"type": "app_home_opened", "user": user.id, "channel": im.id, "tab": "messages"})


def set_membership(slack: Slack, user_id: str, channel_id: str, *, member: bool) -> Conversation:
    """Let somebody join or leave a channel; the app itself by its own user id."""
    world = slack.world
    place = world.conversations.get(channel_id)
    if place is None or place.is_im:
        raise NotPossible(f"There is no channel {channel_id}.")
    if member == (user_id in place.members):
        return place
    by_app = user_id == world.app.bot_user_id
    kind = "member_joined_channel" if member else "member_left_channel"
    if member:
        place.members.append(user_id)
    heard = world.app.bot_user_id in place.members
    if not member:
        place.members.remove(user_id)
    world.tell("conversations")
    if heard or by_app:
        user = world.users.get(user_id)
        team = world.team_of(user) if user else world.config.team_id
        event = {"type": kind, "user": user_id, "channel": place.id,
                 "channel_type": "G" if place.is_private else "C", "team": team}  # fmt: skip
        _send(slack, event)
    return place


def archive(slack: Slack, place: Conversation, *, archived: bool) -> None:
    place.is_archived = archived
    slack.world.tell("conversations")
    if archived:
        _send(slack, {"type": "channel_archive", "channel": place.id, "user": place.members[0]})


def change_profile(slack: Slack, user: User, changes: Json) -> User:
    """Change a person's profile: the app hears of the person as they are now."""
    slack.world.change_user(user, **changes)
    shown = user_json(slack.world, user, locale=True)
    _send(slack, {"type": "user_change", "user": shown, "cache_ts": user.updated})
    return user


def add_person(slack: Slack, seed: SlackUserSeed) -> User:
    user = slack.world.add_user(seed)
    slack.world.tell("users", user=user.key)
    _send(slack, {"type": "team_join", "user": user_json(slack.world, user)})
    return user


def _send(slack: Slack, event: dict[str, Any]) -> None:
    ts = slack.world.new_ts()
    slack.deliveries.send_event({**event, "event_ts": ts})
