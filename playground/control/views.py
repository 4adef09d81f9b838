"""What page and tests are shown of the state."""

from dataclasses import asdict
from typing import Any

from playground.config import Tour
from playground.telegram.entities import as_html
from playground.telegram.methods_profile import commands_for
from playground.telegram.state import Bot, Chat, Json, Message, Press, User, World

_ACTIONS = (
    "callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "request_contact", "request_location",
)  # fmt: skip


def user_view(user: User) -> Json:
    seed = user.seed
    return {
        "key": seed.key,
        "id": user.id,
        "first_name": seed.first_name,
        "last_name": seed.last_name,
        "username": seed.username,
        "language_code": seed.language_code,
        "zone": seed.zone,
        "label": seed.label,
        "city": seed.city,
        "phone": seed.phone,
        "deactivated": user.deactivated,
    }


def bot_view(bot: Bot, language: str | None) -> Json:
    spoken = (language or "").split("-")[0]

    def text(texts: dict[str, str]) -> str:
        return texts.get(spoken) or texts.get("") or ""

    return {
        "id": bot.id,
        "username": bot.username,
        "name": text(bot.names) or bot.name,
        "description": text(bot.descriptions),
        "short_description": text(bot.short_descriptions),
    }


def tour_view(tour: Tour | None) -> Json | None:
    if tour is None:
        return None
    return {"title": tour.title, "steps": [asdict(step) for step in tour.steps]}


def world_view(world: World) -> Json:
    """Everything the page needs before it opens the first chat."""
    panes = [key for key in world.config.panes if key in world.users]
    return {
        "seq": world.events.seq,
        "position": world.events.position(world.events.seq),
        "now": world.now(),
        "title": world.config.title,
        "users": [user_view(user) for user in world.users.values()],
        "bots": [bot_view(bot, None) for bot in world.bots.values()],
        "panes": panes or list(world.users)[:3],
        "cities": [
            {"name": city.name, "latitude": city.latitude, "longitude": city.longitude}
            for city in world.config.cities
        ],
        "tour": tour_view(world.config.tour),
        "slack": world.config.slack is not None,
    }


def chat_view(world: World, bot: Bot, chat: Chat) -> Json:
    """A chat as its person sees it, messages oldest first, deleted ones marked."""
    user = chat.user
    presses = [press for press in world.presses.values() if press.chat is chat]
    return {
        "seq": world.events.seq,
        "user": user_view(user),
        "bot": bot_view(bot, user.seed.language_code),
        "started": chat.started,
        "blocked": chat.blocked,
        "start_payload": chat.start_payload,
        "messages": [message_view(message) for message in chat.messages.values()],
        "keyboard": chat.keyboard,
        "pinned": chat.pinned,
        "commands": commands_for(bot, user.id, user.seed.language_code),
        "menu_button": chat.menu_button or bot.menu_button,
        "action": chat.action if chat.action_until > world.now() else None,
        "waiting": [
            {"callback_id": press.id, "message_id": press.message_id, "data": press.data}
            for press in presses
            if not press.answered and _waits(world, press)
        ],
        "toasts": [toast_view(press) for press in presses if press.answered],
    }


def _waits(world: World, press: Press) -> bool:
    return world.now() - press.pressed_at <= world.config.callback_answer_life


def toast_view(press: Press) -> Json:
    return {
        "callback_id": press.id,
        "message_id": press.message_id,
        "text": press.text,
        "alert": press.alert,
        "url": press.url,
        "seq": press.answer_seq,
    }


def message_view(message: Message) -> Json:
    content = message.content
    text: str = content.get("text") or content.get("caption") or ""
    entities: list[Json] = content.get("entities") or content.get("caption_entities") or []
    return {
        "id": message.id,
        "seq": message.seq,
        "date": message.date,
        "from_bot": message.from_bot,
        "text": text,
        "entities": entities,
        "html": as_html(text, entities),
        "document": _document(content),
        "photo": _photo(content),
        "contact": content.get("contact"),
        "location": content.get("location"),
        "keyboard": [[_button(button) for button in row] for row in message.inline_keyboard],
        "edits": message.edits,
        "edited_at": message.edited_at,
        "deleted": message.deleted,
        "silent": message.silent,
        "reply_to": message.reply_to,
        "forwarded": message.forwarded_from is not None,
        "reactions": [r.get("emoji") for r in message.reactions if r.get("emoji")],
    }


def _document(content: Json) -> Json | None:
    document: Json | None = content.get("document")
    return document and {
        "file_id": document["file_id"],
        "name": document["file_name"],
        "mime": document["mime_type"],
        "size": document["file_size"],
    }


def _photo(content: Json) -> Json | None:
    sizes: list[Json] = content.get("photo", [])
    if not sizes:
        return None
    return {name: sizes[-1][name] for name in ("file_id", "width", "height")}


def _button(button: Json) -> Json:
    action = next((name for name in _ACTIONS if name in button), "callback_data")
    value: Any = button.get(action)
    if action == "copy_text":
        value = button["copy_text"]["text"]
    elif action in {"web_app", "login_url"}:
        value = button[action]["url"]
    return {
        "text": button["text"],
        "action": action,
        "value": value,
        "style": button.get("style"),
    }
