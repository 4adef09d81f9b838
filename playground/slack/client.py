"""Drive the local Slack from Python: be its people, script its faults, read its records.

Nothing here sleeps: whatever is waited for is followed by the playground's stream of events,
with a deadline in seconds.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from playground.control_client import API, ControlClient
from playground.seen import NothingSuch
from playground.slack.person import SlackPerson
from playground.slack.seen import (
    Ack,
    SlackButton,
    SlackMessage,
    SlackView,
    Submitted,
    read_ack,
)

__all__ = [
    "Ack",
    "NothingSuch",
    "SlackButton",
    "SlackClient",
    "SlackMessage",
    "SlackPerson",
    "SlackView",
    "Submitted",
]

Json = dict[str, Any]
_Found = TypeVar("_Found")
_NOW = 2**60  # after every event there can be: asks for the newest number and nothing else


class SlackClient(ControlClient):
    """The Slack part of a playground at ``base_url``; use it as an async context manager."""

    prefix = f"{API}/slack"

    def as_user(self, key: str) -> SlackPerson:
        """A person by key."""
        return SlackPerson(self, key)

    async def create_user(self, key: str, real_name: str, **more: Any) -> SlackPerson:
        await self.call("POST", "/users", {"key": key, "real_name": real_name, **more})
        return self.as_user(key)

    async def create_channel(self, key: str, members: list[str], **more: Any) -> str:
        """Make a channel; returns its id."""
        made = await self.call("POST", "/channels", {"key": key, "members": members, **more})
        return str(made["id"])

    async def state(self) -> Json:
        """Team, people, channels and the app."""
        found: Json = await self.call("GET", "/state")
        return found

    async def archive(self, channel_id: str, *, archived: bool = True) -> None:
        await self.call("POST", f"/channels/{channel_id}/archive", {"archived": archived})

    async def app_membership(self, channel_id: str, *, member: bool) -> None:
        await self.call("POST", "/app/membership", {"channel_id": channel_id, "member": member})

    async def uploads(self, *, allowed: bool) -> None:
        """Allow or forbid files in the whole workspace."""
        await self.call("PUT", "/uploads", {"allowed": allowed})

    async def events_url(self, url: str | None, *, verify: bool = False) -> Json:
        """Where HTTP deliveries go; ``verify`` sends Slack's handshake there."""
        told: Json = await self.call("POST", "/app/events_url", {"url": url}, verify=verify)
        return told

    async def disconnect(self, reason: str = "refresh_requested") -> int:
        """End the app's sockets: ``refresh_requested``, ``warning``, ``link_disabled``, ``cut``."""
        told = await self.call("POST", "/app/disconnect", {"reason": reason})
        return int(told["connections"])

    async def uninstall(self) -> None:
        await self.call("POST", "/app/uninstall")

    async def revoke_token(self) -> None:
        await self.call("POST", "/app/token_revoked")

    async def install(self) -> None:
        """Make the app's token good again."""
        await self.call("POST", "/app/install")

    async def oauth_code(self, redirect_uri: str = "") -> str:
        """A code as Slack hands it to a browser that allowed the app."""
        told = await self.call("POST", "/app/oauth_code", {"redirect_uri": redirect_uri})
        return str(told["code"])

    async def fault(self, method: str = "*", **more: Any) -> Json:
        """Script a fault; see ``playground.slack.faults.SlackFault`` for the fields."""
        scripted: Json = await self.call("POST", "/faults", {"method": method, **more})
        return scripted

    async def clear_faults(self) -> None:
        await self.call("DELETE", "/faults")

    async def rates(self, **rates: tuple[int, float]) -> None:
        """Limit calls: ``chat_postMessage=(count, seconds)``, ``_`` for the dot; none lifts all."""
        named = {name.replace("_", ".", 1): list(rate) for name, rate in rates.items()}
        await self.call("PUT", "/rates", {"rates": named})

    async def calls(self, method: str | None = None, *, after: int = 0) -> list[Json]:
        """Web API calls so far, oldest first, with monotonic times ``began`` and ``ended``."""
        return list(await self.call("GET", "/calls", method=method, after=after))

    async def deliveries(self, kind: str | None = None, *, after: int = 0) -> list[Json]:
        """What was delivered: kinds command, interaction, options, event, raw."""
        return list(await self.call("GET", "/deliveries", kind=kind, after=after))

    async def replay(self, delivery: int, *, times: int = 1) -> list[Ack]:
        """Deliver something again, byte for byte."""
        told = await self.call("POST", "/deliveries/replay", {"id": delivery, "times": times})
        return [read_ack(one) for one in told]

    async def post_raw(
        self, body: str, *, headers: dict[str, str] | None = None, sign: bool = True
    ) -> Ack:
        """Post any body to the app's address."""
        given = {"body": body, "headers": headers or {}, "sign": sign}
        return read_ack(await self.call("POST", "/deliveries/raw", given))

    async def deliver(self, kind: str, payload: Json) -> Ack:
        """Deliver any payload as the kind given, forged ones included."""
        given = {"kind": kind, "payload": payload}
        return read_ack(await self.call("POST", "/deliveries/forged", given))

    async def download(self, url: str) -> bytes:
        """The bytes of a file, by the address a message shows."""
        return await self.fetch(url)

    async def until(
        self,
        found: Callable[[], Awaitable[_Found | None]],
        what: str,
        *,
        within: float | None = None,
    ) -> _Found:
        """Look again after every event until ``found`` gives something.

        Raises:
            NothingSuch: it did not within ``within`` seconds.
        """
        deadline = time.monotonic() + (self.deadline if within is None else within)
        while True:
            seq = int((await self.events(_NOW, 0))["seq"])
            result = await found()
            if result is not None:
                return result
            left = deadline - time.monotonic()
            if left <= 0:
                raise NothingSuch(f"Waited in vain for {what}.")
            await self.events(seq, left)

    async def wait_connected(self, by: str = "socket", *, within: float | None = None) -> None:
        """Wait until the app is reached by ``socket`` or ``http``."""

        async def found() -> bool | None:
            return (await self.state())["app"]["connected"] == by or None

        await self.until(found, f"a connection by {by}", within=within)
