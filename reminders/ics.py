"""Calendar files and feeds: the CalendarFiles port over icalendar.

What people typed can hold anything, so nothing here may be lost to one odd value: a property that
cannot be written is left out of its event, an event that cannot be written out of its feed.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import structlog
from icalendar import Alarm, Calendar, Event, vCalAddress

from reminders.vtimezone import vtimezone
from scheduling.errors import UnknownZone
from scheduling.messages import File
from scheduling.model import BookingDetails, BookingStatus
from scheduling.moments import zone
from scheduling.people import Person
from scheduling.policy import Policy
from wording.times import Reader
from wording.view import View

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

MEDIA_TYPE = "text/calendar"
_PRODUCT = "-//slotbook//slotbook//EN"
_REFRESH = timedelta(hours=1)
_NAMES_SHOWN = 3
_SLUG_LENGTH = 40
# In English whatever the locale: a file's name is ASCII, which every phone can store.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_URL = re.compile(r"https?://[^\s\"<>\\^`{|}\x00-\x20\x7f]+")
_EMAIL = re.compile(r"[^\s@<>\"':;,\x00-\x20\x7f]+@[^\s@<>\"':;,\x00-\x20\x7f]+")
# What icalendar and the codecs raise for a value they cannot write.
_UNWRITABLE = (ValueError, TypeError, OverflowError)
_log = structlog.get_logger(__name__)


class IcsFiles:
    """Composes calendar files; ``reminders`` are the lead times where nobody chose others."""

    def __init__(self, reminders: Sequence[timedelta] = Policy().reminders) -> None:
        self._reminders = tuple(reminders)

    def for_booking(
        self,
        details: BookingDetails,
        reader: Person,
        *,
        method: Method = "PUBLISH",
        now: datetime,
    ) -> File:
        """Compose the booking's file as this reader gets it."""
        event = _event(details, reader, now, method=method)
        event.add("last-modified", now)
        if event["status"] != "CANCELLED":
            for lead in self._leads(details, reader):
                event.add_component(_alarm(str(event["summary"]), lead))
        calendar = _calendar(method)
        _add_zones(calendar, [details])
        calendar.add_component(event)
        return File(_file_name(details, reader, now), calendar.to_ical(), MEDIA_TYPE)

    def feed(self, owner: Person, bookings: Sequence[BookingDetails], *, now: datetime) -> bytes:
        """Compose a calendar feed; a booking that cannot be written is left out, the rest stay."""
        calendar = _calendar("PUBLISH")
        for key in ("name", "x-wr-calname"):
            calendar.add(key, f"slotbook · {_clean(owner.name)}")
        calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
        events = []
        for details in bookings:
            try:
                event = _event(details, owner, now)
                event.to_ical()
            except _UNWRITABLE:
                _log.exception("ics.left_out", booking=details.booking.id)
                continue
            events.append((details, event))
        _add_zones(calendar, [details for details, _ in events])
        for _, event in events:
            calendar.add_component(event)
        content: bytes = calendar.to_ical()
        return content

    def _leads(self, details: BookingDetails, reader: Person) -> list[timedelta]:
        """Return when the calendar reminds: like the chat does."""
        if reader.reminders is not None:
            return sorted(reader.reminders, reverse=True)
        of_type = details.event_type.reminders
        leads = sorted(self._reminders if of_type is None else of_type, reverse=True)
        return leads[-1:] if reader.id == details.booking.host_id else leads


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(
    details: BookingDetails, reader: Person, now: datetime, *, method: Method = "PUBLISH"
) -> Event:
    """Compose the event without what only a file has (alarms, the moment of the change)."""
    booking = details.booking
    event = Event()
    event.add("uid", _clean(booking.uid))
    event.add("dtstamp", now)
    event.add("created", booking.created_at)
    event.add("sequence", booking.sequence)
    in_zone = _zone_of(details)
    for key, moment in (("dtstart", booking.time.start), ("dtend", booking.time.end)):
        event.add(key, moment.astimezone(zone(in_zone)) if in_zone else moment)
    status = "CANCELLED" if method == "CANCEL" else _status(details, reader)
    event.add("status", status)
    event.add("transp", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    event.add("summary", _summary(details, reader, now))
    _add_place(event, details)
    if method != "PUBLISH":
        _add_people(event, details)
    return event


def _status(details: BookingDetails, reader: Person) -> str:
    booking = details.booking
    if reader.id != booking.host_id:
        seat = booking.seat_of(reader.id)
        # Whoever never had one reads it in a thread, as it is for all.
        if seat is not None and not seat.status.uses_seat:
            return "CANCELLED"  # the others' group goes on; this reader has left it
    match booking.status:
        case BookingStatus.CONFIRMED | BookingStatus.COMPLETED:
            return "CONFIRMED"
        case BookingStatus.HELD | BookingStatus.PENDING:
            return "TENTATIVE"
        case _:
            return "CANCELLED"


def _summary(details: BookingDetails, reader: Person, now: datetime) -> str:
    """Return "Piano lesson with Ana", and to the host "Piano lesson: Mia Costa"."""
    if reader.id != details.booking.host_id:
        return _clean(View.of(details, reader, now).what)
    names = [person.name for person in details.people]
    shown = names[:_NAMES_SHOWN]
    more = [f"+{len(names) - _NAMES_SHOWN}"] if len(names) > _NAMES_SHOWN else []
    title = _clean(details.booking.title)
    return f"{title}: {_clean(', '.join(shown + more))}" if names else title


def _add_place(event: Event, details: BookingDetails) -> None:
    booking = details.booking
    place, video = _clean(booking.place or ""), booking.video or ""
    if video and not _URL.fullmatch(video):
        _log.warning("ics.address_left_out", booking=booking.id)
        video = ""
    if place or video:
        event.add("location", place or video)
    if video:
        event.add("url", video)
    description = "\n".join(
        line for line in (_clean(details.event_type.description or ""), video) if line
    )
    if description:
        event.add("description", description)


def _add_people(event: Event, details: BookingDetails) -> None:
    # Without an organizer an attendee means nothing, and without a mailbox neither does.
    organizer = _address(details.host)
    if organizer is None:
        return
    event.add("organizer", organizer)
    for person in details.people:
        if attendee := _address(person):
            attendee.params["role"] = "REQ-PARTICIPANT"
            attendee.params["partstat"] = "ACCEPTED"
            event.add("attendee", attendee)


def _address(person: Person) -> vCalAddress | None:
    if person.email is None or not _EMAIL.fullmatch(person.email):
        return None
    address = vCalAddress(f"mailto:{person.email}")
    # A parameter has no way to write a quote.
    address.params["cn"] = _clean(person.name).replace('"', "'").replace("\n", " ")
    return address


def _alarm(summary: str, lead: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -lead)
    return alarm


def _zone_of(details: BookingDetails) -> str | None:
    """Return the venue's zone: who comes to a place keeps its clock, whatever rules change.

    Everything else is written in UTC, which no client can misread.
    """
    booking = details.booking
    if not booking.place or booking.video:
        return None
    try:
        zone(booking.host_zone)
    except UnknownZone:
        return None
    return booking.host_zone


def _add_zones(calendar: Calendar, bookings: Sequence[BookingDetails]) -> None:
    """Write each zone used once, over the years in which it is used."""
    years: dict[str, set[int]] = {}
    for details in bookings:
        if name := _zone_of(details):
            time = details.booking.time
            local = (moment.astimezone(zone(name)).year for moment in (time.start, time.end))
            years.setdefault(name, set()).update(local)
    for name, used in sorted(years.items()):
        calendar.add_component(vtimezone(name, min(used), max(used)))


def _file_name(details: BookingDetails, reader: Person, now: datetime) -> str:
    """Return "piano-lesson-24-nov.ics", by the reader's date."""
    plain = unicodedata.normalize("NFKD", details.booking.title).encode("ascii", "ignore")
    words = re.findall(r"[a-z0-9]+", plain.decode("ascii").lower())
    slug = "-".join(words)[:_SLUG_LENGTH].strip("-") or "booking"
    day = Reader.of(reader, now).local(details.booking.time.start)
    return f"{slug}-{day.day}-{_MONTHS[day.month - 1]}.ics"


def _clean(text: str) -> str:
    """Return the text without what breaks lines, hides, or cannot be encoded."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c for c in line if _is_writable(c)) for line in lines).strip()


def _is_writable(character: str) -> bool:
    # Cc: controls; Cs: halves of characters; Zl, Zp: separators some readers take for a new line.
    return unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
