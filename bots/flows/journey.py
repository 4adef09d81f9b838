"""One student's way to a booking: whatever its draft stands at, this shows it."""

from dataclasses import replace
from datetime import datetime

from bots.chat import Turn
from bots.flows.choices import FLOW, Choices, Stage, given, target_of
from bots.flows.parts import BookingParts
from bots.flows.picker import Picker, kept
from bots.flows.turns import press_of, reader_of
from scheduling.messages import ChatMessage
from scheduling.model import Booking, BookingDetails, BookingStatus, EventType
from scheduling.people import Card
from scheduling.ports import CoachEntry, Draft
from wording import booking as cards
from wording import directory
from wording import moving as moving_words
from wording import picker as words
from wording.refusals import hold_gone, stands
from wording.times import Reader
from wording.view import View

ANSWER = "answer"
"""Awaited while a question of the event type is open."""


class Journey:
    """Shows drafts of bookings."""

    def __init__(self, parts: BookingParts, picker: Picker) -> None:
        self._parts, self._picker = parts, picker

    # --- the draft behind a press ---

    async def fresh(self, turn: Turn) -> tuple[Draft, Choices] | None:
        """Return the draft of the press; an old button shows how the draft stands instead."""
        draft = await self._parts.desk.pressed(turn, FLOW)
        if draft is None:
            return None
        choices = Choices.of(draft)
        if choices.booked:
            await self.say_booked(turn, choices)
        elif press_of(turn).revision != draft.revision:
            await self.present(turn, draft)
        else:
            return draft, choices
        return None

    async def say_booked(self, turn: Turn, choices: Choices) -> None:
        """Answer a tap on a card whose booking is made (T11)."""
        reader = self.reader(turn)
        booking = (await self._details(turn, choices)).booking
        if booking.status in {BookingStatus.CONFIRMED, BookingStatus.PENDING}:
            time = reader.day_time(booking.time.start)
            await turn.toast(reader.say("booking.already", time=time))
        else:
            await turn.toast(stands(booking, reader))

    async def present(self, turn: Turn, draft: Draft, *, problem: str = "") -> None:
        """Show the draft as it stands; ``problem`` is said first."""
        message = await self.card(turn, draft, problem=problem)
        await self._parts.desk.show(turn, draft, message)

    async def store(self, turn: Turn, draft: Draft, choices: Choices) -> None:
        """Keep new choices and show them."""
        awaits = ANSWER if choices.stage is Stage.QUESTION else ""
        draft = await self._parts.desk.save(draft, choices.data, awaits=awaits)
        await self.present(turn, draft)

    async def open(self, turn: Turn, choices: Choices) -> Draft:
        """Begin a journey, without showing it yet."""
        return await self._parts.desk.open(turn, FLOW, choices.data)

    async def card(self, turn: Turn, draft: Draft, *, problem: str = "") -> ChatMessage:
        """Return what the draft's card shows."""
        choices = Choices.of(draft)
        match choices.stage:
            case Stage.COACHES:
                return await self._coaches(turn, draft, choices)
            case Stage.TYPES:
                return await self._types(turn, draft, choices)
            case Stage.LENGTHS:
                lengths = sorted({kind.duration for kind in await self.listed(turn)})
                return words.lengths(self.reader(turn), target_of(draft), lengths)
            case Stage.DAYS:
                return await self._picker.days(turn, draft, choices)
            case Stage.TIMES:
                return await self._picker.times(turn, draft, choices)
            case Stage.QUESTION | Stage.CONFIRM if choices.moving:
                view = self.view(turn, await self._details(turn, choices))
                asked = moving_words.confirm(view, target_of(draft), given(choices.start))
                return kept(asked, draft, await self._picker.offer(turn, choices))
            case Stage.QUESTION | Stage.CONFIRM:
                return await self._kept(turn, draft, choices, problem)
            case Stage.DONE:
                return cards.card(self.view(turn, await self._details(turn, choices)))

    # --- lists ---

    async def entries(self, turn: Turn, text: str = "") -> list[CoachEntry]:
        """Return the coaches of the directory, without the person themselves."""
        found = await self._parts.queries.coaches(turn.incoming.organization_id, text)
        return [entry for entry in found if entry.person.id != turn.incoming.person.id]

    async def listed(self, turn: Turn) -> list[EventType]:
        """Return every type in the directory."""
        return [kind for entry in await self.entries(turn) for kind in entry.event_types]

    async def _coaches(self, turn: Turn, draft: Draft, choices: Choices) -> ChatMessage:
        entries = await self.entries(turn, choices.text)
        return directory.coaches(
            self.reader(turn), target_of(draft), entries, page=choices.listed, text=choices.text
        )

    async def _types(self, turn: Turn, draft: Draft, choices: Choices) -> ChatMessage:
        queries, organization_id = self._parts.queries, turn.incoming.organization_id
        host = await queries.person(organization_id, given(choices.coach))
        offered = [await queries.event_type(organization_id, each) for each in choices.types]
        return words.event_types(
            self.reader(turn),
            target_of(draft),
            host,
            offered,
            ended=choices.ended,
            others=choices.others,
        )

    # --- a time that is kept ---

    async def _kept(self, turn: Turn, draft: Draft, choices: Choices, problem: str) -> ChatMessage:
        reader, target = self.reader(turn), target_of(draft)
        details = await self._parts.queries.booking(
            turn.incoming.organization_id, given(choices.hold)
        )
        until = self._kept_until(turn, details.booking)
        if until is None:
            return hold_gone(reader, draft.id, details.booking.time.start, free=False)
        questions = {question.key: question for question in details.event_type.questions}
        if choices.stage is Stage.QUESTION and choices.asking in questions:
            kept = choices.answer(choices.asking) or None
            asked = questions[choices.asking]
            return cards.question(reader, target, asked, kept=kept, problem=problem)
        return cards.confirm(
            reader,
            target,
            details.booking,
            details.event_type,
            details.host,
            until=until,
            asks=self._parts.policy.asks_host(
                approval=details.event_type.approval, via_link=choices.via_link
            ),
            answers=[(key, text) for key, text in choices.answers if text],
            clash=await self._clash(turn, details.booking),
        )

    def _kept_until(self, turn: Turn, booking: Booking) -> datetime | None:
        """Return the end of the person's hold; None when it has ended."""
        seat = booking.seat_of(turn.incoming.person.id)
        if seat is None or seat.expires_at is None or seat.expires_at <= self._parts.clock.now():
            return None
        return seat.expires_at

    async def _clash(self, turn: Turn, held: Booking) -> BookingDetails | None:
        """Return a booking the person has at the same time already."""
        known = await self._parts.queries.bookings_of(
            turn.incoming.organization_id, turn.incoming.person.id, now=self._parts.clock.now()
        )
        others = (each for each in known if each.booking.id != held.id)
        return next((each for each in others if each.booking.time.overlaps(held.time)), None)

    # --- small things ---

    def reader(self, turn: Turn) -> Reader:
        """Return the person of the turn as a reader."""
        return reader_of(turn, self._parts.clock)

    def view(self, turn: Turn, details: BookingDetails) -> View:
        """Return a booking as the person of the turn sees it."""
        return View.of(details, turn.incoming.person, self._parts.clock.now())

    async def next_step(self, turn: Turn, choices: Choices) -> Choices:
        """Return the choices at the first question without an answer, or at confirming."""
        kind = await self._parts.queries.event_type(turn.incoming.organization_id, choices.chosen)
        for question in kind.questions:
            if choices.answer(question.key) is None:
                return replace(choices, stage=Stage.QUESTION, asking=question.key)
        return replace(choices, stage=Stage.CONFIRM, asking="")

    async def _details(self, turn: Turn, choices: Choices) -> BookingDetails:
        booking_id = given(choices.booked or choices.moving)
        return await self._parts.queries.booking(turn.incoming.organization_id, booking_id)


def card_of(turn: Turn, draft: Draft) -> Card | None:
    """Return the message that shows the draft, as far as it is known."""
    if turn.incoming.card is not None:
        return turn.incoming.card
    return Card(draft.chat, draft.message_id) if draft.message_id else None
