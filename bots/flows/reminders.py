"""The buttons of reminders: coming, late, can't come; and the host's "I'll wait"."""

from datetime import timedelta

from bots.chat import Turn
from bots.flows.bookings import Bookings, is_open, once_per_plan
from bots.flows.parts import BookingParts
from bots.flows.turns import as_command, press_of
from bots.router import Router
from scheduling.commands import SayCannotCome, SayComing, SayLate
from scheduling.errors import BookingChanged
from scheduling.model import BookingStatus
from wording import reminders as words
from wording.view import View

_LATEST = 240


class Reminding:
    """Says to the other side what a tap on a reminder says."""

    def __init__(self, parts: BookingParts, bookings: Bookings, router: Router) -> None:
        self._parts, self._bookings, self._router = parts, bookings, router

    def register(self) -> None:
        """Register what this flow answers."""
        self._router.press("coming", self.on_coming)
        self._router.press("late", self.on_late)
        self._router.press("cantcome", self.on_cannot_come)
        self._router.press("fine", self.on_fine)
        self._router.press("fewer", self.on_fewer)

    async def on_coming(self, turn: Turn) -> None:
        """Tell the host that the person will be there; a second tap says so again to nobody."""
        view = await self._confirmed(turn)
        if view is None:
            return
        seat = view.booking.seat_of(view.person.id)
        if seat is not None and seat.coming:
            await turn.show(words.is_coming(view))
            return
        await self._say(
            turn,
            SayComing(
                actor=turn.incoming.actor,
                booking_id=view.booking.id,
                request_id=turn.incoming.request_id,
                card=turn.incoming.card,
            ),
        )

    async def on_late(self, turn: Turn) -> None:
        """Ask how late, or tell the other side; zero minutes take it back."""
        view = await self._confirmed(turn)
        if view is None:
            return
        argument = press_of(turn).argument
        if not (argument.isdecimal() and int(argument) <= _LATEST):
            await turn.show(words.ask_how_late(view))
            return
        minutes = int(argument)
        await turn.toast(_late_toast(view, minutes))
        seat = view.booking.seat_of(view.person.id)
        known = seat.late_by if seat is not None else None
        if known == timedelta(minutes=minutes):
            await turn.show(words.is_late(view, minutes))
            return
        await self._say(
            turn,
            SayLate(
                actor=turn.incoming.actor,
                booking_id=view.booking.id,
                request_id=turn.incoming.request_id,
                card=turn.incoming.card,
                by=timedelta(minutes=minutes),
            ),
        )

    async def on_cannot_come(self, turn: Turn) -> None:
        """Tell the host; the time stays booked until they free it."""
        view = await self._confirmed(turn)
        if view is None:
            return
        await turn.toast(view.reader.say("remind.cant_toast", host=view.host))
        await self._say(
            turn,
            SayCannotCome(
                actor=turn.incoming.actor,
                booking_id=view.booking.id,
                request_id=once_per_plan(turn),
                card=turn.incoming.card,
            ),
        )

    async def on_fine(self, turn: Turn) -> None:
        """Take a move of the host as it is: the message becomes the booking's card."""
        if view := await self._bookings.pressed(turn):
            await turn.show(self._bookings.card(view))

    async def on_fewer(self, turn: Turn) -> None:
        """Open /me below, where reminder times are set; the reminder stays."""
        entry = self._router.find_command("me")
        if entry is not None:
            await entry.handler(as_command(turn, "me"))

    async def _confirmed(self, turn: Turn) -> View | None:
        """Return the booking of the press while it stands and has not ended."""
        view = await self._bookings.pressed(turn)
        if view is None:
            return None
        if not is_open(view) or view.booking.status is not BookingStatus.CONFIRMED or view.is_host:
            await self._bookings.stale(turn, view)
            return None
        return view

    async def _say(self, turn: Turn, command: SayComing | SayLate | SayCannotCome) -> None:
        try:
            match command:
                case SayComing():
                    await self._parts.booking.coming(command)
                case SayLate():
                    await self._parts.booking.late(command)
                case SayCannotCome():
                    await self._parts.booking.cannot_come(command)
        except BookingChanged as error:
            await self._bookings.changed(turn, error)


def _late_toast(view: View, minutes: int) -> str:
    if not minutes:
        time = view.reader.time(view.start)
        return view.reader.say("remind.is_on_time", time=time, host=view.host)
    about = view.reader.time(view.start + timedelta(minutes=minutes))
    return view.reader.say("remind.late_toast", host=view.host, about=about)
