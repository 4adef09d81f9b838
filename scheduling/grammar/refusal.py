"""How both grammars say no: what was understood, what was not, and one line to try."""

import re
from collections.abc import Callable, Iterable

_MAX_REPAIRS = 8  # bounds the work on hostile text; people rarely mistype nine words
_MAX_SHOWN = 60


class NotUnderstood(ValueError):
    """Typed text that could not be read; its three parts are safe to show as plain text.

    ``not_understood`` is empty when nothing is wrong but something is missing ("mon" alone).
    ``suggestion`` is a whole line that the same grammar understands, never empty.
    """

    def __init__(self, understood: str, not_understood: str, suggestion: str) -> None:
        super().__init__(f"not understood: {not_understood!r}, try {suggestion!r}")
        self.understood = understood
        self.not_understood = not_understood
        self.suggestion = suggestion


class Stuck(Exception):
    """A reader cannot go on: text[start:end] is wrong, or what is missing belongs there.

    Each hint may stand in place of text[start:end]; the best comes first.
    """

    def __init__(self, start: int, end: int, hints: Iterable[str] = ()) -> None:
        super().__init__(start, end)
        self.start = start
        self.end = end
        self.hints = tuple(hints)


def explain(text: str, read: Callable[[str], object], example: str) -> tuple[str, str, str]:
    """Return (understood, not understood, suggestion) for text that `read` gets stuck on.

    Repairs the text from left to right, word by word, until it reads: what had to be
    replaced was not understood, the repaired text is the suggestion. Every word of the
    text is in one of the first two parts.
    """
    done, rest = "", text  # the repaired beginning, and what is still as typed
    kept: list[str] = []
    bad: list[str] = []
    for _ in range(_MAX_REPAIRS):
        stuck = _stuck_on(read, done + rest)
        if stuck is None:
            kept.append(rest)
            return _shown(kept), _shown(bad), _tidy(done + rest)
        start, end = _chunk(done + rest, stuck)
        if start < len(done):
            break
        repaired = _repair(done + rest, stuck, read)
        if repaired is None:
            break
        as_typed = rest[: start - len(done)]
        kept.append(as_typed)
        bad.append((done + rest)[start:end])
        done, rest = repaired
    bad.append(rest)
    line = example if _stuck_on(read, done) else _tidy(done)
    return _shown(kept), _shown(bad), line


def _repair(text: str, stuck: Stuck, read: Callable[[str], object]) -> tuple[str, str] | None:
    """Return the text in two parts, repaired and still as typed, if a hint leads further."""
    start, end = _chunk(text, stuck)
    tries = [text[start : stuck.start] + hint + text[stuck.end : end] for hint in stuck.hints]
    if end > start:
        tries.append("")
    for attempt in tries:
        head, tail = f"{text[:start].rstrip()} {attempt} ".lstrip(), text[end:].lstrip()
        again = _stuck_on(read, head + tail)
        if again is None or again.start >= len(head.rstrip()):
            return head, tail
    return None


def _stuck_on(read: Callable[[str], object], text: str) -> Stuck | None:
    try:
        read(text)
    except Stuck as stuck:
        return stuck
    return None


def _chunk(text: str, stuck: Stuck) -> tuple[int, int]:
    """Widen what is wrong to whole words, as the person sees them."""
    start, end = stuck.start, stuck.end
    if start == end:
        return start, end
    while start > 0 and not re.match(r"[\s,;]", text[start - 1]):
        start -= 1
    while end < len(text) and not re.match(r"[\s,;]", text[end]):
        end += 1
    return start, end


def _tidy(text: str) -> str:
    return re.sub(r"\s+([,;])", r"\1", " ".join(text.split())).strip(" ,;")


def _shown(pieces: Iterable[str]) -> str:
    """Join pieces for showing: one line, marks that would not be seen spelled out."""
    line = _tidy(" ".join(pieces))
    return "".join(mark if mark.isprintable() else f"U+{ord(mark):04X}" for mark in line)


def shortened(text: str) -> str:
    """Return the beginning of an over-long text, safe to show."""
    return _shown([text[:_MAX_SHOWN]]) + "…"
