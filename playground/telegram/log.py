"""A record of every Bot API call, for tests and for a look behind the scenes."""

import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from playground.telegram.call import Call

_JSON_PARAMETERS = frozenset(
    {"reply_markup", "entities", "caption_entities", "media", "commands", "scope",
     "allowed_updates", "message_ids", "menu_button", "reply_parameters", "link_preview_options"}
)  # fmt: skip


@dataclass(slots=True)
class LoggedCall:
    """One call. Times are ``time.monotonic()`` seconds of the playground's process."""

    number: int
    bot: str
    method: str
    chat_id: int | None
    parameters: dict[str, Any]
    began: float
    ended: float | None = None
    status: int | None = None
    description: str | None = None
    result: Any = None
    fault: str | None = None

    def json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "bot": self.bot,
            "method": self.method,
            "chat_id": self.chat_id,
            "parameters": self.parameters,
            "began": self.began,
            "ended": self.ended,
            "status": self.status,
            "description": self.description,
            "result": self.result,
            "fault": self.fault,
        }


@dataclass(slots=True)
class CallLog:
    """The newest ``kept`` calls, numbered from 1."""

    kept: int
    calls: deque[LoggedCall] = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.calls = deque(maxlen=self.kept)

    def begin(self, bot: str, call: Call) -> LoggedCall:
        self.count += 1
        chat_id = call.integer("chat_id") or None
        logged = LoggedCall(self.count, bot, call.method, chat_id, _shown(call), time.monotonic())
        self.calls.append(logged)
        return logged

    def end(
        self, logged: LoggedCall, status: int, description: str | None, result: Any = None
    ) -> None:
        logged.ended = time.monotonic()
        logged.status = status
        logged.description = description
        if isinstance(result, dict) and "message_id" in result:
            logged.result = {"message_id": result["message_id"]}
        elif isinstance(result, bool | str | int):
            logged.result = result

    def after(self, number: int, method: str | None, chat_id: int | None) -> list[LoggedCall]:
        return [
            logged
            for logged in self.calls
            if logged.number > number
            and (method is None or logged.method == method.lower())
            and (chat_id is None or logged.chat_id == chat_id)
        ]


def _shown(call: Call) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in call.values.items():
        try:
            shown[name] = json.loads(value) if name in _JSON_PARAMETERS else value
        except ValueError:
            shown[name] = value
    for name, upload in call.files.items():
        shown[name] = {"file_name": upload.name, "mime_type": upload.mime, "size": len(upload.data)}
    return shown
