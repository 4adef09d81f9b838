"""Faults on request, on either platform: in order, after some calls, for some calls."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class AnyFault(BaseModel):
    """What every fault says: which ``method`` it strikes ("*": any), and when.

    ``skip`` calls pass first, then ``times`` are struck (None: all).
    """

    model_config = ConfigDict(extra="forbid")

    method: str = "*"
    times: int | None = Field(default=1, ge=1)
    skip: int = Field(default=0, ge=0)


AFault = TypeVar("AFault", bound=AnyFault)


@dataclass(slots=True)
class ScriptedFault(Generic[AFault]):
    """A fault and how much of it is left."""

    id: int
    fault: AFault
    skip: int
    left: int | None
    struck: int = 0

    def json(self) -> dict[str, Any]:
        return {"id": self.id, "left": self.left, "struck": self.struck, **self.fault.model_dump()}


@dataclass(slots=True)
class FaultScript(Generic[AFault]):
    """Faults in the order they were asked for; the first that fits strikes."""

    faults: list[ScriptedFault[AFault]] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _last_id: int = 0

    def add(self, fault: AFault) -> ScriptedFault[AFault]:
        self._last_id += 1
        scripted = ScriptedFault(self._last_id, fault, fault.skip, fault.times)
        self.faults.append(scripted)
        return scripted

    def clear(self) -> None:
        """Forget all faults and let everything that stalls go on."""
        self.faults.clear()
        self.released.set()
        self.released = asyncio.Event()

    def strike(self, fits: Callable[[AFault], bool]) -> AFault | None:
        """The fault that hits a call, counted as used; ``fits``: one is meant for it."""
        for scripted in self.faults:
            if scripted.left == 0 or not fits(scripted.fault):
                continue
            if scripted.skip:
                scripted.skip -= 1
                continue
            scripted.left = scripted.left - 1 if scripted.left is not None else None
            scripted.struck += 1
            return scripted.fault
        return None

    async def hold(self, seconds: float) -> None:
        """Wait, but no longer than until the faults are cleared."""
        try:
            await asyncio.wait_for(self.released.wait(), seconds)
        except TimeoutError:
            return
