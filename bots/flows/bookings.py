"""The booking behind a button: found, allowed, and as it was when the button was made."""

from bots.chat import Turn
from bots.flows.parts import BookingParts
from bots.flows.turns import press_of, reader_of
from scheduling.errors import BookingChanged, NotFound
from scheduling.ids import BookingId, RequestId
from scheduling.messages import ChatMessage
from scheduling.model import BookingDetails, BookingStatus
from wording import booking as cards
from wording.keeping import kept_card
from wording.refusals import stands
from wording.view import View


class Bookings:
    """Finds bookings for presses, and answers presses that come too late."""

    def __init__(self, parts: BookingParts) -> None:
        self._parts = parts

    async def pressed(self, turn: Turn) -> View | None:
        """Return the booking of the press before its person; None when that is answered.

        Only host and attendees get it. A booking that was moved, cancelled or decided since the
        button was made is said and shown as it is now: an old button never acts (R11).
        """
        view = await self.find(turn)
        if view is None:
            return None
        if press_of(turn).revision != view.booking.plan_revision:
            await self.stale(turn, view)
            return None
        return view

    async def find(self, turn: Turn) -> View | None:
        """Return the booking of the press, whatever became of it."""
        reader = reader_of(turn, self._parts.clock)
        try:
            details = await self._parts.queries.booking(
                turn.incoming.organization_id, BookingId(press_of(turn).subject)
            )
        except NotFound:
            await turn.toast(reader.say("odd.over"))
            return None
        if not self._is_side(turn, details):
            name = details.people[0].first_name if details.people else details.host.first_name
            await turn.toast(reader.say("odd.others", name=name))
            return None
        return self.view(turn, details)

    def view(self, turn: Turn, details: BookingDetails) -> View:
        """Return a booking as the person of the turn sees it."""
        return View.of(details, turn.incoming.person, self._parts.clock.now())

    @staticmethod
    def _is_side(turn: Turn, details: BookingDetails) -> bool:
        person_id = turn.incoming.person.id
        booking = details.booking
        return person_id == booking.host_id or booking.seat_of(person_id) is not None

    async def stale(self, turn: Turn, view: View) -> None:
        """Say how it stands, and show it."""
        await turn.toast(stands(view.booking, view.reader))
        await turn.show(self.card(view))

    async def changed(self, turn: Turn, error: BookingChanged) -> None:
        """Answer a command that met another state than the button was made for."""
        details = await self._parts.queries.booking(turn.incoming.organization_id, error.booking.id)
        await self.stale(turn, self.view(turn, details))

    def card(self, view: View) -> ChatMessage:
        """Return the card of a booking as it stands."""
        return kept_card(view, cards.card(view, reminders=self._parts.policy.reminders))


def is_open(view: View) -> bool:
    """Say whether the booking is still to come, or running, for this person."""
    live = view.booking.status in {BookingStatus.CONFIRMED, BookingStatus.PENDING}
    return live and view.takes_part and view.reader.now < view.booking.time.end


def once_per_plan(turn: Turn) -> RequestId:
    """Return a request id for what one person says once about a plan, however often tapped."""
    press = press_of(turn)
    person_id = turn.incoming.person.id
    return RequestId(f"press:{press.verb}:{press.subject}:{press.revision}:{person_id}")
