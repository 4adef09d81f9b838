"""The time zone, asked once before anything with times, by what a clock says."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Self

from bots.chat import SharedLocation, Turn, Typed
from bots.flows.desk import Desk
from bots.flows.turns import press_of, reader_of, with_person
from bots.router import Router
from scheduling.messages import Part
from scheduling.people import Platform
from scheduling.people_service import PeopleService
from scheduling.ports import Clock, Draft
from wording import zones as words
from wording.places import find_places, likely_zones, nearest_name
from wording.times import Reader, city
from wording.zones import Target

Continuation = Callable[[Turn, str], Awaitable[None]]
ZoneAt = Callable[[float, float], str | None]
"""Zone of a place by latitude and longitude; None where there is none (the open sea)."""

FLOW = "zone"
AWAITS = "zone"


@dataclass(frozen=True, slots=True)
class ZoneDraft:
    """What was asked before the zone was, and the zones on the buttons."""

    then: str
    text: str = ""
    near: str = ""
    """A zone that is likely too: the coach's."""
    zones: tuple[str, ...] = ()

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Read it back."""
        data = {key: str(draft.data.get(key, "")) for key in ("then", "text", "near", "zones")}
        zones = tuple(filter(None, data.pop("zones").split(",")))
        return cls(zones=zones, **data)

    def offering(self, zones: Sequence[str]) -> "ZoneDraft":
        """Return it with these zones on the buttons."""
        return ZoneDraft(self.then, self.text, self.near, tuple(zones))

    @property
    def data(self) -> dict[str, object]:
        """Return it as the draft keeps it."""
        return {
            "then": self.then,
            "text": self.text,
            "near": self.near,
            "zones": ",".join(self.zones),
        }


class ZoneQuestion:
    """Asks for the zone, then goes on with what was asked for.

    A flow registers how to go on under a name (``continue_with``) and asks ``known`` first.
    """

    def __init__(
        self, desk: Desk, people: PeopleService, clock: Clock, zone_at: ZoneAt | None = None
    ) -> None:
        self._desk, self._people, self._clock, self._zone_at = desk, people, clock, zone_at
        self._continuations: dict[str, Continuation] = {}

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("zone", self.on_press)
        router.text(AWAITS, self.on_typed)

    def continue_with(self, name: str, continuation: Continuation) -> None:
        """Name what goes on after the zone is known; it gets the text kept meanwhile."""
        if name in self._continuations:
            raise ValueError(f"{name} is named twice")
        self._continuations[name] = continuation

    async def known(
        self,
        turn: Turn,
        *,
        then: str,
        text: str = "",
        near: str | None = None,
        greeting: tuple[Part, ...] = (),
    ) -> bool:
        """Say whether the person's zone is known; if not, ask for it and go on afterwards."""
        if turn.incoming.person.zone is not None:
            return True
        await self.ask(turn, then=then, text=text, near=near, greeting=greeting)
        return False

    async def ask(
        self,
        turn: Turn,
        *,
        then: str,
        text: str = "",
        near: str | None = None,
        greeting: tuple[Part, ...] = (),
    ) -> None:
        """Ask for the zone, also of somebody who has one and wants another."""
        reader = reader_of(turn, self._clock)
        guesses = likely_zones(turn.incoming.person.locale, near=near, now=reader.now)
        asked = ZoneDraft(then, text, near or "", guesses)
        draft = await self._desk.open(turn, FLOW, asked.data, awaits=AWAITS)
        message = words.ask_clock(
            reader,
            _target(draft),
            guesses,
            greeting=greeting,
            locates=self._locates(turn),
            again=turn.incoming.person.zone is not None,
        )
        await self._desk.show(turn, draft, message)

    def _locates(self, turn: Turn) -> bool:
        """Say whether the place itself can be sent: Slack has no way to."""
        return self._zone_at is not None and turn.incoming.chat.platform is not Platform.SLACK

    async def on_press(self, turn: Turn) -> None:
        """Take the zone of a button, or ask another way."""
        draft = await self._desk.pressed(turn, FLOW)
        if draft is None:
            return
        asked, reader = ZoneDraft.of(draft), reader_of(turn, self._clock)
        argument = press_of(turn).argument
        if press_of(turn).revision != draft.revision:
            await self._repeat(turn, draft)
        elif argument == "type":
            draft = await self._desk.save(draft, asked.data, awaits=AWAITS)
            message = words.ask_city(reader, _target(draft), locates=self._locates(turn))
            await self._desk.show(turn, draft, message)
        elif argument == "keep" and turn.incoming.person.zone is not None:
            await self._desk.save(draft, asked.data)
            await self._continuations[asked.then](turn, asked.text)
        elif argument == "where" and self._locates(turn):
            draft = await self._desk.save(draft, asked.data, awaits=AWAITS)
            await turn.say(words.ask_location(reader))
        elif argument.isdecimal() and int(argument) < len(asked.zones):
            await self._settle(turn, draft, asked.zones[int(argument)])
        else:
            await self._repeat(turn, draft)

    async def on_typed(self, turn: Turn, draft: Draft) -> None:
        """Find the zone of a typed city, country or clock, or of a shared place."""
        reader = reader_of(turn, self._clock)
        match turn.incoming.said:
            case Typed(text=text):
                await self._find(turn, draft, text.strip()[:80], reader)
            case SharedLocation(latitude=latitude, longitude=longitude):
                await turn.say(words.location_received(reader))
                found = self._zone_at(latitude, longitude) if self._zone_at else None
                await self._find(turn, draft, found or "", reader, nowhere=found is None)
            case _:
                await self._repeat(turn, draft)

    async def _find(
        self, turn: Turn, draft: Draft, text: str, reader: Reader, *, nowhere: bool = False
    ) -> None:
        asked = ZoneDraft.of(draft)
        places = find_places(text, now=reader.now, locale=reader.locale)
        near = None if places else nearest_name(text, locale=reader.locale)
        meant = find_places(near, now=reader.now, locale=reader.locale) if near else places
        asked = asked.offering([place.zone for place in meant] or asked.zones)
        draft = await self._desk.save(draft, asked.data, awaits=AWAITS)
        target = _target(draft)
        if places:
            message = words.offer_places(reader, target, places)
        elif nowhere:
            message = words.nowhere(reader, target)
        else:
            message = words.unknown_place(reader, target, text, near, locates=self._locates(turn))
        await self._desk.show(turn, draft, message)

    async def _settle(self, turn: Turn, draft: Draft, zone_name: str) -> None:
        """Keep the zone and go on; the card becomes what was asked for."""
        asked = ZoneDraft.of(draft)
        person = await self._people.set_zone(turn.incoming.actor, zone_name)
        await self._desk.save(draft, asked.data)
        name = city(zone_name, person.locale)
        await turn.toast(Reader.of(person, self._clock.now()).say("zone.set", city=name))
        await self._continuations[asked.then](with_person(turn, person), asked.text)

    async def _repeat(self, turn: Turn, draft: Draft) -> None:
        """Show the first question again: what an old button leads to, and the way back."""
        asked, reader = ZoneDraft.of(draft), reader_of(turn, self._clock)
        if not draft.awaits and turn.incoming.person.zone is not None:
            await turn.toast(reader.say("zone.set", city=reader.city))
            return
        near = asked.near or None
        guesses = likely_zones(turn.incoming.person.locale, near=near, now=reader.now)
        draft = await self._desk.save(draft, asked.offering(guesses).data, awaits=AWAITS)
        again = turn.incoming.person.zone is not None
        message = words.ask_clock(
            reader, _target(draft), guesses, locates=self._locates(turn), again=again
        )
        await self._desk.show(turn, draft, message)


def _target(draft: Draft) -> Target:
    return Target(draft.id, draft.revision)
