"""Updates as Telegram writes them, valid by default."""

import json
from typing import Any

Json = dict[str, Any]


def a_user(**changes: Any) -> Json:
    return {
        "id": 111,
        "is_bot": False,
        "first_name": "Mia",
        "last_name": "Costa",
        "username": "mia_costa",
        "language_code": "pt",
        **changes,
    }


def a_chat(**changes: Any) -> Json:
    return {"id": 111, "type": "private", "first_name": "Mia", **changes}


def a_group(**changes: Any) -> Json:
    return {"id": -222, "type": "group", "title": "Piano class", **changes}


def a_message(**changes: Any) -> Json:
    whole = {
        "message_id": 7,
        "date": 1_893_456_000,
        "chat": a_chat(),
        "from": a_user(),
        "text": "hi",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def a_press(data: str | None = "1.book.abc.1.", **changes: Any) -> Json:
    whole = {
        "id": "4382bfdwdsb323b2d9",
        "from": a_user(),
        "message": a_message(**{"from": a_user(id=7000000001, is_bot=True)}),
        "chat_instance": "1",
        "data": data,
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def an_update(update_id: int = 1, /, **parts: Any) -> str:
    return json.dumps({"update_id": update_id, **parts})
