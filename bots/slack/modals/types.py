"""An event type in one window: its parts read the way the questions in the chat read them."""

from dataclasses import fields, replace

from bots.flows.hosting_parts import own_type
from bots.flows.turns import press_of
from bots.flows.type_parts import NotRead
from bots.flows.type_parts import parts as all_parts
from bots.slack.modals import choices, elements
from bots.slack.modals.caught import CaughtTurn
from bots.slack.modals.doors import open_shell
from bots.slack.modals.drafts import ModalDrafts, values_of
from bots.slack.modals.elements import Choice, Json
from bots.slack.modals.notices import notice, over
from bots.slack.modals.parts import SurfaceParts
from bots.slack.modals.values import Values
from bots.slack.surface import Answer, Errors, SlackSurfaces, Surface, Update
from scheduling.errors import InputRefused
from scheduling.event_type_change import UNSET, EventTypeChange
from scheduling.model import EventType, Listing
from scheduling.text import LINK_LIMIT
from wording import event_types as words
from wording.refusals import sentence
from wording.times import Reader

CALLBACK = "sb.type"
LISTING, TICKS = "sb.type.listing", "sb.type.ticks"
TYPED = ("title", "length", "notice", "before", "after", "seats", "where")
"""What is typed in the window; the rest is asked for by the type's card."""
_APPROVAL, _REASON = "approval", "reason"


def action_of(part: str) -> str:
    """Return the action id of a part's line."""
    return f"{CALLBACK}.part.{part}"


class TypeModal:
    """The window "Session type"."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts, self._hosting = parts, parts.hosting
        self._drafts = ModalDrafts(parts.drafts, parts.booking.clock)
        self._questions = all_parts(parts.hosting.policy.reminders)

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens and drives the window."""
        surfaces.press("type", self.on_type)
        surfaces.submission(CALLBACK, self.on_submit)

    async def on_type(self, surface: Surface) -> None:
        """Open it for the parts it has; the card, and what else there is, are the flow's.

        From App Home the whole type is edited; on a type's card a button names one part.
        """
        press, view = press_of(surface.turn), surface.view
        at_home = view is not None and view.is_home
        handler = self._parts.router.find_press("type")
        if press.argument not in TYPED and not at_home and handler is not None:
            await handler(surface.turn)
            return
        reader = self._reader(surface)
        title = reader.say("slack.type_title")
        view_id = await open_shell(surface, reader, title)
        if not view_id:
            return
        caught = CaughtTurn(surface.incoming)
        kind = await own_type(caught, self._hosting, press.subject)
        if kind is None:
            await surface.update(notice(reader, caught.message, title=title), view_id=view_id)
            return
        data = {"type": kind.id, "version": kind.version}
        draft = await self._drafts.open(surface, CALLBACK, data, view_id)
        await surface.update(self._view(reader, kind, draft.id, press.argument), view_id=view_id)

    def _view(self, reader: Reader, kind: EventType, draft_id: str, first: str) -> Json:
        blocks = [
            elements.field(
                part,
                reader.say(f"types.edit_{part}"),
                self._line(reader, kind, part, focus=part == first),
                hint=reader.say(f"types.ask_{part}") if part != "title" else "",
                optional=part in {"notice", "before", "after", "where"},
            )
            for part in TYPED
        ]
        listing = choices.select(
            LISTING,
            reader.say("slack.what_pick"),
            [Choice(reader.say(f"types.choice_{each}"), each.value) for each in Listing],
            kind.listing.value,
        )
        ticked = [_APPROVAL] if kind.approval else []
        ticked += [_REASON] if kind.reason_required else []
        ticks = choices.ticks(
            TICKS,
            [
                Choice(reader.say("slack.type_approval"), _APPROVAL),
                Choice(reader.say("slack.type_reason"), _REASON),
            ],
            ticked,
        )
        blocks += [
            elements.field("listing", reader.say("types.edit_listing"), listing),
            elements.field("ticks", reader.say("slack.type_ticks"), ticks, optional=True),
        ]
        return elements.modal(
            CALLBACK,
            reader.say("slack.type_title"),
            blocks,
            close=reader.say("slack.not_now"),
            submit=reader.say("slack.hours_save"),
            metadata=draft_id,
        )

    def _line(self, reader: Reader, kind: EventType, part: str, *, focus: bool) -> Json:
        present = self._questions[part].present(reader, kind)
        line = elements.line(action_of(part), initial=present, most=LINK_LIMIT)
        return {**line, "focus_on_load": True} if focus else line

    async def on_submit(self, surface: Surface) -> Answer:
        """Change what was changed; a fault stands under its part."""
        reader, values = self._reader(surface), values_of(surface)
        draft = await self._drafts.own(surface, CALLBACK)
        if draft is None:
            return Update(over(reader))
        caught = CaughtTurn(surface.incoming)
        kind = await own_type(caught, self._hosting, str(draft.data["type"]))
        if kind is None:
            return Update(notice(reader, caught.message))
        faults: dict[str, str] = {}
        change = self._change(reader, kind, values, faults)
        if faults:
            return Errors(faults)
        try:
            kind = await self._hosting.hosting.change(surface.incoming.actor, kind.id, change)
        except InputRefused as refused:
            return Errors({_BLOCKS.get(refused.field, "title"): sentence(refused, reader)})
        card = words.type_card(
            reader, kind, self._hosting.policy.reminders, note=reader.say("types.saved")
        )
        return Update(notice(reader, card, title=reader.say("slack.type_title")))

    def _change(
        self, reader: Reader, kind: EventType, values: Values, faults: dict[str, str]
    ) -> EventTypeChange:
        """Return what was changed of what stood there; the rest is left alone."""
        change = EventTypeChange(
            listing=_listing(values.chosen(LISTING), kind),
            approval=_APPROVAL in values.ticked(TICKS),
            reason_required=_REASON in values.ticked(TICKS),
        )
        for name in TYPED:
            part, text = self._questions[name], values.typed(action_of(name)).strip()
            if text == part.present(reader, kind).strip():
                continue
            try:
                change = _joined(change, part.read(reader, kind, text or "none"))
            except NotRead as unread:
                faults[name] = unread.sentence
        return change

    def _reader(self, surface: Surface) -> Reader:
        return Reader.of(surface.incoming.person, self._hosting.clock.now())


_BLOCKS = {
    "title": "title",
    "duration": "length",
    "step": "length",
    "minimum_notice": "notice",
    "buffer_before": "before",
    "buffer_after": "after",
    "capacity": "seats",
    "place": "where",
    "video": "where",
}
"""The block of each field the core may refuse."""


def _listing(value: str, kind: EventType) -> Listing:
    return Listing(value) if value in set(Listing) else kind.listing


def _joined(change: EventTypeChange, more: EventTypeChange) -> EventTypeChange:
    given = {f.name: getattr(more, f.name) for f in fields(more)}
    return replace(change, **{name: value for name, value in given.items() if value is not UNSET})
