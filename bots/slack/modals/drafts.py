"""Modals between two presses: their choices are a draft, and the view carries its id alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bots.chat import Incoming
from bots.slack.modals.values import Values
from bots.slack.places import HOME, VIEW
from bots.slack.surface import Surface
from scheduling.ids import DraftId, RequestId, new_id
from scheduling.people import Card, Recipient
from scheduling.ports import Clock, Draft, DraftChanged, Drafts

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a modal was opened from: there the answer goes."""

    chat_id: str = ""
    message_id: str = ""

    @classmethod
    def of(cls, incoming: Incoming, *, in_card: bool = True) -> "Origin":
        """Return where the answer to what is opened now belongs.

        A pressed message is edited, if the answer may stand ``in_card``. From a channel it is
        answered there, for this person alone. Otherwise the answer is a new message in the
        person's own chat.
        """
        card = incoming.card
        known = card is not None and not card.message_id.startswith((VIEW, HOME))
        if card is not None and known and in_card:
            return cls(card.chat.chat_id, card.message_id)
        return cls(incoming.chat.chat_id) if incoming.group else cls()

    @classmethod
    def read(cls, draft: Draft) -> "Origin":
        """Read it back."""
        return cls(str(draft.data.get("chat", "")), str(draft.data.get("message", "")))

    @property
    def data(self) -> dict[str, object]:
        """Return it as the draft keeps it."""
        return {"chat": self.chat_id, "message": self.message_id}

    def card(self, draft: Draft) -> Card | None:
        """Return the message that the answer edits; None has it sent as a new one."""
        if not self.chat_id:
            return None
        place = draft.chat
        return Card(Recipient(place.platform, place.tenant, self.chat_id), self.message_id)


class ModalDrafts:
    """Keeps what was chosen in open modals."""

    def __init__(self, drafts: Drafts, clock: Clock) -> None:
        self._drafts, self._clock = drafts, clock

    async def open(
        self,
        surface: Surface,
        flow: str,
        data: Mapping[str, object],
        view_id: str,
        origin: Origin | None = None,
    ) -> Draft:
        """Begin a modal's draft; the view is known already."""
        incoming = surface.incoming
        origin = origin or Origin.of(incoming)
        draft = Draft(
            organization_id=incoming.organization_id,
            id=DraftId(new_id()),
            person_id=incoming.person.id,
            chat=incoming.chat,
            flow=flow,
            data={**data, **origin.data},
            message_id=f"{VIEW}{view_id}",
        )
        return await self._drafts.save(draft, self._clock.now())

    async def own(self, surface: Surface, flow: str) -> Draft | None:
        """Return the draft of the view, if it is this person's; what the view says is not trusted.

        None for one that is gone, of another modal, or of somebody else.
        """
        view = surface.view
        if view is None or not view.private_metadata:
            return None
        incoming = surface.incoming
        draft = await self._drafts.get(incoming.organization_id, DraftId(view.private_metadata))
        if draft is None or draft.flow != flow or draft.person_id != incoming.person.id:
            return None
        return draft

    async def save(self, draft: Draft, data: Mapping[str, object]) -> Draft:
        """Store new choices.

        Raises:
            DraftChanged: another action has stored it since it was read.
        """
        changed = replace(draft, data={**data, **Origin.read(draft).data})
        return await self._drafts.save(changed, self._clock.now())

    async def again(self, draft: Draft) -> Draft | None:
        """Return the draft as it is stored now."""
        return await self._drafts.get(draft.organization_id, draft.id)

    async def note(self, draft: Draft, facts: Mapping[str, object]) -> None:
        """Add facts that hold whatever else was chosen meanwhile."""
        known: Draft | None = draft
        for _ in range(_TRIES):
            if known is None:
                return
            try:
                await self.save(known, {**known.data, **facts})
            except DraftChanged:
                known = await self.again(draft)
            else:
                return


def request_of(draft: Draft) -> RequestId:
    """Return the request id of a modal's submission: one modal has one effect, sent how often."""
    return RequestId(f"modal:{draft.id}")


def values_of(surface: Surface) -> Values:
    """Return what is filled in."""
    return Values(surface.view.values if surface.view else {})


def action_value(surface: Surface) -> str:
    """Return the value of the element acted on: of a button, or of the option chosen."""
    action: Mapping[str, Any] = surface.action
    option = action.get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else action.get("value")
    return value if isinstance(value, str) else ""
