"""Sharing what one offers in a channel: a card that opens the booking window for whoever taps."""

from bots.chat import Press
from bots.slack.modals.choices import channels
from bots.slack.modals.doors import open_shell
from bots.slack.modals.drafts import ModalDrafts, action_value, values_of
from bots.slack.modals.elements import Json, field, modal, section
from bots.slack.modals.notices import over, said
from bots.slack.modals.parts import SurfaceParts
from bots.slack.surface import Answer, Errors, SlackSurfaces, Surface, Update
from scheduling.errors import DeliveryError, NotFound, RecipientUnreachable
from scheduling.ids import EventTypeId
from scheduling.model import EventType
from scheduling.people import Person, Platform, Recipient
from wording import hosting as words
from wording.times import Reader
from wording.view import type_label

CALLBACK, WHERE = "sb.share", "sb.share.where"
_BLOCK = "where"


class ShareModal:
    """The window "Share in a channel"."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts = parts
        self._drafts = ModalDrafts(parts.drafts, parts.booking.clock)

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens and drives the window."""
        surfaces.action(CALLBACK, self.on_open)
        surfaces.press("sharein", self.on_open)
        surfaces.submission(CALLBACK, self.on_submit)

    async def on_open(self, surface: Surface) -> None:
        """Ask for the channel."""
        reader = self._reader(surface.incoming.person)
        title = reader.say("home.share_title")
        view_id = await open_shell(surface, reader, title)
        if not view_id:
            return
        # Under the link it is a button of ours; on the home page an element of Slack's own.
        match surface.incoming.said:
            case Press(verb="sharein", subject=subject):
                chosen = subject
            case _:
                chosen = action_value(surface)
        kind = await self._own_type(surface.incoming.person, chosen)
        if kind is None:
            await surface.update(said(reader, reader.say("odd.over")), view_id=view_id)
            return
        draft = await self._drafts.open(surface, CALLBACK, {"kind": kind.id}, view_id)
        await surface.update(_view(reader, kind, draft.id), view_id=view_id)

    async def on_submit(self, surface: Surface) -> Answer:
        """Post the card; sent again it says so and posts nothing."""
        person = surface.incoming.person
        reader = self._reader(person)
        draft = await self._drafts.own(surface, CALLBACK)
        kind = await self._own_type(person, str(draft.data["kind"])) if draft else None
        if draft is None or kind is None:
            return Update(over(reader))
        channel = values_of(surface).conversation(WHERE)
        shared = said(reader, reader.say("home.shared"), title=reader.say("home.share_title"))
        if draft.data.get("done"):
            return Update(shared)
        if not channel:
            return Errors({_BLOCK: reader.say("home.share_pick")})
        chats = self._parts.hosting.chats_of(kind.organization_id)
        telegram = (
            chats[Platform.TELEGRAM].deep_link(kind.code) if Platform.TELEGRAM in chats else None
        )
        to = Recipient(Platform.SLACK, surface.team_id, channel)
        # Noted before it is sent: Slack repeats what took us too long, and one card is enough.
        await self._drafts.note(draft, {"done": True})
        try:
            await self._parts.messenger.send(to, words.shared_card(reader, kind, person, telegram))
        except DeliveryError as error:
            await self._drafts.note(draft, {"done": False})
            gone = isinstance(error, RecipientUnreachable)
            key = "home.share_not_in" if gone else "slack.try_again"
            return Errors({_BLOCK: reader.say(key)})
        return Update(shared)

    async def _own_type(self, person: Person, event_type_id: str) -> EventType | None:
        queries = self._parts.booking.queries
        try:
            kind = await queries.event_type(person.organization_id, EventTypeId(event_type_id))
        except NotFound:
            return None
        return kind if kind.host_id == person.id else None

    def _reader(self, person: Person) -> Reader:
        return Reader.of(person, self._parts.booking.clock.now())


def _view(reader: Reader, kind: EventType, draft_id: str) -> Json:
    pick = channels(WHERE, reader.say("home.share_pick"))
    return modal(
        CALLBACK,
        reader.say("home.share_title"),
        [section(type_label(reader, kind)), field(_BLOCK, reader.say("home.share_where"), pick)],
        close=reader.say("slack.not_now"),
        submit=reader.say("home.share_go"),
        metadata=draft_id,
    )
