"""Open cards of group sessions, kept right for everybody in the channel."""

from bots.live.drawing import Rendered, Renderers
from scheduling.ids import SessionId
from scheduling.ports import Clock, LiveCard, Queries, SessionReads
from wording.sessions import KIND, card


class SessionCards:
    """Draws a session as it stands, for a channel or for one person."""

    def __init__(self, reads: SessionReads, queries: Queries, clock: Clock) -> None:
        self._reads, self._queries, self._clock = reads, queries, clock

    def register(self, renderers: Renderers) -> None:
        """Let cards of sessions be drawn here."""
        renderers.put(KIND, self.draw)

    async def draw(self, live: LiveCard) -> Rendered | None:
        """Return what the card has to show now."""
        details = await self._reads.session(live.organization_id, SessionId(live.subject))
        reader = None
        if live.person_id is not None:
            reader = await self._queries.person(live.organization_id, live.person_id)
        return Rendered(card(details, reader, self._clock.now()))
