"""Another time for a booking: the picker again, with the present time kept until the end."""

from dataclasses import replace

from bots.chat import Turn
from bots.flows.bookings import Bookings, is_open
from bots.flows.choices import Choices, Stage, given, request_of
from bots.flows.holding import Holding
from bots.flows.journey import Journey, card_of
from bots.flows.parts import BookingParts
from bots.flows.picker import Picker
from bots.router import Router
from scheduling.commands import MoveBooking, SendNote
from scheduling.errors import AlreadyIn, BookingChanged, PastCutOff, SlotRefused
from scheduling.model import BookingStatus
from scheduling.ports import Draft
from wording import moving as words
from wording.view import View, may_change


class Moving:
    """Move, for both sides; past the cut-off attendees ask the host."""

    def __init__(
        self,
        parts: BookingParts,
        picker: Picker,
        journey: Journey,
        holding: Holding,
        bookings: Bookings,
    ) -> None:
        self._parts, self._picker, self._journey = parts, picker, journey
        self._holding, self._bookings = holding, bookings

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("move", self.on_move)
        router.press("movego", self.on_go)
        router.press("askmove", self.on_ask)

    async def on_move(self, turn: Turn) -> None:
        """Open the picker for another time."""
        view = await self._bookings.pressed(turn)
        if view is None:
            return
        pending = view.booking.status is BookingStatus.PENDING
        if not is_open(view):
            await self._bookings.stale(turn, view)
        elif view.booking.capacity > 1 and not view.is_host:
            await turn.show(self._bookings.card(view))
        elif may_change(view) or pending:
            await self._picker.open(turn, self._choices(view))
        else:
            await turn.show(words.too_late(view))

    @staticmethod
    def _choices(view: View) -> Choices:
        booking = view.booking
        return Choices(stage=Stage.DAYS, types=(booking.event_type_id,), moving=booking.id)

    async def on_go(self, turn: Turn) -> None:
        """Move it; the answer comes into this card."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        if choices.stage is not Stage.CONFIRM or choices.moving is None:
            await self._journey.present(turn, draft)
            return
        try:
            await self._move(turn, draft, choices)
        except AlreadyIn:
            await self._bookings_card(turn, choices)
        except SlotRefused as error:
            await self._holding.lost(turn, draft, choices, error)
        except PastCutOff as error:
            details = await self._parts.queries.booking(draft.organization_id, error.booking.id)
            await turn.show(words.too_late(self._bookings.view(turn, details)))
        except BookingChanged as error:
            await self._bookings.changed(turn, error)

    async def _move(self, turn: Turn, draft: Draft, choices: Choices) -> None:
        command = MoveBooking(
            actor=turn.incoming.actor,
            booking_id=given(choices.moving),
            request_id=request_of(draft),
            card=card_of(turn, draft),
            start=given(choices.start),
        )
        booking = await self._parts.booking.move(command)
        done = replace(choices, stage=Stage.DONE, booked=booking.id)
        await self._parts.desk.save(draft, done.data)

    async def _bookings_card(self, turn: Turn, choices: Choices) -> None:
        details = await self._parts.queries.booking(
            turn.incoming.organization_id, given(choices.moving)
        )
        await turn.show(self._bookings.card(self._bookings.view(turn, details)))

    async def keep(self, turn: Turn, choices: Choices) -> None:
        """Leave the booking as it is, and show it."""
        await self._bookings_card(turn, choices)

    async def on_ask(self, turn: Turn) -> None:
        """Tell the host that another time is wanted."""
        view = await self._bookings.pressed(turn)
        if view is None:
            return
        if not is_open(view) or view.is_host:
            await self._bookings.stale(turn, view)
            return
        text = view.reader.say(
            "move.ask_text", name=view.person.first_name, time=self._host_time(view)
        )
        await self._parts.booking.note(
            SendNote(
                actor=turn.incoming.actor,
                booking_id=view.booking.id,
                request_id=turn.incoming.request_id,
                text=text,
            )
        )
        await turn.toast(view.reader.say("move.asked", host=view.host))
        await turn.show(self._bookings.card(view))

    def _host_time(self, view: View) -> str:
        """Return the time on the host's clock: the host reads it."""
        zone = view.details.host.zone
        reader = view.reader.elsewhere(zone) if zone else view.reader
        return reader.day_time(view.start)
