"""From a stored update to an answer: who it was, what they said, and which flow answers."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bots.chat import Command, Incoming, Press, Turn
from bots.router import Router
from bots.telegram.api import TelegramBot
from bots.telegram.commands import CommandMenu
from bots.telegram.excuses import Excuses
from bots.telegram.messenger import TelegramMessenger, card_for
from bots.telegram.payloads import NotAnUpdate
from bots.telegram.turn import PressAnswer, TelegramTurn
from bots.telegram.updates import (
    Blocked,
    Event,
    GroupMoved,
    Heard,
    Sender,
    Unblocked,
    read_update,
)
from scheduling.errors import (
    DeliveryDeferred,
    DeliveryError,
    RecipientUnreachable,
    StoreUnavailable,
)
from scheduling.ids import OrganizationId, RequestId
from scheduling.people import AccountKey, ChatAccount, Person, Platform, Recipient
from scheduling.people_service import AccountFacts, PeopleService
from scheduling.ports import Clock, Inbound, Links, Outbox, Queries
from wording import edge
from wording.catalogue import FALLBACK, say

GO = "go_"
"""Begins the payload of a link that repeats a group's command in the private chat."""
_NAME_SOON = timedelta(seconds=1)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What answering needs of the rest of slotbook; brought together by the wiring."""

    organization_id: OrganizationId
    clock: Clock
    people: PeopleService
    queries: Queries
    outbox: Outbox
    router: Router
    answer: Callable[[Turn], Awaitable[None]]
    """Hands a turn to the flow that answers it, whatever platform it happens on."""
    move_group: Callable[[OrganizationId, Recipient, str], Awaitable[int]] | None = None
    """Follows a group that has a new id with what stands in it."""


class TelegramAdapter:
    """Handles Telegram's updates for the intake; safe to repeat with the same update."""

    def __init__(
        self,
        bot: TelegramBot,
        messenger: TelegramMessenger,
        menu: CommandMenu,
        excuses: Excuses,
        links: Links,
        username: Callable[[], str | None],
        around: Surroundings,
    ) -> None:
        self._bot, self._messenger, self._menu = bot, messenger, menu
        self._excuses = excuses
        self._links, self._username, self._around = links, username, around
        self._afterwards: set[asyncio.Task[None]] = set()

    async def handle(self, inbound: Inbound) -> None:
        """Do what the update asks, and answer it.

        Raises:
            StoreUnavailable, DeliveryDeferred: not now; handle it again later.
        """
        event = self._read(inbound)
        around = self._around
        match event:
            case Heard(private=True):
                await self._answer(inbound, event)
            case Heard():
                await self._answer_in_group(inbound, event)
            case Blocked(chat_id=chat_id):
                await around.people.unreachable(self._recipient(chat_id), around.organization_id)
            case Unblocked(chat_id=chat_id, sender=sender):
                await around.people.meet(around.organization_id, self._facts(sender, chat_id))
            case GroupMoved(chat_id=chat_id, new_chat_id=new_chat_id):
                old = self._recipient(chat_id)
                await around.outbox.move_chat(old, new_chat_id)
                if around.move_group is not None:
                    await around.move_group(around.organization_id, old, new_chat_id)
            case None:
                pass

    async def apologize(self, inbound: Inbound, code: str) -> None:
        """Tell the person that it did not work, with the button pressed to try it again."""
        event = self._read(inbound)
        if not isinstance(event, Heard) or not event.private:
            return
        locale, said = event.sender.language or FALLBACK, event.said
        again = None
        if isinstance(said, Press) and said.verb:
            again = edge.try_again(locale, said.verb, said.subject, said.revision, said.argument)
        try:
            await self._messenger.send(
                self._recipient(event.chat_id),
                edge.broken(locale, code, again),
                thread_id=event.thread_id,
            )
        except DeliveryError as error:
            _log.warning("telegram.apology_lost", code=code, reason=type(error).__name__)

    async def close(self) -> None:
        """Let go of what was to be done after answers."""
        for task in self._afterwards:
            task.cancel()
        await asyncio.gather(*self._afterwards, return_exceptions=True)

    def _read(self, inbound: Inbound) -> Event | None:
        username = self._username()
        if username is None:
            # Until Telegram has told our name, commands for other bots look like ours.
            raise DeliveryDeferred(_NAME_SOON)
        try:
            return read_update(inbound.payload, username)
        except NotAnUpdate as error:
            _log.warning("telegram.unreadable_update", update=inbound.key, reason=str(error))
            return None

    async def _answer(self, inbound: Inbound, heard: Heard) -> None:
        around, chat = self._around, self._recipient(heard.chat_id)
        try:
            account, person = await around.people.meet(
                around.organization_id, self._facts(heard.sender, heard.chat_id)
            )
        except StoreUnavailable:
            await self._excuses.make_to(heard)
            raise
        await self._let_answer(self._turn(inbound, heard, chat, account, person), heard)
        task = asyncio.create_task(self._fit_menu(account.key, heard.chat_id))
        self._afterwards.add(task)
        task.add_done_callback(self._after)

    async def _answer_in_group(self, inbound: Inbound, heard: Heard) -> None:
        """Let a flow answer what belongs in groups, in the person's own chat or by a toast.

        Somebody without a private chat is led there first, where the answer needs one.
        """
        around, said = self._around, heard.said
        private = ""
        match said:
            case Press(verb=verb) if entry := around.router.group_press(verb):
                private = f"{entry.private}{said.subject}" if entry.private else ""
            case Command(verb=verb) if heard.to_us and around.router.group_command(verb):
                pass
            case _:
                await self._point_to_private(heard)
                return
        account, person = await around.people.meet(
            around.organization_id, self._facts(heard.sender, None)
        )
        own, group = account.recipient, self._recipient(heard.chat_id)
        if own is None and isinstance(said, Command):
            await self._point_to_private(heard)
        elif own is None and private and heard.pressed is not None:
            answer = PressAnswer(self._bot, around.clock, heard.pressed.query_id)
            answer.open(self._links.deep_link(private))
            await answer.finish()
        else:
            turn = self._turn(inbound, heard, own or group, account, person, group=group)
            await self._let_answer(turn, heard)

    async def _let_answer(self, turn: TelegramTurn, heard: Heard) -> None:
        around, incoming = self._around, turn.incoming
        try:
            await around.answer(turn)
        except RecipientUnreachable:
            await around.people.unreachable(incoming.chat, around.organization_id)
        except StoreUnavailable:
            if self._excuses.is_due(heard):
                with suppress(DeliveryError):
                    await turn.toast(edge.later(incoming.person.locale))
            raise
        finally:
            await turn.finish()

    def _turn(
        self,
        inbound: Inbound,
        heard: Heard,
        chat: Recipient,
        account: ChatAccount,
        person: Person,
        *,
        group: Recipient | None = None,
    ) -> TelegramTurn:
        pressed, said, card = heard.pressed, heard.said, None
        # A card in a group is everybody's: no answer to one person is drawn over it.
        if group is None and pressed is not None and pressed.message_id is not None:
            card = card_for(chat, pressed.message_id, pressed.kind)
        if isinstance(said, Command) and said.verb == "start" and said.text.startswith(GO):
            said = Command(said.text.removeprefix(GO))
        incoming = Incoming(
            organization_id=self._around.organization_id,
            account=account,
            person=person,
            chat=chat,
            private=chat != group,
            said=said,
            request_id=RequestId(f"telegram:{inbound.tenant}:{inbound.key}"),
            card=card,
            received_at=inbound.received_at,
            group=group,
        )
        return TelegramTurn(
            incoming,
            self._messenger,
            self._bot,
            self._around.clock,
            query_id=pressed.query_id if pressed else None,
            thread_id=heard.thread_id if group is None else None,
        )

    async def _point_to_private(self, heard: Heard) -> None:
        """Answer in a group without a word that concerns one person alone."""
        locale, said = heard.sender.language or FALLBACK, heard.said
        if heard.pressed is not None:
            answer = PressAnswer(self._bot, self._around.clock, heard.pressed.query_id)
            answer.give(say(locale, "edge.private_toast"), alert=True)
            await answer.finish()
            return
        if not heard.to_us or not isinstance(said, Command):
            return
        known = self._around.router.find_command(said.verb)
        if known is None:
            return  # a bare command that another bot of the group may know
        link = self._links.deep_link("" if known.verb == "start" else f"{GO}{known.verb}")
        try:
            await self._messenger.send(
                self._recipient(heard.chat_id),
                edge.in_private(locale, heard.sender.name, link),
                thread_id=heard.thread_id,
            )
        except RecipientUnreachable:
            _log.info("telegram.group_closed")

    async def _fit_menu(self, key: AccountKey, chat_id: str) -> None:
        """Look again: the turn may just have made the person a coach."""
        known = await self._around.queries.account(key)
        if known is not None:
            await self._menu.fit(known[1], chat_id)

    def _after(self, task: asyncio.Task[None]) -> None:
        self._afterwards.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("telegram.menu_not_fitted", exc_info=error)

    def _recipient(self, chat_id: str) -> Recipient:
        return Recipient(Platform.TELEGRAM, self._bot.tenant, chat_id)

    def _facts(self, sender: Sender, chat_id: str | None) -> AccountFacts:
        return AccountFacts(
            key=AccountKey(Platform.TELEGRAM, self._bot.tenant, sender.id),
            chat_id=chat_id,
            name=sender.name,
            username=sender.username,
            language=sender.language,
        )
