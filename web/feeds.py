"""Calendar feeds under secret addresses.

The secret is looked up by its hash and stands in no log. Whatever is wrong with an address has
the one answer every unknown path has.
"""

import asyncio
import hashlib
import re
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta

from fastapi import Response

from scheduling.errors import NotFound
from scheduling.ids import BookingId, OrganizationId, PersonId, digest
from scheduling.model import BookingDetails
from scheduling.moments import Interval, zone_data_version
from scheduling.people import Person
from scheduling.ports import CalendarFiles, Clock, Queries

_NAME = re.compile(r"([A-Za-z0-9_-]{43})\.ics", re.ASCII)
_BEHIND = timedelta(days=60)
_AHEAD = timedelta(days=400)
# Read window by window, since turning many rows into values keeps everybody else waiting.
_WINDOW = timedelta(days=14)
_MOST = 100
_KEPT = 64
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Disposition": 'inline; filename="slotbook.ics"',
    "X-Robots-Tag": "noindex",
}


class Feeds:
    """Finds, composes and remembers feeds; composing happens in a thread beside the loop."""

    def __init__(self, queries: Queries, files: CalendarFiles, clock: Clock) -> None:
        self._queries, self._files, self._clock = queries, files, clock
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def find(self, name: str, if_none_match: str | None) -> Response | None:
        """Return the feed of that file name, 304 where the reader has it; None for no feed.

        Raises:
            StoreUnavailable: the database cannot be read.
        """
        shape = _NAME.fullmatch(name)
        if shape is None:
            return None
        owner = await self._queries.feed_owner(digest(shape[1]))
        if owner is None:
            return None
        try:
            person = await self._queries.person(*owner)
        except NotFound:
            return None
        bookings = await self._bookings(*owner)
        tag = await asyncio.to_thread(_tag, person, bookings)
        headers = {**_HEADERS, "ETag": tag}
        if if_none_match is not None and _matches(if_none_match, tag):
            return Response(status_code=304, headers=headers)
        content = await self._content(tag, person, bookings)
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)

    async def _bookings(
        self, organization_id: OrganizationId, person_id: PersonId
    ) -> list[BookingDetails]:
        """Return what the person hosts and attends, by start."""
        now, queries = self._clock.now(), self._queries
        since, begin, end = now - _BEHIND, now - _BEHIND, now + _AHEAD
        found: dict[BookingId, BookingDetails] = {}

        def take(several: list[BookingDetails]) -> None:
            found.update((d.booking.id, d) for d in several if d.booking.time.end > since)

        take(await queries.finished_of(organization_id, person_id, limit=_MOST))
        take(await queries.bookings_of(organization_id, person_id, now=now, limit=_MOST))
        while begin < end:
            window = Interval(begin, begin + _WINDOW)
            take(await queries.hosted(organization_id, person_id, window))
            begin = window.end
        return sorted(found.values(), key=lambda d: (d.booking.time.start, d.booking.id))

    async def _content(self, tag: str, person: Person, bookings: Sequence[BookingDetails]) -> bytes:
        kept = self._kept.get(tag)
        if kept is None:
            now = self._clock.now()
            kept = await asyncio.to_thread(self._files.feed, person, bookings, now=now)
            self._kept[tag] = kept
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(tag)
        return kept


def _tag(person: Person, bookings: Sequence[BookingDetails]) -> str:
    """Return what changes when the feed does, without composing it.

    Weak: the moment of writing inside may differ between two that say the same.
    """
    facts = [person.id, person.version, zone_data_version()]
    for details in bookings:
        booking = details.booking
        facts += [booking.id, booking.version, details.event_type.version, details.host.version]
        facts += [fact for attendee in details.people for fact in (attendee.id, attendee.version)]
    return f'W/"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def _matches(if_none_match: str, tag: str) -> bool:
    given = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return "*" in given or tag.removeprefix("W/") in given
