"""Taking a time for a journey: kept while the person answers, or lost with a way on."""

from dataclasses import replace
from datetime import datetime

from bots.chat import Turn
from bots.flows.choices import Choices, Stage, given, request_of, target_of
from bots.flows.journey import Journey, card_of
from bots.flows.parts import BookingParts
from bots.flows.picker import LOST, Picker, kept
from scheduling.commands import ConfirmHold, HoldSlot, ReleaseHold
from scheduling.errors import AnswerMissing, EventTypeOff, HoldGone, SlotRefused, SlotTaken
from scheduling.model import Listing
from scheduling.ports import Draft
from wording.picker import looking_at
from wording.refusals import hold_gone, slot_refused


class Holding:
    """Holds, confirms and gives back the time of a draft."""

    def __init__(self, parts: BookingParts, picker: Picker, journey: Journey) -> None:
        self._parts, self._picker, self._journey = parts, picker, journey

    async def take(
        self,
        turn: Turn,
        draft: Draft,
        choices: Choices,
        start: datetime,
        number: int,
        *,
        just: bool = True,
    ) -> None:
        """Keep a time for the person, then ask what is open; gone, it offers those near it.

        ``just``: it was shown as free a moment ago.
        """
        choices = replace(choices, start=start, number=number)
        if choices.moving:
            await self._choose_new_time(turn, draft, choices, start)
            return
        draft = await self._with_card(turn, draft, start)
        command = HoldSlot(
            actor=turn.incoming.actor,
            event_type_id=choices.chosen,
            start=start,
            request_id=request_of(draft),
            via_link=choices.via_link,
            card=card_of(turn, draft),
            draft_id=draft.id,
        )
        try:
            held = await self._parts.booking.hold(command)
        except SlotRefused as error:
            await self.lost(turn, draft, choices, error, just=just)
        except EventTypeOff as error:
            await self.ended(turn, draft, error)
        else:
            kept = await self._journey.next_step(turn, replace(choices, hold=held.id))
            await self._journey.store(turn, draft, kept)

    async def _with_card(self, turn: Turn, draft: Draft, start: datetime) -> Draft:
        """Return the draft with a card: a hold says in it that it ended, so it has to be known."""
        if card_of(turn, draft) is not None:
            return draft
        looking = looking_at(self._journey.reader(turn), start)
        card = await self._parts.desk.show(turn, draft, looking)
        return replace(draft, message_id=card.message_id)

    async def _choose_new_time(
        self, turn: Turn, draft: Draft, choices: Choices, start: datetime
    ) -> None:
        """Ask to confirm the move; the present time stays taken, so nothing needs a hold."""
        if await self._picker.type_at(turn, choices, start) is not None:
            await self._journey.store(turn, draft, replace(choices, stage=Stage.CONFIRM))
            return
        error = SlotTaken(start)
        error.alternatives = await self._parts.finder.nearest(
            turn.incoming.organization_id, choices.chosen, start, excluding=choices.moving
        )
        await self.lost(turn, draft, choices, error)

    async def release(self, turn: Turn, choices: Choices) -> None:
        """Give the kept time back at once."""
        if choices.hold:
            actor = turn.incoming.actor
            await self._parts.booking.release(ReleaseHold(actor=actor, booking_id=choices.hold))

    async def confirm(self, turn: Turn, draft: Draft, choices: Choices) -> None:
        """Make the booking; its notification shows it in this card."""
        command = ConfirmHold(
            actor=turn.incoming.actor,
            booking_id=given(choices.hold),
            request_id=request_of(draft),
            answers=tuple((key, text) for key, text in choices.answers if text),
            card=card_of(turn, draft),
            via_link=choices.via_link,
        )
        try:
            booking = await self._parts.booking.confirm(command)
        except HoldGone as error:
            await self._hold_gone(turn, draft, choices, error)
        except SlotRefused as error:
            await self.lost(turn, draft, choices, error)
        except AnswerMissing as error:
            asked = replace(choices, stage=Stage.QUESTION, asking=error.question_key)
            await self._journey.store(turn, draft, asked)
        else:
            done = replace(choices, stage=Stage.DONE, booked=booking.id)
            await self._parts.desk.save(draft, done.data)

    async def _hold_gone(self, turn: Turn, draft: Draft, choices: Choices, error: HoldGone) -> None:
        if error.still_free:
            reader = self._journey.reader(turn)
            message = hold_gone(reader, draft.id, error.start)
            await self._parts.desk.show(turn, draft, message)
            return
        taken = SlotTaken(error.start)
        taken.alternatives = await self._parts.finder.nearest(
            turn.incoming.organization_id,
            choices.chosen,
            error.start,
            asker_id=turn.incoming.person.id,
        )
        await self.lost(turn, draft, choices, taken)

    async def lost(
        self, turn: Turn, draft: Draft, choices: Choices, error: SlotRefused, *, just: bool = True
    ) -> None:
        """Say why a time cannot be had, with the nearest that can (T4); answers are kept.

        ``just``: it was shown as free a moment ago, so one that is taken has just gone.
        """
        reader, number = self._journey.reader(turn), choices.number
        day = reader.local(error.start).date() if error.start else choices.day
        choices = replace(choices.without_time(Stage.TIMES), day=day, part="")
        draft = await self._parts.desk.save(draft, choices.data)
        other_day = bool(error.alternatives and error.start) and await self._picker.same_time(
            turn, choices, given(error.start)
        )
        message = slot_refused(
            error, reader, target_of(draft), number, other_day=bool(other_day), just=just
        )
        if error.start and choices.types:
            offer = await self._picker.offer(turn, choices)
            message = kept(message, draft, offer, LOST, error.start)
        await self._parts.desk.show(turn, draft, message)

    async def ended(self, turn: Turn, draft: Draft, error: EventTypeOff) -> None:
        """Say that a type is offered no more, and what its host offers."""
        offered = await self._parts.queries.event_types_of(
            turn.incoming.organization_id, error.host_id
        )
        choices = Choices(
            stage=Stage.TYPES,
            coach=error.host_id,
            types=tuple(kind.id for kind in offered if kind.listing is Listing.LISTED),
            ended=True,
        )
        await self._journey.store(turn, draft, choices)
