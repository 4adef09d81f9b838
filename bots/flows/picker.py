"""Days and times with what is free now; every view is read anew, nothing is remembered."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import compress

from bots.chat import Turn
from bots.flows.choices import FLOW, Choices, Stage, target_of
from bots.flows.parts import BookingParts
from bots.flows.turns import reader_of
from scheduling.errors import OwnTime, SlotRefused, TooManyBookings
from scheduling.ids import EventTypeId, PersonId
from scheduling.messages import ChatMessage, Live
from scheduling.model import EventType
from scheduling.moments import Interval, seconds
from scheduling.people import Person
from scheduling.ports import Draft, about_booking, about_host
from scheduling.slots import Slot
from wording import picker as words
from wording.picker import Days, Offer, Times
from wording.refusals import sentence
from wording.times import Reader

WEEKS_A_PAGE = 4
KIND = "journey"
"""Of cards that show a draft at choosing."""
LOST, SAME = "lost", "same"
"""What a card shows that its draft does not tell: a time that was lost, one on other days."""
_MOST_HOSTS = 50


class Picker:
    """Shows a draft that is at choosing a day or a time."""

    def __init__(self, parts: BookingParts) -> None:
        self._parts = parts

    # --- what is offered ---

    async def offer(self, turn: Turn, choices: Choices) -> Offer:
        """Read what the draft picks from."""
        queries, organization_id = self._parts.queries, turn.incoming.organization_id
        kinds: list[EventType] = []
        hosts: dict[PersonId, Person] = {}
        for event_type_id in choices.types:
            kind = await queries.event_type(organization_id, event_type_id)
            kinds.append(kind)
            if kind.host_id not in hosts:
                hosts[kind.host_id] = await queries.person(organization_id, kind.host_id)
        moving = None
        if choices.moving:
            moving = await queries.booking(organization_id, choices.moving)
        return Offer(tuple(kinds), hosts, moving, others=choices.others)

    async def free(self, turn: Turn, choices: Choices, span: Interval) -> list[Slot]:
        """Return what this person can book (or move to) within the span."""
        return await self._parts.finder.free(
            turn.incoming.organization_id,
            choices.types,
            span,
            asker_id=await self._asker(turn, choices),
            excluding=choices.moving,
        )

    async def live_days(self, turn: Turn, choices: Choices, first: date) -> frozenset[date]:
        """Return the days of a page, by its first, on which this person can book something."""
        reader = reader_of(turn, self._parts.clock)
        days = [first + timedelta(days=step) for step in range(7 * WEEKS_A_PAGE)]
        live = await self._parts.finder.free_within(
            turn.incoming.organization_id,
            choices.types,
            [span_of(reader, day, day + timedelta(days=1)) for day in days],
            asker_id=await self._asker(turn, choices),
            excluding=choices.moving,
        )
        return frozenset(compress(days, live))

    async def first_free(
        self, turn: Turn, choices: Choices, after: datetime | None = None
    ) -> Slot | None:
        """Return the earliest start this person can book, after a moment."""
        return await self._parts.finder.first_free(
            turn.incoming.organization_id,
            choices.types,
            asker_id=await self._asker(turn, choices),
            after=after,
            excluding=choices.moving,
        )

    async def _asker(self, turn: Turn, choices: Choices) -> PersonId | None:
        """Return whose other bookings matter; a host moving a booking is no asker of their own."""
        person_id = turn.incoming.person.id
        if choices.moving:
            details = await self._parts.queries.booking(
                turn.incoming.organization_id, choices.moving
            )
            return None if details.booking.host_id == person_id else person_id
        return person_id

    # --- views ---

    async def show_days(self, turn: Turn, draft: Draft, choices: Choices) -> None:
        """Show the page of weeks the draft stands at."""
        choices = replace(choices.without_time(Stage.DAYS), day=None, part="")
        draft = await self._parts.desk.save(draft, choices.data)
        await self._parts.desk.show(turn, draft, await self.days(turn, draft, choices))

    async def show_times(self, turn: Turn, draft: Draft, choices: Choices, note: str = "") -> None:
        """Show the times of the day the draft stands at."""
        choices = choices.without_time(Stage.TIMES)
        draft = await self._parts.desk.save(draft, choices.data)
        await self._parts.desk.show(turn, draft, await self.times(turn, draft, choices, note))

    async def open(self, turn: Turn, choices: Choices) -> None:
        """Begin a journey at the days."""
        draft = await self._parts.desk.open(turn, FLOW, choices.data)
        await self._parts.desk.show(turn, draft, await self.days(turn, draft, choices))

    async def days(self, turn: Turn, draft: Draft, choices: Choices) -> ChatMessage:
        """Return the weeks with their free days."""
        reader, offer = reader_of(turn, self._parts.clock), await self.offer(turn, choices)
        first = await self.first_free(turn, choices)
        if first is None:
            why = await self._why_nothing(turn, choices)
            nothing = Days(reader.today, 0, frozenset(), None, None, None, why)
            return kept(words.days(reader, target_of(draft), offer, nothing), draft, offer)
        begin = week_of(reader, reader.local(first.start).date())
        page = max(begin, week_of(reader, choices.page)) if choices.page else begin
        end = page + timedelta(weeks=WEEKS_A_PAGE)
        live = await self.live_days(turn, choices, page)
        after = await self.first_free(turn, choices, after=_just_before(reader, end))
        shown = Days(
            first=page,
            weeks=_weeks(page, max(live, default=page)),
            live=live,
            first_free=first,
            earlier=max(begin, page - timedelta(weeks=WEEKS_A_PAGE)) if page > begin else None,
            later=week_of(reader, reader.local(after.start).date()) if after else None,
        )
        return kept(words.days(reader, target_of(draft), offer, shown), draft, offer)

    async def _why_nothing(self, turn: Turn, choices: Choices) -> str:
        """Return why this person finds nothing free where others do; else nothing."""
        organization_id, asker = turn.incoming.organization_id, await self._asker(turn, choices)
        finder = self._parts.finder
        free = await finder.first_free(organization_id, choices.types, excluding=choices.moving)
        if free is None or asker is None:
            return ""
        refused = await finder.refusal(
            organization_id,
            free.event_type_id,
            free.start,
            asker_id=asker,
            excluding=choices.moving,
        )
        tells = isinstance(refused, TooManyBookings | OwnTime)
        return sentence(refused, reader_of(turn, self._parts.clock)) if refused and tells else ""

    async def times(
        self, turn: Turn, draft: Draft, choices: Choices, note: str = ""
    ) -> ChatMessage:
        """Return the free times of the draft's day."""
        reader, offer = reader_of(turn, self._parts.clock), await self.offer(turn, choices)
        day = choices.day or reader.today
        slots = await self.on_day(turn, choices, day)
        then = await self.next_after(turn, choices, day)
        shown = Times(
            day=day,
            slots=tuple(slots),
            part=choices.part,
            next_day=reader.local(then.start).date() if then else None,
            note=note,
        )
        return kept(words.times(reader, target_of(draft), offer, shown), draft, offer)

    async def on_day(self, turn: Turn, choices: Choices, day: date) -> list[Slot]:
        """Return what is free on one day of the reader."""
        reader = reader_of(turn, self._parts.clock)
        return await self.free(turn, choices, span_of(reader, day, day + timedelta(days=1)))

    async def next_after(self, turn: Turn, choices: Choices, day: date) -> Slot | None:
        """Return the first free start after one day of the reader."""
        reader = reader_of(turn, self._parts.clock)
        following = day + timedelta(days=1)
        return await self.first_free(turn, choices, after=_just_before(reader, following))

    async def type_at(self, turn: Turn, choices: Choices, start: datetime) -> int | None:
        """Return which of the types is free at a start; None when none is."""
        slots = await self.free(turn, choices, Interval(start, start + timedelta(seconds=1)))
        at = next((slot for slot in slots if slot.start == start), None)
        return _number(choices.types, at.event_type_id) if at else None

    async def nearest(self, turn: Turn, choices: Choices, start: datetime) -> tuple[datetime, ...]:
        """Return the free starts nearest to one of the chosen type."""
        return await self._parts.finder.nearest(
            turn.incoming.organization_id,
            choices.chosen,
            start,
            asker_id=await self._asker(turn, choices),
            excluding=choices.moving,
        )

    async def refusal(self, turn: Turn, choices: Choices, start: datetime) -> SlotRefused | None:
        """Return why a start of the chosen type cannot be had now, or None."""
        return await self._parts.finder.refusal(
            turn.incoming.organization_id,
            choices.chosen,
            start,
            asker_id=await self._asker(turn, choices),
            excluding=choices.moving,
        )

    async def same_time(self, turn: Turn, choices: Choices, start: datetime) -> list[Slot]:
        """Return starts at the same time of day on the days after, for two weeks."""
        reader = reader_of(turn, self._parts.clock)
        wanted = reader.local(start)
        first = wanted.date() + timedelta(days=1)
        slots = await self.free(turn, choices, span_of(reader, first, first + timedelta(days=14)))
        return [slot for slot in slots if reader.local(slot.start).time() == wanted.time()]


