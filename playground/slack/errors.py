"""Refusals in Slack's own words."""

from typing import Any


class SlackError(Exception):
    """A method's refusal: ``name`` is Slack's, ``more`` stands beside it in the answer."""

    def __init__(self, name: str, *, status: int = 200, **more: Any) -> None:
        super().__init__(name)
        self.name = name
        self.status = status
        self.more = more

    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.name, **self.more}


def invalid_arguments(*messages: str) -> SlackError:
    """Arguments of the wrong shape, each with a sentence, as Slack writes them."""
    told = [f"[ERROR] {message}" for message in messages]
    return SlackError("invalid_arguments", response_metadata={"messages": told})


def invalid_blocks(faults: list[str]) -> SlackError:
    """Blocks that break a limit; ``faults`` say where and which."""
    told = [f"[ERROR] {fault}" for fault in faults]
    return SlackError("invalid_blocks", errors=faults, response_metadata={"messages": told})


def ratelimited(retry_after: int) -> SlackError:
    return SlackError("ratelimited", status=429, retry_after=retry_after)


class NotPossible(Exception):
    """The person cannot do that now; the text says why."""
