"""What the student's flows work with."""

from dataclasses import dataclass

from bots.flows.desk import Desk
from bots.flows.zones import ZoneQuestion
from scheduling.booking import BookingService
from scheduling.policy import Policy
from scheduling.ports import CalendarFiles, Clock, Links, Queries, SentFiles
from scheduling.slots import SlotFinder


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingParts:
    """What the wiring hands to the student's flows."""

    booking: BookingService
    finder: SlotFinder
    queries: Queries
    desk: Desk
    zones: ZoneQuestion
    clock: Clock
    policy: Policy
    links: Links
    files: CalendarFiles
    sent_files: SentFiles
