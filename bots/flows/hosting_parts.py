"""What the coach's flows work with, and the few steps all of them take."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bots.chat import Turn
from bots.flows.desk import Desk
from bots.flows.turns import press_of, reader_of
from bots.flows.zones import ZoneQuestion
from bots.live.drawing import Renderers
from scheduling.booking import BookingService
from scheduling.errors import NotFound
from scheduling.hosting import HostingService
from scheduling.ids import DEFAULT_ORGANIZATION, EventTypeId, OrganizationId, RequestId
from scheduling.messages import Picture
from scheduling.model import EventType
from scheduling.opening_hours import HoursService
from scheduling.people import Platform
from scheduling.people_service import PeopleService
from scheduling.policy import Policy
from scheduling.ports import Clock, Draft, Links, OrganizationLinks, Posting, Queries
from scheduling.slots import SlotFinder
from wording import hosting as hosting_words
from wording.catalogue import say
from wording.pictures import Week, week_png
from wording.zones import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class HostingParts:
    """What the wiring hands to the coach's flows."""

    hosting: HostingService
    hours: HoursService
    booking: BookingService
    people: PeopleService
    finder: SlotFinder
    queries: Queries
    desk: Desk
    zones: ZoneQuestion
    clock: Clock
    links: OrganizationLinks
    policy: Policy
    chats: Mapping[Platform, Links] = field(default_factory=dict)
    """Every chat platform that runs, with its addresses."""
    posts: Mapping[Platform, Posting] = field(default_factory=dict)
    """Who puts cards into channels and groups, by platform."""
    renderers: Renderers = field(default_factory=Renderers)
    """Where flows say how their cards are drawn anew."""
    feed_url: Callable[[str], str] | None = None
    """Makes the address of a calendar feed from its token; None offers no feeds."""
    feed_is_public: bool = False
    """The feed's address can be opened from elsewhere."""

    def chats_of(self, organization_id: OrganizationId) -> Mapping[Platform, Links]:
        """Return the chat platforms an organization is at home in.

        The bot in Telegram is the first one's; workspaces that installed us have Slack alone.
        """
        if organization_id == DEFAULT_ORGANIZATION:
            return self.chats
        return {on: links for on, links in self.chats.items() if on is not Platform.TELEGRAM}


def target_of(draft: Draft) -> Target:
    """Return what the draft's buttons act on."""
    return Target(draft.id, draft.revision)


def request_of(turn: Turn, draft: Draft) -> RequestId:
    """Return what names this action for life, however often it is delivered.

    A press on the draft's card is the draft at that revision; typed words are their update.
    """
    press = press_of(turn)
    if press.subject == draft.id:
        return RequestId(f"{draft.id}.{press.revision}")
    return turn.incoming.request_id


async def coaches_only(turn: Turn, parts: HostingParts) -> bool:
    """Say whether the person is a coach; who is not gets the way to become one."""
    if turn.incoming.person.is_coach:
        return True
    await turn.show(hosting_words.coaches_only(reader_of(turn, parts.clock)))
    return False


async def own_type(turn: Turn, parts: HostingParts, event_type_id: str) -> EventType | None:
    """Return the person's own event type; None when it is not theirs, which is then said."""
    incoming = turn.incoming
    try:
        found = await parts.queries.event_type(incoming.organization_id, EventTypeId(event_type_id))
    except NotFound:
        found = None
    if found is None or found.host_id != incoming.person.id:
        await turn.toast(say(incoming.person.locale, "odd.over"))
        return None
    return found


async def drawn(week: Week, alt: str) -> Picture:
    """Draw a week in a thread, so that other chats go on meanwhile."""
    return Picture(await asyncio.to_thread(week_png, week), alt)
