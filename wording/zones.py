"""The question for somebody's time zone, asked by what their clock says."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.messages import Action, Ask, Button, ButtonStyle, ChatMessage, Part, Plain
from wording.lines import in_rows
from wording.places import Place, find_places
from wording.times import Reader, city


@dataclass(frozen=True, slots=True)
class Target:
    """The draft that buttons act on, at the revision they were made for."""

    id: str
    revision: int

    def button(
        self,
        label: str,
        verb: str,
        argument: str = "",
        *,
        style: ButtonStyle = ButtonStyle.NORMAL,
    ) -> Action:
        """Return a button on this draft."""
        return Action(label, verb, self.id, self.revision, argument, style)


def ask_clock(
    reader: Reader,
    target: Target,
    zones: Sequence[str],
    *,
    greeting: tuple[Part, ...] = (),
    locates: bool = False,
    again: bool = False,
) -> ChatMessage:
    """Ask what the reader's clock says, with a button for each likely zone.

    ``again``: there is a zone already, and a way back to it.
    """
    clocks = [
        target.button(_clock(reader, name, city(name, reader.locale)), "zone", str(index))
        for index, name in enumerate(zones)
    ]
    question = Plain(reader.say("zone.again" if again else "welcome.first"))
    rows = (*in_rows(clocks, 3), _others(reader, target, locates=locates))
    back = ((target.button(reader.say("nav.back"), "zone", "keep"),),) if again else ()
    return ChatMessage((*greeting, question), (*rows, *back))


def ask_city(reader: Reader, target: Target, *, locates: bool = False) -> ChatMessage:
    """Ask for a city to be typed."""
    text = reader.say("zone.type", example=reader.time(reader.now))
    rows = ((target.button(reader.say("zone.where"), "zone", "where"),),) if locates else ()
    return ChatMessage((Plain(text),), (*rows, (target.button(reader.say("nav.back"), "zone"),)))


def offer_places(reader: Reader, target: Target, places: Sequence[Place]) -> ChatMessage:
    """Let the reader confirm the one place meant, or choose between several by their clocks."""
    if len(places) == 1:
        return _offer_one(reader, target, places[0])
    names = {place.name for place in places}
    key = "zone.several" if len(names) == 1 else "zone.by_clock"
    clocks = [
        target.button(_clock(reader, place.zone, _told_apart(place, names)), "zone", str(index))
        for index, place in enumerate(places)
    ]
    text = reader.say(key, count=len(places))
    return ChatMessage((Plain(text),), (*in_rows(clocks, 2), _others(reader, target)))


def unknown_place(
    reader: Reader, target: Target, text: str, near: str | None, *, locates: bool = False
) -> ChatMessage:
    """Say that no such place is known; the name most like it is the way on."""
    if near is None:
        words = reader.say("zone.unknown", text=text, example=reader.time(reader.now))
        return ChatMessage((Plain(words),), (_others(reader, target, locates=locates),))
    words = reader.say("zone.unknown_near", text=text, name=near)
    meant = find_places(near, now=reader.now, locale=reader.locale)
    clocks = [
        target.button(_clock(reader, p.zone, _told_apart(p, {p.name})), "zone", str(index))
        for index, p in enumerate(meant)
    ]
    return ChatMessage((Plain(words),), (*in_rows(clocks, 2), _others(reader, target)))


def nowhere(reader: Reader, target: Target) -> ChatMessage:
    """Say that the shared place tells no zone, and ask for a city."""
    return ChatMessage((Plain(reader.say("zone.nowhere")),), (_others(reader, target),))


def ask_location(reader: Reader) -> ChatMessage:
    """Ask for the place itself, by the platform's own keyboard."""
    return ChatMessage(
        (Plain(reader.say("zone.share_now")),),
        ask=Ask.LOCATION,
        ask_label=reader.say("zone.where"),
    )


def location_received(reader: Reader) -> ChatMessage:
    """Take the keyboard away again."""
    return ChatMessage((Plain(reader.say("zone.share_done")),), ask=Ask.DONE)


def _offer_one(reader: Reader, target: Target, place: Place) -> ChatMessage:
    there = reader.elsewhere(place.zone)
    time = there.time(reader.now)
    key = "zone.one_region" if place.region else "zone.one"
    text = reader.say(key, place=place.name, region=place.region, time=time)
    yes = target.button(reader.say("zone.yes", time=time), "zone", "0", style=ButtonStyle.PRIMARY)
    return ChatMessage((Plain(text),), ((yes, *_others(reader, target)),))


def _told_apart(place: Place, names: set[str]) -> str:
    return place.region if len(names) == 1 and place.region else place.name


def _clock(reader: Reader, zone_name: str, place: str) -> str:
    return reader.say("zone.clock", time=reader.elsewhere(zone_name).time(reader.now), place=place)


def _others(reader: Reader, target: Target, *, locates: bool = False) -> tuple[Button, ...]:
    another = target.button(reader.say("zone.another"), "zone", "type")
    where = target.button(reader.say("zone.where"), "zone", "where")
    return (another, where) if locates else (another,)
