"""Faults on request: what goes wrong, for which calls, how often. And limits of pace."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from playground.slack.errors import SlackError, ratelimited
from playground.slack.seeds import SlackRate


class SlackFault(BaseModel):
    """One fault. It strikes calls of ``method`` ("*": any) about ``channel`` or ``user`` (ids).

    ``skip`` calls pass first, then ``times`` are struck (None: all). One of these says how:

    - ``error``: one of Slack's error names, with ``more`` beside it
    - ``status``: an HTTP error without JSON; ``retry_after``: 429 with that many seconds
    - ``stall``: silence for that many seconds, then a cut connection; ``cut``: cut at once
    - ``slow``: that many seconds of delay, then everything as usual
    - ``forged``: this body, as if all were well

    ``after_effect`` carries the call out before spoiling its answer. The methods
    ``response_url`` and ``upload`` stand for those addresses.
    """

    model_config = ConfigDict(extra="forbid")

    method: str = "*"
    error: str | None = None
    more: dict[str, Any] = Field(default_factory=dict)
    status: int | None = Field(default=None, ge=400, le=599)
    retry_after: int | None = Field(default=None, ge=0)
    stall: float | None = Field(default=None, ge=0)
    slow: float | None = Field(default=None, ge=0)
    cut: bool = False
    forged: dict[str, Any] | None = None
    channel: str | None = None
    user: str | None = None
    times: int | None = Field(default=1, ge=1)
    skip: int = Field(default=0, ge=0)
    after_effect: bool = False

    @model_validator(mode="after")
    def _says_how(self) -> "SlackFault":
        ways = (self.error, self.status, self.retry_after, self.stall, self.slow, self.forged)
        if sum(way is not None for way in ways) + self.cut != 1:
            raise ValueError("one of error, status, retry_after, stall, slow, cut, forged")
        return self

    def refusal(self) -> SlackError | None:
        """The error a fault answers with, or None when it spoils the answer differently."""
        if self.error is not None:
            if self.error == "ratelimited":
                return ratelimited(1)
            return SlackError(self.error, **self.more)
        return None if self.retry_after is None else ratelimited(self.retry_after)


@dataclass(slots=True)
class Scripted:
    """A fault and how much of it is left."""

    id: int
    fault: SlackFault
    skip: int
    left: int | None
    struck: int = 0

    def json(self) -> dict[str, Any]:
        return {"id": self.id, "left": self.left, "struck": self.struck, **self.fault.model_dump()}


@dataclass(slots=True)
class SlackFaultScript:
    """Faults in the order they were asked for; the first that fits strikes."""

    faults: list[Scripted] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _last_id: int = 0

    def add(self, fault: SlackFault) -> Scripted:
        self._last_id += 1
        scripted = Scripted(self._last_id, fault, fault.skip, fault.times)
        self.faults.append(scripted)
        return scripted

    def clear(self) -> None:
        """Forget all faults and let everything that stalls go on."""
        self.faults.clear()
        self.released.set()
        self.released = asyncio.Event()

    def strike(self, method: str, channel: str, user: str) -> SlackFault | None:
        """The fault that hits this call, counted as used."""
        for scripted in self.faults:
            fault = scripted.fault
            if fault.method not in ("*", method) or scripted.left == 0:
                continue
            if fault.channel not in (None, channel) or fault.user not in (None, user):
                continue
            if scripted.skip:
                scripted.skip -= 1
                continue
            scripted.left = scripted.left - 1 if scripted.left is not None else None
            scripted.struck += 1
            return fault
        return None

    async def hold(self, seconds: float) -> None:
        """Wait, but no longer than until the faults are cleared."""
        try:
            await asyncio.wait_for(self.released.wait(), seconds)
        except TimeoutError:
            return


class RateLimits:
    """Counts calls by method, those that post by channel too."""

    def __init__(self, rates: Mapping[str, SlackRate], now: Callable[[], float]) -> None:
        self.rates = dict(rates)
        self._now = now
        self._calls: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def count(self, method: str, channel: str) -> None:
        """Count a call.

        Raises:
            SlackError: there were too many; it says after how many seconds to come back.
        """
        rate = self.rates.get(method)
        if rate is None:
            return
        now = self._now()
        calls = self._calls[method, channel if method == "chat.postMessage" else ""]
        while calls and calls[0] <= now - rate.seconds:
            calls.popleft()
        if len(calls) >= rate.count:
            raise ratelimited(max(1, int(calls[0] + rate.seconds - now + 0.999)))
        calls.append(now)
