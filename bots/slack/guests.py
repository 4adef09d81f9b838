"""/slotbook guests: an admin lets guests and other companies book in a channel."""

from bots.slack.modals import elements
from bots.slack.places import chat
from bots.slack.surface import SlackSurfaces, Surface
from scheduling.access import ChannelAccess
from scheduling.errors import NotAllowed
from wording import edge

VERB = "guests"
ACTION = "sb.guests"
_OPEN, _CLOSE = "open", "close"
_SAID = {_OPEN: True, "on": True, _CLOSE: False, "off": False}


class Guests:
    """Opens a channel to visitors, and closes it again."""

    def __init__(self, access: ChannelAccess) -> None:
        self._access = access

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what this answers."""
        surfaces.command(VERB, self.on_guests)
        surfaces.action(ACTION, self.on_change)

    async def on_guests(self, surface: Surface) -> None:
        """Show who may book here, with the other choice as a button."""
        _, _, word = str(surface.payload.get("text") or "").strip().partition(" ")
        is_open = _SAID.get(word.strip().lower())
        if is_open is None:
            await self._show(surface)
        else:
            await self._change(surface, is_open=is_open)

    async def on_change(self, surface: Surface) -> None:
        """Do what the button says."""
        await self._change(surface, is_open=surface.action.get("value") == _OPEN)

    async def _change(self, surface: Surface, *, is_open: bool) -> None:
        if surface.incoming.group is None or surface.channel_id is None:
            await self._show(surface)
            return
        channel = chat(surface.team_id, surface.channel_id)
        await self._access.open_channel(surface.incoming.actor, channel, is_open=is_open)
        await self._show(surface)

    async def _show(self, surface: Surface) -> None:
        locale, group = surface.incoming.person.locale, surface.incoming.group
        channel = chat(surface.team_id, surface.channel_id or surface.user_id)
        if not await self._access.may_open(surface.incoming.actor, channel):
            raise NotAllowed
        if group is None or surface.channel_id is None:
            await surface.turn.toast(edge.guests_where(locale))
            return
        is_open = await self._access.is_open(surface.incoming.organization_id, channel)
        value = _CLOSE if is_open else _OPEN
        button = elements.own_button(edge.guests_button(locale, value), ACTION, value)
        await surface.say_with(edge.guests(locale, is_open=is_open), [button])
