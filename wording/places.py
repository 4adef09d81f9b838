"""Finds time zones by what people type: a city, a country, a zone's name, what a clock says.

Zone names and CLDR's city names come from their packages; a table adds cities people
live in that no zone is named after (place_names.py).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from scheduling.moments import zone, zone_names
from wording.catalogue import babel_locale
from wording.place_names import BY_LANGUAGE, CITIES, COUNTRY_ALIASES, MAIN_ZONES, WORLD
from wording.times import city

MOST = 6
"""How many zones are offered at once."""

_CLOCK = re.compile(r"(\d{1,2})\s*[:.h]\s*(\d{2})\s*([ap])?\.?m?\.?", re.ASCII)

_DISTANCE = re.compile(r"(?:utc|gmt)\s*(?:([+-])\s*(\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was meant, perhaps: its name, what it lies in, and its zone."""

    name: str
    region: str
    zone: str


def _folded(text: str) -> str:
    """Return the text without case, accents and punctuation: "são-paulo" is "sao paulo"."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    letters = (c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


def country_of(zone_name: str, locale: str) -> str:
    """Return the country a zone lies in, in the reader's language; "" for none (UTC)."""
    territory = get_global("zone_territories").get(zone_name)
    known = territory and territory in babel_locale(locale).territories and territory != "ZZ"
    return str(babel_locale(locale).territories[territory]) if known else ""


def _app_language(locale: str) -> Locale:
    """Return the reader's own language, also where we have no sentences in it."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return Locale(language if language in BY_LANGUAGE else "en")


def _country_names(locale: str) -> Iterator[tuple[str, str]]:
    """Yield (country's name, territory) in English and in the app's language."""
    for language in (Locale("en"), _app_language(locale)):
        names = language.territories.items()
        yield from ((str(name), code) for code, name in names if len(code) == 2)


def _own_names(locale: str) -> dict[str, tuple[str, ...]]:
    """Return how the app's language calls the cities of zones: "Lissabon"."""
    zones = _app_language(locale).time_zones
    return {name: (str(facts["city"]),) for name, facts in zones.items() if "city" in facts}


@lru_cache(maxsize=32)
def _gazetteer(locale: str) -> dict[str, tuple[Place, ...]]:
    """Return every place known, by folded name."""
    own = _own_names(locale)
    found: dict[str, dict[str, Place]] = {}

    def put(name: str, region: str, zone_name: str) -> None:
        found.setdefault(_folded(name), {}).setdefault(zone_name, Place(name, region, zone_name))

    for name in sorted(zone_names() & get_global("zone_territories").keys()):
        for known_as in (city(name), name.rpartition("/")[2].replace("_", " "), *own.get(name, ())):
            put(known_as, country_of(name, locale), name)
    for zone_name, cities in CITIES.items():
        for entry in filter(None, cities.split(", ")):
            name, _, region = entry.partition("=")
            put(name, region or country_of(zone_name, locale), zone_name)
    for name, territory in (*_country_names(locale), *COUNTRY_ALIASES.items()):
        for zone_name in zones_of_country(territory):
            put(name, city(zone_name, locale), zone_name)
    return {key: tuple(places.values()) for key, places in found.items()}


def zones_of_country(territory: str) -> tuple[str, ...]:
    """Return the main zones of a country by its two-letter code, the most populous first."""
    if main := MAIN_ZONES.get(territory.upper()):
        return main
    return tuple(get_global("territory_zones").get(territory.upper(), ()))[:MOST]


def find_places(text: str, *, now: datetime, locale: str) -> tuple[Place, ...]:
    """Return what the typed words may mean, at most one place a zone; empty for nothing known.

    Understands cities, countries, zone names ("Europe/Berlin"), a distance from UTC ("utc+3")
    and the time on the reader's clock ("10:02").
    """
    if name := _zone_name(text.strip()):
        return (Place(city(name, locale), country_of(name, locale), name),)
    if clock := _CLOCK.fullmatch(text.strip().casefold()):
        return _by_clock(clock, now, locale)
    places = _gazetteer(locale).get(_folded(text), ()) or _gazetteer(locale).get(
        _folded(text.partition(",")[0]), ()
    )
    return _distinct(_narrowed(places, text), now)


def _zone_name(text: str) -> str | None:
    """Return the zone named outright: "Europe/Berlin", "UTC", "gmt+3"."""
    if text in zone_names() and "/" in text:
        return text
    distance = _DISTANCE.fullmatch(text.casefold())
    if distance is None:
        return None
    hours = int(distance[2] or 0) * (-1 if distance[1] == "-" else 1)
    # POSIX counts westwards: "UTC+3" is Etc/GMT-3.
    name = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    return name if name in zone_names() else None


def nearest_name(text: str, *, locale: str) -> str | None:
    """Return the known name most like what was typed, for "Did you mean"."""
    known = _gazetteer(locale)
    close = get_close_matches(_folded(text), known, n=1, cutoff=0.75)
    return known[close[0]][0].name if close else None


def likely_zones(locale: str, *, near: str | None, now: datetime) -> tuple[str, ...]:
    """Guess zones by the app's language; ``near`` is a zone that is likely too (the coach's).

    No two of them show the same time at ``now``: they are told apart by their clocks.
    """
    language, _, territory = locale.replace("_", "-").partition("-")
    own = zones_of_country(territory)[:2] if territory else ()
    own = (*own, *BY_LANGUAGE.get(language.lower(), ()))
    guesses = [*own[:1], *filter(None, [near]), *own[1:], *WORLD[:4]]
    unlike: dict[timedelta | None, str] = {}
    for name in guesses:
        unlike.setdefault(now.astimezone(zone(name)).utcoffset(), name)
    return tuple(unlike.values())[:3]


def _narrowed(places: tuple[Place, ...], text: str) -> tuple[Place, ...]:
    """Keep the places of the region that was typed after a comma, when that tells anything."""
    region = _folded(text.partition(",")[2])
    return tuple(p for p in places if region and region in _folded(p.region)) or places


def _distinct(places: Iterable[Place], now: datetime) -> tuple[Place, ...]:
    """Drop names of zones that are links: same name and same clock, now and half a year on."""
    unlike: dict[tuple[str, str, object, object], Place] = {}
    for place in places:
        tz, later = zone(place.zone), now + timedelta(days=182)
        clocks = (now.astimezone(tz).utcoffset(), later.astimezone(tz).utcoffset())
        region = "" if place.zone in CITIES or not place.region else place.region
        unlike.setdefault((_folded(place.name), region, *clocks), place)
    return tuple(unlike.values())[:MOST]


def _by_clock(clock: re.Match[str], now: datetime, locale: str) -> tuple[Place, ...]:
    """Return well-known zones whose clocks show that time, give or take some minutes."""
    hour, minute = int(clock[1]), int(clock[2])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3] == "p" else 0)
    if hour > 23 or minute > 59:
        return ()
    typed = timedelta(hours=hour, minutes=minute)
    own = likely_zones(locale, near=None, now=now)
    near = []
    for name in dict.fromkeys((*own, *WORLD)):
        local = now.astimezone(zone(name))
        away = abs(timedelta(hours=local.hour, minutes=local.minute) - typed)
        if min(away, timedelta(days=1) - away) <= timedelta(minutes=7):
            near.append(Place(city(name, locale), country_of(name, locale), name))
    return tuple(near[:MOST])
