"""One turn of a conversation in Slack: how a flow answers there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bots.chat import Incoming
from bots.patience import patiently
from bots.slack import limits
from bots.slack.messenger import SlackMessenger
from bots.slack.places import read_place, whisper_in
from bots.slack.text import cut, flat
from scheduling.errors import CardGone
from scheduling.messages import Action, Ask, ChatMessage, Field, Plain
from scheduling.people import Card, Recipient
from scheduling.ports import Clock, Draft, Drafts
from wording import edge


class SlackTurn:
    """What a flow may do to answer in Slack; it raises a DeliveryError when it cannot.

    ``response_url`` is the address of this interaction, ``thread_ts`` the thread it came from.
    """

    def __init__(
        self,
        incoming: Incoming,
        messenger: SlackMessenger,
        drafts: Drafts,
        clock: Clock,
        *,
        response_url: str | None = None,
        thread_ts: str | None = None,
    ) -> None:
        self._incoming, self._messenger = incoming, messenger
        self._drafts, self._clock = drafts, clock
        self._response_url, self._thread_ts = response_url, thread_ts
        self._shown = incoming.card

    @property
    def incoming(self) -> Incoming:
        """Return who said what."""
        return self._incoming

    async def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer with a short text that only this person sees; after typed words: say it."""
        message = ChatMessage((Plain(cut(flat(text), limits.TOAST)),), silent=True)
        chat = self._incoming.chat
        place = read_place(chat.chat_id)
        if self._response_url is not None and place.is_direct:
            user = self._incoming.account.key.account_id
            chat = whisper_in(chat.tenant, place.channel, user)
        await self._send(message, chat)

    async def show(self, message: ChatMessage) -> Card:
        """Edit the card this turn is about; without one, send it and keep to it."""
        if self._shown is None:
            self._shown = await self.say(message)
        else:
            self._shown = await self.redraw(self._shown, message)
        return self._shown

    async def redraw(self, card: Card, message: ChatMessage) -> Card:
        """Edit a card of ours in this chat; one that cannot be edited is sent anew."""
        fitted = await self._fit(message)

        async def edit() -> Card:
            try:
                await self._messenger.refresh(card, fitted)
            except CardGone:
                return await self._send(fitted)
            return card

        return await patiently(edit, self._clock)

    async def say(self, message: ChatMessage) -> Card:
        """Send a new message."""
        return await self._send(await self._fit(message))

    async def say_with(self, text: str, elements: Sequence[Mapping[str, Any]]) -> None:
        """Send words with elements under them that only Slack has."""
        chat = self._incoming.chat
        await self._messenger.send_drawn(chat, text, elements, response_url=self._response_url)

    async def busy(self) -> None:
        """Do nothing: Slack has no sign of life for apps but the answer itself."""

    async def _send(self, message: ChatMessage, to: Recipient | None = None) -> Card:
        chat = to or self._incoming.chat
        in_thread = self._thread_ts if read_place(chat.chat_id).only_for else None
        return await patiently(
            lambda: self._messenger.send(
                chat, message, response_url=self._response_url, thread_ts=in_thread
            ),
            self._clock,
        )

    async def _fit(self, message: ChatMessage) -> ChatMessage:
        """Give the message what it takes to be answered where it stands.

        Slack has no keyboards that ask; and in what only one person sees in a channel nothing
        can be typed but into a field of the message itself.
        """
        incoming, locale = self._incoming, self._incoming.person.locale
        asked = message.ask is not None and message.ask is not Ask.DONE
        if message.ask is not None:
            more = (Plain("\n" + edge.type_instead(locale, message.ask.value)),) if asked else ()
            message = replace(message, parts=(*message.parts, *more), ask=None)
        if message.field is not None or read_place(incoming.chat.chat_id).only_for is None:
            return message
        draft = await self._drafts.awaiting(incoming.organization_id, incoming.chat)
        if draft is None or draft.person_id != incoming.person.id:
            return message
        # Under the answer to something else a field would ask what was asked before.
        if not asked and not _is_about(message, draft):
            return message
        return replace(message, field=Field(draft.id, edge.your_answer(locale)))


def _is_about(message: ChatMessage, draft: Draft) -> bool:
    """Say whether a message has the buttons of a draft."""
    return any(
        isinstance(button, Action) and button.subject == draft.id
        for row in message.rows
        for button in row
    )
