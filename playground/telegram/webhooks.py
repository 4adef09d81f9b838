"""Updates posted to a bot's webhook, over real HTTP, until it says 2xx or they are too old."""

import asyncio
import itertools
import json
from dataclasses import dataclass, field

import httpx

from playground.telegram.call import Call
from playground.telegram.errors import ApiError
from playground.telegram.methods import METHODS, perform
from playground.telegram.state import Bot, Json, Webhook, World

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_RETRY_AFTER_MOST = 3600.0
#: Methods a webhook's reply cannot carry, beside all that begin with "get".
_NOT_IN_REPLIES = frozenset({"setwebhook", "deletewebhook", "close", "logout"})


@dataclass(slots=True)
class _Lanes:
    """The running deliveries of one bot: one per sender queue, so each sender keeps its order."""

    webhook: Webhook
    slots: asyncio.Semaphore
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)


class WebhookDelivery:
    """Posts the updates of every bot that has a webhook.

    Senders go side by side, up to ``max_connections``; within one sender an update waits until
    the one before it is through.
    """

    def __init__(self, world: World, client: httpx.AsyncClient) -> None:
        self._world = world
        self._client = client
        self._lanes: dict[int, _Lanes] = {}
        self._numbers = itertools.count()

    def notice(self, bot: Bot) -> None:
        """Start what is to be delivered; called whenever updates arrive or a webhook is set."""
        if bot.webhook is None:
            return
        lanes = self._lanes.get(bot.id)
        if lanes is None or lanes.webhook is not bot.webhook:
            if lanes is not None:
                self._cancel(lanes)
            lanes = _Lanes(bot.webhook, asyncio.Semaphore(bot.webhook.max_connections))
            self._lanes[bot.id] = lanes
        for name in {update.lane for update in bot.updates.pending()}:
            if name not in lanes.tasks:
                lanes.tasks[name] = asyncio.create_task(self._drain(bot, lanes, name))
        for body in bot.updates.take_repeats():
            name = f"repeat:{next(self._numbers)}"
            lanes.tasks[name] = asyncio.create_task(self._repeat(bot, lanes, name, body))

    async def close(self) -> None:
        tasks = [task for lanes in self._lanes.values() for task in lanes.tasks.values()]
        for lanes in self._lanes.values():
            self._cancel(lanes)
        await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    def _cancel(lanes: _Lanes) -> None:
        for task in lanes.tasks.values():
            task.cancel()

    async def _drain(self, bot: Bot, lanes: _Lanes, name: str) -> None:
        delay, failures = self._world.config.webhook_retry, 0
        while bot.webhook is lanes.webhook:
            update = next((one for one in bot.updates.pending() if one.lane == name), None)
            if update is None:
                break
            async with lanes.slots:
                failure = await self._post(bot, lanes, {"update_id": update.id, **update.body})
            if failure is None:
                bot.updates.drop(update.id)
                delay, failures = self._world.config.webhook_retry, 0
                continue
            # The first repeat comes soon; from then on the pause doubles.
            if failures:
                delay = min(delay * 2, self._world.config.webhook_retry_most)
            failures += 1
            await asyncio.sleep(failure if failure > 0 else delay)
        del lanes.tasks[name]

    async def _repeat(self, bot: Bot, lanes: _Lanes, name: str, body: Json) -> None:
        async with lanes.slots:
            await self._post(bot, lanes, body)
        del lanes.tasks[name]

    async def _post(self, bot: Bot, lanes: _Lanes, body: Json) -> float | None:
        """Post one update: None when accepted, else the seconds the receiver asked to wait."""
        webhook = lanes.webhook
        headers = {_SECRET_HEADER: webhook.secret} if webhook.secret else {}
        try:
            response = await self._client.post(webhook.url, json=body, headers=headers)
        except httpx.TimeoutException:
            return self._failed(webhook, "Read timeout expired")
        except httpx.HTTPError:
            return self._failed(webhook, "Connection refused")
        if not response.is_success:
            phrase = f"{response.status_code} {response.reason_phrase}"
            self._failed(webhook, f"Wrong response from the webhook: {phrase}")
            return _retry_after(response)
        await self._carry_out_reply(bot, response)
        return None

    def _failed(self, webhook: Webhook, reason: str) -> float:
        webhook.last_error, webhook.last_error_at = reason, int(self._world.now())
        return 0.0

    async def _carry_out_reply(self, bot: Bot, response: httpx.Response) -> None:
        """A reply may carry one method call; its result is lost, as at Telegram."""
        try:
            reply = json.loads(response.content)
        except ValueError:
            return
        if not isinstance(reply, dict) or not isinstance(reply.get("method"), str):
            return
        values = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in reply.items()
            if name != "method" and value is not None
        }
        call = Call(reply["method"].lower(), values)
        if call.method.startswith("get") or call.method in _NOT_IN_REPLIES | (
            {call.method} - METHODS.keys()
        ):
            return
        logged = self._world.calls.begin(bot.username, call)
        try:
            answer = await perform(self._world, bot, call)
        except ApiError as error:
            self._world.calls.end(logged, error.code, error.description)
        else:
            self._world.calls.end(logged, 200, "by webhook reply", answer.result)


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("retry-after", "")
    return min(float(value), _RETRY_AFTER_MOST) if value.isdigit() else 0.0
