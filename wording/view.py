"""A booking as one person sees it: the words every card and message about it shares."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import urlencode

from scheduling.messages import Link, Part, Plain
from scheduling.model import Booking, BookingDetails, BookingStatus, EventType, SeatStatus
from scheduling.moments import Interval
from scheduling.people import Person
from wording.times import Reader, city

_GOOGLE = "https://calendar.google.com/calendar/render"


@dataclass(frozen=True, slots=True)
class View:
    """One booking before one person, host or attendee."""

    details: BookingDetails
    person: Person
    reader: Reader

    @classmethod
    def of(cls, details: BookingDetails, person: Person, now: datetime) -> Self:
        """Return the booking as the person sees it now."""
        return cls(details, person, Reader.of(person, now))

    @property
    def booking(self) -> Booking:
        return self.details.booking

    @property
    def is_host(self) -> bool:
        return self.person.id == self.booking.host_id

    @property
    def takes_part(self) -> bool:
        """Say whether the person hosts it, or comes, or has asked to."""
        seat = self.booking.seat_of(self.person.id)
        seated = {SeatStatus.ACCEPTED, SeatStatus.PENDING}
        return self.is_host or (seat is not None and seat.status in seated)

    # --- names ---

    @property
    def host(self) -> str:
        """Return "Ana"."""
        return self.details.host.first_name

    @property
    def others(self) -> str:
        """Return the first names of the other side: "Ana"; "Mia and Leo" to the host."""
        if not self.is_host:
            return self.host
        names = [person.first_name for person in self.details.people]
        return self.reader.listing(names) or self.reader.say("booking.someone")

    @property
    def who(self) -> str:
        """Return the full name of the one on the other side, as the first message says it."""
        if not self.is_host:
            return self.details.host.name
        people = self.details.people
        return people[-1].name if people else self.reader.say("booking.someone")

    @property
    def title(self) -> str:
        return self.booking.title

    @property
    def undo_until(self) -> datetime | None:
        """Return until when this person can undo, as far as the booking itself tells.

        It keeps one such moment: that of who booked, cancelled or approved last.
        """
        booking = self.booking
        if booking.status is BookingStatus.CANCELLED:
            return booking.undo_until if booking.cancelled_by == self.person.id else None
        by_host = self.details.event_type.approval and booking.status is BookingStatus.CONFIRMED
        return booking.undo_until if by_host == self.is_host else None

    @property
    def noun(self) -> str:
        """Return what the title calls it: "lesson" for "Piano lesson", else "booking"."""
        last = self.title.lower().split()[-1:] or [""]
        nouns = self.reader.say("booking.nouns").split()
        return last[0] if last[0] in nouns else self.reader.say("booking.noun")

    # --- times ---

    @property
    def start(self) -> datetime:
        return self.booking.time.start

    @property
    def range(self) -> str:
        """Return "Tue 24 Nov, 15:00-16:00"."""
        return self.reader.range(self.booking.time.start, self.booking.time.end)

    @property
    def day_time(self) -> str:
        """Return "Tue 24 Nov, 15:00"."""
        return self.reader.day_time(self.start)

    def range_in_city(self, *, both: bool) -> str:
        """Return "Tue 24 Nov, 15:00-16:00 Lisbon", and the host's time where it differs."""
        time = self.booking.time
        return range_in_city(
            self.reader, self.details.host, time.start, time.end, both=both and not self.is_host
        )

    # --- what ---

    @property
    def what(self) -> str:
        """Return "Piano lesson with Ana"."""
        return self.reader.say("booking.what", title=self.title, host=self.others)

    def what_and_where(self, *, link: bool) -> tuple[Part, ...]:
        """Return "Piano lesson with Ana · video: meet.example/x", or its place."""
        where = where_parts(self.reader, self.booking.place, self.booking.video, link=link)
        return (Plain(self.what), *where)

    @property
    def google_link(self) -> str:
        """Return an address that adds the booking to a Google calendar; times are in UTC."""
        where = self.booking.place or self.booking.video or ""
        return google_address(self.what, self.booking.time, where)


def google_address(title: str, time: Interval, where: str) -> str:
    """Return an address that adds something to a Google calendar; times are in UTC."""
    form = "%Y%m%dT%H%M%SZ"
    fields = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{time.start:{form}}/{time.end:{form}}",
        "location": where,
    }
    return f"{_GOOGLE}?{urlencode({key: value for key, value in fields.items() if value})}"


def range_in_city(
    reader: Reader, host: Person, start: datetime, end: datetime, *, both: bool
) -> str:
    """Return "Tue 24 Nov, 15:00-16:00 Lisbon (16:00 in Berlin)"."""
    span = reader.range(start, end)
    if not both or host.zone is None or reader.same_clock(host.zone, start):
        return reader.say("booking.when", range=span, city=reader.city)
    there = reader.elsewhere(host.zone)
    same_day = there.local(start).date() == reader.local(start).date()
    return reader.say(
        "booking.when_both",
        range=span,
        city=reader.city,
        other=there.time(start) if same_day else there.day_time(start),
        other_city=city(host.zone, reader.locale),
    )


def where_parts(
    reader: Reader, place: str | None, video: str | None, *, link: bool
) -> tuple[Part, ...]:
    """Return " · video: meet.example/x" or " · Rua Nova 5"; nothing where nothing is known."""
    dot = reader.say("booking.dot")
    parts: list[Part] = []
    if place:
        parts.append(Plain(dot + place))
    if video and link:
        shown = video.removeprefix("https://").removeprefix("http://")
        parts += [Plain(dot + reader.say("booking.video_link")), Link(shown, video)]
    elif video:
        parts.append(Plain(dot + reader.say("booking.video")))
    return tuple(parts)


def cut_off_of(view: View) -> datetime:
    """Return until when the attendee may move or cancel."""
    return view.start - view.details.event_type.cut_off


def may_change(view: View) -> bool:
    """Say whether this reader may move or cancel by themselves now."""
    now = view.reader.now
    if view.is_host:
        return now < view.booking.time.end
    return now <= cut_off_of(view) and now < view.start


def type_label(reader: Reader, event_type: EventType) -> str:
    """Return "Piano lesson, 60 min"."""
    length = reader.short_length(event_type.duration)
    return reader.say("pick.type", title=event_type.title, length=length)
