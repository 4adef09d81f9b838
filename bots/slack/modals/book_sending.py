"""Sending the booking window: what is kept is confirmed, what is not is booked outright."""

from dataclasses import dataclass, replace

from bots.flows.choices import Choices, Stage, given
from bots.flows.choosing import read_time
from bots.slack.modals import book_view as views
from bots.slack.modals.drafts import Origin, request_of, values_of
from bots.slack.modals.move import MoveSending
from bots.slack.modals.notices import over
from bots.slack.modals.parts import SurfaceParts
from bots.slack.modals.picking import FLOW, PickerWindow, Picking
from bots.slack.surface import Answer, Clear, Errors, Surface, Update
from scheduling.commands import BookSlot, ConfirmHold
from scheduling.errors import (
    AnswerMissing,
    EventTypeOff,
    HoldGone,
    InputRefused,
    SlotRefused,
    StudentsClosed,
)
from scheduling.ids import BookingId
from scheduling.people import Actor
from scheduling.ports import Draft
from scheduling.text import ANSWER_LIMIT, clean
from wording.refusals import sentence


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent."""

    picking: Picking
    draft: Draft
    answers: tuple[tuple[str, str], ...]
    kept: bool
    """The time sent is the one the draft holds."""


class BookSending:
    """Makes the booking of a window."""

    def __init__(self, parts: SurfaceParts, window: PickerWindow, moving: MoveSending) -> None:
        self._parts, self._booking = parts, parts.booking.booking
        self._window, self._moving = window, moving

    async def on_submit(self, surface: Surface) -> Answer:
        """Make the booking; sent again it is the booking made.

        What is chosen in the window counts, not what the draft has seen of it: the press on
        "Book it" may overtake the choice of the time on its way through the inbox.
        """
        person = surface.incoming.person
        reader = self._window.offers.reader(person)
        draft = await self._window.drafts.own(surface, FLOW)
        if draft is None:
            return Update(over(reader))
        picking, values = Picking.of(draft), values_of(surface)
        if picking.choices.booked:
            return Clear()
        chosen = read_time(values.chosen(views.TIME), picking.choices)
        if chosen is None:
            return await self._window.redrawn(
                person, draft, picking.lost(reader.say("slack.choose_time"))
            )
        choices = replace(picking.choices, start=chosen[0], number=chosen[1])
        kept = (choices.start, choices.number) == (picking.choices.start, picking.choices.number)
        if choices.moving:
            picking = replace(picking, choices=choices)
            return await self._moving.move(surface, draft, picking)
        answers, faults = await self._answers(surface, choices)
        if faults:
            return Errors(faults)
        sent = _Sent(replace(picking, choices=choices), draft, answers, kept=kept)
        return await self._book(surface, sent)

    async def _answers(
        self, surface: Surface, choices: Choices
    ) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
        """Return what was answered, and by block what cannot be taken."""
        person, values = surface.incoming.person, values_of(surface)
        reader = self._window.offers.reader(person)
        kind = await self._parts.booking.queries.event_type(person.organization_id, choices.chosen)
        answers: list[tuple[str, str]] = []
        faults: dict[str, str] = {}
        for question in kind.questions:
            action = f"{views.QUESTION}{question.key}"
            typed = values.typed(action)
            if not typed.strip() and not question.required:
                continue
            try:
                answers.append((question.key, clean("answer", typed, ANSWER_LIMIT)))
            except InputRefused as error:
                if block := values.block_of(action):
                    faults[block] = sentence(error, reader)
        return tuple(answers), faults

    async def _book(self, surface: Surface, sent: _Sent) -> Answer:
        person, choices = surface.incoming.person, sent.picking.choices
        reader = self._window.offers.reader(person)
        try:
            booked = await self._make(surface.incoming.actor, sent)
        except SlotRefused as error:
            return await self._window.redrawn(
                person, sent.draft, await self._window.lost(person, sent.picking, error)
            )
        except AnswerMissing as error:
            values = values_of(surface)
            block = values.block_of(f"{views.QUESTION}{error.question_key}")
            fault = sentence(error, reader)
            if block:
                return Errors({block: fault})
            # The questions of this type are not in the window yet: they are now.
            picking = replace(sent.picking, fault=fault)
            return await self._window.redrawn(person, sent.draft, picking)
        except (EventTypeOff, StudentsClosed) as error:
            picking = sent.picking.lost(sentence(error, reader))
            return await self._window.redrawn(person, sent.draft, picking)
        done = replace(choices, stage=Stage.DONE, booked=booked)
        await self._window.drafts.note(sent.draft, done.data)
        return Clear()

    async def _make(self, actor: Actor, sent: _Sent) -> BookingId:
        """Confirm what is kept, or book outright what is not kept any more."""
        choices, draft = sent.picking.choices, sent.draft
        card = Origin.read(draft).card(draft)
        if choices.hold and sent.kept:
            confirm = ConfirmHold(
                actor=actor,
                booking_id=choices.hold,
                request_id=request_of(draft),
                answers=sent.answers,
                card=card,
                via_link=choices.via_link,
            )
            try:
                return (await self._booking.confirm(confirm)).id
            except HoldGone as gone:
                if gone.start != choices.start:
                    raise
        book = BookSlot(
            actor=actor,
            event_type_id=choices.chosen,
            start=given(choices.start),
            request_id=request_of(draft),
            answers=sent.answers,
            card=card,
            via_link=choices.via_link,
        )
        return (await self._booking.book(book)).id
