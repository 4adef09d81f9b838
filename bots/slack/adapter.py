"""From a stored request to an answer: who it was, what they did, and which flow answers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bots.chat import Command, Press, Said, Turn
from bots.flows.turns import reader_of
from bots.router import Router
from bots.slack.again import AGAIN, again_value, read_again
from bots.slack.commands import read_command
from bots.slack.door import NO_ANSWER, Admitted, Door, NotInstalled
from bots.slack.interaction import SlackInteraction
from bots.slack.messenger import SlackMessenger
from bots.slack.naming import Names
from bots.slack.payloads import NotARequest, read_request
from bots.slack.people import SlackPeople
from bots.slack.places import HOME, chat, whisper_in
from bots.slack.surface import SlackSurfaces, SurfaceHandler
from bots.slack.uninvited import kept_out
from bots.slack.unknown import answer_unknown
from bots.slack.updates import (
    Acted,
    Asked,
    Closed,
    Commanded,
    Did,
    Event,
    HomeOpened,
    Joined,
    Origin,
    ProfileChanged,
    Shortcut,
    Uninstalled,
    read_event,
)
from bots.slack.workspaces import Workspace, Workspaces
from scheduling.errors import (
    DeliveryError,
    EntryRefused,
    RecipientUnreachable,
    SchedulingError,
)
from scheduling.messages import ChatMessage
from scheduling.people import Card, Standing
from scheduling.people_service import PeopleService
from scheduling.ports import Clock, DraftChanged, Inbound, Installations
from wording import edge
from wording.catalogue import FALLBACK, say
from wording.refusals import refused

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What answering needs of the rest of slotbook; brought together by the wiring."""

    clock: Clock
    people: PeopleService
    router: Router
    answer: Callable[[Turn], Awaitable[None]]
    """Hands a turn to the flow that answers it, whatever platform it happens on."""
    surfaces: SlackSurfaces
    installations: Installations | None = None


