"""Short notes to the other side of a booking, relayed without showing contacts."""

from bots.chat import Turn
from bots.flows.bookings import Bookings
from bots.flows.choices import request_of, target_of
from bots.flows.desk import with_field
from bots.flows.parts import BookingParts
from bots.flows.turns import press_of, typed_text
from bots.router import Router
from scheduling.commands import SendNote
from scheduling.errors import BookingChanged, InputRefused
from scheduling.ids import BookingId
from scheduling.people import Card
from scheduling.ports import Draft
from wording import notes as words
from wording.refusals import sentence
from wording.view import View

FLOW = "note"
AWAITS = "note"


class Notes:
    """Asks for the words, and sends them."""

    def __init__(self, parts: BookingParts, bookings: Bookings) -> None:
        self._parts, self._bookings = parts, bookings

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("note", self.on_note)
        router.press("unnote", self.on_drop)
        router.text(AWAITS, self.on_typed)

    async def on_note(self, turn: Turn) -> None:
        """Ask below the card what to say; the card stays as it is."""
        view = await self._bookings.find(turn)
        if view is None:
            return
        data = {"booking": view.booking.id}
        draft = await self._parts.desk.open(turn, FLOW, data, awaits=AWAITS)
        asked = words.ask(view, target_of(draft))
        card = await turn.say(with_field(turn, draft, asked))
        await self._parts.desk.attach(draft, card)

    async def on_typed(self, turn: Turn, draft: Draft) -> None:
        """Send what was typed; the question becomes the receipt."""
        view = await self._view(turn, draft)
        card = Card(draft.chat, draft.message_id) if draft.message_id else None
        command = SendNote(
            actor=turn.incoming.actor,
            booking_id=view.booking.id,
            request_id=request_of(draft),
            card=card,
            text=typed_text(turn),
        )
        try:
            await self._parts.booking.note(command)
        except InputRefused as error:
            problem = sentence(error, view.reader)
            message = words.ask(view, target_of(draft), problem=problem)
            await self._parts.desk.show(turn, draft, message)
        except BookingChanged:
            await self._parts.desk.save(draft, draft.data)
            await turn.say(words.too_late(view))
        else:
            await self._parts.desk.save(draft, draft.data)

    async def on_drop(self, turn: Turn) -> None:
        """Say nothing after all."""
        draft = await self._parts.desk.pressed(turn, FLOW)
        if draft is None:
            return
        if draft.awaits and press_of(turn).revision == draft.revision:
            draft = await self._parts.desk.save(draft, draft.data)
        view = await self._view(turn, draft)
        await turn.show(self._bookings.card(view))

    async def _view(self, turn: Turn, draft: Draft) -> View:
        details = await self._parts.queries.booking(
            turn.incoming.organization_id, BookingId(str(draft.data.get("booking", "")))
        )
        return self._bookings.view(turn, details)
