"""The end of an attempt, written once; and what is remembered of a row until its next one."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from reminders.delivery import Attempt
from reminders.metrics import DispatchMetrics
from reminders.pace import Gate
from reminders.ports import DeliveryPorts
from scheduling.errors import StoreUnavailable
from scheduling.ids import NotificationId
from scheduling.people import Card
from scheduling.ports import Outcome, Settlement

_REMEMBERED = 20_000
_LONGEST_BACK_OFF = 60
_SECOND = timedelta(seconds=1)
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _History:
    """What this process remembers of a row between attempts."""

    failures: int = 0
    deferrals: int = 0
    sent: Card | None = None


class Settling:
    """Settles attempts; ``failures`` of our own end a row."""

    def __init__(
        self, ports: DeliveryPorts, gate: Gate, metrics: DispatchMetrics, failures: int
    ) -> None:
        self._ports, self._gate, self._metrics = ports, gate, metrics
        self._failures = failures
        self._histories: dict[NotificationId, _History] = {}
        self.stopping = False
        """Set when the process ends: a database that is away is not waited for."""

    def sent_before(self, row: NotificationId) -> Card | None:
        """Return the message an earlier attempt has put into the chat, its file still missing."""
        history = self._histories.get(row)
        return history.sent if history else None

    def after_failure(self, attempt: Attempt) -> Settlement:
        """Return how a defect of ours ends the attempt: again, later each time, then given up."""
        history = self._history(attempt)
        history.failures += 1
        if history.failures >= self._failures:
            arrived = attempt.sent is not None
            outcome = Outcome.SENT if arrived else Outcome.UNREACHABLE
            return Settlement(outcome, None, "failed too often", attempt.sent)
        pause = timedelta(seconds=2**history.failures)
        return Settlement(Outcome.RETRY, self._ports.clock.now() + pause, "failed", attempt.sent)

    def backed_off(self, attempt: Attempt, settlement: Settlement) -> Settlement:
        """Lengthen the pause of a row that is put off again and again; never shorten it."""
        history = self._history(attempt)
        history.deferrals += 1
        if history.deferrals == 1 or settlement.retry_at is None:
            return settlement
        # Up to a quarter more, so that many rows put off together do not come back together.
        scatter = 1 + secrets.randbelow(100) / 400
        seconds = min(2 ** (history.deferrals - 1), _LONGEST_BACK_OFF) * scatter
        longer = self._ports.clock.now() + timedelta(seconds=seconds)
        return replace(settlement, retry_at=max(longer, settlement.retry_at))

    async def settle(self, attempt: Attempt, settlement: Settlement) -> None:
        """Write how it ended; while the database is away, for as long as the row is ours."""
        clock = self._ports.clock
        ours: bool | None = None
        while ours is None:
            now = clock.now()
            try:
                ours = await self._ports.outbox.settle(attempt.claimed, settlement, now)
            except StoreUnavailable:
                if self.stopping or now >= attempt.lease_until:
                    ours = False
                else:
                    await clock.sleep(_SECOND)
        if ours:
            self._note(attempt, settlement, clock.now())
        else:
            self.lost(attempt)

    def lost(self, attempt: Attempt) -> None:
        """Say aloud that the row was not ours any more: retired meanwhile, or leased too long."""
        self._forget(attempt)
        if attempt.begun:
            self._metrics.leases_lost.inc()
            _log.warning("dispatch.lease_lost", kind=attempt.notification.kind)

    def _note(self, attempt: Attempt, settlement: Settlement, now: datetime) -> None:
        notification, outcome = attempt.notification, settlement.outcome
        self._metrics.attempts.labels(notification.kind, outcome).inc()
        if outcome in {Outcome.RETRY, Outcome.UNKNOWN}:
            if attempt.sent is not None:
                self._history(attempt).sent = attempt.sent
            say = _log.warning if outcome is Outcome.UNKNOWN else _log.debug
            say("dispatch.again", kind=notification.kind, reason=settlement.reason)
            return
        self._forget(attempt)
        if outcome is Outcome.SENT:
            late = max(timedelta(), now - notification.due_at)
            self._metrics.lateness.labels(notification.urgency.name).observe(late.total_seconds())
        if outcome is Outcome.UNREACHABLE or settlement.reason:
            _log.info(
                "dispatch.ended",
                kind=notification.kind,
                outcome=outcome,
                reason=settlement.reason,
            )

    def _forget(self, attempt: Attempt) -> None:
        self._gate.forget(attempt.notification.id)
        self._histories.pop(attempt.notification.id, None)

    def _history(self, attempt: Attempt) -> _History:
        while len(self._histories) >= _REMEMBERED:
            self._histories.pop(next(iter(self._histories)))
        return self._histories.setdefault(attempt.notification.id, _History())
