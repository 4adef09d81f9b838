"""Brings the coach's flows together."""

from bots.flows.agenda import AgendaFlow
from bots.flows.approval import ApprovalFlow
from bots.flows.coach import CoachFlow
from bots.flows.connect import ConnectFlow
from bots.flows.feed import FeedFlow
from bots.flows.help import HelpFlow
from bots.flows.hosting_parts import HostingParts
from bots.flows.hours import HoursFlow
from bots.flows.link import LinkFlow
from bots.flows.me import MeFlow
from bots.flows.preview import PreviewFlow
from bots.flows.time_off import TimeOffFlow
from bots.flows.types import TypesFlow
from bots.router import Router

__all__ = ["HostingParts", "register_hosting"]


def register_hosting(router: Router, parts: HostingParts) -> None:
    """Register everything a coach does, and what everybody has: /me, /help and the feed.

    Commands appear in menus in this order; register the student's first.
    """
    hours, types = HoursFlow(parts), TypesFlow(parts)
    AgendaFlow(parts).register(router)
    hours.register(router)
    TimeOffFlow(parts).register(router)
    LinkFlow(parts, types.ask).register(router)
    types.register(router)
    PreviewFlow(parts).register(router)
    ApprovalFlow(parts).register(router)
    CoachFlow(parts, hours).register(router)
    MeFlow(parts).register(router)
    ConnectFlow(parts).register(router)
    if parts.feed_url is not None:
        FeedFlow(parts, parts.feed_url).register(router)
    HelpFlow(parts, router).register(router)
