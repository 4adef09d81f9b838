"""Calendar files, read back by another library than the one that writes them."""

from dataclasses import dataclass
from datetime import datetime

import vobject

from playground.client import SeenMessage, TelegramUser


@dataclass(frozen=True, slots=True)
class Event:
    """What a calendar program sees of a file with one event."""

    uid: str
    sequence: int
    status: str
    start: datetime
    end: datetime
    summary: str


def read_event(data: bytes) -> Event:
    """Read a file that holds one event."""
    calendar = vobject.readOne(data.decode("utf-8"))
    (event,) = calendar.vevent_list
    return Event(
        uid=event.uid.value,
        sequence=int(event.sequence.value),
        status=event.status.value,
        start=event.dtstart.value,
        end=event.dtend.value,
        summary=event.summary.value,
    )


async def event_in(user: TelegramUser, message: SeenMessage) -> Event:
    """Download a message's calendar file and read it."""
    return read_event(await user.download(message))
