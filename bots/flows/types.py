"""A coach's event types: the list, the card of each, and one question for each of its parts."""

from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from bots.chat import Turn, Typed
from bots.flows.hosting_parts import (
    HostingParts,
    coaches_only,
    own_type,
    target_of,
)
from bots.flows.lengths import read_number
from bots.flows.turns import press_of, reader_of, typed_text
from bots.flows.type_parts import NotRead
from bots.flows.type_parts import parts as all_parts
from bots.router import Audience, Router
from scheduling.errors import InputRefused
from scheduling.hosting import EventTypeChange
from scheduling.ids import new_id
from scheduling.messages import ChatMessage
from scheduling.model import EventType, Question
from scheduling.ports import Draft
from wording import event_types as words
from wording import hosting as hosting_words
from wording.refusals import sentence
from wording.times import Reader

FLOW = "type"
AWAITS = "type.part"

_MOST_QUESTIONS = 5
_KEY_LENGTH = 6  # a question's key fits into a button beside the verb


class AskPart(Protocol):
    """Asks for one part of an event type; ``back`` names the card to return to."""

    async def __call__(self, turn: Turn, kind: EventType, field: str, *, back: str) -> None: ...


class TypesFlow:
    """Event types, edited one question at a time."""

    def __init__(self, parts: HostingParts) -> None:
        self._parts = parts
        self._desk = parts.desk
        self._questions = all_parts(parts.policy.reminders)

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("types", self.on_types, audience=Audience.COACH)
        router.press("mytypes", self.on_types)
        router.press("type", self.on_type)
        router.press("typeadd", self.on_add)
        router.press("typeflip", self.on_flip)
        router.press("typeset", self.on_choice)
        router.text(AWAITS, self.on_typed)

    # --- the list and the card ---

    async def on_types(self, turn: Turn) -> None:
        """List the coach's event types."""
        if await coaches_only(turn, self._parts):
            await self._desk.hush(turn)
            kinds = await self._parts.hosting.event_types(turn.incoming.actor)
            await turn.show(words.type_list(self._reader(turn), kinds))

    async def on_type(self, turn: Turn) -> None:
        """Show one event type, or ask for one of its parts."""
        press = press_of(turn)
        kind = await own_type(turn, self._parts, press.subject)
        if kind is None:
            return
        if press.argument in words.FIELDS:
            await self.ask(turn, kind, press.argument, back="type")
        else:
            await self._desk.hush(turn)
            await turn.show(self._card(turn, kind))

    async def on_add(self, turn: Turn) -> None:
        """Add an event type of a ready-made length.

        The button counts the types there were: pressed twice, it adds one.
        """
        press = press_of(turn)
        if not await coaches_only(turn, self._parts):
            return
        reader, actor = self._reader(turn), turn.incoming.actor
        kinds = await self._parts.hosting.event_types(actor)
        minutes = read_number(press.argument) or 0
        if len(kinds) != press.revision or minutes not in words.NEW_LENGTHS:
            await turn.show(words.type_list(reader, kinds))
            return
        title = reader.say("types.title_for", count=minutes)
        kind = await self._parts.hosting.add_event_type(
            actor, timedelta(minutes=minutes), title, turn.incoming.request_id
        )
        await turn.show(self._card(turn, kind, note=reader.say("types.added")))

    async def on_flip(self, turn: Turn) -> None:
        """Switch approval, or the reason that cancelling takes."""
        press = press_of(turn)
        kind = await own_type(turn, self._parts, press.subject)
        if kind is None:
            return
        if press.revision != kind.version:
            # Another press has switched it: switching back is not what was meant.
            await turn.show(self._card(turn, kind))
            return
        change = (
            EventTypeChange(reason_required=not kind.reason_required)
            if press.argument == "reason"
            else EventTypeChange(approval=not kind.approval)
        )
        kind = await self._parts.hosting.change(turn.incoming.actor, kind.id, change)
        await turn.show(self._card(turn, kind, note=self._reader(turn).say("types.saved")))

    # --- one question ---

    async def ask(self, turn: Turn, kind: EventType, field: str, *, back: str) -> None:
        """Ask for one part; ``back`` is "type" or "nicer"."""
        data = {"event_type_id": kind.id, "field": field, "back": back}
        draft = await self._desk.open(turn, FLOW, data, awaits=AWAITS)
        await self._desk.show(turn, draft, self._question(turn, draft, kind))

    async def on_choice(self, turn: Turn) -> None:
        """Take a ready-made answer, or go back."""
        draft = await self._desk.pressed(turn, FLOW)
        if draft is None:
            return
        kind = await own_type(turn, self._parts, str(draft.data["event_type_id"]))
        if kind is None:
            return
        press = press_of(turn)
        if press.argument == "back" or press.revision != draft.revision:
            await self._leave(turn, draft, kind)
        else:
            await self._take(turn, draft, kind, press.argument)

    async def on_typed(self, turn: Turn, draft: Draft) -> None:
        """Take a typed answer."""
        kind = await own_type(turn, self._parts, str(draft.data["event_type_id"]))
        if kind is not None:
            await self._take(turn, draft, kind, typed_text(turn))

    async def _take(self, turn: Turn, draft: Draft, kind: EventType, text: str) -> None:
        reader, field = self._reader(turn), str(draft.data["field"])
        try:
            if field == "questions":
                change = self._change_questions(turn, kind, text)
            else:
                change = self._questions[field].read(reader, kind, text)
            kind = await self._parts.hosting.change(turn.incoming.actor, kind.id, change)
        except NotRead as unread:
            problem = unread.sentence
        except InputRefused as refused:
            problem = sentence(refused, reader)
        else:
            if field == "questions":
                draft = await self._desk.save(draft, draft.data, awaits=AWAITS)
                await self._desk.show(turn, draft, self._question(turn, draft, kind))
            else:
                await self._leave(turn, draft, kind, note=reader.say("types.saved"))
            return
        message = self._question(turn, draft, kind, problem=problem)
        await self._desk.show(turn, draft, message)

    def _change_questions(self, turn: Turn, kind: EventType, text: str) -> EventTypeChange:
        """Remove a question, make it (un)necessary, or add what was typed."""
        pressed = not isinstance(turn.incoming.said, Typed)
        verb, _, key = text.partition(".") if pressed else ("", "", "")
        if verb == "del":
            left = tuple(q for q in kind.questions if q.key != key)
            return EventTypeChange(questions=left)
        if verb == "req":
            flipped = (
                replace(q, required=not q.required) if q.key == key else q for q in kind.questions
            )
            return EventTypeChange(questions=tuple(flipped))
        if len(kind.questions) >= _MOST_QUESTIONS:
            raise NotRead(self._reader(turn).say("types.too_many_questions"))
        added = Question(new_id()[:_KEY_LENGTH], text)
        return EventTypeChange(questions=(*kind.questions, added))

    async def _leave(self, turn: Turn, draft: Draft, kind: EventType, *, note: str = "") -> None:
        """Show the card the question came from, and wait for no more words."""
        draft = await self._desk.save(draft, draft.data)
        if draft.data.get("back") == "nicer":
            message = hosting_words.nicer(self._reader(turn), kind, turn.incoming.person)
        else:
            message = self._card(turn, kind, note=note)
        await self._desk.show(turn, draft, message)

    def _question(
        self, turn: Turn, draft: Draft, kind: EventType, *, problem: str = ""
    ) -> ChatMessage:
        reader, field = self._reader(turn), str(draft.data["field"])
        if field == "questions":
            return words.question_list(reader, kind, target_of(draft), problem=problem)
        part = self._questions[field]
        choices = [(part.label(reader, value), value) for value in part.presets]
        present = part.present(reader, kind)
        return words.ask_part(reader, field, present, choices, target_of(draft), problem=problem)

    def _card(self, turn: Turn, kind: EventType, *, note: str = "") -> ChatMessage:
        reminders = self._parts.policy.reminders
        return words.type_card(self._reader(turn), kind, reminders, note=note)

    def _reader(self, turn: Turn) -> Reader:
        return reader_of(turn, self._parts.clock)
