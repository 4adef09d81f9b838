"""A small Bot API of our own: what the bot calls, and what it is answered."""

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

BOT_ID = 4242
TELEGRAM_TOKEN = f"{BOT_ID}:AAFake-token-of-nobody-0123456789abcd"
WEBHOOK_SECRET = "fake-webhook-secret-0123456789"
_SENT = {"sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageCaption",
         "editMessageReplyMarkup", "editMessageMedia"}  # fmt: skip


@dataclass
class FakeTelegram:
    """Answers like the Bot API; ``faults`` maps a method to the answers it gives first."""

    url: str = ""
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    hook: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(100))

    def said_to(self, chat: int) -> list[dict[str, str]]:
        """Return what was written to a chat, in order, edits included."""
        return [
            given
            for method, given in self.calls
            if method in _SENT and given.get("chat_id") == str(chat)
        ]

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given = {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append((method, given))
        if self.faults.get(method):
            status, fault = self.faults[method].pop(0)
            return web.json_response({"ok": False, "error_code": status, **fault}, status=status)
        return web.json_response({"ok": True, "result": self._result(method, given)})

    def _result(self, method: str, given: dict[str, str]) -> Any:
        match method:
            case "getMe":
                return {"id": BOT_ID, "is_bot": True, "first_name": "Piano", "username": "pianobot"}
            case "setWebhook":
                self.hook = given["url"]
                return True
            case "getWebhookInfo":
                return {
                    "url": self.hook, "has_custom_certificate": False, "pending_update_count": 0,
                }  # fmt: skip
            case _ if method in _SENT:
                chat = int(given.get("chat_id", "0"))
                return {
                    "message_id": int(given.get("message_id") or next(self._numbers)),
                    "date": 1_893_456_000,
                    "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
                    "text": "x",
                }
            case _:
                return True


def keyboard(said: dict[str, str]) -> dict[str, str]:
    """Return the buttons of a message: label to payload."""
    rows = json.loads(said.get("reply_markup", "{}")).get("inline_keyboard", [])
    return {one["text"]: one.get("callback_data", "") for row in rows for one in row}


@asynccontextmanager
async def fake_telegram() -> AsyncIterator[FakeTelegram]:
    """Serve a fake Bot API on a free port of this machine."""
    fake = FakeTelegram()
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", fake.api)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()
