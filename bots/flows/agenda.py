"""A coach's day and week, and closing what is free of it."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from bots.chat import Turn
from bots.flows.hosting_parts import HostingParts, coaches_only
from bots.flows.onlooker import Onlooker
from bots.flows.spans import within_reach
from bots.flows.turns import press_of, reader_of, typed_line
from bots.live.drawing import Rendered
from bots.router import Audience, Router
from scheduling.grammar.when import WhenNotUnderstood, parse_when
from scheduling.ids import PersonId
from scheduling.messages import ChatMessage, Live, Picture
from scheduling.model import BookingDetails, BookingStatus
from scheduling.moments import Interval, local_day
from scheduling.people import Person
from scheduling.ports import LiveCard, about_host
from wording import agenda as words
from wording import week_view as week_words
from wording.agenda import DayFacts
from wording.pictures import week_png
from wording.refusals import not_understood
from wording.times import Reader
from wording.week_text import merged

_REQUESTS_AHEAD = timedelta(days=400)
_WEEK = "week"
KIND = "agenda"
"""Of cards that show a day of a coach."""


class AgendaFlow:
    """Reads a coach's days anew with every press; it remembers nothing."""

    def __init__(self, parts: HostingParts) -> None:
        self._parts = parts

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("agenda", self.on_agenda, audience=Audience.COACH)
        router.press("agenda", self.on_day)
        router.press("week", self.on_week)
        router.press("asks", self.on_requests)
        router.press("shutday", self.on_close_free)
        self._parts.zones.continue_with("agenda", self._show)
        self._parts.renderers.put(KIND, self._draw)

    async def on_agenda(self, turn: Turn) -> None:
        """Show today, or the day or week asked for."""
        if await coaches_only(turn, self._parts):
            line = typed_line(turn)
            if await self._parts.zones.known(turn, then="agenda", text=line):
                await self._show(turn, line)

    async def _show(self, turn: Turn, line: str) -> None:
        reader = self._reader(turn)
        if line.strip().lower() in ("", "day", "today"):
            await self._show_day(turn, reader.today)
            return
        if line.strip().lower() == _WEEK:
            await self._show_week(turn, reader.today)
            return
        try:
            when = parse_when(line, now=reader.local(reader.now))
        except WhenNotUnderstood as error:
            await turn.show(not_understood(error, reader, use=None))
            return
        day = when.on or reader.today
        if not within_reach(day, reader.today):
            day = reader.today
        if when.last and when.last != day:
            await self._show_week(turn, day)
        else:
            await self._show_day(turn, day)

    # --- a day ---

    async def on_day(self, turn: Turn) -> None:
        """Show the day of a button, today without one."""
        if await coaches_only(turn, self._parts):
            await self._parts.desk.hush(turn)
            await self._show_day(turn, self._day(turn))

    async def _show_day(self, turn: Turn, day: date) -> None:
        await turn.show(await self._day_card(turn, day))

    async def _day_card(self, turn: Turn, day: date) -> ChatMessage:
        reader, person = self._reader(turn), turn.incoming.person
        (facts,) = await self._days(reader, person, day, 1)
        message = words.day_card(reader, facts, len(await self._requests(turn)))
        topics, data = frozenset({about_host(person.id)}), (("day", day.isoformat()),)
        return replace(message, live=Live(KIND, person.id, topics, data=data))

    async def _draw(self, live: LiveCard) -> Rendered | None:
        """Return the day as it stands now."""
        person = await self._parts.queries.person(live.organization_id, PersonId(live.subject))
        turn = Onlooker(live, person, self._parts.clock)
        return Rendered(await self._day_card(turn, date.fromisoformat(live.data["day"])))

    async def on_requests(self, turn: Turn) -> None:
        """List the bookings that wait for a yes."""
        if await coaches_only(turn, self._parts):
            requests = await self._requests(turn)
            await turn.show(words.request_list(self._reader(turn), requests))

    async def on_close_free(self, turn: Turn) -> None:
        """Close what is left of a day; what is booked stays."""
        if not await coaches_only(turn, self._parts):
            return
        reader, day = self._reader(turn), self._named_day(turn)
        if day is None or day < reader.today:
            await self._show_day(turn, day or reader.today)
            return
        whole = local_day(day, reader.zone)
        rest = Interval(max(whole.start, reader.now.replace(microsecond=0)), whole.end)
        result = await self._parts.hours.off(
            turn.incoming.actor, rest, turn.incoming.request_id, cancel_hit=False
        )
        await turn.show(words.free_closed(reader, day, len(result.hit), result.undo_id))

    # --- a week ---

    async def on_week(self, turn: Turn) -> None:
        """Show the week of a button as a picture; below a text, in place of a picture."""
        if not await coaches_only(turn, self._parts):
            return
        await self._show_week(turn, self._day(turn))

    async def _show_week(self, turn: Turn, day: date) -> None:
        await turn.busy()
        reader, person = self._reader(turn), turn.incoming.person
        first = day - timedelta(days=(day.weekday() - reader.first_weekday) % 7)
        days = await self._days(reader, person, first, 7)
        text = week_words.week_text(reader, days)
        png = await asyncio.to_thread(week_png, week_words.week_grid(reader, days))
        rows = week_words.week_message_rows(reader, first)
        message = week_words.week_message(text, Picture(png, text), rows)
        # The text it was asked from stays; a picture gives its place to the next one.
        from_picture = press_of(turn).revision == week_words.FROM_PICTURE
        await (turn.show(message) if from_picture else turn.say(message))

    # --- facts ---

    async def _days(
        self, reader: Reader, person: Person, first: date, count: int
    ) -> list[DayFacts]:
        dates = [first + timedelta(days=step) for step in range(count)]
        span = Interval(
            local_day(dates[0], reader.zone).start, local_day(dates[-1], reader.zone).end
        )
        queries, organization_id = self._parts.queries, person.organization_id
        booked = await queries.hosted(organization_id, person.id, span)
        kinds = await queries.event_types_of(organization_id, person.id)
        ids = [kind.id for kind in kinds]
        slots = await self._parts.finder.free(organization_id, ids, span) if ids else []
        overview = await queries.hours(organization_id, person.id, reader.now)
        off = [one.time for one in overview.time_off] if overview else []

        def facts(day: date) -> DayFacts:
            whole = local_day(day, reader.zone)
            today = [d for d in booked if whole.start <= d.booking.time.start < whole.end]
            # A group with seats left can be booked, but its time is not free.
            taken = {details.booking.time.start for details in today}
            starts = [
                slot
                for slot in slots
                if whole.start <= slot.start < whole.end and slot.start not in taken
            ]
            return DayFacts(
                day,
                tuple(today),
                tuple(merged([(slot.start, slot.end) for slot in starts])),
                len({slot.start for slot in starts}),
                tuple(time for time in off if time.overlaps(whole)),
            )

        return [facts(day) for day in dates]

    async def _requests(self, turn: Turn) -> list[BookingDetails]:
        incoming, now = turn.incoming, self._parts.clock.now()
        ahead = Interval(now, now + _REQUESTS_AHEAD)
        hosted = await self._parts.queries.hosted(
            incoming.organization_id, incoming.person.id, ahead
        )
        return [
            details
            for details in hosted
            if details.booking.status is BookingStatus.PENDING
            and (details.booking.expires_at is None or details.booking.expires_at > now)
        ]

    def _day(self, turn: Turn) -> date:
        """Return the day to show: today where the button names none."""
        return self._named_day(turn) or self._reader(turn).today

    def _named_day(self, turn: Turn) -> date | None:
        """Return the day of the button; nothing in it is trusted."""
        try:
            day = date.fromisoformat(press_of(turn).argument)
        except ValueError:
            return None
        return day if within_reach(day, self._reader(turn).today) else None

    def _reader(self, turn: Turn) -> Reader:
        return reader_of(turn, self._parts.clock)
