"""A coach's booking links: to copy, to share, as a QR picture; and what makes them nicer."""

import asyncio

from bots.chat import Turn
from bots.flows.hosting_parts import HostingParts, coaches_only, own_type, target_of
from bots.flows.turns import press_of, reader_of, typed_text
from bots.flows.types import AskPart
from bots.router import Audience, Router
from scheduling.errors import InputRefused, RecipientUnreachable
from scheduling.messages import Action, ChatMessage
from scheduling.model import EventType, Listing
from scheduling.people import THREAD, Person, Platform, Recipient
from scheduling.ports import Draft
from wording import hosting as words
from wording.pictures import qr_png
from wording.refusals import sentence
from wording.times import Reader

FLOW, SHARE = "about", "share"
AWAITS = "about.line"


def link_message(
    parts: HostingParts,
    reader: Reader,
    kind: EventType,
    person: Person,
    *,
    fresh: bool,
    share: Action | None = None,
) -> ChatMessage:
    """Return the card of an event type's link; ``share`` puts a card of it before others."""
    done = sum(words.done_of_nicer(kind, person))
    address = parts.links.deep_link(kind.code, kind.organization_id)
    return words.link_card(reader, kind, address, nicer=done, fresh=fresh, share=share)


def share_in_slack(reader: Reader, kind: EventType) -> Action:
    """Return the button of a link's card that opens Slack's window to share it in a channel."""
    return Action(reader.say("hosting.share_channel"), "sharein", kind.id)


