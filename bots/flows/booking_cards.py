"""Open cards of bookings, kept right for both sides."""

import json
from datetime import datetime

from bots.flows.bookings import Bookings
from bots.flows.choices import given
from bots.flows.onlooker import Onlooker
from bots.flows.parts import BookingParts
from bots.live.drawing import Rendered
from scheduling.errors import SchedulingError
from scheduling.ids import BookingId, NotificationId
from scheduling.messages import ChatMessage
from scheduling.notifications import Notification, NotificationKind
from scheduling.ports import LiveCard
from wording import my as my_words
from wording.keeping import BOOKING, NOTICE, POINTER, pointer
from wording.notifications import compose, wants_free_near
from wording.view import View


class BookingCards:
    """Draws a booking's card, or what a notification said of it, as it would be said now."""

    def __init__(self, parts: BookingParts, bookings: Bookings) -> None:
        self._parts, self._bookings = parts, bookings

    def register(self) -> None:
        """Let cards of bookings be drawn here."""
        for kind in (BOOKING, NOTICE, POINTER):
            self._parts.renderers.put(kind, self.draw)

    async def draw(self, live: LiveCard) -> Rendered | None:
        """Return what the card has to show now."""
        person = await self._parts.queries.person(live.organization_id, given(live.person_id))
        details = await self._parts.queries.booking(live.organization_id, BookingId(live.subject))
        view = self._bookings.view(Onlooker(live, person, self._parts.clock), details)
        if live.kind == NOTICE:
            return Rendered(await self._notice(live, view))
        if live.kind == POINTER:
            return Rendered(pointer(view))
        card = self._bookings.card(view)
        return Rendered(my_words.with_file_button(view, card) if live.data.get("file") else card)

    async def _notice(self, live: LiveCard, view: View) -> ChatMessage:
        """Say it again, unless the plan it told of has been overtaken."""
        if live.data.get("plan") != str(view.booking.plan_revision):
            return pointer(view)
        now = self._parts.clock.now()
        notification = Notification(
            organization_id=live.organization_id,
            id=NotificationId(""),
            kind=NotificationKind(live.data["kind"]),
            person_id=view.person.id,
            dedupe_key="",
            due_at=now,
            booking_id=view.booking.id,
            payload=json.loads(live.data["payload"]),
        )
        near = await self._near(view) if wants_free_near(notification) else ()
        return compose(
            notification,
            view.details,
            view.person,
            now=now,
            links=self._parts.links,
            free_near=near,
            usual_reminders=self._parts.policy.reminders,
        )

    async def _near(self, view: View) -> tuple[datetime, ...]:
        booking = view.booking
        try:
            return await self._parts.finder.nearest(
                booking.organization_id,
                booking.event_type_id,
                booking.time.start,
                asker_id=view.person.id,
            )
        except SchedulingError:
            return ()
