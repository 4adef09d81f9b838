"""Slack's requests into the inbox: stored first, then known to us."""

import hashlib
import json
from collections.abc import Callable

from bots.slack.payloads import (
    CommandRead,
    EnvelopeRead,
    InteractionRead,
    Request,
    UrlVerificationRead,
    reduced,
)
from scheduling.people import Platform
from scheduling.ports import Clock, Inbound, Inbox

NOBODY = "-"
"""The conversation of events that belong to no person."""
_TEAMLESS = "-"


class SlackIntake:
    """Puts requests into the inbox and wakes who works it off."""

    def __init__(self, inbox: Inbox, clock: Clock, wake: Callable[[], None]) -> None:
        self._inbox, self._clock, self._wake = inbox, clock, wake

    async def store(self, request: Request) -> bool:
        """Store a request and say whether it was new; one that was stored before is skipped.

        Raises:
            StoreUnavailable: it was not stored.
        """
        new = await self._inbox.put([self.inbound(request)])
        self._wake()
        return new > 0

    def inbound(self, request: Request) -> Inbound:
        """Return the row of a request."""
        # ASCII, since JSON may name halves of characters that no encoding can write.
        payload = json.dumps(reduced(request), separators=(",", ":"), sort_keys=True)
        return Inbound(
            platform=Platform.SLACK,
            tenant=_team_of(request),
            key=request_key(request, payload),
            conversation=_conversation_of(request),
            payload=payload,
            received_at=self._clock.now(),
        )


def request_key(request: Request, payload: str) -> str:
    """Return what is the same for one request however often it is delivered.

    Events have an id of their own. Interactions have a trigger, or the view as it stood; the
    digest keeps apart what a careless sender gives one trigger.
    """
    mark = hashlib.sha256(payload.encode()).hexdigest()
    match request:
        case EnvelopeRead(event_id=str(event_id)):
            return f"event:{event_id}"
        case CommandRead(trigger_id=str(trigger)) | InteractionRead(trigger_id=str(trigger)):
            return f"{trigger[:120]}:{mark[:12]}"
        case InteractionRead(view=view) if view is not None:
            return f"{view.id}:{(view.hash or '')[:60]}:{mark[:12]}"
        case _:
            return mark


def _team_of(request: Request) -> str:
    match request:
        case UrlVerificationRead():
            return _TEAMLESS
        case _:
            return request.team_id or request.enterprise or _TEAMLESS


def _conversation_of(request: Request) -> str:
    match request:
        case CommandRead(user_id=user):
            return user
        case InteractionRead(user=of):
            return of.id
        case EnvelopeRead(event=event) if event.user is not None:
            return event.user if isinstance(event.user, str) else event.user.id
        case _:
            return NOBODY
