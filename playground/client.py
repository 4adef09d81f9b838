"""Drive a playground from Python: be its people, script its faults, read its records.

Nothing here sleeps: whatever is waited for is followed by the playground's stream of events,
with a deadline in seconds.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from playground.control_client import API, ControlClient
from playground.seen import (
    Attachment,
    Button,
    NothingSuch,
    SeenMessage,
    Toast,
    read_messages,
    read_toasts,
    told,
)

__all__ = [
    "Attachment",
    "Button",
    "NothingSuch",
    "PlaygroundClient",
    "SeenMessage",
    "TelegramUser",
    "Toast",
]

_Found = TypeVar("_Found")


class PlaygroundClient(ControlClient):
    """The Telegram part of a playground at ``base_url``; use it as an async context manager."""

    def user(self, key: str, *, bot: str = "-") -> "TelegramUser":
        """A person by key, in the chat with a bot ("-": the first one)."""
        return TelegramUser(self, key, bot)

    async def create_user(self, key: str, first_name: str, **more: Any) -> "TelegramUser":
        await self.call("POST", "/users", {"key": key, "first_name": first_name, **more})
        return self.user(key)

    async def fault(self, kind: str, **more: Any) -> dict[str, Any]:
        """Script a fault; see ``playground.telegram.faults.Fault`` for kinds and fields."""
        scripted: dict[str, Any] = await self.call("POST", "/faults", {"kind": kind, **more})
        return scripted

    async def clear_faults(self) -> None:
        await self.call("DELETE", "/faults")

    async def flood(
        self, *, per_chat: tuple[int, float] | None = None, overall: tuple[int, float] | None = None
    ) -> None:
        """Limit sending to (messages, seconds); None lifts a limit."""

        def limit(given: tuple[int, float] | None) -> dict[str, float] | None:
            return {"count": given[0], "seconds": given[1]} if given else None

        await self.call("PUT", "/flood", {"per_chat": limit(per_chat), "overall": limit(overall)})

    async def deliver_again(
        self, update_id: int | None = None, *, times: int = 1, bot: str = "-"
    ) -> int:
        """Deliver an update again under its id, the newest without one; returns the id."""
        body = {"update_id": update_id, "times": times}
        delivered = await self.call("POST", f"/bots/{bot}/deliver", body)
        return int(delivered["update_id"])

    async def deliver_raw(self, update: dict[str, Any], *, times: int = 1, bot: str = "-") -> int:
        """Deliver any JSON as an update, forged ones included; returns its id."""
        body = {"update": update, "times": times}
        delivered = await self.call("POST", f"/bots/{bot}/deliver", body)
        return int(delivered["update_id"])

    async def pending(self, *, bot: str = "-") -> list[dict[str, Any]]:
        """Updates the bot has not confirmed yet."""
        found = await self.call("GET", f"/bots/{bot}/updates")
        return list(found["pending"])

    async def calls(
        self, method: str | None = None, *, chat_id: int | None = None, after: int = 0
    ) -> list[dict[str, Any]]:
        """Bot API calls so far, oldest first, with monotonic times ``began`` and ``ended``."""
        found = await self.call("GET", "/calls", method=method, chat_id=chat_id, after=after)
        return list(found)

    async def download(self, file_id: str) -> bytes:
        return await self.fetch(f"{API}/files/{file_id}")


class TelegramUser:
    """One person in one chat. Every ``wait_...`` looks at what came since their last action."""

    def __init__(self, client: PlaygroundClient, key: str, bot: str) -> None:
        self.client = client
        self.key = key
        self._bot = bot
        self._since = 0

    @property
    def _chat(self) -> str:
        return f"/users/{self.key}/chats/{self._bot}"

    def with_bot(self, bot: str) -> "TelegramUser":
        return TelegramUser(self.client, self.key, bot)

    async def _act(self, what: str, body: Any = None) -> dict[str, Any]:
        done: dict[str, Any] = await self.client.call("POST", f"{self._chat}/{what}", body)
        self._since = int(done["before"])
        return done

    async def id(self) -> int:
        return int((await self.chat())["user"]["id"])

    async def send(self, text: str, *, reply_to: int | None = None) -> int:
        """Type a text and send it; returns its message id."""
        done = await self._act("messages", {"text": text, "reply_to": reply_to})
        return int(done["message_id"])

    async def start(self, payload: str = "") -> int:
        """Press START, as after opening ``t.me/<bot>?start=<payload>``."""
        return int((await self._act("start", {"payload": payload}))["message_id"])

    async def press(self, label: str, *, message_id: int | None = None) -> str:
        """Press a callback button by its text, or how that begins; returns the callback id.

        Without ``message_id`` the newest message with such a button is meant.

        Raises:
            NothingSuch: no message has such a button.
        """
        message = await self.message_with(label, message_id=message_id)
        button = message.button(label)
        if button is None or button.action != "callback_data":
            raise NothingSuch(f"{label!r} is not a callback button: {message.labels}")
        place = {"message_id": message.id, "row": button.row, "column": button.column}
        return str((await self._act("presses", place))["callback_id"])

    async def press_and_wait(self, label: str, fragment: str) -> SeenMessage:
        """Press a button, then wait for a message that says ``fragment``."""
        await self.press(label)
        return await self.wait_for(fragment)

    async def press_data(self, message_id: int, data: str) -> str:
        """Send any callback data for a message, as a tampered client would."""
        done = await self._act("presses", {"message_id": message_id, "data": data})
        return str(done["callback_id"])

    async def share_contact(self, *, of: str | None = None) -> int:
        """Share one's own contact, or that of another person here by key."""
        return int((await self._act("contact", {"of": of}))["message_id"])

    async def share_stranger(self, phone_number: str, first_name: str) -> int:
        """Share a contact that has no Telegram account."""
        card = {"phone_number": phone_number, "first_name": first_name}
        return int((await self._act("contact", card))["message_id"])

    async def share_location(
        self, city: str | None = None, *, at: tuple[float, float] | None = None
    ) -> int:
        """Share a location: a city the playground knows, or latitude and longitude."""
        body = {"latitude": at[0], "longitude": at[1]} if at else {"city": city}
        return int((await self._act("location", body))["message_id"])

    async def block(self) -> None:
        await self._act("block")

    async def unblock(self) -> None:
        await self._act("unblock")

    async def chat(self) -> dict[str, Any]:
        """The whole chat as JSON: messages, keyboard, commands, toasts and more."""
        found: dict[str, Any] = await self.client.call("GET", self._chat)
        return found

    async def messages(self) -> list[SeenMessage]:
        """What the person sees now, oldest first; deleted messages are gone."""
        return [m for m in read_messages(await self.chat()) if not m.deleted]

    async def newest(self) -> SeenMessage:
        """The newest message of the bot.

        Raises:
            NothingSuch: the bot has said nothing.
        """
        said = [message for message in await self.messages() if message.from_bot]
        if not said:
            raise NothingSuch("The bot has said nothing.")
        return said[-1]

    async def toasts(self) -> list[Toast]:
        """Answers to presses that say something, oldest first."""
        return [toast for toast in read_toasts(await self.chat()) if toast.text]

    async def commands(self) -> list[str]:
        """The command menu the person sees."""
        return [command["command"] for command in (await self.chat())["commands"]]

    async def message_with(self, label: str, *, message_id: int | None = None) -> SeenMessage:
        """The newest message with a button; waits for it if there is none yet."""

        def fits(message: SeenMessage) -> bool:
            if message_id is not None and message.id != message_id:
                return False
            return message.button(label) is not None

        return await self._wait(fits, f"a message with the button {label!r}", since=0)

    async def wait_for(
        self, fragment: str, *, within: float | None = None, since: int | None = None
    ) -> SeenMessage:
        """The newest message of the bot with ``fragment``, sent or edited since the last action.

        ``since`` replaces the person's last action by an event number; 0 looks at everything.

        Raises:
            NothingSuch: it did not come within ``within`` seconds.
        """

        def fits(message: SeenMessage) -> bool:
            return fragment in message.text

        return await self._wait(fits, f"a message saying {fragment!r}", since, within)

    async def wait_for_message(
        self,
        fits: Callable[[SeenMessage], bool],
        *,
        within: float | None = None,
        since: int | None = None,
    ) -> SeenMessage:
        """Like ``wait_for``, by any test of a message."""
        return await self._wait(fits, "a fitting message", since, within)

    async def wait_for_document(
        self, ending: str = "", *, within: float | None = None, since: int | None = None
    ) -> SeenMessage:
        """The newest document whose name ends so; fetch it by ``download``."""

        def fits(message: SeenMessage) -> bool:
            return message.document is not None and message.document.name.endswith(ending)

        return await self._wait(fits, f"a document named ...{ending}", since, within)

    async def wait_for_toast(self, fragment: str = "", *, within: float | None = None) -> Toast:
        """The answer to a press since the last action, with ``fragment`` in its text."""

        def found(chat: dict[str, Any]) -> Toast | None:
            fitting = [
                toast
                for toast in read_toasts(chat)
                if toast.seq > self._since and fragment in (toast.text or "")
            ]
            return fitting[-1] if fitting else None

        return await self._follow(found, f"a toast saying {fragment!r}", within)

    async def download(self, message: SeenMessage) -> bytes:
        """The bytes of a message's document or photo."""
        file_id = message.document.file_id if message.document else message.photo_id
        if file_id is None:
            raise NothingSuch(f"No file in {message.text!r}.")
        return await self.client.download(file_id)

    async def _wait(
        self,
        fits: Callable[[SeenMessage], bool],
        what: str,
        since: int | None = None,
        within: float | None = None,
    ) -> SeenMessage:
        begin = self._since if since is None else since

        def found(chat: dict[str, Any]) -> SeenMessage | None:
            candidates = [
                message
                for message in read_messages(chat)
                if message.from_bot
                and not message.deleted
                and message.seq > begin
                and fits(message)
            ]
            return candidates[-1] if candidates else None

        return await self._follow(found, what, within)

    async def _follow(
        self, found: Callable[[dict[str, Any]], _Found | None], what: str, within: float | None
    ) -> _Found:
        deadline = time.monotonic() + (self.client.deadline if within is None else within)
        while True:
            chat = await self.chat()
            result = found(chat)
            if result is not None:
                return result
            left = deadline - time.monotonic()
            if left <= 0:
                raise NothingSuch(f"{self.key} waited for {what}; there is:\n{told(chat)}")
            await self.client.events(chat["seq"], left)
