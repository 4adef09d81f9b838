"""Methods that send, edit and delete messages."""

from playground.telegram import limits
from playground.telegram.call import Call
from playground.telegram.chats import (
    add,
    delete,
    edit,
    editable_message,
    message_in,
    open_chat,
    post,
)
from playground.telegram.content import (
    read_caption,
    read_document,
    read_media,
    read_photo,
    read_text,
)
from playground.telegram.entities import cleaned
from playground.telegram.errors import ApiError, bad_request
from playground.telegram.markup import read_markup
from playground.telegram.state import Bot, Chat, Json, Message, World

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip
_ACTION_SECONDS = 5.0


def send_message(world: World, bot: Bot, call: Call) -> Json:
    content, markup = read_text(call), read_markup(call)
    return post(world, bot, open_chat(world, bot, call), content, call=call, markup=markup)


def send_document(world: World, bot: Bot, call: Call) -> Json:
    markup = read_markup(call)
    chat = open_chat(world, bot, call)
    content = read_document(call, world.files)
    return post(world, bot, chat, content, call=call, markup=markup)


def send_photo(world: World, bot: Bot, call: Call) -> Json:
    markup = read_markup(call)
    chat = open_chat(world, bot, call)
    content = read_photo(call, world.files)
    return post(world, bot, chat, content, call=call, markup=markup)


def send_location(world: World, bot: Bot, call: Call) -> Json:
    location = {
        "latitude": _degrees(call, "latitude", 90),
        "longitude": _degrees(call, "longitude", 180),
    }
    chat = open_chat(world, bot, call)
    return post(world, bot, chat, {"location": location}, call=call, markup=read_markup(call))


def _degrees(call: Call, name: str, most: float) -> float:
    given = call.text(name).strip()
    if not given:
        raise bad_request(f"{name} is empty")
    try:
        degrees = float(given)
    except ValueError:
        degrees = most + 1
    if not -most <= degrees <= most:
        raise bad_request("wrong location specified")
    return degrees


def send_contact(world: World, bot: Bot, call: Call) -> Json:
    contact = {
        "phone_number": cleaned(call.required("phone_number")),
        "first_name": cleaned(call.required("first_name")),
    }
    if call.text("last_name"):
        contact["last_name"] = cleaned(call.text("last_name"))
    chat = open_chat(world, bot, call)
    return post(world, bot, chat, {"contact": contact}, call=call, markup=read_markup(call))


def send_chat_action(world: World, bot: Bot, call: Call) -> bool:
    action = call.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = open_chat(world, bot, call)
    chat.action, chat.action_until = action, world.now() + _ACTION_SECONDS
    world.tell_chat(bot, chat, "action", action=action, seconds=_ACTION_SECONDS)
    return True