def kept(
    message: ChatMessage,
    draft: Draft,
    offer: Offer,
    shows: str = "",
    start: datetime | None = None,
) -> ChatMessage:
    """Return the message to be kept right; ``shows`` is what of a start the draft does not tell.

    With very many hosts hardly a second would pass without a change: such a card stays as it is.
    """
    if len(offer.hosts) > _MOST_HOSTS:
        return message
    topics = {about_host(host_id) for host_id in offer.hosts}
    if offer.moving is not None:
        topics.add(about_booking(offer.moving.booking.id))
    about = f"{shows}.{seconds(start)}" if start else ""
    data = (("shows", about), ("revision", str(draft.revision)))
    return replace(message, live=Live(KIND, draft.id, frozenset(topics), data=data))


def week_of(reader: Reader, day: date) -> date:
    """Return the day on which the reader's week of that day begins."""
    return day - timedelta(days=(day.weekday() - reader.first_weekday) % 7)


def span_of(reader: Reader, first: date, end: date) -> Interval:
    """Return the reader's days from the first up to, and without, the end."""
    return Interval(_midnight(reader, first), _midnight(reader, end))


def _midnight(reader: Reader, day: date) -> datetime:
    return reader.at(datetime(day.year, day.month, day.day))  # noqa: DTZ001  # a wall time


def _just_before(reader: Reader, day: date) -> datetime:
    # first_free looks strictly after a moment, to the second; midnight itself counts.
    return _midnight(reader, day) - timedelta(seconds=1)


def _weeks(page: date, last: date) -> int:
    """Return how many weeks to draw: two at least, none after the last free day."""
    return min(WEEKS_A_PAGE, max(2, (last - page).days // 7 + 1))


def _number(types: tuple[EventTypeId, ...], event_type_id: EventTypeId) -> int:
    return types.index(event_type_id)
