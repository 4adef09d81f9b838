"""Booking in one window: the time chosen is kept at once, sending it makes the booking."""

from dataclasses import replace
from datetime import datetime

from bots.flows.choices import Choices, Stage, read_date, read_instant
from bots.flows.choosing import read_time
from bots.flows.turns import press_of
from bots.slack.modals import book_view as views
from bots.slack.modals.book_sending import BookSending
from bots.slack.modals.doors import open_shell
from bots.slack.modals.drafts import action_value
from bots.slack.modals.live import ModalRenderer, view_card
from bots.slack.modals.move import MoveSending
from bots.slack.modals.offers import ANYBODY
from bots.slack.modals.parts import SurfaceParts
from bots.slack.modals.picking import FLOW, PickerWindow, Picking
from bots.slack.surface import SlackSurfaces, Surface
from scheduling.commands import HoldSlot, ReleaseHold
from scheduling.errors import (
    EventTypeOff,
    NotFound,
    SlotRefused,
    StudentsClosed,
)
from scheduling.ids import EventTypeId, PersonId
from scheduling.model import EventType, Listing
from scheduling.people import Actor, Person
from scheduling.policy import StudentsPolicy
from scheduling.ports import Draft, DraftChanged
from wording.refusals import sentence


class BookModal:
    """The window "Book time"."""

    def __init__(self, parts: SurfaceParts, window: PickerWindow, moving: MoveSending) -> None:
        self._parts, self._booking = parts, parts.booking.booking
        self._window = window
        self._sending = BookSending(parts, window, moving)

    def register(self, surfaces: SlackSurfaces, renderer: ModalRenderer) -> None:
        """Register what opens and drives the window."""
        surfaces.command("book", self.on_open, when=lambda line: not line.strip())
        surfaces.press("newbook", self.on_open)
        surfaces.press("pick", self.on_pick)
        surfaces.press("coach", self.on_coach)
        surfaces.shortcut(views.CALLBACK, self.on_open)
        surfaces.action(views.CALLBACK, self.on_change)
        surfaces.options(views.WHO, self.on_search)
        surfaces.submission(views.CALLBACK, self._sending.on_submit)
        surfaces.closed(views.CALLBACK, self.on_closed)
        renderer.put(FLOW, self._window.drawn_again)

    # --- opening ---

    async def on_open(self, surface: Surface) -> None:
        """Open it with nothing chosen; the only coach is chosen already."""
        view_id = await self._opened(surface)
        if not view_id:
            return
        found = await self._window.offers.entries(surface.incoming.person)
        choices = Choices(coach=found[0].person.id) if len(found) == 1 else Choices()
        await self._begin(surface, choices, view_id)

    async def on_coach(self, surface: Surface) -> None:
        """Open it for one coach of the directory; for one who left it, with nothing chosen."""
        view_id = await self._opened(surface)
        if not view_id:
            return
        chosen = press_of(surface.turn).argument
        found = await self._window.offers.entries(surface.incoming.person)
        coach = next((each.person.id for each in found if each.person.id == chosen), None)
        await self._begin(surface, Choices(coach=coach) if coach else Choices(), view_id)

    async def on_pick(self, surface: Surface) -> None:
        """Open it for one type, maybe at a time that was free near another."""
        press = press_of(surface.turn)
        view_id = await self._opened(surface)
        if not view_id:
            return
        kind_id, start = EventTypeId(press.subject), read_instant(press.argument)
        try:
            await self._begin_with(surface, kind_id, start, view_id)
        except NotFound as error:
            reader = self._window.offers.reader(surface.incoming.person)
            shown = views.empty(
                reader, sentence(error, reader), title=reader.say("slack.book_title")
            )
            await surface.update(shown, view_id=view_id)

    async def _begin_with(
        self, surface: Surface, kind_id: EventTypeId, start: datetime | None, view_id: str
    ) -> None:
        person = surface.incoming.person
        kind = await self._parts.booking.queries.event_type(person.organization_id, kind_id)
        if kind.listing is Listing.OFF:
            await self._begin(surface, Choices(coach=kind.host_id), view_id, ended=kind)
            return
        choices = Choices(
            coach=kind.host_id,
            types=(kind.id,),
            via_link=await self._window.offers.came_before(person, kind),
        )
        if start is not None:
            day = self._window.offers.reader(person).local(start).date()
            choices = replace(choices, day=day)
        await self._begin(surface, choices, view_id, start=start)

    async def _opened(self, surface: Surface) -> str:
        """Open the empty window at once; "" when none could be opened."""
        reader = self._window.offers.reader(surface.incoming.person)
        return await open_shell(surface, reader, reader.say("slack.book_title"))

    async def _begin(
        self,
        surface: Surface,
        choices: Choices,
        view_id: str,
        *,
        start: datetime | None = None,
        ended: EventType | None = None,
    ) -> None:
        person = surface.incoming.person
        reader = self._window.offers.reader(person)
        title = reader.say("slack.book_title")
        if not choices.types and self._needs_link(person):
            refused = StudentsClosed(StudentsPolicy.LINK.value)
            shown = views.empty(reader, sentence(refused, reader), title=title)
            await surface.update(shown, view_id=view_id)
            return
        picking = Picking(choices)
        if ended is not None:
            picking = replace(picking, fault=reader.say("refused.type_off"))
        draft = await self._window.drafts.open(surface, FLOW, picking.data, view_id)
        if start is not None:
            draft, picking = await self._hold(surface, draft, picking, start, 0)
        await self._window.show(surface, draft, picking, view_id=view_id)

    def _needs_link(self, person: Person) -> bool:
        by_link = self._parts.booking.policy.students is StudentsPolicy.LINK
        return by_link and not (person.is_coach or person.is_admin)

    # --- filling in ---

    async def on_search(self, surface: Surface, text: str) -> list[tuple[str, str]]:
        """Return the coaches whose name or title holds what was typed."""
        person = surface.incoming.person
        if self._needs_link(person):
            return []
        reader = self._window.offers.reader(person)
        found = await self._window.offers.entries(person, text.strip()[:80])
        anybody = [(reader.say("slack.anybody"), ANYBODY)] if len(found) > 1 else []
        return [*anybody, *((entry.person.name, str(entry.person.id)) for entry in found)][:100]

    async def on_change(self, surface: Surface) -> None:
        """Follow one choice; a time chosen is kept from now on."""
        draft = await self._window.drafts.own(surface, FLOW)
        if draft is None or Choices.of(draft).booked:
            return
        before = Picking.of(draft)
        try:
            await self._follow(surface, draft, before)
        except DraftChanged:
            return  # the window was sent, or another choice is being followed: that one draws

    async def _follow(self, surface: Surface, draft: Draft, before: Picking) -> None:
        person, value = surface.incoming.person, action_value(surface)
        action = str(surface.action.get("action_id", ""))
        if action == views.TIME:
            chosen = read_time(value, before.choices)
            if chosen is not None and before.choices.moving:
                start, number = chosen
                moved = replace(before.choices, start=start, number=number)
                picking = replace(before, choices=moved, fault="")
                draft = await self._window.drafts.save(draft, picking.data)
                await self._window.show(surface, draft, picking)
            elif chosen is not None:
                held = await self._hold(surface, draft, before, *chosen)
                await self._window.show(surface, *held)
            return
        choices = await self._choose(person, before.choices, action, value)
        if choices is None:
            return
        await self._release(person, before.choices)
        picking = replace(before, choices=choices.without_time(Stage.TIMES), fault="")
        await self._window.show(
            surface, await self._window.drafts.save(draft, picking.data), picking
        )

    async def _choose(
        self, person: Person, choices: Choices, action: str, value: str
    ) -> Choices | None:
        """Return the choices after one more; None for what cannot be chosen."""
        match action:
            case views.WHO if value == ANYBODY:
                return Choices(text=ANYBODY)
            case views.WHO:
                return Choices(coach=PersonId(value))
            case views.WHAT if choices.text == ANYBODY:
                minutes = value.removeprefix(views.LENGTH)
                lengths = await self._window.offers.lengths(person)
                length = next((n for n in lengths if str(n.seconds // 60) == minutes), None)
                types = await self._window.offers.of_length(person, length) if length else ()
                return Choices(text=ANYBODY, types=types)
            case views.WHAT if choices.coach:
                offered = await self._window.offers.of_coach(person, choices.coach)
                known = {*(kind.id for kind in offered), *choices.types}
                kind_id = EventTypeId(value)
                via_link = choices.via_link and kind_id in choices.types
                chosen = Choices(coach=choices.coach, types=(kind_id,), via_link=via_link)
                return chosen if kind_id in known else None
            case views.DAY if value.startswith(views.LATER):
                page = read_date(value.removeprefix(views.LATER))
                return replace(choices, page=page, day=page, part="")
            case views.DAY:
                day = read_date(value)
                return replace(choices, day=day, part="") if day else None
            case views.PART if value.isdecimal():
                return replace(choices, part=value)
            case _:
                return None

    async def _hold(
        self, surface: Surface, draft: Draft, picking: Picking, start: datetime, number: int
    ) -> tuple[Draft, Picking]:
        """Keep a time for the person; gone, the fault says what is free near it."""
        choices = replace(picking.choices, start=start, number=number)
        command = HoldSlot(
            actor=surface.incoming.actor,
            event_type_id=choices.chosen,
            start=start,
            request_id=surface.incoming.request_id,
            via_link=choices.via_link,
        )
        try:
            held = await self._booking.hold(command)
        except SlotRefused as error:
            # The refusal left the time held before as it was: nobody wants it any more.
            await self._release(surface.incoming.person, picking.choices)
            kept = await self._window.lost(surface.incoming.person, picking, error)
        except (EventTypeOff, StudentsClosed) as error:
            reader = self._window.offers.reader(surface.incoming.person)
            kept = picking.lost(sentence(error, reader))
        else:
            kept = Picking(replace(choices, hold=held.id), turn=picking.turn)
        return await self._window.drafts.save(draft, kept.data), kept

    async def _release(self, person: Person, choices: Choices) -> None:
        if choices.hold:
            actor = Actor(person.organization_id, person.id)
            await self._booking.release(ReleaseHold(actor=actor, booking_id=choices.hold))

    async def on_closed(self, surface: Surface) -> None:
        """Free what was kept: the window was closed half-way."""
        if surface.view is not None:
            await self._parts.watch.left(view_card(surface, surface.view.id))
        draft = await self._window.drafts.own(surface, FLOW)
        if draft is not None and not Choices.of(draft).booked:
            await self._release(surface.incoming.person, Choices.of(draft))
