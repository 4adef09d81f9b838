"""Group sessions: asked, voted on, settled; or opened with seats that people join."""

from bots.flows.sessions.adding import Adding
from bots.flows.sessions.asking import Asking
from bots.flows.sessions.members import MemberFinder, NamedAccounts
from bots.flows.sessions.parts import SessionParts
from bots.flows.sessions.seating import Seating
from bots.flows.sessions.voting import Voting
from bots.router import Router

__all__ = ["MemberFinder", "NamedAccounts", "SessionParts", "register_sessions"]


def register_sessions(router: Router, parts: SessionParts) -> None:
    """Register everything about group sessions, the command as menus show it."""
    Asking(parts).register(router)
    Voting(parts).register(router)
    Adding(parts).register(router)
    Seating(parts).register(router)
