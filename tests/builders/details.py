"""Bookings with everybody in them, the way messages and calendar files read them."""

from dataclasses import replace
from typing import Any

from builders.people import a_person
from builders.scheduling import HOST, STUDENT, a_booking, an_event_type
from builders.times import at, between
from scheduling.ids import BookingId
from scheduling.model import BookingDetails, EventType
from scheduling.people import Person

ANA = a_person("Ana Ruiz", id=HOST, zone="Europe/Berlin", email="ana@example.org")
MIA = a_person(
    "Mia Costa",
    id=STUDENT,
    zone="Europe/Lisbon",
    email="mia@example.org",
    phone="+351 912 345 678",
)


def some_details(
    *,
    host: Person = ANA,
    people: tuple[Person, ...] = (MIA,),
    event_type: EventType | None = None,
    **booking: Any,
) -> BookingDetails:
    """Return Mia's confirmed piano lesson with Ana, Tuesday 24 November 2026, 16:00 in Berlin."""
    kind = event_type or an_event_type(id="type", description="Scales first.")
    given: dict[str, Any] = {
        "id": BookingId("booking"),
        "uid": "7Kq2m9@slotbook",
        "time": between("2026-11-24 16:00", "2026-11-24 17:00", "Europe/Berlin"),
        "host_zone": "Europe/Berlin",
        "created_at": at("2026-11-23 09:00"),
        "video": "https://meet.example/ana-mia",
        **booking,
    }
    made = a_booking(**given)
    return BookingDetails(made, kind, host, people)


def with_booking(details: BookingDetails, **changes: Any) -> BookingDetails:
    """Return the same booking, changed."""
    return replace(details, booking=replace(details.booking, **changes))
