"""Following a wish about time: straight to it where it is free, near it where it is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bots.chat import Turn
from bots.flows.choices import Choices
from bots.flows.holding import Holding
from bots.flows.journey import Journey
from bots.flows.parts import BookingParts
from bots.flows.picker import Picker
from scheduling.errors import SlotTaken
from scheduling.grammar.when import When
from scheduling.ports import Draft
from wording.times import Reader

_DAY = timedelta(days=1)


class Wishing:
    """Takes a journey to the time that was typed."""

    def __init__(
        self, parts: BookingParts, picker: Picker, journey: Journey, holding: Holding
    ) -> None:
        self._parts, self._picker = parts, picker
        self._journey, self._holding = journey, holding

    async def follow(self, turn: Turn, draft: Draft, choices: Choices, when: When | None) -> None:
        """Show what was wished for; without a wish, the days."""
        reader = self._journey.reader(turn)
        if when is None or (when.on is None and when.at is None and when.part is None):
            await self._journey.present(turn, draft)
        elif when.at is not None and when.on is not None:
            await self._at(turn, draft, choices, when)
        elif when.at is not None:
            await self._next_at(turn, draft, choices, when.at)
        elif when.on is not None and when.last not in {None, when.on}:
            await self._picker.show_days(turn, draft, replace(choices, page=when.on))
        else:
            first = await self._picker.first_free(turn, choices)
            soonest = reader.local(first.start).date() if first else reader.today
            day = when.on or soonest
            wished = replace(choices, day=day, part=await self._part(turn, choices, day, when))
            await self._picker.show_times(turn, draft, wished)

    async def _part(self, turn: Turn, choices: Choices, day: date, when: When) -> str:
        """Return the part of the day wished for, unless nothing is free in it."""
        if when.part is None:
            return ""
        reader = self._journey.reader(turn)
        slots = await self._picker.on_day(turn, choices, day)
        inside = any(_part_of(reader.local(slot.start)) == when.part for slot in slots)
        return when.part if inside else ""

    async def _at(self, turn: Turn, draft: Draft, choices: Choices, when: When) -> None:
        reader = self._journey.reader(turn)
        readings = when.readings or (when,)
        starts = [s for each in readings for s in _instants(reader, each.on, each.at)]
        if not starts:
            await self._gap(turn, draft, choices, when)
            return
        free = [
            (s, n)
            for s in starts
            if (n := await self._picker.type_at(turn, choices, s)) is not None
        ]
        day = reader.local(starts[0]).date()
        if len(free) == 1:
            start, number = free[0]
            await self._holding.take(turn, draft, replace(choices, day=day), start, number)
        elif free:
            await self._picker.show_times(turn, draft, replace(choices, day=day, part=""))
        else:
            await self._not_free(turn, draft, choices, starts[0])

    async def _not_free(self, turn: Turn, draft: Draft, choices: Choices, start: datetime) -> None:
        organization_id, person_id = turn.incoming.organization_id, turn.incoming.person.id
        kind = choices.types[0]
        refused = await self._parts.finder.refusal(organization_id, kind, start, asker_id=person_id)
        error = refused or SlotTaken(start)
        error.alternatives = await self._parts.finder.nearest(
            organization_id, kind, start, asker_id=person_id
        )
        await self._holding.lost(turn, draft, replace(choices, number=0), error, just=False)

    async def _gap(self, turn: Turn, draft: Draft, choices: Choices, when: When) -> None:
        """Say that the clocks skip that time, over what is free that day."""
        reader = self._journey.reader(turn)
        typed = f"{(when.at or 0) // 60:02}:{(when.at or 0) % 60:02}"
        note = reader.say("refused.gap", time=typed)
        wished = replace(choices, day=when.on, part="")
        await self._picker.show_times(turn, draft, wished, note)

    async def _next_at(self, turn: Turn, draft: Draft, choices: Choices, minute: int) -> None:
        """Take the next day on which that time of day is free."""
        reader = self._journey.reader(turn)
        today = next(iter(_instants(reader, reader.today, minute)), reader.now)
        number = await self._picker.type_at(turn, choices, today)
        if number is not None:
            await self._holding.take(turn, draft, choices, today, number)
            return
        later = await self._picker.same_time(turn, choices, today)
        if not later:
            await self._not_free(turn, draft, choices, today)
            return
        number = choices.types.index(later[0].event_type_id)
        day = reader.local(later[0].start).date()
        wished = replace(choices, day=day)
        await self._holding.take(turn, draft, wished, later[0].start, number)


def _part_of(local: datetime) -> str:
    return "morning" if local.hour < 12 else "afternoon" if local.hour < 18 else "evening"


def _instants(reader: Reader, day: date | None, minute: int | None) -> list[datetime]:
    """Return the instants of a wall time: none in a spring gap, two where an hour repeats."""
    if day is None or minute is None:
        return []
    on, of_day = day + (minute // 1440) * _DAY, minute % 1440
    wall = datetime.combine(on, time(of_day // 60, of_day % 60))
    both = [wall.replace(tzinfo=reader.tz, fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = [each for each in both if reader.local(each).replace(tzinfo=None, fold=0) == wall]
    return list(dict.fromkeys(real))
