"""Extra time and time off: typed, checked against what is booked, taken back."""

from collections.abc import Sequence
from datetime import timedelta

from bots.chat import Press, Turn
from bots.flows.hosting_parts import HostingParts, coaches_only, request_of, target_of
from bots.flows.spans import off_span, opening_span
from bots.flows.turns import press_of, reader_of, typed_line, typed_text
from bots.router import Audience, Router
from scheduling.errors import HoursRefused
from scheduling.grammar.when import When, WhenNotUnderstood, parse_when
from scheduling.ids import OpeningId, RequestId, TimeOffId
from scheduling.messages import ChatMessage
from scheduling.model import BookingDetails
from scheduling.moments import Interval, from_seconds, seconds
from scheduling.ports import Draft
from wording import hours as hours_words
from wording import time_off as words
from wording.refusals import not_understood, sentence
from wording.times import Reader

OPEN, OFF = "open", "off"
"""Flows; also the verbs of their buttons and commands."""
USUAL_OPENING = timedelta(hours=2)

_EXAMPLES = {OPEN: "sat 10:00 2h", OFF: "24 dec - 2 jan"}


class TimeOffFlow:
    """Two commands of one kind: a stretch of time is said, then opened or closed."""

    def __init__(self, parts: HostingParts) -> None:
        self._parts = parts
        self._desk = parts.desk

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command(OPEN, self.on_open, audience=Audience.COACH, aliases=("extra",))
        router.command(OFF, self.on_off, audience=Audience.COACH)
        router.press(OPEN, self.on_open)
        router.press(OFF, self.on_off)
        router.press("offgo", self.on_off_choice)
        router.press("spanuse", self.on_choice)
        router.press("openend", self.on_close_opening)
        router.press("offend", self.on_end_off)
        router.text(f"{OPEN}.when", self.on_typed)
        router.text(f"{OFF}.when", self.on_typed)
        self._parts.zones.continue_with(OPEN, self._open)
        self._parts.zones.continue_with(OFF, self._off)

    # --- ways in ---

    async def on_open(self, turn: Turn) -> None:
        """Open the extra time said, or ask for it."""
        if await coaches_only(turn, self._parts):
            line = typed_line(turn)
            if await self._parts.zones.known(turn, then=OPEN, text=line):
                await self._open(turn, line)

    async def on_off(self, turn: Turn) -> None:
        """Close the time said, or ask for it; a button may name the day."""
        if await coaches_only(turn, self._parts):
            pressed = isinstance(turn.incoming.said, Press)
            line = press_of(turn).argument if pressed else typed_line(turn)
            if await self._parts.zones.known(turn, then=OFF, text=line):
                await self._off(turn, line)

    async def _open(self, turn: Turn, line: str) -> None:
        await self._begin(turn, OPEN, line)

    async def _off(self, turn: Turn, line: str) -> None:
        await self._begin(turn, OFF, line)

    async def _begin(self, turn: Turn, flow: str, line: str) -> None:
        draft = await self._desk.open(turn, flow, {"line": line}, awaits=f"{flow}.when")
        if line:
            await self._take(turn, draft, line, None)
        else:
            await self._ask(turn, draft, "")

    async def _ask(self, turn: Turn, draft: Draft, problem: str) -> None:
        reader = self._reader(turn)
        if draft.flow == OPEN:
            message = words.ask_open(reader, problem)
        else:
            overview = await self._parts.hours.overview(turn.incoming.actor)
            message = words.ask_off(reader, overview, problem)
        await self._desk.show(turn, draft, message)

    # --- what was said ---

    async def on_typed(self, turn: Turn, draft: Draft) -> None:
        """Read the time as typed."""
        await self._take(turn, draft, typed_text(turn), None)

    async def on_choice(self, turn: Turn) -> None:
        """Take the suggested line ("use"), or one of two readings ("r0", "r1"); or go back."""
        press = press_of(turn)
        draft = await self._pressed(turn)
        if draft is None:
            return
        if press.argument == "back":
            await self._ask(turn, draft, "")
            return
        reading = press.argument.removeprefix("r")
        which = int(reading) if reading.isdecimal() else None
        line = str(draft.data["line" if which is not None else "suggestion"])
        await self._take(turn, draft, line, which)

    async def _take(self, turn: Turn, draft: Draft, line: str, which: int | None) -> None:
        reader = self._reader(turn)
        try:
            when = parse_when(line, now=reader.local(reader.now))
        except WhenNotUnderstood as error:
            await self._not_understood(turn, draft, error)
            return
        if when.leftover:
            tidy = line.replace(when.leftover, "").strip()
            rest = WhenNotUnderstood(tidy, when.leftover, tidy or _EXAMPLES[draft.flow])
            await self._not_understood(turn, draft, rest)
        elif when.readings and which is None:
            await self._which(turn, draft, line, when.readings)
        else:
            known = which is not None and which < len(when.readings)
            await self._act(turn, draft, when.readings[which or 0] if known else when)

    async def _not_understood(self, turn: Turn, draft: Draft, error: WhenNotUnderstood) -> None:
        reader = self._reader(turn)
        suggestion = error.suggestion if error.understood else _EXAMPLES[draft.flow]
        shown = WhenNotUnderstood(error.understood, error.not_understood, suggestion)
        data = {"suggestion": suggestion}
        draft = await self._desk.save(draft, data, awaits=f"{draft.flow}.when")
        label = hours_words.use_label(reader, suggestion)
        # The line acts at once: an example nobody meant is only shown, never on a button.
        use = target_of(draft).button(label, "spanuse", "use") if error.understood else None
        await self._desk.show(turn, draft, not_understood(shown, reader, use=use))

    async def _which(self, turn: Turn, draft: Draft, line: str, readings: Sequence[When]) -> None:
        reader = self._reader(turn)
        try:
            starts = [self._span(draft.flow, one, reader) for one in readings]
        except HoursRefused as refused:
            await self._ask(turn, draft, sentence(refused, reader))
            return
        draft = await self._desk.save(draft, {"line": line}, awaits=f"{draft.flow}.when")
        times = [span.start for span in starts if span]
        message = words.ask_reading(reader, times, target_of(draft), "spanuse")
        await self._desk.show(turn, draft, message)

    @staticmethod
    def _span(flow: str, when: When, reader: Reader) -> Interval | None:
        if flow == OPEN:
            return opening_span(when, reader, USUAL_OPENING)
        return off_span(when, reader)

    async def _act(self, turn: Turn, draft: Draft, when: When) -> None:
        reader = self._reader(turn)
        try:
            span = self._span(draft.flow, when, reader)
            if span is None:
                await self._ask(turn, draft, words.no_time(reader))
            elif draft.flow == OPEN:
                await self._open_span(turn, draft, span)
            else:
                await self._off_span(turn, draft, span)
        except HoursRefused as refused:
            backwards = refused.problem == "backwards"
            problem = words.backwards(reader) if backwards else sentence(refused, reader)
            await self._ask(turn, draft, problem)

    # --- extra time ---

    async def _open_span(self, turn: Turn, draft: Draft, span: Interval) -> None:
        actor = turn.incoming.actor
        opening = await self._parts.hours.open(actor, span, request_of(turn, draft))
        draft = await self._desk.save(draft, {"done": "1"})
        kinds = await self._parts.queries.event_types_of(actor.organization_id, actor.person_id)
        ids = [kind.id for kind in kinds]
        free = await self._parts.finder.free(actor.organization_id, ids, span) if ids else []
        starts = {slot.start for slot in free if slot.end <= span.end}
        message = words.opened(self._reader(turn), opening.time, len(starts), opening.id)
        await self._desk.show(turn, draft, message)

    async def on_close_opening(self, turn: Turn) -> None:
        """Close extra time again."""
        opening_id = OpeningId(press_of(turn).subject)
        found = await self._parts.hours.close_opening(turn.incoming.actor, opening_id)
        await turn.show(words.opening_closed(self._reader(turn), found=found))

    # --- time off ---

    async def _off_span(self, turn: Turn, draft: Draft, span: Interval) -> None:
        actor = turn.incoming.actor
        hit = await self._parts.hours.hit_by(actor, span)
        if not hit and await self._closed_already(turn, span):
            closed = words.closed(self._reader(turn), span, told=0, kept=0, undo_id="")
            await self._desk.show(turn, await self._desk.save(draft, {}), closed)
        elif not hit:
            await self._close(turn, draft, span, request_of(turn, draft), tell=False)
        else:
            await self._ask_about_hit(turn, draft, span, hit)

    async def _closed_already(self, turn: Turn, span: Interval) -> bool:
        overview = await self._parts.hours.overview(turn.incoming.actor)
        off = [one.time for one in overview.time_off] if overview else []
        return any(one.start <= span.start and span.end <= one.end for one in off)

    async def _ask_about_hit(
        self, turn: Turn, draft: Draft, span: Interval, hit: Sequence[BookingDetails]
    ) -> None:
        data = {"start": seconds(span.start), "end": seconds(span.end)}
        draft = await self._desk.save(draft, data)
        message = words.off_over_bookings(self._reader(turn), span, hit, target_of(draft))
        await self._desk.show(turn, draft, message)

    async def on_off_choice(self, turn: Turn) -> None:
        """Tell everybody, keep what is booked, or leave it."""
        draft = await self._pressed(turn)
        if draft is None:
            return
        start, end = draft.data.get("start"), draft.data.get("end")
        argument = press_of(turn).argument
        if argument == "back" or not isinstance(start, int) or not isinstance(end, int):
            draft = await self._desk.save(draft, {})
            await self._desk.show(turn, draft, words.nothing_closed(self._reader(turn)))
            return
        span = Interval(from_seconds(start), from_seconds(end))
        await self._close(turn, draft, span, request_of(turn, draft), tell=argument == "tell")

    async def _close(
        self, turn: Turn, draft: Draft, span: Interval, request_id: RequestId, *, tell: bool
    ) -> None:
        result = await self._parts.hours.off(turn.incoming.actor, span, request_id, cancel_hit=tell)
        told = len(result.hit) if tell else 0
        data = {
            "start": seconds(span.start),
            "end": seconds(span.end),
            "told": told,
            "kept": len(result.hit) - told,
            "undo_id": result.undo_id,
        }
        draft = await self._desk.save(draft, data)
        await self._desk.show(turn, draft, self._closed(turn, draft))

    def _closed(self, turn: Turn, draft: Draft) -> ChatMessage:
        facts = {key: value for key, value in draft.data.items() if isinstance(value, int)}
        return words.closed(
            self._reader(turn),
            Interval(from_seconds(facts["start"]), from_seconds(facts["end"])),
            told=facts["told"],
            kept=facts["kept"],
            undo_id=str(draft.data["undo_id"]),
        )

    async def on_end_off(self, turn: Turn) -> None:
        """Open closed time again."""
        time_off_id = TimeOffId(press_of(turn).subject)
        found = await self._parts.hours.end_time_off(turn.incoming.actor, time_off_id)
        await turn.show(words.off_ended(self._reader(turn), found=found))

    # --- inside ---

    async def _pressed(self, turn: Turn) -> Draft | None:
        """Return the draft of the press; an old button shows what became of it instead."""
        press = press_of(turn)
        known = await self._desk.get(turn, press.subject)
        draft = await self._desk.pressed(turn, known.flow if known else OFF)
        if draft is None or draft.revision == press.revision:
            return draft
        if "undo_id" in draft.data:
            await self._desk.show(turn, draft, self._closed(turn, draft))
        else:
            await turn.toast(self._reader(turn).say("odd.over"))
        return None

    def _reader(self, turn: Turn) -> Reader:
        return reader_of(turn, self._parts.clock)
