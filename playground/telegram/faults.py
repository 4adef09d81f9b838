"""Faults on request: what goes wrong, for which calls, how often."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from playground.telegram.errors import (
    ApiError,
    blocked_by_the_user,
    too_many_requests,
)

#: Kinds after which the method has not been carried out.
BEFORE = frozenset(
    {"429", "500", "502", "403", "error", "html", "ok_false", "reset", "stall", "forged", "slow"}
)
#: Kinds that carry the method out and then lose or spoil the answer.
AFTER = frozenset({"drop_after_accept", "stall_after_accept", "truncated"})


class Fault(BaseModel):
    """One fault. It strikes calls of ``method`` ("*": any) to ``chat_id`` (None: any).

    ``skip`` calls pass first, then ``times`` calls are struck (None: all). Kinds:

    - ``429`` with ``retry_after``; ``500``, ``502``: JSON errors; ``403``: bot was blocked;
      ``error``: any ``status``, ``description`` and ``parameters``
    - ``html``: an HTML page with ``status`` (502 unless said otherwise); ``ok_false``: HTTP 200
      with ``ok`` false; ``forged``: ``ok`` with ``result`` as given
    - ``reset``: connection cut without an answer; ``stall``: silent for ``seconds``, then cut;
      ``slow``: ``seconds`` of delay, then everything as usual
    - ``drop_after_accept``: done, then cut; ``stall_after_accept``: done, silent for ``seconds``,
      then cut; ``truncated``: done, half of the answer, then cut
    """

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(pattern="^(" + "|".join(sorted(BEFORE | AFTER)) + ")$")
    method: str = "*"
    chat_id: int | None = None
    bot: str | None = None
    times: int | None = Field(default=1, ge=1)
    skip: int = Field(default=0, ge=0)
    retry_after: int = Field(default=1, ge=1)
    status: int | None = None
    description: str | None = None
    parameters: dict[str, Any] | None = None
    seconds: float = Field(default=30.0, ge=0)
    result: Any = None


@dataclass(slots=True)
class ScriptedFault:
    """A fault and how much of it is left."""

    id: int
    fault: Fault
    skip: int
    left: int | None
    struck: int = 0

    def json(self) -> dict[str, Any]:
        return {"id": self.id, "left": self.left, "struck": self.struck, **self.fault.model_dump()}


@dataclass(slots=True)
class FaultScript:
    """Faults in the order they were asked for; the first that fits strikes."""

    faults: list[ScriptedFault] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _last_id: int = 0

    def add(self, fault: Fault) -> ScriptedFault:
        self._last_id += 1
        scripted = ScriptedFault(self._last_id, fault, fault.skip, fault.times)
        self.faults.append(scripted)
        return scripted

    def clear(self) -> None:
        """Forget all faults and let everything that stalls go on."""
        self.faults.clear()
        self.released.set()
        self.released = asyncio.Event()

    def strike(self, bot: str, method: str, chat_id: int | None) -> Fault | None:
        """The fault that hits this call, counted as used."""
        for scripted in self.faults:
            fault = scripted.fault
            if fault.method != "*" and fault.method.lower() != method:
                continue
            if fault.chat_id not in (None, chat_id) or fault.bot not in (None, bot):
                continue
            if scripted.left == 0:
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


def error_of(fault: Fault) -> ApiError | None:
    """The API error a fault answers with, or None when it spoils the answer differently."""
    match fault.kind:
        case "429":
            return too_many_requests(fault.retry_after)
        case "500":
            return ApiError(500, fault.description or "Internal Server Error")
        case "502":
            return ApiError(502, fault.description or "Bad Gateway")
        case "403":
            return blocked_by_the_user()
        case "error" | "ok_false":
            code = fault.status or 400
            return ApiError(code, fault.description or "Bad Request", fault.parameters)
    return None
