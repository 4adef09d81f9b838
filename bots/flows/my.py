"""One's own bookings: the list, one booking's card, its calendar file, and clearing."""

from dataclasses import replace
from datetime import timedelta

from bots.chat import Turn
from bots.flows.bookings import Bookings
from bots.flows.onlooker import Onlooker
from bots.flows.parts import BookingParts
from bots.flows.turns import press_of, reader_of
from bots.flows.zones import ZoneQuestion
from bots.live.drawing import Rendered
from bots.router import Router
from scheduling.commands import ClearFinished
from scheduling.errors import BookingChanged
from scheduling.ids import PersonId, RequestId
from scheduling.messages import ChatMessage, Live
from scheduling.model import BookingDetails, BookingStatus
from scheduling.moments import Interval
from scheduling.ports import LiveCard, SentFile, about_person
from wording import my as words
from wording.view import View

KIND = "my"
"""Of cards that list a person's bookings."""
_AHEAD = timedelta(days=400)
"""Beyond every horizon an event type may have."""


class My:
    """What the person has booked."""

    def __init__(self, parts: BookingParts, bookings: Bookings) -> None:
        self._parts, self._bookings = parts, bookings
        self._zones: ZoneQuestion = parts.zones

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("my", self.on_my, aliases=("mine", "bookings", "cancel"))
        router.press("mine", self.on_mine)
        router.press("show", self.on_show)
        router.press("file", self.on_file)
        router.press("clear", self.on_clear)
        self._parts.renderers.put(KIND, self._draw)
        self._zones.continue_with("my", self._continue)

    async def _continue(self, turn: Turn, text: str) -> None:
        await self._show(turn, over=text == "over")

    async def on_my(self, turn: Turn) -> None:
        """List what is to come."""
        if await self._zones.known(turn, then="my"):
            await self._show(turn, over=False)

    async def on_mine(self, turn: Turn) -> None:
        """List what is to come, or what is over."""
        argument = press_of(turn).argument
        if await self._zones.known(turn, then="my", text=argument):
            await self._show(turn, over=argument == "over")

    async def _show(self, turn: Turn, *, over: bool) -> None:
        await turn.show(await self._list(turn, over=over))

    async def _list(self, turn: Turn, *, over: bool) -> ChatMessage:
        reader, person_id = reader_of(turn, self._parts.clock), turn.incoming.person.id
        finished = await self._finished(turn)
        if over:
            message = words.finished(reader, finished)
        else:
            coming = await self.coming(turn)
            message = words.coming(reader, coming, finished=len(finished))
        data = (("over", "1" if over else ""),)
        live = Live(KIND, person_id, frozenset({about_person(person_id)}), data=data)
        return replace(message, live=live)

    async def _draw(self, live: LiveCard) -> Rendered | None:
        """Return the list as it stands now."""
        person = await self._parts.queries.person(live.organization_id, PersonId(live.subject))
        turn = Onlooker(live, person, self._parts.clock)
        return Rendered(await self._list(turn, over=bool(live.data.get("over"))))

    async def coming(self, turn: Turn) -> list[View]:
        """Return what the person attends that has not ended, by start."""
        found = await self._parts.queries.bookings_of(
            turn.incoming.organization_id, turn.incoming.person.id, now=self._parts.clock.now()
        )
        return self._views(turn, found)

    async def next(self, turn: Turn) -> View | None:
        """Return what comes next, attended or given."""
        incoming, now = turn.incoming, self._parts.clock.now()
        given: list[BookingDetails] = []
        if incoming.person.is_coach:
            ahead = Interval(now, now + _AHEAD)
            hosted = await self._parts.queries.hosted(
                incoming.organization_id, incoming.person.id, ahead
            )
            given = [each for each in hosted if each.booking.status is BookingStatus.CONFIRMED]
        views = [*await self.coming(turn), *self._views(turn, given)]
        return min(views, key=lambda view: view.start, default=None)

    async def _finished(self, turn: Turn) -> list[View]:
        found = await self._parts.queries.finished_of(
            turn.incoming.organization_id, turn.incoming.person.id
        )
        return self._views(turn, found)

    def _views(self, turn: Turn, found: list[BookingDetails]) -> list[View]:
        return [self._bookings.view(turn, details) for details in found]

    async def on_show(self, turn: Turn) -> None:
        """Open a booking's card, as it stands now."""
        if view := await self._bookings.find(turn):
            card = self._bookings.card(view)
            await turn.show(words.with_file_button(view, card))

    async def on_file(self, turn: Turn) -> None:
        """Send the calendar file again; this copy is the one replaced after a change."""
        view = await self._bookings.find(turn)
        if view is None:
            return
        booking = view.booking
        if booking.status not in {BookingStatus.CONFIRMED, BookingStatus.PENDING}:
            await self._bookings.stale(turn, view)
            return
        await turn.busy()
        file = self._parts.files.for_booking(view.details, view.person, now=view.reader.now)
        card = await turn.say(words.calendar_file(view, file))
        await self._parts.sent_files.remember(
            booking.organization_id, booking.id, view.person.id, SentFile(card, booking.sequence)
        )

    async def on_clear(self, turn: Turn) -> None:
        """Take one finished booking, or all of them, off the list."""
        reader = reader_of(turn, self._parts.clock)
        if press_of(turn).argument == "all":
            views = await self._finished(turn)
        else:
            found = await self._bookings.find(turn)
            views = [found] if found else []
        try:
            for view in views:
                await self._clear(turn, view)
        except BookingChanged as error:
            await self._bookings.changed(turn, error)
            return
        if views:
            await turn.toast(reader.say("my.cleared"))
            await self._show(turn, over=bool(await self._finished(turn)))

    async def _clear(self, turn: Turn, view: View) -> None:
        await self._parts.booking.clear(
            ClearFinished(
                actor=turn.incoming.actor,
                booking_id=view.booking.id,
                request_id=RequestId(f"clear:{view.booking.id}:{view.person.id}"),
            )
        )
