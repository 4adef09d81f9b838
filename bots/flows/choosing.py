"""Presses on days and times, up to a booking; the same for a new booking and for a move."""

from dataclasses import replace
from datetime import datetime

from bots.chat import Turn
from bots.flows.choices import (
    FLOW,
    Choices,
    Stage,
    given,
    read_date,
    read_instant,
)
from bots.flows.holding import Holding
from bots.flows.journey import Journey
from bots.flows.journey_cards import JourneyCards
from bots.flows.parts import BookingParts
from bots.flows.picker import Picker
from bots.flows.turns import press_of
from bots.router import Router
from scheduling.ports import Draft
from wording import picker as words

_PARTS = ("morning", "afternoon", "evening")


class Choosing:
    """What the picker's buttons do."""

    def __init__(
        self,
        parts: BookingParts,
        picker: Picker,
        journey: Journey,
        holding: Holding,
        cards: JourneyCards,
    ) -> None:
        self._parts, self._picker = parts, picker
        self._journey, self._holding, self._cards = journey, holding, cards

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("noop", self.on_noop)
        router.press("month", self.on_month)
        router.press("day", self.on_day)
        router.press("part", self.on_part)
        router.press("time", self.on_time)
        router.press("same", self.on_same)
        router.press("back", self.on_back)
        router.press("book", self.on_book)
        router.press("retake", self.on_retake)

    async def on_noop(self, turn: Turn) -> None:
        """Do nothing: a heading was pressed. The adapter takes the spinner away."""

    async def on_month(self, turn: Turn) -> None:
        """Turn to other weeks."""
        if found := await self._journey.fresh(turn):
            draft, choices = found
            page = read_date(press_of(turn).argument)
            await self._picker.show_days(turn, draft, replace(choices, page=page))

    async def on_day(self, turn: Turn) -> None:
        """Open a day with free time; of another one, say where the next is. No day: all days."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        day = read_date(press_of(turn).argument)
        if day is None:
            await self._holding.release(turn, choices)
            await self._picker.show_days(turn, draft, choices)
        elif await self._picker.on_day(turn, choices, day):
            await self._picker.show_times(turn, draft, replace(choices, day=day, part=""))
        else:
            then = await self._picker.next_after(turn, choices, day)
            await turn.toast(words.nothing_on(self._journey.reader(turn), day, then))

    async def on_part(self, turn: Turn) -> None:
        """Open a part of the day, or one hour of it."""
        if found := await self._journey.fresh(turn):
            draft, choices = found
            part = press_of(turn).argument
            part = part if part in _PARTS or part.startswith("h") else ""
            await self._picker.show_times(turn, draft, replace(choices, part=part))

    async def on_time(self, turn: Turn) -> None:
        """Keep a time."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        chosen = read_time(press_of(turn).argument, choices)
        if chosen is None:
            await self._journey.present(turn, draft)
            return
        start, number = chosen
        await self._holding.take(turn, draft, self._at(turn, choices, start), start, number)

    def _at(self, turn: Turn, choices: Choices, start: datetime) -> Choices:
        """Return the choices at the day of a start, which is where Back leads."""
        day = self._journey.reader(turn).local(start).date()
        return replace(choices, day=day, part=choices.part if day == choices.day else "")

    async def on_same(self, turn: Turn) -> None:
        """Offer the same time of day on other days."""
        found = await self._journey.fresh(turn)
        start = read_instant(press_of(turn).argument)
        if found is None:
            return
        draft, choices = found
        message = start and await self._cards.same_time(turn, draft, choices, start)
        if message:
            await self._parts.desk.show(turn, draft, message)
        else:
            await self._picker.show_days(turn, draft, choices)

    async def on_back(self, turn: Turn) -> None:
        """Go one step back; leaving a kept time frees it at once."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        if choices.stage is Stage.QUESTION and (before := await self._before(turn, choices)):
            await self._journey.store(turn, draft, replace(choices, asking=before))
            return
        await self._holding.release(turn, choices)
        if choices.day is None:
            await self._picker.show_days(turn, draft, choices)
        else:
            await self._picker.show_times(turn, draft, choices)

    async def _before(self, turn: Turn, choices: Choices) -> str | None:
        """Return the question before the open one."""
        kind = await self._parts.queries.event_type(turn.incoming.organization_id, choices.chosen)
        keys = [question.key for question in kind.questions]
        at = keys.index(choices.asking) if choices.asking in keys else 0
        return keys[at - 1] if at else None

    async def on_book(self, turn: Turn) -> None:
        """Make the booking."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        if choices.stage is Stage.CONFIRM and choices.hold and not choices.moving:
            await self._holding.confirm(turn, draft, choices)
        else:
            await self._journey.present(turn, draft)

    async def on_retake(self, turn: Turn) -> None:
        """Take a time again that was let go, or go back to the days; typed answers are kept.

        The message was written when the hold ended, without knowing the draft's revision: what
        counts is where the draft stands now.
        """
        draft = await self._parts.desk.pressed(turn, FLOW)
        if draft is None:
            return
        choices = Choices.of(draft)
        start = read_instant(press_of(turn).argument)
        if choices.booked:
            await self._journey.say_booked(turn, choices)
        elif start is None or not choices.types:
            await self._holding.release(turn, choices)
            await self._picker.show_days(turn, draft, choices)
        elif await self._is_kept(turn, draft, choices, start):
            await self._journey.present(turn, draft)
        else:
            again = self._at(turn, choices, start)
            await self._holding.take(turn, draft, again, start, choices.number)

    async def _is_kept(self, turn: Turn, draft: Draft, choices: Choices, start: datetime) -> bool:
        """Say whether this very time is kept already: the button was pressed twice."""
        if choices.hold is None or choices.start != start:
            return False
        details = await self._parts.queries.booking(draft.organization_id, given(choices.hold))
        seat = details.booking.seat_of(turn.incoming.person.id)
        now = self._parts.clock.now()
        return seat is not None and seat.expires_at is not None and seat.expires_at > now


def read_time(argument: str, choices: Choices) -> tuple[datetime, int] | None:
    """Return the start and the place of its type in the draft; None for what we never wrote."""
    moment, _, number = argument.partition(".")
    start = read_instant(moment)
    if start is None or not number.isdecimal() or int(number) >= len(choices.types):
        return None
    return start, int(number)
