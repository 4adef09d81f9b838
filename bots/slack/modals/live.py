"""Open windows and App Home are cards too: kept right while they can be seen."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from bots.live.drawing import Rendered
from bots.live.watch import Watch
from bots.slack.modals.elements import Json
from bots.slack.modals.message import ViewMessage
from bots.slack.places import VIEW
from bots.slack.surface import Surface
from scheduling.ids import PersonId
from scheduling.messages import Live
from scheduling.people import Card, Platform, Recipient
from scheduling.ports import Draft, LiveCard, about_host, about_person

MODAL, HOME = "modal", "home"
"""Kinds of cards."""

DrawDraft = Callable[[LiveCard], Awaitable[Rendered | None]]


def window_message(
    view: Json, draft: Draft, hosts: Iterable[PersonId], until: datetime | None
) -> ViewMessage:
    """Return a window to be kept: these hosts' time changes it, and the end of a hold does."""
    topics = frozenset({*(about_host(each) for each in hosts), about_person(draft.person_id)})
    live = Live(MODAL, draft.id, topics, again_at=until, data=(("flow", draft.flow),))
    return ViewMessage.of(view, live)


def view_card(surface: Surface, view_id: str) -> Card:
    """Return an open window of the person as a card."""
    chat = Recipient(Platform.SLACK, surface.team_id, surface.user_id)
    return Card(chat, f"{VIEW}{view_id}")


async def show_kept(watch: Watch, surface: Surface, view_id: str, message: ViewMessage) -> None:
    """Put a window into its place and keep it right from now on."""
    card = view_card(surface, view_id)
    incoming = surface.incoming
    with watch.writing(card):
        await surface.update(message.view, view_id=view_id)
        await watch.shown(incoming.organization_id, incoming.person.id, card, message)


class ModalRenderer:
    """Draws open windows anew, each by the flow its draft belongs to."""

    def __init__(self) -> None:
        self._flows: dict[str, DrawDraft] = {}

    def put(self, flow: str, draw: DrawDraft) -> None:
        """Let windows of a flow be drawn by this."""
        self._flows[flow] = draw

    async def __call__(self, live: LiveCard) -> Rendered | None:
        """Return the window as things stand; None for one that is not drawn any more."""
        draw = self._flows.get(live.data.get("flow", ""))
        return await draw(live) if draw else None
