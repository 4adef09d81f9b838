"""The whole local Slack, put together."""

from collections.abc import Callable

from playground.control.events import EventHub
from playground.faults import FaultScript
from playground.slack.deliveries import Deliveries
from playground.slack.faults import RateLimits, SlackFault
from playground.slack.log import CallLog
from playground.slack.seeds import SlackConfig
from playground.slack.socket import SocketHub
from playground.slack.state import SlackWorld
from playground.slack.surfaces import ResponseUrls, Surfaces


class Slack:
    """State, screens, deliveries and faults of one workspace."""

    def __init__(self, config: SlackConfig, now: Callable[[], float], events: EventHub) -> None:
        self.world = SlackWorld(config, now, events)
        self.surfaces = Surfaces(self.world)
        self.response_urls = ResponseUrls(self.world)
        self.sockets = SocketHub(self.world)
        self.sockets.on_change = self._connection_changed
        self.deliveries = Deliveries(self.world, self.sockets)
        self.faults = FaultScript[SlackFault]()
        self.rates = RateLimits(config.rates, now)
        self.calls = CallLog(config.calls_kept)

    def _connection_changed(self) -> None:
        self.world.tell("app")

    async def close(self) -> None:
        """Stop what is under way."""
        self.faults.clear()
        await self.deliveries.close()
