"""Drafts as flows use them: opened, found behind a button, stored and shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bots.chat import Turn
from bots.flows.turns import press_of
from scheduling.errors import NotFound
from scheduling.ids import DraftId, new_id
from scheduling.messages import ChatMessage, Field
from scheduling.moments import from_seconds, seconds
from scheduling.people import Card
from scheduling.ports import Clock, Draft, Drafts, Queries
from wording.catalogue import say
from wording.edge import your_answer

ANSWER_TIME = timedelta(hours=1)
"""A question is open that long: what is typed later was hardly meant for it."""

_ASKED_AT, _ASKED = "asked_at", "asked"


class Desk:
    """Where flows keep the choices of a conversation."""

    def __init__(self, drafts: Drafts, queries: Queries, clock: Clock) -> None:
        self._drafts, self._queries, self._clock = drafts, queries, clock

    async def open(
        self, turn: Turn, flow: str, data: Mapping[str, object], *, awaits: str = ""
    ) -> Draft:
        """Begin a draft; what was asked in the chat before is no longer waited for."""
        await self.hush(turn)
        incoming = turn.incoming
        draft = Draft(
            organization_id=incoming.organization_id,
            id=DraftId(new_id()),
            person_id=incoming.person.id,
            chat=incoming.chat,
            flow=flow,
            data=self._dated(data, awaits),
            awaits=awaits,
            message_id=incoming.card.message_id if incoming.card else None,
        )
        return await self._drafts.save(draft, self._clock.now())

    async def get(self, turn: Turn, draft_id: str) -> Draft | None:
        """Return the draft of that id."""
        return await self._drafts.get(turn.incoming.organization_id, DraftId(draft_id))

    async def pressed(self, turn: Turn, flow: str) -> Draft | None:
        """Return the draft behind the pressed button; None when that has been answered.

        A draft that is gone, of another flow or of another person is answered with a toast. The
        caller compares the revision.
        """
        language = turn.incoming.person.locale
        draft = await self.get(turn, press_of(turn).subject)
        if draft is None or draft.flow != flow:
            await turn.toast(say(language, "odd.over"))
            return None
        if draft.person_id != turn.incoming.person.id:
            await turn.toast(await self._of_other(turn, draft))
            return None
        return draft

    async def save(self, draft: Draft, data: Mapping[str, object], *, awaits: str = "") -> Draft:
        """Store new choices; the revision rises, so that buttons shown before are stale."""
        now = self._clock.now()
        changed = replace(draft, data=self._dated(data, awaits), awaits=awaits)
        return await self._drafts.save(changed, now)

    async def show(self, turn: Turn, draft: Draft, message: ChatMessage) -> Card:
        """Show the draft in its card: the pressed one, or the one it has, or a new one."""
        incoming, message = turn.incoming, with_field(turn, draft, message)
        if incoming.card is None and draft.message_id is not None:
            card = await turn.redraw(Card(draft.chat, draft.message_id), message)
        else:
            card = await turn.show(message)
        if card.message_id != draft.message_id:
            await self.attach(draft, card)
        return card

    async def attach(self, draft: Draft, card: Card) -> None:
        """Remember the card that shows the draft."""
        await self._drafts.attach(draft, card.message_id)

    async def awaiting(self, turn: Turn) -> Draft | None:
        """Return the draft whose question is open in the chat, unless it was asked long ago."""
        incoming = turn.incoming
        draft = await self._drafts.awaiting(incoming.organization_id, incoming.chat)
        if draft is None or draft.person_id != incoming.person.id:
            return None
        asked_at = draft.data.get(_ASKED_AT)
        if isinstance(asked_at, int) and self._over(from_seconds(asked_at)):
            return None
        return draft

    async def answered(self, turn: Turn, draft_id: str) -> Draft | None:
        """Return the draft in whose field something was typed; None when it asks no more.

        A field names its draft, so neither what else was asked since nor how long ago matters.
        """
        draft = await self.get(turn, draft_id)
        if draft is None or draft.person_id != turn.incoming.person.id:
            return None
        asked = draft.data.get(_ASKED)
        return replace(draft, awaits=asked) if isinstance(asked, str) else None

    async def hush(self, turn: Turn) -> None:
        """Stop waiting for text in this chat: the person went on to something else."""
        if draft := await self.awaiting(turn):
            await self._drafts.hush(draft)

    def _over(self, asked_at: datetime) -> bool:
        return self._clock.now() - asked_at > ANSWER_TIME

    def _dated(self, data: Mapping[str, object], awaits: str) -> dict[str, object]:
        dated = {k: value for k, value in data.items() if k not in {_ASKED_AT, _ASKED}}
        if awaits:
            dated |= {_ASKED_AT: seconds(self._clock.now()), _ASKED: awaits}
        return dated

    async def _of_other(self, turn: Turn, draft: Draft) -> str:
        language = turn.incoming.person.locale
        try:
            owner = await self._queries.person(draft.organization_id, draft.person_id)
        except NotFound:
            return say(language, "odd.over")
        return say(language, "odd.others", name=owner.first_name)


def with_field(turn: Turn, draft: Draft, message: ChatMessage) -> ChatMessage:
    """Return the message with a line to type into, while the draft waits for words."""
    if not draft.awaits or message.field is not None:
        return message
    label = your_answer(turn.incoming.person.locale)
    return replace(message, field=Field(draft.id, label))