class LinkFlow:
    """Links, and three small questions that make what is behind them nicer."""

    def __init__(self, parts: HostingParts, ask_part: AskPart) -> None:
        self._parts, self._ask_part = parts, ask_part
        self._desk = parts.desk

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("link", self.on_link, audience=Audience.COACH, in_groups=True)
        router.press("link", self.on_link)
        router.press("share", self.on_share)
        router.press("sharein", self.on_share_how)
        router.press("qr", self.on_qr)
        router.press("nicer", self.on_nicer)
        router.press("aboutset", self.on_about_pressed)
        router.text(AWAITS, self.on_about)

    async def on_link(self, turn: Turn) -> None:
        """Show the link, or ask which of several."""
        if not await coaches_only(turn, self._parts):
            return
        reader = reader_of(turn, self._parts.clock)
        wanted = press_of(turn).subject
        kinds = [
            kind
            for kind in await self._parts.hosting.event_types(turn.incoming.actor)
            if kind.listing is not Listing.OFF
        ]
        if wanted:
            kinds = [kind for kind in kinds if kind.id == wanted]
        if not kinds:
            await turn.show(words.no_types(reader))
        elif len(kinds) == 1:
            await self._show_link(turn, reader, kinds[0])
        else:
            await turn.show(words.choose_link(reader, kinds))

    async def _show_link(self, turn: Turn, reader: Reader, kind: EventType) -> None:
        """Show the link; where it was asked for in a group, with the way to share it there."""
        incoming, share = turn.incoming, None
        if incoming.group is not None and incoming.group.platform in self._parts.posts:
            # The group is kept in a draft: a button that named it could be made to name another.
            group = incoming.group.chat_id.partition(THREAD)[0]
            data = {"event_type_id": kind.id, "group": group}
            draft = await self._desk.open(turn, SHARE, data)
            share = target_of(draft).button(reader.say("hosting.share_here"), "share")
        elif incoming.chat.platform is Platform.SLACK:
            share = share_in_slack(reader, kind)
        person = incoming.person
        message = link_message(self._parts, reader, kind, person, fresh=False, share=share)
        await turn.show(message)

    async def on_share_how(self, turn: Turn) -> None:
        """Say how to share in a channel; Slack opens its window to choose one instead."""
        reader = reader_of(turn, self._parts.clock)
        await turn.toast(reader.say("hosting.share_how"), alert=True)

    async def on_share(self, turn: Turn) -> None:
        """Post a card that books for whoever taps into the group the link was asked for in."""
        reader = reader_of(turn, self._parts.clock)
        draft = await self._desk.pressed(turn, SHARE)
        if draft is None:
            return
        kind = await own_type(turn, self._parts, str(draft.data.get("event_type_id", "")))
        if kind is None:
            return
        if draft.data.get("done"):
            await turn.toast(reader.say("hosting.shared_already"))
            return
        draft = await self._desk.save(draft, {**draft.data, "done": True})
        try:
            address = await self._post(turn, draft, kind, reader)
        except RecipientUnreachable:
            # Not done after all: after an invitation the same button works.
            again = await self._desk.save(draft, {**draft.data, "done": False})
            button = target_of(again).button(reader.say("hosting.share_again"), "share")
            await turn.say(words.share_not_in(reader, button))
            return
        await turn.say(words.shared(reader, kind, address))

    async def _post(self, turn: Turn, draft: Draft, kind: EventType, reader: Reader) -> str | None:
        """Post the card and return its address, where the platform has one.

        Raises:
            RecipientUnreachable: we are not in that group, or may not write there.
        """
        chat, host = draft.chat, turn.incoming.person
        group = Recipient(chat.platform, chat.tenant, str(draft.data["group"]))
        posts, telegram = self._parts.posts[chat.platform], None
        others = self._parts.chats_of(kind.organization_id)
        if chat.platform is not Platform.TELEGRAM and Platform.TELEGRAM in others:
            telegram = others[Platform.TELEGRAM].deep_link(kind.code)
        card = await posts.send(group, words.shared_card(reader, kind, host, telegram))
        return await posts.permalink(card)

    async def on_qr(self, turn: Turn) -> None:
        """Send the link as a QR picture, below the card."""
        kind = await own_type(turn, self._parts, press_of(turn).subject)
        if kind is None:
            return
        reader, host = reader_of(turn, self._parts.clock), turn.incoming.person
        address = self._parts.links.deep_link(kind.code, kind.organization_id)
        note = words.qr_note(reader, kind, host)
        png = await asyncio.to_thread(qr_png, address, kind.title, note)
        await turn.say(words.qr_card(reader, kind, host, address, png))

    # --- nicer ---

    async def on_nicer(self, turn: Turn) -> None:
        """Show the three additions, or ask for one of them."""
        press = press_of(turn)
        kind = await own_type(turn, self._parts, press.subject)
        if kind is None:
            return
        reader = reader_of(turn, self._parts.clock)
        match press.argument:
            case "where" | "after" as field:
                await self._ask_part(turn, kind, field, back="nicer")
            case "about":
                data = {"event_type_id": kind.id}
                draft = await self._desk.open(turn, FLOW, data, awaits=AWAITS)
                await self._show_about(turn, draft, reader)
            case _:
                await self._desk.hush(turn)
                await turn.show(words.nicer(reader, kind, turn.incoming.person))

    async def on_about(self, turn: Turn, draft: Draft) -> None:
        """Take the line about the coach as typed."""
        reader = reader_of(turn, self._parts.clock)
        try:
            person = await self._parts.people.set_about(turn.incoming.actor, typed_text(turn))
        except InputRefused as refused:
            await self._show_about(turn, draft, reader, sentence(refused, reader))
            return
        await self._done(turn, draft, reader, person)

    async def on_about_pressed(self, turn: Turn) -> None:
        """Remove the line, or go back."""
        draft = await self._desk.pressed(turn, FLOW)
        if draft is None:
            return
        reader, person = reader_of(turn, self._parts.clock), turn.incoming.person
        press = press_of(turn)
        if press.argument == "none" and press.revision == draft.revision:
            person = await self._parts.people.set_about(turn.incoming.actor, None)
        await self._done(turn, draft, reader, person)

    async def _show_about(
        self, turn: Turn, draft: Draft, reader: Reader, problem: str = ""
    ) -> None:
        present = turn.incoming.person.about
        message = words.ask_about(reader, target_of(draft), present, problem=problem)
        await self._desk.show(turn, draft, message)

    async def _done(self, turn: Turn, draft: Draft, reader: Reader, person: Person) -> None:
        kind = await own_type(turn, self._parts, str(draft.data.get("event_type_id", "")))
        if kind is None:
            return
        draft = await self._desk.save(draft, draft.data)
        await self._desk.show(turn, draft, words.nicer(reader, kind, person))
