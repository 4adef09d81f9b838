"""The attendee's calendar file, which goes with the news about a booking."""

from reminders.ports import DeliveryPorts
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
