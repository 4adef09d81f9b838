"""The way into a window about one booking: opened at once, then checked, then filled."""

from bots.flows.bookings import Bookings
from bots.flows.turns import reader_of
from bots.slack.modals.caught import CaughtTurn
from bots.slack.modals.elements import modal, section
from bots.slack.modals.notices import CALLBACK, notice
from bots.slack.modals.parts import SurfaceParts
from bots.slack.surface import Surface
from scheduling.errors import SchedulingError
from scheduling.ids import BookingId
from scheduling.messages import ChatMessage
from scheduling.people import Person
from wording.refusals import refused
from wording.times import Reader
from wording.view import View


async def open_shell(surface: Surface, reader: Reader, title: str) -> str:
    """Open an empty window at once (Slack lets us for three seconds), or empty the open one.

    Returns its id, "" where no window could be opened.
    """
    wait = section(reader.say("slack.wait"))
    shell = modal(CALLBACK, title, [wait], close=reader.say("slack.close"))
    view = surface.view
    if view is not None and not view.is_home:
        await surface.update(shell, view_id=view.id)
        return view.id
    return await surface.open(shell)


class BookingDoor:
    """Lets people in to their bookings; who is turned away reads why in the window."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts = parts
        self.bookings = Bookings(parts.booking)

    def reader(self, person: Person) -> Reader:
        """Return the person as somebody who reads times now."""
        return Reader.of(person, self._parts.booking.clock.now())

    async def enter(
        self, surface: Surface, view_id: str, title: str, *, any_plan: bool = False
    ) -> View | None:
        """Return the booking of the press; None when the window says why not.

        With ``any_plan`` it may have changed since the button was made.
        """
        if not view_id:
            return None  # no window could be opened, and the person has read how to go on
        caught = CaughtTurn(surface.incoming)
        find = self.bookings.find if any_plan else self.bookings.pressed
        try:
            view = await find(caught)
        except SchedulingError as error:
            await self.tell(surface, view_id, title, refused(error, self.reader_of(surface)))
            return None
        if view is None:
            await self.tell(surface, view_id, title, caught.message)
        return view

    def reader_of(self, surface: Surface) -> Reader:
        """Return who acts as somebody who reads times now."""
        return reader_of(surface.turn, self._parts.booking.clock)

    async def stale(self, surface: Surface, view_id: str, title: str, view: View) -> None:
        """Say how the booking stands now."""
        caught = CaughtTurn(surface.incoming)
        await self.bookings.stale(caught, view)
        await self.tell(surface, view_id, title, caught.message)

    async def tell(self, surface: Surface, view_id: str, title: str, message: ChatMessage) -> None:
        """Put a message into the window."""
        shown = notice(self.reader_of(surface), message, title=title)
        await surface.update(shown, view_id=view_id)

    async def view(self, person: Person, booking_id: BookingId) -> View:
        """Return a booking as the person sees it now."""
        details = await self._parts.booking.queries.booking(person.organization_id, booking_id)
        return View.of(details, person, self._parts.booking.clock.now())

    async def stands(self, person: Person, booking_id: BookingId) -> ChatMessage:
        """Return the booking's card as it stands now."""
        return self.bookings.card(await self.view(person, booking_id))
