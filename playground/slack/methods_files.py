"""Methods about files: an address to upload to, then the file where it belongs."""

import mimetypes
from typing import Any

from playground.slack import messages
from playground.slack.call import Call
from playground.slack.elements import with_ids
from playground.slack.errors import SlackError, invalid_arguments
from playground.slack.places import writable
from playground.slack.state import Conversation, Json, StoredFile, new_id
from playground.slack.workspace import Slack


async def get_upload_url(slack: Slack, call: Call) -> Json:
    world = slack.world
    name = call.required("filename")
    length = call.integer("length", 0)
    if length <= 0 or length > world.config.upload_limit:
        raise invalid_arguments("length must be a positive number of bytes")
    if not world.uploads:
        raise SlackError("file_uploads_disabled")
    stored = StoredFile(
        id=new_id("F0"), name=name, length=length, created=int(world.now()),
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
    )  # fmt: skip
    world.files[stored.id] = stored
    return {"upload_url": f"{world.base_url}/slack/upload/{stored.id}", "file_id": stored.id}


def receive_bytes(slack: Slack, file_id: str, data: bytes) -> int:
    """Take what was posted to an upload address; returns the number of bytes.

    Raises:
        SlackError: the address is unknown or used, or the length is not as announced.
    """
    stored = slack.world.files.get(file_id)
    if stored is None or stored.data is not None:
        raise SlackError("invalid_upload_url", status=404)
    if len(data) != stored.length:
        raise SlackError("file_size_mismatch", status=400)
    stored.data = data
    return len(data)


async def complete_upload(slack: Slack, call: Call) -> Json:
    given = _files(call)
    stored = [_uploaded(slack, str(one.get("id"))) for one in given]
    targets = call.names("channels") or call.names("channel_id")
    thread_ts = call.text("thread_ts")
    if thread_ts and len(targets) != 1:
        raise invalid_arguments("thread_ts needs exactly one channel")
    places = [_target(slack, target, thread_ts) for target in targets]
    for one, file in zip(given, stored, strict=True):
        file.title, file.complete = str(one.get("title") or file.name), True
        file.channels = [place.id for place in places]
    for place in places:
        _share(slack, place, call, stored)
    return {"files": [messages.file_json(slack.world, file) for file in stored]}


def _files(call: Call) -> list[Json]:
    given: Any = call.json("files", "invalid_arguments")
    usable = isinstance(given, list) and all(isinstance(one, dict) for one in given)
    if not usable or not given:
        raise invalid_arguments("missing required field: files")
    found: list[Json] = given
    return found


def _uploaded(slack: Slack, file_id: str) -> StoredFile:
    stored = slack.world.files.get(file_id)
    if stored is None or stored.data is None or stored.complete:
        raise SlackError("file_not_found")
    return stored


def _target(slack: Slack, target: str, thread_ts: str) -> Conversation:
    if target.startswith("U"):
        # The upload takes ids of conversations only; a person's must be opened first.
        raise SlackError("invalid_channel")
    place = writable(slack.world, target)
    if slack.world.app.bot_user_id not in place.members:
        raise SlackError("not_in_channel")
    if not place.uploads:
        raise SlackError("file_uploads_disabled")
    if thread_ts and thread_ts not in place.messages:
        raise SlackError("thread_not_found")
    return place


def _share(slack: Slack, place: Conversation, call: Call, stored: list[StoredFile]) -> None:
    world = slack.world
    blocks = call.json("blocks", "invalid_blocks_format") or []
    if blocks:
        messages.checked_content("", blocks)
    message = messages.by_app(
        world, call.text("initial_comment"), with_ids(blocks),
        thread_ts=call.text("thread_ts") or None,
    )  # fmt: skip
    message.files = [file.id for file in stored]
    message.subtype = "file_share"
    messages.post(world, place, message)
    slack.deliveries.send_event(messages.event_of(world, place, message))


def _known(slack: Slack, call: Call) -> StoredFile:
    stored = slack.world.files.get(call.required("file", "file_not_found"))
    if stored is None or not stored.complete:
        raise SlackError("file_not_found")
    return stored


async def files_info(slack: Slack, call: Call) -> Json:
    return {"file": messages.file_json(slack.world, _known(slack, call))}


async def files_delete(slack: Slack, call: Call) -> Json:
    stored = _known(slack, call)
    del slack.world.files[stored.id]
    for place_id in stored.channels:
        place = slack.world.conversations[place_id]
        for message in place.messages.values():
            if stored.id in message.files:
                message.files.remove(stored.id)
                slack.world.changed(place, message, "message_changed")
    return {}
