"""Answers of the Bot API, reduced to what slotbook reads of them.

The library parses every answer whole: an optional part that is missing, or said in another way,
would make a message that has arrived look like a failure, and it would be sent again.
"""

import json
import re

from telegram.error import NetworkError

_RETRY_AFTER = re.compile(r"retry after (\d{1,6})\b", re.ASCII | re.IGNORECASE)
_TOO_MANY = 429
_SENDING = frozenset({"sendMessage", "sendPhoto", "sendDocument"})
_EDITING = frozenset({"editMessageText", "editMessageMedia", "editMessageReplyMarkup"})
_MENUS = {"getMyDescription": "description", "getMyShortDescription": "short_description"}


class Garbled(NetworkError):
    """Telegram answered "done" in words we cannot read: it has probably taken the request."""


class NotTelegram(NetworkError):
    """Something on the way answered instead: a proxy's page, a gateway's error."""


def judged(code: int, payload: bytes) -> tuple[int, bytes]:
    """Return the HTTP status and the answer as the library is to see them.

    The library takes any 200 for success and any 403 for a blocked bot.

    Raises:
        Garbled: it was done, and the answer has been cut short.
        NotTelegram: this is no answer of the Bot API.
    """
    done = 200 <= code <= 299
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        if done and payload.lstrip().startswith(b"{"):
            raise Garbled(f"an answer cut short after {len(payload)} bytes") from None
        raise NotTelegram(f"HTTP {code} and no JSON") from None
    if not isinstance(answer, dict) or "ok" not in answer:
        raise NotTelegram(f"HTTP {code} and not an answer of the Bot API")
    if done and answer["ok"] is True and "result" in answer:
        return code, payload
    if done:
        error = answer.get("error_code")
        code = error if isinstance(error, int) and 400 <= error <= 599 else 500
    return code, _refusal(code, answer)


def _refusal(code: int, answer: dict[str, object]) -> bytes:
    """Return what the library reads of a refusal, and no part that could trip it."""
    given, said = answer.get("parameters"), answer.get("description")
    words = said if isinstance(said, str) else ""
    parameters = {
        name: number
        for name in ("migrate_to_chat_id", "retry_after")
        if isinstance(given, dict) and (number := _whole(given.get(name))) is not None
    }
    if code == _TOO_MANY and not parameters and (found := _RETRY_AFTER.search(words)):
        parameters["retry_after"] = int(found[1])
    return json.dumps({"ok": False, "description": words, "parameters": parameters}).encode()


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and abs(value) < 1 << 53 else None


def reduced(method: str, result: object) -> object:
    """Return the result of a method with nothing in it but what slotbook needs.

    Raises:
        Garbled: what is needed is not there.
    """
    fields = result if isinstance(result, dict) else {}
    if method in _SENDING:
        return {"message_id": _number(method, fields, "message_id"), "date": 0, "chat": _NOWHERE}
    if method in _EDITING:
        return True  # by the documentation it may be the message as well; nobody reads it
    if method == "getMe":
        name, username = fields.get("first_name"), fields.get("username")
        return {
            "id": _number(method, fields, "id"),
            "is_bot": True,
            "first_name": name if isinstance(name, str) else "",
            "username": username if isinstance(username, str) else None,
        }
    if method == "getMyCommands":
        return _commands(method, result)
    if method in _MENUS:
        return {_MENUS[method]: _text(method, fields, _MENUS[method])}
    if method == "getWebhookInfo":
        return {
            "url": _text(method, fields, "url"),
            "has_custom_certificate": False,
            "pending_update_count": 0,
            "last_error_date": _whole(fields.get("last_error_date")),
            "last_error_message": str(fields.get("last_error_message")),
        }
    return result


_NOWHERE = {"id": 0, "type": "private"}


def _commands(method: str, result: object) -> list[dict[str, str]]:
    if not isinstance(result, list) or not all(isinstance(each, dict) for each in result):
        raise Garbled(f"{method} told no commands")
    return [
        {name: _text(method, each, name) for name in ("command", "description")} for each in result
    ]


def _number(method: str, fields: dict[str, object], name: str) -> int:
    number = fields.get(name)
    if not isinstance(number, int):
        raise Garbled(f"{method} answered without {name}")
    return number


def _text(method: str, fields: dict[str, object], name: str) -> str:
    text = fields.get(name)
    if not isinstance(text, str):
        raise Garbled(f"{method} answered without {name}")
    return text
