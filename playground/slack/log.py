"""A record of every Web API call, for tests and for a look behind the scenes."""

import json
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from playground.slack.call import Call

_PARSED = frozenset({"blocks", "view", "files", "metadata", "unfurls", "attachments"})


@dataclass(slots=True)
class LoggedCall:
    """One call. Times are ``time.monotonic()`` seconds of the playground's process."""

    number: int
    method: str
    parameters: dict[str, Any]
    began: float
    ended: float | None = None
    status: int | None = None
    ok: bool | None = None
    error: str | None = None
    result: Any = None
    fault: str | None = None

    def json(self) -> dict[str, Any]:
        return asdict(self)


class CallLog:
    """The newest ``kept`` calls, numbered from 1."""

    def __init__(self, kept: int) -> None:
        self.calls: deque[LoggedCall] = deque(maxlen=kept)
        self.count = 0

    def begin(self, call: Call) -> LoggedCall:
        self.count += 1
        logged = LoggedCall(self.count, call.method, _shown(call), time.monotonic())
        self.calls.append(logged)
        return logged

    def end(self, logged: LoggedCall, status: int, body: dict[str, Any] | None) -> None:
        logged.ended = time.monotonic()
        logged.status = status
        if body is not None:
            logged.ok, logged.error = body.get("ok"), body.get("error")
            view = body.get("view")
            view_id = view.get("id") if isinstance(view, dict) else None
            known = {"ts": body.get("ts"), "channel": body.get("channel"), "view_id": view_id,
                     "messages": (body.get("response_metadata") or {}).get("messages")}  # fmt: skip
            logged.result = {name: value for name, value in known.items() if value}

    def after(self, number: int, method: str | None) -> list[LoggedCall]:
        return [
            logged
            for logged in self.calls
            if logged.number > number and method in (None, logged.method)
        ]


def _shown(call: Call) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in call.values.items():
        try:
            parse = name in _PARSED and isinstance(value, str)
            shown[name] = json.loads(value) if parse else value
        except ValueError:
            shown[name] = value
    return shown
