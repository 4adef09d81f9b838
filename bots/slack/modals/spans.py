"""Time off and extra time in windows; taken as bots/flows/time_off.py takes a typed line."""

from collections.abc import Sequence

from bots.flows.hosting_parts import coaches_only
from bots.flows.turns import press_of, typed_line
from bots.slack.modals import span_view as views
from bots.slack.modals.caught import CaughtTurn
from bots.slack.modals.doors import open_shell
from bots.slack.modals.drafts import ModalDrafts, request_of, values_of
from bots.slack.modals.elements import Json
from bots.slack.modals.notices import notice, over
from bots.slack.modals.parts import SurfaceParts
from bots.slack.modals.span_view import OFF, OPEN, SpanRead
from bots.slack.modals.values import Values
from bots.slack.surface import Answer, Errors, SlackSurfaces, Surface, Update
from scheduling.errors import HoursRefused
from scheduling.messages import Action, ChatMessage
from scheduling.model import BookingDetails
from scheduling.moments import Interval
from scheduling.ports import Draft, DraftChanged
from wording import time_off as words
from wording.refusals import sentence
from wording.times import Reader
from wording.week_text import span_text

_MOST_CLOSED = 4


class SpanModal:
    """One of the two windows."""

    def __init__(self, parts: SurfaceParts, kind: str) -> None:
        self._parts, self._hosting, self._kind = parts, parts.hosting, kind
        self._flow = views.callback(kind)
        self._drafts = ModalDrafts(parts.drafts, parts.booking.clock)

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens and drives the window."""
        surfaces.command(self._kind, self.on_open, when=lambda line: not line.strip())
        surfaces.press(self._kind, self.on_press)
        surfaces.action(self._flow, self.on_change)
        surfaces.submission(self._flow, self.on_submit)

    async def on_press(self, surface: Surface) -> None:
        """Open it; a button that names a day is the flow's."""
        handler = self._parts.router.find_press(self._kind)
        if press_of(surface.turn).argument and handler is not None:
            await handler(surface.turn)
        else:
            await self.on_open(surface)

    async def on_open(self, surface: Surface) -> None:
        """Ask for the line."""
        reader = self._reader(surface)
        title = reader.say(f"slack.{self._kind}_title")
        view_id = await open_shell(surface, reader, title)
        if not view_id:
            return
        caught = CaughtTurn(surface.incoming)
        if not await coaches_only(caught, self._hosting):
            await surface.update(notice(reader, caught.message, title=title), view_id=view_id)
            return
        text = typed_line(surface.turn)
        draft = await self._drafts.open(surface, self._flow, {"seen": ""}, view_id)
        view = await self._view(surface, draft, text, SpanRead(), ())
        await surface.update(view, view_id=view_id)

    # --- filling in ---

    async def on_change(self, surface: Surface) -> None:
        """Let the preview follow what is typed and chosen."""
        draft = await self._drafts.own(surface, self._flow)
        if draft is None:
            return
        text, read, hit = await self._read(surface, values_of(surface))
        reader = self._reader(surface)
        # The questions belong to the line: another one asks them anew, even if it reads alike.
        asks = views.key_of(text) if read.readings or hit else ""
        seen = f"{views.preview_of(self._kind, read, hit, reader)}\n{asks}"
        if seen == draft.data.get("seen"):
            return
        try:
            draft = await self._drafts.save(draft, {"seen": seen})
        except DraftChanged:
            return  # the next letter draws it
        await surface.update(await self._view(surface, draft, text, read, hit))

    async def _read(
        self, surface: Surface, values: Values
    ) -> tuple[str, SpanRead, Sequence[BookingDetails]]:
        """Return the line, what it means, and what is booked then."""
        text = values.typed(f"{self._flow}.line")
        chosen = values.chosen(f"{self._flow}.reading")
        if values.block_of(f"{self._flow}.reading") != f"reading.{views.key_of(text)}":
            chosen = ""
        read = views.read_span(self._kind, text, chosen, self._reader(surface))
        if self._kind == OPEN or read.span is None:
            return text, read, ()
        return text, read, await self._hosting.hours.hit_by(surface.incoming.actor, read.span)

    async def _view(
        self,
        surface: Surface,
        draft: Draft,
        text: str,
        read: SpanRead,
        hit: Sequence[BookingDetails],
    ) -> Json:
        reader = self._reader(surface)
        return views.span_view(
            self._kind,
            text,
            read,
            hit,
            reader,
            draft_id=draft.id,
            closed=await self._closed(surface) if self._kind == OFF else (),
        )

    async def _closed(self, surface: Surface) -> list[Action]:
        overview = await self._hosting.hours.overview(surface.incoming.actor)
        reader = self._reader(surface)
        return [
            Action(reader.say("hours.end_off", time=span_text(reader, off.time)), "offend", off.id)
            for off in (overview.time_off[:_MOST_CLOSED] if overview else ())
        ]

    # --- sending ---

    async def on_submit(self, surface: Surface) -> Answer:
        """Open or close the time; what is still to be chosen is asked for first."""
        reader, values = self._reader(surface), values_of(surface)
        draft = await self._drafts.own(surface, self._flow)
        if draft is None:
            return Update(over(reader))
        text, read, hit = await self._read(surface, values)
        if read.problem:
            return Errors({"line": read.problem})
        way = values.chosen(f"{self._flow}.hit")
        asked = values.block_of(f"{self._flow}.hit") == f"hit.{views.key_of(text)}"
        if read.span is None or (hit and not (asked and way)):
            if not text.strip():
                return Errors({"line": reader.say(f"slack.{self._kind}_hint")})
            return Update(await self._view(surface, draft, text, read, hit))
        try:
            if self._kind == OPEN:
                message = await self._open(surface, draft, read.span)
            else:
                message = await self._close(surface, draft, read.span, tell=way == views.TELL)
        except HoursRefused as refused:
            return Errors({"line": sentence(refused, reader)})
        title = reader.say(f"slack.{self._kind}_title")
        return Update(notice(reader, message, title=title))

    async def _open(self, surface: Surface, draft: Draft, span: Interval) -> ChatMessage:
        actor = surface.incoming.actor
        opening = await self._hosting.hours.open(actor, span, request_of(draft))
        kinds = await self._hosting.queries.event_types_of(actor.organization_id, actor.person_id)
        ids = [kind.id for kind in kinds]
        finder = self._hosting.finder
        free = await finder.free(actor.organization_id, ids, span) if ids else []
        starts = {slot.start for slot in free if slot.end <= span.end}
        return words.opened(self._reader(surface), opening.time, len(starts), opening.id)

    async def _close(
        self, surface: Surface, draft: Draft, span: Interval, *, tell: bool
    ) -> ChatMessage:
        result = await self._hosting.hours.off(
            surface.incoming.actor, span, request_of(draft), cancel_hit=tell
        )
        told = len(result.hit) if tell else 0
        kept = len(result.hit) - told
        reader = self._reader(surface)
        return words.closed(reader, span, told=told, kept=kept, undo_id=result.undo_id)

    def _reader(self, surface: Surface) -> Reader:
        return Reader.of(surface.incoming.person, self._hosting.clock.now())
