"""One interaction of one person, met and admitted: the Surface that handlers get."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bots.chat import Incoming
from bots.slack.again import AGAIN
from bots.slack.failures import FAILURES, code_of, delivery_error, in_short
from bots.slack.modals import elements
from bots.slack.surface import View
from bots.slack.turn import SlackTurn
from bots.slack.updates import Origin
from bots.slack.workspaces import Workspace
from scheduling.errors import DeliveryError
from wording import edge

_TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_exchanged",
                       "invalid_trigger_id"})  # fmt: skip
_NO_VIEW = frozenset({"not_found", "view_not_found", "hash_conflict", "no_view"})
_log = structlog.get_logger(__name__)


class SlackInteraction:
    """See bots.slack.surface.Surface.

    ``again`` is what a button has to carry to have the same thing happen once more.
    """

    def __init__(
        self,
        workspace: Workspace,
        origin: Origin,
        turn: SlackTurn,
        *,
        again: str,
        action: Mapping[str, Any] | None = None,
    ) -> None:
        self._workspace, self._origin, self._turn = workspace, origin, turn
        self._again, self._action = again, action or {}

    @property
    def incoming(self) -> Incoming:
        return self._turn.incoming

    @property
    def turn(self) -> SlackTurn:
        return self._turn

    @property
    def team_id(self) -> str:
        return self._workspace.team_id

    @property
    def user_id(self) -> str:
        return self._origin.user_id

    @property
    def channel_id(self) -> str | None:
        return self._origin.channel

    @property
    def trigger_id(self) -> str | None:
        return self._origin.trigger_id

    @property
    def view(self) -> View | None:
        return self._origin.view

    @property
    def action(self) -> Mapping[str, Any]:
        return self._action

    @property
    def payload(self) -> Mapping[str, Any]:
        return self._origin.payload

    async def open(self, view: Mapping[str, Any]) -> str:
        """Open a modal and return its id; "" when a button had to be sent instead."""
        if self.trigger_id is None:
            await self._offer_again()
            return ""
        try:
            answer = await self._workspace.client.views_open(
                trigger_id=self.trigger_id, view=dict(view)
            )
        except FAILURES as error:
            if code_of(error) not in _TOO_LATE:
                raise delivery_error(error) from error
            _log.info("slack.trigger_too_old", reason=code_of(error))
            await self._offer_again()
            return ""
        return _id_of(answer.get("view"))

    async def push(self, view: Mapping[str, Any]) -> str:
        """Put a modal onto the open one and return its id; "" when it replaced it instead."""
        if self.trigger_id is not None:
            try:
                answer = await self._workspace.client.views_push(
                    trigger_id=self.trigger_id, view=dict(view)
                )
            except FAILURES as error:
                if code_of(error) not in _TOO_LATE | {"push_limit_reached"}:
                    raise delivery_error(error) from error
            else:
                return _id_of(answer.get("view"))
        await self.update(view)
        return ""

    async def update(
        self,
        view: Mapping[str, Any],
        *,
        view_id: str | None = None,
        hash: str | None = None,  # noqa: A002  # Slack's own name for it
    ) -> None:
        """Replace an open modal; one that was closed or changed meanwhile is left alone."""
        wanted = view_id or (self.view.id if self.view else "")
        if not wanted:
            return
        try:
            await self._workspace.client.views_update(view_id=wanted, view=dict(view), hash=hash)
        except FAILURES as error:
            if code_of(error) not in _NO_VIEW:
                raise delivery_error(error) from error
            _log.debug("slack.view_gone", reason=code_of(error))

    async def say_with(self, text: str, elements: Sequence[Mapping[str, Any]]) -> None:
        """Send words, for this person alone, with elements under them that only Slack has."""
        await self._turn.say_with(text, elements)

    async def publish_home(self, view: Mapping[str, Any]) -> None:
        """Replace the person's App Home."""
        try:
            await self._workspace.client.views_publish(user_id=self.user_id, view=dict(view))
        except FAILURES as error:
            if code_of(error) != "hash_conflict":
                raise delivery_error(error) from error

    async def _offer_again(self) -> None:
        locale = self.incoming.person.locale
        button = elements.own_button(edge.open_it(locale), AGAIN, self._again, "primary")
        try:
            await self._turn.say_with(edge.too_slow(locale), [button])
        except DeliveryError as error:
            _log.info("slack.offer_lost", reason=in_short(error))


def _id_of(view: object) -> str:
    found = view.get("id") if isinstance(view, dict) else None
    return found if isinstance(found, str) else ""
