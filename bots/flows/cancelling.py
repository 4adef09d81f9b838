"""Cancelling, with a reason if one likes or must; and undo."""

from dataclasses import dataclass
from typing import Self

from bots.chat import Turn
from bots.flows.bookings import Bookings, is_open
from bots.flows.choices import FLOW as BOOKING_FLOW
from bots.flows.choices import Choices, request_of, target_of
from bots.flows.journey import card_of
from bots.flows.moving import Moving
from bots.flows.parts import BookingParts
from bots.flows.turns import press_of, typed_text
from bots.router import Router
from scheduling.commands import CancelBooking, UndoChange
from scheduling.errors import BookingChanged, InputRefused, PastCutOff, ReasonMissing, UndoGone
from scheduling.ids import BookingId
from scheduling.model import BookingStatus
from scheduling.ports import Draft
from scheduling.text import REASON_LIMIT, clean
from wording import cancelling as words
from wording.refusals import sentence
from wording.view import View, may_change

FLOW = "cancel"
AWAITS = "reason"


@dataclass(frozen=True, slots=True)
class CancelDraft:
    """Which booking is about to be cancelled, as it was planned then, and why."""

    booking: BookingId
    plan: int
    reason: str = ""
    done: bool = False

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Read it back."""
        plan = draft.data.get("plan")
        return cls(
            booking=BookingId(str(draft.data.get("booking", ""))),
            plan=plan if isinstance(plan, int) else 0,
            reason=str(draft.data.get("reason", "")),
            done=bool(draft.data.get("done")),
        )

    @property
    def data(self) -> dict[str, object]:
        """Return it as the draft keeps it."""
        return {
            "booking": self.booking,
            "plan": self.plan,
            "reason": self.reason,
            "done": self.done,
        }


class Cancelling:
    """Cancel, for both sides, and undo."""

    def __init__(self, parts: BookingParts, bookings: Bookings, moving: Moving) -> None:
        self._parts, self._bookings, self._moving = parts, bookings, moving

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("cancel", self.on_cancel)
        router.press("cancelgo", self.on_go)
        router.press("keep", self.on_keep)
        router.press("undo", self.on_undo)
        router.text(AWAITS, self.on_reason)

    async def on_cancel(self, turn: Turn) -> None:
        """Ask whether to cancel, and why."""
        view = await self._bookings.pressed(turn)
        if view is None:
            return
        pending = view.booking.status is BookingStatus.PENDING
        if not is_open(view):
            await self._bookings.stale(turn, view)
        elif may_change(view) or pending:
            asked = CancelDraft(view.booking.id, view.booking.plan_revision)
            draft = await self._parts.desk.open(turn, FLOW, asked.data, awaits=AWAITS)
            await self._parts.desk.show(turn, draft, words.ask(view, target_of(draft)))
        else:
            await turn.show(words.too_late(view))

    async def on_reason(self, turn: Turn, draft: Draft) -> None:
        """Keep the reason typed, and ask again whether to cancel."""
        asked = CancelDraft.of(draft)
        view = await self._view(turn, asked)
        reason, problem = asked.reason, ""
        try:
            reason = clean("reason", typed_text(turn), REASON_LIMIT)
        except InputRefused as error:
            problem = sentence(error, view.reader)
        kept = CancelDraft(asked.booking, asked.plan, reason)
        draft = await self._parts.desk.save(draft, kept.data, awaits=AWAITS)
        message = words.ask(view, target_of(draft), reason=reason, problem=problem)
        await self._parts.desk.show(turn, draft, message)

    async def on_go(self, turn: Turn) -> None:
        """Cancel; the answer comes into this card."""
        draft = await self._parts.desk.pressed(turn, FLOW)
        if draft is None:
            return
        asked = CancelDraft.of(draft)
        view = await self._view(turn, asked)
        if asked.done or view.booking.plan_revision != asked.plan:
            await self._bookings.stale(turn, view)
        elif press_of(turn).revision != draft.revision:
            message = words.ask(view, target_of(draft), reason=asked.reason)
            await self._parts.desk.show(turn, draft, message)
        else:
            await self._cancel(turn, draft, asked, view)

    async def _cancel(self, turn: Turn, draft: Draft, asked: CancelDraft, view: View) -> None:
        command = CancelBooking(
            actor=turn.incoming.actor,
            booking_id=asked.booking,
            request_id=request_of(draft),
            seen_version=view.booking.version,
            card=card_of(turn, draft),
            reason=asked.reason or None,
        )
        try:
            await self._parts.booking.cancel(command)
        except PastCutOff:
            await turn.show(words.too_late(view))
        except ReasonMissing as error:
            problem = sentence(error, view.reader)
            message = words.ask(view, target_of(draft), problem=problem)
            await self._parts.desk.show(turn, draft, message)
        except BookingChanged as error:
            await self._bookings.changed(turn, error)
        else:
            done = CancelDraft(asked.booking, asked.plan, asked.reason, done=True)
            await self._parts.desk.save(draft, done.data)

    async def on_keep(self, turn: Turn) -> None:
        """Leave everything as it is: of a move or of a cancellation."""
        known = await self._parts.desk.get(turn, press_of(turn).subject)
        moves = known is not None and bool(Choices.of(known).moving)
        draft = await self._parts.desk.pressed(turn, BOOKING_FLOW if moves else FLOW)
        if draft is None:
            return
        if moves:
            await self._moving.keep(turn, Choices.of(draft))
            return
        view = await self._view(turn, CancelDraft.of(draft))
        await self._parts.desk.save(draft, draft.data)  # no reason is waited for any more
        await turn.show(self._bookings.card(view))

    async def on_undo(self, turn: Turn) -> None:
        """Take the person's own last change back, while that is possible."""
        view = await self._bookings.find(turn)
        if view is None:
            return
        command = UndoChange(
            actor=turn.incoming.actor,
            booking_id=view.booking.id,
            request_id=turn.incoming.request_id,
            card=turn.incoming.card,
        )
        try:
            await self._parts.booking.undo(command)
        except UndoGone as error:
            await turn.toast(sentence(error, view.reader))
            await turn.show(self._bookings.card(view))
        except BookingChanged as error:
            await self._bookings.changed(turn, error)

    async def _view(self, turn: Turn, asked: CancelDraft) -> View:
        details = await self._parts.queries.booking(turn.incoming.organization_id, asked.booking)
        return self._bookings.view(turn, details)
