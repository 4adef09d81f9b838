"""Methods that write, change and delete messages."""

from typing import Any

from playground.slack import limits, messages
from playground.slack.call import Call
from playground.slack.elements import values_of
from playground.slack.errors import SlackError
from playground.slack.places import conversation, writable
from playground.slack.state import Conversation, Json, Message
from playground.slack.workspace import Slack


async def post_message(slack: Slack, call: Call) -> Json:
    world = slack.world
    place = writable(world, call.required("channel", "channel_not_found"))
    text, blocks = _content(call, limits.TEXT)
    thread_ts = _thread(call, place)
    message = messages.by_app(
        world, text, blocks,
        thread_ts=thread_ts,
        broadcast=call.flag("reply_broadcast"),
        metadata=call.json("metadata", "invalid_metadata_format"),
    )  # fmt: skip
    messages.post(world, place, message)
    slack.deliveries.send_event(messages.event_of(world, place, message))
    shown = messages.message_json(world, place, message)
    return {"channel": place.id, "ts": message.ts, "message": shown}


def _content(call: Call, most: int) -> tuple[str, list[Json]]:
    given = call.json("blocks", "invalid_blocks_format")
    text, blocks = messages.checked_content(call.text("text"), given, most=most)
    messages.refuse_heavy_blocks(blocks)
    return text, blocks


def _thread(call: Call, place: Conversation) -> str | None:
    """The thread a message belongs to; a reply's own ts leads to its parent."""
    wanted = call.text("thread_ts")
    if not wanted:
        return None
    parent = place.messages.get(wanted)
    if parent is None or parent.deleted or parent.ephemeral_for:
        # Slack takes any time here and shows such a reply by itself; that hides mistakes.
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


async def post_ephemeral(slack: Slack, call: Call) -> Json:
    world = slack.world
    place = writable(world, call.required("channel", "channel_not_found"))
    user = world.user(call.required("user", "user_not_found"))
    if user.id not in place.members:
        raise SlackError("user_not_in_channel")
    text, blocks = _content(call, limits.TEXT)
    thread_ts = _thread(call, place)
    message = messages.by_app(world, text, blocks, thread_ts=thread_ts, ephemeral_for=user.id)
    messages.post(world, place, message)
    return {"message_ts": message.ts}


def own_message(slack: Slack, place: Conversation, ts: str, refusal: str) -> Message:
    """A message that the app wrote and may change.

    Raises:
        SlackError: there is none, or somebody else wrote it.
    """
    message = place.messages.get(ts)
    if message is None or message.deleted or message.ephemeral_for:
        raise SlackError("message_not_found")
    if not message.by_app:
        raise SlackError(refusal)
    return message


async def update(slack: Slack, call: Call) -> Json:
    world = slack.world
    wanted = call.required("channel", "channel_not_found")
    place = conversation(world, wanted)
    if place.is_archived:
        raise SlackError("is_archived")
    message = own_message(slack, place, call.text("ts"), "cant_update_message")
    window = world.config.edit_window
    if window is not None and world.now() > message.created + window:
        raise SlackError("edit_window_closed")
    before = messages.message_json(world, place, message)
    text, blocks = _content(call, limits.UPDATE_TEXT)
    if "text" not in call.values:
        text = message.text
    # A text without blocks takes the old blocks away.
    message.text, message.blocks, message.edited = text, blocks, True
    if "metadata" in call.values:
        message.metadata = call.json("metadata", "invalid_metadata_format")
    message.state = values_of(blocks, message.state)
    world.changed(place, message, "message_changed")
    event = messages.change_event(world, place, message, "message_changed", before)
    slack.deliveries.send_event(event)
    shown = messages.message_json(world, place, message)
    return {"channel": place.id, "ts": message.ts, "text": text, "message": shown}


async def delete(slack: Slack, call: Call) -> Json:
    world = slack.world
    place = conversation(world, call.required("channel", "channel_not_found"))
    message = own_message(slack, place, call.text("ts"), "cant_delete_message")
    before = messages.message_json(world, place, message)
    message.deleted = True
    world.changed(place, message, "message_deleted")
    event = messages.change_event(world, place, message, "message_deleted", before)
    slack.deliveries.send_event(event)
    return {"channel": place.id, "ts": message.ts}


async def get_permalink(slack: Slack, call: Call) -> Json:
    world = slack.world
    place = conversation(world, call.required("channel", "channel_not_found"))
    message = place.messages.get(call.text("message_ts"))
    if message is None or message.deleted:
        raise SlackError("message_not_found")
    address = f"https://{world.config.team_domain}.slack.com/archives/{place.id}/p"
    address += message.ts.replace(".", "")
    if message.thread_ts:
        address += f"?thread_ts={message.thread_ts}&cid={place.id}"
    return {"channel": place.id, "permalink": address}


async def unfurl(slack: Slack, call: Call) -> Json:
    world = slack.world
    place = conversation(world, call.required("channel", "cannot_unfurl_message"))
    message = place.messages.get(call.text("ts"))
    if message is None or message.deleted:
        raise SlackError("cannot_unfurl_message")
    unfurls: Any = call.json("unfurls", "invalid_unfurls_format")
    if not isinstance(unfurls, dict) or not unfurls:
        raise SlackError("missing_unfurls")
    for url, attachment in unfurls.items():
        if url not in message.text:
            raise SlackError("cannot_unfurl_url")
        blocks = attachment.get("blocks") if isinstance(attachment, dict) else None
        if blocks:
            messages.checked_content("", blocks)
    message.unfurls |= unfurls
    world.changed(place, message, "message_changed")
    return {}
