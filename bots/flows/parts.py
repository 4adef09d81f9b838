"""What the student's flows work with."""

from dataclasses import dataclass, field

from bots.flows.desk import Desk
from bots.flows.zones import ZoneQuestion
from bots.live.drawing import Renderers
from scheduling.booking import BookingService
from scheduling.policy import Policy
from scheduling.ports import CalendarFiles, Clock, OrganizationLinks, Queries, SentFiles
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
    links: OrganizationLinks
    files: CalendarFiles
    sent_files: SentFiles
    renderers: Renderers = field(default_factory=Renderers)
    """Where flows say how their cards are drawn anew."""
