"""Ways into a booking: /book with words, the directory, a link, a button for one type."""

from dataclasses import replace
from datetime import datetime, timedelta

from bots.chat import Turn
from bots.flows.choices import Choices, Stage, read_instant, target_of
from bots.flows.holding import Holding
from bots.flows.journey import Journey
from bots.flows.parts import BookingParts
from bots.flows.turns import press_of, typed_line
from bots.flows.wishes import Wish, matching, read_wish
from bots.flows.wishing import Wishing
from bots.router import Router
from scheduling.errors import EventTypeOff, StudentsClosed
from scheduling.grammar.when import When, WhenNotUnderstood
from scheduling.ids import EventTypeId, PersonId
from scheduling.model import EventType, Listing
from scheduling.people import Person
from scheduling.policy import StudentsPolicy
from scheduling.ports import CoachEntry, Draft
from wording.directory import subjects
from wording.refusals import not_understood

_LINE = "line"
_PICK = "p_"
"""Start codes that name an event type by its id, as the button on its card does."""
_MINUTE = timedelta(minutes=1)


class Finding:
    """Finds out whose time and what is wanted, then opens the picker."""

    def __init__(
        self, parts: BookingParts, journey: Journey, holding: Holding, wishing: Wishing
    ) -> None:
        self._parts, self._journey = parts, journey
        self._holding, self._wishing = holding, wishing

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("book", self.on_book)
        router.command("coaches", self.on_coaches)
        router.press("newbook", self.on_new)
        router.press("pick", self.on_pick, in_groups=True, private=_PICK)
        router.start(_PICK, self.on_start)
        router.press("coach", self.on_coach)
        router.press("coaches", self.on_page)
        router.press("types", self.on_type)
        router.press("length", self.on_length)
        router.press("use", self.on_use)
        self._parts.zones.continue_with("book", self.follow_line)
        self._parts.zones.continue_with("coaches", self.search)
        self._parts.zones.continue_with("pick", self._continue_pick)

    # --- /book and /coaches ---

    async def on_book(self, turn: Turn) -> None:
        """Follow a line: whose time, which type, when."""
        line = typed_line(turn)
        if await self._parts.zones.known(turn, then="book", text=line):
            await self.follow_line(turn, line)

    async def on_new(self, turn: Turn) -> None:
        """Begin without a word."""
        if await self._parts.zones.known(turn, then="book"):
            await self.follow_line(turn, "")

    async def on_coaches(self, turn: Turn) -> None:
        """List coaches, those whose name or title holds the text."""
        line = typed_line(turn)
        if await self._parts.zones.known(turn, then="coaches", text=line):
            await self.search(turn, line)

    async def search(self, turn: Turn, text: str) -> None:
        """Show the directory."""
        self._admit(turn)
        draft = await self._journey.open(turn, Choices(stage=Stage.COACHES, text=text[:80]))
        await self._journey.present(turn, draft)

    async def follow_line(self, turn: Turn, line: str) -> None:
        """Go as far as the line says."""
        self._admit(turn)
        reader = self._journey.reader(turn)
        try:
            wish = read_wish(line, now=reader.local(reader.now))
        except WhenNotUnderstood as error:
            await self._say_not_understood(turn, error)
            return
        when = line if wish.when else ""
        entries = await self._journey.entries(turn)
        if wish.anybody:
            await self._anybody(turn, entries, wish, when)
            return
        found = matching(entries, wish)
        if len(found) == 1:
            others = len(entries) > 1
            await self.open_host(turn, found[0].person, found[0].event_types, when, others=others)
            return
        text = "" if found and not wish.words else wish.text
        draft = await self._journey.open(
            turn, Choices(stage=Stage.COACHES, text=text[:80], when=when)
        )
        await self._journey.present(turn, draft)

    def _admit(self, turn: Turn) -> None:
        """Refuse the directory where people need a coach's link."""
        person = turn.incoming.person
        by_link = self._parts.policy.students is StudentsPolicy.LINK
        if by_link and not (person.is_coach or person.is_admin):
            raise StudentsClosed(StudentsPolicy.LINK.value)

    async def _say_not_understood(self, turn: Turn, error: WhenNotUnderstood) -> None:
        reader = self._journey.reader(turn)
        data = {"line": error.suggestion}
        draft = await self._parts.desk.open(turn, _LINE, data)
        label = reader.say("refused.use", suggestion=error.suggestion)
        use = target_of(draft).button(label, "use")
        await self._parts.desk.show(turn, draft, not_understood(error, reader, use=use))

    async def on_use(self, turn: Turn) -> None:
        """Follow the line that was suggested."""
        draft = await self._parts.desk.pressed(turn, _LINE)
        if draft is not None:
            await self.follow_line(turn, str(draft.data.get("line", "")))

    # --- opening the picker ---

    async def open_host(
        self,
        turn: Turn,
        host: Person,
        kinds: tuple[EventType, ...],
        when: str = "",
        *,
        via_link: bool = False,
        others: bool = False,
    ) -> None:
        """Open what one coach offers: the type itself where there is only one."""
        choices = Choices(
            stage=Stage.TYPES,
            types=tuple(kind.id for kind in kinds),
            coach=host.id,
            via_link=via_link,
            others=others,
            when=when,
        )
        draft = await self._journey.open(turn, choices)
        await self._at_types(turn, draft, choices)

    async def open_ended(self, turn: Turn, kind: EventType) -> None:
        """Say that a link's type is offered no more, and what its host offers."""
        draft = await self._journey.open(turn, Choices(stage=Stage.TYPES, coach=kind.host_id))
        await self._holding.ended(turn, draft, EventTypeOff(kind.id, kind.host_id))

    async def _at_types(self, turn: Turn, draft: Draft, choices: Choices) -> None:
        """Show the types of a coach, or go on with the only one."""
        if len(choices.types) == 1:
            await self._at_days(turn, draft, replace(choices, stage=Stage.DAYS))
        else:
            await self._journey.store(turn, draft, choices)

    async def _at_days(self, turn: Turn, draft: Draft, choices: Choices) -> None:
        """Follow what was typed about time, or show the days."""
        reader = self._journey.reader(turn)
        when: When | None = None
        if choices.when:
            when = read_wish(choices.when, now=reader.local(reader.now)).when
        choices = replace(choices, stage=Stage.DAYS, when="")
        draft = await self._parts.desk.save(draft, choices.data)
        await self._wishing.follow(turn, draft, choices, when)

    async def _anybody(self, turn: Turn, entries: list[CoachEntry], wish: Wish, when: str) -> None:
        kinds = [kind for entry in entries for kind in entry.event_types]
        lengths = {kind.duration for kind in kinds}
        asked = wish.when.duration if wish.when else None
        draft = await self._journey.open(turn, Choices(stage=Stage.LENGTHS, when=when))
        if asked and asked * _MINUTE in lengths:
            await self._of_length(turn, draft, Choices.of(draft), asked * _MINUTE)
        elif len(lengths) == 1:
            await self._of_length(turn, draft, Choices.of(draft), lengths.pop())
        else:
            await self._journey.present(turn, draft)

    async def _of_length(
        self, turn: Turn, draft: Draft, choices: Choices, length: timedelta
    ) -> None:
        """Merge everybody's types of one length."""
        kinds = [kind for kind in await self._journey.listed(turn) if kind.duration == length]
        if not kinds:
            await self._journey.present(turn, draft)
            return
        types = tuple(kind.id for kind in kinds)
        await self._at_days(turn, draft, replace(choices, types=types, others=True))

    # --- presses ---

    async def on_page(self, turn: Turn) -> None:
        """Turn the page of the directory, narrow it to a subject, or show all of it."""
        if found := await self._journey.fresh(turn):
            draft, choices = found
            argument = press_of(turn).argument
            await self._holding.release(turn, choices)
            page, text = 0, ""
            if argument.isdecimal():
                page, text = int(argument), choices.text
            elif argument.startswith("s"):
                text = await self._subject(turn, argument.removeprefix("s"))
            listed = Choices(stage=Stage.COACHES, text=text, listed=page, when=choices.when)
            await self._journey.store(turn, draft, listed)

    async def _subject(self, turn: Turn, number: str) -> str:
        """Return the subject in that place of the directory; nothing when there is none now."""
        there = subjects(self._journey.reader(turn), await self._journey.entries(turn))
        known = number.isdecimal() and int(number) < len(there)
        return there[int(number)] if known else ""

    async def on_coach(self, turn: Turn) -> None:
        """Open one coach of the directory."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        chosen = PersonId(press_of(turn).argument)
        entries = await self._journey.entries(turn)
        entry = next((each for each in entries if each.person.id == chosen), None)
        if entry is None:
            await self._journey.present(turn, draft)
            return
        kinds = tuple(kind.id for kind in entry.event_types)
        opened = replace(
            choices, stage=Stage.TYPES, coach=chosen, types=kinds, others=len(entries) > 1
        )
        await self._at_types(turn, draft, opened)

    async def on_type(self, turn: Turn) -> None:
        """Open one type of a coach."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        chosen = EventTypeId(press_of(turn).argument)
        if chosen not in choices.types:
            await self._journey.present(turn, draft)
            return
        await self._at_days(turn, draft, replace(choices, types=(chosen,), ended=False))

    async def on_length(self, turn: Turn) -> None:
        """Ask how long, or merge all types of a length."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        argument = press_of(turn).argument
        if argument.isdecimal() and len(argument) < 5:
            await self._of_length(turn, draft, choices, int(argument) * _MINUTE)
            return
        lengths = {kind.duration for kind in await self._journey.listed(turn)}
        if len(lengths) == 1:
            await self._of_length(turn, draft, choices, lengths.pop())
        else:
            await self._journey.store(turn, draft, replace(choices, stage=Stage.LENGTHS))

    async def on_pick(self, turn: Turn) -> None:
        """Open one type again, at the days or at a time offered near a lost one."""
        press = press_of(turn)
        text = f"{press.subject} {press.argument}"
        if await self._parts.zones.known(turn, then="pick", text=text):
            await self._continue_pick(turn, text)

    async def on_start(self, turn: Turn, code: str) -> None:
        """Open the type of a card in a group, for somebody who had no private chat yet."""
        if await self._parts.zones.known(turn, then="pick", text=code):
            await self._continue_pick(turn, code)

    async def _continue_pick(self, turn: Turn, text: str) -> None:
        subject, _, moment = text.partition(" ")
        kind = await self._parts.queries.event_type(
            turn.incoming.organization_id, EventTypeId(subject)
        )
        if kind.listing is Listing.OFF:
            await self.open_ended(turn, kind)
            return
        choices = Choices(
            stage=Stage.DAYS,
            types=(kind.id,),
            coach=kind.host_id,
            via_link=await self._came_before(turn, kind),
        )
        draft = await self._journey.open(turn, choices)
        if start := read_instant(moment):
            await self._take(turn, draft, choices, start)
        else:
            await self._journey.present(turn, draft)

    async def _take(self, turn: Turn, draft: Draft, choices: Choices, start: datetime) -> None:
        day = self._journey.reader(turn).local(start).date()
        # The button may have stood in an old message: a time that is taken went who knows when.
        await self._holding.take(turn, draft, replace(choices, day=day), start, 0, just=False)

    async def _came_before(self, turn: Turn, kind: EventType) -> bool:
        """Say whether the person may book this type as by its link.

        The id of an unlisted type is as secret as its code: whoever carries it was let in once.
        Beyond that, who has been with this host is known to them.
        """
        if kind.listing is Listing.LINK:
            return True
        incoming, queries = turn.incoming, self._parts.queries
        known = [
            *await queries.bookings_of(
                incoming.organization_id, incoming.person.id, now=self._parts.clock.now()
            ),
            *await queries.finished_of(incoming.organization_id, incoming.person.id),
        ]
        return any(details.booking.host_id == kind.host_id for details in known)
