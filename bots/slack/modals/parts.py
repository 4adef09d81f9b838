"""What modals and App Home work with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bots.flows.hosting_parts import HostingParts
from bots.flows.parts import BookingParts
from bots.live.watch import Watch
from bots.router import Router
from scheduling.people import Person, Recipient
from scheduling.ports import Drafts, Messenger, SessionReads
from scheduling.sessions.service import SessionService

ResolvePerson = Callable[[str, str], Awaitable[Person | None]]
"""Returns whom an account of a team (team id, user id) belongs to; None for who may not be met."""
PostsIn = Callable[[Recipient], Awaitable[bool]]
"""Says whether the bot can write in a channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceParts:
    """What the wiring hands to Slack's own surfaces."""

    booking: BookingParts
    hosting: HostingParts
    sessions: SessionService
    session_reads: SessionReads
    drafts: Drafts
    watch: Watch
    router: Router
    """The neutral flows, for what a modal leaves to them."""
    messenger: Messenger
    """Posts what is shared in a channel."""
    resolve: ResolvePerson
    posts_in: PostsIn