def edit_message_text(world: World, bot: Bot, call: Call) -> Json:
    content, markup = read_text(call), read_markup(call)
    chat, message = _editable(world, bot, call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return edit(world, bot, chat, message, content, _inline(markup))


def edit_message_caption(world: World, bot: Bot, call: Call) -> Json:
    markup = read_markup(call)
    chat, message = _editable(world, bot, call)
    if not {"document", "photo"} & set(message.content):
        raise bad_request("there is no caption in the message to edit")
    kept = {
        name: value
        for name, value in message.content.items()
        if name not in {"caption", "caption_entities"}
    }
    return edit(world, bot, chat, message, {**kept, **read_caption(call)}, _inline(markup))


def edit_message_media(world: World, bot: Bot, call: Call) -> Json:
    markup = read_markup(call)
    chat, message = _editable(world, bot, call)
    if not {"text", "document", "photo"} & set(message.content):
        raise bad_request("message media can't be edited")
    content = read_media(call, world.files)
    return edit(world, bot, chat, message, content, _inline(markup))


def edit_message_reply_markup(world: World, bot: Bot, call: Call) -> Json:
    markup = read_markup(call)
    chat, message = _editable(world, bot, call)
    return edit(world, bot, chat, message, message.content, _inline(markup))


def _editable(world: World, bot: Bot, call: Call) -> tuple[Chat, Message]:
    if not call.text("chat_id") and not call.text("message_id"):
        if call.text("inline_message_id"):
            raise bad_request("MESSAGE_ID_INVALID")
        raise bad_request("message identifier is not specified")
    chat = open_chat(world, bot, call)
    return chat, editable_message(chat, call)


def _inline(markup: Json | None) -> Json | None:
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def delete_message(world: World, bot: Bot, call: Call) -> bool:
    if not call.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    if call.integer("message_id") <= 0:
        raise bad_request("message identifier is not specified")
    chat = open_chat(world, bot, call)
    message = message_in(chat, call.integer("message_id"), "message to delete")
    if world.now() - message.date > limits.DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    delete(world, bot, chat, message)
    return True


def delete_messages(world: World, bot: Bot, call: Call) -> bool:
    """Deletes what it can; unknown ones are passed over, as by Telegram."""
    ids = _message_ids(call)
    chat = open_chat(world, bot, call)
    for message_id in ids:
        message = chat.messages.get(message_id)
        if message is not None and not message.deleted:
            delete(world, bot, chat, message)
    return True


def _message_ids(call: Call) -> list[int]:
    given = call.json("message_ids", "can't parse message_ids JSON object")
    if given is None:
        raise bad_request("message identifiers are not specified")
    if not isinstance(given, list):
        raise bad_request("expected an Array of message identifiers")
    if len(given) > limits.DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    try:
        ids = [int(one) for one in given]
    except (TypeError, ValueError):
        raise bad_request("can't parse message identifier as a Number") from None
    if any(one <= 0 for one in ids):
        raise bad_request("invalid message identifier specified")
    return ids


def copy_message(world: World, bot: Bot, call: Call) -> Json:
    source = open_chat(world, bot, call, "from_chat_id")
    original = message_in(source, call.integer("message_id"), "message to copy")
    content = dict(original.content)
    if "caption" in call.values and "text" not in content:
        content = {k: v for k, v in content.items() if not k.startswith("caption")}
        content |= read_caption(call)
    chat = open_chat(world, bot, call)
    sent = post(world, bot, chat, content, call=call, markup=read_markup(call))
    return {"message_id": sent["message_id"]}


def forward_message(world: World, bot: Bot, call: Call) -> Json:
    source = open_chat(world, bot, call, "from_chat_id")
    original = message_in(source, call.integer("message_id"), "message to forward")
    chat = open_chat(world, bot, call)
    sender = bot.api() if original.from_bot else source.user.api()
    forwarded = Message(
        id=bot.new_message_id(),
        date=int(world.now()),
        from_bot=True,
        content=dict(original.content),
        silent=call.flag("disable_notification"),
        forwarded_from={"type": "user", "date": original.date, "sender_user": sender},
    )
    return add(world, bot, chat, forwarded)


def pin_chat_message(world: World, bot: Bot, call: Call) -> bool:
    chat = open_chat(world, bot, call)
    message = message_in(chat, call.integer("message_id"), "message to pin")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        world.tell_chat(bot, chat)
    return True


def unpin_chat_message(world: World, bot: Bot, call: Call) -> bool:
    chat = open_chat(world, bot, call)
    message_id = call.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    world.tell_chat(bot, chat)
    return True


def unpin_all_chat_messages(world: World, bot: Bot, call: Call) -> bool:
    chat = open_chat(world, bot, call)
    chat.pinned.clear()
    world.tell_chat(bot, chat)
    return True


def set_message_reaction(world: World, bot: Bot, call: Call) -> bool:
    chat = open_chat(world, bot, call)
    message = message_in(chat, call.integer("message_id"), "message to react")
    message.reactions = _reactions(call)
    world.changed(bot, chat, message, "reaction")
    return True


def _reactions(call: Call) -> list[Json]:
    given = call.json("reaction", "can't parse reaction types JSON object") or []
    if not isinstance(given, list):
        raise bad_request("expected an Array of ReactionType")
    if len(given) > 1:
        raise _invalid_reaction()
    for reaction in given:
        if not isinstance(reaction, dict) or reaction.get("type") not in {"emoji", "custom_emoji"}:
            raise _invalid_reaction()
    return given


def _invalid_reaction() -> ApiError:
    return bad_request("REACTION_INVALID")
