"""The Bolt application: what comes in is stored and acknowledged, in that order.

Bolt is told to answer after its listeners: by default it acknowledges events before they ran,
and a crash would lose them. Signatures are checked before Bolt sees anything (events.py), and
what it gets is our reading of the request, so nothing malformed can trip it.
"""

import asyncio
import logging
import re
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bots.slack.answers import SlackAnswers
from bots.slack.api import Connections
from bots.slack.failures import FAILURES, in_short
from bots.slack.intake import SlackIntake
from bots.slack.payloads import (
    CommandRead,
    EnvelopeRead,
    InteractionRead,
    Request,
    UrlVerificationRead,
    reduced,
)
from bots.slack.updates import read_event
from bots.slack.workspaces import Workspaces
from scheduling.errors import StoreUnavailable
from wording import edge
from wording.catalogue import FALLBACK

_ANY = re.compile("", re.DOTALL)
_READ = "slotbook.request"
_log = structlog.get_logger(__name__)


class _LetThrough(AsyncAuthorize):
    """Lets everything through: who may do what is decided with the request in hand.

    Bolt would ask Slack about the token before an acknowledgement otherwise.
    """

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        own = self._workspaces.own
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=own.bot_user_id if own else None,
            bot_id=own.bot_id if own else None,
        )


class SlackListeners:
    """Takes requests, whichever way they came."""

    def __init__(
        self,
        intake: SlackIntake,
        answers: SlackAnswers,
        workspaces: Workspaces,
        connections: Connections,
    ) -> None:
        self._intake, self._answers = intake, answers
        self._connections = connections
        self._excuses: set[asyncio.Task[None]] = set()
        # Everything is said explicitly: what is left out Bolt takes from the environment.
        self._app = AsyncApp(
            name="slotbook",
            logger=logging.getLogger("slack_bolt"),
            client=connections.client(None),
            signing_secret="",
            verification_token="",
            authorize=_LetThrough(workspaces),  # type: ignore[arg-type]  # it takes one of these too
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
        )
        app = self._app
        app.command(_ANY)(self._on_command)
        app.action(_ANY)(self._on_interaction)
        app.shortcut(_ANY)(self._on_interaction)
        app.view_closed(_ANY)(self._on_interaction)
        app.view_submission(_ANY)(self._on_submission)
        app.options(_ANY)(self._on_options)
        app.event(_ANY)(self._on_event)

    async def receive(self, request: Request) -> BoltResponse:
        """Return how to answer a request that is Slack's for sure.

        200 once it is stored, 503 where an event could not be: Slack delivers those again.
        """
        if isinstance(request, UrlVerificationRead):
            return BoltResponse(status=200, body={"challenge": request.challenge})
        if isinstance(request, EnvelopeRead) and read_event(request) is None:
            return BoltResponse(status=200, body="")  # nobody here waits for it
        bolt_request = AsyncBoltRequest(
            body=reduced(request), mode="socket_mode", context={_READ: request}
        )
        return await self._app.async_dispatch(bolt_request)

    async def finish(self) -> None:
        """Wait for what is still being said beside acknowledgements."""
        if self._excuses:
            await asyncio.wait(self._excuses)

    async def _on_command(self, ack: AsyncAck, context: Any) -> None:
        read: CommandRead = context[_READ]
        if await self._stored(read):
            await ack()
        else:
            await ack(text=edge.not_now(FALLBACK), response_type="ephemeral")

    async def _on_interaction(self, ack: AsyncAck, context: Any) -> None:
        read: InteractionRead = context[_READ]
        if not await self._stored(read):
            # Acknowledged all the same: Slack would not deliver it again, and shows the person
            # a warning that says nothing.
            _log.warning("slack.press_lost")
            self._excuse(read)
        await ack()

    def _excuse(self, read: InteractionRead) -> None:
        """Say beside the acknowledgement that nothing happened; where there is no address, not."""
        if not read.response_url:
            return
        task = asyncio.create_task(self._say_not_now(read.response_url))
        self._excuses.add(task)
        task.add_done_callback(self._excuses.discard)

    async def _say_not_now(self, address: str) -> None:
        words = {"response_type": "ephemeral", "replace_original": False}
        try:
            await self._connections.respond(address, {**words, "text": edge.not_now(FALLBACK)})
        except (*FAILURES, OSError) as error:
            _log.info("slack.excuse_lost", reason=in_short(error))

    async def _on_submission(self, ack: AsyncAck, context: Any) -> None:
        await ack(**await self._answers.submitted(context[_READ]))

    async def _on_options(self, ack: AsyncAck, context: Any) -> None:
        found = await self._answers.options(context[_READ])
        await ack(
            options=[
                {"text": {"type": "plain_text", "text": label[:75]}, "value": value[:150]}
                for label, value in found
                if label and value
            ]
        )

    async def _on_event(self, ack: AsyncAck, context: Any) -> BoltResponse | None:
        read: EnvelopeRead = context[_READ]
        if not await self._stored(read):
            return BoltResponse(status=503, body="")
        await ack()
        return None

    async def _stored(self, read: Request) -> bool:
        try:
            await self._intake.store(read)
        except StoreUnavailable:
            return False
        return True
