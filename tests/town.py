"""The coach's and the student's flows over the real services: the cast of the conversations."""

from datetime import datetime, timedelta

from builders.people import acting
from builders.times import at
from office import Office
from phones import Phone
from scheduling.commands import CancelBooking, MoveBooking
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.model import BookingDetails, EventType, Question
from scheduling.notifications import Notification, NotificationKind
from scheduling.upkeep import Upkeep
from wording.notifications import compose, wants_free_near

NOW = at("2026-11-23 09:02")
"""Monday, in Lisbon."""
VIDEO = "https://meet.example/ana-mia"
WISH = Question("wish", "What would you like to work on?")


class Town(Office):
    """Everybody's flows: Ana's lessons, and who books them."""

    async def ana(self, **changes: object) -> tuple[Phone, EventType]:
        """Return Ana in Berlin and her piano lesson, to be booked from tomorrow on."""
        ana, lesson = await self.coach()
        usual: dict[str, object] = {"minimum_notice": timedelta(hours=12), "video": VIDEO}
        return ana, await self.change(lesson, **(usual | changes))

    async def mia(self, *, zone: str | None = "Europe/Lisbon") -> Phone:
        """Return Mia in Lisbon."""
        return await self.phone("Mia Costa", zone=zone)

    async def mia_opens(self, lesson: EventType, *taps: str) -> Phone:
        """Return Mia's phone after she opened a coach's link and tapped these buttons."""
        mia = await self.mia()
        await mia.type(f"/start {lesson.code}")
        for label in taps:
            await mia.tap(label)
        return mia

    async def book_lesson(
        self, mia: Phone, lesson: EventType, *told: Phone, start: str = "2026-11-24 15:00"
    ) -> BookingDetails:
        """Let Mia book by the buttons, tell her and the others, and return what she booked."""
        await mia.type(f"/start {lesson.code}")
        moment = at(start)
        await mia.tap(str(moment.day))
        await mia.tap(f"{moment:%H:%M}")
        await mia.tap("Book it")
        await self.deliver(mia, *told)
        return (await self.of(mia))[0]

    async def cancels(self, phone: Phone, details: BookingDetails) -> None:
        """Let somebody cancel, as from elsewhere."""
        await self.booking.cancel(
            CancelBooking(
                actor=acting(self.person(phone)),
                booking_id=details.booking.id,
                request_id=RequestId(new_id()),
            )
        )

    async def moves(self, phone: Phone, details: BookingDetails, start: datetime) -> None:
        """Let somebody move a booking, as from elsewhere."""
        await self.booking.move(
            MoveBooking(
                actor=acting(self.person(phone)),
                booking_id=details.booking.id,
                request_id=RequestId(new_id()),
                start=start,
            )
        )

    async def of(self, phone: Phone) -> list[BookingDetails]:
        """Return what somebody has booked."""
        person = self.person(phone)
        return await self.database.queries.bookings_of(
            DEFAULT_ORGANIZATION, person.id, now=self.clock.now()
        )

    async def complete(self) -> None:
        """Let what has ended be over."""
        store, queries = self.database.store, self.database.queries
        memory = self.database.memory
        upkeep = Upkeep(store, queries, self.clock, self.policy, _nobody, memory)
        await upkeep.complete_ended()

    async def _show(self, phone: Phone, notification: Notification) -> None:
        """Show it with the free times the dispatcher would read."""
        queries = self.database.queries
        details = None
        if notification.booking_id:
            details = await queries.booking(DEFAULT_ORGANIZATION, notification.booking_id)
        if details and notification.plan_revision not in {None, details.booking.plan_revision}:
            return
        reader = await queries.person(DEFAULT_ORGANIZATION, notification.person_id)
        near: tuple[datetime, ...] = ()
        if details and wants_free_near(notification):
            near = await self.finder.nearest(
                DEFAULT_ORGANIZATION,
                details.booking.event_type_id,
                details.booking.time.start,
                asker_id=reader.id,
            )
            if notification.kind is NotificationKind.HOLD_EXPIRED:
                near = (details.booking.time.start,)
        message = compose(
            notification,
            details,
            reader,
            now=self.clock.now(),
            links=self.links,
            free_near=near,
        )
        await self.put(phone, notification, message)


def _nobody() -> None:
    """Wake nobody: tests deliver by hand."""
