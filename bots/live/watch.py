"""One place that knows which cards are open: turns and deliveries tell it what they show."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from bots.chat import Incoming, Turn
from bots.live.drawing import live_card
from scheduling.errors import StoreUnavailable
from scheduling.ids import OrganizationId, PersonId
from scheduling.messages import ChatMessage
from scheduling.people import Card
from scheduling.ports import Clock, LiveCards

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Drawing:
    """A card that the keeper is drawing anew."""

    overtaken: bool = False

    def is_overtaken(self) -> bool:
        """Say whether somebody wrote the card meanwhile: what they wrote is newer."""
        return self.overtaken


class Watch:
    """Keeps cards on record, and the keeper off those that are being written.

    An answer and a refresh of the same card must not cross: the keeper reads, draws and sends,
    and in between somebody may have pressed a button. Whoever answers says so before it begins;
    a drawing that was begun earlier is then thrown away. Other processes cannot be heard in
    time: a draft drawn there is compared with its revision, and whatever else crosses is put
    right by the next change or press.
    """

    def __init__(self, cards: LiveCards, clock: Clock) -> None:
        self._cards, self._clock = cards, clock
        self._writing: Counter[Card] = Counter()
        self._drawings: dict[Card, Drawing] = {}

    def turn(self, turn: Turn) -> Turn:
        """Return the turn with everything it shows on record."""
        return _WatchedTurn(turn, self)

    @contextmanager
    def writing(self, card: Card) -> Iterator[None]:
        """Keep the keeper of this process from drawing the card inside the block."""
        if drawing := self._drawings.get(card):
            drawing.overtaken = True
        self._writing[card] += 1
        try:
            yield
        finally:
            self._writing[card] -= 1
            if not self._writing[card]:
                del self._writing[card]

    @contextmanager
    def drawing(self, card: Card) -> Iterator[Drawing]:
        """Let the keeper draw a card, and see whether somebody overtakes it."""
        drawing = Drawing(overtaken=card in self._writing)
        self._drawings[card] = drawing
        try:
            yield drawing
        finally:
            if self._drawings.get(card) is drawing:
                del self._drawings[card]

    async def shown(
        self,
        organization_id: OrganizationId,
        person_id: PersonId | None,
        card: Card,
        message: ChatMessage,
    ) -> None:
        """Note what the card shows now: kept right when the message is live, else left alone."""
        live = live_card(organization_id, person_id, card, message)
        try:
            if live is None:
                await self._cards.forget(card)
            else:
                await self._cards.watch(live, self._clock.now())
        except StoreUnavailable:
            _log.warning("live.not_kept", kind=live.kind if live else "")

    async def left(self, card: Card) -> None:
        """Note that another message has taken the card's place."""
        try:
            await self._cards.forget(card)
        except StoreUnavailable:
            _log.warning("live.not_forgotten")


class _WatchedTurn:
    """A turn that tells what it shows."""

    def __init__(self, turn: Turn, watch: Watch) -> None:
        self._turn, self._watch = turn, watch
        self._shown = turn.incoming.card

    @property
    def incoming(self) -> Incoming:
        return self._turn.incoming

    async def toast(self, text: str, *, alert: bool = False) -> None:
        await self._turn.toast(text, alert=alert)

    async def show(self, message: ChatMessage) -> Card:
        if self._shown is None:
            self._shown = await self._turn.show(message)
            await self._note_new(self._shown, message)
            return self._shown
        with self._watch.writing(self._shown):
            card = await self._turn.show(message)
            await self._note_changed(self._shown, card, message)
        self._shown = card
        return card

    async def redraw(self, card: Card, message: ChatMessage) -> Card:
        with self._watch.writing(card):
            drawn = await self._turn.redraw(card, message)
            await self._note_changed(card, drawn, message)
        return drawn

    async def say(self, message: ChatMessage) -> Card:
        card = await self._turn.say(message)
        await self._note_new(card, message)
        return card

    async def busy(self) -> None:
        await self._turn.busy()

    async def _note_changed(self, before: Card, after: Card, message: ChatMessage) -> None:
        if before != after:
            await self._watch.left(before)
            await self._note_new(after, message)
        else:
            await self._note(after, message)

    async def _note_new(self, card: Card, message: ChatMessage) -> None:
        if message.live is not None:
            await self._note(card, message)

    async def _note(self, card: Card, message: ChatMessage) -> None:
        incoming = self.incoming
        for_all = incoming.group is not None and card.chat == incoming.group
        person_id = None if for_all else incoming.person.id
        await self._watch.shown(incoming.organization_id, person_id, card, message)
