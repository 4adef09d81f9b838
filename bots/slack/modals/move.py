"""Moving a booking in the window in which times are picked."""

from bots.flows.bookings import is_open
from bots.flows.choices import Choices, Stage, given
from bots.slack.modals.doors import BookingDoor, open_shell
from bots.slack.modals.drafts import Origin, request_of
from bots.slack.modals.notices import notice
from bots.slack.modals.parts import SurfaceParts
from bots.slack.modals.picking import FLOW, PickerWindow, Picking
from bots.slack.surface import Answer, Clear, SlackSurfaces, Surface, Update
from scheduling.commands import MoveBooking
from scheduling.errors import AlreadyIn, BookingChanged, PastCutOff, SlotRefused
from scheduling.model import BookingStatus
from scheduling.ports import Draft
from wording import moving as words
from wording.view import may_change


class MoveModal:
    """The window "Move"; the present time stays taken, so nothing needs a hold."""

    def __init__(self, window: PickerWindow, door: BookingDoor) -> None:
        self._window, self._door = window, door

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens it; the rest is the booking window's."""
        surfaces.press("move", self.on_move)

    async def on_move(self, surface: Surface) -> None:
        """Open the days and times, unless it is too late or over."""
        reader = self._door.reader_of(surface)
        title = reader.say("slack.move_title")
        view_id = await open_shell(surface, reader, title)
        view = await self._door.enter(surface, view_id, title)
        if view is None:
            return
        booking = view.booking
        if not is_open(view):
            await self._door.stale(surface, view_id, title, view)
        elif booking.capacity > 1 and not view.is_host:
            await self._door.tell(surface, view_id, title, self._door.bookings.card(view))
        elif may_change(view) or booking.status is BookingStatus.PENDING:
            choices = Choices(types=(booking.event_type_id,), moving=booking.id)
            picking = Picking(choices, plan=booking.plan_revision)
            draft = await self._window.drafts.open(surface, FLOW, picking.data, view_id)
            await self._window.show(surface, draft, picking, view_id)
        else:
            await self._door.tell(surface, view_id, title, words.too_late(view))


class MoveSending:
    """Moves the booking of a window."""

    def __init__(self, parts: SurfaceParts, window: PickerWindow, door: BookingDoor) -> None:
        self._booking, self._window, self._door = parts.booking.booking, window, door

    async def move(self, surface: Surface, draft: Draft, picking: Picking) -> Answer:
        """Move it to the time chosen; a plan that changed meanwhile is shown instead."""
        person, choices = surface.incoming.person, picking.choices
        reader = self._door.reader_of(surface)
        booking_id = given(choices.moving)
        view = await self._door.view(person, booking_id)
        if view.booking.plan_revision != picking.plan:
            return Update(notice(reader, self._door.bookings.card(view)))
        command = MoveBooking(
            actor=surface.incoming.actor,
            booking_id=booking_id,
            request_id=request_of(draft),
            card=Origin.read(draft).card(draft),
            start=given(choices.start),
        )
        try:
            await self._booking.move(command)
        except AlreadyIn:
            return Clear()
        except SlotRefused as error:
            lost = await self._window.lost(person, picking, error)
            return await self._window.redrawn(person, draft, lost)
        except PastCutOff:
            return Update(notice(reader, words.too_late(view)))
        except BookingChanged as error:
            return Update(notice(reader, await self._door.stands(person, error.booking.id)))
        await self._window.drafts.note(draft, {"stage": Stage.DONE, "booked": booking_id})
        return Clear()
