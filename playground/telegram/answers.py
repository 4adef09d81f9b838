"""The shape of an answer that carries a word of its own beside the result."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A result with the ``description`` Telegram adds to some successes."""

    result: Any
    description: str | None = None
