"""The door of a workspace: who asks, whether they may, and the turn they then get."""

from dataclasses import dataclass

from bots.chat import Incoming, Said
from bots.slack.messenger import SlackMessenger
from bots.slack.people import SlackPeople
from bots.slack.places import VIEW, chat, thread_in, whisper_in
from bots.slack.turn import SlackTurn
from bots.slack.updates import Origin
from bots.slack.workspaces import Workspace, Workspaces
from scheduling.errors import EntryRefused
from scheduling.ids import DraftId, RequestId
from scheduling.people import Card, ChatAccount, Person, Platform, Recipient, Standing
from scheduling.ports import Clock, Draft, Drafts, Inbound

NO_ANSWER = frozenset({Standing.BOT, Standing.DEACTIVATED})
"""Nobody reads what these would be told."""


class NotInstalled(Exception):
    """Nobody installed us in the workspace the request names."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who may use slotbook there."""

    workspace: Workspace
    account: ChatAccount
    person: Person
    chat: Recipient
    group: Recipient | None


class Door:
    """Admits people by what Slack vouches for, and opens a turn for each."""

    def __init__(
        self,
        workspaces: Workspaces,
        people: SlackPeople,
        messenger: SlackMessenger,
        drafts: Drafts,
        clock: Clock,
    ) -> None:
        self._workspaces, self._people, self._messenger = workspaces, people, messenger
        self._drafts, self._clock = drafts, clock

    async def workspace_of(self, origin: Origin) -> Workspace:
        """Return the workspace a request is for.

        Raises:
            NotInstalled: none of ours.
            DeliveryDeferred: we do not know yet who we are.
        """
        found = await self._workspaces.find(origin.team_id, origin.enterprise_id)
        if found is None:
            raise NotInstalled
        return found

    async def admit(self, workspace: Workspace, origin: Origin) -> Admitted:
        """Return who asks, if they may.

        Raises:
            EntryRefused: they may not.
            DeliveryDeferred: Slack does not tell now who they are.
        """
        direct = await self._direct_message(workspace, origin)
        group = None if direct or origin.channel is None else self._group(workspace, origin)
        account, person = await self._people_let_in(workspace, origin, group, direct)
        if group is not None and origin.channel is not None:
            place = whisper_in(workspace.team_id, origin.channel, origin.user_id)
        else:
            place = chat(workspace.team_id, direct or account.chat_id or origin.user_id)
        return Admitted(workspace, account, person, place, group)

    async def _people_let_in(
        self, workspace: Workspace, origin: Origin, group: Recipient | None, direct: str | None
    ) -> tuple[ChatAccount, Person]:
        # What names no workspace of the person counts as done by somebody of where it was done.
        admit, team = self._people.admit, origin.user_team or origin.team_id
        user_id = origin.user_id
        try:
            return await admit(workspace, user_id, claimed_team=team, group=group, direct=direct)
        except EntryRefused as refusal:
            # Slack names no channel in a window; ours remembers where it was opened.
            draft = await self._draft_of_window(workspace, origin)
            if refusal.standing in NO_ANSWER or draft is None:
                raise
            let_in = await admit(workspace, user_id, claimed_team=team, group=draft.chat)
            if let_in[1].id != draft.person_id:
                raise
            return let_in

    async def _draft_of_window(self, workspace: Workspace, origin: Origin) -> Draft | None:
        """Return the draft of the window that was acted in, if it was opened in a channel."""
        view = origin.view
        if view is None or view.is_home or not view.private_metadata:
            return None
        draft_id = DraftId(view.private_metadata[:64])
        draft = await self._drafts.get(workspace.organization_id, draft_id)
        is_ours = draft is not None and draft.chat.tenant == workspace.team_id
        return draft if draft is not None and is_ours and _in_channel(draft.chat) else None

    async def _direct_message(self, workspace: Workspace, origin: Origin) -> str | None:
        """Return the channel it was done in, if that is our direct message with the person.

        People also type commands where they talk to each other, and there is no way into that.
        """
        channel = origin.channel
        if channel is None or not channel.startswith("D"):
            return None
        if origin.message_ts is not None and not origin.ephemeral:
            return channel  # a message of ours stands there
        if not origin.response_url:
            return channel  # typed to us
        known = await self._people.direct_message_if_there(workspace, origin.user_id)
        return channel if known == channel else None

    @staticmethod
    def _group(workspace: Workspace, origin: Origin) -> Recipient:
        team, channel = workspace.team_id, origin.channel or ""
        root = origin.thread_ts or (None if origin.ephemeral else origin.message_ts)
        return thread_in(team, channel, root) if root else chat(team, channel)

    def turn(self, admitted: Admitted, inbound: Inbound, origin: Origin, said: Said) -> SlackTurn:
        """Return the turn of what was said."""
        incoming = Incoming(
            organization_id=admitted.workspace.organization_id,
            account=admitted.account,
            person=admitted.person,
            chat=admitted.chat,
            private=True,
            said=said,
            request_id=RequestId(f"slack:{admitted.workspace.team_id}:{inbound.key}"),
            card=self._card(admitted, origin),
            received_at=inbound.received_at,
            group=admitted.group,
        )
        return SlackTurn(
            incoming,
            self._messenger,
            self._drafts,
            self._clock,
            response_url=origin.response_url,
            thread_ts=origin.thread_ts,
        )

    @staticmethod
    def _card(admitted: Admitted, origin: Origin) -> Card | None:
        """Return the message that was acted on, if only this person sees it.

        What everybody in a channel sees is never edited with one person's words.
        """
        if origin.view is not None:
            return None if origin.view.is_home else Card(admitted.chat, f"{VIEW}{origin.view.id}")
        if origin.message_ts is None:
            return None
        if origin.ephemeral:
            team, channel = admitted.workspace.team_id, origin.channel or ""
            alone = whisper_in(team, channel, origin.user_id)
            return Card(alone, origin.response_url or "")
        return Card(admitted.chat, origin.message_ts) if admitted.group is None else None


def _in_channel(place: Recipient) -> bool:
    return place.platform is Platform.SLACK and place.chat_id.startswith(("C", "G"))
