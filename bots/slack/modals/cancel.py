"""Cancelling in a window, with a reason if one likes or must."""

from bots.flows.bookings import is_open
from bots.slack.modals.doors import BookingDoor, open_shell
from bots.slack.modals.drafts import ModalDrafts, Origin, request_of, values_of
from bots.slack.modals.elements import Json, actions, button, field, line, modal, section
from bots.slack.modals.notices import notice, over
from bots.slack.modals.parts import SurfaceParts
from bots.slack.surface import Answer, Clear, Errors, SlackSurfaces, Surface, Update
from scheduling.commands import CancelBooking
from scheduling.errors import BookingChanged, InputRefused, PastCutOff, ReasonMissing
from scheduling.ids import BookingId
from scheduling.model import BookingStatus
from scheduling.text import REASON_LIMIT, clean_or_none
from wording import buttons
from wording import cancelling as words
from wording.refusals import sentence
from wording.view import View, may_change

CALLBACK, WHY = "sb.cancel", "sb.cancel.why"
_BLOCK = "why"


class CancelModal:
    """The window "Cancel"."""

    def __init__(self, parts: SurfaceParts, door: BookingDoor) -> None:
        self._booking, self._door = parts.booking.booking, door
        self._drafts = ModalDrafts(parts.drafts, parts.booking.clock)

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens and drives the window."""
        surfaces.press("cancel", self.on_cancel)
        surfaces.submission(CALLBACK, self.on_submit)

    async def on_cancel(self, surface: Surface) -> None:
        """Ask why, unless it is too late or over."""
        reader = self._door.reader_of(surface)
        title = reader.say("slack.cancel_title")
        view_id = await open_shell(surface, reader, title)
        view = await self._door.enter(surface, view_id, title)
        if view is None:
            return
        pending = view.booking.status is BookingStatus.PENDING
        if not is_open(view):
            await self._door.stale(surface, view_id, title, view)
        elif may_change(view) or pending:
            data = {"booking": view.booking.id, "plan": view.booking.plan_revision}
            draft = await self._drafts.open(surface, CALLBACK, data, view_id)
            await surface.update(cancel_view(view, draft.id), view_id=view_id)
        else:
            await self._door.tell(surface, view_id, title, words.too_late(view))

    async def on_submit(self, surface: Surface) -> Answer:
        """Cancel; the answer comes into the card it was begun from, or as a message."""
        person = surface.incoming.person
        reader = self._door.reader_of(surface)
        draft = await self._drafts.own(surface, CALLBACK)
        if draft is None:
            return Update(over(reader))
        view = await self._door.view(person, BookingId(str(draft.data["booking"])))
        if draft.data.get("done"):
            return Clear()
        if view.booking.plan_revision != draft.data.get("plan"):
            return Update(notice(reader, await self._door.stands(person, view.booking.id)))
        try:
            reason = clean_or_none("reason", values_of(surface).typed(WHY), REASON_LIMIT)
            await self._booking.cancel(
                CancelBooking(
                    actor=surface.incoming.actor,
                    booking_id=view.booking.id,
                    request_id=request_of(draft),
                    card=Origin.read(draft).card(draft),
                    reason=reason,
                )
            )
        except (InputRefused, ReasonMissing) as error:
            return Errors({_BLOCK: sentence(error, reader)})
        except PastCutOff:
            return Update(notice(reader, words.too_late(view)))
        except BookingChanged as error:
            return Update(notice(reader, await self._door.stands(person, error.booking.id)))
        await self._drafts.note(draft, {"done": True})
        return Clear()


def cancel_view(view: View, draft_id: str) -> Json:
    """Return the window that asks whether, and why."""
    say = view.reader.say
    withdraws = view.booking.status is BookingStatus.PENDING and not view.is_host
    question = say(
        "slack.withdraw" if withdraws else "slack.cancel", range=view.range, what=view.what
    )
    blocks = [
        section(question),
        field(
            _BLOCK,
            say("slack.why"),
            line(WHY, most=REASON_LIMIT, several=True),
            hint=say("slack.why_hint", other=view.others),
            optional=not words.needs_reason(view),
        ),
    ]
    movable = view.booking.capacity == 1 or view.is_host
    if view.booking.status is not BookingStatus.PENDING and movable:
        instead = button(buttons.on_booking(view, say("cancel.move"), "move"))
        blocks += actions([instead] if instead else [])
    go = say("cancel.withdraw_go") if withdraws else say("cancel.go", noun=view.noun)
    return modal(
        CALLBACK,
        say("slack.withdraw_title" if withdraws else "slack.cancel_title"),
        blocks,
        close=say("slack.keep"),
        submit=go if len(go) <= 24 else say("slack.cancel_go"),
        metadata=draft_id,
    )
