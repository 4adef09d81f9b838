"""A coach's booking links: to copy, to share, as a QR picture; and what makes them nicer."""

import asyncio

from bots.chat import Turn, Typed
from bots.flows.hosting_parts import HostingParts, coaches_only, own_type, target_of
from bots.flows.turns import press_of, reader_of
from bots.flows.types import AskPart
from bots.router import Audience, Router
from scheduling.errors import InputRefused
from scheduling.messages import ChatMessage
from scheduling.model import EventType, Listing
from scheduling.people import Person
from scheduling.ports import Draft
from wording import hosting as words
from wording.pictures import qr_png
from wording.refusals import sentence
from wording.times import Reader

FLOW = "about"
AWAITS = "about.line"


def link_message(
    parts: HostingParts, reader: Reader, kind: EventType, person: Person, *, fresh: bool
) -> ChatMessage:
    """Return the card of an event type's link."""
    done = sum(words.done_of_nicer(kind, person))
    address = parts.links.deep_link(kind.code)
    return words.link_card(reader, kind, address, nicer=done, fresh=fresh)


class LinkFlow:
    """Links, and three small questions that make what is behind them nicer."""

    def __init__(self, parts: HostingParts, ask_part: AskPart) -> None:
        self._parts, self._ask_part = parts, ask_part
        self._desk = parts.desk

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("link", self.on_link, audience=Audience.COACH)
        router.press("link", self.on_link)
        router.press("qr", self.on_qr)
        router.press("nicer", self.on_nicer)
        router.press("aboutset", self.on_about_pressed)
        router.text(AWAITS, self.on_about)

    async def on_link(self, turn: Turn) -> None:
        """Show the link, or ask which of several."""
        if not await coaches_only(turn, self._parts):
            return
        reader = reader_of(turn, self._parts.clock)
        wanted = press_of(turn).subject
        kinds = [
            kind
            for kind in await self._parts.hosting.event_types(turn.incoming.actor)
            if kind.listing is not Listing.OFF
        ]
        if wanted:
            kinds = [kind for kind in kinds if kind.id == wanted]
        if not kinds:
            await turn.show(words.no_types(reader))
        elif len(kinds) == 1:
            person = turn.incoming.person
            await turn.show(link_message(self._parts, reader, kinds[0], person, fresh=False))
        else:
            await turn.show(words.choose_link(reader, kinds))

    async def on_qr(self, turn: Turn) -> None:
        """Send the link as a QR picture, below the card."""
        kind = await own_type(turn, self._parts, press_of(turn).subject)
        if kind is None:
            return
        reader, host = reader_of(turn, self._parts.clock), turn.incoming.person
        address = self._parts.links.deep_link(kind.code)
        note = words.qr_note(reader, kind, host)
        png = await asyncio.to_thread(qr_png, address, kind.title, note)
        await turn.say(words.qr_card(reader, kind, host, address, png))

    # --- nicer ---

    async def on_nicer(self, turn: Turn) -> None:
        """Show the three additions, or ask for one of them."""
        press = press_of(turn)
        kind = await own_type(turn, self._parts, press.subject)
        if kind is None:
            return
        reader = reader_of(turn, self._parts.clock)
        match press.argument:
            case "where" | "after" as field:
                await self._ask_part(turn, kind, field, back="nicer")
            case "about":
                data = {"event_type_id": kind.id}
                draft = await self._desk.open(turn, FLOW, data, awaits=AWAITS)
                await self._show_about(turn, draft, reader)
            case _:
                await self._desk.hush(turn)
                await turn.show(words.nicer(reader, kind, turn.incoming.person))

    async def on_about(self, turn: Turn, draft: Draft) -> None:
        """Take the line about the coach as typed."""
        said = turn.incoming.said
        reader = reader_of(turn, self._parts.clock)
        text = said.text if isinstance(said, Typed) else ""
        try:
            person = await self._parts.people.set_about(turn.incoming.actor, text)
        except InputRefused as refused:
            await self._show_about(turn, draft, reader, sentence(refused, reader))
            return
        await self._done(turn, draft, reader, person)

    async def on_about_pressed(self, turn: Turn) -> None:
        """Remove the line, or go back."""
        draft = await self._desk.pressed(turn, FLOW)
        if draft is None:
            return
        reader, person = reader_of(turn, self._parts.clock), turn.incoming.person
        press = press_of(turn)
        if press.argument == "none" and press.revision == draft.revision:
            person = await self._parts.people.set_about(turn.incoming.actor, None)
        await self._done(turn, draft, reader, person)

    async def _show_about(
        self, turn: Turn, draft: Draft, reader: Reader, problem: str = ""
    ) -> None:
        present = turn.incoming.person.about
        message = words.ask_about(reader, target_of(draft), present, problem=problem)
        await self._desk.show(turn, draft, message)

    async def _done(self, turn: Turn, draft: Draft, reader: Reader, person: Person) -> None:
        kind = await own_type(turn, self._parts, str(draft.data.get("event_type_id", "")))
        if kind is None:
            return
        draft = await self._desk.save(draft, draft.data)
        await self._desk.show(turn, draft, words.nicer(reader, kind, person))
