"""Answers to interactions: what a response address or an acknowledged command carries."""

from typing import Any

from playground.slack import messages
from playground.slack.call import Call
from playground.slack.elements import values_of
from playground.slack.errors import SlackError
from playground.slack.state import Conversation, Json, Message
from playground.slack.surfaces import ResponseUrl
from playground.slack.workspace import Slack


def respond(slack: Slack, token: str, call: Call) -> Json:
    """Do what was posted to a response address.

    Raises:
        SlackError: the address is no longer good, or the message is not.
    """
    address = slack.response_urls.use(token)
    place = slack.world.conversations[address.channel_id]
    if not slack.world.install.installed:
        raise SlackError("token_revoked", status=404)
    if place.is_archived:
        raise SlackError("is_archived", status=410)
    original = place.messages.get(address.message_ts or "")
    if call.flag("delete_original"):
        if original is None or original.deleted:
            raise SlackError("message_not_found", status=404)
        original.deleted = True
        slack.world.changed(place, original, "message_deleted")
    elif call.flag("replace_original") and original is not None and not original.deleted:
        _replace(slack, place, original, call)
    else:
        say(slack, place, address, call.values)
    return {"ok": True}


def _replace(slack: Slack, place: Conversation, message: Message, call: Call) -> None:
    blocks = call.json("blocks", "invalid_blocks_format")
    text, blocks = messages.checked_content(call.text("text"), blocks)
    message.text, message.blocks, message.edited = text, blocks, not message.ephemeral_for
    message.state = values_of(blocks, message.state)
    slack.world.changed(place, message, "message_changed")


def say(slack: Slack, place: Conversation, address: ResponseUrl, content: Json) -> Message:
    """Post an answer, for the asker alone unless it says ``in_channel``.

    Raises:
        SlackError: the message breaks a limit.
    """
    world = slack.world
    text, given = str(content.get("text") or ""), content.get("blocks")
    text, blocks = messages.checked_content(text, _parsed(given))
    kind = content.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise SlackError("invalid_response_type", status=400)
    thread_ts = content.get("thread_ts") or address.thread_ts
    message = messages.by_app(world, text, blocks, thread_ts=thread_ts)
    if kind == "ephemeral":
        message.ephemeral_for = address.user_id
    messages.post(world, place, message)
    if kind == "in_channel":
        slack.deliveries.send_event(messages.event_of(world, place, message))
    return message


def _parsed(blocks: Any) -> Any:
    if isinstance(blocks, str):
        return Call("", {"blocks": blocks}).json("blocks", "invalid_blocks_format")
    return blocks
