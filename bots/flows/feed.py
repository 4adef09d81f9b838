"""The calendar feed: a secret address, made anew, taken away."""

from collections.abc import Callable

from bots.chat import Turn
from bots.flows.hosting_parts import HostingParts
from bots.flows.turns import press_of, reader_of
from bots.router import Router
from wording import commands as words


class FeedFlow:
    """Only where the wiring knows how addresses of feeds look."""

    def __init__(self, parts: HostingParts, feed_url: Callable[[str], str]) -> None:
        self._parts, self._feed_url = parts, feed_url

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("feed", self.on_feed)
        router.press("feedgo", self.on_press)

    async def on_feed(self, turn: Turn) -> None:
        """Tell what a feed is; an address is made only when asked for."""
        await turn.show(words.feed_card(reader_of(turn, self._parts.clock)))

    async def on_press(self, turn: Turn) -> None:
        """Make a new address, which ends the one before, or end it."""
        reader, actor = reader_of(turn, self._parts.clock), turn.incoming.actor
        if press_of(turn).argument == "new":
            token = await self._parts.people.issue_feed(actor)
            address = self._feed_url(token)
            public = self._parts.feed_is_public
            await turn.show(words.feed_address(reader, address, public=public))
        else:
            found = await self._parts.people.revoke_feed(actor)
            await turn.show(words.feed_stopped(reader, found=found))
