"""Methods by which updates reach a bot and presses are answered."""

import re
from typing import Any

from playground.telegram import limits
from playground.telegram.answers import Answer
from playground.telegram.call import Call
from playground.telegram.entities import cleaned
from playground.telegram.errors import bad_request, conflict, query_too_old
from playground.telegram.links import require_link
from playground.telegram.state import Bot, Json, Webhook, World

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_URL = re.compile(r"(?P<scheme>https?)://(?P<host>\[[^\]]+\]|[^/:?#]+)(?::\d+)?(?:[/?#].*)?")
_LOOPBACK = re.compile(r"localhost|127(?:\.\d+){3}|\[::1\]")
_START_LINK = re.compile(r"(?:https?://)?t\.me/(\w+)\?start(?:group)?=[\w-]*|tg://resolve\?.*")


async def get_updates(world: World, bot: Bot, call: Call) -> list[Json]:
    if bot.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
            "webhook first"
        )
    offset = call.integer("offset")
    limit = call.clamped("limit", 100, 1, limits.UPDATES_AT_ONCE)
    timeout = call.clamped("timeout", 0, 0, limits.POLL_SECONDS)
    bot.updates.allow(_allowed(call))
    return await bot.updates.poll(offset, limit, timeout)


def _allowed(call: Call) -> list[str] | None:
    given: Any = call.json("allowed_updates", "can't parse allowed_updates JSON object")
    return [str(one) for one in given] if isinstance(given, list) else None


def set_webhook(world: World, bot: Bot, call: Call) -> Answer:
    url = call.text("url")
    if not url:
        return delete_webhook(world, bot, call)
    secret = call.text("secret_token")
    if len(secret) > limits.WEBHOOK_SECRET:
        raise bad_request("secret token is too long")
    if _SECRET.fullmatch(secret) is None:
        raise bad_request("secret token contains unallowed characters")
    _check_webhook_url(url)
    bot.updates.allow(_allowed(call))
    if call.flag("drop_pending_updates"):
        bot.updates.clear()
    webhook = Webhook(
        url, secret, call.clamped("max_connections", 40, 1, limits.WEBHOOK_CONNECTIONS)
    )
    same = bot.webhook is not None and _settings(bot.webhook) == _settings(webhook)
    if not same:
        bot.webhook = webhook
    bot.updates.interrupt("terminated by setWebhook request")
    world.on_updates(bot)
    return Answer(True, "Webhook is already set" if same else "Webhook was set")


def _settings(webhook: Webhook) -> tuple[str, str, int]:
    return webhook.url, webhook.secret, webhook.max_connections


def _check_webhook_url(url: str) -> None:
    found = _URL.fullmatch(url)
    if found is None:
        raise bad_request("invalid webhook URL specified")
    # A local Bot API server takes plain HTTP; here only towards this machine.
    if found["scheme"] != "https" and _LOOPBACK.fullmatch(found["host"]) is None:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


def delete_webhook(world: World, bot: Bot, call: Call) -> Answer:
    if call.flag("drop_pending_updates"):
        bot.updates.clear()
    had, bot.webhook = bot.webhook is not None, None
    return Answer(True, "Webhook was deleted" if had else "Webhook is already deleted")


def get_webhook_info(world: World, bot: Bot, call: Call) -> Json:
    info: Json = {
        "url": bot.webhook.url if bot.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates.pending()),
    }
    if bot.webhook is not None:
        info["max_connections"] = bot.webhook.max_connections
        if bot.webhook.last_error is not None:
            info["last_error_date"] = bot.webhook.last_error_at
            info["last_error_message"] = bot.webhook.last_error
    if bot.updates.allowed is not None:
        info["allowed_updates"] = bot.updates.allowed
    return info


def answer_callback_query(world: World, bot: Bot, call: Call) -> bool:
    text, url = cleaned(call.text("text")), call.text("url")
    if len(text) > limits.CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press = world.presses.get(call.text("callback_query_id"))
    if press is None or press.bot is not bot or press.answered:
        raise query_too_old()
    if world.now() - press.pressed_at > world.config.callback_answer_life:
        raise query_too_old()
    if url:
        require_link(url, "answer")
        link = _START_LINK.fullmatch(url)
        if link is None or (link[1] is not None and link[1].lower() != bot.username.lower()):
            raise bad_request("URL_INVALID")
    press.answered = True
    press.text, press.alert, press.url = text or None, call.flag("show_alert"), url or None
    event = world.events.emit(
        "answer",
        {
            "user": press.chat.user.key,
            "bot": bot.username,
            "message_id": press.message_id,
            "callback_id": press.id,
            "text": press.text,
            "alert": press.alert,
            "url": press.url,
        },
    )
    press.answer_seq = event.seq
    return True
