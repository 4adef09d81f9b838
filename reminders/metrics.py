"""What the dispatcher counts, for /metrics."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.1, 0.3, 1, 3, 10, 30, 60, 300, 3600, float("inf"))


class DispatchMetrics:
    """Counters of one process, in the registry handed in."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.attempts = Counter(
            "slotbook_dispatch_attempts",
            "Attempts to deliver a notification, by how they ended.",
            ("kind", "outcome"),
            registry=registry,
        )
        self.lateness = Histogram(
            "slotbook_dispatch_lateness_seconds",
            "How long after its due time a notification was sent.",
            ("urgency",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.leases_lost = Counter(
            "slotbook_dispatch_leases_lost",
            "Attempts that ended after the row had been taken by another dispatcher.",
            registry=registry,
        )
        self.in_flight = Gauge(
            "slotbook_dispatch_in_flight",
            "Notifications being delivered now.",
            registry=registry,
        )
