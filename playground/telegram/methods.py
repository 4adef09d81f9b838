"""All methods by name, and how one is carried out."""

import inspect
from collections.abc import Callable
from typing import Any

from playground.telegram import methods_messages as messages
from playground.telegram import methods_profile as profile
from playground.telegram import methods_updates as updates
from playground.telegram.answers import Answer
from playground.telegram.call import Call
from playground.telegram.errors import ApiError, method_not_found
from playground.telegram.state import Bot, World

Method = Callable[[World, Bot, Call], Any]

METHODS: dict[str, Method] = {
    "getme": profile.get_me,
    "logout": profile.log_out,
    "close": profile.close,
    "getupdates": updates.get_updates,
    "setwebhook": updates.set_webhook,
    "deletewebhook": updates.delete_webhook,
    "getwebhookinfo": updates.get_webhook_info,
    "answercallbackquery": updates.answer_callback_query,
    "sendmessage": messages.send_message,
    "senddocument": messages.send_document,
    "sendphoto": messages.send_photo,
    "sendlocation": messages.send_location,
    "sendcontact": messages.send_contact,
    "sendchataction": messages.send_chat_action,
    "editmessagetext": messages.edit_message_text,
    "editmessagecaption": messages.edit_message_caption,
    "editmessagemedia": messages.edit_message_media,
    "editmessagereplymarkup": messages.edit_message_reply_markup,
    "deletemessage": messages.delete_message,
    "deletemessages": messages.delete_messages,
    "copymessage": messages.copy_message,
    "forwardmessage": messages.forward_message,
    "pinchatmessage": messages.pin_chat_message,
    "unpinchatmessage": messages.unpin_chat_message,
    "unpinallchatmessages": messages.unpin_all_chat_messages,
    "setmessagereaction": messages.set_message_reaction,
    "setmycommands": profile.set_my_commands,
    "getmycommands": profile.get_my_commands,
    "deletemycommands": profile.delete_my_commands,
    "setmyname": profile.set_my_name,
    "getmyname": profile.get_my_name,
    "setmydescription": profile.set_my_description,
    "getmydescription": profile.get_my_description,
    "setmyshortdescription": profile.set_my_short_description,
    "getmyshortdescription": profile.get_my_short_description,
    "setchatmenubutton": profile.set_chat_menu_button,
    "getchatmenubutton": profile.get_chat_menu_button,
    "getfile": profile.get_file,
    "getchat": profile.get_chat,
    "getchatmember": profile.get_chat_member,
}


async def perform(world: World, bot: Bot, call: Call) -> Answer:
    """Carry out one call.

    Raises:
        ApiError: whatever Telegram would answer instead.
    """
    method = METHODS.get(call.method)
    if method is None:
        raise method_not_found()
    if bot.logged_out:
        raise ApiError(400, "Logged out")
    world.flood.check(bot.id, call.method, call.integer("chat_id") or None)
    result = method(world, bot, call)
    if inspect.isawaitable(result):
        result = await result
    return result if isinstance(result, Answer) else Answer(result)
