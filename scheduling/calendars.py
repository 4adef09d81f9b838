"""The calendar a person's bookings stand in."""

from scheduling.hours import Calendar
from scheduling.ids import CalendarId, new_id
from scheduling.people import Person
from scheduling.ports import Transaction


def calendar_of(tx: Transaction, person: Person) -> Calendar:
    """Return the person's calendar, made where there is none; it opens no hours by itself."""
    calendar = tx.hours.default_calendar(person.id)
    if calendar is None:
        calendar = Calendar(CalendarId(new_id()), person.id, person.name)
        tx.hours.add_calendar(calendar)
    return calendar
