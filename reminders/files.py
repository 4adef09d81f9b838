"""The attendee's calendar file, which goes with the news about a booking."""

from dataclasses import replace

from reminders.ports import DeliveryPorts
from scheduling.ids import PersonId
from scheduling.model import BookingDetails
from scheduling.people import Person, Recipient
from scheduling.ports import Messenger, SentFile


async def send_calendar_file(
    ports: DeliveryPorts,
    messenger: Messenger,
    chat: Recipient,
    details: BookingDetails,
    reader: Person,
) -> None:
    """Send the attendee's calendar file, in the place of the one they have.

    Nothing happens for the host, when the chat has this revision already, and when there is
    nothing to take back. A crash before the file is remembered sends it a second time; calendars
    know it by its UID.
    """
    booking = details.booking
    if reader.id == booking.host_id:
        return
    earlier = await ports.sent_files.find(booking.organization_id, booking.id, reader.id)
    if earlier is None and not booking.status.is_live:
        return
    replacing = earlier.card if earlier is not None and earlier.card.chat == chat else None
    if earlier is not None and replacing is not None and earlier.sequence == booking.sequence:
        return
    file = ports.calendar_files.for_booking(details, reader, now=ports.clock.now())
    card = await messenger.send_file(chat, file, replacing=replacing)
    sent = SentFile(card, booking.sequence)
    await ports.sent_files.remember(booking.organization_id, booking.id, reader.id, sent)


async def send_thread_file(
    ports: DeliveryPorts,
    messenger: Messenger,
    chat: Recipient,
    details: BookingDetails,
    reader: Person,
) -> None:
    """Send a session's calendar file into its thread, once for each revision.

    It is written for nobody in particular: who comes is in the card.
    """
    booking = details.booking
    if not booking.status.is_live:
        return
    host = replace(details.host, phone=None, email=None)
    nobody = replace(details, host=host, people=())
    file = ports.calendar_files.for_booking(nobody, _anybody(reader), now=ports.clock.now())
    await messenger.send_file(chat, file, replacing=None)


def _anybody(reader: Person) -> Person:
    """Return somebody who reads the same language and clock and has no part in it."""
    return replace(reader, id=PersonId(""), name="", phone=None, email=None, reminders=None)
