"""Faults on request: what goes wrong, for which calls, how often."""

from typing import Any

from pydantic import Field

from playground.faults import AnyFault
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


class Fault(AnyFault):
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

    kind: str = Field(pattern="^(" + "|".join(sorted(BEFORE | AFTER)) + ")$")
    chat_id: int | None = None
    bot: str | None = None
    retry_after: int = Field(default=1, ge=1)
    status: int | None = None
    description: str | None = None
    parameters: dict[str, Any] | None = None
    seconds: float = Field(default=30.0, ge=0)
    result: Any = None

    def fits(self, bot: str, method: str, chat_id: int | None) -> bool:
        """Whether it is meant for such a call."""
        return (
            self.method.lower() in ("*", method)
            and self.chat_id in (None, chat_id)
            and self.bot in (None, bot)
        )


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
