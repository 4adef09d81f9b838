"""What people do in their chats, and the updates a bot gets from it."""

import secrets
from typing import Any

from playground.config import City
from playground.telegram import limits
from playground.telegram.chats import add, message_json
from playground.telegram.entities import FormattedText, finished
from playground.telegram.state import Bot, Chat, Json, Message, Press, User, World


class NotPossible(Exception):
    """The person cannot do that now; the text says why."""


def send_text(world: World, bot: Bot, user: User, text: str, reply_to: int | None = None) -> Json:
    """Type a text and send it. A longer one than Telegram allows goes out in pieces.

    Raises:
        NotPossible: there is nothing in it to send.
    """
    sent: Json = {}
    chat = _writable(world, bot, user)
    for begin in range(0, max(1, len(text)), limits.TEXT):
        piece = finished(FormattedText(text[begin : begin + limits.TEXT]))
        if not piece.text:
            continue
        content: Json = {"text": piece.text}
        if piece.entities:
            content["entities"] = list(piece.entities)
        sent = _say(world, bot, chat, content, reply_to)
    if not sent:
        raise NotPossible("An empty message cannot be sent.")
    return sent


def start(world: World, bot: Bot, user: User, payload: str = "") -> Json:
    """Press START, with what the opened link carried.

    Raises:
        NotPossible: no link can carry such a payload.
    """
    allowed = all(c.isascii() and (c.isalnum() or c in "_-") for c in payload)
    if not allowed or len(payload) > limits.START_PAYLOAD:
        raise NotPossible("A link carries at most 64 of A-Z a-z 0-9 _ -.")
    chat = bot.chat(user)
    chat.start_payload = None
    return send_text(world, bot, user, f"/start {payload}".strip())


def open_link(world: World, bot: Bot, user: User, payload: str) -> None:
    """Open ``t.me/<bot>?start=<payload>``: the chat comes up with a START button."""
    bot.chat(user).start_payload = payload
    world.tell_chat(bot, bot.chat(user), "open")


def share_contact(world: World, bot: Bot, user: User, contact: Json) -> Json:
    """Send a contact: one's own by the button, or somebody's from the address book."""
    return _say(world, bot, _writable(world, bot, user), {"contact": contact})


def contact_of(user: User) -> Json:
    """The contact card of a person in Telegram."""
    phone = user.seed.phone or f"+999{user.id}"
    contact: Json = {"phone_number": phone, "first_name": user.seed.first_name}
    if user.seed.last_name:
        contact["last_name"] = user.seed.last_name
    return {**contact, "user_id": user.id}


def share_location(world: World, bot: Bot, user: User, latitude: float, longitude: float) -> Json:
    location = {"latitude": latitude, "longitude": longitude}
    return _say(world, bot, _writable(world, bot, user), {"location": location})


def city_named(world: World, name: str) -> City:
    for city in world.config.cities:
        if city.name.casefold() == name.casefold():
            return city
    raise NotPossible(f"No city named {name} here.")


def _say(world: World, bot: Bot, chat: Chat, content: Json, reply_to: int | None = None) -> Json:
    if not chat.started:
        chat.started = True
        world.tell_chat(bot, chat)
    message = Message(
        id=bot.new_message_id(),
        date=int(world.now()),
        from_bot=False,
        content=content,
        reply_to=reply_to if reply_to is not None else _forced_reply(chat),
    )
    add(world, bot, chat, message)
    if chat.keyboard and {"force_reply", "one_time_keyboard"} & set(chat.keyboard):
        chat.keyboard = None
    value = message_json(bot, chat, message)
    bot.updates.push("message", value, life=world.config.message_life, lane=f"chat:{chat.user.id}")
    return value


def _forced_reply(chat: Chat) -> int | None:
    return chat.keyboard_from if chat.keyboard and "force_reply" in chat.keyboard else None


def _writable(world: World, bot: Bot, user: User) -> Chat:
    chat = bot.chat(user)
    if chat.blocked:
        unblock(world, bot, user)
    return chat


def press(
    world: World, bot: Bot, user: User, message_id: int, data: str, *, chat: Chat | None = None
) -> Press:
    """Press an inline button, or send ``data`` as a tampered client would.

    ``chat`` is the group it stands in; without one it is the person's own chat.

    Raises:
        NotPossible: there is no such message of the bot.
    """
    chat = chat or bot.chat(user)
    message = chat.messages.get(message_id)
    if message is None or message.deleted or not message.from_bot:
        raise NotPossible("That message is gone.")
    pressed = Press(
        id=str(secrets.randbits(62)),
        bot=bot,
        chat=chat,
        message_id=message_id,
        data=data,
        pressed_at=world.now(),
    )
    world.presses[pressed.id] = pressed
    world.tell_chat(bot, chat, "press", message_id=message_id, callback_id=pressed.id, data=data)
    value = {
        "id": pressed.id,
        "from": user.api(),
        "message": message_json(bot, chat, message),
        "chat_instance": str(-(chat.user.id * 1_000_003 + bot.id)),
        "data": data,
    }
    pressed.update = bot.updates.push(
        "callback_query", value, life=world.config.callback_life, lane=f"callback:{user.id}"
    )
    return pressed


def button_data(message: Message, row: int, column: int) -> str:
    """The callback data of the button at a place.

    Raises:
        NotPossible: there is none, or it does something else.
    """
    try:
        button: Any = message.inline_keyboard[row][column]
    except IndexError:
        raise NotPossible("That button is gone.") from None
    if "callback_data" not in button:
        raise NotPossible("That button does not call the bot.")
    return str(button["callback_data"])


def block(world: World, bot: Bot, user: User) -> None:
    chat = bot.chat(user)
    if not chat.blocked:
        chat.blocked = True
        _membership(world, bot, chat, was="member", now="kicked")


def unblock(world: World, bot: Bot, user: User) -> None:
    chat = bot.chat(user)
    if chat.blocked:
        chat.blocked = False
        _membership(world, bot, chat, was="kicked", now="member")


def _membership(world: World, bot: Bot, chat: Chat, *, was: str, now: str) -> None:
    value = {
        "chat": chat.user.api_chat(),
        "from": chat.user.api(),
        "date": int(world.now()),
        "old_chat_member": member(bot, was),
        "new_chat_member": member(bot, now),
    }
    bot.updates.push(
        "my_chat_member",
        value,
        life=world.config.message_life,
        lane=f"member:{chat.user.id}",
    )
    world.tell_chat(bot, chat)


def member(bot: Bot, status: str) -> Json:
    """A bot's place in a chat, as updates tell it."""
    found: Json = {"user": bot.api(), "status": status}
    return {**found, "until_date": 0} if status == "kicked" else found
