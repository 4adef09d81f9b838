"""Methods about the bot itself and its chats: commands, menus, texts, people."""

import re
from typing import Any

from playground.telegram import limits
from playground.telegram.call import Call
from playground.telegram.chats import meant_user
from playground.telegram.entities import cleaned
from playground.telegram.errors import ApiError, bad_request
from playground.telegram.state import Bot, Json, World

_SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
}  # fmt: skip
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")


def get_me(world: World, bot: Bot, call: Call) -> Json:
    return {
        **bot.api(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def log_out(world: World, bot: Bot, call: Call) -> bool:
    bot.logged_out = True
    bot.updates.interrupt("terminated by logOut")
    return True


def close(world: World, bot: Bot, call: Call) -> bool:
    return True


def set_my_commands(world: World, bot: Bot, call: Call) -> bool:
    given = call.json("commands", "can't parse commands JSON object") or []
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    commands = [_command(one) for one in given]
    if len(commands) > limits.COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    scope = _scope(world, call), _language(call)
    if commands:
        bot.commands[scope] = commands
    else:
        bot.commands.pop(scope, None)
    world.events.emit("commands", {"bot": bot.username})
    return True


def _command(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(given.get(name), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    command = cleaned(given["command"]).strip().removeprefix("/")
    description = cleaned(given["description"]).strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > limits.COMMAND:
        raise bad_request(f"command length must not exceed {limits.COMMAND}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > limits.COMMAND_DESCRIPTION:
        raise bad_request(
            f"command description length must not exceed {limits.COMMAND_DESCRIPTION}"
        )
    if _COMMAND.fullmatch(command) is None:
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


def _scope(world: World, call: Call) -> str:
    """A scope as one word: its type, and the chat where it is about one."""
    given = call.json("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    if not isinstance(given, dict):
        raise _bad_scope("BotCommandScope must be an Object")
    kind = given.get("type")
    if kind not in _SCOPES:
        raise _bad_scope("Unsupported type specified")
    if not str(kind).startswith("chat"):
        return str(kind)
    chat_id = str(given.get("chat_id") or "")
    if not chat_id:
        raise _bad_scope("Empty chat_id specified")
    user = meant_user(world, Call("", {"chat_id": chat_id}))
    if kind == "chat_administrators":
        raise bad_request("there are no administrators in the private chat")
    return f"{kind}:{user.id}"


def _bad_scope(reason: str) -> ApiError:
    return bad_request(f"can't parse BotCommandScope: {reason}")


def _language(call: Call) -> str:
    language = call.text("language_code")
    if _LANGUAGE.fullmatch(language) is None:
        raise bad_request("invalid language code specified")
    return language


def get_my_commands(world: World, bot: Bot, call: Call) -> list[Json]:
    return bot.commands.get((_scope(world, call), _language(call)), [])


def delete_my_commands(world: World, bot: Bot, call: Call) -> bool:
    bot.commands.pop((_scope(world, call), _language(call)), None)
    world.events.emit("commands", {"bot": bot.username})
    return True


def commands_for(bot: Bot, user_id: int, language: str | None) -> list[Json]:
    """The menu a person sees: the narrowest scope, and in it their language, wins."""
    spoken = (language or "").split("-")[0]
    for scope in (f"chat_member:{user_id}", f"chat:{user_id}", "all_private_chats", "default"):
        for code in (spoken, ""):
            if commands := bot.commands.get((scope, code)):
                return commands
    return []


def _set_text(
    bot: Bot, world: World, call: Call, name: str, texts: dict[str, str], most: int
) -> bool:
    text = cleaned(call.text(name)).strip()
    if len(text) > most:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    language = _language(call)
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    world.events.emit("bots", {"bot": bot.username})
    return True


def set_my_name(world: World, bot: Bot, call: Call) -> bool:
    return _set_text(bot, world, call, "name", bot.names, limits.BOT_NAME)


def get_my_name(world: World, bot: Bot, call: Call) -> Json:
    return {"name": bot.names.get(_language(call)) or bot.names.get("") or bot.name}


def set_my_description(world: World, bot: Bot, call: Call) -> bool:
    return _set_text(
        bot, world, call, "description", bot.descriptions, limits.BOT_DESCRIPTION
    )  # fmt: skip


def get_my_description(world: World, bot: Bot, call: Call) -> Json:
    return {"description": bot.descriptions.get(_language(call), "")}


def set_my_short_description(world: World, bot: Bot, call: Call) -> bool:
    texts, most = bot.short_descriptions, limits.BOT_SHORT_DESCRIPTION
    return _set_text(bot, world, call, "short_description", texts, most)


def get_my_short_description(world: World, bot: Bot, call: Call) -> Json:
    return {"short_description": bot.short_descriptions.get(_language(call), "")}


def set_chat_menu_button(world: World, bot: Bot, call: Call) -> bool:
    button = _menu_button(call)
    if call.text("chat_id"):
        chat = bot.chat(meant_user(world, call))
        chat.menu_button = None if button["type"] == "default" else button
        world.tell_chat(bot, chat)
    else:
        bot.menu_button = {"type": "commands"} if button["type"] == "default" else button
        world.events.emit("bots", {"bot": bot.username})
    return True


def _menu_button(call: Call) -> Json:
    given = call.json("menu_button", "can't parse menu button JSON object")
    if given is None:
        return {"type": "default"}
    if not isinstance(given, dict):
        raise bad_request("can't parse menu button: MenuButton must be an Object")
    kind = given.get("type")
    if kind in {"default", "commands"}:
        return {"type": kind}
    if kind != "web_app":
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    text, app = given.get("text"), given.get("web_app")
    url = app.get("url") if isinstance(app, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= limits.MENU_BUTTON_TEXT:
        raise bad_request("BUTTON_TEXT_INVALID")
    if not isinstance(url, str) or not url.startswith("https://"):
        raise bad_request("menu button Web App URL is invalid: Only HTTPS links are allowed")
    return {"type": "web_app", "text": text, "web_app": {"url": url}}


def get_chat_menu_button(world: World, bot: Bot, call: Call) -> Json:
    if call.text("chat_id"):
        chat = bot.chat(meant_user(world, call))
        return chat.menu_button or {"type": "default"}
    return bot.menu_button


def get_file(world: World, bot: Bot, call: Call) -> Json:
    file_id = call.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = world.files.by_id.get(file_id)
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.data) > limits.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
        "file_path": stored.path,
    }


def get_chat(world: World, bot: Bot, call: Call) -> Json:
    user = meant_user(world, call)
    chat = bot.chats.get(user.id)
    if chat is None or not chat.started:
        raise bad_request("chat not found")
    return {**user.api_chat(), "accent_color_id": user.id % 7, "max_reaction_count": 11}


def get_chat_member(world: World, bot: Bot, call: Call) -> Json:
    chat_user = meant_user(world, call)
    user_id = call.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if user_id == chat_user.id:
        return {"status": "member", "user": chat_user.api()}
    if user_id == bot.id:
        return {"status": "member", "user": bot.api()}
    raise bad_request("member not found")
