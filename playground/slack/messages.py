"""Messages: how they come to be, change and go, and what events the app hears of it."""

import re
from typing import Any

from playground.slack import limits
from playground.slack.blocks import faults_of_message
from playground.slack.elements import values_of, with_ids
from playground.slack.errors import SlackError, invalid_blocks
from playground.slack.profiles import bot_profile
from playground.slack.state import Conversation, Json, Message, SlackWorld, StoredFile, new_id

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def checked_content(text: str, blocks: Any, *, most: int = limits.TEXT) -> tuple[str, list[Json]]:
    """Text and blocks that a message may carry, ids put in.

    Raises:
        SlackError: there is nothing, too much, or a block breaks a limit.
    """
    if blocks is not None and not _is_list_of_objects(blocks):
        raise SlackError("invalid_blocks_format")
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > most:
        raise SlackError("msg_too_long")
    if blocks:
        if faults := faults_of_message(blocks, text):
            raise invalid_blocks(faults)
        return text, with_ids(blocks)
    return text, []


def refuse_heavy_blocks(blocks: list[Json]) -> None:
    """Refuse blocks with too much text in all, as posting does and answering does not.

    Raises:
        SlackError: there is too much.
    """
    if _text_length(blocks) > limits.BLOCKS_TEXT:
        raise SlackError("msg_blocks_too_long")


def _text_length(value: Any) -> int:
    if isinstance(value, list):
        return sum(_text_length(one) for one in value)
    if isinstance(value, dict):
        own = value.get("text")
        inner = sum(_text_length(one) for one in value.values())
        return inner + (len(own) if isinstance(own, str) else 0)
    return 0


def _is_list_of_objects(blocks: Any) -> bool:
    return isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks)


def post(world: SlackWorld, conversation: Conversation, message: Message) -> Message:
    """Put a message into a conversation and tell the page."""
    message.created = world.now()
    if message.blocks:
        message.state = values_of(message.blocks)
    conversation.add(message)
    world.changed(conversation, message, "message")
    return message


def by_app(world: SlackWorld, text: str, blocks: list[Json], **more: Any) -> Message:
    """A message of the app, not yet in a conversation."""
    ts, app = world.new_ts(), world.app
    return Message(ts=ts, user_id=app.bot_user_id, text=text, blocks=blocks, by_app=True, **more)


def file_json(world: SlackWorld, stored: StoredFile) -> Json:
    url = f"{world.base_url}/slack/files/{stored.id}/{stored.name}"
    return {
        "id": stored.id,
        "created": stored.created,
        "timestamp": stored.created,
        "name": stored.name,
        "title": stored.title or stored.name,
        "mimetype": stored.mimetype,
        "filetype": stored.name.rsplit(".", 1)[-1],
        "pretty_type": stored.name.rsplit(".", 1)[-1].upper(),
        "user": world.app.bot_user_id,
        "user_team": world.config.team_id,
        "mode": "hosted",
        "size": len(stored.data or b""),
        "is_external": False,
        "is_public": False,
        "url_private": url,
        "url_private_download": url,
        "permalink": url,
        "channels": stored.channels,
    }


def message_json(world: SlackWorld, conversation: Conversation, message: Message) -> Json:
    """A message as methods answer and events carry it."""
    shown: Json = {
        "user": message.user_id,
        "type": "message",
        "ts": message.ts,
        "text": message.text,
        "team": world.config.team_id,
    }
    if message.by_app:
        app = world.app
        shown |= {"bot_id": app.bot_id, "app_id": app.app_id, "bot_profile": bot_profile(world)}
    else:
        shown["client_msg_id"] = f"{conversation.id}-{message.ts}"
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.thread_ts:
        shown |= {"thread_ts": message.thread_ts, "parent_user_id": _author(conversation, message)}
    replies = conversation.replies(message.ts)
    if replies:
        shown |= {"thread_ts": message.ts, "reply_count": len(replies),
                  "latest_reply": replies[-1].ts}  # fmt: skip
    if message.edited:
        shown["edited"] = {"user": message.user_id, "ts": world.new_ts()}
    if message.metadata:
        shown["metadata"] = message.metadata
    files = [file_json(world, world.files[f]) for f in message.files if f in world.files]
    if files:
        shown["files"] = files
    return shown


def _author(conversation: Conversation, message: Message) -> str:
    parent = conversation.messages.get(message.thread_ts or "")
    return parent.user_id if parent else ""


def event_of(world: SlackWorld, conversation: Conversation, message: Message) -> Json:
    """The message event of a new message."""
    shown = message_json(world, conversation, message)
    shown |= {
        "channel": conversation.id,
        "event_ts": message.ts,
        "channel_type": conversation.type,
    }
    if not message.by_app and not message.blocks:
        shown["blocks"] = [_as_rich_text(message.text)]
    return shown


def change_event(
    world: SlackWorld, conversation: Conversation, message: Message, subtype: str, before: Json
) -> Json:
    """The message_changed or message_deleted event of a message."""
    now = world.new_ts()
    event: Json = {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": conversation.id,
        "previous_message": before,
        "ts": now,
        "event_ts": now,
        "channel_type": conversation.type,
    }
    if subtype == "message_changed":
        event["message"] = message_json(world, conversation, message)
    else:
        event["deleted_ts"] = message.ts
    return event


def mention_event(message_event: Json) -> Json:
    """The app_mention event beside a message event."""
    mention = {k: v for k, v in message_event.items() if k not in {"channel_type", "subtype"}}
    return {**mention, "type": "app_mention"}


def mentioned(text: str) -> list[str]:
    """Ids of the people a text mentions."""
    return _MENTION.findall(text)


def _as_rich_text(text: str) -> Json:
    pieces: list[Json] = []
    position = 0
    for found in _MENTION.finditer(text):
        if found.start() > position:
            pieces.append({"type": "text", "text": text[position : found.start()]})
        pieces.append({"type": "user", "user_id": found.group(1)})
        position = found.end()
    if position < len(text):
        pieces.append({"type": "text", "text": text[position:]})
    section = {"type": "rich_text_section", "elements": pieces}
    return {"type": "rich_text", "block_id": new_id("", 5), "elements": [section]}
