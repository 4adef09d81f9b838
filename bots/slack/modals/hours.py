"""Editing weekly hours in a window; saved as bots/flows/hours.py saves a typed line."""

from dataclasses import replace

from bots.flows.link import link_message, share_in_slack
from bots.flows.turns import press_of
from bots.slack.modals import hours_view as views
from bots.slack.modals.doors import open_shell
from bots.slack.modals.drafts import ModalDrafts, request_of, values_of
from bots.slack.modals.elements import Json
from bots.slack.modals.notices import notice, over, said
from bots.slack.modals.parts import SurfaceParts
from bots.slack.modals.values import Values
from bots.slack.surface import Answer, Errors, SlackSurfaces, Surface, Update
from scheduling.errors import CoachSignUpClosed, SchedulingError, UnknownZone
from scheduling.messages import ChatMessage, Plain
from scheduling.people import Actor, Person
from scheduling.ports import Draft, DraftChanged
from wording import hours as words
from wording.refusals import refused, sentence
from wording.times import Reader
from wording.zones import Target

FLOW = views.CALLBACK
_NO_TARGET = Target("", 0)
"""Only the words of the preview are taken: its buttons belong to the chat."""


class HoursModal:
    """The window "Your weekly hours"."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts, self._hosting = parts, parts.hosting
        self._drafts = ModalDrafts(parts.drafts, parts.booking.clock)

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens and drives the window."""
        surfaces.press("hours", self.on_hours)
        surfaces.press("chghrs", self.on_open)
        surfaces.press("offer", self.on_offer)
        surfaces.action(views.CALLBACK, self.on_change)
        surfaces.submission(views.CALLBACK, self.on_submit)

    # --- opening ---

    async def on_hours(self, surface: Surface) -> None:
        """Open it for "Edit"; showing the week and ready-made lines are the flow's."""
        press = press_of(surface.turn)
        if press.subject or press.argument:
            await self._neutral(surface)
        else:
            await self.on_open(surface)

    async def on_offer(self, surface: Surface) -> None:
        """Open it for somebody who begins to offer time, where that takes no invite code."""
        if await self._hosting.hosting.sign_up(surface.incoming.actor) == "invite":
            await self._neutral(surface)
        else:
            await self.on_open(surface)

    async def _neutral(self, surface: Surface) -> None:
        handler = self._parts.router.find_press(press_of(surface.turn).verb)
        if handler is not None:
            await handler(surface.turn)

    async def on_open(self, surface: Surface) -> None:
        """Open it with the hours as they stand."""
        reader = self._reader(surface.incoming.person)
        view_id = await open_shell(surface, reader, reader.say("slack.hours_title"))
        if not view_id:
            return
        overview = await self._hosting.hours.overview(surface.incoming.actor)
        hours = views.Hours.of_schedule(overview.schedule if overview else None)
        draft = await self._drafts.open(surface, FLOW, hours.data, view_id)
        try:
            preview = await self._preview(surface.incoming.person, hours, Values({}))
        except UnknownZone as error:
            await surface.update(said(reader, sentence(error, reader)), view_id=view_id)
            return
        view = await self._view(surface.incoming.person, draft, hours, preview)
        await surface.update(view, view_id=view_id)

    # --- filling in ---

    async def on_change(self, surface: Surface) -> None:
        """Let the preview follow what is typed and ticked."""
        draft = await self._drafts.own(surface, FLOW)
        if draft is None:
            return
        known, values = views.Hours.read(draft.data), values_of(surface)
        hours = known.filled(values)
        preview = await self._preview(surface.incoming.person, hours, values)
        if preview == known.seen and hours.turn == known.turn:
            return
        hours = replace(hours, seen=preview)
        try:
            draft = await self._drafts.save(draft, hours.data)
        except DraftChanged:
            return  # the next letter draws it
        view = await self._view(surface.incoming.person, draft, hours, preview)
        await surface.update(view)

    async def _view(self, person: Person, draft: Draft, hours: views.Hours, preview: str) -> Json:
        reader = self._reader(person)
        return views.hours_view(hours, reader, preview, draft_id=draft.id, city=reader.city)

    async def _preview(self, person: Person, hours: views.Hours, values: Values) -> str:
        """Return what the week would be in the words of the chat, or what is wrong with it."""
        reader = self._reader(person)
        read = views.read_hours(hours, reader)
        if read.faults:
            return views.faults_text(reader, read.faults)
        actor = self._actor(person)
        if hours.new:
            length = views.length_of(values)
            preview = await self._hosting.hours.preview(actor, read.line, duration=length)
            lines = words.week_lines(reader, preview.schedule)
            return "\n".join([*lines, words.sessions_text(reader, preview, length)])
        kinds = await self._hosting.queries.event_types_of(person.organization_id, person.id)
        length_of_first = kinds[0].duration if kinds else None
        preview = await self._hosting.hours.preview(actor, read.line, duration=length_of_first)
        return words.changed_week(reader, preview, None, _NO_TARGET).text

    # --- sending ---

    async def on_submit(self, surface: Surface) -> Answer:
        """Make the hours count; a fault stands under its day."""
        person, values = surface.incoming.person, values_of(surface)
        reader = self._reader(person)
        draft = await self._drafts.own(surface, FLOW)
        if draft is None:
            return Update(over(reader))
        known = views.Hours.read(draft.data)
        hours = known.filled(values)
        if not hours.ticked:
            return Errors({"days": reader.say("slack.hours_no_day")})
        read = views.read_hours(hours, reader)
        # A day ticked this very moment has no line in the window yet to show a fault under.
        faults = {
            views.block_of(known, day) if day in known.ticked else "days": fault
            for day, fault in read.faults.items()
        }
        if faults:
            return Errors(faults)
        title = reader.say("slack.hours_title")
        try:
            message = (
                await self._begin(surface, draft, read, values)
                if known.new
                else await self._save(surface, draft, read)
            )
        except SchedulingError as error:
            message = refused(error, reader)
        return Update(notice(reader, message, title=title))

    async def _save(self, surface: Surface, draft: Draft, read: views.HoursRead) -> ChatMessage:
        reader = self._reader(surface.incoming.person)
        saved = await self._hosting.hours.save(surface.incoming.actor, read.line, request_of(draft))
        return words.saved(reader, saved.undo_id)

    async def _begin(
        self, surface: Surface, draft: Draft, read: views.HoursRead, values: Values
    ) -> ChatMessage:
        """Open somebody's time for the first time."""
        person, length = surface.incoming.person, views.length_of(values)
        reader = self._reader(person)
        try:
            kind = await self._hosting.hosting.become_coach(
                surface.incoming.actor, read.line, length, request_of(draft)
            )
        except CoachSignUpClosed as closed:
            if closed.mode != "approval":
                raise
            return ChatMessage((Plain(sentence(closed, reader)),))
        share = share_in_slack(reader, kind)
        return link_message(self._hosting, reader, kind, person, fresh=True, share=share)

    def _reader(self, person: Person) -> Reader:
        return Reader.of(person, self._hosting.clock.now())

    @staticmethod
    def _actor(person: Person) -> Actor:
        return Actor(person.organization_id, person.id)
