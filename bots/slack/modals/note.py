"""Words to the other side in a window: a note to whom one has booked, a no to who asked."""

from bots.flows.turns import press_of
from bots.slack.modals.doors import BookingDoor, open_shell
from bots.slack.modals.drafts import ModalDrafts, Origin, request_of, values_of
from bots.slack.modals.elements import field, line, modal, section
from bots.slack.modals.notices import notice, over
from bots.slack.modals.parts import SurfaceParts
from bots.slack.surface import Answer, Clear, Errors, SlackSurfaces, Surface, Update
from scheduling.commands import DeclineBooking, SendNote
from scheduling.errors import BookingChanged, InputRefused, NotAllowed
from scheduling.ids import BookingId
from scheduling.model import BookingStatus
from scheduling.text import NOTE_LIMIT, REASON_LIMIT, clean_or_none
from wording import notes as note_words
from wording.refusals import refused, sentence

NOTE, NOTE_TEXT = "sb.note", "sb.note.text"
DECLINE, DECLINE_WHY = "sb.decline", "sb.decline.why"
_BLOCK = "words"


class NoteModal:
    """The window "Message"."""

    def __init__(self, parts: SurfaceParts, door: BookingDoor) -> None:
        self._booking, self._door = parts.booking.booking, door
        self._drafts = ModalDrafts(parts.drafts, parts.booking.clock)

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens and drives the window."""
        surfaces.press("note", self.on_note)
        surfaces.submission(NOTE, self.on_submit)

    async def on_note(self, surface: Surface) -> None:
        """Ask what to say."""
        reader = self._door.reader_of(surface)
        title = reader.say("slack.note_title")
        view_id = await open_shell(surface, reader, title)
        view = await self._door.enter(surface, view_id, title, any_plan=True)
        if view is None:
            return
        # The answer is a receipt of its own: the card that was pressed stays as it is.
        origin = Origin.of(surface.incoming, in_card=False)
        data = {"booking": view.booking.id}
        draft = await self._drafts.open(surface, NOTE, data, view_id, origin)
        hint = reader.say("slack.note_hint", other=view.others, range=view.range)
        words = field(
            _BLOCK,
            reader.say("slack.note", other=view.others),
            line(NOTE_TEXT, most=NOTE_LIMIT, several=True),
            hint=hint,
        )
        shown = modal(
            NOTE,
            title,
            [words],
            close=reader.say("slack.not_now"),
            submit=reader.say("slack.note_send"),
            metadata=draft.id,
        )
        await surface.update(shown, view_id=view_id)

    async def on_submit(self, surface: Surface) -> Answer:
        """Pass it on, once."""
        person, reader = surface.incoming.person, self._door.reader_of(surface)
        draft = await self._drafts.own(surface, NOTE)
        if draft is None:
            return Update(over(reader))
        booking_id = BookingId(str(draft.data["booking"]))
        try:
            await self._booking.note(
                SendNote(
                    actor=surface.incoming.actor,
                    booking_id=booking_id,
                    request_id=request_of(draft),
                    card=Origin.read(draft).card(draft),
                    text=values_of(surface).typed(NOTE_TEXT),
                )
            )
        except InputRefused as error:
            return Errors({_BLOCK: sentence(error, reader)})
        except BookingChanged:
            view = await self._door.view(person, booking_id)
            return Update(notice(reader, note_words.too_late(view)))
        return Clear()


class DeclineModal:
    """The window "Decline": what to tell the one who asked."""

    def __init__(self, parts: SurfaceParts, door: BookingDoor) -> None:
        self._booking, self._door = parts.booking.booking, door
        self._drafts = ModalDrafts(parts.drafts, parts.booking.clock)

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens and drives the window."""
        surfaces.press("decline", self.on_decline)
        surfaces.submission(DECLINE, self.on_submit)

    async def on_decline(self, surface: Surface) -> None:
        """Ask what to tell the one who asked."""
        reader, press = self._door.reader_of(surface), press_of(surface.turn)
        title = reader.say("slack.decline_title")
        view_id = await open_shell(surface, reader, title)
        view = await self._door.enter(surface, view_id, title, any_plan=True)
        if view is None:
            return
        if not view.is_host:
            await self._door.tell(surface, view_id, title, refused(NotAllowed(), reader))
            return
        if view.booking.status is not BookingStatus.PENDING:
            await self._door.stale(surface, view_id, title, view)
            return
        data = {"booking": view.booking.id, "version": press.revision}
        draft = await self._drafts.open(surface, DECLINE, data, view_id)
        asked = reader.say("slack.decline", name=view.who, range=view.range, title=view.title)
        why = field(
            _BLOCK,
            reader.say("slack.why"),
            line(DECLINE_WHY, most=REASON_LIMIT, several=True),
            hint=reader.say("slack.why_hint", other=view.others),
            optional=True,
        )
        shown = modal(
            DECLINE,
            title,
            [section(asked), why],
            close=reader.say("slack.not_now"),
            submit=reader.say("slack.decline_title"),
            metadata=draft.id,
        )
        await surface.update(shown, view_id=view_id)

    async def on_submit(self, surface: Surface) -> Answer:
        """Say no, which frees the time."""
        person, reader = surface.incoming.person, self._door.reader_of(surface)
        draft = await self._drafts.own(surface, DECLINE)
        if draft is None:
            return Update(over(reader))
        version = draft.data.get("version")
        try:
            reason = clean_or_none("reason", values_of(surface).typed(DECLINE_WHY), REASON_LIMIT)
            await self._booking.decline(
                DeclineBooking(
                    actor=surface.incoming.actor,
                    booking_id=BookingId(str(draft.data["booking"])),
                    request_id=request_of(draft),
                    seen_version=version if isinstance(version, int) else None,
                    card=Origin.read(draft).card(draft),
                    reason=reason,
                )
            )
        except InputRefused as error:
            return Errors({_BLOCK: sentence(error, reader)})
        except BookingChanged as error:
            return Update(notice(reader, await self._door.stands(person, error.booking.id)))
        return Clear()
