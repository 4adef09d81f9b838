"""A window in which a time is picked: how it stands, and how it is drawn; booking and moving."""

from dataclasses import dataclass, replace
from typing import Self

from bots.flows.choices import Choices, Stage
from bots.live.drawing import Rendered
from bots.slack.modals import book_view as views
from bots.slack.modals.drafts import ModalDrafts
from bots.slack.modals.live import show_kept, window_message
from bots.slack.modals.message import ViewMessage
from bots.slack.modals.offers import Offers, kind_of
from bots.slack.modals.parts import SurfaceParts
from bots.slack.surface import Answer, Clear, Surface, Update
from scheduling.errors import SlotRefused, SlotTaken
from scheduling.ids import DraftId
from scheduling.people import Person
from scheduling.ports import Draft, DraftChanged, LiveCard
from wording.refusals import sentence

FLOW = "sb.book"


@dataclass(frozen=True, slots=True)
class Picking:
    """What stands in the window: the choices, and why a time could not be had."""

    choices: Choices
    fault: str = ""
    turn: int = 0
    """How often the time was emptied by us."""
    plan: int = 0
    """Of a booking that is moved: its plan's revision when the window was opened."""

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Read it back."""
        turn, plan = draft.data.get("turn"), draft.data.get("plan")
        return cls(
            Choices.of(draft),
            str(draft.data.get("fault", "")),
            turn if isinstance(turn, int) else 0,
            plan if isinstance(plan, int) else 0,
        )

    @property
    def data(self) -> dict[str, object]:
        """Return it as the draft keeps it."""
        facts = {"fault": self.fault, "turn": self.turn, "plan": self.plan}
        return {**self.choices.data, **facts}

    def lost(self, fault: str) -> Self:
        """Return it without a time, saying why."""
        choices = self.choices.without_time(Stage.TIMES)
        return replace(self, choices=choices, fault=fault, turn=self.turn + 1)


class PickerWindow:
    """Draws the window from its draft and what is free now."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts = parts
        self.offers = Offers(parts.booking)
        self.drafts = ModalDrafts(parts.drafts, parts.booking.clock)

    async def show(
        self, surface: Surface, draft: Draft, picking: Picking, view_id: str = ""
    ) -> None:
        """Put it into its place and keep it right; what chose itself is stored."""
        view_id = view_id or (surface.view.id if surface.view else "")
        message, choices = await self._drawn(surface.incoming.person, draft, picking)
        await self._settle(draft, picking, choices)
        await show_kept(self._parts.watch, surface, view_id, message)

    async def _settle(self, draft: Draft, picking: Picking, choices: Choices) -> Draft:
        if choices == picking.choices:
            return draft
        return await self.drafts.save(draft, replace(picking, choices=choices).data)

    async def drawn_again(self, live: LiveCard) -> Rendered | None:
        """Return an open window with what is free now; the keeper asks."""
        queries, drafts = self._parts.booking.queries, self._parts.drafts
        draft = await drafts.get(live.organization_id, DraftId(live.subject))
        if draft is None or Choices.of(draft).booked:
            return None
        person = await queries.person(live.organization_id, draft.person_id)

        async def still() -> bool:
            known = await drafts.get(live.organization_id, draft.id)
            return known is not None and known.revision == draft.revision

        message, _ = await self._drawn(person, draft, Picking.of(draft))
        return Rendered(message, still)

    async def _drawn(
        self, person: Person, draft: Draft, picking: Picking
    ) -> tuple[ViewMessage, Choices]:
        """Return the window as things stand now, and the choices with what chose itself."""
        choices, offered = await self.offers.read(person, picking.choices)
        kind = kind_of(offered.kinds, choices)
        policy = self._parts.booking.policy
        asks = kind is not None and policy.asks_host(
            approval=kind.approval, via_link=choices.via_link
        )
        view = views.window(
            choices,
            offered,
            draft_id=draft.id,
            asks=asks,
            fault=picking.fault,
            turn=picking.turn,
        )
        return window_message(view, draft, offered.hosts, offered.kept_until), choices

    async def lost(self, person: Person, picking: Picking, error: SlotRefused) -> Picking:
        """Return the window without the time, with the reason and the nearest free ones."""
        reader = self.offers.reader(person)
        start = error.start
        if start is None:
            return picking.lost(sentence(error, reader))
        short = isinstance(error, SlotTaken) and reader.local(start).date() == picking.choices.day
        problem = (
            reader.say("refused.taken", time=reader.time(start))
            if short
            else sentence(error, reader)
        )
        near = error.alternatives
        return picking.lost(views.near_text(reader, problem, start, near))

    async def redrawn(self, person: Person, draft: Draft, picking: Picking) -> Answer:
        """Return the window with what is free now; everything but the time stays filled in."""
        message, choices = await self._drawn(person, draft, picking)
        try:
            await self.drafts.save(draft, replace(picking, choices=choices).data)
        except DraftChanged:
            known = await self.drafts.again(draft)
            if known is not None and Choices.of(known).booked:
                return Clear()
        return Update(message.view)
