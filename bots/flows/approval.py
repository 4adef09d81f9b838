"""A coach's yes and no to requests, and "I'll wait"; the result comes as a notification."""

from bots.chat import Turn
from bots.flows.hosting_parts import HostingParts, request_of, target_of
from bots.flows.turns import press_of, reader_of, typed_text
from bots.router import Router
from scheduling.commands import ApproveBooking, DeclineBooking, SayWaiting
from scheduling.errors import BookingChanged, InputRefused, NotAllowed
from scheduling.ids import BookingId
from scheduling.messages import ChatMessage
from scheduling.model import BookingDetails, BookingStatus
from scheduling.notifications import NotificationKind
from scheduling.people import Card
from scheduling.ports import Draft
from wording import approval as words
from wording import booking as cards
from wording.keeping import kept_as, kept_card
from wording.news import request
from wording.news_view import News
from wording.refusals import sentence, stands
from wording.view import View

FLOW = "decline"
AWAITS = "decline.reason"


class ApprovalFlow:
    """Answers requests once; an old button shows what became of the request."""

    def __init__(self, parts: HostingParts) -> None:
        self._parts = parts
        self._desk = parts.desk

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("approve", self.on_approve)
        router.press("decline", self.on_decline)
        router.press("declgo", self.on_choice)
        router.press("wait", self.on_wait)
        router.text(AWAITS, self.on_reason)

    async def on_approve(self, turn: Turn) -> None:
        """Say yes."""
        press, incoming = press_of(turn), turn.incoming
        command = ApproveBooking(
            actor=incoming.actor,
            booking_id=BookingId(press.subject),
            request_id=incoming.request_id,
            seen_version=press.revision,
            card=incoming.card,
        )
        try:
            await self._parts.booking.approve(command)
        except BookingChanged as changed:
            await self._show_truth(turn, changed)

    async def on_decline(self, turn: Turn) -> None:
        """Ask what to tell the one who asked."""
        press = press_of(turn)
        details = await self._requested(turn, BookingId(press.subject))
        if details is None:
            return
        data = {"booking_id": press.subject, "version": press.revision}
        draft = await self._desk.open(turn, FLOW, data, awaits=AWAITS)
        await self._ask(turn, draft, details)

    async def on_choice(self, turn: Turn) -> None:
        """Take ready-made words, none, or go back to the request."""
        draft = await self._desk.pressed(turn, FLOW)
        if draft is None:
            return
        details = await self._requested(turn, BookingId(str(draft.data["booking_id"])))
        if details is None:
            return
        press, reader = press_of(turn), reader_of(turn, self._parts.clock)
        if press.argument == "back" or press.revision != draft.revision:
            draft = await self._desk.save(draft, draft.data)
            await self._desk.show(turn, draft, self._request_card(turn, details))
        else:
            reason = words.not_free(reader) if press.argument == "notfree" else None
            await self._decline(turn, draft, details, reason)

    async def on_reason(self, turn: Turn, draft: Draft) -> None:
        """Take the words as typed."""
        details = await self._requested(turn, BookingId(str(draft.data["booking_id"])))
        if details is not None:
            await self._decline(turn, draft, details, typed_text(turn) or None)

    async def on_wait(self, turn: Turn) -> None:
        """Tell somebody who is late that they are waited for."""
        press, incoming = press_of(turn), turn.incoming
        command = SayWaiting(
            actor=incoming.actor,
            booking_id=BookingId(press.subject),
            request_id=incoming.request_id,
            card=incoming.card,
        )
        try:
            await self._parts.booking.waiting(command)
        except BookingChanged as changed:
            await self._show_truth(turn, changed)

    # --- inside ---

    async def _decline(
        self, turn: Turn, draft: Draft, details: BookingDetails, reason: str | None
    ) -> None:
        version = draft.data["version"]
        card = turn.incoming.card
        if card is None and draft.message_id is not None:
            card = Card(draft.chat, draft.message_id)
        command = DeclineBooking(
            actor=turn.incoming.actor,
            booking_id=details.booking.id,
            request_id=request_of(turn, draft),
            seen_version=version if isinstance(version, int) else None,
            card=card,
            reason=reason,
        )
        try:
            await self._parts.booking.decline(command)
        except BookingChanged as changed:
            await self._show_truth(turn, changed)
        except InputRefused as refused:
            problem = sentence(refused, reader_of(turn, self._parts.clock))
            await self._ask(turn, draft, details, problem)
            return
        await self._desk.save(draft, draft.data)

    async def _ask(
        self, turn: Turn, draft: Draft, details: BookingDetails, problem: str = ""
    ) -> None:
        reader = reader_of(turn, self._parts.clock)
        name = self._view(turn, details).others
        message = words.ask_reason(reader, target_of(draft), name, problem=problem)
        await self._desk.show(turn, draft, message)

    async def _requested(self, turn: Turn, booking_id: BookingId) -> BookingDetails | None:
        """Return the request if it still waits; else show what became of it."""
        incoming = turn.incoming
        details = await self._parts.queries.booking(incoming.organization_id, booking_id)
        if details.booking.host_id != incoming.person.id:
            raise NotAllowed
        if details.booking.status is BookingStatus.PENDING:
            return details
        await self._show(turn, details)
        return None

    async def _show_truth(self, turn: Turn, changed: BookingChanged) -> None:
        organization_id = turn.incoming.organization_id
        details = await self._parts.queries.booking(organization_id, changed.booking.id)
        await self._show(turn, details)

    async def _show(self, turn: Turn, details: BookingDetails) -> None:
        reader, booking = reader_of(turn, self._parts.clock), details.booking
        await turn.toast(stands(booking, reader))
        match booking.status:
            case BookingStatus.PENDING:
                await turn.show(self._request_card(turn, details))
            case BookingStatus.DECLINED | BookingStatus.EXPIRED:
                await turn.show(words.ended(reader, booking))
            case _:
                view = self._view(turn, details)
                await turn.show(kept_card(view, cards.card(view)))

    def _request_card(self, turn: Turn, details: BookingDetails) -> ChatMessage:
        usual = self._parts.policy.reminders
        view = self._view(turn, details)
        asked = request(News(view, {}, (), usual))
        return kept_as(NotificationKind.PENDING, {}, view, asked)

    def _view(self, turn: Turn, details: BookingDetails) -> View:
        return View.of(details, turn.incoming.person, self._parts.clock.now())
