"""The Messenger port over Slack's workspaces."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import structlog

from bots.slack.api import Connections
from bots.slack.commands import MAIN
from bots.slack.failures import (
    FAILURES,
    ResponseUrlOver,
    code_of,
    delivery_error,
    dislikes_blocks,
    lost_card,
)
from bots.slack.files import SlackFiles
from bots.slack.modals import elements
from bots.slack.modals.message import ViewMessage
from bots.slack.people import SlackPeople
from bots.slack.places import (
    FILE,
    HOME,
    VIEW,
    Place,
    chat,
    is_response_url,
    read_place,
    thread_in,
    whisper_in,
)
from bots.slack.render import Drawn, draw
from bots.slack.workspaces import Workspace, Workspaces
from scheduling.errors import CardGone, DeliveryDeferred, DeliveryError, RecipientUnreachable
from scheduling.messages import ChatMessage, File, Plain
from scheduling.people import Card, Platform, Recipient
from wording import edge

T = TypeVar("T")
Json = dict[str, Any]
Post = Callable[[Json], Awaitable[T]]
_QUIET: Json = {"unfurl_links": False, "unfurl_media": False}
_log = structlog.get_logger(__name__)


class SlackMessenger:
    """Sends and edits messages in every workspace; every method may raise a DeliveryError."""

    def __init__(
        self,
        connections: Connections,
        workspaces: Workspaces,
        people: SlackPeople,
        files: SlackFiles,
    ) -> None:
        self._connections, self._workspaces = connections, workspaces
        self._people, self._files = people, files

    @property
    def platform(self) -> Platform:
        """Return Slack."""
        return Platform.SLACK

    # --- new messages ---

    async def send(
        self,
        to: Recipient,
        message: ChatMessage,
        *,
        response_url: str | None = None,
        thread_ts: str | None = None,
    ) -> Card:
        """Send a new message.

        What only one person is to see in a channel goes to the address of their interaction,
        ``response_url``, as long as that takes it; then by itself; and where that is impossible,
        as a direct message, and so does its picture always. ``thread_ts`` puts it into a thread.
        """
        workspace, place = await self._workspaces.of(to.tenant), self._place(to)
        shown = message
        if message.picture is not None and place.only_for is not None:
            words = message.parts if message.text.strip() else (Plain(message.picture.alt),)
            shown = replace(message, parts=(*words, Plain("\n" + edge.picture_elsewhere())))
        card = await self._say(workspace, place, draw(shown), response_url, thread_ts)
        await self._attach(workspace, card, message)
        return card

    async def permalink(self, card: Card) -> str | None:
        """Return the address of a message in its channel; None when Slack does not tell it."""
        workspace = await self._workspaces.of(card.chat.tenant)
        channel = self._place(card.chat).channel
        try:
            answer = await workspace.client.chat_getPermalink(
                channel=channel, message_ts=card.message_id
            )
        except FAILURES as error:
            _log.info("slack.no_permalink", reason=code_of(error))
            return None
        return str(answer.get("permalink") or "") or None

    async def send_drawn(
        self,
        to: Recipient,
        text: str,
        buttons: Sequence[Mapping[str, Any]],
        *,
        response_url: str | None = None,
    ) -> None:
        """Send words with elements under them that only Slack has."""
        workspace = await self._workspaces.of(to.tenant)
        words = draw(ChatMessage((Plain(text),)))
        drawn = Drawn(words.text, (*words.blocks, *elements.actions(map(dict, buttons))))
        await self._say(workspace, self._place(to), drawn, response_url, None)

    async def _say(
        self,
        workspace: Workspace,
        place: Place,
        drawn: Drawn,
        response_url: str | None,
        thread_ts: str | None,
    ) -> Card:
        if place.only_for is not None:
            return await self._whisper(workspace, place, drawn, response_url, thread_ts)
        return await self._post(workspace, place, drawn, thread_ts or place.thread_ts)

    async def _post(
        self, workspace: Workspace, place: Place, drawn: Drawn, thread_ts: str | None
    ) -> Card:
        channel = place.channel
        if place.is_person:
            channel = await self._people.direct_message(workspace, channel)

        async def post(looks: Json) -> str:
            extra: Json = {"thread_ts": thread_ts} if thread_ts else {}
            answer = await workspace.client.chat_postMessage(
                channel=channel, **looks, **extra, **_QUIET
            )
            return str(answer.get("ts") or "")

        ts = await self._put(drawn, post)
        team = workspace.team_id
        home = thread_in(team, channel, thread_ts) if thread_ts else chat(team, channel)
        return Card(home, ts)

    async def _whisper(
        self,
        workspace: Workspace,
        place: Place,
        drawn: Drawn,
        response_url: str | None,
        thread_ts: str | None,
    ) -> Card:
        user = place.only_for or ""
        thread_ts = thread_ts or place.thread_ts
        here = whisper_in(workspace.team_id, place.channel, user)
        if response_url is not None and await self._respond(response_url, drawn, thread_ts):
            return Card(here, "")

        async def post(looks: Json) -> None:
            extra: Json = {"thread_ts": thread_ts} if thread_ts else {}
            await workspace.client.chat_postEphemeral(
                channel=place.channel, user=user, **looks, **extra
            )

        try:
            await self._put(drawn, post)
        except RecipientUnreachable as error:
            _log.info("slack.whisper_impossible", reason=error.reason)
            direct = await self._people.direct_message(workspace, user)
            return await self._post(workspace, Place(direct), drawn, None)
        return Card(here, "")

    async def _respond(
        self,
        response_url: str,
        drawn: Drawn,
        thread_ts: str | None = None,
        *,
        replacing: bool = False,
    ) -> bool:
        """Answer at the address of an interaction; False when it takes nothing any more."""

        async def post(looks: Json) -> None:
            answer: Json = {"response_type": "ephemeral", "replace_original": replacing, **looks}
            if thread_ts and not replacing:
                answer["thread_ts"] = thread_ts
            await self._connections.respond(response_url, answer | _QUIET)

        try:
            await self._put(drawn, post)
        except CardGone:
            return False
        except DeliveryDeferred as error:
            # Not reached: the Web API may well be, and nobody waits for one address to come back.
            if error.__cause__ is not None and code_of(error.__cause__):
                raise
            _log.info("slack.address_not_reached")
            return False
        return True

    # --- messages that are there ---

    async def edit(self, card: Card, message: ChatMessage) -> Card:
        """Make the card show this; one that cannot be edited any more is sent anew."""
        try:
            await self.refresh(card, message)
        except CardGone:
            return await self.send(card.chat, message)
        await self._attach_edited(card, message)
        return card

    async def refresh(self, card: Card, message: ChatMessage) -> None:
        """Make the card show this, silently.

        Raises:
            CardGone: it cannot be edited any more.
        """
        place, workspace = self._place(card.chat), await self._workspaces.of(card.chat.tenant)
        if card.message_id == HOME:
            await self._publish(workspace, place, message)
        elif card.message_id.startswith(VIEW):
            await self._update_view(workspace, card.message_id.removeprefix(VIEW), message)
        elif is_response_url(card):
            if not await self._respond(card.message_id, draw(message), replacing=True):
                raise CardGone("address used up")
        elif place.only_for is not None or card.message_id.startswith(FILE) or not card.message_id:
            raise CardGone("shown once")
        else:
            await self._update(workspace, place, card.message_id, draw(message))

    async def _update(self, workspace: Workspace, place: Place, ts: str, drawn: Drawn) -> None:
        channel = place.channel
        if place.is_person:
            channel = await self._people.direct_message(workspace, channel)

        async def post(looks: Json) -> None:
            await workspace.client.chat_update(channel=channel, ts=ts, **looks)

        try:
            await self._put(drawn, post)
        except DeliveryError as error:
            if error.__cause__ is not None and lost_card(error.__cause__):
                raise CardGone(code_of(error.__cause__)) from error
            raise

    async def _publish(self, workspace: Workspace, place: Place, message: ChatMessage) -> None:
        view = (
            message.view
            if isinstance(message, ViewMessage)
            else {"type": "home", "blocks": list(draw(message).blocks)}
        )
        try:
            await workspace.client.views_publish(user_id=place.channel, view=dict(view))
        except FAILURES as error:
            raise delivery_error(error) from error

    async def _update_view(self, workspace: Workspace, view_id: str, message: ChatMessage) -> None:
        try:
            await workspace.client.views_update(view_id=view_id, view=_view_of(message))
        except FAILURES as error:
            if code_of(error) in {"not_found", "view_not_found", "hash_conflict"}:
                raise CardGone(code_of(error)) from error
            raise delivery_error(error) from error

    # --- files ---

    async def send_file(self, to: Recipient, file: File, *, replacing: Card | None) -> Card:
        """Send a document, in the place of an earlier one, which is taken away.

        Nobody can be shown a file alone in a channel: it goes to their direct message. Where
        files are not allowed, a link or words go instead.
        """
        place, workspace = self._place(to), await self._workspaces.of(to.tenant)
        if replacing is not None and replacing.message_id.startswith(FILE):
            await self._files.delete(workspace, replacing.message_id.removeprefix(FILE))
        channel = place.channel
        if place.only_for is not None or place.is_person:
            channel = await self._people.direct_message(workspace, place.only_for or channel)
        thread = None if place.only_for else place.thread_ts
        file_id = await self._files.send(workspace, channel, file, thread_ts=thread)
        team = workspace.team_id
        there = thread_in(team, channel, thread) if thread else chat(team, channel)
        if file_id is not None:
            return Card(there, f"{FILE}{file_id}")
        instead = self._files.instead(file)
        return await self._post(workspace, Place(channel), draw(instead), thread)

    async def _attach(self, workspace: Workspace, card: Card, message: ChatMessage) -> None:
        """Send what goes with a message; only the words are needed, so failing is harmless."""
        place, channel = self._place(card.chat), self._place(card.chat).channel
        try:
            if message.picture is not None:
                if place.only_for is not None:
                    channel = await self._people.direct_message(workspace, place.only_for)
                picture = File("picture.png", message.picture.png, "image/png")
                await self._files.send(
                    workspace,
                    channel,
                    picture,
                    thread_ts=None if place.only_for else place.thread_ts,
                    alt=message.picture.alt,
                )
        except DeliveryError as error:
            _log.info("slack.picture_lost", reason=type(error).__name__)
        if message.file is not None and place.only_for is None:
            await self.send_file(card.chat, message.file, replacing=None)

    async def _attach_edited(self, card: Card, message: ChatMessage) -> None:
        if message.file is not None:
            await self.send_file(card.chat, message.file, replacing=None)

    # --- within the limits ---

    async def _put(self, drawn: Drawn, post: Post[T]) -> T:
        """Post it; how it is drawn may be refused, and then the words go alone."""
        try:
            return await post({"text": drawn.text, "blocks": list(drawn.blocks)})
        except FAILURES as error:
            if not dislikes_blocks(error):
                raise _meaning(error) from error
            _log.error("slack.blocks_refused", reason=code_of(error))
        try:
            return await post({"text": drawn.text})
        except FAILURES as error:
            raise _meaning(error) from error

    @staticmethod
    def _place(recipient: Recipient) -> Place:
        try:
            return read_place(recipient.chat_id)
        except ValueError:
            raise RecipientUnreachable("no such chat") from None


def _meaning(error: BaseException) -> DeliveryError:
    over = isinstance(error, ResponseUrlOver)
    return CardGone("address used up") if over else delivery_error(error)


def _view_of(message: ChatMessage) -> Json:
    """Return what an open modal is to show."""
    if isinstance(message, ViewMessage):
        return dict(message.view)
    blocks = list(draw(message).blocks)
    return elements.modal("sb.words", MAIN, blocks, close=MAIN)
