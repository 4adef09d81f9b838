"""People named in a command's line: Slack writes them as ids, most flows read names."""

import re

from bots.chat import Turn
from bots.slack.people import SlackPeople
from bots.slack.workspaces import Workspace
from scheduling.errors import DeliveryError
from scheduling.people import Person

_MENTION = re.compile(r"<@([UW][A-Za-z0-9_-]{1,63})(?:\|([^>]*))?>", re.ASCII)
_CHANNEL = re.compile(r"<#[A-Za-z0-9_-]{1,64}\|?([^>]*)>", re.ASCII)
_LINK = re.compile(r"<((?:https?|mailto):[^>|]*)(?:\|[^>]*)?>")
_BY_ID = frozenset({"session", "compare"})
"""Verbs that look people up by their account, and so need the id."""


class SlackMembers:
    """Finds people named in a line of Slack's, met by their profile and without a word to them."""

    def __init__(self, people: SlackPeople) -> None:
        self._people = people

    async def find(self, turn: Turn, mention: str) -> Person | None:
        """Return the person behind "<@U1>" or "@ana"; None for who may not use slotbook."""
        tenant = turn.incoming.account.key.tenant
        user = await self._people.named(tenant, mention[1:]) if mention[:1] == "@" else mention
        return await self._people.resolve(tenant, user) if user else None


class Names:
    """Puts names in the place of ids."""

    def __init__(self, people: SlackPeople) -> None:
        self._people = people

    async def in_line(self, verb: str, line: str, workspace: Workspace) -> str:
        """Return the line as its flow reads it.

        For flows that find people by account every mention becomes "<@U1>", for others the
        name of the person, if they may use slotbook, else what Slack calls them.
        """
        line = _LINK.sub(lambda found: found[1], _CHANNEL.sub(lambda found: f"#{found[1]}", line))
        if verb in _BY_ID:
            return _MENTION.sub(lambda found: f"<@{found[1]}>", line)
        for found in reversed(list(_MENTION.finditer(line))):
            name = await self._name(workspace, found)
            line = f"{line[: found.start()]}{name}{line[found.end() :]}"
        return line

    async def _name(self, workspace: Workspace, found: re.Match[str]) -> str:
        try:
            person = await self._people.resolve(workspace.team_id, f"<@{found[1]}>")
        except DeliveryError:
            person = None
        return person.name if person else found[2] or ""
