"""Updates of Telegram into the inbox, by polling or by webhook: stored first, then known to us."""

import hmac
import json
from collections.abc import Callable, Sequence

import structlog

from bots.telegram import limits
from bots.telegram.excuses import Excuses
from bots.telegram.updates import conversation_of, update_key
from scheduling.errors import StoreUnavailable
from scheduling.people import Platform
from scheduling.ports import Clock, Inbound, Inbox

_log = structlog.get_logger(__name__)


class TelegramIntake:
    """Puts updates into the inbox and wakes who works it off."""

    def __init__(
        self,
        inbox: Inbox,
        clock: Clock,
        tenant: str,
        wake: Callable[[], None],
        webhook_secret: str | None = None,
        excuses: Excuses | None = None,
    ) -> None:
        self._inbox, self._clock, self._tenant, self._wake = inbox, clock, tenant, wake
        self._secret = webhook_secret.encode() if webhook_secret else None
        self._excuses = excuses

    async def store(self, updates: Sequence[object]) -> int:
        """Store what is new and return how many were; one that was stored before is skipped.

        Raises:
            StoreUnavailable: nothing was stored; let Telegram deliver again.
        """
        received_at = self._clock.now()
        rows: list[Inbound] = []
        for update in updates:
            key = update_key(update)
            if key is None:
                _log.warning("telegram.no_update", kind=type(update).__name__)
                continue
            rows.append(
                Inbound(
                    platform=Platform.TELEGRAM,
                    tenant=self._tenant,
                    key=key,
                    conversation=conversation_of(update),
                    # ASCII, since JSON may name halves of characters that no encoding can write.
                    payload=json.dumps(update, separators=(",", ":")),
                    received_at=received_at,
                )
            )
        if not rows:
            return 0
        try:
            new = await self._inbox.put(rows)
        except StoreUnavailable:
            if self._excuses is not None:
                await self._excuses.make(updates)
            raise
        if self._excuses is not None:
            self._excuses.over()
        self._wake()
        return new

    async def receive_webhook(self, body: bytes, secret_header: str | None) -> int:
        """Take one request of Telegram's and return the HTTP status to answer it with.

        200: stored and committed. 401 and 403: the secret is missing or wrong. 413: too long.
        400: no update in it. 503: cannot be stored now, Telegram will deliver it again.
        """
        if not secret_header:
            return 401
        # Without a configured secret nothing can be right.
        if self._secret is None or not hmac.compare_digest(secret_header.encode(), self._secret):
            return 403
        if len(body) > limits.WEBHOOK_BODY_BYTES:
            return 413
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        if update_key(update) is None:
            return 400
        try:
            await self.store([update])
        except StoreUnavailable:
            return 503
        return 200
