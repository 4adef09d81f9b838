"""Open cards of journeys, kept right: a time that goes disappears, one that comes is there."""

from dataclasses import replace
from datetime import datetime

from bots.chat import Turn
from bots.flows.bookings import Bookings, is_open
from bots.flows.choices import Choices, Stage, given, read_instant, target_of
from bots.flows.journey import Journey
from bots.flows.onlooker import Onlooker
from bots.flows.parts import BookingParts
from bots.flows.picker import KIND, LOST, SAME, Picker, kept
from bots.live.drawing import Rendered
from scheduling.messages import ChatMessage
from scheduling.ports import Draft, LiveCard
from wording import picker as words
from wording.refusals import slot_refused

_SHOWN = frozenset({Stage.DAYS, Stage.TIMES, Stage.CONFIRM})


class JourneyCards:
    """Draws the card of a draft at its present stage, for its person."""

    def __init__(
        self, parts: BookingParts, picker: Picker, journey: Journey, bookings: Bookings
    ) -> None:
        self._parts, self._picker = parts, picker
        self._journey, self._bookings = journey, bookings

    def register(self) -> None:
        """Let cards of journeys be drawn here."""
        self._parts.renderers.put(KIND, self.draw)

    async def draw(self, live: LiveCard) -> Rendered | None:
        """Return what the draft's card has to show now; None once it is no picker any more."""
        person = await self._parts.queries.person(live.organization_id, given(live.person_id))
        turn = Onlooker(live, person, self._parts.clock)
        draft = await self._parts.desk.get(turn, live.subject)
        if draft is None or draft.message_id != live.card.message_id:
            return None
        choices, revision = Choices.of(draft), draft.revision
        if choices.stage not in _SHOWN:
            return None

        async def still() -> bool:
            now = await self._parts.desk.get(turn, live.subject)
            return now is not None and now.revision == revision

        as_shown = live.data if live.data.get("revision") == str(revision) else {}
        message = await self._message(turn, draft, choices, as_shown.get("shows", ""))
        return Rendered(message, still)

    async def _message(self, turn: Turn, draft: Draft, choices: Choices, shows: str) -> ChatMessage:
        if choices.moving:
            details = await self._parts.queries.booking(draft.organization_id, choices.moving)
            view = self._bookings.view(turn, details)
            if not is_open(view):
                return self._bookings.card(view)
            if choices.stage is Stage.CONFIRM:
                return await self._move(turn, draft, choices)
        what, _, moment = shows.partition(".")
        start = read_instant(moment)
        if start and what == LOST:
            return await self.lost(turn, draft, choices, start)
        if start and what == SAME and (again := await self.same_time(turn, draft, choices, start)):
            return again
        return await self._journey.card(turn, draft)

    async def _move(self, turn: Turn, draft: Draft, choices: Choices) -> ChatMessage:
        """Return the question whether to move it there, unless that time has gone meanwhile."""
        start = given(choices.start)
        if await self._picker.type_at(turn, choices, start) is None:
            return await self.lost(turn, draft, choices, start)
        return await self._journey.card(turn, draft)

    # --- cards that flows show too ---

    async def lost(
        self, turn: Turn, draft: Draft, choices: Choices, start: datetime
    ) -> ChatMessage:
        """Say that a time is taken, with what is free near it now; free again, show the times."""
        error = await self._picker.refusal(turn, choices, start)
        if error is None:
            day = self._journey.reader(turn).local(start).date()
            return await self._picker.times(turn, draft, replace(choices, day=day, part=""))
        error.alternatives = await self._picker.nearest(turn, choices, start)
        offer = await self._picker.offer(turn, choices)
        other_day = await self._picker.same_time(turn, choices, start)
        message = slot_refused(
            error,
            self._journey.reader(turn),
            target_of(draft),
            choices.number,
            other_day=bool(other_day),
            just=False,
        )
        return kept(message, draft, offer, LOST, start)

    async def same_time(
        self, turn: Turn, draft: Draft, choices: Choices, start: datetime
    ) -> ChatMessage | None:
        """Return the days on which the same time of day is free; None when there is none."""
        slots = await self._picker.same_time(turn, choices, start)
        if not slots:
            return None
        offer = await self._picker.offer(turn, choices)
        message = words.same_time(self._journey.reader(turn), target_of(draft), offer, slots)
        return kept(message, draft, offer, SAME, start)
