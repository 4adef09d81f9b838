"""The text of /metrics: what parts count, and how much waits in the database."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from scheduling.errors import StoreUnavailable
from scheduling.notifications import NotificationState
from scheduling.ports import Inbox, Outbox


class Metrics:
    """Reads the registry, bringing the database's counts up to date first."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self, registry: CollectorRegistry, outbox: Outbox, inbox: Inbox) -> None:
        self._registry, self._outbox, self._inbox = registry, outbox, inbox
        self._rows = Gauge(
            "slotbook_outbox_rows", "Notifications by state.", ("state",), registry=registry
        )
        self._waiting = Gauge(
            "slotbook_inbox_waiting", "Updates received and not handled yet.", registry=registry
        )
        self._reachable = Gauge(
            "slotbook_database_up", "Whether the database could be read.", registry=registry
        )

    async def text(self) -> bytes:
        """Return the metrics as Prometheus reads them."""
        try:
            states = await self._outbox.states()
            self._waiting.set(await self._inbox.waiting())
        except StoreUnavailable:
            self._reachable.set(0)
        else:
            for state in NotificationState:
                self._rows.labels(state.value).set(states.get(state, 0))
            self._reachable.set(1)
        return generate_latest(self._registry)
