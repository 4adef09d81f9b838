"""Drive a group of the playground from Python: be one of its people, or its administrator."""

from typing import Any

from playground.client import PlaygroundClient, TelegramUser

__all__ = ["GroupMember", "TelegramGroup"]


class GroupMember(TelegramUser):
    """One person in a group; what they see there is what everybody in it sees."""

    def __init__(self, client: PlaygroundClient, group: str, key: str, bot: str) -> None:
        super().__init__(client, key, bot)
        self._group, self._bot_name = group, bot

    @property
    def _chat(self) -> str:
        return f"/groups/{self._group}/chats/{self._bot_name}"

    async def _act(self, what: str, body: Any = None) -> dict[str, Any]:
        return await super()._act(what, {**(body or {}), "user": self.key})


class TelegramGroup:
    """A group with a bot in it."""

    def __init__(self, client: PlaygroundClient, key: str, *, bot: str = "-") -> None:
        self.client, self.key, self._bot = client, key, bot

    @classmethod
    async def create(
        cls,
        client: PlaygroundClient,
        key: str,
        title: str,
        *members: str,
        supergroup: bool = True,
        with_bot: bool = True,
    ) -> "TelegramGroup":
        """Make a group of these people, by key, with the first bot in it or without."""
        body = {
            "key": key,
            "title": title,
            "members": list(members),
            "supergroup": supergroup,
            "bot": "-" if with_bot else None,
        }
        await client.call("POST", "/groups", body)
        return cls(client, key)

    def member(self, key: str) -> GroupMember:
        """Return one of its people, as they act in the group."""
        return GroupMember(self.client, self.key, key, self._bot)

    async def let(self, key: str, *, member: bool) -> None:
        """Let somebody in, or have them leave."""
        await self.client.call(
            "POST", f"/groups/{self.key}/members", {"user": key, "member": member}
        )

    async def let_bot(self, *, member: bool) -> None:
        """Add the bot, or remove it."""
        await self.client.call("POST", f"/groups/{self.key}/bot", {"member": member})

    async def migrate(self) -> int:
        """Make it a supergroup; returns the new id."""
        found = await self.client.call("POST", f"/groups/{self.key}/migration")
        return int(found["id"])
