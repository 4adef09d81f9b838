"""Faults on request: what goes wrong, for which calls, how often. And limits of pace."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Field, model_validator

from playground.faults import AnyFault
from playground.slack.errors import SlackError, ratelimited
from playground.slack.seeds import SlackRate


class SlackFault(AnyFault):
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
    after_effect: bool = False

    @model_validator(mode="after")
    def _says_how(self) -> "SlackFault":
        ways = (self.error, self.status, self.retry_after, self.stall, self.slow, self.forged)
        if sum(way is not None for way in ways) + self.cut != 1:
            raise ValueError("one of error, status, retry_after, stall, slow, cut, forged")
        return self

    def fits(self, method: str, channel: str, user: str) -> bool:
        """Whether it is meant for such a call."""
        return (
            self.method in ("*", method)
            and self.channel in (None, channel)
            and self.user in (None, user)
        )

    def refusal(self) -> SlackError | None:
        """The error a fault answers with, or None when it spoils the answer differently."""
        if self.error is not None:
            if self.error == "ratelimited":
                return ratelimited(1)
            return SlackError(self.error, **self.more)
        return None if self.retry_after is None else ratelimited(self.retry_after)


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
