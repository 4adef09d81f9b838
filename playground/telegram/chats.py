"""How a bot reaches a chat, and how its messages get there."""

import json
from typing import Any

from playground.telegram.call import Call
from playground.telegram.errors import (
    bad_request,
    blocked_by_the_user,
    cannot_initiate,
    chat_not_found,
    group_was_upgraded,
    not_in_group,
    not_modified,
    user_is_deactivated,
)
from playground.telegram.state import Bot, Chat, Group, Json, Message, User, World


def meant_user(world: World, call: Call, name: str = "chat_id") -> User:
    """The person a chat id names.

    Raises:
        ApiError: 400 when there is no such chat.
    """
    given = call.text(name)
    if not given:
        raise bad_request(f"{name} is empty")
    try:
        user = world.user_with_id(int(given)) or world.group_with_id(int(given))
    except ValueError:
        user = None
    if user is None:
        raise chat_not_found()
    return user


def open_chat(world: World, bot: Bot, call: Call, name: str = "chat_id") -> Chat:
    """The chat a bot may write to.

    Raises:
        ApiError: 400 when there is none, 403 when the person has not started or has blocked it.
    """
    user = meant_user(world, call, name)
    if user.deactivated:
        raise user_is_deactivated()
    chat = bot.chats.get(user.id)
    if isinstance(user, Group):
        if user.moved_to is not None:
            raise group_was_upgraded(user.moved_to)
        if chat is None or not chat.started:
            raise not_in_group(supergroup=user.supergroup)
        return chat
    if chat is None or not chat.started:
        raise cannot_initiate()
    if chat.blocked:
        raise blocked_by_the_user()
    return chat


def message_in(chat: Chat, message_id: int, what: str) -> Message:
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise bad_request(f"{what} not found")
    return message


def editable_message(chat: Chat, call: Call) -> Message:
    """The bot's own message a call means to edit.

    Raises:
        ApiError: 400 when it is gone, or is not one that can be edited.
    """
    if call.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    message = message_in(chat, call.integer("message_id"), "message to edit")
    other_markup = message.markup is not None and "inline_keyboard" not in message.markup
    if not message.from_bot or message.forwarded_from is not None or other_markup:
        raise bad_request("message can't be edited")
    return message


def post(
    world: World, bot: Bot, chat: Chat, content: Json, *, call: Call, markup: Json | None
) -> Json:
    """Put a new message of the bot into a chat; the answer is the message as the bot sees it."""
    message = Message(
        id=bot.message_id_in(chat),
        date=int(world.now()),
        from_bot=True,
        content=content,
        markup=markup,
        silent=call.flag("disable_notification"),
        protected=call.flag("protect_content"),
        reply_to=_reply_to(chat, call),
    )
    return add(world, bot, chat, message)


def add(world: World, bot: Bot, chat: Chat, message: Message) -> Json:
    chat.messages[message.id] = message
    if message.from_bot:
        chat.action = None
        _apply_keyboard(chat, message)
    world.changed(bot, chat, message, "message")
    return message_json(bot, chat, message)


def _apply_keyboard(chat: Chat, message: Message) -> None:
    markup = message.markup
    if markup is None or "inline_keyboard" in markup:
        return
    chat.keyboard = None if "remove_keyboard" in markup else markup
    chat.keyboard_from = message.id


def _reply_to(chat: Chat, call: Call) -> int | None:
    parameters: Any = call.json("reply_parameters", "can't parse reply parameters JSON object")
    if parameters is None:
        wanted = call.integer("reply_to_message_id")
        lenient = call.flag("allow_sending_without_reply")
    elif isinstance(parameters, dict):
        wanted = parameters.get("message_id", 0)
        lenient = bool(parameters.get("allow_sending_without_reply"))
    else:
        raise bad_request("object expected as reply parameters")
    if not wanted:
        return None
    original = chat.messages.get(wanted)
    if original is not None and not original.deleted:
        return original.id
    if lenient:
        return None
    raise bad_request("message to be replied not found")


def edit(
    world: World, bot: Bot, chat: Chat, message: Message, content: Json, markup: Json | None
) -> Json:
    """Replace content and inline keyboard of a message.

    Raises:
        ApiError: 400 "message is not modified" when both are what they were.
    """
    if _same(message.content, content) and _same(message.markup, markup):
        raise not_modified()
    message.content = content
    message.markup = markup
    message.edits += 1
    message.edited_at = int(world.now())
    world.changed(bot, chat, message, "edit")
    return message_json(bot, chat, message)


def _same(one: Json | None, other: Json | None) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def message_json(bot: Bot, chat: Chat, message: Message, *, deep: bool = True) -> Json:
    """A ``Message`` object of the Bot API."""
    shown: Json = {
        "message_id": message.id,
        "from": bot.api() if message.from_bot else (message.sender or chat.user).api(),
        "chat": chat.user.api_chat(),
        "date": message.date,
    }
    if message.forwarded_from is not None:
        shown["forward_origin"] = message.forwarded_from
    if message.edited_at is not None:
        shown["edit_date"] = message.edited_at
    original = chat.messages.get(message.reply_to) if message.reply_to else None
    if deep and original is not None:
        shown["reply_to_message"] = message_json(bot, chat, original, deep=False)
    if message.protected:
        shown["has_protected_content"] = True
    shown |= _with_mentioned_users(message.content, chat)
    if message.inline_keyboard:
        shown["reply_markup"] = message.markup
    return shown


def _with_mentioned_users(content: Json, chat: Chat) -> Json:
    """Mentions by id carry the whole user; only the chat's own people are known here."""
    here = chat.user.members if isinstance(chat.user, Group) else [chat.user]
    known = {user.id: user.api() for user in here}
    shown = dict(content)
    for name in ("entities", "caption_entities"):
        if name in shown:
            shown[name] = [
                {**entity, "user": known[entity["user"]["id"]]}
                if entity["type"] == "text_mention" and entity["user"]["id"] in known
                else entity
                for entity in shown[name]
            ]
    return shown


def delete(world: World, bot: Bot, chat: Chat, message: Message) -> None:
    message.deleted = True
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    world.changed(bot, chat, message, "delete")
