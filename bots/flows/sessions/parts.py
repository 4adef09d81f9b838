"""What the flows of group sessions work with, and the few steps all of them take."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.chat import Turn
from bots.flows.desk import Desk
from bots.flows.sessions.members import MemberFinder
from bots.flows.turns import press_of
from bots.flows.zones import ZoneQuestion
from scheduling.ids import SessionId
from scheduling.messages import ChatMessage
from scheduling.people import Platform, Recipient
from scheduling.ports import Clock, Queries, SessionReads
from scheduling.sessions.service import SessionService
from wording.session_view import SessionView


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionParts:
    """What the wiring hands to the flows of group sessions."""

    sessions: SessionService
    reads: SessionReads
    queries: Queries
    desk: Desk
    zones: ZoneQuestion
    clock: Clock
    finders: Mapping[Platform, MemberFinder] = field(default_factory=dict)
    """Who finds the people named in a line, by platform."""


def packed(group: Recipient, line: str) -> str:
    """Return a line with the group it is for as one text, to be kept while a zone is asked."""
    return "\n".join((group.platform.value, group.tenant, group.chat_id, line))


def unpacked(kept: str) -> tuple[Recipient, str]:
    """Return the group and the line that were packed."""
    platform, tenant, chat_id, line = kept.split("\n", 3)
    return Recipient(Platform(platform), tenant, chat_id), line


async def view_of(turn: Turn, parts: SessionParts, session_id: str = "") -> SessionView:
    """Return the pressed session before the person of the turn.

    Raises:
        NotFound: there is none, or not for this person.
    """
    found = SessionId(session_id or press_of(turn).subject)
    details = await parts.reads.session(turn.incoming.organization_id, found)
    return SessionView.of(details, turn.incoming.person, parts.clock.now())


def on_everybodys_card(turn: Turn) -> bool:
    """Say whether the button stood on the card that the whole group sees."""
    return turn.incoming.group is not None and turn.incoming.card is None


def speaks_in_group(turn: Turn) -> bool:
    """Say whether the answer is read in the group itself, by this person alone or by all."""
    incoming = turn.incoming
    return incoming.group is not None and incoming.chat.chat_id != incoming.account.chat_id


def card_answers(turn: Turn) -> bool:
    """Say whether the group's card, as it changes, is answer enough.

    Where a press waits for words it gets some; where words would be one more message in the
    channel for every vote, the card says it.
    """
    return turn.incoming.private and speaks_in_group(turn)


async def tell(turn: Turn, message: ChatMessage) -> None:
    """Answer one person: in words beside the card where others read along, else in the card.

    Buttons are left out where everybody would see them.
    """
    if turn.incoming.private:
        await turn.show(message)
    else:
        await turn.toast(message.text, alert=True)