class SlackAdapter:
    """Handles Slack's requests for the intake; safe to repeat with the same request."""

    def __init__(
        self,
        door: Door,
        messenger: SlackMessenger,
        people: SlackPeople,
        workspaces: Workspaces,
        around: Surroundings,
    ) -> None:
        self._door, self._messenger, self._people = door, messenger, people
        self._workspaces, self._around = workspaces, around
        self._names = Names(people)

    async def handle(self, inbound: Inbound) -> None:
        """Do what the request asks, and answer it.

        Raises:
            StoreUnavailable, DeliveryDeferred: not now; handle it again later.
        """
        event = self._read(inbound)
        match event:
            case ProfileChanged(team_id=team, enterprise_id=enterprise, account=account):
                workspace = await self._workspaces.named(team, enterprise)
                if workspace is not None:
                    await self._people.follow(workspace, account)
            case Uninstalled():
                await self._uninstall(event)
            case Joined():
                await self._joined(event)
            case None:
                pass
            case _:
                await self._serve(inbound, event)

    async def apologize(self, inbound: Inbound, code: str) -> None:
        """Tell the person that it did not work, with the button pressed to try it again."""
        event = self._read(inbound)
        if not isinstance(event, Commanded | Did | Acted | Shortcut):
            return
        again = None
        if isinstance(event, Did) and isinstance(event.said, Press) and event.said.verb:
            press = event.said
            again = edge.try_again(
                FALLBACK, press.verb, press.subject, press.revision, press.argument
            )
        try:
            await self._tell(event.origin, edge.broken(FALLBACK, code, again))
        except DeliveryError as error:
            _log.warning("slack.apology_lost", code=code, reason=type(error).__name__)

    @staticmethod
    def _read(inbound: Inbound) -> Event | None:
        try:
            return read_event(read_request(json.loads(inbound.payload)))
        except (NotARequest, ValueError) as error:
            _log.warning("slack.unreadable_request", update=inbound.key, reason=str(error))
            return None

    # --- people who ask ---

    async def _serve(self, inbound: Inbound, asked: Asked) -> None:
        origin = asked.origin
        try:
            workspace = await self._door.workspace_of(origin)
        except NotInstalled:
            _log.info("slack.not_installed", team=origin.team_id)
            return
        try:
            admitted = await self._door.admit(workspace, origin)
        except EntryRefused as refusal:
            await self._refuse(workspace, asked, refusal.standing)
            return
        try:
            await self._answer(inbound, asked, admitted)
        except RecipientUnreachable as error:
            _log.info("slack.nobody_there", reason=error.reason)
            await self._around.people.unreachable(admitted.chat, admitted.workspace.organization_id)

    async def _answer(self, inbound: Inbound, asked: Asked, admitted: Admitted) -> None:
        """Let whoever registered for it answer; what nobody answers goes to the router."""
        match asked:
            case Commanded(command=command, text=text):
                found = read_command(command, text, self._around.router)
                words = await self._names.in_line(found.verb, found.text, admitted.workspace)
                said: Said = Command(found.verb, words)
                handler = self._around.surfaces.find_command(found.verb, words)
                if handler is None:
                    turn = self._door.turn(admitted, inbound, asked.origin, said)
                    if self._around.router.find_command(found.verb) is None:
                        await answer_unknown(turn, found, asked.origin, self._around.router)
                        return
                    if await kept_out(turn, found.verb, asked, self._people):
                        return
            case Did(said=said):
                verb = said.verb if isinstance(said, Press) else ""
                handler = self._around.surfaces.find_press(verb) if verb else None
            case Acted(action_id=action_id) if action_id.split("~")[0] == AGAIN:
                await self._again(inbound, asked, admitted)
                return
            case Acted(action_id=action_id):
                said, handler = Press(""), self._around.surfaces.find_action(action_id)
            case Shortcut(callback_id=callback_id):
                said, handler = Press(""), self._around.surfaces.find_shortcut(callback_id)
            case Closed(callback_id=callback_id):
                said, handler = Press(""), self._around.surfaces.find_closed(callback_id)
            case _:
                said, handler = Press(""), self._around.surfaces.find_home()
        turn = self._door.turn(admitted, inbound, asked.origin, said)
        if handler is None:
            if isinstance(asked, Commanded | Did | Shortcut):
                await self._around.answer(turn)
            return
        action = asked.action if isinstance(asked, Did | Acted) else {}
        again = again_value(asked)
        surface = SlackInteraction(
            admitted.workspace, asked.origin, turn, again=again, action=action
        )
        await self._handle(handler, surface)

    async def _handle(self, handler: SurfaceHandler, surface: SlackInteraction) -> None:
        turn = surface.turn
        try:
            await handler(surface)
        except DraftChanged:
            await turn.toast(say(turn.incoming.person.locale, "odd.quicker"))
        except SchedulingError as error:
            message = refused(error, reader_of(turn, self._around.clock))
            await turn.say(message)

    async def _again(self, inbound: Inbound, acted: Acted, admitted: Admitted) -> None:
        """Do once more what a trigger was too old for, with the trigger of this press."""
        before = read_again(str(acted.action.get("value") or ""), acted.origin)
        if before is not None:
            await self._answer(inbound, before, admitted)

    # --- who may not ---

    async def _refuse(self, workspace: Workspace, asked: Asked, standing: Standing) -> None:
        """Say whom this is for, where it was asked; bots get no answer."""
        _log.info("slack.refused", standing=standing.value)
        if standing in NO_ANSWER:
            return
        if asked.origin.response_url is None and not await self._is_from_here(asked.origin):
            return  # where slotbook was taken out: neither that chat nor that Home is ours
        message, origin = edge.not_for_you(FALLBACK, standing.value, workspace.name), asked.origin
        try:
            if isinstance(asked, HomeOpened):
                home = Card(chat(workspace.team_id, origin.user_id), HOME)
                await self._messenger.refresh(home, message)
            else:
                await self._tell(origin, message)
        except DeliveryError as error:
            _log.info("slack.refusal_lost", reason=type(error).__name__)

    async def _is_from_here(self, origin: Origin) -> bool:
        return await self._workspaces.named(origin.team_id, origin.enterprise_id) is not None

    async def _tell(self, origin: Origin, message: ChatMessage) -> None:
        """Tell the person behind a request something, where nobody else sees it."""
        workspace = await self._door.workspace_of(origin)
        team, channel, user = workspace.team_id, origin.channel, origin.user_id
        to = chat(team, channel or user)
        if channel is not None and (origin.response_url or not channel.startswith("D")):
            to = whisper_in(team, channel, user)
        await self._messenger.send(
            to, message, response_url=origin.response_url, thread_ts=origin.thread_ts
        )

    # --- the workspace itself ---

    async def _uninstall(self, event: Uninstalled) -> None:
        _log.warning("slack.uninstalled", team=event.team_id)
        if self._workspaces.is_own(event.team_id):
            self._workspaces.is_revoked = True
            return
        installations = self._around.installations
        if installations is None:
            return
        found = await installations.find(event.team_id, event.enterprise_id)
        if found and event.at and event.at + 1 <= found.installed_at.timestamp():
            return  # told late: it was installed anew since
        await installations.remove(event.team_id, event.enterprise_id, self._around.clock.now())

    async def _joined(self, joined: Joined) -> None:
        """Greet whoever invited us into a channel, privately."""
        workspace = await self._workspaces.named(joined.team_id, joined.enterprise_id)
        if workspace is None or joined.user_id != workspace.bot_user_id or not joined.inviter:
            return
        to = whisper_in(workspace.team_id, joined.channel, joined.inviter)
        try:
            await self._messenger.send(to, edge.hello_channel(FALLBACK))
        except DeliveryError as error:
            _log.info("slack.greeting_lost", reason=type(error).__name__)
